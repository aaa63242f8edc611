/* Published patterns: read strictly, stored as a mining result, replaced and refused. */
#include "test_report_store.h"

#include "base/buf.h"
#include "sql/import.h"
#include "sql/patterns.h"
#include "sql/writer.h"

#define STUDY "../shared/data/ghadesi2022"

static int read_text(tl_published *p, const char *text, size_t n, tl_error *err)
{
    FILE *f = fmemopen((void *)text, n, "rb");
    assert_non_null(f);
    *p = (tl_published){0};
    int rc = tl_published_read(p, f, "p.jsonl", err);
    fclose(f);
    return rc;
}

static int import_text(scratch *s, const char *text, const char *library, tl_support_kind support, tl_error *err)
{
    tl_published p;
    tl_import as = {library, library, "stackoverflow.com", TL_PAPER, support};
    int rc = read_text(&p, text, strlen(text), err);
    if (rc == TL_OK)
        rc = tl_store_begin(s->store, err);
    if (rc == TL_OK)
        rc = tl_import_patterns(s->store, &p, &as, err);
    if (rc == TL_OK)
        rc = tl_store_commit(s->store, err);
    tl_store_rollback(s->store);
    tl_published_free(&p);
    return rc;
}

static void import_good(scratch *s, const char *text, const char *library)
{
    tl_error err;
    if (import_text(s, text, library, TL_OCCURRENCES, &err) != TL_OK)
        fail_msg("%s", err.message);
}

static const char two[] =
    "{\"support\": 3, \"frames\": [[\"a\", \"f\"], [\"b\", \"\"]], \"questions\": [7, 5, \"x-1\", 5]}\n"
    "{\"questions\": [], \"frames\": [[\"a\", \"f\"]], \"support\": 2}\r\n";

static void good_file(void **state)
{
    (void)state;
    tl_published p;
    tl_error err;
    assert_int_equal(read_text(&p, two, strlen(two), &err), TL_OK);
    assert_int_equal(p.n, 2);
    assert_int_equal(p.min_support, 2);
    assert_int_equal(p.list[0].support, 3);
    assert_int_equal(p.list[0].n_frames, 2);
    assert_true(tl_str_eq(p.list[0].frames[1], TL_STR("b:")));
    assert_int_equal(p.list[0].n_questions, 4);
    assert_int_equal(p.list[0].questions[1].number, 5);
    assert_null(p.list[0].questions[1].text.data);
    assert_true(tl_str_eq(p.list[0].questions[2].text, TL_STR("x-1")));
    tl_published_free(&p);
    /* The lowest support, on whichever line. */
    static const char rising[] = "{\"support\": 2, \"frames\": [[\"a\", \"f\"]], \"questions\": []}\n"
                                 "{\"support\": 5, \"frames\": [[\"b\", \"f\"]], \"questions\": []}\n";
    assert_int_equal(read_text(&p, rising, strlen(rising), &err), TL_OK);
    assert_int_equal(p.min_support, 2);
    tl_published_free(&p);
    /* The line feed at the end may be missing. */
    assert_int_equal(read_text(&p, two, strlen(two) - 2, &err), TL_OK);
    assert_int_equal(p.n, 2);
    tl_published_free(&p);
}

#define OK_LINE "{\"support\": 2, \"frames\": [[\"a\", \"b\"]], \"questions\": [1]}\n"

static const struct {
    const char *text;
    const char *words;
} bad_files[] = {
    {" ", "line 1: not a JSON object"},
    {OK_LINE "\n" OK_LINE, "line 2: not a JSON object"},
    {OK_LINE "nonsense\n", "line 2: not a JSON object: "},
    {"[1]\n", "line 1: not a JSON object"},
    {"42\n", "line 1: not a JSON object"},
    {OK_LINE OK_LINE, "line 2: the pattern of line 1 again"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"b\"], [\"c\", \"d\"]], \"questions\": []}\n"
     "{\"support\": 2, \"frames\": [[\"a\", \"b > c:d\"]], \"questions\": []}", "line 2: the pattern of line 1 again"},
    {"{\"support\": 2, \"support\": 3, \"frames\": [[\"a\", \"b\"]], \"questions\": []}", "line 1: not a JSON object: dup"},
    {"{\"frames\": [[\"a\", \"b\"]], \"questions\": []}", "line 1: expected an object with"},
    {"{\"support\": 2, \"questions\": []}", "line 1: expected an object with"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"b\"]]}", "line 1: expected an object with"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"b\"]], \"questions\": [], \"label\": 1}", "and no more"},
    {"{\"support\": 0, \"frames\": [[\"a\", \"b\"]], \"questions\": []}", "\"support\" is not"},
    {"{\"support\": -1, \"frames\": [[\"a\", \"b\"]], \"questions\": []}", "\"support\" is not"},
    {"{\"support\": 2.0, \"frames\": [[\"a\", \"b\"]], \"questions\": []}", "\"support\" is not"},
    {"{\"support\": \"2\", \"frames\": [[\"a\", \"b\"]], \"questions\": []}", "\"support\" is not"},
    {"{\"support\": 4294967296, \"frames\": [[\"a\", \"b\"]], \"questions\": []}", "\"support\" is not"},
    {"{\"support\": 99999999999999999999, \"frames\": [[\"a\", \"b\"]], \"questions\": []}", "line 1: not a JSON"},
    {"{\"support\": 2, \"frames\": [], \"questions\": []}", "\"frames\" is not"},
    {"{\"support\": 2, \"frames\": {\"a\": \"b\"}, \"questions\": []}", "\"frames\" is not"},
    {"{\"support\": 2, \"frames\": [\"a\", \"b\"], \"questions\": []}", "a frame is not"},
    {"{\"support\": 2, \"frames\": [[\"a\"]], \"questions\": []}", "a frame is not"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"b\", \"c\"]], \"questions\": []}", "a frame is not"},
    {"{\"support\": 2, \"frames\": [[\"a\", null]], \"questions\": []}", "a frame is not"},
    {"{\"support\": 2, \"frames\": [[\"\", \"b\"]], \"questions\": []}", "a frame is not"},
    {"{\"support\": 2, \"frames\": [[\"a\\n\", \"b\"]], \"questions\": []}", "a frame is not"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"\\u001b[31m\"]], \"questions\": []}", "a frame is not"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"\\u0000\"]], \"questions\": []}", "line 1: not a JSON"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"\xff\"]], \"questions\": []}", "line 1: not a JSON"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"b\"]], \"questions\": 5}", "\"questions\" is not"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"b\"]], \"questions\": [1.5]}", "a question is neither"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"b\"]], \"questions\": [\"\"]}", "a question is neither"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"b\"]], \"questions\": [null]}", "a question is neither"},
    {"{\"support\": 2, \"frames\": [[\"a\", \"b\"]], \"questions\": [1", "line 1: not a JSON"},
};

static void expect_bad(const char *text, size_t n, const char *words)
{
    tl_published p;
    tl_error err;
    int rc = read_text(&p, text, n, &err);
    tl_published_free(&p);
    if (rc != TL_BAD_INPUT || !strstr(err.message, words) || strncmp(err.message, "p.jsonl: ", 9) != 0)
        fail_msg("status %d, \"%s\"; expected \"%s\" of: %s", rc, err.message, words, text);
    for (const char *c = err.message; *c; c++)
        if (*c == '\x1b' || *c == '\n')
            fail_msg("a message repeats what the file says: %s", err.message);
}

static void bad_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_files / sizeof *bad_files; i++)
        expect_bad(bad_files[i].text, strlen(bad_files[i].text), bad_files[i].words);
    expect_bad("nonsense \x1b[31m", 13, "line 1: not a JSON object");
}

static void huge_lines(void **state)
{
    (void)state;
    size_t n = TL_PUBLISHED_MAX_LINE + 100;
    char *text = malloc(n + 1);
    assert_non_null(text);
    memset(text, '[', n);
    text[n] = '\0';
    expect_bad(text, 5 * 1000 * 1000, "line 1: not a JSON object"); /* 5,000,000 deep */
    expect_bad(text, n, "line 1: over 10,000,000 bytes long");
    free(text);
}

static void empty_file(void **state)
{
    (void)state;
    FILE *f = fopen("/dev/null", "rb");
    tl_published p = {0};
    tl_error err;
    assert_int_equal(tl_published_read(&p, f, "p.jsonl", &err), TL_BAD_INPUT);
    assert_string_equal(err.message, "p.jsonl: holds no pattern");
    tl_published_free(&p);
    fclose(f);
}

static void stored(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    import_good(&s, two, "keras");
    expect_rows(&s, "SELECT library, profile, support_kind, key, support, length, frames FROM v_pattern ORDER BY support",
                "keras,paper,occurrences,stem,2,1,a:f;keras,paper,occurrences,stem,3,2,a:f > b:");
    expect_rows(&s, "SELECT min_support, sequences FROM mining", "2,0");
    expect_rows(&s, "SELECT site, question_id, typeof(question_id) FROM v_pattern_question ORDER BY question_id",
                "stackoverflow.com,5,integer;stackoverflow.com,7,integer;stackoverflow.com,x-1,text");
    scratch_close(&s);
}

/* Mines "a:f" of a library by hand. */
static void mine(scratch *s, const char *library, int64_t min_support, const int64_t *traces, size_t n)
{
    tl_error err;
    tl_writer *w;
    tl_pattern_writer *p;
    tl_mining m = {.library = library, .profile = TL_PAPER, .support = TL_OCCURRENCES, .min_support = min_support};
    tl_str frame = TL_STR("a:f");
    assert_int_equal(tl_store_begin(s->store, &err), TL_OK);
    assert_int_equal(tl_writer_new(&w, s->store, &err), TL_OK);
    assert_int_equal(tl_writer_library(w, library, library, &m.library_id, &err), TL_OK);
    assert_int_equal(tl_pattern_writer_new(&p, s->store, &err), TL_OK);
    assert_int_equal(tl_pattern_writer_begin(p, &m, &err), TL_OK);
    assert_int_equal(tl_pattern_writer_add(p, &frame, 1, min_support, traces, n, &err), TL_OK);
    assert_int_equal(tl_store_commit(s->store, &err), TL_OK);
    tl_pattern_writer_free(p);
    tl_writer_free(w);
}

static void same_id_as_mined(void **state)
{
    (void)state;
    scratch imported, mined;
    tl_grid g = {0};
    tl_error err;
    scratch_open(&imported);
    scratch_open(&mined);
    import_good(&imported, two, "keras");
    mine(&mined, "keras", 1, NULL, 0);
    for (int i = 0; i < 2; i++) {
        sqlite3_stmt *stmt;
        tl_store *store = i ? mined.store : imported.store;
        assert_int_equal(tl_store_prepare(store, "SELECT pattern_id FROM v_pattern WHERE length = 1", &stmt, &err), TL_OK);
        assert_int_equal(tl_grid_load(&g, store, stmt, &err), TL_OK);
        sqlite3_finalize(stmt);
    }
    assert_int_equal(g.n_rows, 2);
    assert_true(tl_cell_eq(tl_grid_row(&g, 0), tl_grid_row(&g, 1)));
    tl_grid_free(&g);
    scratch_close(&imported);
    scratch_close(&mined);
}

static void replaced(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    import_good(&s, two, "keras");
    import_good(&s, OK_LINE, "nltk");
    /* Another smallest support is another mining result, but the same import. */
    import_good(&s, "{\"support\": 9, \"frames\": [[\"n\", \"n\"]], \"questions\": [8]}", "keras");
    expect_rows(&s, "SELECT l.key, min_support FROM mining m JOIN library l USING (library_id) ORDER BY l.key",
                "keras,9;nltk,2");
    expect_rows(&s, "SELECT library, frames FROM v_pattern ORDER BY library", "keras,n:n;nltk,a:b");
    expect_rows(&s, "SELECT question_id FROM v_pattern_question ORDER BY 1", "1;8");
    expect_rows(&s, "SELECT count(*) FROM pattern_question", "2");
    scratch_close(&s);
}

static void refused(void **state)
{
    (void)state;
    scratch s;
    tl_error err;
    scratch_open(&s);
    mine(&s, "keras", 2, NULL, 0); /* `two` has 2 too */
    assert_int_equal(import_text(&s, two, "keras", TL_OCCURRENCES, &err), TL_USAGE);
    assert_non_null(strstr(err.message, "has mined patterns of its own for keras (profile paper, by occurrences"));
    expect_rows(&s, "SELECT frames FROM v_pattern", "a:f");
    /* Another support kind, library or a smaller support does not clash. */
    assert_int_equal(import_text(&s, two, "keras", TL_SEQUENCES, &err), TL_OK);
    assert_int_equal(import_text(&s, two, "nltk", TL_OCCURRENCES, &err), TL_OK);
    const char *one = "{\"support\": 1, \"frames\": [[\"n\", \"n\"]], \"questions\": []}";
    assert_int_equal(import_text(&s, one, "keras", TL_OCCURRENCES, &err), TL_OK);
    expect_rows(&s, "SELECT frames FROM v_pattern WHERE library = 'keras' AND support_kind = 'occurrences'", "n:n");
    scratch_close(&s);
}

/* What the traces of the store say takes the place of what was published. */
static void own_traces_first(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    add_frame_of_store(&s, "stackoverflow.com", "keras");
    run_sql(&s, "INSERT INTO question (question_key, input_id, site_id, id) VALUES (1, 1, 1, 99);"
                "INSERT INTO trace (trace_id, question_key, profile, position, frames) VALUES (4, 1, 'paper', 0, 1);");
    import_good(&s, "{\"support\": 2, \"frames\": [[\"a\", \"f\"]], \"questions\": [5, 99]}\n" OK_LINE, "keras");
    expect_rows(&s, "SELECT question_id FROM v_pattern_question ORDER BY 1", "1;5;99");
    mine(&s, "keras", 1, (const int64_t[]){4}, 1);
    expect_rows(&s, "SELECT frames FROM v_pattern", "a:f");
    expect_rows(&s, "SELECT question_id FROM v_pattern_question JOIN v_pattern USING (pattern_id)", "99");
    /* An import of traces nobody mined does not make the store a mined one. */
    expect_rows(&s, "SELECT traces_seen FROM mining ORDER BY 1", "-1;4");
    scratch_close(&s);
}

static void table7_of_the_study(void **state)
{
    (void)state;
    static const char *const libraries[] = {"keras", "nltk", "huggingface", "spark-ml"};
    scratch s;
    tl_grid g = {0};
    if (access(STUDY, R_OK) != 0) {
        print_message(STUDY " is not there: skipped\n");
        skip();
    }
    scratch_open(&s);
    for (int i = 0; i < 4; i++) {
        char path[128];
        tl_published p = {0};
        tl_error err;
        tl_import as = {libraries[i], libraries[i], "stackoverflow.com", TL_PAPER, TL_OCCURRENCES};
        snprintf(path, sizeof path, STUDY "/patterns-%s.jsonl", libraries[i]);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        int rc = tl_published_read(&p, f, path, &err);
        if (rc == TL_OK)
            rc = tl_import_patterns(s.store, &p, &as, &err);
        if (rc != TL_OK)
            fail_msg("%s", err.message);
        tl_published_free(&p);
        fclose(f);
    }
    load_table(&s, "table7", TL_PAPER, &g);
    assert_cell(&g, "2", "patterns_occurrences", 94);
    assert_cell(&g, "3", "patterns_occurrences", 13);
    assert_cell(&g, "4", "patterns_occurrences", 0);
    assert_cell(&g, "2", "patterns_sequences", 0);
    tl_grid_free(&g);
    scratch_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_file),
        cmocka_unit_test(bad_lines),
        cmocka_unit_test(huge_lines),
        cmocka_unit_test(empty_file),
        cmocka_unit_test(stored),
        cmocka_unit_test(same_id_as_mined),
        cmocka_unit_test(replaced),
        cmocka_unit_test(refused),
        cmocka_unit_test(own_traces_first),
        cmocka_unit_test(table7_of_the_study),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
