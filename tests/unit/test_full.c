/* Profile `full` on whole posts: words, code lines, error lines, traces, system. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "extract/full.h"

typedef struct state {
    tl_full *full;
    tl_arena arena;
} state;

static int setup(void **s)
{
    state *st = calloc(1, sizeof *st);
    tl_error err;
    *s = st;
    return !st || tl_full_new(&st->full, &err) != TL_OK;
}

static int teardown(void **s)
{
    state *st = *s;
    tl_full_free(st->full);
    tl_arena_free(&st->arena);
    free(st);
    return 0;
}

static tl_reading read_body(state *st, const char *body, tl_body_format format)
{
    tl_error err;
    tl_reading r;
    tl_post post = {.body = tl_str_from(body), .format = format};
    tl_arena_reset(&st->arena);
    assert_int_equal(tl_full_read(st->full, &post, &st->arena, &r, &err), TL_OK);
    assert_true(r.available);
    assert_int_equal(r.has_trace, r.n_traces > 0);
    assert_int_equal(r.has_code, r.code_lines != TL_UNKNOWN);
    return r;
}

static void is(tl_str s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    assert_memory_equal(s.data, expected, s.len);
}

#define TRACE                                                                                      \
    "Traceback (most recent call last):\n"                                                         \
    "  File \"/home/ana/run.py\", line 3, in <module>\n"                                           \
    "    f()\n"                                                                                    \
    "  File \"/home/ana/run.py\", line 1, in f\n"                                                  \
    "    raise ValueError(\"no\")\n"                                                               \
    "ValueError: no\n"
#define HTML_TRACE                                                                                 \
    "Traceback (most recent call last):\n"                                                         \
    "  File \"run.py\", line 3, in &lt;module&gt;\n"                                               \
    "    f()\n"                                                                                    \
    "ValueError: no\n"

static void words_are_tokens_with_a_letter(void **s)
{
    assert_int_equal(
        read_body(*s, "<p>one 2 three&nbsp;x - \xC3\xA9t\xC3\xA9 \xE2\x80\xA6 a1</p>", TL_HTML)
            .words,
        5);
    assert_int_equal(
        read_body(*s, "<p>use <code>x.fit</code> now</p><pre><code>a b c</code></pre>", TL_HTML)
            .words,
        3);
    assert_int_equal(read_body(*s, "one two\n```\nthree\n```\nfour", TL_MARKDOWN).words, 3);
    assert_int_equal(read_body(*s, "one two", TL_TEXT).words, 0);
    assert_int_equal(read_body(*s, "", TL_HTML).words, 0);
}

static void code_lines_are_not_blank(void **s)
{
    assert_int_equal(
        read_body(*s, "<pre><code>a\n\n  \t\nb</code></pre><pre>c\n</pre>", TL_HTML).code_lines, 3);
    assert_int_equal(read_body(*s, "<p>inline <code>x</code></p>", TL_HTML).code_lines, TL_UNKNOWN);
    assert_int_equal(read_body(*s, "a\n\n    x = 1\n", TL_MARKDOWN).code_lines, 1);
    assert_int_equal(read_body(*s, "a\n\nb\n", TL_TEXT).code_lines, 2);
    assert_int_equal(read_body(*s, "", TL_TEXT).code_lines, TL_UNKNOWN);
}

static void traces_come_from_code(void **s)
{
    tl_reading r = read_body(*s, "<p>See</p><pre><code>" HTML_TRACE "</code></pre>", TL_HTML);
    assert_int_equal(r.n_traces, 1);
    assert_int_equal(r.traces[0].n_frames, 1);
    is(r.traces[0].frames[0].file, "run");
    is(r.traces[0].frames[0].function, "<module>");
    is(r.traces[0].frames[0].source, "f()");
    is(r.traces[0].exception, "ValueError");
    is(r.traces[0].message, "no");
    assert_true(r.traces[0].frames[0].own_code);
}

static void html_prose_needs_a_header(void **s)
{
    assert_int_equal(read_body(*s, "<p>File \"x.py\", line 3, in f</p>", TL_HTML).n_traces, 0);
    assert_int_equal(read_body(*s, "<p>" HTML_TRACE "</p>", TL_HTML).n_traces, 1);
    assert_int_equal(read_body(*s, "<pre>File \"x.py\", line 3, in f</pre>", TL_HTML).n_traces, 1);
}

static void markdown_is_read_whole(void **s)
{
    assert_int_equal(read_body(*s, "I get:\n\n" TRACE "\nWhy?", TL_MARKDOWN).n_traces, 1);
    assert_int_equal(read_body(*s, "```\n" TRACE "```\nand\n> " TRACE, TL_MARKDOWN).n_traces, 2);
    assert_int_equal(read_body(*s, TRACE, TL_TEXT).n_traces, 1);
}

/* A fence is a border: only what plainly continues a trace crosses it. */
static void traces_end_at_a_fence(void **s)
{
    tl_reading r = read_body(*s,
                             "Traceback (most recent call last):\n```\n"
                             "  File \"x.py\", line 3, in f\n```\nKeyError: 'x'\n",
                             TL_MARKDOWN);
    assert_int_equal(r.n_traces, 1);
    is(r.traces[0].exception, "KeyError");
    r = read_body(*s, "```\n  File \"x.py\", line 3, in f\n```\nWhat is that: a bug?\n",
                  TL_MARKDOWN);
    assert_int_equal(r.n_traces, 1);
    assert_null(r.traces[0].exception.data);
    r = read_body(*s, "```\n" TRACE "```\nmore text\n", TL_MARKDOWN);
    is(r.traces[0].message, "no");
}

static void chains_link_within_the_post(void **s)
{
    tl_reading r = read_body(*s,
                             "```\n" TRACE "\nDuring handling of the above exception, another "
                             "exception occurred:\n\n" TRACE "```\n```\n" TRACE "```\n",
                             TL_MARKDOWN);
    assert_int_equal(r.n_traces, 3);
    assert_int_equal(r.traces[0].link, TL_LINK_NONE);
    assert_int_equal(r.traces[1].link, TL_LINK_CONTEXT);
    assert_int_equal(r.traces[1].linked_to, 0);
    assert_int_equal(r.traces[2].link, TL_LINK_NONE);
}

static void error_lines_come_from_code(void **s)
{
    tl_reading r = read_body(*s, "<p>KeyError: no</p><pre>x\nValueError: a b \nE   TypeError: c\n"
                                 "  IndexError: d\nnote: e\nError\n</pre>", TL_HTML);
    assert_int_equal(r.n_errors, 3);
    is(r.errors[0].exception, "ValueError");
    is(r.errors[0].message, "a b");
    is(r.errors[1].exception, "TypeError");
    is(r.errors[2].message, "d");
}

static void the_system_is_that_of_the_paths(void **s)
{
    assert_int_equal(read_body(*s, TRACE, TL_TEXT).os, TL_OS_UNIX);
    assert_int_equal(read_body(*s, "  File \"C:\\x\\run.py\", line 3, in f\n", TL_TEXT).os,
                     TL_OS_WINDOWS);
    assert_int_equal(read_body(*s, "  File \"C:/x/run.py\", line 3, in f\n", TL_TEXT).os,
                     TL_OS_WINDOWS);
    assert_int_equal(read_body(*s, "  File \"run.py\", line 3, in f\n", TL_TEXT).os, TL_OS_UNKNOWN);
    assert_int_equal(read_body(*s, "x", TL_TEXT).os, TL_OS_UNKNOWN);
}

/* What the reading points to outlives the body. */
static void the_body_may_go_away(void **s)
{
    state *st = *s;
    tl_error err;
    tl_reading r;
    char *body = strdup("\xFF\n" TRACE);
    assert_non_null(body);
    tl_post post = {.body = tl_str_from(body), .format = TL_TEXT};
    tl_arena_reset(&st->arena);
    assert_int_equal(tl_full_read(st->full, &post, &st->arena, &r, &err), TL_OK);
    memset(body, 'x', strlen(body));
    free(body);
    assert_int_equal(r.n_traces, 1);
    is(r.traces[0].frames[1].function, "f");
    is(r.traces[0].frames[1].path, "/home/ana/run.py");
    is(r.errors[0].exception, "ValueError");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_are_tokens_with_a_letter, setup, teardown),
        cmocka_unit_test_setup_teardown(code_lines_are_not_blank, setup, teardown),
        cmocka_unit_test_setup_teardown(traces_come_from_code, setup, teardown),
        cmocka_unit_test_setup_teardown(html_prose_needs_a_header, setup, teardown),
        cmocka_unit_test_setup_teardown(markdown_is_read_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(traces_end_at_a_fence, setup, teardown),
        cmocka_unit_test_setup_teardown(chains_link_within_the_post, setup, teardown),
        cmocka_unit_test_setup_teardown(error_lines_come_from_code, setup, teardown),
        cmocka_unit_test_setup_teardown(the_system_is_that_of_the_paths, setup, teardown),
        cmocka_unit_test_setup_teardown(the_body_may_go_away, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
