/* random.h: our own generator of pseudo-random numbers.
 *
 * The same seed gives the same numbers on every machine and in every release, so
 * that whatever is sampled can be sampled again.  The generator is SplitMix64
 * (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA
 * 2014): good statistics, any seed will do.  Not for secrets.
 */
#ifndef TL_STATS_RANDOM_H
#define TL_STATS_RANDOM_H

#include <stdint.h>

typedef struct tl_random {
    uint64_t state; /* the seed, to begin with */
} tl_random;

/* The next 64 random bits. */
uint64_t tl_random_next(tl_random *r);

/* A number from 0 to n - 1, each equally likely; n must not be 0. */
uint64_t tl_random_below(tl_random *r, uint64_t n);

#endif
