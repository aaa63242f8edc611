/* proportions.h: two shares of successes compared.
 *
 * Group 1 has k1 successes among n1 trials, group 2 has k2 among n2.  Counts are
 * exact up to 2^53; callers keep 0 <= k <= n.
 */
#ifndef TL_STATS_PROPORTIONS_H
#define TL_STATS_PROPORTIONS_H

typedef struct tl_ztest_result {
    double z; /* positive when group 1 has the larger share */
    double p; /* two-sided */
} tl_ztest_result;

/* The two-proportion Z test with pooled variance, no continuity correction; as
 * statsmodels' proportions_ztest.  Both are NaN where the test is undefined: an
 * empty group, no success at all, or nothing but successes. */
tl_ztest_result tl_ztest(double k1, double n1, double k2, double n2);

/* Cohen's h, 2 asin(sqrt(k1/n1)) - 2 asin(sqrt(k2/n2)), in [-pi, pi]; NaN when a
 * group is empty.  Cohen, "Statistical Power Analysis for the Behavioral
 * Sciences" (1988), chapter 6. */
double tl_cohens_h(double k1, double n1, double k2, double n2);

#endif
