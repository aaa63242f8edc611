#include "stats/effect.h"

#include "stats/rank.h"

#include <math.h>
#include <stdint.h>

int tl_cliffs_delta(const double *a, size_t na, const double *b, size_t nb, double *delta,
                    tl_error *err)
{
    tl_rank_summary r;
    *delta = NAN;
    int rc = tl_rank_two(a, na, b, nb, &r, err);
    if (rc || !r.defined)
        return rc;
    int64_t pairs = (int64_t)na * (int64_t)nb;
    *delta = (double)((int64_t)r.twice_u - pairs) / (double)pairs;
    return TL_OK;
}
