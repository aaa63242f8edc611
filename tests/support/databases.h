/* databases.h: random sequence databases for the miner's tests: small ones of every
 * shape that has ever been hard, from a seed that the test prints. */
#ifndef TL_TESTS_SUPPORT_DATABASES_H
#define TL_TESTS_SUPPORT_DATABASES_H

#include "miner/miner.h"

/* A small generator (xorshift64*); the state is never 0. */
typedef struct test_random {
    uint64_t state;
} test_random;

/* Seeded from the environment variable TL_SEED, else from `fallback`; prints it. */
test_random test_random_new(const char *test, uint64_t fallback);
uint32_t test_random_below(test_random *r, uint32_t bound); /* 0 .. bound - 1 */

/* A database of at most about 60 symbols: empty ones, empty sequences, one symbol
 * repeated, periodic, identical, suffixes of each other, tiny alphabets, symbols that
 * are frequent only together, huge symbol numbers.  Aborts when out of memory. */
tl_sequences *test_random_database(test_random *r);

/* The same sequences in another order. */
tl_sequences *test_shuffled(test_random *r, const tl_sequences *db);

/* The database written for a message. */
void test_print_database(const tl_sequences *db);

#endif
