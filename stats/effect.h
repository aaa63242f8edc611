/* effect.h: how much two samples differ, whatever their size. */
#ifndef TL_STATS_EFFECT_H
#define TL_STATS_EFFECT_H

#include "base/error.h"

#include <stddef.h>

/* Cliff's delta, P(a > b) - P(a < b) over all pairs, in [-1, 1]: the effect size
 * that goes with Mann-Whitney's U.  O(n log n); the samples are not changed.  An
 * empty sample or a NaN gives NaN and TL_OK.  Fails as tl_rank_two does.
 * Cliff, "Dominance statistics", Psychological Bulletin 114 (1993). */
int tl_cliffs_delta(const double *a, size_t na, const double *b, size_t nb, double *delta,
                    tl_error *err) TL_MUST_CHECK;

#endif
