/* A store of an older version: refused by a reader, brought up to date by a writer. */
#include "test_report_store.h"

#include "base/buf.h"

static const char fixture[] = "tests/fixtures/store/version1.sql";

static int open_old(void **state)
{
    scratch *s = calloc(1, sizeof *s);
    assert_non_null(s);
    strcpy(s->folder, "/tmp/test-migrate-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    snprintf(s->path, sizeof s->path, "%s/old.db", s->folder);
    FILE *file = fopen(fixture, "rb");
    assert_non_null(file);
    char *sql = calloc(1, 1 << 17);
    assert_non_null(sql);
    assert_true(fread(sql, 1, (1 << 17) - 1, file) > 10000);
    fclose(file);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(s->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", fixture, sqlite3_errmsg(db));
    sqlite3_close(db);
    free(sql);
    *state = s;
    return 0;
}

static int close_old(void **state)
{
    scratch_close(*state);
    free(*state);
    return 0;
}

/* All rows of a statement as one text. */
static tl_buf rows_of(tl_store *s, const char *sql)
{
    sqlite3_stmt *stmt;
    tl_error err;
    tl_buf out = {0};
    if (tl_store_prepare(s, sql, &stmt, &err) != TL_OK)
        fail_msg("%s", err.message);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        for (int c = 0; c < sqlite3_column_count(stmt); c++) {
            const char *text = (const char *)sqlite3_column_text(stmt, c);
            tl_buf_printf(&out, "%s%s", c ? "|" : "", text ? text : "NULL");
        }
        tl_buf_add_char(&out, '\n');
    }
    sqlite3_finalize(stmt);
    return out;
}

static void expect(tl_store *s, const char *sql, const char *want)
{
    tl_buf got = rows_of(s, sql);
    assert_string_equal(tl_buf_str(&got).data, want);
    tl_buf_free(&got);
}

static void open_for_writing(scratch *s)
{
    tl_error err;
    if (tl_store_open(&s->store, s->path, TL_STORE_WRITE, &err) != TL_OK)
        fail_msg("%s", err.message);
}

static void a_reader_says_what_to_do(void **state)
{
    scratch *s = *state;
    tl_error err;
    assert_int_equal(tl_store_open(&s->store, s->path, TL_STORE_READ, &err), TL_BAD_INPUT);
    assert_non_null(strstr(err.message, "is a store of version 1; run 'tracelode mine -d "));
    assert_null(s->store);
}

static void a_writer_migrates(void **state)
{
    scratch *s = *state;
    open_for_writing(s);
    expect(s->store, "SELECT user_version FROM pragma_user_version", "2\n");
    expect(s->store, "SELECT * FROM pattern_holder ORDER BY 1, 2", "1|1\n1|2\n");
    expect(s->store, "SELECT * FROM recurrent_trace ORDER BY 1, 2", "1|1|1\n1|2|1\n1|3|2\n");
    expect(s->store, "SELECT exception, message, template FROM error_line", "ValueError|x 1|NULL\n");
    expect(s->store, "SELECT question_id, library, has_trace, first_answer_hours, traces FROM v_question ORDER BY 1",
           "11|keras|1|1.0|2\n12|keras|1|NULL|1\n");
    expect(s->store, "SELECT pattern_id, support FROM v_pattern ORDER BY 1", "p1|3\np2|1\n");
    expect(s->store, "SELECT count(*) FROM pragma_foreign_key_check", "0\n");
}

/* The same tables, columns, indexes and views as a store made today. */
static void it_is_like_a_new_one(void **state)
{
    static const char *const questions[] = {
        "SELECT type, name, tbl_name FROM sqlite_schema ORDER BY 1, 2",
        "SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY 1",
        "SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk FROM sqlite_schema m"
        " JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid"};
    scratch *s = *state, fresh;
    open_for_writing(s);
    scratch_open(&fresh);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        tl_buf want = rows_of(fresh.store, questions[i]);
        expect(s->store, questions[i], want.data);
        tl_buf_free(&want);
    }
    scratch_close(&fresh);
}

/* A migration that fails leaves the store as it was. */
static void all_or_nothing(void **state)
{
    scratch *s = *state;
    sqlite3 *db;
    tl_error err;
    assert_int_equal(sqlite3_open(s->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE recurrent_trace (in_the_way)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_not_equal(tl_store_open(&s->store, s->path, TL_STORE_WRITE, &err), TL_OK);
    assert_non_null(strstr(err.message, "recurrent_trace"));
    assert_int_equal(sqlite3_open(s->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "SELECT * FROM v_question; DROP TABLE recurrent_trace", NULL, NULL, NULL), SQLITE_OK);
    assert_int_not_equal(sqlite3_exec(db, "SELECT * FROM pattern_holder", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    open_for_writing(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_reader_says_what_to_do, open_old, close_old),
        cmocka_unit_test_setup_teardown(a_writer_migrates, open_old, close_old),
        cmocka_unit_test_setup_teardown(it_is_like_a_new_one, open_old, close_old),
        cmocka_unit_test_setup_teardown(all_or_nothing, open_old, close_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
