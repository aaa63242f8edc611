/* suffix_index.h: the suffix array of a database's trie and what is known of each
 * suffix.
 *
 * A suffix is a node of the trie (miner/trie.h); its string ends before the first
 * infrequent symbol.  "By rank" arrays are indexed by the place of a node in `sorted`,
 * "by node" arrays by its number.
 */
#ifndef TL_MINER_SUFFIX_INDEX_H
#define TL_MINER_SUFFIX_INDEX_H

#include "miner/engine.h"
#include "miner/trie.h"

struct tl_suffix_index {
    tl_trie trie;           /* only n and parent outlive the construction */
    tl_trie_places places;
    uint32_t first;         /* the first rank whose string is not empty */
    uint32_t longest;       /* length of the longest string */
    uint32_t *sorted;       /* by rank: the node; sorted[0] is the root */
    uint32_t *length;       /* by node: length of its string */
    uint32_t *common;       /* by rank: length of the longest common prefix of this string
                             * and the one of the rank before; n + 1, both ends 0 */
    uint32_t *weight;       /* by node: number of sequences that end with this suffix (see
                             * tl_suffix_weight), and TL_SUFFIX_FULL */
    /* By rank: length of the longest prefix of the string that occurs once more further
     * on in the same sequence.  So a sequence's last occurrence of a pattern P is the
     * one at a suffix whose `again` is less than the length of P.  NULL if not built. */
    uint32_t *again;
};

/* Top bit of a weight: all these sequences go on to the left with the same frequent
 * symbol. */
#define TL_SUFFIX_FULL 0x80000000u

static inline uint32_t tl_suffix_weight(const tl_suffix_index *x, uint32_t node)
{
    return x->weight[node] & ~TL_SUFFIX_FULL;
}

/* Builds the index of the run's database; `want_again` says whether `again` is needed.
 * The caller calls tl_suffix_index_free, after failure too. */
int tl_suffix_index_build(tl_suffix_index *x, tl_run *run, bool want_again,
                          tl_error *err) TL_MUST_CHECK;
void tl_suffix_index_free(tl_suffix_index *x);

/* Builds x->again (miner/repeats.c) from the rest, places.repeat included. */
int tl_suffix_index_repeats(tl_suffix_index *x, const uint32_t *symbols, int threads,
                            tl_error *err) TL_MUST_CHECK;

#endif
