/* quantile.h: medians and quantiles by selection, in linear time.
 *
 * Quantiles are type 7 of Hyndman and Fan, "Sample quantiles in statistical
 * packages", The American Statistician 50 (1996): linear interpolation at
 * position (n - 1) q, the default of numpy, R and pandas.  The result is NaN for
 * no values, for a NaN among them, and for q outside [0, 1].
 *
 * The _in_place functions leave the values of x in another order; the others
 * work on a copy and fail with TL_NO_MEMORY when there is no room for it.
 */
#ifndef TL_STATS_QUANTILE_H
#define TL_STATS_QUANTILE_H

#include "base/error.h"

#include <stddef.h>

double tl_quantile_in_place(double *x, size_t n, double q);
double tl_median_in_place(double *x, size_t n);

int tl_quantile(const double *x, size_t n, double q, double *out, tl_error *err) TL_MUST_CHECK;
int tl_median(const double *x, size_t n, double *out, tl_error *err) TL_MUST_CHECK;

#endif
