#include "stats/rank.h"

#include "stats/sort.h"

#include <stdlib.h>
#include <string.h>

/* The length of the run of values equal to `value` at the head of x[0..n). */
static size_t run_of(const double *x, size_t n, double value)
{
    size_t run = 0;
    while (run < n && x[run] == value)
        run++;
    return run;
}

/* Walks two sorted samples from tie group to tie group.  A group of t values, ra
 * of them from `a`, that comes after `below` smaller ones
 * - holds the ranks below + 1 .. below + t, mean below + (t + 1) / 2;
 * - adds (below + t)^3 - below^3 - t^3 = 3 below t (below + t) to the spread: no
 *   term is negative, so nothing cancels when nearly all values are tied. */
static void summarise(const double *a, size_t na, const double *b, size_t nb, tl_rank_summary *out)
{
    uint64_t below_b = 0;
    for (size_t i = 0, j = 0; i < na || j < nb;) {
        double value = j == nb || (i < na && a[i] < b[j]) ? a[i] : b[j];
        uint64_t ra = run_of(a + i, na - i, value), rb = run_of(b + j, nb - j, value);
        uint64_t below = i + j, t = ra + rb;
        out->twice_u += ra * (2 * below_b + rb);
        out->spread += (tl_uint128)below * t * (below + t) * 3;
        out->tied = out->tied || t > 1;
        below_b += rb;
        i += ra;
        j += rb;
    }
}

int tl_rank_two(const double *a, size_t na, const double *b, size_t nb, tl_rank_summary *out,
                tl_error *err)
{
    *out = (tl_rank_summary){0};
    if (na > TL_RANK_MAX || nb > TL_RANK_MAX)
        return tl_fail(err, TL_USAGE, "a sample of more than %zu values cannot be ranked",
                       TL_RANK_MAX);
    if (na == 0 || nb == 0 || tl_has_nan(a, na) || tl_has_nan(b, nb))
        return TL_OK;

    double *sorted = malloc((na + nb) * sizeof *sorted);
    if (!sorted)
        return tl_fail_memory(err, "ranks");
    memcpy(sorted, a, na * sizeof *a);
    memcpy(sorted + na, b, nb * sizeof *b);
    tl_sort_doubles(sorted, na);
    tl_sort_doubles(sorted + na, nb);
    summarise(sorted, na, sorted + na, nb, out);
    out->defined = true;
    free(sorted);
    return TL_OK;
}
