/* postings.h: which sequences hold a pattern, for tl_mine.
 *
 * The sequences that end with one suffix, and so hold all its prefixes, are those below
 * a node of the trie.  Listed in an order in which they stand together, the posting
 * list of a pattern is a few runs of that list: one for each suffix in the pattern's
 * range that is the last occurrence in its sequences.  Lists are made when asked for;
 * the structure has a size of the database, not of all lists.
 */
#ifndef TL_MINER_POSTINGS_H
#define TL_MINER_POSTINGS_H

#include "miner/range_min.h"
#include "miner/suffix_index.h"

typedef struct tl_posting_index {
    size_t n_sequences;
    uint32_t n;            /* suffixes, the root included */
    uint32_t *sorted;      /* the arrays of tl_suffix_index that are still needed */
    uint32_t *weight;
    uint32_t *parent;
    uint32_t *last;
    uint32_t *again;
    tl_range_min least_again;
    uint32_t *members;     /* sequences, those below one node together */
    uint32_t *first_member; /* by node: where those below it begin in members */
    struct tl_range {
        uint32_t begin, end;
    } *ranges;             /* by pattern: the ranks of the suffixes that begin with it */
} tl_posting_index;

/* Makes the index for the run's patterns, in their final order, out of run->index, which
 * it takes apart.  The caller calls tl_posting_index_free, after failure too. */
int tl_posting_index_init(tl_posting_index *p, tl_run *run, tl_error *err) TL_MUST_CHECK;
void tl_posting_index_free(tl_posting_index *p);

#endif
