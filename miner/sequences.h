/* sequences.h: the inside of a tl_sequences, for the rooms that fill one symbol by
 * symbol.  Invariant: offsets[0] is 0 and offsets[count] <= total; the symbols from
 * offsets[count] on belong to a sequence that is not ended yet. */
#ifndef TL_MINER_SEQUENCES_H
#define TL_MINER_SEQUENCES_H

#include "miner/miner.h"

struct tl_sequences {
    uint32_t *symbols;
    uint32_t *offsets; /* count + 1 */
    size_t total, symbols_cap;
    size_t count, offsets_cap;
    size_t non_empty;
};

/* Makes room for `more` further symbols; fails as tl_sequences_append does. */
int tl_sequences_reserve(tl_sequences *db, size_t more, tl_error *err) TL_MUST_CHECK;

/* Ends the sequence that the symbols since the last end form. */
int tl_sequences_end(tl_sequences *db, tl_error *err) TL_MUST_CHECK;

static inline int tl_sequences_push(tl_sequences *db, uint32_t symbol, tl_error *err)
{
    if (db->total == db->symbols_cap) {
        int rc = tl_sequences_reserve(db, 1, err);
        if (rc)
            return rc;
    }
    db->symbols[db->total++] = symbol;
    return TL_OK;
}

#endif
