/* What was interrupted goes on: the store is then as if nothing had happened.  Cancelled
 * within this process after every few batches, and the program itself killed (SIGKILL) at
 * random moments over its whole span. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/dumps.h"

enum { KILLS = 100 /* of each dump; or the number in $TL_KILLS */, POSTS = 24 * 1000 };

static char *folder;
static const char *ordered, *shuffled, *archive, *compressed; /* dumps of several commits */
static const char *table, *lines, *logged;                    /* a CSV, JSONL and text of as many */
static test_random chance;

static void write_dump(const char *path, char order)
{
    tl_buf text = {0};
    test_dump_random(&text, &chance, POSTS, order);
    assert_true(text.len > 30 * 1024 * 1024);
    test_file_write(path, tl_buf_str(&text));
    tl_buf_free(&text);
}

/* `n` records made by `form`, which takes the record's number and then some filling. */
static const char *write_records(const char *name, const char *head, const char *form, int n)
{
    tl_buf text = {0};
    char filling[3072];
    memset(filling, '.', sizeof filling);
    tl_buf_add_cstr(&text, head);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    for (int i = 1; i <= n; i++)
        tl_buf_printf(&text, form, i, (int)test_random_below(&chance, sizeof filling), filling);
#pragma GCC diagnostic pop
    assert_true(text.len > 30 * 1024 * 1024);
    const char *path = test_path(folder, name);
    test_file_write(path, tl_buf_str(&text));
    tl_buf_free(&text);
    return path;
}

static int set_up(void **state)
{
    (void)state;
    chance = test_random_new("test_resume", 1);
    folder = test_folder_new();
    mkdir(test_path(folder, "o"), 0700);
    mkdir(test_path(folder, "s"), 0700);
    ordered = test_path(folder, "o/Posts.xml");
    shuffled = test_path(folder, "s/Posts.xml");
    write_dump(ordered, 'o');
    write_dump(shuffled, 's');
    if (test_have("7z") && test_shell("cd '%s/o' && 7z a -bd -mx=1 site.7z Posts.xml >/dev/null", folder) == 0)
        archive = test_path(folder, "o/site.7z");
    if (test_have("gzip") && test_shell("gzip -1 -k '%s'", shuffled) == 0)
        compressed = test_path(folder, "s/Posts.xml.gz");
    table = write_records("posts.csv", "Id,Tags,Score,Body\n",
                          "%d,<python><keras>,3,\"<p>%.*s</p>\n<pre><code>Traceback (most recent call last):\n"
                          "  File \"\"/a/b/c.py\"\", line 1, in f\n    g()\nValueError: no\n</code></pre>\"\n", POSTS);
    lines = write_records("posts.jsonl", "",
                          "{\"id\": %d, \"format\": \"text\", \"body\": \"%.*s\\nTraceback (most recent call last):\\n"
                          "  File \\\"/a/b/c.py\\\", line 1, in f\\n    g()\\nValueError: no\\n\"}\n", POSTS);
    logged = write_records("run.log", "",
                           "step %d %.*s\nTraceback (most recent call last):\n  File \"/a/b/c.py\", line 1, in f\n"
                           "    g()\nValueError: no\n", POSTS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_free(folder);
    return 0;
}

/* The store of an uninterrupted run. */
static tl_buf expected_dump(const char *path)
{
    const char *db = test_path(folder, "expected.db");
    tl_error err;
    unlink(db);
    test_run run = {.db = db, .paths = {path}};
    if (test_extract(&run, NULL, &err) != TL_OK)
        fail_msg("%s", err.message);
    assert_true(test_store_int(db, "SELECT count(*) FROM trace") > 1000);
    return test_store_dump(db, TEST_EVERYTHING);
}

/* ---- in this process ----------------------------------------------------- */

typedef struct countdown {
    int batches;
    tl_cancel cancel;
} countdown;

static void count_batch(void *ctx, const char *name, int64_t taken, int64_t size)
{
    countdown *c = ctx;
    (void)name, (void)taken, (void)size;
    if (--c->batches <= 0)
        atomic_store(&c->cancel.requested, true);
}

/* Reads in runs that are cancelled after some batches, until one is complete. */
static int read_in_pieces(const char *db, const char *path, uint32_t most)
{
    unlink(db);
    for (int runs = 1; runs < 1000; runs++) {
        tl_error err;
        tl_input_report last;
        countdown c = {.batches = 1 + (int)test_random_below(&chance, most)};
        test_run run = {.db = db, .paths = {path}, .cancel = &c.cancel, .progress = count_batch, .ctx = &c,
                        .workers = 1 + (int)test_random_below(&chance, 3)};
        int rc = test_extract(&run, &last, &err);
        if (rc == TL_OK)
            return runs;
        if (rc != TL_INTERRUPTED)
            fail_msg("run %d: %s", runs, err.message);
    }
    fail_msg("%s makes no progress", path);
    return 0;
}

static void cancel_and_resume(const char *path)
{
    const char *db = test_path(folder, "study.db");
    if (!path)
        skip();
    tl_buf expected = expected_dump(path);
    for (int round = 0; round < 4; round++) {
        int runs = read_in_pieces(db, path, round ? 48 : 4);
        tl_buf found = test_store_dump(db, TEST_EVERYTHING);
        print_message("%s in %d runs\n", path, runs);
        assert_true(runs > 2);
        test_assert_same_dump(&expected, &found, path);
        tl_buf_free(&found);
    }
    tl_buf_free(&expected);
}

static void test_cancel_ordered(void **state)
{
    (void)state;
    cancel_and_resume(ordered);
}

static void test_cancel_shuffled(void **state)
{
    (void)state;
    cancel_and_resume(shuffled);
}

static void test_cancel_7z(void **state)
{
    (void)state;
    cancel_and_resume(archive);
}

static void test_cancel_compressed_shuffled(void **state)
{
    (void)state;
    cancel_and_resume(compressed);
}

static void interrupt(const char *db, const char *path, int batches)
{
    tl_error err;
    countdown c = {.batches = batches};
    test_run run = {.db = db, .paths = {path}, .cancel = &c.cancel, .progress = count_batch, .ctx = &c};
    unlink(db);
    assert_int_equal(test_extract(&run, NULL, &err), TL_INTERRUPTED);
    assert_true(test_store_int(db, "SELECT cursor FROM input WHERE NOT complete") > 1000000);
}

/* What comes before the cursor must be what was read, or nothing goes on. */
static void test_changed_input_is_not_resumed(void **state)
{
    (void)state;
    const char *db = test_path(folder, "study.db"), *copy = test_path(folder, "copy.xml");
    tl_error err;
    test_run run = {.db = db, .paths = {copy}};
    assert_int_equal(test_shell("cp '%s' '%s'", ordered, copy), 0);
    interrupt(db, copy, 20);
    tl_buf before = test_store_dump(db, TEST_EVERYTHING);
    int fd = open(copy, O_RDWR);
    assert_int_equal(pwrite(fd, "X", 1, 500000), 1); /* and a new time of change */
    close(fd);
    assert_int_equal(test_extract(&run, NULL, &err), TL_BAD_INPUT);
    assert_non_null(strstr(err.message, "has changed"));
    tl_buf after = test_store_dump(db, TEST_EVERYTHING);
    test_assert_same_dump(&before, &after, "a refused input");
    tl_buf_free(&before);
    tl_buf_free(&after);
}

static void test_copy_is_resumed(void **state)
{
    (void)state;
    const char *db = test_path(folder, "study.db"), *copy = test_path(folder, "o/copy/Posts.xml");
    tl_error err;
    mkdir(test_path(folder, "o/copy"), 0700);
    assert_int_equal(test_shell("cp '%s' '%s'", ordered, copy), 0);
    test_run run = {.db = db, .paths = {copy}};
    interrupt(db, copy, 20);
    struct timespec times[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
    assert_int_equal(utimensat(AT_FDCWD, copy, times, 0), 0);
    if (test_extract(&run, NULL, &err) != TL_OK)
        fail_msg("%s", err.message);
    tl_buf found = test_store_dump(db, TEST_EVERYTHING), expected = expected_dump(ordered);
    /* Only the site's name differs. */
    assert_int_equal(found.len, expected.len + strlen("copy") - strlen("o"));
    tl_buf_free(&found);
    tl_buf_free(&expected);
}

static void test_pipe_is_resumed(void **state)
{
    (void)state;
    const char *db = test_path(folder, "study.db"), *fifo = test_path(folder, "o/fifo");
    tl_error err;
    test_run run = {.db = db, .paths = {fifo}};
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(test_shell("cat '%s' >'%s' 2>/dev/null &", ordered, fifo), 0);
    interrupt(db, fifo, 20);
    assert_int_equal(test_shell("cat '%s' >'%s' 2>/dev/null &", shuffled, fifo), 0); /* other bytes */
    assert_int_equal(test_extract(&run, NULL, &err), TL_BAD_INPUT);
    assert_int_equal(test_shell("cat '%s' >'%s' 2>/dev/null &", ordered, fifo), 0);
    if (test_extract(&run, NULL, &err) != TL_OK)
        fail_msg("%s", err.message);
    assert_int_equal(test_store_int(db, "SELECT complete FROM input"), 1);
}

/* ---- kill -9 ------------------------------------------------------------- */

static const char *program(void)
{
    const char *path = getenv("TL_PROGRAM");
    return path && *path ? path : "build/tracelode";
}

static pid_t start(const char *db, const char *path)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        execl(program(), program(), "extract", "--quiet", path, "-d", db, (char *)NULL);
        _exit(127);
    }
    return child;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Runs to the end; the exit status. */
static int finish(const char *db, const char *path)
{
    int status;
    assert_true(waitpid(start(db, path), &status, 0) > 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Starts, waits, kills.  True if it was killed, false if it had ended. */
static bool run_and_kill(const char *db, const char *path, double after)
{
    pid_t child = start(db, path);
    struct timespec pause = {(time_t)after, (long)((after - (double)(time_t)after) * 1e9)};
    int status;
    nanosleep(&pause, NULL);
    kill(child, SIGKILL);
    assert_true(waitpid(child, &status, 0) > 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        fail_msg("exit status %d", WEXITSTATUS(status));
    return WIFSIGNALED(status);
}

/* Killed again and again at random moments of what is left, then allowed to end. */
static int kill_until_done(const char *db, const char *path, double span, int most)
{
    int kills = 0;
    while (kills < most && run_and_kill(db, path, span * test_random_below(&chance, 1000) / 1000))
        kills++;
    int rc = finish(db, path);
    if (rc)
        fail_msg("after %d kills: exit status %d", kills, rc);
    return kills;
}

static void kill_and_resume(const char *path)
{
    const char *db = test_path(folder, "killed.db"), *log = test_path(folder, "killed.db-wal"),
               *shm = test_path(folder, "killed.db-shm"), *journal = test_path(folder, "killed.db-journal");
    if (access(program(), X_OK) != 0) {
        print_message("%s is not there: nothing is killed\n", program());
        skip();
    }
    if (!path)
        skip();
    tl_buf expected = expected_dump(path);
    unlink(db);
    double span = -seconds();
    assert_int_equal(finish(db, path), 0);
    span += seconds();
    int kills = 0, rounds = 0;
    const char *wanted = getenv("TL_KILLS");
    for (; kills < (wanted ? atoi(wanted) : KILLS); rounds++) {
        unlink(db), unlink(log), unlink(shm), unlink(journal);
        kills += kill_until_done(db, path, span, 1 + (int)test_random_below(&chance, 8));
        tl_buf found = test_store_dump(db, TEST_EVERYTHING);
        test_assert_same_dump(&expected, &found, path);
        tl_buf_free(&found);
    }
    print_message("%s: killed %d times in %d runs of %.0f ms\n", path, kills, rounds, span * 1000);
    tl_buf_free(&expected);
}

static void test_kill_ordered(void **state)
{
    (void)state;
    kill_and_resume(ordered);
}

static void test_kill_shuffled(void **state)
{
    (void)state;
    kill_and_resume(shuffled);
}

static void test_kill_7z(void **state)
{
    (void)state;
    kill_and_resume(archive);
}

static void test_kill_csv(void **state)
{
    (void)state;
    kill_and_resume(table);
}

static void test_kill_jsonl(void **state)
{
    (void)state;
    kill_and_resume(lines);
}

static void test_kill_log(void **state)
{
    (void)state;
    kill_and_resume(logged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cancel_ordered),
        cmocka_unit_test(test_cancel_shuffled),
        cmocka_unit_test(test_cancel_7z),
        cmocka_unit_test(test_cancel_compressed_shuffled),
        cmocka_unit_test(test_changed_input_is_not_resumed),
        cmocka_unit_test(test_copy_is_resumed),
        cmocka_unit_test(test_pipe_is_resumed),
        cmocka_unit_test(test_kill_ordered),
        cmocka_unit_test(test_kill_shuffled),
        cmocka_unit_test(test_kill_7z),
        cmocka_unit_test(test_kill_csv),
        cmocka_unit_test(test_kill_jsonl),
        cmocka_unit_test(test_kill_log),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
