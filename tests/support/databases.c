#include "tests/support/databases.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_LENGTH = 24, MAX_SEQUENCES = 8 };

test_random test_random_new(const char *test, uint64_t fallback)
{
    const char *text = getenv("TL_SEED");
    uint64_t seed = text ? strtoull(text, NULL, 10) : fallback;
    printf("%s: TL_SEED=%llu\n", test, (unsigned long long)seed);
    return (test_random){seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
}

uint32_t test_random_below(test_random *r, uint32_t bound)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return (uint32_t)((r->state * UINT64_C(0x2545f4914f6cdd1d) >> 32) * bound >> 32);
}

static void append(tl_sequences *db, const uint32_t *symbols, size_t n)
{
    if (tl_sequences_append(db, symbols, n, NULL) != TL_OK)
        abort();
}

static uint32_t random_symbol(test_random *r, uint32_t alphabet, bool sparse)
{
    uint32_t symbol = test_random_below(r, alphabet);
    return sparse ? symbol * 1000000007u : symbol;
}

/* A sequence of its own: random, or a short period repeated between two random ends. */
static size_t new_sequence(test_random *r, uint32_t *out, uint32_t alphabet, bool sparse)
{
    size_t n = test_random_below(r, MAX_LENGTH / 2), begin = n;
    for (size_t i = 0; i < n; i++)
        out[i] = random_symbol(r, alphabet, sparse);
    if (test_random_below(r, 3) > 0)
        return n;
    if (test_random_below(r, 2)) /* no head */
        begin = 0;
    n = begin;
    uint32_t period = 1 + test_random_below(r, 5);
    uint32_t repeated = test_random_below(r, MAX_LENGTH / 2);
    for (uint32_t i = 0; i < repeated; i++, n++)
        out[n] = i < period ? random_symbol(r, alphabet, sparse) : out[n - period];
    if (test_random_below(r, 3) == 0 && n < MAX_LENGTH)
        out[n++] = random_symbol(r, alphabet, sparse);
    return n;
}

/* An earlier sequence again: whole, a piece of it, or with one symbol changed. */
static size_t near_copy(test_random *r, uint32_t *out, const tl_sequences *db, uint32_t alphabet,
                        bool sparse)
{
    uint32_t s = test_random_below(r, (uint32_t)tl_sequences_count(db));
    const uint32_t *offsets = tl_sequences_offsets(db);
    size_t begin = offsets[s], n = offsets[s + 1] - begin;
    if (n > 0 && test_random_below(r, 3) == 0) {
        size_t cut = test_random_below(r, (uint32_t)n);
        begin += cut;
        n -= cut;
    }
    if (n > 0 && test_random_below(r, 4) == 0)
        n -= test_random_below(r, (uint32_t)n);
    if (n > 0)
        memcpy(out, tl_sequences_symbols(db) + begin, n * sizeof *out);
    if (n > 0 && test_random_below(r, 4) == 0)
        out[test_random_below(r, (uint32_t)n)] = random_symbol(r, alphabet, sparse);
    return n;
}

tl_sequences *test_random_database(test_random *r)
{
    tl_sequences *db = tl_sequences_new(NULL);
    if (!db)
        abort();
    uint32_t count = test_random_below(r, MAX_SEQUENCES + 1);
    uint32_t alphabet = 1 + test_random_below(r, test_random_below(r, 2) ? 3 : 12);
    bool sparse = test_random_below(r, 8) == 0;
    uint32_t copies = test_random_below(r, 4);
    for (uint32_t s = 0; s < count; s++) {
        uint32_t symbols[MAX_LENGTH + 1];
        size_t n = s > 0 && test_random_below(r, 4) < copies
                       ? near_copy(r, symbols, db, alphabet, sparse)
                       : new_sequence(r, symbols, alphabet, sparse);
        append(db, symbols, n);
    }
    return db;
}

tl_sequences *test_shuffled(test_random *r, const tl_sequences *db)
{
    size_t count = tl_sequences_count(db);
    uint32_t *order = malloc((count + 1) * sizeof *order);
    tl_sequences *out = tl_sequences_new(NULL);
    if (!order || !out)
        abort();
    for (size_t i = 0; i < count; i++) {
        uint32_t j = test_random_below(r, (uint32_t)i + 1);
        order[i] = order[j];
        order[j] = (uint32_t)i;
    }
    const uint32_t *offsets = tl_sequences_offsets(db);
    for (size_t i = 0; i < count; i++) {
        uint32_t begin = offsets[order[i]];
        append(out, tl_sequences_symbols(db) + begin, offsets[order[i] + 1] - begin);
    }
    free(order);
    return out;
}

void test_print_database(const tl_sequences *db)
{
    const uint32_t *offsets = tl_sequences_offsets(db);
    for (size_t s = 0; s < tl_sequences_count(db); s++) {
        for (uint32_t i = offsets[s]; i < offsets[s + 1]; i++)
            printf("%s%u", i > offsets[s] ? " " : "", tl_sequences_symbols(db)[i]);
        printf("\n");
    }
}
