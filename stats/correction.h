/* correction.h: p-values corrected for testing many hypotheses at once.
 *
 * Both functions write into adjusted[i] the corrected p[i]; `adjusted` may be `p`
 * itself.  A NaN, where there was no test, stays NaN and does not count as a
 * test.  They fail with TL_NO_MEMORY and then leave `adjusted` alone.
 */
#ifndef TL_STATS_CORRECTION_H
#define TL_STATS_CORRECTION_H

#include "base/error.h"

#include <stddef.h>

/* Holm's step-down correction: bounds the chance of any false rejection.
 * Holm, "A simple sequentially rejective multiple test procedure", Scand. J.
 * Statistics 6 (1979). */
int tl_holm(const double *p, size_t n, double *adjusted, tl_error *err) TL_MUST_CHECK;

/* Benjamini and Hochberg's correction: bounds the expected share of false
 * rejections among independent tests.  J. R. Statist. Soc. B 57 (1995). */
int tl_benjamini_hochberg(const double *p, size_t n, double *adjusted,
                          tl_error *err) TL_MUST_CHECK;

#endif
