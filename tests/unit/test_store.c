/* The store's file: what is opened, what is refused, and what others may see of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sql/input.h"
#include "sql/store.h"
#include "sql/writer.h"
#include "tests/support/files.h"

static char *folder;

static int set_up(void **state)
{
    (void)state;
    folder = test_folder_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_free(folder);
    return 0;
}

static tl_store *open_good(const char *path, tl_store_mode mode)
{
    tl_store *s;
    tl_error err;
    if (tl_store_open(&s, path, mode, &err) != TL_OK)
        fail_msg("%s", err.message);
    return s;
}

static void expect_refused(const char *path, tl_store_mode mode, int status, const char *words)
{
    tl_store *s;
    tl_error err;
    int rc = tl_store_open(&s, path, mode, &err);
    assert_null(s);
    if (rc != status || !strstr(err.message, words) || !strstr(err.message, path))
        fail_msg("status %d, \"%s\"; expected %d, \"%s\"", rc, err.message, status, words);
}

static const char *new_store(const char *name)
{
    const char *path = test_path(folder, name);
    tl_store_close(open_good(path, TL_STORE_CREATE));
    return path;
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static int64_t ask(tl_store *s, const char *sql)
{
    sqlite3_stmt *stmt;
    assert_int_equal(tl_store_prepare(s, sql, &stmt, NULL), TL_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

/* ---- opening ------------------------------------------------------------ */

static void test_create_and_open_again(void **state)
{
    (void)state;
    const char *path = new_store("new.db");
    static const tl_store_mode modes[] = {TL_STORE_READ, TL_STORE_WRITE, TL_STORE_CREATE};
    for (size_t i = 0; i < 3; i++) {
        tl_store *s = open_good(path, modes[i]);
        assert_int_equal(ask(s, "PRAGMA application_id"), TL_STORE_APPLICATION_ID);
        assert_int_equal(ask(s, "PRAGMA user_version"), TL_STORE_VERSION);
        assert_int_equal(ask(s, "PRAGMA foreign_keys"), 1);
        assert_int_equal(ask(s, "SELECT count(*) FROM v_question"), 0);
        tl_store_close(s);
    }
    /* One file, readable from a folder where nothing can be written. */
    assert_int_not_equal(access(test_path(folder, "new.db-wal"), F_OK), 0);
    assert_int_not_equal(access(test_path(folder, "new.db-shm"), F_OK), 0);
}

static void test_an_empty_file_becomes_a_store(void **state)
{
    (void)state;
    const char *path = test_path(folder, "zero.db");
    test_file_write(path, TL_STR(""));
    expect_refused(path, TL_STORE_READ, TL_BAD_INPUT, "not a tracelode store");
    tl_store_close(open_good(path, TL_STORE_CREATE));
}

static void test_missing(void **state)
{
    (void)state;
    expect_refused(test_path(folder, "none.db"), TL_STORE_READ, TL_IO, "No such file");
    expect_refused(test_path(folder, "none.db"), TL_STORE_WRITE, TL_IO, "No such file");
    expect_refused(test_path(folder, "none/new.db"), TL_STORE_CREATE, TL_IO, "cannot open");
    assert_int_equal(mkfifo(test_path(folder, "fifo.db"), 0600), 0);
    for (int mode = TL_STORE_READ; mode <= TL_STORE_CREATE; mode++) {
        expect_refused(folder, (tl_store_mode)mode, TL_IO, "it is a folder");
        expect_refused(test_path(folder, "fifo.db"), (tl_store_mode)mode, TL_IO, "it is a device or pipe");
    }
    assert_int_not_equal(access(test_path(folder, "none.db"), F_OK), 0);
}

static void test_not_a_store(void **state)
{
    (void)state;
    const char *path = test_path(folder, "text.db");
    test_file_write(path, TL_STR("This is a text of more than sixteen bytes, and no database.\n"));
    for (int mode = TL_STORE_READ; mode <= TL_STORE_CREATE; mode++)
        expect_refused(path, (tl_store_mode)mode, TL_BAD_INPUT, "not a SQLite file");
    tl_buf kept = test_file_read(path);
    assert_int_equal(kept.len, 60);
    tl_buf_free(&kept);

    path = test_path(folder, "other.db");
    run_sql(path, "CREATE TABLE mine (x); INSERT INTO mine VALUES (1)");
    for (int mode = TL_STORE_READ; mode <= TL_STORE_CREATE; mode++)
        expect_refused(path, (tl_store_mode)mode, TL_BAD_INPUT, "not a tracelode store");
    run_sql(path, "SELECT x FROM mine");
    run_sql(path, "DROP TABLE mine; PRAGMA application_id = 77");
    expect_refused(path, TL_STORE_CREATE, TL_BAD_INPUT, "not a tracelode store");
}

static void test_newer_version(void **state)
{
    (void)state;
    const char *path = new_store("newer.db");
    run_sql(path, "PRAGMA user_version = 1000");
    for (int mode = TL_STORE_READ; mode <= TL_STORE_CREATE; mode++)
        expect_refused(path, (tl_store_mode)mode, TL_BAD_INPUT, "version 1000");
}

static void test_truncated_store(void **state)
{
    (void)state;
    const char *path = new_store("cut.db");
    tl_buf whole = test_file_read(path);
    for (size_t cut = 1; cut < 20; cut++) { /* an error or a store, never a crash */
        tl_store *s;
        tl_error err = {0};
        test_file_write(path, (tl_str){whole.data, whole.len * cut / 20});
        int rc = tl_store_open(&s, path, TL_STORE_WRITE, &err);
        if (rc == TL_OK)
            tl_store_close(s);
        else
            assert_true(strlen(err.message) > 0);
    }
    test_file_write(path, (tl_str){whole.data, 50});
    expect_refused(path, TL_STORE_READ, TL_BAD_INPUT, "opening the store");
    tl_buf_free(&whole);
}

/* In a folder where nothing can be written a store is read, and not written. */
static void test_read_only_folder(void **state)
{
    (void)state;
    mkdir(test_path(folder, "fixed"), 0700);
    const char *path = new_store("fixed/store.db");
    if (geteuid() == 0)
        skip(); /* the superuser may write everywhere */
    chmod(path, 0400);
    chmod(test_path(folder, "fixed"), 0500);
    tl_store *s = open_good(path, TL_STORE_READ);
    assert_int_equal(ask(s, "SELECT count(*) FROM question"), 0);
    tl_store_close(s);
    expect_refused(path, TL_STORE_CREATE, TL_IO, "Permission denied");
    expect_refused(test_path(folder, "fixed/new.db"), TL_STORE_CREATE, TL_IO, "cannot open");
    chmod(test_path(folder, "fixed"), 0700);
}

static void test_reader_cannot_write(void **state)
{
    (void)state;
    tl_store *s = open_good(new_store("reader.db"), TL_STORE_READ);
    tl_error err;
    assert_int_equal(tl_store_exec(s, "INSERT INTO site (name) VALUES ('x')", &err), TL_IO);
    tl_store_close(s);
}

/* ---- other processes ---------------------------------------------------- */

/* A child that holds the write lock until told to end. */
static pid_t hold_lock(const char *path, int *tell)
{
    int ready[2], end[2];
    char c;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(end), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(end[1]);
        tl_store *s;
        if (tl_store_open(&s, path, TL_STORE_WRITE, NULL) != TL_OK || tl_store_begin(s, NULL) != TL_OK ||
            write(ready[1], "r", 1) != 1 || read(end[0], &c, 1) < 0)
            _exit(1);
        _exit(0); /* without a word, as if killed */
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &c, 1), 1);
    close(ready[0]);
    close(end[0]);
    *tell = end[1];
    return child;
}

/* One process at a time has the right to write, from opening the store to closing it;
 * readers go on, and another writer waits a while and then is told. */
static void test_locked_by_another_process(void **state)
{
    (void)state;
    const char *path = new_store("locked.db");
    tl_store *s;
    tl_error err;
    int tell, status;
    pid_t child = hold_lock(path, &tell);
    tl_store *reader = open_good(path, TL_STORE_READ);
    assert_int_equal(ask(reader, "SELECT count(*) FROM question"), 0);
    tl_store_close(reader);
    assert_int_equal(tl_store_open(&s, path, TL_STORE_WRITE, &err), TL_IO);
    assert_null(s);
    assert_non_null(strstr(err.message, "another process"));
    close(tell);
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    s = open_good(path, TL_STORE_WRITE); /* the other is gone, without a word */
    assert_int_equal(tl_store_begin(s, &err), TL_OK);
    tl_store_rollback(s);
    tl_store_close(s);
}

/* Of two processes that make the same store at once both succeed, one after the other. */
static void test_made_twice_at_once(void **state)
{
    (void)state;
    const char *path = test_path(folder, "twice.db");
    pid_t children[4];
    for (int i = 0; i < 4; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            tl_store *s;
            int64_t id;
            char name[2] = {(char)('a' + i), '\0'};
            if (tl_store_open(&s, path, TL_STORE_CREATE, NULL) || tl_store_begin(s, NULL) ||
                tl_input_site(s, name, &id, NULL) || tl_store_commit(s, NULL))
                _exit(1);
            tl_store_close(s);
            _exit(0);
        }
    }
    for (int i = 0; i < 4; i++) {
        int status;
        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
    tl_store *s = open_good(path, TL_STORE_READ);
    assert_int_equal(ask(s, "SELECT count(*) FROM site"), 4);
    tl_store_close(s);
}

static void test_uncommitted_work_is_gone(void **state)
{
    (void)state;
    const char *path = new_store("killed.db");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        tl_store *s;
        int64_t id;
        if (tl_store_open(&s, path, TL_STORE_WRITE, NULL) || tl_store_begin(s, NULL) ||
            tl_input_site(s, "kept", &id, NULL) || tl_store_commit(s, NULL) || tl_store_begin(s, NULL) ||
            tl_input_site(s, "lost", &id, NULL))
            _exit(1);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    tl_store *s = open_good(path, TL_STORE_READ); /* with the other's log still there */
    assert_int_equal(ask(s, "SELECT count(*) FROM site WHERE name = 'kept'"), 1);
    assert_int_equal(ask(s, "SELECT count(*) FROM site"), 1);
    tl_store_close(s);
}

/* ---- transactions and failures ------------------------------------------ */

static void test_rollback_at_any_time(void **state)
{
    (void)state;
    tl_store_rollback(NULL);
    tl_store *s = open_good(new_store("roll.db"), TL_STORE_WRITE);
    int64_t id;
    tl_store_rollback(s);
    assert_int_equal(tl_store_begin(s, NULL), TL_OK);
    assert_int_equal(tl_input_site(s, "a", &id, NULL), TL_OK);
    tl_store_rollback(s);
    tl_store_rollback(s);
    assert_int_equal(ask(s, "SELECT count(*) FROM site"), 0);
    tl_store_close(s);
}

static void test_full_disk_is_named(void **state)
{
    (void)state;
    tl_store *s = open_good(new_store("full.db"), TL_STORE_WRITE);
    tl_error err;
    char pragma[64];
    snprintf(pragma, sizeof pragma, "PRAGMA max_page_count = %lld", (long long)ask(s, "PRAGMA page_count") + 2);
    ask(s, pragma);
    assert_int_equal(tl_store_begin(s, NULL), TL_OK);
    int rc = tl_store_exec(s, "INSERT INTO site (name) SELECT 'site ' || value || hex(zeroblob(500)) "
                              "FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n "
                              "WHERE value < 1000) SELECT value FROM n)", &err);
    assert_int_equal(rc, TL_IO);
    assert_non_null(strstr(err.message, "full"));
    tl_store_rollback(s);
    assert_int_equal(ask(s, "SELECT count(*) FROM site"), 0);
    assert_int_equal(ask(s, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
    tl_store_close(s);
}

static int count_down(void *ctx)
{
    (void)ctx;
    return 1;
}

static void test_interruption_is_told_apart(void **state)
{
    (void)state;
    tl_store *s = open_good(new_store("stop.db"), TL_STORE_WRITE);
    tl_error err;
    sqlite3_progress_handler(tl_store_db(s), 1, count_down, NULL);
    assert_int_equal(tl_store_exec(s, "SELECT count(*) FROM question", &err), TL_INTERRUPTED);
    sqlite3_progress_handler(tl_store_db(s), 0, NULL, NULL);
    tl_store_close(s);
}

/* ---- inputs ------------------------------------------------------------- */

static void test_inputs_are_remembered(void **state)
{
    (void)state;
    tl_store *s = open_good(new_store("inputs.db"), TL_STORE_WRITE);
    int64_t a, b, again;
    tl_input in = {.size = -1, .mtime = 123456789012345, .pass = 1, .last_orphan = INT64_MIN, .cursor = 5}, back;
    assert_int_equal(tl_input_site(s, "a", &a, NULL), TL_OK);
    assert_int_equal(tl_input_site(s, "b", &b, NULL), TL_OK);
    assert_int_equal(tl_input_site(s, "a", &again, NULL), TL_OK);
    assert_int_equal(a, again);
    assert_int_not_equal(a, b);

    in.site_id = a;
    snprintf(in.kind, sizeof in.kind, "posts");
    snprintf(in.selection, sizeof in.selection, "what is kept");
    assert_int_equal(tl_input_add(s, "Posts.xml", &in, NULL), TL_OK);
    assert_int_equal(tl_input_find(s, b, "Posts.xml", &back, NULL), 0);
    assert_int_equal(tl_input_find(s, a, "Comments.xml", &back, NULL), 0);

    memset(in.hash, 0xA5, sizeof in.hash);
    memset(in.hash_state, 0x5A, sizeof in.hash_state);
    in.hash_state_len = sizeof in.hash_state;
    in.cursor = INT64_C(1) << 40;
    in.pass = 2;
    in.disorder = in.complete = true;
    in.last_orphan = 77;
    in.counts = (tl_input_counts){.rows = 1, .questions = 2, .answers = 3, .duplicates = 4, .orphans = 5, .repaired = 6, .quarantined = 7, .unmatched = 8, .kept = 9};
    assert_int_equal(tl_input_save(s, &in, NULL), TL_OK);
    assert_int_equal(tl_input_find(s, a, "Posts.xml", &back, NULL), 1);
    assert_int_equal(back.input_id, in.input_id);
    assert_int_equal(back.size, -1);
    assert_int_equal(back.mtime, in.mtime);
    assert_int_equal(back.cursor, in.cursor);
    assert_int_equal(back.pass, 2);
    assert_true(back.disorder && back.complete);
    assert_int_equal(back.last_orphan, 77);
    assert_string_equal(back.kind, "posts");
    assert_string_equal(back.selection, "what is kept");
    assert_memory_equal(back.hash, in.hash, sizeof in.hash);
    assert_int_equal(back.hash_state_len, in.hash_state_len);
    assert_memory_equal(back.hash_state, in.hash_state, in.hash_state_len);
    assert_memory_equal(&back.counts, &in.counts, sizeof in.counts);
    tl_store_close(s);
}

/* Deleting an input takes a time in proportion to what came from it: each of its rows is
 * found through an index. */
static void test_deleting_an_input_is_linear(void **state)
{
    (void)state;
    tl_store *s = open_good(new_store("delete.db"), TL_STORE_WRITE);
    assert_int_equal(tl_store_exec(s,
                                   "INSERT INTO site VALUES (1, 's');"
                                   "INSERT INTO library VALUES (1, 'keras', 'Keras');"
                                   "INSERT INTO input (input_id, site_id, name, kind, size, mtime, selection, pass, cursor, hash, hash_state, last_orphan, disorder) "
                                   "VALUES (1, 1, 'a', 'posts', 1, 1, '', 1, 1, x'', x'', 0, 0), (2, 1, 'b', 'posts', 1, 1, '', 1, 1, x'', x'', 0, 0);"
                                   "INSERT INTO question (question_key, input_id, site_id, id) "
                                   "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 4000) SELECT x, 1 + (x > 2000), 1, x FROM n;"
                                   "INSERT INTO question_library SELECT question_key, 1 FROM question;"
                                   "INSERT INTO reading (question_key, profile, has_code, has_trace) SELECT question_key, 'full', 1, 1 FROM question;"
                                   "INSERT INTO answer (question_key, id, input_id) SELECT question_key, question_key + 10000, input_id FROM question;"
                                   "INSERT INTO trace (question_key, profile, position, frames) SELECT question_key, 'full', 0, 0 FROM question;",
                                   NULL),
                     TL_OK);
    sqlite3_stmt *stmt;
    assert_int_equal(tl_store_prepare(s, "DELETE FROM input WHERE input_id = 1", &stmt, NULL), TL_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
    int steps = sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 0);
    sqlite3_finalize(stmt);
    assert_int_equal(ask(s, "SELECT count(*) FROM question"), 2000);
    assert_int_equal(ask(s, "SELECT count(*) FROM question_library"), 2000);
    assert_int_equal(ask(s, "SELECT count(*) FROM answer"), 2000);
    assert_int_equal(ask(s, "SELECT count(*) FROM trace"), 2000);
    if (steps > 2000 * 500)
        fail_msg("%d steps to delete 2000 questions", steps);
    tl_store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_and_open_again),
        cmocka_unit_test(test_an_empty_file_becomes_a_store),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_not_a_store),
        cmocka_unit_test(test_newer_version),
        cmocka_unit_test(test_truncated_store),
        cmocka_unit_test(test_read_only_folder),
        cmocka_unit_test(test_reader_cannot_write),
        cmocka_unit_test(test_locked_by_another_process),
        cmocka_unit_test(test_made_twice_at_once),
        cmocka_unit_test(test_uncommitted_work_is_gone),
        cmocka_unit_test(test_rollback_at_any_time),
        cmocka_unit_test(test_full_disk_is_named),
        cmocka_unit_test(test_interruption_is_told_apart),
        cmocka_unit_test(test_inputs_are_remembered),
        cmocka_unit_test(test_deleting_an_input_is_linear),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
