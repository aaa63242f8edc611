/* Every engine equals the oracle, patterns and posting lists, on databases that the
 * fuzzer composes: the first bytes are the options, the rest are instructions that
 * append symbols, repeat a period, or copy (a piece of) an earlier sequence, some times
 * over.  So weights, leaves, periodic and identical sequences are a byte away. */
#include "tests/fuzz/fuzz.h"

#include "tests/support/naive.h"

enum { MAX_SYMBOLS = 160, MAX_SEQUENCE = 48, MAX_SEQUENCES = 24 };

typedef struct composer {
    tl_sequences *db;
    uint32_t symbols[MAX_SEQUENCE]; /* of the sequence being composed */
    size_t n;
} composer;

static void end_sequence(composer *c, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        if (tl_sequences_count(c->db) < MAX_SEQUENCES &&
            tl_sequences_total(c->db) + c->n <= MAX_SYMBOLS &&
            tl_sequences_append(c->db, c->symbols, c->n, NULL) != TL_OK)
            abort();
    c->n = 0;
}

static void push(composer *c, uint32_t symbol)
{
    if (c->n < MAX_SEQUENCE)
        c->symbols[c->n++] = symbol;
}

/* Appends the last 1 to 5 symbols again and again. */
static void repeat(composer *c, unsigned period, unsigned count)
{
    if (period <= c->n)
        for (unsigned i = 0; i < count; i++)
            push(c, c->symbols[c->n - period]);
}

static void copy_earlier(composer *c, unsigned which, unsigned skip)
{
    size_t count = tl_sequences_count(c->db);
    if (count == 0)
        return;
    const uint32_t *offsets = tl_sequences_offsets(c->db);
    size_t s = count - 1 - which % count;
    for (uint32_t i = offsets[s] + skip; i < offsets[s + 1]; i++)
        push(c, tl_sequences_symbols(c->db)[i]);
}

/* One instruction: two bits say which, six are its arguments. */
static void compose(composer *c, uint8_t byte, bool sparse)
{
    unsigned argument = byte & 63;
    switch (byte >> 6) {
    case 0:
        push(c, sparse ? argument % 16 * 286331153u : argument % 16);
        break;
    case 1:
        repeat(c, 1 + argument % 5, argument / 5 + 1);
        break;
    case 2:
        copy_earlier(c, argument % 8, argument / 8);
        break;
    default:
        end_sequence(c, 1 + argument % 4);
    }
}

static void check_postings(const tl_sequences *db, const tl_patterns *found)
{
    const uint32_t *offsets = tl_sequences_offsets(db);
    uint32_t first[MAX_SEQUENCES], expected[MAX_SEQUENCES];
    tl_postings *postings;
    if (tl_postings_new(&postings, found, NULL) != TL_OK ||
        tl_patterns_coverage(found, first, NULL) != TL_OK)
        abort();
    for (size_t s = 0; s < tl_sequences_count(db); s++)
        expected[s] = TL_NOT_COVERED;
    for (size_t i = 0; i < tl_patterns_count(found); i++) {
        const uint32_t *list;
        size_t n, k = 0;
        tl_postings_get(postings, i, &list, &n);
        for (size_t s = 0; s < tl_sequences_count(db); s++) {
            if (naive_occurrences(tl_sequences_symbols(db) + offsets[s],
                                  offsets[s + 1] - offsets[s], tl_patterns_symbols(found, i),
                                  tl_patterns_get(found, i).length) == 0)
                continue;
            if (k == n || list[k++] != s)
                abort();
            if (expected[s] == TL_NOT_COVERED)
                expected[s] = (uint32_t)i;
        }
        if (k != n)
            abort();
    }
    if (memcmp(first, expected, tl_sequences_count(db) * sizeof *first) != 0)
        abort();
    tl_postings_free(postings);
}

static void check(const tl_sequences *db, const tl_mine_options *options)
{
    static const tl_engine *const engines[] = {&tl_engine_suffix, &tl_engine_ccspan};
    naive_result expected = naive_mine(db, options->support, options->min_support,
                                       options->min_length, options->max_length);
    for (int e = 0; e < 2; e++) {
        tl_mine_options o = *options;
        tl_patterns *found;
        o.engine = engines[e];
        if (tl_mine(&found, db, &o, NULL) != TL_OK ||
            naive_difference(&expected, db, found) != SIZE_MAX)
            abort();
        if (o.want_postings)
            check_postings(db, found);
        tl_patterns_free(found);
    }
    naive_free(&expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    tl_mine_options o = tl_mine_defaults();
    o.support = (tl_support_kind)(data[0] & 1);
    o.min_support = 1 + (data[0] >> 1) % 5;
    o.threads = 1 + (data[0] >> 4) % 2;
    o.want_postings = data[0] >> 5 & 1;
    o.min_length = data[1] & 3;
    o.max_length = data[1] & 16 ? o.min_length + (data[1] >> 2 & 3) + 1 : 0;
    composer c = {.db = tl_sequences_new(NULL)};
    if (!c.db)
        abort();
    for (size_t i = 2; i < size; i++)
        compose(&c, data[i], data[1] >> 7);
    end_sequence(&c, 1);
    check(c.db, &o);
    tl_sequences_free(c.db);
    return 0;
}
