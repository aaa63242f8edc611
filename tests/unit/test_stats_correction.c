/* Holm and Benjamini-Hochberg against statsmodels. */
#include "test_stats_golden.h"

#include "stats/correction.h"

static void assert_all_close(const double *got, const numbers *want, const char *what)
{
    for (size_t i = 0; i < want->n; i++)
        assert_close(got[i], want->x[i], 1e-12, what);
}

static void same_as_statsmodels(void **state)
{
    (void)state;
    golden g = golden_open("correction");
    while (golden_next(&g, 3)) {
        numbers p = numbers_from(g.field[0]), holm = numbers_from(g.field[1]);
        numbers bh = numbers_from(g.field[2]);
        double *adjusted = calloc(p.n, sizeof *adjusted);
        assert_non_null(adjusted);
        assert_int_equal(tl_holm(p.x, p.n, adjusted, NULL), TL_OK);
        assert_all_close(adjusted, &holm, "Holm");
        assert_int_equal(tl_benjamini_hochberg(p.x, p.n, adjusted, NULL), TL_OK);
        assert_all_close(adjusted, &bh, "Benjamini-Hochberg");
        free(adjusted);
        free(p.x);
        free(holm.x);
        free(bh.x);
    }
    golden_close(&g);
}

/* A test that was not made changes nothing for the others; p may be overwritten. */
static void missing_tests(void **state)
{
    (void)state;
    double p[] = {0.01, NAN, 0.04, 0.03, NAN, 0.005};
    const double holm[] = {0.03, NAN, 0.06, 0.06, NAN, 0.02};
    const double bh[] = {0.02, NAN, 0.04, 0.04, NAN, 0.02};
    double adjusted[6];
    assert_int_equal(tl_benjamini_hochberg(p, 6, adjusted, NULL), TL_OK);
    assert_int_equal(tl_holm(p, 6, p, NULL), TL_OK);
    for (int i = 0; i < 6; i++) {
        assert_close(adjusted[i], bh[i], 1e-12, "Benjamini-Hochberg");
        assert_close(p[i], holm[i], 1e-12, "Holm");
    }
    double none[] = {NAN};
    assert_int_equal(tl_holm(none, 1, none, NULL), TL_OK);
    assert_true(isnan(none[0]));
    assert_int_equal(tl_holm(NULL, 0, NULL, NULL), TL_OK);
    assert_int_equal(tl_benjamini_hochberg(NULL, 0, NULL, NULL), TL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_statsmodels),
        cmocka_unit_test(missing_tests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
