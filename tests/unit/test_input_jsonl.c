/* JSONL posts: what is read of one line, and of a file of them. */
#include "tests/unit/test_input.h"

#include "extract/jsonl.h"

static const char *const fixture = "tests/fixtures/inputs/issues.jsonl";
static const char *const issues = "../shared/data/github-dl-issues/issues.jsonl.gz";
static const char *const crashes = "../shared/data/junobench/notebook-crashes.jsonl";
static const char *const blame = "../shared/data/blame/traceback-vs-fix.jsonl";

static tl_jsonl scratch;
static tl_arena arena;
static tl_post post;
static size_t repairs;

static int parse(const char *line)
{
    return tl_jsonl_parse(&scratch, tl_str_from(line), "file.jsonl", 12, &arena, &post, &repairs, &err);
}

static void good(const char *line)
{
    if (parse(line))
        fail_msg("%s\nin %s", err.message, line);
}

static void bad(const char *line, const char *words)
{
    int rc = parse(line);
    if (rc != TL_BAD_INPUT || !strstr(err.message, words))
        fail_msg("%s gives %d \"%s\", not \"%s\"", line, rc, rc ? err.message : "", words);
}

static void same(tl_str found, const char *expected)
{
    if (expected ? !tl_str_eq(found, tl_str_from(expected)) || !found.data : found.data != NULL)
        fail_msg("\"" TL_STR_FMT "\" is not \"%s\"", TL_STR_ARG(found), expected ? expected : "(absent)");
}

static void test_all_fields(void **state)
{
    (void)state;
    good("{\"id\": \"a/b#1\", \"title\": \"T\", \"body\": \"B\", \"tags\": [\"x\", \"y z\"], "
         "\"created\": \"2014-09-23T14:11:45Z\", \"format\": \"text\", \"score\": -3, \"views\": 5, "
         "\"answers\": 6, \"comments\": 7}");
    assert_int_equal(post.kind, TL_QUESTION);
    same(post.id.text, "a/b#1");
    same(post.title, "T");
    same(post.body, "B");
    same(post.tags, "<x><y z>");
    assert_int_equal(post.format, TL_TEXT);
    assert_int_equal(post.created, INT64_C(1411481505000));
    assert_int_equal(post.score, -3);
    assert_int_equal(post.views, 5);
    assert_int_equal(post.answers, 6);
    assert_int_equal(post.comments, 7);
}

static void test_nothing_but_an_object(void **state)
{
    (void)state;
    good("{}");
    same(post.id.text, "file.jsonl:12");
    same(post.title, NULL);
    same(post.body, NULL);
    same(post.tags, NULL);
    assert_int_equal(post.format, TL_MARKDOWN);
    assert_true(post.created == TL_UNKNOWN && post.score == TL_UNKNOWN && post.views == TL_UNKNOWN);
    assert_true(post.answers == TL_UNKNOWN && post.comments == TL_UNKNOWN && post.accepted == TL_UNKNOWN);
    good("{\"id\": null, \"title\": null, \"body\": null, \"tags\": null, \"created\": null, "
         "\"format\": null, \"score\": null}");
    same(post.id.text, "file.jsonl:12");
}

static void test_ids(void **state)
{
    (void)state;
    good("{\"id\": 42}");
    same(post.id.text, NULL);
    assert_int_equal(post.id.number, 42);
    good("{\"id\": \"42\"}"); /* a text stays a text */
    same(post.id.text, "42");
    good("{\"id\": \"\"}");
    same(post.id.text, "file.jsonl:12");
    good("{\"eid\": \"e\"}");
    same(post.id.text, "e");
    good("{\"project\": \"p\", \"bug\": \"9\"}");
    same(post.id.text, "p#9");
    bad("{\"id\": 1.5}", "\"id\" is no whole number or text");
    bad("{\"id\": [1]}", "\"id\" is no whole number or text");
    bad("{\"id\": 99999999999999999999}", "too big");
}

static void test_created(void **state)
{
    (void)state;
    good("{\"creation_date\": 1411481505}");
    assert_int_equal(post.created, INT64_C(1411481505000));
    good("{\"created\": 9223372036854775807}");
    assert_true(post.created == TL_UNKNOWN);
    good("{\"created\": \"yesterday\"}");
    assert_true(post.created == TL_UNKNOWN);
}

static void test_bodies(void **state)
{
    (void)state;
    good("{\"body\": \"b\", \"traceback\": \"t\"}");
    same(post.body, "b");
    assert_int_equal(post.format, TL_MARKDOWN);
    good("{\"traceback\": \"t\"}");
    same(post.body, "t");
    assert_int_equal(post.format, TL_TEXT);
    good("{\"frames\": [[\"/a.py\", \"3\", \"f\"], [\"/b.py\", 4, \"g\", \"more\"]]}");
    same(post.body, "Traceback (most recent call last):\n  File \"/a.py\", line 3, in f\n  File \"/b.py\", line 4, in g\n");
    assert_int_equal(post.format, TL_TEXT);
    good("{\"format\": \"HTML\", \"body\": \"\"}");
    assert_int_equal(post.format, TL_HTML);
    bad("{\"frames\": [[\"/a.py\", \"3\"]]}", "\"frames\" is no list of");
    bad("{\"format\": 3}", "\"format\" is none of");
    bad("{\"body\": 3}", "\"body\" is no text");
    bad("{\"tags\": 3}", "\"tags\" is no text or list");
    bad("{\"tags\": [3]}", "\"tags\" is no list of texts");
    bad("{\"score\": \"3\"}", "\"score\" is no whole number");
}

static void test_hostile_lines(void **state)
{
    (void)state;
    bad("", "column");
    bad("[]", "is no JSON object");
    bad("\"x\"", "column 3");
    bad("{\"id\": 1", "column");
    bad("{\"id\": 1} {}", "column");
    bad("{\"id\": NaN}", "column");
    good("{\"title\": \"a\\u0000b\\u001bc\\ud83d\\ude00\"}"); /* no control characters in a title */
    same(post.title, "a\xEF\xBF\xBD" "b\xEF\xBF\xBD" "c\xF0\x9F\x98\x80");
    assert_int_equal(repairs, 0);
    good("{\"title\": \"\xFF\x01\"}");
    same(post.title, "\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_int_equal(repairs, 2);
    tl_buf deep = {0};
    for (int i = 0; i < 100000; i++)
        tl_buf_add_char(&deep, '[');
    bad(deep.data, "depth");
    tl_buf_clear(&deep);
    tl_buf_add_cstr(&deep, "{\"x\": [");
    for (int i = 0; i < 300000; i++)
        tl_buf_add_cstr(&deep, "[],");
    tl_buf_add_cstr(&deep, "1]}");
    bad(deep.data, "holds more than 200000 values"); /* a bomb: 100 times its size in memory */
    tl_buf_clear(&deep);
    tl_buf_add_cstr(&deep, "{\"id\": \"commas\", \"body\": \"\\\"");
    for (int i = 0; i < 300000; i++)
        tl_buf_add_cstr(&deep, "[,");
    tl_buf_add_cstr(&deep, "\"}");
    good(deep.data); /* text is free to hold them */
    tl_buf_free(&deep);
}

/* ---- files ---------------------------------------------------------------- */

static tl_input_report extract_file(const char *path)
{
    extract((test_run){.db = db, .paths = {path}, .site = "s"});
    return last;
}

static void test_a_file(void **state)
{
    (void)state;
    tl_input_report r = extract_file(fixture);
    assert_string_equal(r.kind, "jsonl");
    assert_int_equal(r.counts.rows, 11);
    assert_int_equal(r.counts.questions, 6);
    assert_int_equal(r.counts.duplicates, 1);
    assert_int_equal(r.counts.quarantined, 3);
    expect("SELECT count(*) FROM quarantine WHERE reason LIKE 'line 5: column 4: %'", 1);
    expect("SELECT count(*) FROM quarantine WHERE reason = 'line 8: \"format\" is none of html, markdown, text'", 1);
    expect("SELECT count(*) FROM quarantine WHERE reason = 'line 12: is no JSON object'", 1);
    /* JSONL implies --all. */
    expect("SELECT count(*) FROM v_question WHERE library = 'all' AND profile = 'full'", 6);
    expect("SELECT count(*) FROM v_question WHERE library = 'keras' AND question_id = 7", 2);
    expect("SELECT count(*) FROM v_question WHERE library = 'nltk' AND question_id = 'issues.jsonl:11'", 1);
    /* Profile paper is for HTML alone. */
    expect("SELECT count(*) FROM v_question WHERE library = 'all' AND profile = 'paper'", 1);
    expect("SELECT count(*) FROM v_trace WHERE profile = 'paper' AND question_id = 7", 1);
    expect("SELECT count(*) FROM v_trace WHERE profile = 'full'", 5);
    expect("SELECT count(*) FROM v_trace WHERE question_id = 'ours/tool#1' AND frames = 2 AND exception = 'ValueError'", 1);
    expect("SELECT count(*) FROM v_trace WHERE question_id = 'notebook-1' AND exception = 'NameError'", 1);
    expect("SELECT count(*) FROM v_frame f JOIN v_trace USING (trace_id) WHERE question_id = 'ours+tool#12' AND "
           "path = '/home/u/b.py' AND line = 14 AND function = 'load'", 1);
    expect("SELECT score FROM v_question WHERE question_id = 7", 4);
    expect("SELECT count(*) FROM v_question WHERE question_id = 'ours/tool#1' AND created = '2021-03-04T05:06:07.000Z'", 1);
}

static void test_cut_off(void **state)
{
    (void)state;
    const char *path = test_path(folder, "cut.jsonl");
    test_run run = {.db = db, .paths = {path}, .site = "s"};
    unlink(db);
    test_file_write(path, TL_STR("{\"id\": 1, \"body\": \"```\\nx\\n```\"}\n{\"id\": 2, \"bo"));
    assert_int_equal(test_extract(&run, &last, &err), TL_BAD_INPUT);
    assert_non_null(strstr(err.message, "line 2 (byte 33): the file is cut off here"));
    expect("SELECT questions FROM input", 1);
}

static void test_arrays_are_refused(void **state)
{
    (void)state;
    const char *path = test_path(folder, "array");
    test_run run = {.db = db, .paths = {path}, .site = "s"};
    unlink(db);
    test_file_write(path, TL_STR(" [\n {\"id\": 1}]"));
    assert_int_equal(test_extract(&run, NULL, &err), TL_BAD_INPUT);
    assert_non_null(strstr(err.message, "is a JSON array; expected one object a line"));
}

static void test_long_lines(void **state)
{
    (void)state;
    tl_buf text = {0};
    tl_buf_add_cstr(&text, "{\"id\": 1, \"body\": \"```\\nx\\n```\"}\n{\"id\": 2, \"body\": \"");
    for (int i = 0; i < 11 * 1000 * 1000 / 10; i++)
        tl_buf_add_cstr(&text, "too long, ");
    tl_buf_add_cstr(&text, "\"}\n{\"id\": 3, \"body\": \"```\\nx\\n```\"}\n");
    const char *path = test_path(folder, "long.jsonl");
    test_file_write(path, tl_buf_str(&text));
    tl_buf_free(&text);
    tl_input_report r = extract_file(path);
    assert_int_equal(r.counts.rows, 3);
    assert_int_equal(r.counts.questions, 2);
    expect("SELECT count(*) FROM quarantine WHERE reason = 'line 2: longer than 10,000,000 bytes' AND offset = 33", 1);
}

static void test_real_files(void **state)
{
    (void)state;
    if (access(issues, R_OK) != 0) {
        print_message("no ../shared/data/github-dl-issues here\n");
        skip();
    }
    tl_input_report r = extract_file(issues);
    assert_int_equal(r.counts.rows, 12287);
    assert_int_equal(r.counts.quarantined, 0);
    assert_int_equal(r.counts.duplicates, 0);
    assert_true(r.counts.questions > 6000);
    assert_true(test_store_int(db, "SELECT count(DISTINCT question_key) FROM trace") > 2100);
    r = extract_file(crashes);
    assert_int_equal(r.counts.rows, 107);
    assert_int_equal(r.counts.questions, 107);
    expect("SELECT count(DISTINCT question_key) FROM trace", 107);
    r = extract_file(blame);
    assert_int_equal(r.counts.questions, 361);
    expect("SELECT count(DISTINCT question_key) FROM trace", 301); /* those with frames */
}

static int free_all(void **state)
{
    tl_jsonl_free(&scratch);
    tl_arena_free(&arena);
    return tear_down(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_fields),
        cmocka_unit_test(test_nothing_but_an_object),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_created),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_hostile_lines),
        cmocka_unit_test(test_a_file),
        cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_arrays_are_refused),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_real_files),
    };
    return cmocka_run_group_tests(tests, set_up, free_all);
}
