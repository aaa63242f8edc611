/* sort.h: arrays of doubles in ascending order.
 *
 * -0.0 and 0.0 are equal.  NaN has no place in an order: every function of this
 * folder looks for NaN first (tl_has_nan) and answers NaN.
 */
#ifndef TL_STATS_SORT_H
#define TL_STATS_SORT_H

#include <stdbool.h>
#include <stddef.h>

/* Sorts x[0..n) in place, O(n log n); x must not hold NaN. */
void tl_sort_doubles(double *x, size_t n);

bool tl_has_nan(const double *x, size_t n);

#endif
