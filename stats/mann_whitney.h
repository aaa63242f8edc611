/* mann_whitney.h: do two independent samples differ in location?
 *
 * The two-sided Mann-Whitney U test as METHOD.md, section 4, words it, which is
 * also the rule of scipy's mannwhitneyu(method="auto"): the exact distribution
 * of U when the smaller sample has at most 8 values and no value occurs twice,
 * else the normal approximation with tie and continuity correction.
 *
 * Mann and Whitney, "On a test of whether one of two random variables is
 * stochastically larger than the other", Ann. Math. Stat. 18 (1947).
 */
#ifndef TL_STATS_MANN_WHITNEY_H
#define TL_STATS_MANN_WHITNEY_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* The largest smaller sample that is tested exactly. */
#define TL_MANN_WHITNEY_EXACT 8

typedef struct tl_mann_whitney_result {
    double u;   /* U of the first sample: pairs (a, b) with a > b, ties half */
    double p;   /* two-sided, in [0, 1]; 1 when all values are equal */
    bool exact; /* which distribution gave p */
} tl_mann_whitney_result;

/* Tests a[0..na) against b[0..nb); neither is changed.  An empty sample or a NaN
 * gives u = p = NaN and TL_OK.  Time O(n log n), exact O(na * nb) with at most
 * 4 max(na, nb) + 1 doubles of memory.  Fails as tl_rank_two does. */
int tl_mann_whitney(const double *a, size_t na, const double *b, size_t nb,
                    tl_mann_whitney_result *out, tl_error *err) TL_MUST_CHECK;

#endif
