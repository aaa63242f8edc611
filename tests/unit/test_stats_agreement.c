/* Krippendorff's alpha against the published examples and the krippendorff package;
 * its bootstrap interval; labels; the generator of random numbers. */
#include "test_stats_golden.h"

#include "stats/agreement.h"
#include "stats/label.h"

typedef struct ratings {
    tl_rating *r;
    size_t n;
} ratings;

/* From "12?|1?2" with * for ? and / for |: a row for each coder, a character for each
 * unit, * where the label is missing. */
static ratings ratings_from(const char *text)
{
    ratings all = {malloc(strlen(text) * sizeof(tl_rating)), 0};
    uint32_t coder = 0, unit = 0;
    assert_non_null(all.r);
    for (; *text; text++) {
        if (*text == '/')
            coder++, unit = 0;
        else if (*text == '*')
            unit++;
        else /* sparse numbers: they are only names */
            all.r[all.n++] = (tl_rating){4000000000u - 7 * unit++, coder * 1000,
                                         (uint32_t)(unsigned char)*text << 20};
    }
    return all;
}

static void shuffle(ratings *all, tl_random *random)
{
    for (size_t i = all->n; i > 1; i--) {
        size_t j = tl_random_below(random, i);
        tl_rating t = all->r[i - 1];
        all->r[i - 1] = all->r[j];
        all->r[j] = t;
    }
}

static void same_as_published(void **state)
{
    (void)state;
    tl_random random = seeded(5);
    golden g = golden_open("agreement");
    while (golden_next(&g, 2)) {
        ratings all = ratings_from(g.field[0]);
        double alpha, again;
        assert_int_equal(tl_krippendorff_alpha(all.r, all.n, &alpha, NULL), TL_OK);
        assert_close(alpha, golden_number(&g, 1), 1e-9, g.field[0]);
        shuffle(&all, &random);
        assert_int_equal(tl_krippendorff_alpha(all.r, all.n, &again, NULL), TL_OK);
        assert_close(again, alpha, 0, "alpha of shuffled ratings");
        free(all.r);
    }
    golden_close(&g);
}

static void undefined(void **state)
{
    (void)state;
    double alpha = 0;
    tl_alpha_interval i;
    assert_int_equal(tl_krippendorff_alpha(NULL, 0, &alpha, NULL), TL_OK);
    assert_true(isnan(alpha));
    assert_int_equal(tl_krippendorff_interval(NULL, 0, 0.95, 10, 1, &i, NULL), TL_OK);
    assert_true(isnan(i.alpha) && isnan(i.low) && isnan(i.high));
    ratings same = ratings_from("aaa/aaa");
    assert_int_equal(tl_krippendorff_interval(same.r, same.n, 0.95, 10, 1, &i, NULL), TL_OK);
    assert_true(isnan(i.alpha) && isnan(i.low) && isnan(i.high));
    free(same.r);
}

static void refusals(void **state)
{
    (void)state;
    const tl_rating twice[] = {{1, 1, 1}, {2, 1, 1}, {1, 2, 1}, {1, 1, 2}};
    double alpha;
    tl_alpha_interval i;
    tl_error err;
    assert_int_equal(tl_krippendorff_alpha(twice, 4, &alpha, &err), TL_BAD_INPUT);
    assert_non_null(strstr(err.message, "twice"));
    assert_int_equal(tl_krippendorff_alpha(twice, 3, &alpha, &err), TL_OK);
    assert_int_equal(tl_krippendorff_interval(twice, 4, 0.95, 9, 1, &i, &err), TL_BAD_INPUT);
    assert_int_equal(tl_krippendorff_interval(twice, 3, 0.95, 0, 1, &i, &err), TL_USAGE);
    assert_int_equal(tl_krippendorff_interval(twice, 3, 1, 9, 1, &i, &err), TL_USAGE);
    assert_int_equal(tl_krippendorff_interval(twice, 3, NAN, 9, 1, &i, &err), TL_USAGE);
}

/* scipy's bootstrap draws other resamples: agreement within Monte Carlo error. */
static void interval_near_that_of_scipy(void **state)
{
    (void)state;
    golden g = golden_open("agreement_interval");
    while (golden_next(&g, 3)) {
        ratings all = ratings_from(g.field[0]);
        tl_alpha_interval i;
        assert_int_equal(tl_krippendorff_interval(all.r, all.n, 0.95, 4000, 1, &i, NULL), TL_OK);
        assert_true(fabs(i.low - golden_number(&g, 1)) < 0.02);
        assert_true(fabs(i.high - golden_number(&g, 2)) < 0.02);
        assert_true(i.low < i.alpha && i.alpha < i.high);
        free(all.r);
    }
    golden_close(&g);
}

static void interval_repeats(void **state)
{
    (void)state;
    tl_random random = seeded(6);
    ratings all = ratings_from("aabbdcccedda/babbbccceddd");
    tl_alpha_interval a, b, other, narrow;
    assert_int_equal(tl_krippendorff_interval(all.r, all.n, 0.95, 500, 42, &a, NULL), TL_OK);
    shuffle(&all, &random);
    assert_int_equal(tl_krippendorff_interval(all.r, all.n, 0.95, 500, 42, &b, NULL), TL_OK);
    assert_memory_equal(&a, &b, sizeof a);
    assert_int_equal(tl_krippendorff_interval(all.r, all.n, 0.95, 500, 43, &other, NULL), TL_OK);
    assert_true(other.alpha == a.alpha && (other.low != a.low || other.high != a.high));
    assert_int_equal(tl_krippendorff_interval(all.r, all.n, 0.5, 500, 42, &narrow, NULL), TL_OK);
    assert_true(narrow.low > a.low && narrow.high < a.high);
    free(all.r);
}

static void perfect_agreement(void **state)
{
    (void)state;
    ratings all = ratings_from("abcabcab/abcabcab/abc***ab");
    tl_alpha_interval i;
    assert_int_equal(tl_krippendorff_interval(all.r, all.n, 0.95, 200, 1, &i, NULL), TL_OK);
    assert_true(i.alpha == 1 && i.low == 1 && i.high == 1);
    free(all.r);
    all = ratings_from("ab/ab"); /* half of the resamples hold one label only */
    assert_int_equal(tl_krippendorff_interval(all.r, all.n, 0.95, 200, 1, &i, NULL), TL_OK);
    assert_true(i.alpha == 1 && i.low == 1 && i.high == 1);
    free(all.r);
}

static void labels(void **state)
{
    (void)state;
    const tl_str texts[] = {TL_STR("b"), TL_STR("a"), TL_STR("b"), TL_STR(""), TL_STR("ab"),
                            {"a\0", 2}, {NULL, 0}};
    const uint32_t want[] = {4, 1, 4, 0, 3, 2, 0};
    uint32_t ids[7];
    assert_int_equal(tl_label_ids(texts, 7, ids, NULL), TL_OK);
    assert_memory_equal(ids, want, sizeof want);
    assert_int_equal(tl_label_ids(NULL, 0, NULL, NULL), TL_OK);
    assert_int_equal(tl_label_ids(NULL, (size_t)UINT32_MAX + 1, NULL, NULL), TL_USAGE);
}

/* The first numbers of SplitMix64 for the seed 1234567, as published. */
static void random_numbers(void **state)
{
    (void)state;
    tl_random r = {1234567};
    assert_true(tl_random_next(&r) == 6457827717110365317u);
    assert_true(tl_random_next(&r) == 3203168211198807973u);
    assert_true(tl_random_next(&r) == 9817491932198370423u);
    int counts[6] = {0};
    for (int i = 0; i < 60000; i++)
        counts[tl_random_below(&r, 6)]++;
    for (int i = 0; i < 6; i++)
        assert_in_range(counts[i], 9600, 10400); /* more than four deviations */
    const uint64_t third = (uint64_t)1 << 62; /* of n = 3 * 2^62: remainders would favour it */
    int low = 0;
    for (int i = 0; i < 9000; i++) {
        uint64_t x = tl_random_below(&r, 3 * third);
        assert_true(x < 3 * third);
        low += x < third;
    }
    assert_in_range(low, 2800, 3200);
    assert_true(tl_random_below(&r, 1) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_published),
        cmocka_unit_test(undefined),
        cmocka_unit_test(refusals),
        cmocka_unit_test(interval_near_that_of_scipy),
        cmocka_unit_test(interval_repeats),
        cmocka_unit_test(perfect_agreement),
        cmocka_unit_test(labels),
        cmocka_unit_test(random_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
