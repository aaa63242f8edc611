/* Growing byte strings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/buf.h"
#include "tests/support/databases.h"

static void test_a_zeroed_buffer_is_empty(void **state)
{
    (void)state;
    tl_buf b = {0};
    assert_int_equal(tl_buf_str(&b).len, 0);
    assert_string_equal(tl_buf_str(&b).data, "");
    assert_int_equal(tl_buf_check(&b, "x", NULL), TL_OK);
    tl_buf_clear(&b);
    tl_buf_free(&b);
    assert_null(b.data);
}

static void test_appending(void **state)
{
    (void)state;
    tl_buf b = {0};
    tl_buf_add(&b, "a\0b", 3);
    tl_buf_add(&b, NULL, 0);
    tl_buf_add_cstr(&b, "cd");
    tl_buf_add_str(&b, TL_STR("ef"));
    tl_buf_add_str(&b, (tl_str){NULL, 0});
    tl_buf_add_char(&b, 'g');
    tl_buf_printf(&b, "%d-%s", 42, "h");
    assert_int_equal(b.len, 12);
    assert_memory_equal(b.data, "a\0bcdefg42-h", 13); /* with the NUL behind */
    tl_buf_clear(&b);
    assert_int_equal(b.len, 0);
    assert_string_equal(b.data, "");
    tl_buf_free(&b);
}

/* Every length, and so those that fill the buffer to its last byte but the NUL's. */
static void test_the_nul_has_room(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'x', sizeof text);
    for (size_t n = 0; n < sizeof text; n++) {
        tl_buf b = {0};
        tl_buf_add(&b, text, n);
        tl_buf_add(&b, text, 0);
        assert_int_equal(b.len, n);
        assert_true(b.len < b.cap);
        tl_buf_free(&b);
    }
}

static void test_long_printf(void **state)
{
    (void)state;
    tl_buf b = {0};
    tl_buf_printf(&b, "%100000d", 7);
    assert_int_equal(b.len, 100000);
    assert_int_equal(b.data[99999], '7');
    assert_int_equal(b.data[0], ' ');
    tl_buf_free(&b);
}

static void test_failure_is_remembered(void **state)
{
    (void)state;
    tl_buf b = {0};
    tl_error err;
    tl_buf_add_cstr(&b, "kept");
    assert_false(tl_buf_reserve(&b, SIZE_MAX - 2));
    assert_true(b.failed);
    tl_buf_add_cstr(&b, "lost");
    tl_buf_printf(&b, "lost");
    assert_string_equal(b.data, "kept");
    assert_int_equal(tl_buf_check(&b, "a text", &err), TL_NO_MEMORY);
    assert_non_null(strstr(err.message, "a text"));
    tl_buf_clear(&b); /* a new beginning */
    tl_buf_add_cstr(&b, "more");
    assert_int_equal(tl_buf_check(&b, "a text", &err), TL_OK);
    tl_buf_free(&b);
    assert_false(tl_buf_reserve(&b, SIZE_MAX / 2)); /* of an empty one */
    tl_buf_free(&b);
}

static void test_random_appends(void **state)
{
    (void)state;
    test_random random = test_random_new("test_random_appends", 1);
    char *expected = malloc(1 << 20);
    tl_buf b = {0};
    for (int round = 0; round < 50; round++) {
        size_t n = 0;
        tl_buf_clear(&b);
        for (int i = 0; i < 200; i++) {
            char piece[300];
            size_t length = test_random_below(&random, 300);
            for (size_t k = 0; k < length; k++)
                piece[k] = (char)test_random_below(&random, 256);
            memcpy(expected + n, piece, length);
            n += length;
            if (test_random_below(&random, 10) == 0)
                assert_true(tl_buf_reserve(&b, test_random_below(&random, 5000)));
            tl_buf_add(&b, piece, length);
            assert_int_equal(b.data[b.len], '\0');
            assert_true(b.len < b.cap);
        }
        assert_int_equal(b.len, n);
        assert_memory_equal(b.data, expected, n);
    }
    tl_buf_free(&b);
    free(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_zeroed_buffer_is_empty),
        cmocka_unit_test(test_appending),
        cmocka_unit_test(test_the_nul_has_room),
        cmocka_unit_test(test_long_printf),
        cmocka_unit_test(test_failure_is_remembered),
        cmocka_unit_test(test_random_appends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
