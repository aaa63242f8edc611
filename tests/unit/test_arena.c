/* Memory that is given back all at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdalign.h>

#include "base/arena.h"
#include "tests/support/databases.h"

static void test_pieces_are_aligned_and_apart(void **state)
{
    (void)state;
    test_random random = test_random_new("test_pieces_are_aligned_and_apart", 1);
    tl_arena a = {0};
    for (int round = 0; round < 20; round++) {
        unsigned char *pieces[500];
        size_t sizes[500];
        for (int i = 0; i < 500; i++) {
            sizes[i] = test_random_below(&random, test_random_below(&random, 50) ? 100 : 100000);
            pieces[i] = tl_arena_alloc(&a, sizes[i]);
            assert_non_null(pieces[i]);
            assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
            memset(pieces[i], i & 0xFF, sizes[i]);
        }
        for (int i = 0; i < 500; i++) /* nobody wrote over anybody */
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(pieces[i][k], i & 0xFF);
        tl_arena_reset(&a);
    }
    tl_arena_free(&a);
    tl_arena_free(&a); /* empty again */
}

static void test_calloc_is_zeroed(void **state)
{
    (void)state;
    tl_arena a = {0};
    memset(tl_arena_alloc(&a, 10000), 0xAA, 10000);
    tl_arena_reset(&a); /* the same memory comes again */
    const unsigned char *p = tl_arena_calloc(&a, 100, 100);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(p[i], 0);
    assert_null(tl_arena_calloc(&a, SIZE_MAX / 2, 3));
    assert_null(tl_arena_alloc(&a, SIZE_MAX));
    assert_null(tl_arena_alloc(&a, SIZE_MAX / 2));
    assert_non_null(tl_arena_alloc(&a, 1)); /* a refusal harms nothing */
    tl_arena_free(&a);
}

static void test_copies_end_in_nul(void **state)
{
    (void)state;
    tl_arena a = {0};
    char text[] = "abc";
    tl_str copy = tl_arena_copy(&a, (tl_str){text, 2}), empty = tl_arena_copy(&a, (tl_str){NULL, 0});
    text[0] = 'x';
    assert_string_equal(copy.data, "ab");
    assert_int_equal(copy.len, 2);
    assert_non_null(empty.data); /* empty, not absent */
    assert_string_equal(empty.data, "");
    assert_int_equal(tl_arena_copy(&a, TL_STR("a\0b")).len, 3);
    tl_arena_free(&a);
}

static void test_reset_keeps_memory(void **state)
{
    (void)state;
    tl_arena a = {0};
    tl_arena_reset(&a); /* of an empty one */
    void *first = tl_arena_alloc(&a, 10000);
    tl_arena_reset(&a);
    assert_ptr_equal(tl_arena_alloc(&a, 10000), first);
    for (int i = 0; i < 100; i++)
        tl_arena_alloc(&a, 10000);
    tl_arena_reset(&a);
    tl_arena_block *kept = a.head;
    assert_non_null(kept);
    tl_arena_alloc(&a, 10000);
    assert_ptr_equal(a.head, kept);
    tl_arena_free(&a);
    assert_null(a.head);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_are_aligned_and_apart),
        cmocka_unit_test(test_calloc_is_zeroed),
        cmocka_unit_test(test_copies_end_in_nul),
        cmocka_unit_test(test_reset_keeps_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
