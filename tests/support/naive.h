/* naive.h: the definition of a closed contiguous pattern, written out.
 *
 * The oracle of the miner's tests: it lists every substring of every sequence, counts
 * by looking everywhere, and compares every pattern with every longer one.  Only for
 * databases of a few hundred symbols.
 */
#ifndef TL_TESTS_SUPPORT_NAIVE_H
#define TL_TESTS_SUPPORT_NAIVE_H

#include "miner/miner.h"

typedef struct naive_result {
    tl_pattern *patterns; /* in the order of tl_patterns */
    size_t n;
} naive_result;

/* All closed patterns with at least `min_support` and min_length <= length <=
 * max_length (0: no bound).  Aborts when out of memory.  The caller frees the result
 * with naive_free. */
naive_result naive_mine(const tl_sequences *db, tl_support_kind kind, uint32_t min_support,
                        uint32_t min_length, uint32_t max_length);
void naive_free(naive_result *r);

/* How often needle[0 .. m) stands in hay[0 .. n), overlapping places too. */
size_t naive_occurrences(const uint32_t *hay, size_t n, const uint32_t *needle, size_t m);

/* The index of the first way in which `found` differs from `expected` (symbols, length
 * or support), or SIZE_MAX if it does not. */
size_t naive_difference(const naive_result *expected, const tl_sequences *db,
                        const tl_patterns *found);

#endif
