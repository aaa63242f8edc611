/* A store of an older version: refused by a reader, brought up to date by a writer. */
#include "test_report_store.h"

static const char fixture[] = "tests/fixtures/store/version1.sql";

/* Runs SQL on the file, as a program would that knows nothing of stores. */
static int run_on_file(const scratch *s, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(s->path, &db), SQLITE_OK);
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    return rc;
}

static int open_old(void **state)
{
    scratch *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->folder = test_folder_new();
    s->path = test_path(s->folder, "old.db");
    tl_buf sql = test_file_read(fixture);
    assert_int_equal(run_on_file(s, sql.data), SQLITE_OK);
    tl_buf_free(&sql);
    *state = s;
    return 0;
}

static int close_old(void **state)
{
    scratch_close(*state);
    free(*state);
    return 0;
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
    expect_rows(s, "SELECT user_version FROM pragma_user_version", "3");
    expect_rows(s, "SELECT * FROM pattern_holder ORDER BY 1, 2", "1,1;1,2");
    expect_rows(s, "SELECT * FROM recurrent_trace ORDER BY 1, 2", "1,1,1;1,2,1;1,3,2");
    expect_rows(s, "SELECT exception, message, template FROM error_line", "ValueError,x 1,NULL");
    expect_rows(s, "SELECT question_id, library, has_trace, first_answer_hours, traces FROM v_question ORDER BY 1",
           "11,keras,1,1.0,2;12,keras,1,NULL,1");
    expect_rows(s, "SELECT pattern_id, support FROM v_pattern ORDER BY 1", "p1,3;p2,1");
    expect_rows(s, "SELECT count(*) FROM pragma_foreign_key_check", "0");
}

/* The same tables, columns, indexes and views as a store made today. */
static void it_is_like_a_new_one(void **state)
{
    static const char *const questions[] = {
        "SELECT type, name, tbl_name FROM sqlite_schema ORDER BY 1, 2",
        "SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY 1",
        ("SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk FROM sqlite_schema m"
         " JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid")};
    scratch *s = *state, fresh;
    open_for_writing(s);
    scratch_open(&fresh);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        tl_buf want = rows_of(&fresh, questions[i]);
        expect_rows(s, questions[i], want.data);
        tl_buf_free(&want);
    }
    scratch_close(&fresh);
}

/* A migration that fails leaves the store as it was. */
static void all_or_nothing(void **state)
{
    scratch *s = *state;
    tl_error err;
    assert_int_equal(run_on_file(s, "CREATE TABLE recurrent_trace (in_the_way)"), SQLITE_OK);
    assert_int_not_equal(tl_store_open(&s->store, s->path, TL_STORE_WRITE, &err), TL_OK);
    assert_non_null(strstr(err.message, "recurrent_trace"));
    assert_int_equal(run_on_file(s, "SELECT * FROM v_question; DROP TABLE recurrent_trace"), SQLITE_OK);
    assert_int_not_equal(run_on_file(s, "SELECT * FROM pattern_holder"), SQLITE_OK);
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
