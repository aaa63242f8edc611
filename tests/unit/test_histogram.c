/* Exact counts of values, beside a plain list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "extract/histogram.h"
#include "tests/support/databases.h"

enum { MAX_VALUES = 5000 };

typedef struct seen {
    int64_t values[MAX_VALUES], counts[MAX_VALUES];
    size_t n, stop_after; /* stop_after: return 7 at that one, 0 never */
} seen;

static int note(void *ctx, int64_t value, int64_t n)
{
    seen *s = ctx;
    assert_true(n > 0);
    for (size_t i = 0; i < s->n; i++)
        assert_true(s->values[i] != value);
    s->values[s->n] = value;
    s->counts[s->n++] = n;
    return s->n == s->stop_after ? 7 : 0;
}

static int64_t count_of(const seen *s, int64_t value)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->values[i] == value)
            return s->counts[i];
    return 0;
}

static const int64_t edges[] = {
    0, -1, 1, TL_HISTOGRAM_LOW, TL_HISTOGRAM_LOW - 1, TL_HISTOGRAM_LOW + TL_HISTOGRAM_DENSE - 1,
    TL_HISTOGRAM_LOW + TL_HISTOGRAM_DENSE, INT64_MAX, INT64_MIN + 1, 1000000,
};

static void test_edges(void **state)
{
    (void)state;
    tl_histogram *h = calloc(1, sizeof *h);
    seen s = {0};
    size_t n = sizeof edges / sizeof *edges;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k <= i; k++)
            assert_true(tl_histogram_add(h, edges[i]));
    assert_int_equal(tl_histogram_flush(h, note, &s), 0);
    assert_int_equal(s.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(count_of(&s, edges[i]), i + 1);
    seen none = {0};
    assert_int_equal(tl_histogram_flush(h, note, &none), 0); /* forgotten */
    assert_int_equal(none.n, 0);
    tl_histogram_free(h);
    free(h);
}

static void test_random_values(void **state)
{
    (void)state;
    test_random random = test_random_new("test_random_values", 1);
    tl_histogram *h = calloc(1, sizeof *h);
    for (int round = 0; round < 20; round++) { /* the same one, flushed again and again */
        int64_t values[MAX_VALUES];
        for (size_t i = 0; i < MAX_VALUES; i++) {
            values[i] = (int64_t)test_random_below(&random, test_random_below(&random, 2) ? 200 : 2000000000) - 100;
            assert_true(tl_histogram_add(h, values[i]));
        }
        seen *s = calloc(1, sizeof *s);
        int64_t sum = 0;
        assert_int_equal(tl_histogram_flush(h, note, s), 0);
        for (size_t i = 0; i < s->n; i++)
            sum += s->counts[i];
        assert_int_equal(sum, MAX_VALUES);
        for (size_t i = 0; i < MAX_VALUES; i += 50) {
            int64_t n = 0;
            for (size_t k = 0; k < MAX_VALUES; k++)
                n += values[k] == values[i];
            assert_int_equal(count_of(s, values[i]), n);
        }
        free(s);
    }
    tl_histogram_free(h);
    free(h);
}

static void test_flush_stops(void **state)
{
    (void)state;
    for (size_t stop = 1; stop <= 3; stop++) {
        tl_histogram *h = calloc(1, sizeof *h);
        const int64_t values[] = {1, 2, 100000};
        seen s = {.stop_after = stop};
        for (size_t i = 0; i < 3; i++)
            assert_true(tl_histogram_add(h, values[i]));
        assert_int_equal(tl_histogram_flush(h, note, &s), 7);
        assert_int_equal(s.n, stop);
        tl_histogram_free(h);
        free(h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_random_values),
        cmocka_unit_test(test_flush_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
