/* Mann-Whitney's U and Cliff's delta against scipy, and the exact distribution
 * against every possible order. */
#include "test_stats_golden.h"

#include "stats/effect.h"
#include "stats/mann_whitney.h"
#include "stats/rank.h"

static void same_as_scipy(void **state)
{
    (void)state;
    golden g = golden_open("mann_whitney");
    while (golden_next(&g, 5)) {
        numbers a = numbers_from(g.field[0]), b = numbers_from(g.field[1]);
        tl_mann_whitney_result r;
        double delta, p = golden_number(&g, 3);
        assert_int_equal(tl_mann_whitney(a.x, a.n, b.x, b.n, &r, NULL), TL_OK);
        assert_close(r.u, golden_number(&g, 2), 0, g.field[0]);
        assert_int_equal(tl_cliffs_delta(a.x, a.n, b.x, b.n, &delta, NULL), TL_OK);
        assert_close(delta, golden_number(&g, 4), 1e-9, g.field[0]);
        if (p == 0)
            assert_true(r.p < 1e-307);
        else
            assert_close(r.p, p, 1e-9, g.field[0]);
        free(a.x);
        free(b.x);
    }
    golden_close(&g);
}

static void large_exact_same_as_scipy(void **state)
{
    (void)state;
    golden g = golden_open("large_exact");
    while (golden_next(&g, 4)) {
        numbers a = numbers_from(g.field[0]), b = numbers_from(g.field[1]);
        tl_mann_whitney_result r;
        assert_int_equal(tl_mann_whitney(a.x, a.n, b.x, b.n, &r, NULL), TL_OK);
        assert_true(r.exact);
        assert_close(r.u, golden_number(&g, 2), 0, g.field[0]);
        assert_close(r.p, golden_number(&g, 3), 1e-9, g.field[0]);
        free(a.x);
        free(b.x);
    }
    golden_close(&g);
}

/* For a set of m among the ranks 0 .. n-1: pairs of a member above a non-member. */
static int u_of(unsigned set, int n)
{
    int u = 0, others = 0;
    for (int i = 0; i < n; i++)
        if (set >> i & 1)
            u += others;
        else
            others++;
    return u;
}

/* The two-sided p of `set` by looking at every set of the same size. */
static double by_enumeration(unsigned set, int m, int n)
{
    int mine = u_of(set, n), far = abs(2 * mine - m * (n - m));
    double all = 0, extreme = 0;
    for (unsigned other = 0; other < 1u << n; other++) {
        if (__builtin_popcount(other) != m)
            continue;
        all++;
        extreme += abs(2 * u_of(other, n) - m * (n - m)) >= far;
    }
    return extreme / all;
}

static void exact_counts_every_order(void **state)
{
    (void)state;
    tl_random random = seeded(2);
    for (int round = 0; round < 200; round++) {
        double a[16], b[16];
        int n = 2 + (int)tl_random_below(&random, 12), m = 0;
        unsigned set;
        do
            set = (unsigned)tl_random_below(&random, 1u << n);
        while (set == 0 || set == (1u << n) - 1);
        for (int i = 0; i < n; i++)
            if (set >> i & 1)
                a[m++] = i;
            else
                b[i - m] = i;
        tl_mann_whitney_result r;
        assert_int_equal(tl_mann_whitney(a, (size_t)m, b, (size_t)(n - m), &r, NULL), TL_OK);
        assert_true(r.exact);
        assert_close(r.u, u_of(set, n), 0, "U");
        assert_close(r.p, by_enumeration(set, m, n), 1e-14, "p");
    }
}

/* A first sample of 8 that is all below, but for its largest that exceeds one value
 * of the other: of C(n+8, 8) orders one has U = 0 and one has U = 1. */
static void far_tail_of_a_large_sample(void **state)
{
    (void)state;
    const size_t n = 200000;
    double a[8] = {0, 1, 2, 3, 4, 5, 6, 8.5}, orders = 1;
    double *b = malloc(n * sizeof *b);
    assert_non_null(b);
    for (size_t i = 0; i < n; i++)
        b[i] = (double)(i + 8);
    for (size_t i = 1; i <= 8; i++)
        orders = orders * (double)(n + i) / (double)i;
    tl_mann_whitney_result r;
    assert_int_equal(tl_mann_whitney(a, 8, b, n, &r, NULL), TL_OK);
    assert_true(r.exact);
    assert_close(r.u, 1, 0, "U");
    assert_close(r.p, 2 * 2 / orders, 1e-13, "p");
    free(b);
}

static void order_of_the_groups(void **state)
{
    (void)state;
    tl_random random = seeded(3);
    for (int round = 0; round < 2000; round++) {
        double x[60], before[60];
        size_t na = 1 + tl_random_below(&random, 30), nb = 1 + tl_random_below(&random, 30);
        uint64_t distinct = 1 + tl_random_below(&random, 1000);
        for (size_t i = 0; i < na + nb; i++)
            before[i] = x[i] = (double)tl_random_below(&random, distinct);
        tl_mann_whitney_result r, s;
        double d, e;
        assert_int_equal(tl_mann_whitney(x, na, x + na, nb, &r, NULL), TL_OK);
        assert_int_equal(tl_mann_whitney(x + na, nb, x, na, &s, NULL), TL_OK);
        assert_true(r.u + s.u == (double)(na * nb));
        assert_true(r.p == s.p && r.p > 0 && r.p <= 1);
        assert_int_equal(tl_cliffs_delta(x, na, x + na, nb, &d, NULL), TL_OK);
        assert_int_equal(tl_cliffs_delta(x + na, nb, x, na, &e, NULL), TL_OK);
        assert_true(d == -e && d >= -1 && d <= 1);
        assert_memory_equal(x, before, (na + nb) * sizeof *x);
    }
}

static void choice_of_the_distribution(void **state)
{
    (void)state;
    double eight[] = {1, 2, 3, 4, 5, 6, 7, 8}, more[] = {9, 10, 11, 12, 13, 14, 15, 16, 17};
    double nine[] = {0, 1, 2, 3, 4, 5, 6, 7, 8}, tied[] = {9, 10, 11, 11, 12, 13, 14, 15, 16};
    tl_mann_whitney_result r;
    assert_int_equal(tl_mann_whitney(eight, 8, more, 9, &r, NULL), TL_OK);
    assert_true(r.exact);
    assert_int_equal(tl_mann_whitney(more, 9, eight, 8, &r, NULL), TL_OK);
    assert_true(r.exact);
    assert_int_equal(tl_mann_whitney(nine, 9, more, 9, &r, NULL), TL_OK);
    assert_false(r.exact);
    assert_int_equal(tl_mann_whitney(eight, 8, tied, 9, &r, NULL), TL_OK);
    assert_false(r.exact); /* a tie within one sample is a tie */
}

static void undefined(void **state)
{
    (void)state;
    double x[] = {1, NAN, 2}, delta;
    tl_mann_whitney_result r;
    assert_int_equal(tl_mann_whitney(NULL, 0, x, 1, &r, NULL), TL_OK);
    assert_true(isnan(r.u) && isnan(r.p));
    assert_int_equal(tl_mann_whitney(x, 3, x, 1, &r, NULL), TL_OK);
    assert_true(isnan(r.u) && isnan(r.p));
    assert_int_equal(tl_cliffs_delta(x, 1, NULL, 0, &delta, NULL), TL_OK);
    assert_true(isnan(delta));
    assert_int_equal(tl_cliffs_delta(x, 1, x, 2, &delta, NULL), TL_OK);
    assert_true(isnan(delta));
}

/* Infinities of both signs are ranked like any extreme value. */
static void infinities(void **state)
{
    (void)state;
    double a[] = {INFINITY, 1, -INFINITY, 3}, b[] = {-INFINITY, 2, INFINITY};
    double a2[] = {9, 1, -9, 3}, b2[] = {-9, 2, 9};
    tl_mann_whitney_result r, s;
    assert_int_equal(tl_mann_whitney(a, 4, b, 3, &r, NULL), TL_OK);
    assert_int_equal(tl_mann_whitney(a2, 4, b2, 3, &s, NULL), TL_OK);
    assert_true(r.u == s.u && r.p == s.p && r.p > 0);
}

static void too_many(void **state)
{
    (void)state;
    tl_mann_whitney_result r;
    double x = 1, d;
    assert_int_equal(tl_mann_whitney(&x, TL_RANK_MAX + 1, &x, 1, &r, NULL), TL_USAGE);
    assert_true(isnan(r.u) && isnan(r.p));
    assert_int_equal(tl_cliffs_delta(&x, 1, &x, TL_RANK_MAX + 1, &d, NULL), TL_USAGE);
    assert_true(isnan(d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_scipy),
        cmocka_unit_test(large_exact_same_as_scipy),
        cmocka_unit_test(exact_counts_every_order),
        cmocka_unit_test(far_tail_of_a_large_sample),
        cmocka_unit_test(order_of_the_groups),
        cmocka_unit_test(choice_of_the_distribution),
        cmocka_unit_test(undefined),
        cmocka_unit_test(infinities),
        cmocka_unit_test(too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
