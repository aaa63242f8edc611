/* histogram.h: exact counts of 64-bit values.
 *
 * Small values are counted in an array, others in a hash table, so that counting a
 * question costs a few instructions.  A zeroed histogram is empty.
 */
#ifndef TL_EXTRACT_HISTOGRAM_H
#define TL_EXTRACT_HISTOGRAM_H

#include "base/error.h"
#include "base/map.h"

enum { TL_HISTOGRAM_LOW = -64, TL_HISTOGRAM_DENSE = 64 * 1024, TL_HISTOGRAM_SPARSE = 32 * 1024 };

typedef struct tl_histogram {
    int64_t dense[TL_HISTOGRAM_DENSE]; /* of TL_HISTOGRAM_LOW + i */
    int used; /* so many of them may have a count: answers and comments are few */
    tl_map sparse;
} tl_histogram;

void tl_histogram_free(tl_histogram *h);

/* Counts one value (not TL_UNKNOWN); false when out of memory. */
bool tl_histogram_add(tl_histogram *h, int64_t value);

/* Has it so many values outside the array that it should be flushed to bound its memory? */
static inline bool tl_histogram_full(const tl_histogram *h)
{
    return h->sparse.count >= TL_HISTOGRAM_SPARSE;
}

/* Calls back with each value that has a count, dense ones first, and forgets all
 * counts.  Stops at the first nonzero return, which is returned. */
int tl_histogram_flush(tl_histogram *h, int (*each)(void *ctx, int64_t value, int64_t n), void *ctx);

#endif
