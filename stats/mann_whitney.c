#include "stats/mann_whitney.h"

#include "stats/normal.h"
#include "stats/rank.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* Among the C(m+n, m) equally likely orders of untied samples of m <= n values,
 * how many have U <= k?  They are counted by the coefficients up to q^k of
 *
 *     1/(1-q) * product for i = 1..m of (1 - q^(n+i)) / (1 - q^i),
 *
 * the Gaussian binomial coefficient, summed up by the factor 1/(1-q).  Dividing
 * is a running sum with stride i; multiplying is a difference with stride n+i.
 * The counts outgrow integers, so they are doubles.  Only the multiplications
 * cancel, and little: for m <= 8 and k in the lower half the alternating terms
 * add up to less than ten times their sum, hence dividing comes first. */
static int count_orders(size_t m, size_t n, size_t k, double *count, tl_error *err)
{
    *count = 0;
    double *c = calloc(k + 1, sizeof *c);
    if (!c)
        return tl_fail_memory(err, "the exact distribution of U");
    c[0] = 1;
    for (size_t i = 1; i <= m; i++)
        for (size_t j = i; j <= k; j++)
            c[j] += c[j - i];
    for (size_t i = 1; i <= m; i++)
        for (size_t j = k; j >= n + i; j--)
            c[j] -= c[j - n - i];
    for (size_t j = 0; j <= k; j++)
        *count += c[j];
    free(c);
    return TL_OK;
}

/* P(U <= k or U >= m n - k) for 2k <= m n and no ties, m <= n. */
static int exact_p(size_t m, size_t n, size_t k, double *p, tl_error *err)
{
    double count, orders = 1;
    int rc = count_orders(m, n, k, &count, err);
    if (rc)
        return rc;
    for (size_t i = 1; i <= m; i++)
        orders = orders * (double)(n + i) / (double)i;
    *p = fmin(1, 2 * count / orders); /* both tails hold the middle value */
    return TL_OK;
}

/* The normal approximation; `twice_gap` is 2 |U - mean|. */
static double normal_p(double na, double nb, uint64_t twice_gap, tl_uint128 spread)
{
    if (twice_gap <= 1) /* the continuity correction reaches past the mean */
        return 1;
    double n = na + nb;
    double sd = sqrt(na * nb / 12 * ((double)spread / (n * (n - 1))));
    return tl_normal_two_sided((double)(twice_gap - 1) / 2 / sd);
}

int tl_mann_whitney(const double *a, size_t na, const double *b, size_t nb,
                    tl_mann_whitney_result *out, tl_error *err)
{
    tl_rank_summary r;
    *out = (tl_mann_whitney_result){.u = NAN, .p = NAN};
    int rc = tl_rank_two(a, na, b, nb, &r, err);
    if (rc || !r.defined)
        return rc;

    size_t m = na < nb ? na : nb, n = na < nb ? nb : na;
    uint64_t pairs = (uint64_t)na * nb, other = 2 * pairs - r.twice_u;
    uint64_t lesser = r.twice_u < other ? r.twice_u : other;
    out->u = (double)r.twice_u / 2;
    out->exact = m <= TL_MANN_WHITNEY_EXACT && !r.tied;
    if (out->exact)
        return exact_p(m, n, lesser / 2, &out->p, err);
    out->p = normal_p((double)na, (double)nb, pairs - lesser, r.spread);
    return TL_OK;
}
