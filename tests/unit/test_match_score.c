/* How like a trace of the store is to a new one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "reports/match_part.h"

enum { ALL = 1000, RARE = 10 }; /* traces in the store, and those that hold a frame */

static void assert_near(double got, double want)
{
    if (!(fabs(got - want) < 1e-12))
        fail_msg("%.15g, expected %.15g", got, want);
}

/* The score of a trace with the symbols found[0..n), innermost first, beside one of `probe`. */
static tl_candidate score(const int64_t *probe, size_t n_probe, const int64_t *found, size_t n_found)
{
    tl_probe p = {.n_frames = n_probe};
    tl_found_frame frames[8];
    tl_candidate c = {0};
    for (size_t i = 0; i < n_probe; i++) {
        p.frames[i] = (tl_probe_frame){.symbol = probe[i], .traces = RARE, .weight = tl_match_weight(ALL, RARE, i)};
        p.weight += p.frames[i].weight;
    }
    for (size_t i = 0; i < n_found; i++)
        frames[i] = (tl_found_frame){found[i], RARE};
    tl_match_score(&p, ALL, &(tl_found_trace){.frames = frames, .n_frames = n_found}, &c);
    return c;
}

static void test_weight(void **state)
{
    (void)state;
    assert_near(tl_match_weight(99, 10, 0), log(10));
    assert_near(tl_match_weight(99, 10, 2), log(10) * 0.64);
    assert_near(tl_match_weight(99, 0, 0), log(100)); /* held by none: as if by one */
    assert_near(tl_match_weight(9, 10, 0), 0.01);     /* held by all, or by more than were counted, */
    assert_near(tl_match_weight(9, 500, 0), 0.01);    /* it still counts a little */
}

static void test_frames(void **state)
{
    (void)state;
    tl_candidate c = score((int64_t[]){1, 2}, 2, (int64_t[]){1, 2}, 2);
    assert_near(c.frames, 1);
    assert_int_equal(c.shared, 2);
    assert_true(c.same_innermost);
    c = score((int64_t[]){1, 2}, 2, (int64_t[]){3, 4}, 2);
    assert_near(c.frames, 0);
    assert_int_equal(c.shared, 0);
    /* What is called by itself again and again is one frame, where it is innermost. */
    c = score((int64_t[]){1}, 1, (int64_t[]){1, 1, 1}, 3);
    assert_near(c.frames, 1);
    assert_int_equal(c.shared, 1);
    /* The innermost frame of one further out in the other: of 1 and 0.8 the less is shared. */
    c = score((int64_t[]){1}, 1, (int64_t[]){2, 1}, 2);
    assert_near(c.frames, 0.8 / 2);
    assert_false(c.same_innermost);
    c = score((int64_t[]){2, 1}, 2, (int64_t[]){1}, 1);
    assert_near(c.frames, 0.8 / 2);
    assert_false(c.same_innermost);
    assert_near(score(NULL, 0, NULL, 0).frames, 0);
}

static double error_score(const char *exception, const char *template, const char *found, const char *found_template)
{
    tl_probe p = {.exception = tl_str_from(exception), .template = tl_str_from(template)};
    tl_candidate c = {0};
    tl_match_score(&p, ALL, &(tl_found_trace){.exception = tl_str_from(found), .template = tl_str_from(found_template)}, &c);
    return c.error;
}

static void test_error(void **state)
{
    (void)state;
    assert_near(error_score("ValueError", "no NUM", "ValueError", "no NUM"), 1);
    assert_near(error_score("torch.ValueError", "no NUM", "ValueError", "no NUM"), 1);
    assert_near(error_score("ValueError", "no NUM", "TypeError", "no NUM"), 0.85);
    assert_near(error_score("ValueError", "a b", "ValueError", "b c b"), 0.15 + 0.65 / 3); /* one of three words */
    assert_near(error_score("ValueError", "a b", "TypeError", "b c"), 0.5 / 3);
    assert_near(error_score("ValueError", "a b", "ValueError", NULL), 0.15);
    assert_near(error_score(NULL, NULL, NULL, NULL), 0);
    assert_near(error_score("", "", "TypeError", ""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weight),
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
