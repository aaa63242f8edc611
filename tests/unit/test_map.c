/* Byte strings to numbers, beside a plain list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/map.h"
#include "tests/support/databases.h"

enum { MAX_KEYS = 3000 };

static void test_an_empty_map(void **state)
{
    (void)state;
    tl_map m = {0};
    assert_null(tl_map_get(&m, TL_STR("a")));
    tl_map_clear(&m);
    tl_map_free(&m);
    tl_map_free(&m);
}

static void test_put_and_get(void **state)
{
    (void)state;
    tl_map m = {0};
    char key[] = "key";
    *tl_map_put(&m, tl_str_from(key), 5) += 1;
    assert_int_equal(*tl_map_put(&m, TL_STR("key"), 99), 6); /* was there: not fresh */
    key[0] = 'x';                                            /* the map has its own copy */
    assert_int_equal(*tl_map_get(&m, TL_STR("key")), 6);
    assert_null(tl_map_get(&m, TL_STR("ke")));
    assert_null(tl_map_get(&m, TL_STR("key\0")));
    assert_null(tl_map_get(&m, TL_STR("")));
    *tl_map_put(&m, TL_STR(""), 7) *= 2;
    assert_int_equal(*tl_map_get(&m, TL_STR("")), 14);
    *tl_map_put(&m, TL_STR("a\0b"), 1) = INT64_MIN;
    assert_null(tl_map_get(&m, TL_STR("a\0c")));
    assert_true(*tl_map_get(&m, TL_STR("a\0b")) == INT64_MIN);
    assert_int_equal(m.count, 3);
    tl_map_clear(&m);
    assert_null(tl_map_get(&m, TL_STR("key")));
    assert_int_equal(*tl_map_put(&m, TL_STR("key"), 1), 1);
    tl_map_free(&m);
}

static void test_integer_keys(void **state)
{
    (void)state;
    static const int64_t keys[] = {0, 1, -1, 256, INT64_MAX, INT64_MIN, 72057594037927936};
    tl_map m = {0};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        *tl_map_put(&m, tl_map_int_key(&keys[i]), 0) = (int64_t)i;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_int_equal(*tl_map_get(&m, tl_map_int_key(&keys[i])), i);
    assert_int_equal(m.count, sizeof keys / sizeof *keys);
    tl_map_free(&m);
}

/* Short keys over a small alphabet, so that many come again. */
static void test_random_keys(void **state)
{
    (void)state;
    test_random random = test_random_new("test_random_keys", 1);
    tl_map m = {0};
    for (int round = 0; round < 5; round++) {
        static char keys[MAX_KEYS][16];
        static size_t lengths[MAX_KEYS];
        static int64_t values[MAX_KEYS];
        size_t n = 0;
        for (int i = 0; i < MAX_KEYS; i++) {
            char key[16];
            size_t length = test_random_below(&random, 13), k = 0;
            for (size_t c = 0; c < length; c++)
                key[c] = (char)test_random_below(&random, 3);
            while (k < n && !(lengths[k] == length && memcmp(keys[k], key, length) == 0))
                k++;
            int64_t *v = tl_map_put(&m, (tl_str){key, length}, -1);
            assert_true(*v == (k < n ? values[k] : -1));
            memcpy(keys[k], key, length);
            lengths[k] = length;
            *v = values[k] = i;
            n += k == n;
            assert_true(m.count < m.cap); /* or a key that is not there is looked for without end */
        }
        assert_int_equal(m.count, n);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(*tl_map_get(&m, (tl_str){keys[k], lengths[k]}), values[k]);
        tl_map_clear(&m);
    }
    tl_map_free(&m);
}

/* Keys that differ only in one byte, as ids do: a bad hash would take for ever. */
static void test_a_million_ids(void **state)
{
    (void)state;
    for (int shift = 0; shift <= 40; shift += 20) {
        tl_map m = {0};
        for (int64_t i = 0; i < 300000; i++) {
            int64_t key = i << shift;
            *tl_map_put(&m, tl_map_int_key(&key), 0) = i;
        }
        assert_int_equal(m.count, 300000);
        for (int64_t i = 0; i < 300000; i += 7) {
            int64_t key = i << shift;
            assert_int_equal(*tl_map_get(&m, tl_map_int_key(&key)), i);
        }
        tl_map_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_map),  cmocka_unit_test(test_put_and_get),
        cmocka_unit_test(test_integer_keys),  cmocka_unit_test(test_random_keys),
        cmocka_unit_test(test_a_million_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
