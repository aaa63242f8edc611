/* Every form of the table of lines, by an example and its parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "extract/grammar/lines.h"

typedef struct example {
    const char *text;
    tl_line_kind kind;
    const char *path, *number, *name, *rest; /* NULL: empty or absent */
} example;

static const example examples[] = {
    {"", TL_LINE_BLANK, NULL, NULL, NULL, NULL},
    {" \t ", TL_LINE_BLANK, NULL, NULL, NULL, NULL},
    {"Traceback (most recent call last):", TL_LINE_HEADER, NULL, NULL, NULL, NULL},
    {"Original Traceback (most recent call last):", TL_LINE_HEADER, NULL, NULL, NULL, NULL},
    {"Exception Group Traceback (most recent call last):", TL_LINE_HEADER, NULL, NULL, NULL, NULL},
    {"Traceback of TorchScript (most recent call last):", TL_LINE_HEADER, NULL, NULL, NULL, NULL},
    {"KeyError       Traceback (most recent call last)", TL_LINE_IPYTHON_HEADER, NULL, NULL, "KeyError", NULL},
    {"Stack (most recent call last):", TL_LINE_STACK_HEADER, NULL, NULL, NULL, NULL},
    {"Call stack:", TL_LINE_STACK_HEADER, NULL, NULL, NULL, NULL},
    {"Detected at node 'a/b' defined at (most recent call last):", TL_LINE_STACK_HEADER, NULL, NULL, NULL, NULL},
    {"Caused by op u'save', defined at:", TL_LINE_STACK_HEADER, NULL, NULL, NULL, NULL},
    {"Original stack trace for 'save':", TL_LINE_STACK_HEADER, NULL, NULL, NULL, NULL},
    {"Current thread 0x00007f (most recent call first):", TL_LINE_REVERSE_HEADER, NULL, NULL, NULL, NULL},
    {"  File \"a b.py\", line 3, in f", TL_LINE_FRAME, "a b.py", "3", "f", NULL},
    {"  File \"<stdin>\", line 1, in <module>", TL_LINE_FRAME, "<stdin>", "1", "<module>", NULL},
    {"File \"x.py\", line 3, in", TL_LINE_FRAME, "x.py", "3", NULL, NULL},
    {"File \"x.py\", line 3 in f", TL_LINE_FRAME, "x.py", "3", "f", NULL},
    {"File \"x.pyx\", line 3, in m.C.f (x.c:12)", TL_LINE_FRAME, "x.pyx", "3", "m.C.f", "(x.c:12)"},
    {"File \"x.py\", line 3, in train_function  *", TL_LINE_FRAME, "x.py", "3", "train_function", "*"},
    {"> File \"x.py\", line 3, in f", TL_LINE_FRAME, "x.py", "3", "f", NULL},
    {"File \xE2\x80\x9Cx.py\xE2\x80\x9D, line 3, in f", TL_LINE_FRAME, "x.py", "3", "f", NULL},
    {"File \"x.py\" in get_response", TL_LINE_FRAME, "x.py", NULL, "get_response", NULL},
    {"  File \"x.py\", line 3", TL_LINE_SYNTAX_FRAME, "x.py", "3", NULL, NULL},
    {"Cell In[5], line 3", TL_LINE_CELL_FRAME, "Cell In[5]", "3", NULL, NULL},
    {"Cell In [5], line 3, in f(a, b)", TL_LINE_CELL_FRAME, "Cell In [5]", "3", "f", NULL},
    {"Input In [5], in <cell line: 1>()", TL_LINE_CELL_FRAME, "Input In [5]", NULL, "<cell line: 1>", NULL},
    {"Input In [5]", TL_LINE_CELL_FRAME, "Input In [5]", NULL, NULL, NULL},
    {"/a b/x.ipynb Cell 9' in <cell line: 2>()", TL_LINE_CELL_FRAME, "/a b/x.ipynb Cell 9", NULL, "<cell line: 2>", NULL},
    {"C:\\a\\x.ipynb Cell 20 line 3", TL_LINE_CELL_FRAME, "C:\\a\\x.ipynb Cell 20", "3", NULL, NULL},
    {"x.ipynb Cell 7 in 5", TL_LINE_CELL_FRAME, "x.ipynb Cell 7", "5", NULL, NULL},
    {"see x.ipynb Cell 7 for it", TL_LINE_TEXT, NULL, NULL, NULL, NULL},
    {"<ipython-input-5-0a> in f(a)", TL_LINE_IPYTHON_FRAME, "<ipython-input-5-0a>", NULL, "f", NULL},
    {"~/a b/x.py in <module>", TL_LINE_IPYTHON_FRAME, "~/a b/x.py", NULL, "<module>", NULL},
    {"C:\\a\\x.py in <module>()", TL_LINE_IPYTHON_FRAME, "C:\\a\\x.py", NULL, "<module>", NULL},
    {"/a/x.py in ?(self)", TL_LINE_IPYTHON_FRAME, "/a/x.py", NULL, "?", NULL},
    {"/a/x.py in", TL_LINE_IPYTHON_FRAME, "/a/x.py", NULL, NULL, NULL},
    {"pandas/_libs/lib.pyx in pandas._libs.lib.f()", TL_LINE_IPYTHON_FRAME, "pandas/_libs/lib.pyx", NULL, "pandas._libs.lib.f", NULL},
    {"File ~/x.py:12, in A.<locals>.f(a)", TL_LINE_IPYTHON_FRAME, "~/x.py", "12", "A.<locals>.f", NULL},
    {"File C:\\x.py:12", TL_LINE_IPYTHON_FRAME, "C:\\x.py", "12", NULL, NULL},
    {" in ()", TL_LINE_IPYTHON_FRAME, NULL, NULL, NULL, NULL},
    {" in f(a)", TL_LINE_IPYTHON_FRAME, NULL, NULL, "f", NULL},
    {"in", TL_LINE_IPYTHON_FRAME, NULL, NULL, NULL, NULL},
    {"forward(self, *input)", TL_LINE_FUNCTION, NULL, NULL, "forward", NULL},
    {"<module>()", TL_LINE_FUNCTION, NULL, NULL, "<module>", NULL},
    {"/a b/x.py:12 in f", TL_LINE_RICH_FRAME, "/a b/x.py", "12", "f", NULL},
    {"in <module>:7", TL_LINE_RICH_FRAME, NULL, "7", "<module>", NULL},
    {"/a/x.py:855 train_function  *", TL_LINE_AUTOGRAPH_FRAME, "/a/x.py", "855", "train_function", NULL},
    {"tests/x.py:8: in test_a", TL_LINE_PYTEST_FRAME, "tests/x.py", "8", "test_a", NULL},
    {"tests/x.py:8: ", TL_LINE_PYTEST_PLACE, "tests/x.py", "8", NULL, NULL},
    {"x.py:8: ValueError", TL_LINE_PYTEST_PLACE, "x.py", "8", "ValueError", NULL},
    {"E   ValueError: a", TL_LINE_PYTEST_ERROR, NULL, NULL, NULL, "ValueError: a"},
    {"E", TL_LINE_PYTEST_ERROR, NULL, NULL, NULL, NULL},
    {">       f(1)", TL_LINE_PYTEST_SOURCE, NULL, NULL, NULL, "f(1)"},
    {"____________ test_a ____________", TL_LINE_PYTEST_RULE, NULL, NULL, NULL, NULL},
    {"_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ ", TL_LINE_PYTEST_RULE, NULL, NULL, NULL, NULL},
    {"    async def f(x):", TL_LINE_DEF, NULL, NULL, "f", NULL},
    {"Failed example:", TL_LINE_DOCTEST, NULL, NULL, NULL, NULL},
    {"---> 3     f(1)", TL_LINE_ARROW, NULL, "3", NULL, "    f(1)"},
    {"\xE2\x9D\xB1 12 f(1)", TL_LINE_ARROW, NULL, "12", NULL, "f(1)"},
    {"      2 x = 1", TL_LINE_LISTING, NULL, NULL, NULL, NULL},
    {"   (...)", TL_LINE_LISTING, NULL, NULL, NULL, NULL},
    {"    ~~~^^^^", TL_LINE_CARETS, NULL, NULL, NULL, NULL},
    {"17:55:56", TL_LINE_STAMP, NULL, NULL, NULL, NULL},
    {"2019-10-01T17:55:56.123Z", TL_LINE_STAMP, NULL, NULL, NULL, NULL},
    {"\xEF\x85\x81", TL_LINE_STAMP, NULL, NULL, NULL, NULL},
    {"  [Previous line repeated 996 more times]", TL_LINE_REPEATED, NULL, NULL, NULL, NULL},
    {"  ...", TL_LINE_CUT, NULL, NULL, NULL, NULL},
    {"<snip>", TL_LINE_CUT, NULL, NULL, NULL, NULL},
    {"[truncated]", TL_LINE_CUT, NULL, NULL, NULL, NULL},
    {"During handling of the above exception, another exception occurred:", TL_LINE_CONTEXT, NULL, NULL, NULL, NULL},
    {"The above exception was the direct cause of the following exception:", TL_LINE_CAUSE, NULL, NULL, NULL, NULL},
    {"+-+---------------- 1 ----------------", TL_LINE_GROUP_RULE, NULL, NULL, NULL, NULL},
    {"    +---------------- ... ----------------", TL_LINE_GROUP_RULE, NULL, NULL, NULL, NULL},
    {"  +------------------------------------", TL_LINE_GROUP_RULE, NULL, NULL, NULL, NULL},
    {"---------------------------", TL_LINE_RULE, NULL, NULL, NULL, NULL},
    {"a.b.MyError: x: y", TL_LINE_EXCEPTION, NULL, NULL, "a.b.MyError", "x: y"},
    {"AssertionError```", TL_LINE_EXCEPTION, NULL, NULL, "AssertionError", "```"},
    {"KeyboardInterrupt", TL_LINE_EXCEPTION, NULL, NULL, "KeyboardInterrupt", NULL},
    {"RayTaskError(KeyError): x", TL_LINE_EXCEPTION, NULL, NULL, "RayTaskError(KeyError)", "x"},
    {"f.<locals>.Bad: x", TL_LINE_EXCEPTION, NULL, NULL, "f.<locals>.Bad", "x"},
    {"**ValueError: x**", TL_LINE_EXCEPTION, NULL, NULL, "ValueError", "x"},
    {"InvalidArgumentError (see above for traceback): x", TL_LINE_EXCEPTION, NULL, NULL, "InvalidArgumentError", "(see above for traceback): x"},
    {"std::runtime_error", TL_LINE_TEXT, NULL, NULL, NULL, NULL},
    {"what is that?", TL_LINE_TEXT, NULL, NULL, NULL, NULL},
};

static void check(const example *e, const char *part, tl_str got, const char *expected)
{
    if (!tl_str_eq(got, tl_str_from(expected ? expected : "")))
        fail_msg("%s: the %s is \"" TL_STR_FMT "\"", e->text, part, TL_STR_ARG(got));
}

static void every_form_gives_its_parts(void **state)
{
    (void)state;
    tl_lines *lines;
    tl_error err;
    bool seen[TL_LINE_KINDS] = {false};
    assert_int_equal(tl_lines_new(&lines, &err), TL_OK);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const example *e = &examples[i];
        tl_line l;
        unsigned scopes = TL_SCOPE_ANY | TL_SCOPE_OPEN;
        if (e->kind >= TL_LINE_PYTEST_PLACE && e->kind <= TL_LINE_DEF)
            scopes |= TL_SCOPE_PYTEST;
        if (e->kind == TL_LINE_IPYTHON_FRAME)
            scopes |= TL_SCOPE_IPYTHON;
        if (e->kind == TL_LINE_RICH_FRAME)
            scopes |= TL_SCOPE_RICH;
        if (e->kind == TL_LINE_AUTOGRAPH_FRAME)
            scopes |= TL_SCOPE_AUTOGRAPH;
        if (e->kind == TL_LINE_FUNCTION)
            scopes |= TL_SCOPE_NAMELESS;
        assert_int_equal(tl_lines_read(lines, tl_str_from(e->text), scopes, &l), TL_OK);
        if (l.kind != e->kind)
            fail_msg("%s: kind %d, not %d", e->text, (int)l.kind, (int)e->kind);
        seen[l.kind] = true;
        check(e, "path", l.path, e->path);
        check(e, "number", l.number, e->number);
        check(e, "name", l.name, e->name);
        check(e, "rest", l.rest, e->rest);
    }
    for (size_t k = 0; k < TL_LINE_KINDS; k++)
        if (!seen[k])
            fail_msg("no example of kind %zu", k);
    tl_lines_free(lines);
}

static void a_fence_at_the_end_is_no_message(void **state)
{
    (void)state;
    static const struct {
        const char *message, *without;
    } all[] = {{"no 'get'```", "no 'get'"}, {"a\nb ````", "a\nb"}, {"```", ""},
               {"no `get``", "no `get``"},  {"see ```a```", "see ```a```"}, {"a``` b", "a``` b"},
               {"", ""}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_true(tl_str_eq(tl_without_fence(tl_str_from(all[i].message)),
                              tl_str_from(all[i].without)));
}

static void classes_that_say_they_are_exceptions(void **state)
{
    (void)state;
    static const char *const yes[] = {"ValueError", "a.b.Exception", "KeyboardInterrupt", "SystemExit",
                                      "StopIteration", "cv2.error", "socket.timeout", "queue.Empty",
                                      "RayTaskError(KeyError)", "ExceptionGroup", "a.DoesNotExist"};
    static const char *const no[] = {"main", "INFO", "error", "Epoch", "main(_args)", "Full", ""};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(tl_error_like(tl_str_from(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(tl_error_like(tl_str_from(no[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_gives_its_parts),
        cmocka_unit_test(a_fence_at_the_end_is_no_message),
        cmocka_unit_test(classes_that_say_they_are_exceptions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
