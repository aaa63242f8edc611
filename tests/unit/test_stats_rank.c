/* Ranks against counting every pair. */
#include "test_stats_golden.h"

#include "stats/rank.h"
#include "stats/sort.h"

/* The definitions, in quadratic time. */
static tl_rank_summary by_counting(const double *a, size_t na, const double *b, size_t nb)
{
    tl_rank_summary r = {.defined = true};
    double all[64];
    size_t n = na + nb;
    assert_true(n <= 64);
    memcpy(all, a, na * sizeof *a);
    memcpy(all + na, b, nb * sizeof *b);
    for (size_t i = 0; i < na; i++)
        for (size_t j = 0; j < nb; j++)
            r.twice_u += a[i] > b[j] ? 2 : a[i] == b[j];
    r.spread = (tl_uint128)n * n * n - n;
    for (size_t i = 0; i < n; i++) {
        size_t t = 0; /* each of t tied values takes off its share of t^3 - t */
        for (size_t j = 0; j < n; j++)
            t += all[i] == all[j];
        r.spread -= (tl_uint128)t * t - 1;
        r.tied = r.tied || t > 1;
    }
    return r;
}

static void ranks_count_pairs(void **state)
{
    (void)state;
    tl_random random = seeded(1);
    for (int round = 0; round < 3000; round++) {
        double x[64];
        size_t na = 1 + tl_random_below(&random, 32), nb = 1 + tl_random_below(&random, 32);
        uint64_t distinct = 1 + tl_random_below(&random, 200);
        for (size_t i = 0; i < na + nb; i++)
            x[i] = (double)tl_random_below(&random, distinct) - 3;
        if (round % 5 == 0)
            x[0] = INFINITY, x[na] = -INFINITY, x[na + nb - 1] = -0.0;
        tl_rank_summary got, want = by_counting(x, na, x + na, nb);
        assert_int_equal(tl_rank_two(x, na, x + na, nb, &got, NULL), TL_OK);
        assert_true(got.defined);
        assert_int_equal(got.tied, want.tied);
        assert_int_equal(got.twice_u, want.twice_u);
        assert_true(got.spread == want.spread);
    }
}

static void nothing_to_rank(void **state)
{
    (void)state;
    double x[] = {1, 2, NAN};
    tl_rank_summary r;
    assert_int_equal(tl_rank_two(NULL, 0, x, 2, &r, NULL), TL_OK);
    assert_false(r.defined);
    assert_int_equal(tl_rank_two(x, 2, NULL, 0, &r, NULL), TL_OK);
    assert_false(r.defined);
    assert_int_equal(tl_rank_two(x, 3, x, 2, &r, NULL), TL_OK);
    assert_false(r.defined);
    assert_int_equal(tl_rank_two(x, 2, x, 3, &r, NULL), TL_OK);
    assert_false(r.defined);
}

static void too_many_values(void **state)
{
    (void)state;
    double x = 1;
    tl_rank_summary r;
    tl_error err;
    assert_int_equal(tl_rank_two(&x, TL_RANK_MAX + 1, &x, 1, &r, &err), TL_USAGE);
    assert_int_equal(tl_rank_two(&x, 1, &x, TL_RANK_MAX + 1, &r, &err), TL_USAGE);
    assert_non_null(strstr(err.message, "2147483648"));
}

static void sorting(void **state)
{
    (void)state;
    double x[] = {3, -INFINITY, 1e308, 0, -1, INFINITY, 2};
    const double want[] = {-INFINITY, -1, 0, 2, 3, 1e308, INFINITY};
    tl_sort_doubles(x, 7);
    for (int i = 0; i < 7; i++)
        assert_true(x[i] == want[i]);
    tl_sort_doubles(NULL, 0);
    assert_false(tl_has_nan(x, 7));
    x[6] = NAN;
    assert_true(tl_has_nan(x, 7));
    assert_false(tl_has_nan(x, 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_count_pairs),
        cmocka_unit_test(nothing_to_rank),
        cmocka_unit_test(too_many_values),
        cmocka_unit_test(sorting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
