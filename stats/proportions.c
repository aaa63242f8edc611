#include "stats/proportions.h"

#include "stats/normal.h"

#include <math.h>

tl_ztest_result tl_ztest(double k1, double n1, double k2, double n2)
{
    double k = k1 + k2, n = n1 + n2;
    if (!(n1 > 0 && n2 > 0 && k > 0 && k < n))
        return (tl_ztest_result){NAN, NAN};
    double variance = k / n * ((n - k) / n) * (1 / n1 + 1 / n2);
    /* One fraction rather than the difference of two: shares nearly equal do not
     * cancel. */
    double z = (k1 * n2 - k2 * n1) / (n1 * n2) / sqrt(variance);
    return (tl_ztest_result){z, tl_normal_two_sided(z)};
}

double tl_cohens_h(double k1, double n1, double k2, double n2)
{
    if (!(n1 > 0 && n2 > 0))
        return NAN;
    return 2 * (asin(sqrt(k1 / n1)) - asin(sqrt(k2 / n2)));
}
