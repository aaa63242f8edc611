/* Quantiles against numpy, and selection against sorting. */
#include "test_stats_golden.h"

#include "stats/quantile.h"
#include "stats/sort.h"

static void same_as_numpy(void **state)
{
    (void)state;
    golden g = golden_open("quantile");
    while (golden_next(&g, 3)) {
        numbers s = numbers_from(g.field[0]);
        double q = golden_number(&g, 1), want = golden_number(&g, 2), got;
        assert_int_equal(tl_quantile(s.x, s.n, q, &got, NULL), TL_OK);
        assert_close(got, want, 1e-12, g.field[0]);
        assert_close(tl_quantile_in_place(s.x, s.n, q), want, 1e-12, g.field[0]);
        free(s.x);
    }
    golden_close(&g);
}

/* x[k] of the sorted values, for every k. */
static void assert_selects(const double *x, size_t n)
{
    double *sorted = malloc(n * sizeof *sorted);
    assert_non_null(sorted);
    memcpy(sorted, x, n * sizeof *x);
    tl_sort_doubles(sorted, n);
    size_t step = n > 100 ? n / 7 : 1;
    for (size_t k = 0; k < n; k += step) {
        double got;
        double q = n == 1 ? 0 : (double)k / (double)(n - 1);
        assert_int_equal(tl_quantile(x, n, q, &got, NULL), TL_OK);
        assert_close(got, sorted[k], 1e-9, "a quantile that is a value");
    }
    double median, want = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    assert_int_equal(tl_median(x, n, &median, NULL), TL_OK);
    assert_close(median, want, 1e-15, "the median");
    assert_close(tl_median_in_place(sorted, n), want, 1e-15, "the median of sorted values");
    free(sorted);
}

static void selects_what_sorting_finds(void **state)
{
    (void)state;
    tl_random random = seeded(4);
    for (int round = 0; round < 2000; round++) {
        double x[80], before[80];
        size_t n = 1 + tl_random_below(&random, 80);
        uint64_t distinct = 1 + tl_random_below(&random, 300);
        for (size_t i = 0; i < n; i++)
            before[i] = x[i] = (double)tl_random_below(&random, distinct) + 1;
        assert_selects(x, n);
        assert_memory_equal(x, before, n * sizeof *x);
    }
}

/* Values on which every pivot of select_rank is the largest but one, so that a
 * round only gets rid of two: plays its rounds on the places the values are to
 * have, and puts the largest ones not used yet where it will look. */
static void make_hostile(double *x, size_t n, int rounds)
{
    size_t *place = malloc(n * sizeof *place);
    assert_non_null(place);
    for (size_t i = 0; i < n; i++) {
        place[i] = i;
        x[i] = -1;
    }
    size_t high = n;
    for (double value = (double)n; rounds-- > 0; value -= 2) {
        const size_t pivot = place[high / 4 * 2], most = place[high / 4 * 3];
        x[pivot] = value - 1;
        x[most] = value;
        size_t less = 0, i = 0, more = high;
        while (i < more) {
            size_t now = place[i];
            size_t *other = now == most ? &place[--more] : &place[less];
            if (now == pivot) {
                i++;
                continue;
            }
            place[i] = *other;
            *other = now;
            if (now != most)
                i++, less++;
        }
        high = less;
    }
    for (size_t i = 0; i < high; i++)
        x[place[i]] = (double)(i * 7919 % high);
    free(place);
}

static void hostile_input(void **state)
{
    (void)state;
    enum { N = 9973 };
    double *x = malloc(N * sizeof *x);
    assert_non_null(x);
    make_hostile(x, N, 200);
    assert_selects(x, N);
    free(x);
}

static void undefined(void **state)
{
    (void)state;
    double x[] = {1, NAN, 3}, out;
    assert_true(isnan(tl_median_in_place(NULL, 0)));
    assert_int_equal(tl_median(NULL, 0, &out, NULL), TL_OK);
    assert_true(isnan(out));
    assert_int_equal(tl_median(x, 3, &out, NULL), TL_OK);
    assert_true(isnan(out));
    assert_true(isnan(tl_quantile_in_place(x, 1, -0.1)));
    assert_true(isnan(tl_quantile_in_place(x, 1, 1.1)));
    assert_true(isnan(tl_quantile_in_place(x, 1, NAN)));
    assert_true(tl_quantile_in_place(x, 1, 0.7) == 1);
}

static void infinities(void **state)
{
    (void)state;
    double x[] = {INFINITY, INFINITY, 1, INFINITY}, y[] = {-INFINITY, -1e308, -1e308};
    assert_true(tl_median_in_place(x, 4) == INFINITY);
    assert_true(tl_quantile_in_place(y, 3, 0.75) == -1e308);
    assert_true(tl_quantile_in_place(y, 3, 0.25) == -INFINITY);
}

/* No rounding between equal values. */
static void constants(void **state)
{
    (void)state;
    double x[10];
    for (int i = 0; i < 10; i++)
        x[i] = 0.1;
    for (int i = 0; i <= 1000; i++)
        assert_true(tl_quantile_in_place(x, 10, i / 1000.0) == 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_numpy),
        cmocka_unit_test(selects_what_sorting_finds),
        cmocka_unit_test(hostile_input),
        cmocka_unit_test(undefined),
        cmocka_unit_test(infinities),
        cmocka_unit_test(constants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
