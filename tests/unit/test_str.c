/* Borrowed strings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/str.h"

static int sign(int c)
{
    return (c > 0) - (c < 0);
}

static void test_equal(void **state)
{
    (void)state;
    const tl_str absent = {NULL, 0};
    assert_true(tl_str_eq(TL_STR("abc"), TL_STR("abc")));
    assert_false(tl_str_eq(TL_STR("abc"), TL_STR("abd")));
    assert_false(tl_str_eq(TL_STR("abc"), TL_STR("ab")));
    assert_true(tl_str_eq(TL_STR(""), absent));
    assert_true(tl_str_eq(absent, absent));
    assert_true(tl_str_eq(TL_STR("a\0b"), TL_STR("a\0b")));
    assert_false(tl_str_eq(TL_STR("a\0b"), TL_STR("a\0c")));
}

static void test_from(void **state)
{
    (void)state;
    static const char text[] = "hello";
    assert_int_equal(tl_str_from(text).len, 5);
    assert_null(tl_str_from(NULL).data);
    assert_int_equal(tl_str_from(NULL).len, 0);
    assert_true(tl_str_eq(tl_str_range(text + 1, text + 3), TL_STR("el")));
}

static void test_order_is_that_of_the_bytes(void **state)
{
    (void)state;
    static const char *const rising[] = {"", "A", "Ab", "B", "a", "a\x01", "ab", "b", "\x7F", "\xC3\xA4", "\xFF"};
    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++)
        for (size_t k = 0; k < sizeof rising / sizeof *rising; k++)
            assert_int_equal(sign(tl_str_cmp(tl_str_from(rising[i]), tl_str_from(rising[k]))), (i > k) - (i < k));
    assert_int_equal(tl_str_cmp((tl_str){NULL, 0}, TL_STR("")), 0);
}

static void test_case_of_ascii_letters(void **state)
{
    (void)state;
    assert_true(tl_str_eq_nocase(TL_STR("UtF-8"), "utf-8"));
    assert_true(tl_str_eq_nocase(TL_STR("@[`{"), "@[`{"));
    assert_false(tl_str_eq_nocase(TL_STR("@"), "`"));
    assert_false(tl_str_eq_nocase(TL_STR("["), "{"));
    assert_false(tl_str_eq_nocase(TL_STR("utf"), "utf-8"));
    assert_false(tl_str_eq_nocase(TL_STR("\xC3\x84"), "\xC3\xA4"));
}

static void test_find(void **state)
{
    (void)state;
    tl_str s = TL_STR("abcabc");
    assert_int_equal(tl_str_find(s, TL_STR("abc"), 0), 0);
    assert_int_equal(tl_str_find(s, TL_STR("abc"), 1), 3);
    assert_int_equal(tl_str_find(s, TL_STR("abc"), 4), SIZE_MAX);
    assert_int_equal(tl_str_find(s, TL_STR("x"), 0), SIZE_MAX);
    assert_int_equal(tl_str_find(s, TL_STR(""), 6), 6);
    assert_int_equal(tl_str_find(s, TL_STR(""), 7), SIZE_MAX);
    assert_int_equal(tl_str_find(s, TL_STR("abcabca"), 0), SIZE_MAX);
    assert_int_equal(tl_str_find(TL_STR("a\0b"), TL_STR("\0b"), 0), 1);
    assert_int_equal(tl_str_find((tl_str){NULL, 0}, TL_STR("a"), 0), SIZE_MAX);
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0}, {"-0", 0}, {"7", 7}, {"-7", -7}, {"007", 7}, {"9223372036854775807", INT64_MAX},
                {"-9223372036854775807", INT64_MIN + 1}, {"-9223372036854775808", INT64_MIN}};
    static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "--1", "1-", "9223372036854775808",
                                      "-9223372036854775809", "99999999999999999999999", "\xD9\xA1"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t v = 42;
        assert_true(tl_str_to_int64(tl_str_from(good[i].text), &v));
        assert_true(v == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t v = 42;
        if (tl_str_to_int64(tl_str_from(bad[i]), &v) || v != 42)
            fail_msg("\"%s\" was taken for a number", bad[i]);
    }
    int64_t v;
    assert_false(tl_str_to_int64(TL_STR("1\0"), &v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_from),
        cmocka_unit_test(test_order_is_that_of_the_bytes),
        cmocka_unit_test(test_case_of_ascii_letters),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
