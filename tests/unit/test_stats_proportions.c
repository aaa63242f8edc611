/* The two-proportion test, Cohen's h, the normal tail and the stars. */
#include "test_stats_golden.h"

#include "stats/normal.h"
#include "stats/proportions.h"
#include "stats/stars.h"

static void same_as_statsmodels(void **state)
{
    (void)state;
    golden g = golden_open("proportions");
    while (golden_next(&g, 7)) {
        double n[4];
        for (int i = 0; i < 4; i++)
            n[i] = golden_number(&g, i);
        tl_ztest_result r = tl_ztest(n[0], n[1], n[2], n[3]);
        assert_close(r.z, golden_number(&g, 4), 1e-9, "z");
        assert_close(r.p, golden_number(&g, 5), 1e-9, "p");
        assert_close(tl_cohens_h(n[0], n[1], n[2], n[3]), golden_number(&g, 6), 1e-9, "h");
    }
    golden_close(&g);
}

static void undefined(void **state)
{
    (void)state;
    assert_true(isnan(tl_ztest(0, 0, 1, 2).z) && isnan(tl_ztest(1, 2, 0, 0).p));
    assert_true(isnan(tl_ztest(0, 5, 0, 7).z) && isnan(tl_ztest(5, 5, 7, 7).p));
    assert_true(isnan(tl_cohens_h(0, 0, 1, 2)) && isnan(tl_cohens_h(1, 2, 0, 0)));
    assert_true(tl_cohens_h(0, 5, 0, 7) == 0);
    assert_true(tl_ztest(1, 3, 100, 300).z == 0 && tl_ztest(1, 3, 100, 300).p == 1);
}

static void normal_tail(void **state)
{
    (void)state;
    golden g = golden_open("normal");
    while (golden_next(&g, 2)) {
        double z = golden_number(&g, 0), p = golden_number(&g, 1);
        assert_close(tl_normal_two_sided(z), p, 1e-11, g.field[0]);
        assert_close(tl_normal_two_sided(-z), p, 1e-11, g.field[0]);
    }
    golden_close(&g);
    assert_true(tl_normal_two_sided(0) == 1 && tl_normal_two_sided(INFINITY) == 0);
    assert_true(isnan(tl_normal_two_sided(NAN)));
}

static void stars(void **state)
{
    (void)state;
    assert_string_equal(tl_stars(1), "o");
    assert_string_equal(tl_stars(0.05), "o");
    assert_string_equal(tl_stars(nextafter(0.05, 0)), "*");
    assert_string_equal(tl_stars(0.01), "*");
    assert_string_equal(tl_stars(nextafter(0.01, 0)), "**");
    assert_string_equal(tl_stars(0.001), "**");
    assert_string_equal(tl_stars(nextafter(0.001, 0)), "***");
    assert_string_equal(tl_stars(0), "***");
    assert_string_equal(tl_stars(NAN), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_statsmodels),
        cmocka_unit_test(undefined),
        cmocka_unit_test(normal_tail),
        cmocka_unit_test(stars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
