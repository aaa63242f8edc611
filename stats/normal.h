/* normal.h: tail probabilities of the standard normal distribution. */
#ifndef TL_STATS_NORMAL_H
#define TL_STATS_NORMAL_H

/* P(|Z| >= |z|) for standard normal Z: 1 at 0, NaN for NaN.  The relative error
 * stays below 1e-12 down to p = 1e-300, where 1 - P(|Z| < |z|) would be 0. */
double tl_normal_two_sided(double z);

#endif
