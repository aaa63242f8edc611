/* Message templates: the same error with other values has the same template, and
 * different errors keep different ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "extract/grammar/template.h"

static char *template_of(const char *message)
{
    tl_buf b = {0};
    tl_template(tl_str_from(message), &b);
    assert_false(b.failed);
    char *copy = strdup(b.data ? b.data : "");
    assert_non_null(copy);
    tl_buf_free(&b);
    return copy;
}

static void check(const char *message, const char *expected)
{
    char *got = template_of(message);
    assert_string_equal(got, expected);
    free(got);
}

static void values_are_replaced(void **state)
{
    (void)state;
    check("Incompatible shapes: [32,784] vs. [32,2352]",
          "Incompatible shapes: [NUM,NUM] vs. [NUM,NUM]");
    check("name 'df' is not defined", "name STR is not defined");
    check("list index out of range", "list index out of range");
    check("'x'", "STR");
    check("u'x'", "STR");
    check("can't multiply sequence by non-int of type 'float'",
          "can't multiply sequence by non-int of type STR");
    check("don't do 'that'", "don't do STR");
    check("name \xE2\x80\x98x\xE2\x80\x99 is not defined", "name STR is not defined");
    check("<_io.BytesIO object at 0x10d025888>", "<_io.BytesIO object at HEX>");
    check("no run 3f2a9c0b-11d2-4e55-9a01-77c0ffee1234 here", "no run HEX here");
    check("[Errno 2] No such file or directory: 'data/train.csv'",
          "[Errno NUM] No such file or directory: STR");
    check("Unable to open file /home/ana/w.h5", "Unable to open file PATH");
    check("cannot read C:\\data\\w.h5 now", "cannot read PATH now");
    check("libcudnn.so.7: cannot open shared object file: No such file or directory",
          "PATH: cannot open shared object file: No such file or directory");
    check("HTTP Error 404 for https://example.org/a?b=1", "HTTP Error NUM for PATH?b=NUM");
    check("mat1 and mat2 shapes cannot be multiplied (32x784 and 100x10)",
          "mat1 and mat2 shapes cannot be multiplied (SHAPE and SHAPE)");
    check("Shapes (None, 1) and (None, 3) are incompatible",
          "Shapes SHAPE and SHAPE are incompatible");
    check("Expected 2.0.0+cu117, found 1.13.1", "Expected NUM, found NUM");
    check("Tried to allocate 20.00 MiB (GPU 0; 11.17 GiB total capacity)",
          "Tried to allocate NUM (GPU NUM; NUM total capacity)");
    check("No layer conv2d_3", "No layer conv2d_NUM");
    check("An error occurred while calling o46.fit.\n: java.lang.OutOfMemoryError: heap",
          "An error occurred while calling oNUM.fit. : java.lang.OutOfMemoryError: heap");
    check("expected float32 but got int64", "expected float32 but got int64");
    check("", "");
    check("\n\n***\n  Resource 'punkt' not found.\n", "Resource STR not found.");
    check("Command '['make', '-j']' returned non-zero exit status 2.",
          "Command STR returned non-zero exit status NUM.");
}

/* Each row: the same error, other values. */
static void same_errors_agree(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Incompatible shapes: [64,10] vs. [128,10]",
         "Incompatible shapes: [32,784] vs. [32,2352]"},
        {"input shape [1, 3, 224, 224] is invalid", "input shape [8, 3, 32] is invalid"},
        {"Shapes (None, 1) and (32, None) are incompatible",
         "Shapes (None, 10, 2) and (None, 3) are incompatible"},
        {"No module named 'torch'", "No module named \"numpy.core\""},
        {"cannot open /usr/lib/a.so", "cannot open ~/b/c.txt"},
        {"object at 0x7f00 is gone", "object at 0xdeadbeef0 is gone"},
        {"found at least two devices, cuda:0 and cpu!",
         "found at least two devices, cpu and cuda:1!"},
        {"requires version 1.2.3", "requires version 10.0rc1"},
        {"took 3.5 s at step -1", "took 1e-05 s at step 2000"},
        {"Tried to allocate 2.00 GiB", "Tried to allocate 512.00 MiB"},
        {"line 3   of\tfile", "line 12 of file"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char *a = template_of(pairs[i][0]), *b = template_of(pairs[i][1]);
        assert_string_equal(a, b);
        free(a);
        free(b);
    }
}

static void different_errors_differ(void **state)
{
    (void)state;
    static const char *const messages[] = {
        "list index out of range",
        "tuple index out of range",
        "expected Float but got Double",
        "expected Long but got Double",
        "division by zero",
        "float division by zero",
        "name 'x' is not defined",
        "free variable 'x' referenced before assignment",
        "No module named 'x'",
        "cannot import name 'x' from 'y'",
        "Incompatible shapes: [1,2] vs. [3,4]",
        "Matrix size-incompatible: In[0]: [1,2], In[1]: [3,4]",
        "An error occurred while calling o1.fit.\n: java.lang.OutOfMemoryError: heap",
        "An error occurred while calling o1.fit.\n: java.io.IOException: heap",
    };
    enum { N = sizeof messages / sizeof *messages };
    char *t[N];
    for (size_t i = 0; i < N; i++)
        t[i] = template_of(messages[i]);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(t[i], t[j]);
    for (size_t i = 0; i < N; i++)
        free(t[i]);
}

static void long_messages_are_cut_between_characters(void **state)
{
    (void)state;
    for (size_t n = TL_TEMPLATE_MAX - 4; n < TL_TEMPLATE_MAX + 4; n++) {
        char message[TL_TEMPLATE_MAX + 16];
        memset(message, 'a', n);
        memcpy(message + n, "\xE2\x82\xAC", 4);
        char *t = template_of(message);
        size_t len = strlen(t);
        assert_true(len <= TL_TEMPLATE_MAX);
        assert_true(t[len - 1] == 'a' || t[len - 1] == '\xAC');
        free(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_replaced),
        cmocka_unit_test(same_errors_agree),
        cmocka_unit_test(different_errors_differ),
        cmocka_unit_test(long_messages_are_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
