/* CSV: headers, rows, what happens after a bad one, and exports of posts. */
#include "tests/unit/test_input.h"

#include "extract/reader.h"
#include "tests/support/feed.h"

#define SEDE "../shared/data/so-pytorch/questions-sede.csv"
#define XML "../shared/data/so-pytorch/Posts.xml"

/* ---- framing --------------------------------------------------------------- */

/* The rows as "line offset fault|bytes\n"; the status at the end in *status. */
static tl_buf frame(tl_str bytes, size_t chunk, int *status)
{
    tl_buf out = {0};
    test_feed f = {.bytes = bytes, .chunk = chunk};
    tl_reader *r;
    tl_row_batch b = {0};
    assert_int_equal(tl_reader_new(&r, "x", TL_CONTAINER_CSV, test_feed_read, &f, &err), TL_OK);
    *status = tl_reader_start(r, &err);
    if (*status == TL_OK)
        while ((*status = tl_reader_fill(r, &b, &err)) == 1)
            for (size_t i = 0; i < b.n_rows; i++) {
                tl_row_at row = b.rows[i];
                assert_true(row.begin + row.len <= b.bytes.len);
                tl_buf_printf(&out, "%d %d %s|", (int)row.line, (int)(b.offset + row.begin),
                              row.fault ? "bad" : "ok");
                if (!row.fault)
                    tl_buf_add(&out, b.bytes.data + row.begin, row.len);
                tl_buf_add_char(&out, '\n');
            }
    tl_row_batch_free(&b);
    tl_reader_free(r);
    assert_false(out.failed);
    return out;
}

#define HEADER "Id,Title,Body\n" /* 14 bytes */

/* Whatever the size of the reads, HEADER and `text` give `rows` and end with `status`. */
static void expect_rows(const char *text, const char *rows, int status, const char *words)
{
    tl_buf bytes = {0};
    tl_buf_printf(&bytes, HEADER "%s", text);
    for (size_t chunk = 1; chunk < bytes.len + 2; chunk += chunk < 40 ? 1 : 1000) {
        int ended;
        tl_buf found = frame(tl_buf_str(&bytes), chunk, &ended);
        if (!tl_str_eq(tl_buf_str(&found), tl_str_from(rows)) || ended != status)
            fail_msg("by %zu: status %d\n%s\nnot %d\n%s", chunk, ended, tl_buf_str(&found).data, status, rows);
        if (status && !strstr(err.message, words))
            fail_msg("\"%s\" does not say \"%s\"", err.message, words);
        tl_buf_free(&found);
    }
    tl_buf_free(&bytes);
}

static void test_rows(void **state)
{
    (void)state;
    expect_rows("", "", 0, "");
    expect_rows("1,a,b\n2,c,d\n", "2 14 ok|1,a,b\n3 20 ok|2,c,d\n", 0, "");
    expect_rows("1,a,b\r\n\r\n2,c,d", "2 14 ok|1,a,b\n4 23 ok|2,c,d\n", 0, "");
    expect_rows("1,\"a\nb\"\"\",\"x,\r\ny\"\n2,c,d\n", "2 14 ok|1,\"a\nb\"\"\",\"x,\r\ny\"\n5 32 ok|2,c,d\n", 0, "");
    expect_rows("1,a,b\r2,c,d\r", "2 14 ok|1,a,b\n2 20 ok|2,c,d\n", 0, "");
    expect_rows("1,a\n2,c,d\n", "2 14 ok|1,a\n3 18 ok|2,c,d\n", 0, ""); /* the worker rejects it */
}

static void test_after_a_bad_row(void **state)
{
    (void)state;
    expect_rows("1,a\"b,c\n2,c,d\n", "2 14 bad|\n3 22 ok|2,c,d\n", 0, "");
    expect_rows("1,\"a\"b,c\n2,c,d\n", "2 14 bad|\n3 23 ok|2,c,d\n", 0, "");
    /* Quotes that were not doubled in a body of several lines. */
    expect_rows("1,t,\"he said \"no\"\nand more, and\n  File \"x\", line 2\n\"\n2,c,d\n",
                "2 14 bad|\n6 67 ok|2,c,d\n", 0, "");
    /* A quote that is never closed does not take the rows after it. */
    expect_rows("1,\"a,b\n2,c,d\n3,\"x\",y\n4,e,f\n", "2 14 bad|\n3 21 ok|2,c,d\n4 27 ok|3,\"x\",y\n5 35 ok|4,e,f\n", 0, "");
    expect_rows("1,a,b\n2,\"c\"d,e", "2 14 ok|1,a,b\n3 20 bad|\n", 0, "");
}

static void test_endings(void **state)
{
    (void)state;
    expect_rows("1,a,b\n2,\"c", "2 14 ok|1,a,b\n", TL_BAD_INPUT, "x: line 3 (byte 20): the file is cut off here");
    expect_rows("1,a,b\n2,c", "2 14 ok|1,a,b\n", TL_BAD_INPUT, "x: line 3 (byte 20): the file is cut off here");
    expect_rows("1,a,b\n2,\"c\"d,e\nno row\n", "2 14 ok|1,a,b\n3 20 bad|\n", TL_BAD_INPUT,
                "x: line 3 (byte 20): a row is not well-formed, and none can be made out after it");
}

static void test_long_row(void **state)
{
    (void)state;
    tl_buf text = {0};
    tl_buf_add_cstr(&text, HEADER "1,t,\"");
    for (int i = 0; i < 2500 * 1000; i++)
        tl_buf_add_cstr(&text, "long\n");
    tl_buf_add_cstr(&text, "\"\n2,c,d\n");
    int status;
    tl_buf found = frame(tl_buf_str(&text), SIZE_MAX, &status);
    assert_int_equal(status, 0);
    assert_string_equal(found.data, "2 14 bad|\n2500003 12500021 ok|2,c,d\n");
    tl_buf_free(&found);
    tl_buf_free(&text);
}

/* ---- headers --------------------------------------------------------------- */

static bool header(const char *line, tl_csv_layout *layout)
{
    tl_csv *csv;
    assert_int_equal(tl_csv_new(&csv, &err), TL_OK);
    bool known = tl_csv_header(csv, tl_str_from(line), layout);
    tl_csv_free(csv);
    return known;
}

static void test_headers(void **state)
{
    (void)state;
    tl_csv_layout l;
    assert_true(header("Id,PostTypeId,Body", &l));
    assert_true(l.table == TL_CSV_POSTS && l.delimiter == ',' && l.columns == 3 && l.typed);
    assert_true(header("\"body\";\"creation_date\";\"ID\"\r\n", &l));
    assert_true(l.table == TL_CSV_POSTS && l.delimiter == ';' && l.columns == 3 && !l.typed);
    assert_int_equal(l.attr[0], TL_ATTR_BODY);
    assert_int_equal(l.attr[1], TL_ATTR_CREATED);
    assert_int_equal(l.attr[2], TL_ATTR_ID);
    assert_true(header("id\tbody\tsomething else", &l));
    assert_true(l.delimiter == '\t' && l.attr[2] == TL_ATTRS);
    assert_true(header("Id;PostId;UserId;PostHistoryTypeId;RevisionGUID;CreationDate;Text;UserDisplayName;Comment", &l));
    assert_int_equal(l.table, TL_CSV_HISTORY);
    assert_true(header("Id,PostBlockTypeId,PostId,PostHistoryId,LocalId,Content", &l));
    assert_int_equal(l.table, TL_CSV_BLOCKS);
    assert_int_equal(l.attr[0], TL_ATTRS); /* the block's own id */
    assert_int_equal(l.attr[3], TL_ATTR_ID);
    assert_false(header("", &l));
    assert_false(header("a,b,c", &l));
    assert_false(header("Id,Title", &l));
    assert_false(header("Id,Body,body", &l)); /* which one? */
    assert_false(header("Id,Bo\"dy", &l));
    tl_csv *csv;
    assert_int_equal(tl_csv_new(&csv, &err), TL_OK);
    assert_false(tl_csv_header(csv, TL_STR("Id,Body\0\0"), &l)); /* a NUL is no end */
    tl_csv_free(csv);
    tl_buf wide = {0};
    tl_buf_add_cstr(&wide, "id,body");
    for (int i = 0; i < 300; i++)
        tl_buf_add_cstr(&wide, ",x");
    assert_false(header(wide.data, &l));
    tl_buf_free(&wide);
}

static void test_values(void **state)
{
    (void)state;
    tl_csv *csv;
    tl_csv_layout l;
    tl_arena arena = {0};
    tl_row row;
    size_t repairs;
    assert_int_equal(tl_csv_new(&csv, &err), TL_OK);
    assert_true(tl_csv_header(csv, TL_STR("id,x,title,body"), &l));
    for (int round = 0; round < 2; round++) { /* a bad row leaves nothing behind */
        assert_int_equal(tl_csv_parse(csv, &l, TL_STR("1,y, t ,\"a \"\"b\"\"\n\x01\""), &arena, &row, &repairs, &err), 0);
        assert_true(tl_str_eq(row.attr[TL_ATTR_ID], TL_STR("1")));
        assert_true(tl_str_eq(row.attr[TL_ATTR_TITLE], TL_STR("t")));
        assert_true(tl_str_eq(row.attr[TL_ATTR_BODY], TL_STR("a \"b\"\n\xEF\xBF\xBD")));
        assert_null(row.attr[TL_ATTR_TAGS].data);
        assert_int_equal(repairs, 1);
        assert_int_equal(tl_csv_parse(csv, &l, TL_STR("1,,\"\",b"), &arena, &row, &repairs, &err), 0);
        assert_null(row.attr[TL_ATTR_TITLE].data); /* empty is absent */
        assert_int_equal(tl_csv_parse(csv, &l, TL_STR("1,2,3"), &arena, &row, &repairs, &err), TL_BAD_INPUT);
        assert_string_equal(err.message, "has 3 fields where the header has 4");
        assert_int_equal(tl_csv_parse(csv, &l, TL_STR("1,2,3,4,5"), &arena, &row, &repairs, &err), TL_BAD_INPUT);
        assert_int_equal(tl_csv_parse(csv, &l, TL_STR("1,2,3,\"4"), &arena, &row, &repairs, &err), TL_BAD_INPUT);
        assert_int_equal(tl_csv_parse(csv, &l, TL_STR("1,2,3,\"4\"5"), &arena, &row, &repairs, &err), TL_BAD_INPUT);
    }
    tl_arena_free(&arena);
    tl_csv_free(csv);
}

/* ---- files ------------------------------------------------------------------ */

static tl_input_report extract_into(const char *store, const char *path)
{
    extract((test_run){.db = store, .paths = {path}, .site = "s"});
    return last;
}

static void test_bigquery(void **state)
{
    (void)state;
    tl_input_report r = extract_into(db, "tests/fixtures/inputs/bigquery.csv");
    assert_string_equal(r.kind, "csv posts");
    assert_int_equal(r.counts.rows, 5);
    assert_int_equal(r.counts.questions, 1);
    assert_int_equal(r.counts.answers, 2);
    assert_int_equal(r.counts.quarantined, 0);
    expect("SELECT count(*) FROM v_question WHERE library = 'keras' AND question_id = 101 AND title = "
           "'fit, or \"predict\"?' AND score = 5 AND views = 77 AND comments = 1 AND answers = 2 AND "
           "created = '2019-05-16T20:52:18.123Z' AND accepted_answer_hours = 2", 2);
    expect("SELECT count(*) FROM v_trace WHERE frames = 2", 2); /* in both profiles */
    expect("SELECT sum(n) FROM histogram WHERE measure = 'score'", 2); /* 101 and 104 */
}

static void test_questions_without_a_type(void **state)
{
    (void)state;
    tl_input_report r = extract_into(db, "tests/fixtures/inputs/questions.csv");
    assert_int_equal(r.counts.rows, 4);
    assert_int_equal(r.counts.questions, 2);
    assert_int_equal(r.counts.quarantined, 2);
    assert_int_equal(r.counts.repaired, 1);
    expect("SELECT count(*) FROM question WHERE id IN (101, 104)", 2);
    expect("SELECT count(*) FROM quarantine WHERE offset = 94 AND reason = 'line 4: a post whose Id is no number'", 1);
    expect("SELECT count(*) FROM quarantine WHERE offset = 133 AND reason LIKE 'line 5: not well-formed: %'", 1);
}

/* The same questions from the Data Explorer and from the dump. */
static void test_data_explorer(void **state)
{
    (void)state;
    if (access(SEDE, R_OK) != 0) {
        print_message("no ../shared/data/so-pytorch here\n");
        skip();
    }
    tl_input_report csv = extract_into(db, SEDE), xml = extract_into(other, XML);
    assert_int_equal(csv.counts.rows, 942);
    assert_int_equal(csv.counts.quarantined, 0);
    assert_int_equal(csv.counts.questions, xml.counts.questions);
    static const char *const queries[] = {
        "SELECT count(*) || ' ' || total(length(title) + score + views + answers + created) FROM question",
        "SELECT group_concat(id) FROM (SELECT id FROM question ORDER BY id)",
        "SELECT group_concat(r) FROM (SELECT id || profile || has_code || has_trace || ifnull(os, '') || words || "
        "ifnull(code_lines, '') AS r FROM reading JOIN question USING (question_key) ORDER BY id, profile)",
        "SELECT group_concat(t) FROM (SELECT id || profile || position || frames || ifnull(exception, '') || "
        "ifnull(message, '') AS t FROM trace JOIN question USING (question_key) ORDER BY id, profile, position)",
        "SELECT group_concat(f) FROM (SELECT id || profile || position || depth || file || function || "
        "ifnull(text, '') || ifnull(line, '') AS f FROM frame JOIN symbol USING (symbol_id) LEFT JOIN path USING "
        "(path_id) JOIN trace USING (trace_id) JOIN question USING (question_key) ORDER BY id, profile, position, depth)",
        "SELECT group_concat(e) FROM (SELECT id || profile || position || exception || message AS e FROM error_line "
        "JOIN question USING (question_key) ORDER BY id, profile, position)",
    };
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        tl_store *a, *b;
        sqlite3_stmt *sa, *sb;
        assert_int_equal(tl_store_open(&a, db, TL_STORE_READ, &err), TL_OK);
        assert_int_equal(tl_store_open(&b, other, TL_STORE_READ, &err), TL_OK);
        assert_int_equal(tl_store_prepare(a, queries[i], &sa, &err), TL_OK);
        assert_int_equal(tl_store_prepare(b, queries[i], &sb, &err), TL_OK);
        assert_int_equal(sqlite3_step(sa), SQLITE_ROW);
        assert_int_equal(sqlite3_step(sb), SQLITE_ROW);
        assert_true(sqlite3_column_bytes(sa, 0) > 8);
        assert_string_equal(sqlite3_column_text(sa, 0), sqlite3_column_text(sb, 0));
        sqlite3_finalize(sa);
        sqlite3_finalize(sb);
        tl_store_close(a);
        tl_store_close(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_after_a_bad_row),
        cmocka_unit_test(test_endings),
        cmocka_unit_test(test_long_row),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_bigquery),
        cmocka_unit_test(test_questions_without_a_type),
        cmocka_unit_test(test_data_explorer),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
