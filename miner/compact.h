/* compact.h: a database reduced to what can be part of a frequent pattern.
 *
 * Symbols that are not frequent get the number 0, the frequent ones 1, 2, ... in the
 * order of their original numbers; sequences that are then identical are kept once
 * with a weight.  No pattern is lost: every occurrence of a frequent pattern consists
 * of frequent symbols, and a pattern extended by an infrequent symbol never has the
 * support of a frequent pattern, so closure does not change either.
 */
#ifndef TL_MINER_COMPACT_H
#define TL_MINER_COMPACT_H

#include "miner/miner.h"

/* The frequent symbols. */
typedef struct tl_alphabet {
    uint32_t size;     /* frequent symbols have ranks 1 .. size */
    uint32_t *support; /* support[rank], 1 .. size */
    uint32_t *rank;    /* by symbol, symbols 0 .. bound - 1; NULL if `text` is set */
    size_t bound;
    /* Where symbols are too large for a table: the rank of every symbol of the
     * database, in place. */
    uint32_t *text;
} tl_alphabet;

/* Counts the symbols of `db`.  The caller calls tl_alphabet_free, after failure too. */
int tl_alphabet_init(tl_alphabet *a, const tl_sequences *db, tl_support_kind kind,
                     uint32_t min_support, tl_error *err) TL_MUST_CHECK;
void tl_alphabet_free(tl_alphabet *a);

/* The rank of symbol number i of the database, 0 if it is not frequent. */
static inline uint32_t tl_alphabet_rank(const tl_alphabet *a, const uint32_t *symbols, size_t i)
{
    return a->text ? a->text[i] : a->rank[symbols[i]];
}

/* The merged sequences, each followed by one 0.  Sequences without a frequent symbol
 * are left out. */
typedef struct tl_compact {
    tl_alphabet alphabet;
    size_t n;           /* length of text */
    uint32_t *text;     /* ranks; 0 parts what must not be joined */
    uint32_t count;     /* merged sequences */
    uint32_t *start;    /* count + 1: where each begins in text */
    uint32_t *weight;   /* how many sequences of the database each stands for */
    uint32_t *position; /* where the first of them begins in the database's symbols */
} tl_compact;

/* The caller calls tl_compact_free, after failure too. */
int tl_compact_init(tl_compact *c, const tl_sequences *db, tl_support_kind kind,
                    uint32_t min_support, tl_error *err) TL_MUST_CHECK;
void tl_compact_free(tl_compact *c);

#endif
