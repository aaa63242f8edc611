/* range_min.h: the next entry of an array that is below a bound.
 *
 * A tree of block minima over an array: blocks of 32 entries, blocks of 32 blocks, and
 * so on; it takes a 31st of the array's memory.
 */
#ifndef TL_MINER_RANGE_MIN_H
#define TL_MINER_RANGE_MIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TL_RANGE_MIN_LEVELS = 7 }; /* 32^7 entries */

typedef struct tl_range_min {
    const uint32_t *level[TL_RANGE_MIN_LEVELS]; /* level 0 is the array, borrowed */
    size_t n[TL_RANGE_MIN_LEVELS];
    int levels;
} tl_range_min;

/* False when out of memory.  The caller frees the tree in either case, before or after
 * the array. */
bool tl_range_min_init(tl_range_min *r, const uint32_t *array, size_t n);
void tl_range_min_free(tl_range_min *r);

/* The smallest j >= i with array[j] < bound, or n. */
size_t tl_range_min_next(const tl_range_min *r, size_t i, uint32_t bound);

/* The largest j <= i with array[j] < bound, or SIZE_MAX. */
size_t tl_range_min_previous(const tl_range_min *r, size_t i, uint32_t bound);

#endif
