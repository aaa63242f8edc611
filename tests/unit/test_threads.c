/* Work shared between threads: each item once, whatever the number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/threads.h"

typedef struct tally {
    atomic_int *items;
    atomic_int busy[300];
    size_t n, grain;
    int threads;
    atomic_int wrong;
} tally;

static void count(void *ctx, size_t begin, size_t end, int worker)
{
    tally *t = ctx;
    if (begin >= end || end > t->n || (t->grain && end - begin > t->grain) || worker < 0 || worker >= t->threads ||
        atomic_exchange(&t->busy[worker], 1))
        atomic_fetch_add(&t->wrong, 1);
    for (size_t i = begin; i < end; i++)
        atomic_fetch_add(&t->items[i], 1);
    atomic_store(&t->busy[worker], 0);
}

static void check(size_t n, size_t grain, int threads)
{
    tally t = {.items = calloc(n + 1, sizeof *t.items), .n = n, .grain = grain, .threads = threads < 1 ? 1 : threads};
    tl_parallel_for(n, grain, threads, count, &t);
    assert_int_equal(t.wrong, 0);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(t.items[i], 1);
    assert_int_equal(t.items[n], 0);
    free(t.items);
}

static void test_each_item_once(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 3, 7, 100, 10001}, grains[] = {0, 1, 3, 100, 100000};
    static const int threads[] = {-1, 0, 1, 2, 3, 8, 64};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t g = 0; g < sizeof grains / sizeof *grains; g++)
            for (size_t t = 0; t < sizeof threads / sizeof *threads; t++)
                if (sizes[s] < 10000 || threads[t] < 8)
                    check(sizes[s], grains[g], threads[t]);
}

static void test_more_threads_than_there_can_be(void **state)
{
    (void)state;
    check(1000, 1, 299);
    check(1, 1, 299);
}

static void test_processors(void **state)
{
    (void)state;
    assert_true(tl_cpu_count() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_item_once),
        cmocka_unit_test(test_more_threads_than_there_can_be),
        cmocka_unit_test(test_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
