/* From files to store: which inputs are read, in which order, and which are refused. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "tests/unit/test_input.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <glob.h>
#include <pcre2.h>
#include <sys/stat.h>
#include <time.h>

#include "extract/histogram.h"

#define DATA "../shared/data/"
#define KERAS "&lt;python&gt;&lt;keras&gt;"

static int fresh(void **state)
{
    (void)state;
    unlink(db);
    err = (tl_error){0};
    return 0;
}

static void extract_good(const test_run *run, tl_outcome outcome)
{
    if (test_extract(run, &last, &err) != TL_OK)
        fail_msg("%s", err.message);
    assert_int_equal(last.outcome, outcome);
}

static void extract_bad(const test_run *run, int status, const char *words)
{
    int rc = test_extract(run, &last, &err);
    if (rc != status || !strstr(err.message, words))
        fail_msg("status %d, \"%s\"; expected %d, \"%s\"", rc, err.message, status, words);
}

/* A dump of questions first .. last, written to the folder. */
static const char *write_dump(const char *name, int64_t first, int64_t end)
{
    tl_buf text = {0};
    test_dump_begin(&text);
    for (int64_t id = first; id < end; id++)
        test_dump_question(&text, id, KERAS, id % 4 ? "" : test_traceback_body);
    test_dump_end(&text);
    const char *path = test_path(folder, name);
    test_file_write(path, tl_buf_str(&text));
    tl_buf_free(&text);
    return path;
}

static void set_mtime(const char *path, time_t seconds)
{
    struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* ---- the same input again ------------------------------------------------ */

static void test_already_complete(void **state)
{
    (void)state;
    test_run run = {.db = db, .paths = {write_dump("Posts.xml", 1, 50)}};
    extract_good(&run, TL_READ);
    tl_buf first = test_store_dump(db, TEST_EVERYTHING);
    extract_good(&run, TL_ALREADY_COMPLETE);
    assert_int_equal(last.counts.rows, 49);
    tl_buf second = test_store_dump(db, TEST_EVERYTHING);
    test_assert_same_dump(&first, &second, "a second run");
    tl_buf_free(&first);
    tl_buf_free(&second);
}

static void test_copy_with_another_time_is_the_same(void **state)
{
    (void)state;
    test_run run = {.db = db, .paths = {write_dump("Posts.xml", 1, 50)}};
    extract_good(&run, TL_READ);
    set_mtime(run.paths[0], 1000000);
    extract_good(&run, TL_ALREADY_COMPLETE);
    expect("SELECT count(*) FROM question", 49);
}

static void test_changed_input_is_refused(void **state)
{
    (void)state;
    test_run run = {.db = db, .paths = {write_dump("Posts.xml", 1, 50)}};
    extract_good(&run, TL_READ);
    tl_buf before = test_store_dump(db, TEST_EVERYTHING);

    write_dump("Posts.xml", 1, 60); /* longer */
    extract_bad(&run, TL_BAD_INPUT, "has changed");
    assert_non_null(strstr(err.message, "--force"));
    write_dump("Posts.xml", 1, 40); /* shorter */
    extract_bad(&run, TL_BAD_INPUT, "has changed");
    write_dump("Posts.xml", 1, 50); /* of the same size, one byte differs */
    set_mtime(run.paths[0], 1000000);
    assert_int_equal(test_shell("sed -i 's/Id=\"30\"/Id=\"99\"/' '%s'", run.paths[0]), 0);
    extract_bad(&run, TL_BAD_INPUT, "has changed");

    tl_buf after = test_store_dump(db, TEST_EVERYTHING);
    test_assert_same_dump(&before, &after, "refused inputs");
    tl_buf_free(&before);
    tl_buf_free(&after);
}

static void test_changed_byte_anywhere_is_seen(void **state)
{
    (void)state;
    test_run run = {.db = db, .paths = {write_dump("Posts.xml", 1, 6)}};
    extract_good(&run, TL_READ);
    tl_buf whole = test_file_read(run.paths[0]);
    const size_t first = (size_t)(strstr(whole.data, "<row") - whole.data), end = (size_t)(strstr(whole.data, "</posts>") - whole.data);
    for (size_t at = first; at < end; at += 13) {
        char *c = whole.data + at, old = *c;
        if (old < 'a' || old > 'y')
            continue;
        *c = (char)(old + 1);
        test_file_write(run.paths[0], tl_buf_str(&whole));
        int rc = test_extract(&run, &last, &err);
        if (rc != TL_BAD_INPUT)
            fail_msg("byte %zu changed from '%c': status %d", at, old, rc);
        *c = old;
    }
    test_file_write(run.paths[0], tl_buf_str(&whole));
    extract_good(&run, TL_ALREADY_COMPLETE);
    tl_buf_free(&whole);
}

static void test_other_selection_is_refused(void **state)
{
    (void)state;
    test_run run = {.db = db, .paths = {write_dump("Posts.xml", 1, 50)}};
    extract_good(&run, TL_READ);
    test_run narrow = run, all = run;
    narrow.library = "nltk";
    all.all = true;
    extract_bad(&narrow, TL_BAD_INPUT, "another selection");
    extract_bad(&all, TL_BAD_INPUT, "another selection");
    expect("SELECT count(*) FROM question", 49);
    narrow.force = true;
    extract_good(&narrow, TL_READ);
    expect("SELECT count(*) FROM question", 0);
    extract_bad(&run, TL_BAD_INPUT, "another selection");
}

static void test_force_starts_over(void **state)
{
    (void)state;
    test_run run = {.db = db, .paths = {write_dump("Posts.xml", 1, 50)}};
    extract_good(&run, TL_READ);
    write_dump("Posts.xml", 11, 61);
    run.force = true;
    extract_good(&run, TL_READ);
    expect("SELECT count(*) FROM question", 50);
    expect("SELECT min(id) FROM question", 11);
    expect("SELECT count(*) FROM input", 1);
    expect("SELECT sum(n) FROM histogram WHERE measure = 'score'", 50);
    expect("SELECT count(*) FROM trace WHERE question_key NOT IN (SELECT question_key FROM question)", 0);
    expect("SELECT count(*) FROM v_trace WHERE profile = 'full'", 13);
    run.force = false;
    extract_good(&run, TL_ALREADY_COMPLETE);
}

/* What --force reads again gives what a fresh store would have. */
static void test_forced_store_is_as_fresh(void **state)
{
    (void)state;
    test_run run = {.db = db, .paths = {write_dump("Posts.xml", 1, 50)}};
    extract_good(&run, TL_READ);
    tl_buf first = test_store_dump(db, TEST_EVERYTHING);
    run.force = true;
    extract_good(&run, TL_READ);
    tl_buf second = test_store_dump(db, TEST_EVERYTHING);
    test_assert_same_dump(&first, &second, "--force");
    tl_buf_free(&first);
    tl_buf_free(&second);
}

/* ---- several inputs ------------------------------------------------------ */

static void test_one_bad_input_does_not_stop_the_others(void **state)
{
    (void)state;
    mkdir(test_path(folder, "a"), 0700);
    mkdir(test_path(folder, "b"), 0700);
    test_file_write(test_path(folder, "a/Posts.xml"), TL_STR("<html>"));
    write_dump("b/Posts.xml", 1, 10);
    test_run run = {.db = db, .paths = {test_path(folder, "a/Posts.xml"), test_path(folder, "b/Posts.xml")}};
    extract_bad(&run, TL_BAD_INPUT, "not a Stack Exchange dump");
    expect("SELECT count(*) FROM question", 9);
    expect("SELECT count(*) FROM v_question WHERE site = 'b'", 18);
}

static void test_missing_file_is_told_first(void **state)
{
    (void)state;
    test_run run = {.db = db, .paths = {write_dump("Posts.xml", 1, 10), test_path(folder, "none.xml")}};
    extract_bad(&run, TL_IO, "No such file");
    expect("SELECT count(*) FROM input", 0); /* before any work */
}

static void test_site_is_the_folder(void **state)
{
    (void)state;
    mkdir(test_path(folder, "ai.stackexchange.com"), 0700);
    write_dump("ai.stackexchange.com/Posts.xml", 1, 5);
    test_run run = {.db = db, .paths = {test_path(folder, "ai.stackexchange.com/Posts.xml")}};
    extract_good(&run, TL_READ);
    expect("SELECT count(*) FROM site WHERE name = 'ai.stackexchange.com'", 1);
    run.site = "mine";
    extract_good(&run, TL_READ);
    expect("SELECT count(*) FROM v_question WHERE site = 'mine'", 8);
    expect("SELECT count(*) FROM question", 8);
}

static void test_site_is_named_by_an_archive(void **state)
{
    (void)state;
    if (!test_have("7z"))
        skip();
    write_dump("Posts.xml", 1, 5);
    assert_int_equal(test_shell("cd '%s' && 7z a -bd gis.stackexchange.com.7z Posts.xml >/dev/null && "
                                "cp gis.stackexchange.com.7z stackoverflow.com-Posts.7z", folder), 0);
    test_run run = {.db = db, .paths = {test_path(folder, "gis.stackexchange.com.7z"), test_path(folder, "stackoverflow.com-Posts.7z")}};
    extract_good(&run, TL_READ);
    expect("SELECT count(*) FROM site WHERE name IN ('gis.stackexchange.com', 'stackoverflow.com')", 2);
    expect("SELECT count(*) FROM question", 8);
}

static void test_archive_of_a_whole_site(void **state)
{
    (void)state;
    if (!test_have("7z"))
        skip();
    write_dump("Posts.xml", 1, 30);
    assert_int_equal(test_shell("cd '%s' && echo '<badges><row Id=\"1\" /></badges>' >Badges.xml && "
                                "echo '<votes></votes>' >Votes.xml && echo hello >readme.txt && "
                                "7z a -bd site.7z Badges.xml Posts.xml readme.txt Votes.xml >/dev/null", folder), 0);
    test_run run = {.db = db, .paths = {test_path(folder, "site.7z")}};
    extract_good(&run, TL_READ);
    expect("SELECT count(*) FROM question", 29);
    expect("SELECT count(*) FROM input WHERE name = 'site.7z/Posts.xml' AND complete AND kind = 'posts'", 1);
    expect("SELECT count(*) FROM input WHERE name LIKE '%readme%'", 0);
    expect("SELECT input_id FROM input WHERE kind = 'posts'", 1); /* before the others */
    extract_good(&run, TL_ALREADY_COMPLETE);
}

/* ---- pipes --------------------------------------------------------------- */

static void test_pipe(void **state)
{
    (void)state;
    write_dump("Posts.xml", 1, 200);
    const char *fifo = test_path(folder, "fifo");
    test_run run = {.db = db, .paths = {fifo}, .site = "s"};
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(test_shell("cat '%s/Posts.xml' >'%s' &", folder, fifo), 0);
    extract_good(&run, TL_READ);
    expect("SELECT count(*) FROM question", 199);
    expect("SELECT size FROM input", -1);

    assert_int_equal(test_shell("cat '%s/Posts.xml' >'%s' &", folder, fifo), 0);
    extract_good(&run, TL_ALREADY_COMPLETE); /* the same bytes came again */

    assert_int_equal(test_shell("sed s/Question/question/ '%s/Posts.xml' >'%s' &", folder, fifo), 0);
    extract_bad(&run, TL_BAD_INPUT, "has changed");
    assert_int_equal(test_shell("(head -c -9 '%s/Posts.xml'; echo '<row Id=\"999\" />'; echo '</posts>') >'%s' &", folder, fifo), 0);
    extract_bad(&run, TL_BAD_INPUT, "has changed");
    assert_int_equal(test_shell("echo '<posts></posts>' >'%s' &", fifo), 0);
    extract_bad(&run, TL_BAD_INPUT, "has changed");
}

static void test_empty_pipe_then_another(void **state)
{
    (void)state;
    write_dump("Posts.xml", 1, 10);
    const char *fifo = test_path(folder, "fifo2");
    test_run run = {.db = db, .paths = {fifo}, .site = "s"};
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(test_shell("echo '<posts></posts>' >'%s' &", fifo), 0);
    extract_good(&run, TL_READ);
    assert_int_equal(test_shell("cat '%s/Posts.xml' >'%s' &", folder, fifo), 0);
    extract_bad(&run, TL_BAD_INPUT, "has changed");
    assert_int_equal(test_shell("echo '<posts></posts>' >'%s' &", fifo), 0);
    extract_good(&run, TL_ALREADY_COMPLETE);
}

static void test_unordered_pipe_says_so(void **state)
{
    (void)state;
    const char *fifo = test_path(folder, "fifo3");
    test_run run = {.db = db, .paths = {fifo}, .site = "s"};
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(test_shell("cat tests/fixtures/dumps/disordered.xml >'%s' &", fifo), 0);
    extract_good(&run, TL_READ);
    assert_true(last.unordered_pipe);
    expect("SELECT count(*) FROM answer", 2); /* 12 is missing */
}

static void test_standard_input_out_of_order(void **state)
{
    (void)state;
    int saved = dup(STDIN_FILENO), fd = open("tests/fixtures/dumps/disordered.xml", O_RDONLY);
    assert_true(fd >= 0);
    dup2(fd, STDIN_FILENO);
    test_run run = {.db = db, .paths = {"-"}, .site = "s"};
    int rc = test_extract(&run, &last, &err);
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(fd);
    if (rc)
        fail_msg("%s", err.message);
    assert_false(last.unordered_pipe); /* a file can be read twice */
    expect("SELECT count(*) FROM answer", 3);
}

static void test_fixtures(void **state)
{
    (void)state;
    test_run run = {.db = db, .paths = {"tests/fixtures/dumps/ordered.xml"}};
    extract_good(&run, TL_READ);
    expect("SELECT count(*) FROM question", 2);
    expect("SELECT count(*) FROM answer", 2);
    expect("SELECT pass FROM input", 1);
    expect("SELECT orphans FROM input", 1);
    expect("SELECT count(*) FROM v_question WHERE question_id = 16 AND library IN ('nltk', 'keras') AND has_trace AND profile = 'full'", 2);
    fresh(NULL);
    run.paths[0] = "tests/fixtures/dumps/disordered.xml";
    extract_good(&run, TL_READ);
    expect("SELECT count(*) FROM answer", 3);
    expect("SELECT pass FROM input", 2);
}

/* A run that fails while its pipe stays silent ends at once, not when more comes. */
static void test_failure_does_not_wait_for_a_pipe(void **state)
{
    (void)state;
    const char *fifo = test_path(folder, "silent");
    test_run run = {.db = db, .paths = {write_dump("Posts.xml", 1, 5000)}, .site = "s"};
    extract_good(&run, TL_READ); /* makes the store */
    assert_int_equal(test_shell("sqlite3 '%s' \"CREATE TRIGGER full BEFORE INSERT ON question BEGIN SELECT RAISE(ABORT, "
                                "'no room'); END\"", db), 0);
    run.paths[0] = fifo;
    run.site = "other";
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(test_shell("(cat '%s/Posts.xml'; exec sleep 20) >'%s' & echo $! >'%s/pid'", folder, fifo, folder), 0);
    extract_bad(&run, TL_IO, "no room");
    /* The writer of the pipe still lives. */
    assert_int_equal(test_shell("kill $(cat '%s/pid')", folder), 0);
}

/* ---- broken inputs ------------------------------------------------------- */

static void test_truncation_keeps_what_came_before(void **state)
{
    (void)state;
    tl_buf whole = test_file_read("tests/fixtures/dumps/ordered.xml");
    const char *path = test_path(folder, "cut.xml");
    for (size_t cut = 0; cut < whole.len - 1; cut += 7) {
        fresh(NULL);
        test_file_write(path, (tl_str){whole.data, cut});
        test_run run = {.db = db, .paths = {path}};
        tl_str kept = {whole.data, cut};
        size_t questions = 0, answers = 0;
        static const char *const ours[] = {"Tags=\"&lt;python&gt;&lt;keras&gt;\" AnswerCount=\"2\" CommentCount=\"1\" />",
                                           "Tags=\"|python|nltk|keras|\" AnswerCount=\"0\" CommentCount=\"2\" />"};
        for (size_t i = 0; i < 2; i++)
            questions += tl_str_find(kept, tl_str_from(ours[i]), 0) != SIZE_MAX;
        for (size_t at = 0; (at = tl_str_find(kept, TL_STR("ParentId=\"10\""), at)) != SIZE_MAX; at++)
            answers += tl_str_find(kept, TL_STR("/>"), at) != SIZE_MAX;
        if (cut >= (size_t)(strstr(whole.data, "</posts>") + 8 - whole.data))
            break;
        extract_bad(&run, TL_BAD_INPUT, "");
        if (cut > 60) {
            expect("SELECT count(*) FROM question", (int64_t)questions);
            expect("SELECT count(*) FROM answer", (int64_t)answers);
            expect("SELECT count(*) FROM input WHERE complete", 0);
            assert_non_null(strstr(err.message, "byte "));
        }
    }
    tl_buf_free(&whole);
}

/* Every row that the plain decompressor gives of a cut file is kept, however small the file. */
static void test_truncated_archives_keep_what_came_before(void **state)
{
    (void)state;
    static const char *const tools[] = {"gzip", "zstd", "bzip2", "xz"};
    write_dump("Posts.xml", 1, 60);
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        if (!test_have(tools[i]))
            continue;
        assert_int_equal(test_shell("cd '%s' && %s -c Posts.xml >whole", folder, tools[i]), 0);
        tl_buf whole = test_file_read(test_path(folder, "whole"));
        for (size_t cut = 20; cut < whole.len; cut += whole.len / 30) {
            test_run run = {.db = db, .paths = {test_path(folder, "cut")}};
            fresh(NULL);
            test_file_write(run.paths[0], (tl_str){whole.data, cut});
            test_shell("cd '%s' && %s -dc <cut >plain 2>/dev/null", folder, tools[i]);
            extract_bad(&run, TL_BAD_INPUT, "byte");
            tl_buf plain = test_file_read(test_path(folder, "plain"));
            int64_t rows = 0, kept = test_store_int(db, "SELECT count(*) FROM question");
            for (size_t at = 0; (at = tl_str_find(tl_buf_str(&plain), TL_STR("/>\n"), at)) != SIZE_MAX; at++)
                rows++;
            if (kept < rows)
                fail_msg("%s cut at %zu: %lld of %lld rows kept", tools[i], cut, (long long)kept, (long long)rows);
            expect("SELECT complete FROM input UNION ALL SELECT 0", 0);
            tl_buf_free(&plain);
        }
        tl_buf_free(&whole);
    }
}

static void test_archive_bomb(void **state)
{
    (void)state;
    if (!test_have("xz"))
        skip();
    const char *path = test_path(folder, "bomb.xz"); /* 1 GB in 150 KB */
    assert_int_equal(test_shell("(echo '<posts><row Id=\"1\" Body=\"'; head -c 1000000000 /dev/zero; echo '\" /><row Id=\"2\" "
                                "PostTypeId=\"1\" Tags=\"" KERAS "\" Body=\"\" /></posts>') | tr '\\0' x | nice xz -1 >'%s'", path), 0);
    test_run run = {.db = db, .paths = {path}};
    extract_good(&run, TL_READ);
    expect("SELECT count(*) FROM question WHERE id = 2", 1);
    expect("SELECT count(*) FROM quarantine WHERE reason LIKE 'longer than%'", 1);
    assert_int_equal(last.counts.rows, 2);
}

static void test_document_type_is_refused(void **state)
{
    (void)state;
    const char *path = test_path(folder, "bomb.xml");
    test_file_write(path, TL_STR("<?xml version=\"1.0\"?><!DOCTYPE posts [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                                 "<posts><row Id=\"1\" PostTypeId=\"1\" Tags=\"" KERAS "\" Body=\"&b;\" /></posts>"));
    test_run run = {.db = db, .paths = {path}};
    extract_bad(&run, TL_BAD_INPUT, "document type");
    expect("SELECT count(*) FROM question", 0);
}

/* ---- rows of which nothing can be read ------------------------------------ */

static void test_nothing_but_bad_rows(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *hint;
    } cases[] = {
        {"Posts.xml", "<posts><row Id=\"x\" PostTypeId=\"1\" /><row Id=1 /></posts>", "expected <row Id="},
        {"posts.jsonl", "no json\n[1]\n", "expected {\"id\""},
        {"posts.csv", "Id,Body\n1,2,3\n4\n", "as many fields"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = test_path(folder, cases[i].name);
        test_run run = {.db = db, .paths = {path}, .site = "s"};
        test_file_write(path, tl_str_from(cases[i].text));
        for (int twice = 0; twice < 2; twice++) { /* it is not complete the second time either */
            extract_bad(&run, TL_BAD_INPUT, "none of its 2 rows can be read");
            assert_non_null(strstr(err.message, cases[i].hint));
            assert_non_null(strstr(err.message, "the first, at byte"));
        }
        assert_int_equal(last.counts.quarantined, 2);
    }
    expect("SELECT count(*) FROM quarantine", 6);
    expect("SELECT count(*) FROM input WHERE complete", 0);
}

static void test_no_rows_is_no_failure(void **state)
{
    (void)state;
    const char *path = test_path(folder, "Posts.xml");
    test_file_write(path, TL_STR("<posts></posts>"));
    test_run run = {.db = db, .paths = {path}};
    extract_good(&run, TL_READ);
    assert_int_equal(last.counts.rows, 0);
    extract_good(&run, TL_ALREADY_COMPLETE);
}

/* ---- match limits ----------------------------------------------------------- */

/* PCRE2 as the library sees it: it gives up on every subject that holds `costly`. */
static const char *costly;

int pcre2_match(const pcre2_code *code, PCRE2_SPTR subject, PCRE2_SIZE length, PCRE2_SIZE start, uint32_t options,
                pcre2_match_data *data, pcre2_match_context *context)
{
    static int (*real)(const pcre2_code *, PCRE2_SPTR, PCRE2_SIZE, PCRE2_SIZE, uint32_t, pcre2_match_data *,
                       pcre2_match_context *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pcre2_match_8");
    if (costly && memmem(subject, length, costly, strlen(costly)))
        return PCRE2_ERROR_MATCHLIMIT;
    return real(code, subject, length, start, options, data, context);
}

#define HEAD "Traceback (most recent call last):&#xA;  File &quot;/a/b/c.py&quot;, line 1, in f&#xA;    g()&#xA;"
#define CODE(text) "&lt;pre&gt;&lt;code&gt;" HEAD text "&#xA;&lt;/code&gt;&lt;/pre&gt;"

/* A body on which a pattern gives up: counted, the post is kept, without what that profile
 * would have read; its neighbours are whole. */
static void test_match_limit_in_posts(void **state)
{
    (void)state;
    tl_buf text = {0};
    test_dump_begin(&text);
    test_dump_question(&text, 1, KERAS, CODE("ValueError: plain"));
    test_dump_question(&text, 2, KERAS, CODE("ValueError: \xCE\xA9")); /* both profiles look at it */
    test_dump_question(&text, 3, KERAS, CODE("ValueError: plain"));
    test_dump_end(&text);
    test_run run = {.db = db, .paths = {test_path(folder, "Posts.xml")}, .workers = 1};
    test_file_write(run.paths[0], tl_buf_str(&text));
    tl_buf_free(&text);
    costly = "\xCE\xA9";
    extract_good(&run, TL_READ);
    costly = NULL;
    assert_int_equal(last.counts.unmatched, 2);
    expect("SELECT unmatched FROM input", 2);
    expect("SELECT count(*) FROM question", 3);
    expect("SELECT count(*) FROM reading WHERE has_trace", 4);
    expect("SELECT count(*) FROM v_question WHERE question_id = 2 AND NOT has_code AND words IS NULL", 2);
    expect("SELECT count(*) FROM v_trace WHERE question_id = 2", 0);
}

/* One trace of a log is lost, not the log. */
static void test_match_limit_in_a_log(void **state)
{
    (void)state;
    static const char trace[] = "Traceback (most recent call last):\n  File \"/a/b/c.py\", line 1, in f\n    g()\n%s: no\n\n"
                                "During handling of the above exception, another exception occurred:\n\n"
                                "Traceback (most recent call last):\n  File \"/a/b/d.py\", line 2, in g\n    h()\nOSError: x\n\n";
    tl_buf text = {0};
    tl_buf_printf(&text, trace, "KeyError");
    tl_buf_add_cstr(&text, "Traceback (most recent call last):\n  File \"/hard/work.py\", line 3, in h\n    k()\n\n");
    tl_buf_printf(&text, trace, "IndexError");
    test_run run = {.db = db, .paths = {test_path(folder, "run.log")}};
    test_file_write(run.paths[0], tl_buf_str(&text));
    tl_buf_free(&text);
    costly = "hard/work";
    extract_good(&run, TL_READ);
    costly = NULL;
    assert_int_equal(last.counts.unmatched, 1);
    expect("SELECT count(*) FROM v_trace", 4);
    expect("SELECT count(*) FROM v_trace WHERE exception = 'IndexError' AND position = 2", 1);
    expect("SELECT linked_to FROM v_trace WHERE position = 1", 0);
    expect("SELECT linked_to FROM v_trace WHERE position = 3", 2);
}

/* ---- memory ------------------------------------------------------------------ */

/* More different values than are held in memory between two commits, each of them twice. */
static void test_histograms_of_many_values(void **state)
{
    (void)state;
    enum { VALUES = 3 * TL_HISTOGRAM_SPARSE };
    tl_buf text = {0};
    test_dump_begin(&text);
    for (int i = 0; i < 2 * VALUES; i++)
        tl_buf_printf(&text, "<row Id=\"%d\" PostTypeId=\"1\" Score=\"%d\" ViewCount=\"%d\" />\n", i, i % 3,
                      i % VALUES * 11 + TL_HISTOGRAM_DENSE);
    test_dump_end(&text);
    test_run run = {.db = db, .paths = {test_path(folder, "Posts.xml")}};
    test_file_write(run.paths[0], tl_buf_str(&text));
    tl_buf_free(&text);
    extract_good(&run, TL_READ);
    expect("SELECT count(*) FROM histogram WHERE measure = 'views' AND n = 2", VALUES);
    expect("SELECT count(*) FROM histogram WHERE measure = 'views'", VALUES);
    expect("SELECT min(n) + max(n) FROM histogram WHERE measure = 'score'", 2 * (2 * VALUES / 3));
}

/* ---- any number of workers ----------------------------------------------- */

static void compare_workers(const char *path)
{
    tl_buf expected = {0};
    for (int workers = 1; workers <= 4; workers++) {
        fresh(NULL);
        test_run run = {.db = db, .paths = {path}, .workers = workers};
        test_extract(&run, &last, &err);
        tl_buf found = test_store_dump(db, TEST_EVERYTHING);
        if (workers == 1)
            expected = found;
        else {
            test_assert_same_dump(&expected, &found, path);
            tl_buf_free(&found);
        }
    }
    tl_buf_free(&expected);
}

static void test_number_of_workers_does_not_matter(void **state)
{
    (void)state;
    test_random random = test_random_new("test_number_of_workers_does_not_matter", 1);
    compare_workers("corpus/sample/Posts.xml");
    for (char order = 'o'; order <= 's'; order = (char)(order + 4)) {
        tl_buf text = {0};
        test_dump_random(&text, &random, 6000, order);
        assert_true(text.len > 4 * 1024 * 1024); /* several batches */
        test_file_write(test_path(folder, "Posts.xml"), tl_buf_str(&text));
        tl_buf_free(&text);
        compare_workers(test_path(folder, "Posts.xml"));
    }
}

static void test_number_of_workers_on_real_dumps(void **state)
{
    (void)state;
    glob_t found;
    if (access(DATA, R_OK) != 0) {
        print_message("no " DATA ": nothing to compare\n");
        skip();
    }
    glob(DATA "*/Posts.xml", 0, NULL, &found);
    glob(DATA "*/*/*.xml", GLOB_APPEND, NULL, &found);
    assert_true(found.gl_pathc > 5);
    for (size_t i = 0; i < found.gl_pathc; i++)
        compare_workers(found.gl_pathv[i]);
    globfree(&found);
}

int main(void)
{
#define test(f) cmocka_unit_test_setup(f, fresh)
    const struct CMUnitTest tests[] = {
        test(test_already_complete),
        test(test_copy_with_another_time_is_the_same),
        test(test_changed_input_is_refused),
        test(test_changed_byte_anywhere_is_seen),
        test(test_other_selection_is_refused),
        test(test_force_starts_over),
        test(test_forced_store_is_as_fresh),
        test(test_one_bad_input_does_not_stop_the_others),
        test(test_missing_file_is_told_first),
        test(test_site_is_the_folder),
        test(test_site_is_named_by_an_archive),
        test(test_archive_of_a_whole_site),
        test(test_pipe),
        test(test_empty_pipe_then_another),
        test(test_unordered_pipe_says_so),
        test(test_standard_input_out_of_order),
        test(test_failure_does_not_wait_for_a_pipe),
        test(test_fixtures),
        test(test_truncation_keeps_what_came_before),
        test(test_truncated_archives_keep_what_came_before),
        test(test_archive_bomb),
        test(test_document_type_is_refused),
        test(test_nothing_but_bad_rows),
        test(test_no_rows_is_no_failure),
        test(test_match_limit_in_posts),
        test(test_match_limit_in_a_log),
        test(test_histograms_of_many_values),
        test(test_number_of_workers_does_not_matter),
        test(test_number_of_workers_on_real_dumps),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
