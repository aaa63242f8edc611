/* trie_sort.h: the suffix array of a trie.
 *
 * Sorts the nodes of a trie by the strings they spell on their way to the root (a
 * string before its extensions), in time and memory linear in the nodes: induced
 * sorting (G. Nong, S. Zhang, W. H. Chan: Two efficient algorithms for linear time
 * suffix array construction, IEEE Trans. Computers 60, 2011), which needs nothing of a
 * text but that every suffix has one suffix that is shorter by a symbol.  In a trie a
 * node is preceded by several children instead of one symbol, and induces all of them.
 */
#ifndef TL_MINER_TRIE_SORT_H
#define TL_MINER_TRIE_SORT_H

#include "miner/trie.h"

/* sorted[0 .. t->n) becomes the nodes in ascending order, the root first.  Uses the
 * lowest bits of the keys, which must be 0. */
int tl_trie_sort(tl_trie *t, uint32_t *sorted, tl_error *err) TL_MUST_CHECK;

#endif
