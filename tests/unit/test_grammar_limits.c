/* The grammar on text that wants too much: long lines, endless traces and messages,
 * cut streams, callbacks that fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "extract/grammar/grammar.h"

#define HEADER "Traceback (most recent call last):\n"
#define FRAME "  File \"x.py\", line 3, in f\n"

typedef struct totals {
    size_t traces, frames, message;
    int answer; /* what the callback returns */
} totals;

static int count(void *ctx, const tl_trace *t, tl_error *err)
{
    totals *c = ctx;
    c->traces++;
    c->frames += t->n_frames;
    c->message = t->message.len;
    return c->answer == TL_OK ? TL_OK : tl_fail(err, c->answer, "enough");
}

static int setup(void **s)
{
    tl_error err;
    return tl_grammar_new((tl_grammar **)s, &err) != TL_OK;
}

static int teardown(void **s)
{
    tl_grammar_free(*s);
    return 0;
}

static void feed(tl_grammar *g, const char *text, size_t times)
{
    tl_error err = {0};
    for (size_t i = 0; i < times; i++)
        assert_int_equal(tl_grammar_feed(g, tl_str_from(text), &err), TL_OK);
}

static totals finish(tl_grammar *g, totals *c)
{
    tl_error err = {0};
    assert_int_equal(tl_grammar_end(g, &err), TL_OK);
    return *c;
}

static void frames_are_bounded(void **s)
{
    totals c = {0};
    tl_grammar_begin(*s, count, &c);
    feed(*s, HEADER, 1);
    feed(*s, FRAME, TL_GRAMMAR_MAX_FRAMES + 10);
    feed(*s, "KeyError: 1\n", 1);
    finish(*s, &c);
    assert_int_equal(c.traces, 1);
    assert_int_equal(c.frames, TL_GRAMMAR_MAX_FRAMES);
    assert_int_equal(c.message, 1);
}

static void messages_are_bounded(void **s)
{
    totals c = {0};
    tl_grammar_begin(*s, count, &c);
    feed(*s, HEADER FRAME "KeyError: 1\n", 1);
    feed(*s, "  more of the message\n", 10000);
    finish(*s, &c);
    assert_int_equal(c.traces, 1);
    assert_true(c.message > TL_GRAMMAR_MAX_MESSAGE / 2);
    assert_true(c.message <= TL_GRAMMAR_MAX_MESSAGE);
}

static void long_lines_are_looked_at_in_part(void **s)
{
    totals c = {0};
    tl_grammar_begin(*s, count, &c);
    feed(*s, HEADER FRAME "KeyError: ", 1);
    feed(*s, "0123456789", 100000);
    feed(*s, "\n" HEADER FRAME "    g()\n", 1);
    feed(*s, "  ", 100000);
    feed(*s, "\nKeyError: 2\n", 1);
    finish(*s, &c);
    assert_int_equal(c.traces, 2);
    assert_int_equal(c.frames, 2);
    assert_int_equal(c.message, 1);
}

static void a_cut_stream_gives_what_was_there(void **s)
{
    totals c = {0};
    tl_grammar_begin(*s, count, &c);
    feed(*s, HEADER FRAME "    g()\n  File \"y.p", 1);
    finish(*s, &c);
    assert_int_equal(c.traces, 1);
    assert_int_equal(c.frames, 1);
}

static void a_failed_callback_stops_the_stream(void **s)
{
    totals c = {.answer = TL_IO};
    tl_error err = {0};
    tl_grammar_begin(*s, count, &c);
    tl_str text = TL_STR(HEADER FRAME "KeyError: 1\n" HEADER FRAME "KeyError: 2\n");
    assert_int_equal(tl_grammar_feed(*s, text, &err), TL_IO);
    assert_string_equal(err.message, "enough");
    assert_int_equal(c.traces, 1);
    /* The grammar is as new after begin. */
    c = (totals){0};
    tl_grammar_begin(*s, count, &c);
    feed(*s, HEADER FRAME "KeyError: 1\n", 1);
    finish(*s, &c);
    assert_int_equal(c.traces, 1);
}

static void nothing_is_no_trace(void **s)
{
    totals c = {0};
    tl_error err;
    tl_grammar_begin(*s, count, &c);
    finish(*s, &c);
    tl_arena arena = {0};
    tl_trace *traces;
    size_t n = 7;
    assert_int_equal(tl_grammar_read(*s, TL_STR(""), &arena, &traces, &n, &err), TL_OK);
    assert_int_equal(n, 0);
    assert_int_equal(c.traces, 0);
    tl_arena_free(&arena);
}

/* Every writer's open trace ends when the others have talked for long. */
static void silent_writers_are_given_up(void **s)
{
    totals c = {0};
    tl_grammar_begin(*s, count, &c);
    feed(*s, "(pid=1) " HEADER "(pid=1) " FRAME, 1);
    feed(*s, "(pid=2) working\n", 3000);
    assert_int_equal(c.traces, 1);
    feed(*s, "(pid=1) KeyError: 1\n", 1);
    finish(*s, &c);
    assert_int_equal(c.traces, 1);
}

/* A terminal wraps a header; the border between two blocks is no such wrap. */
static void a_header_may_be_broken_but_not_over_a_border(void **s)
{
    static const tl_part broken[] = {{.text = {"KeyError      Traceback (most recent call", 41}},
                                     {.text = {"last)  in f(a)\n----> 1 f()\n", 27}}};
    totals c = {0};
    tl_error err = {0};
    for (int border = 0; border < 2; border++) {
        tl_grammar_begin(*s, count, &c);
        assert_int_equal(tl_grammar_feed(*s, broken[0].text, &err), TL_OK);
        if (border)
            assert_int_equal(tl_grammar_border(*s, &broken[1], &err), TL_OK);
        else
            feed(*s, "\n", 1);
        assert_int_equal(tl_grammar_feed(*s, broken[1].text, &err), TL_OK);
        finish(*s, &c);
        assert_int_equal(c.traces, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(frames_are_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(messages_are_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(long_lines_are_looked_at_in_part, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cut_stream_gives_what_was_there, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failed_callback_stops_the_stream, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_no_trace, setup, teardown),
        cmocka_unit_test_setup_teardown(silent_writers_are_given_up, setup, teardown),
        cmocka_unit_test_setup_teardown(a_header_may_be_broken_but_not_over_a_border, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
