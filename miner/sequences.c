#include "miner/sequences.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 1024 };

tl_sequences *tl_sequences_new(tl_error *err)
{
    tl_sequences *db = calloc(1, sizeof *db);
    if (db) {
        db->symbols = malloc(FIRST_CAPACITY * sizeof *db->symbols);
        db->offsets = malloc(FIRST_CAPACITY * sizeof *db->offsets);
    }
    if (!db || !db->symbols || !db->offsets) {
        tl_sequences_free(db);
        tl_fail_memory(err, "a sequence database");
        return NULL;
    }
    db->offsets[0] = 0;
    db->symbols_cap = db->offsets_cap = FIRST_CAPACITY;
    return db;
}

void tl_sequences_free(tl_sequences *db)
{
    if (!db)
        return;
    free(db->symbols);
    free(db->offsets);
    free(db);
}

int tl_sequences_reserve(tl_sequences *db, size_t more, tl_error *err)
{
    if (more > TL_MAX_SYMBOLS - db->total)
        return tl_fail(err, TL_BAD_INPUT,
                       "more than %zu symbols in all: mine the input in parts", TL_MAX_SYMBOLS);
    size_t need = db->total + more;
    if (need <= db->symbols_cap)
        return TL_OK;
    /* Doubling keeps appending linear; pages that are never touched cost nothing. */
    size_t cap = db->symbols_cap;
    while (cap < need)
        cap *= 2;
    uint32_t *symbols = realloc(db->symbols, cap * sizeof *symbols);
    if (!symbols)
        return tl_fail_memory(err, "the symbols of a sequence database");
    db->symbols = symbols;
    db->symbols_cap = cap;
    return TL_OK;
}

int tl_sequences_end(tl_sequences *db, tl_error *err)
{
    if (db->count + 1 == db->offsets_cap) {
        if (db->count >= TL_MAX_SYMBOLS)
            return tl_fail(err, TL_BAD_INPUT,
                           "more than %zu sequences: mine the input in parts", TL_MAX_SYMBOLS);
        uint32_t *offsets = realloc(db->offsets, 2 * db->offsets_cap * sizeof *offsets);
        if (!offsets)
            return tl_fail_memory(err, "the offsets of a sequence database");
        db->offsets = offsets;
        db->offsets_cap *= 2;
    }
    db->non_empty += db->total > db->offsets[db->count];
    db->offsets[++db->count] = (uint32_t)db->total;
    return TL_OK;
}

int tl_sequences_append(tl_sequences *db, const uint32_t *symbols, size_t n, tl_error *err)
{
    int rc = tl_sequences_reserve(db, n, err);
    if (rc)
        return rc;
    if (n > 0)
        memcpy(db->symbols + db->total, symbols, n * sizeof *symbols);
    db->total += n;
    rc = tl_sequences_end(db, err);
    if (rc)
        db->total -= n;
    return rc;
}

size_t tl_sequences_count(const tl_sequences *db)
{
    return db->count;
}

size_t tl_sequences_non_empty(const tl_sequences *db)
{
    return db->non_empty;
}

size_t tl_sequences_total(const tl_sequences *db)
{
    return db->total;
}

const uint32_t *tl_sequences_symbols(const tl_sequences *db)
{
    return db->symbols;
}

const uint32_t *tl_sequences_offsets(const tl_sequences *db)
{
    return db->offsets;
}
