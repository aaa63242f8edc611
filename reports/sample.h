/* sample.h: how many of which, drawn by chance.
 *
 * Pure functions on arrays, in whole numbers only: the same seed gives the same sample on
 * every machine.
 */
#ifndef TL_REPORTS_SAMPLE_H
#define TL_REPORTS_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "stats/random.h"

/* The sizes of the study's stratified sample (METHOD.md, section 6).  With a(i) patterns
 * in library i and N in all, library i gives round(a(i) * n / N) of them; n is the
 * largest whole number for which the smallest library gives exactly one.
 *
 * The smallest library is the smallest that has any pattern; with a of them it gives
 * one as long as a * n / N < 3/2, so that n = ceil(3N / 2a) - 1.  Halves are rounded
 * to the even neighbour, as the study's program does, and no library gives more than
 * it has (it would where a = 1).  Needs N < 2^31. */
void tl_sample_sizes(const int64_t *patterns, size_t libraries, int64_t *sizes);

/* Draws `take` of `n` items one after the other, without putting any back, each with a
 * probability proportional to its weight (at least 1) among those still there; sets
 * taken[i] for the drawn ones and clears the others.  All of them if take >= n.
 * Fails with TL_NO_MEMORY. */
int tl_sample_weighted(const int64_t *weights, size_t n, size_t take, tl_random *random, bool *taken,
                       tl_error *err) TL_MUST_CHECK;

/* Moves `take` of the `n` items, each as likely as the others, to the front, in the order
 * in which they were drawn (the beginning of a Fisher-Yates shuffle). */
void tl_sample_shuffle(size_t *items, size_t n, size_t take, tl_random *random);

#endif
