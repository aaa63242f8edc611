/* The tree of minima against looking at every entry. */
#include "miner/range_min.h"
#include "tests/support/databases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void check(const uint32_t *array, size_t n, test_random *r)
{
    tl_range_min tree;
    assert_true(tl_range_min_init(&tree, array, n));
    for (int k = 0; k < 300; k++) {
        size_t i = test_random_below(r, (uint32_t)n), next = i, previous = i;
        uint32_t bound = test_random_below(r, 1000) * test_random_below(r, 10);
        while (next < n && array[next] >= bound)
            next++;
        while (previous != SIZE_MAX && array[previous] >= bound)
            previous--;
        assert_int_equal(tl_range_min_next(&tree, i, bound), next);
        assert_int_equal(tl_range_min_previous(&tree, i, bound), previous);
    }
    assert_int_equal(tl_range_min_next(&tree, n, UINT32_MAX), n);
    tl_range_min_free(&tree);
}

static void equals_scan(void **state)
{
    (void)state;
    test_random r = test_random_new("equals_scan", 6);
    static const size_t sizes[] = {1, 2, 31, 32, 33, 64, 1023, 1024, 1025, 32768, 33000, 40001};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (uint32_t rare = 0; rare < 4; rare++) {
            uint32_t *array = malloc(sizes[k] * sizeof *array);
            assert_non_null(array);
            for (size_t i = 0; i < sizes[k]; i++)
                array[i] = rare && test_random_below(&r, rare * 3000) ? UINT32_MAX
                                                                      : test_random_below(&r, 9000);
            check(array, sizes[k], &r);
            free(array);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(equals_scan)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
