/* agreement.h: how far coders agree who labelled the same units.
 *
 * Krippendorff's alpha for nominal labels: 1 is perfect agreement, 0 is what
 * chance would give, below 0 is systematic disagreement.  Any number of coders;
 * a coder need not have labelled every unit.  A unit with fewer than two labels
 * says nothing and is left out.
 *
 * Krippendorff, "Content Analysis" (4th ed., 2018), chapter 12.
 */
#ifndef TL_STATS_AGREEMENT_H
#define TL_STATS_AGREEMENT_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* One coder's label for one unit.  The numbers are names: any will do. */
typedef struct tl_rating {
    uint32_t unit, coder, label;
} tl_rating;

typedef struct tl_alpha_interval {
    double alpha;     /* NaN where undefined */
    double low, high; /* percentile bounds; NaN where alpha is */
} tl_alpha_interval;

/* *alpha is NaN when it is undefined: no unit has two labels, or all labels that
 * count are the same, so that chance could not have differed.  The ratings may
 * come in any order and are not changed.  O(n log n).  Fails with TL_BAD_INPUT
 * when a coder labels a unit twice, and with TL_NO_MEMORY. */
int tl_krippendorff_alpha(const tl_rating *ratings, size_t n, double *alpha,
                          tl_error *err) TL_MUST_CHECK;

/* Alpha with its bootstrap interval: the units with at least two labels are drawn
 * with replacement `resamples` times; the bounds cut off (1 - level) / 2 of the
 * resampled alphas at either end (quantiles of type 7).  A resample in which
 * alpha is undefined is left out.  The same ratings, in whatever order, and the
 * same seed give the same interval.  O(n log n + n * resamples).  Fails as
 * tl_krippendorff_alpha does, and with TL_USAGE unless resamples > 0 and
 * 0 < level < 1. */
int tl_krippendorff_interval(const tl_rating *ratings, size_t n, double level, size_t resamples,
                             uint64_t seed, tl_alpha_interval *out, tl_error *err) TL_MUST_CHECK;

#endif
