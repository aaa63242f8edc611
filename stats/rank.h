/* rank.h: two samples ranked together, ties sharing their mean rank.
 *
 * Everything the rank statistics need (Mann-Whitney's U, Cliff's delta) follows
 * from two integers, so they are kept as integers: no rounding, whatever the
 * size of the samples.
 */
#ifndef TL_STATS_RANK_H
#define TL_STATS_RANK_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 tl_uint128;

/* The most values a sample may hold: keeps twice_u below 2^63. */
#define TL_RANK_MAX ((size_t)1 << 31)

typedef struct tl_rank_summary {
    bool defined;      /* false: a sample is empty or holds NaN; the rest is 0 */
    bool tied;         /* some value occurs twice, in whichever samples */
    uint64_t twice_u;  /* pairs (a, b) with a > b counted twice, with a = b once */
    tl_uint128 spread; /* n^3 - n - sum over ties of t^3 - t, for n = na + nb */
} tl_rank_summary;

/* Ranks a[0..na) and b[0..nb) together in O(n log n); neither is changed, and
 * either may be NULL when empty.  Infinities are values like others.  Fails with
 * TL_NO_MEMORY, or TL_USAGE for a sample of more than TL_RANK_MAX values. */
int tl_rank_two(const double *a, size_t na, const double *b, size_t nb, tl_rank_summary *out,
                tl_error *err) TL_MUST_CHECK;

#endif
