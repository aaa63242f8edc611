/* Every kind of input: recognised by content, from archives and pipes, by any number of
 * workers, interrupted and gone on with. */
#include "tests/unit/test_input.h"

#include <stdatomic.h>

#include "extract/repair.h"
#include "extract/utf16.h"
#include "tests/support/feed.h"

#define INPUTS "tests/fixtures/inputs/"

static int try_extract(test_run run)
{
    return test_extract(&run, &last, &err);
}

static void extract_good(test_run run)
{
    if (try_extract(run))
        fail_msg("%s", err.message);
}

static void extract_bad(test_run run, int status, const char *words)
{
    int rc = try_extract(run);
    if (rc != status || !strstr(err.message, words))
        fail_msg("%d \"%s\", not %d \"%s\"", rc, rc ? err.message : "", status, words);
}

/* ---- recognition ----------------------------------------------------------- */

/* "KIND" for good ones, "!words" of the message for others. */
static void expect_kind(const char *name, tl_str bytes, const char *kind)
{
    const char *path = test_path(folder, name);
    test_run run = {.db = db, .paths = {path}, .site = "s"};
    unlink(db);
    test_file_write(path, bytes);
    if (*kind == '!')
        extract_bad(run, TL_BAD_INPUT, kind + 1);
    else {
        extract_good(run);
        assert_string_equal(last.kind, kind);
    }
    unlink(path);
}

static void test_recognition(void **state)
{
    (void)state;
    expect_kind("f", TL_STR("<posts></posts>"), "posts");
    expect_kind("f", TL_STR("\xEF\xBB\xBF <?xml version='1.0'?><tags/>"), "tags");
    expect_kind("f", TL_STR("{\"id\": 1}"), "jsonl");
    expect_kind("f", TL_STR("\xEF\xBB\xBF\n { }\n"), "jsonl");
    expect_kind("f", TL_STR("id,body\n1,x\n"), "csv posts");
    expect_kind("f", TL_STR("\xEF\xBB\xBFId;Body"), "csv posts");
    expect_kind("f", TL_STR("PostId,PostHistoryId,PostBlockTypeId,Content\n"), "csv blocks");
    expect_kind("f", TL_STR("hello\n"), "text");
    expect_kind("f", TL_STR("a,b,c\n1,2,3\n"), "text");
    expect_kind("f", TL_STR("\x1b[31mred\x1b[0m\n"), "text");
    expect_kind("f.csv", TL_STR("a,b,c\n1,2,3\n"), "!line 1: is not the header of a CSV file");
    expect_kind("f.xml", TL_STR("hello\n"), "!is not a Stack Exchange dump");
    expect_kind("f.jsonl", TL_STR("hello}\n{\"id\": 1}\n"), "jsonl");
    expect_kind("f", TL_STR("<html><body>"), "!is not a Stack Exchange dump");
    expect_kind("f", TL_STR("\x89PNG\r\n\x1a\n\0\0\0"), "!is no text");
}

static void test_forced(void **state)
{
    (void)state;
    const char *path = test_path(folder, "forced");
    static const struct {
        tl_container container;
        const char *kind, *text;
    } cases[] = {
        {TL_CONTAINER_TEXT, "text", "<posts></posts>"},
        {TL_CONTAINER_TEXT, "text", "id,body\n1,x\n"},
        {TL_CONTAINER_CSV, NULL, "hello"},
        {TL_CONTAINER_XML, NULL, "id,body\n1,x\n"},
        {TL_CONTAINER_JSONL, "jsonl", "hello}\n{\"id\": 1}\n"},
        {TL_CONTAINER_CSV, "csv posts", "id,body\n1,x\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unlink(db);
        test_file_write(path, tl_str_from(cases[i].text));
        test_run run = {.db = db, .paths = {path}, .site = "s", .container = cases[i].container};
        int rc = try_extract(run);
        assert_int_equal(rc, cases[i].kind ? TL_OK : TL_BAD_INPUT);
        if (cases[i].kind)
            assert_string_equal(last.kind, cases[i].kind);
    }
}

/* UTF-16, with and without its mark, of either order, gives what UTF-8 gives. */
static void test_utf16(void **state)
{
    (void)state;
    static const char *const files[] = {"corpus/sample/Posts.xml", INPUTS "bigquery.csv", INPUTS "issues.jsonl"};
    static const char *const codes[] = {"UTF-16", "UTF-16LE", "UTF-16BE"};
    if (!test_have("iconv")) {
        print_message("no iconv here\n");
        skip();
    }
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        const char *path = test_path(folder, strrchr(files[f], '/') + 1);
        unlink(db);
        assert_int_equal(test_shell("sed 's/utf-8/utf-16/' '%s' >'%s'", files[f], path), 0);
        tl_buf text = test_file_read(path);
        assert_int_equal(test_shell("cp '%s' '%s'", files[f], path), 0);
        extract_good((test_run){.db = db, .paths = {path}, .site = "s"});
        /* Only XML can do without the mark: it begins with "<". */
        for (size_t c = 0; c < (f ? 1 : sizeof codes / sizeof *codes); c++) {
            test_file_write(test_path(folder, "utf8"), tl_buf_str(&text));
            assert_int_equal(test_shell("iconv -f UTF-8 -t %s '%s/utf8' >'%s'", codes[c], folder, path), 0);
            unlink(other);
            test_run run = {.db = other, .paths = {path}, .site = "s"};
            extract_good(run);
            assert_int_equal(test_store_int(other, "SELECT count(*) FROM frame"),
                             test_store_int(db, "SELECT count(*) FROM frame"));
            assert_int_equal(test_store_int(other, "SELECT sum(rows) FROM input"),
                             test_store_int(db, "SELECT sum(rows) FROM input"));
            assert_int_equal(test_shell("touch -d 2001-01-01 '%s'", path), 0);
            extract_good(run);
            assert_int_equal(last.outcome, TL_ALREADY_COMPLETE);
        }
        tl_buf_free(&text);
        unlink(path);
    }
}

static tl_buf convert(tl_str bytes, size_t chunk, size_t cap)
{
    tl_buf out = {0};
    char piece[4096];
    test_feed f = {.bytes = bytes, .chunk = chunk};
    tl_utf16 *u;
    ssize_t n;
    assert_int_equal(tl_utf16_new(&u, bytes, test_feed_read, &f, &err), TL_OK);
    while ((n = tl_utf16_read(u, piece, cap, &err)) > 0)
        tl_buf_add(&out, piece, (size_t)n);
    assert_int_equal(n, 0);
    tl_utf16_free(u);
    assert_false(out.failed);
    return out;
}

/* Lone surrogates, odd lengths: always UTF-8, whatever the size of the reads. */
static void test_hostile_utf16(void **state)
{
    (void)state;
    test_random random = test_random_new("test_hostile_utf16", 1);
    for (int round = 0; round < 200; round++) {
        char bytes[2048] = "\xFF\xFE";
        size_t n = 2 + test_random_below(&random, 2000);
        for (size_t i = 2; i < n; i++)
            bytes[i] = (char)(i % 2 && test_random_below(&random, 2) ? 0xD8 + test_random_below(&random, 8)
                                                                     : test_random_below(&random, 256));
        tl_buf whole = convert((tl_str){bytes, n}, SIZE_MAX, 4096), pieces = convert((tl_str){bytes, n}, 1, 1);
        assert_true(tl_str_eq(tl_buf_str(&whole), tl_buf_str(&pieces)));
        tl_str s = tl_buf_str(&whole);
        assert_memory_equal(s.data, "\xEF\xBB\xBF", 3);
        for (size_t at = 0; (at = tl_text_valid(s, at)) < s.len; at++) /* but control characters and U+FFFE */
            assert_true((unsigned char)s.data[at] < 0x20 || s.data[at] == 0x7F || s.data[at] == '\xEF' ||
                        s.data[at] == '\xBF' || s.data[at] == '\xBE');
        tl_buf_free(&whole);
        tl_buf_free(&pieces);
    }
}

/* ---- archives and pipes ----------------------------------------------------- */

static const char *const kinds[] = {INPUTS "issues.jsonl", INPUTS "bigquery.csv", INPUTS "questions.csv",
                                    INPUTS "app.log"};

/* The store's posts without the names of inputs, which differ. */
static tl_buf posts_of(const char *store)
{
    tl_buf dump = test_store_dump(store, TEST_POSTS_ONLY), posts = {0};
    for (char *line = strtok(dump.data, "\n"); line; line = strtok(NULL, "\n"))
        if (strncmp(line, "input|", 6) != 0)
            tl_buf_printf(&posts, "%s\n", line);
    tl_buf_free(&dump);
    assert_false(posts.failed);
    return posts;
}

static void test_archives_and_pipes(void **state)
{
    (void)state;
    static const struct {
        const char *tool, *suffix, *command;
        bool pipe;
    } packers[] = {
        {"gzip", "gz", "gzip -c '%s' >'%s'", true},      {"zstd", "zst", "zstd -qc '%s' >'%s'", true},
        {"xz", "xz", "xz -c '%s' >'%s'", true},          {"bzip2", "bz2", "bzip2 -c '%s' >'%s'", true},
        {"zip", "zip", "zip -qj - '%s' >'%s'", true},    {"cat", "plain", "cat '%s' >'%s'", true},
        {"7z", "7z", "7z a -bd '%2$s' '%1$s' >/dev/null", false},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        /* The file's name is the id of a log, and of a nameless issue. */
        const char *base = strrchr(kinds[k], '/') + 1;
        bool named = strstr(base, "csv") != NULL;
        unlink(db);
        extract_good((test_run){.db = db, .paths = {kinds[k]}, .site = "s"});
        tl_buf expected = posts_of(db);
        for (size_t i = 0; i < sizeof packers / sizeof *packers; i++) {
            char name[64];
            if (!test_have(packers[i].tool))
                continue;
            snprintf(name, sizeof name, "%s.%s", base, packers[i].suffix);
            const char *path = test_path(folder, name), *fifo = test_path(folder, "fifo");
            unlink(path);
            assert_int_equal(test_shell(packers[i].command, kinds[k], path), 0);
            for (int piped = 0; piped <= packers[i].pipe; piped++) {
                unlink(other);
                unlink(fifo);
                if (piped)
                    assert_int_equal(test_shell("mkfifo '%s' && (cat '%s' >'%s' &)", fifo, path, fifo), 0);
                extract_good((test_run){.db = other, .paths = {piped ? fifo : path}, .site = "s"});
                tl_buf found = posts_of(other);
                if (named)
                    test_assert_same_dump(&expected, &found, path);
                assert_int_equal(test_store_int(other, "SELECT count(*) FROM frame"),
                                 test_store_int(db, "SELECT count(*) FROM frame"));
                assert_int_equal(test_store_int(other, "SELECT sum(rows) + sum(quarantined) FROM input"),
                                 test_store_int(db, "SELECT sum(rows) + sum(quarantined) FROM input"));
                tl_buf_free(&found);
            }
        }
        tl_buf_free(&expected);
    }
}

/* An archive of logs: one post each, also of files of the same name in several folders. */
static void test_archive_of_logs(void **state)
{
    (void)state;
    if (!test_have("zip")) {
        print_message("no zip here\n");
        skip();
    }
    const char *zip = test_path(folder, "run.zip");
    assert_int_equal(test_shell("cd '%s' && mkdir -p logs/a logs/b && echo one >logs/a/1.txt && echo two >logs/b/1.txt && "
                                "printf 'Traceback (most recent call last):\\n  File \"/x/y.py\", line 1, in f\\nKeyError: 1\\n' "
                                ">logs/b/2.log && printf '\\0' >logs/b/core.bin && zip -qr run.zip logs", folder), 0);
    unlink(db);
    extract_good((test_run){.db = db, .paths = {zip}, .site = "s"});
    assert_int_equal(test_store_int(db, "SELECT count(*) FROM question"), 3);
    assert_int_equal(test_store_int(db, "SELECT count(*) FROM question WHERE id = 'run.zip/logs/b/1.txt'"), 1);
    assert_int_equal(test_store_int(db, "SELECT count(*) FROM v_trace WHERE question_id = 'run.zip/logs/b/2.log'"), 1);
    /* An .xml file of another kind makes no dump of it: it fails alone. */
    assert_int_equal(test_shell("cd '%s' && echo '<testsuite/>' >logs/junit.xml && zip -qr run.zip logs", folder), 0);
    unlink(db);
    extract_bad((test_run){.db = db, .paths = {zip}, .site = "s"}, TL_BAD_INPUT, "junit.xml");
    assert_int_equal(test_store_int(db, "SELECT count(*) FROM question"), 3);
}

/* ---- interruptions ----------------------------------------------------------- */

typedef struct stopper {
    tl_cancel cancel;
    int after; /* batches */
} stopper;

static void count_down(void *ctx, const char *name, int64_t taken, int64_t size)
{
    stopper *s = ctx;
    (void)name, (void)taken, (void)size;
    if (--s->after == 0)
        atomic_store(&s->cancel.requested, true);
}

/* Reads with a stop a batch later each time (a log is replayed up to where it was), until it
 * is done; how often it stopped. */
static int extract_in_steps(test_run run)
{
    for (int stops = 0;; stops++) {
        stopper s = {.after = 2 + stops};
        run.cancel = &s.cancel;
        run.progress = count_down;
        run.ctx = &s;
        int rc = test_extract(&run, &last, &err);
        if (rc == TL_OK)
            return stops;
        if (rc != TL_INTERRUPTED)
            fail_msg("%s", err.message);
        assert_true(stops < 100);
    }
}

static const char traceback[] = "Traceback (most recent call last):\\n  File \\\"/a/b/m%u.py\\\", line %u, in f\\nKeyError: %u";

static void write_jsonl(tl_buf *out, test_random *random)
{
    for (int i = 0; out->len < 3500 * 1000; i++) {
        if (i % 500 == 7)
            tl_buf_add_cstr(out, "no JSON\n\n");
        tl_buf_printf(out, "{\"id\": \"i%u\", \"body\": \"", test_random_below(random, 20000));
        tl_buf_printf(out, traceback, i % 7, i % 11, i % 13);
        for (uint32_t n = test_random_below(random, 60); n-- > 0;)
            tl_buf_add_cstr(out, "and more words ");
        tl_buf_add_cstr(out, "\"}\n");
    }
}

static void write_csv(tl_buf *out, test_random *random)
{
    tl_buf_add_cstr(out, "Id,PostTypeId,ParentId,Tags,Body\r\n");
    for (int i = 0; out->len < 3500 * 1000; i++) {
        uint32_t id = test_random_below(random, 20000); /* out of order */
        if (i % 500 == 7)
            tl_buf_add_cstr(out, "1,a \"bad\" row\r\n");
        if (i % 3)
            tl_buf_printf(out, "%u,2,%u,,\"an\r\nanswer\"\r\n", id + 20000, id);
        else
            tl_buf_printf(out, "%u,1,,<python><keras>,\"<pre><code>  File \"\"/a/b/m%u.py\"\", line 3, in f\n</code></pre>"
                               "%*s\"\r\n", id, i % 7, (int)test_random_below(random, 900), "");
    }
}

static void write_log(tl_buf *out, test_random *random)
{
    while (out->len < 3500 * 1000) {
        tl_buf_printf(out, "Traceback (most recent call last):\n  File \"/a/b/m%u.py\", line 2, in f\n"
                           "KeyError: 1\n", test_random_below(random, 9));
        if (test_random_below(random, 3) == 0)
            tl_buf_add_cstr(out, "\nDuring handling of the above exception, another exception occurred:\n\n");
        for (uint32_t n = test_random_below(random, 60); n-- > 0;)
            tl_buf_printf(out, "INFO step %u\n", n);
    }
    tl_buf_add_cstr(out, "Traceback (most recent call last):\n  File \"/a/b/c.py\", line 2, in last\nKeyError: 1\n");
}

static void write_history(tl_buf *out, test_random *random)
{
    tl_buf_add_cstr(out, "<posthistory>\n");
    for (int i = 1; out->len < 3500 * 1000; i++)
        tl_buf_printf(out, "  <row Id=\"%d\" PostHistoryTypeId=\"%u\" PostId=\"%u\" Text=\"    File &quot;/a/b.py&quot;, line 1, in f%*s\" />\n",
                      i, test_random_below(random, 10), test_random_below(random, 40), (int)test_random_below(random, 500), "");
    tl_buf_add_cstr(out, "</posthistory>\n");
}

static const char *write_posts(void)
{
    const char *path = test_path(folder, "Posts.xml");
    tl_buf text = {0};
    test_dump_begin(&text);
    for (int i = 1; i < 20; i++)
        test_dump_question(&text, i, "&lt;python&gt;&lt;keras&gt;", test_traceback_body);
    test_dump_end(&text);
    test_file_write(path, tl_buf_str(&text));
    tl_buf_free(&text);
    return path;
}

static const struct kind {
    const char *name;
    void (*write)(tl_buf *out, test_random *random);
} written[] = {{"big.jsonl", write_jsonl}, {"big.csv", write_csv}, {"big.log", write_log}, {"PostHistory.xml", write_history}};

static void test_interrupted_and_resumed(void **state)
{
    (void)state;
    test_random random = test_random_new("test_interrupted_and_resumed", 1);
    const char *posts = write_posts();
    for (size_t k = 0; k < sizeof written / sizeof *written; k++) {
        const char *path = test_path(folder, written[k].name), *gz = test_path(folder, "big.gz");
        tl_buf text = {0};
        written[k].write(&text, &random);
        test_file_write(path, tl_buf_str(&text));
        for (int packed = 0; packed < 2; packed++) {
            unlink(gz);
            if (packed && test_shell("gzip -1c '%s' >'%s'", path, gz) != 0)
                break;
            test_run run = {.db = db, .paths = {posts, packed ? gz : path}, .site = "s", .workers = 1};
            unlink(db);
            unlink(other);
            extract_good(run);
            tl_buf expected = test_store_dump(db, TEST_EVERYTHING);
            run.db = other;
            run.workers = 3;
            assert_true(extract_in_steps(run) > 1);
            tl_buf found = test_store_dump(other, TEST_EVERYTHING);
            test_assert_same_dump(&expected, &found, run.paths[1]);
            tl_buf_free(&expected);
            tl_buf_free(&found);
            assert_true(test_store_int(db, k == 3 ? "SELECT count(*) FROM revision" : "SELECT count(*) FROM trace") > 500);
        }
        tl_buf_free(&text);
        unlink(path);
    }
}

/* A complete input that was touched is looked at again; one that has changed is refused, as is
 * one that has changed behind an interruption. */
static void test_touched_and_changed(void **state)
{
    (void)state;
    test_random random = test_random_new("test_touched_and_changed", 1);
    const char *posts = write_posts();
    for (size_t k = 0; k < sizeof written / sizeof *written; k++) {
        const char *path = test_path(folder, written[k].name);
        tl_buf text = {0};
        written[k].write(&text, &random);
        test_file_write(path, tl_buf_str(&text));
        test_run run = {.db = db, .paths = {posts, path}, .site = "s"};
        unlink(db);
        extract_good(run);
        tl_buf expected = test_store_dump(db, TEST_EVERYTHING);
        extract_good(run);
        assert_int_equal(last.outcome, TL_ALREADY_COMPLETE);
        assert_int_equal(test_shell("touch -d 2001-01-01 '%s'", path), 0);
        extract_good(run);
        assert_int_equal(last.outcome, TL_ALREADY_COMPLETE);
        tl_buf found = test_store_dump(db, TEST_EVERYTHING);
        test_assert_same_dump(&expected, &found, "touched");
        text.data[1000] ^= 1;
        test_file_write(path, tl_buf_str(&text));
        extract_bad(run, TL_BAD_INPUT, "has changed since it was read");
        text.data[1000] ^= 1;
        test_file_write(path, tl_buf_str(&text));

        unlink(db);
        stopper s = {.after = 3};
        run.cancel = &s.cancel;
        run.progress = count_down;
        run.ctx = &s;
        run.paths[0] = path;
        run.paths[1] = NULL;
        assert_int_equal(try_extract(run), TL_INTERRUPTED);
        text.data[1000] ^= 1;
        test_file_write(path, tl_buf_str(&text));
        run.cancel = NULL;
        run.progress = NULL;
        extract_bad(run, TL_BAD_INPUT, "has changed since it was read");
        tl_buf_free(&expected);
        tl_buf_free(&found);
        tl_buf_free(&text);
        unlink(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recognition),
        cmocka_unit_test(test_forced),
        cmocka_unit_test(test_utf16),
        cmocka_unit_test(test_hostile_utf16),
        cmocka_unit_test(test_archives_and_pipes),
        cmocka_unit_test(test_archive_of_logs),
        cmocka_unit_test(test_interrupted_and_resumed),
        cmocka_unit_test(test_touched_and_changed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
