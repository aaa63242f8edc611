/* Plain text and logs: one post a file, read as a stream. */
#include "tests/unit/test_input.h"

#include <sys/resource.h>

#include "extract/full.h"
#include "extract/repair.h"

#define FIXTURE "tests/fixtures/inputs/app.log"
#define LOGS "../shared/data/ml-ci-logs/logs.txt.gz"

static void test_a_log(void **state)
{
    (void)state;
    extract((test_run){.db = db, .paths = {FIXTURE}});
    assert_string_equal(last.kind, "text");
    assert_int_equal(last.counts.rows, 18);
    assert_int_equal(last.counts.questions, 1);
    expect("SELECT count(*) FROM v_question", 1);
    expect("SELECT count(*) FROM v_question WHERE site = 'inputs' AND library = 'all' AND question_id = 'app.log' AND "
           "profile = 'full' AND has_code AND has_trace AND os = 'unix' AND words = 0 AND code_lines = 17", 1);
    expect("SELECT count(*) FROM v_trace", 3);
    expect("SELECT count(*) FROM v_trace WHERE position = 0 AND frames = 2 AND exception = 'ValueError'", 1);
    expect("SELECT count(*) FROM v_trace WHERE position = 1 AND frames = 1 AND exception = 'KeyError'", 1);
    expect("SELECT count(*) FROM v_trace WHERE position = 2 AND frames = 1 AND exception = 'KeyboardInterrupt'", 1);
}

/* A log of more than 5 MB, with hostile bytes and long lines here and there. */
static tl_buf make_log(test_random *random)
{
    tl_buf text = {0};
    while (text.len < 5 * 1000 * 1000)
        switch (test_random_below(random, 12)) {
        case 0:
            tl_buf_add_cstr(&text, "Traceback (most recent call last):\n");
            for (uint32_t n = test_random_below(random, 5); n-- > 0;)
                tl_buf_printf(&text, "  File \"/srv/app/m%u.py\", line %u, in f%u\n    g()\n",
                              test_random_below(random, 9), test_random_below(random, 99), n);
            tl_buf_printf(&text, "ValueError: bad %u\n", test_random_below(random, 9));
            break;
        case 1:
            tl_buf_add_cstr(&text, "\nDuring handling of the above exception, another exception occurred:\n\n");
            break;
        case 2:
            for (uint32_t n = test_random_below(random, 40000); n-- > 0;)
                tl_buf_add_char(&text, (char)('!' + n % 90));
            break;
        case 3:
            for (uint32_t n = test_random_below(random, 50); n-- > 0;)
                tl_buf_add_char(&text, (char)(1 + test_random_below(random, 255)));
            break;
        case 4:
            tl_buf_add_cstr(&text, "\r\n \t \n");
            break;
        default:
            tl_buf_printf(&text, "2021-03-04 05:06:%02u INFO step %u\n", test_random_below(random, 60),
                          test_random_below(random, 1000));
        }
    assert_false(text.failed);
    return text;
}

/* The stream gives what reading the same text at once gives. */
static void test_stream_is_the_whole(void **state)
{
    (void)state;
    test_random random = test_random_new("test_stream_is_the_whole", 1);
    tl_buf text = make_log(&random);
    const char *path = test_path(folder, "big.log");
    test_file_write(path, tl_buf_str(&text));
    extract((test_run){.db = db, .paths = {path}, .container = TL_CONTAINER_TEXT});

    tl_full *full;
    tl_arena arena = {0};
    tl_reading r;
    tl_post post = {.body = tl_buf_str(&text), .format = TL_TEXT};
    assert_int_equal(tl_full_new(&full, &err), TL_OK);
    assert_int_equal(tl_full_read(full, &post, &arena, &r, &err), TL_OK);
    assert_true(r.n_traces > 200);
    expect("SELECT count(*) FROM trace", (int64_t)r.n_traces);
    expect("SELECT code_lines FROM reading", r.code_lines);
    expect("SELECT os = 'unix' FROM reading", r.os == TL_OS_UNIX);
    tl_store *store;
    sqlite3_stmt *stmt;
    assert_int_equal(tl_store_open(&store, db, TL_STORE_READ, &err), TL_OK);
    assert_int_equal(tl_store_prepare(store, "SELECT frames, exception, message, linked_to FROM trace ORDER BY position", &stmt, &err), TL_OK);
    for (size_t i = 0; i < r.n_traces; i++) {
        assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int64(stmt, 0), r.traces[i].n_frames);
        tl_str message = {(const char *)sqlite3_column_text(stmt, 2), (size_t)sqlite3_column_bytes(stmt, 2)};
        if (!tl_str_eq(message, r.traces[i].message))
            fail_msg("trace %zu: \"" TL_STR_FMT "\" is not \"" TL_STR_FMT "\"", i, TL_STR_ARG(message),
                     TL_STR_ARG(r.traces[i].message));
        assert_int_equal(tl_text_valid(message, 0), message.len); /* the store holds UTF-8 */
        if (r.traces[i].link != TL_LINK_NONE)
            assert_int_equal(sqlite3_column_int64(stmt, 3), r.traces[i].linked_to);
    }
    sqlite3_finalize(stmt);
    tl_store_close(store);
    tl_full_free(full);
    tl_arena_free(&arena);
    tl_buf_free(&text);
}

static void test_same_name_again(void **state)
{
    (void)state;
    extract((test_run){.db = db, .paths = {FIXTURE}, .site = "s"});
    /* A post of that name that came another way: the log is a duplicate. */
    const char *path = test_path(folder, "x.jsonl"), *copy = test_path(folder, "app.log");
    test_file_write(path, TL_STR("{\"id\": \"app.log\", \"body\": \"```\\nx\\n```\"}\n"));
    test_file_write(copy, TL_STR("Traceback (most recent call last):\n  File \"/a/b.py\", line 1, in f\nKeyError: 1\n"));
    extract((test_run){.db = db, .paths = {path, copy}, .site = "s"});
    assert_int_equal(last.counts.questions, 0);
    assert_int_equal(last.counts.duplicates, 1);
    expect("SELECT count(*) FROM trace", 0);
}

static void test_odd_files(void **state)
{
    (void)state;
    const char *path = test_path(folder, "odd");
    test_run run = {.db = db, .paths = {path}, .site = "s"};
    unlink(db);
    test_file_write(path, TL_STR("MZ\0\1\2 binary"));
    assert_int_equal(test_extract(&run, &last, &err), TL_BAD_INPUT);
    assert_non_null(strstr(err.message, "odd: is no text"));
    run.container = TL_CONTAINER_TEXT; /* by force */
    assert_int_equal(test_extract(&run, &last, &err), TL_OK);
    assert_int_equal(last.counts.questions, 1);
    test_file_write(path, TL_STR("<7>kernel: not XML\n[INFO] {'a': 1}\n"));
    run.container = TL_CONTAINER_AUTO;
    extract(run);
    assert_string_equal(last.kind, "text");
    test_file_write(path, TL_STR("{'a': 'not JSON'}\n"));
    extract(run);
    assert_string_equal(last.kind, "text");
}

static long peak_kb(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss;
}

/* 200 MB through a pipe: memory does not grow with it. */
static void test_endless_log(void **state)
{
    (void)state;
    const char *fifo = test_path(folder, "fifo");
    assert_int_equal(test_shell("mkfifo '%s' && (yes '05:06:07 INFO another step is done' | head -c 200000000 >'%s' &)", fifo, fifo), 0);
    long before = peak_kb();
    extract((test_run){.db = db, .paths = {fifo}, .site = "s"});
    assert_true(last.counts.rows > 5 * 1000 * 1000);
    assert_true(peak_kb() - before < 64 * 1024);
}

static void test_real_logs(void **state)
{
    (void)state;
    if (access(LOGS, R_OK) != 0) {
        print_message("no ../shared/data/ml-ci-logs here\n");
        skip();
    }
    extract((test_run){.db = db, .paths = {LOGS}, .workers = 1});
    expect("SELECT count(*) FROM v_question WHERE site = 'ml-ci-logs' AND question_id = 'logs.txt.gz'", 1);
    assert_int_equal(last.counts.rows, 167185);
    assert_int_equal(last.counts.questions, 1);
    assert_true(test_store_int(db, "SELECT count(*) FROM trace") > 9000);
    tl_buf expected = test_store_dump(db, TEST_EVERYTHING);
    extract((test_run){.db = other, .paths = {LOGS}, .workers = 4});
    tl_buf found = test_store_dump(other, TEST_EVERYTHING);
    test_assert_same_dump(&expected, &found, "4 workers");
    tl_buf_free(&expected);
    tl_buf_free(&found);
}

/* A file of something else is no log, whatever its bytes; a log with a few bad bytes, or in
 * an old encoding, is one: what is bad is counted and replaced. */
static void test_binary_is_no_log(void **state)
{
    (void)state;
    static const char trace[] = "Traceback (most recent call last):\n  File \"/a/b.py\", line 1, in f\n    g()\nValueError: no\n";
    const char *path = test_path(folder, "thing");
    test_run run = {.db = db, .paths = {path}};
    char bytes[4096];
    test_random random = test_random_new("test_binary_is_no_log", 1);
    for (int kind = 0; kind < 4; kind++) {
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)(kind == 0   ? 0xFF
                              : kind == 1 ? 0
                              : kind == 2 ? (int)test_random_below(&random, 256)
                                          : 0x80 | (int)test_random_below(&random, 64));
        test_file_write(path, (tl_str){bytes, sizeof bytes});
        unlink(db);
        assert_int_equal(test_extract(&run, &last, &err), TL_BAD_INPUT);
        assert_non_null(strstr(err.message, "is no text; expected"));
    }
    tl_buf text = {0};
    tl_buf_add_str(&text, TL_STR("\0\0\xFF cut off by a crash\n\xE4\xF6\xFC in Latin-1 \x1b[31mred\x1b[0m\n"));
    tl_buf_add_cstr(&text, trace);
    test_file_write(path, tl_buf_str(&text));
    tl_buf_free(&text);
    extract(run);
    assert_string_equal(last.kind, "text");
    assert_int_equal(last.counts.repaired, 6); /* the colours are none */
    expect("SELECT count(*) FROM v_trace WHERE exception = 'ValueError'", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_log),
        cmocka_unit_test(test_binary_is_no_log),
        cmocka_unit_test(test_same_name_again),
        cmocka_unit_test(test_odd_files),
        cmocka_unit_test(test_endless_log),
        cmocka_unit_test(test_stream_is_the_whole),
        cmocka_unit_test(test_real_logs),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
