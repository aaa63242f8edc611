/* Where an exception's message of several lines ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "extract/grammar/grammar.h"

#define FRAME "Traceback (most recent call last):\n  File \"train.py\", line 7, in fit\n    step(x)\n"

typedef struct example {
    const char *text, *message; /* the message of the first trace; NULL: none */
} example;

static const example examples[] = {
    /* rules: what a tool draws below a traceback, and what torch draws above its message */
    {FRAME "ValueError: bad step\n-----\nnext", "bad step"},
    {FRAME "ValueError: bad step\n===== 1 failed =====\nnext", "bad step"},
    {FRAME "ValueError: bad step\n------ >> begin captured log << ------\nnext", "bad step"},
    {FRAME "ValueError: bad step\n--- expected\n+++ got", "bad step\n--- expected\n+++ got"},
    {FRAME "launch.ChildError: \n==========\nfit.py FAILED\n----------\nRoot Cause:",
     "\nfit.py FAILED"},
    {FRAME "launch.ChildError: \n==========\n", NULL},
    {FRAME "launch.ChildError: two of them:\n\n==========\nnext", "two of them:"},
    {FRAME "launch.ChildError: \n===== 1 failed =====\nnext", NULL},
    /* the prompts of shells */
    {FRAME "ValueError: bad step\n\xE2\x94\x8C\xE2\x94\x80[ana@host]\xE2\x94\x80[~]\n"
           "\xE2\x94\x94\xE2\x94\x80$ ls", "bad step"},
    {FRAME "ValueError: bad step\n\xE2\x9E\x9C  project ls", "bad step"},
    /* a warning of Python's */
    {FRAME "ValueError: bad step\n/a/x.py:12: UserWarning: slow\n  f(x)", "bad step"},
    {FRAME "ValueError: bad step\n/a/x.cpp:12: error: no f", "bad step\n/a/x.cpp:12: error: no f"},
    /* where a collector's time stands before every line, only what is announced goes on */
    {"2024-03-05T10:20:30.1Z begin\n2024-03-05T10:20:30.12Z Traceback (most recent call last):\n"
     "2024-03-05T10:20:30.123Z   File \"train.py\", line 7, in fit\n"
     "2024-03-05T10:20:30.1234Z ValueError: bad step\n2024-03-05T10:20:31Z next", "bad step"},
    {"job\tstep\t2024-03-05T10:20:30Z begin\njob\tstep\t2024-03-05T10:20:30Z Traceback (most recent call last):\n"
     "job\tstep\t2024-03-05T10:20:30Z   File \"train.py\", line 7, in fit\n"
     "job\tstep\t2024-03-05T10:20:30Z ValueError:\njob\tstep\t2024-03-05T10:20:31Z bad step", "\nbad step"},
    {"2024-03-05T10:20:30.123Z ERROR failed\n" FRAME "ValueError: bad step\n"
     "2024-03-05T10:20:31.123Z next", "bad step"},
    /* other writers of a log */
    {FRAME "ValueError: bad step\n(pid=12) next\n", "bad step"},
    {FRAME "ValueError: bad step\n[rank0]: Traceback (most recent call last):\n"
           "[rank0]:   File \"train.py\", line 9, in f\n", "bad step"},
    /* the text that an indented traceback stands in */
    {"So:\n      File \"train.py\", line 7, in fit\n        step(x)\n    ValueError: bad step\n\n"
     "  and then nothing", "bad step"},
    {"So:\n      File \"train.py\", line 7, in fit\n        step(x)\n    ValueError: bad step,\n"
     "    or a worse one", "bad step,\n    or a worse one"},
    /* the end of a string in JSON */
    {"{\"trace\": \"Traceback (most recent call last):\\n  File \\\"a.py\\\", line 7, in fit\\n"
     "ValueError: bad step\\n\",\n \"epochs\": 3\n}\n", "bad step"},
};

static void messages_end_where_they_do(void **state)
{
    (void)state;
    tl_grammar *g;
    tl_error err;
    assert_int_equal(tl_grammar_new(&g, &err), TL_OK);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const example *e = &examples[i];
        tl_arena arena = {0};
        tl_trace *traces;
        size_t n;
        assert_int_equal(tl_grammar_read(g, tl_str_from(e->text), &arena, &traces, &n, &err),
                         TL_OK);
        if (n == 0)
            fail_msg("no trace in:\n%s", e->text);
        tl_str want = e->message ? tl_str_from(e->message) : TL_STR("");
        if (!tl_str_eq(traces[0].message, want))
            fail_msg("\"" TL_STR_FMT "\" is not the message of:\n%s",
                     TL_STR_ARG(traces[0].message), e->text);
        tl_arena_free(&arena);
    }
    tl_grammar_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(messages_end_where_they_do)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
