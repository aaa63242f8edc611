/* trie.h: the trie of the reversed sequences of a database.
 *
 * Stack traces end alike: the innermost frames are a library's.  So the sequences are
 * put into a trie from their last symbol to their first, and every suffix of every
 * sequence is the path from one node up to the root: node v spells label[v],
 * label[parent[v]], ... .  Equal suffixes are one node, identical sequences are merged
 * by the way, and what follows (the "suffix tree of a tree": S. R. Kosaraju, FOCS 1989;
 * D. Breslauer, TCS 191, 1998) costs time and memory for the nodes, which are at most
 * one for each symbol and on real traces a third or less.
 *
 * Labels are ranks of frequent symbols; 0 stands for any infrequent one and is part of
 * no pattern: the string of a node ends before the first 0 on its path.
 *
 * Nodes are numbered in the order in which sequences brought them, so parent[v] < v,
 * and what one sequence brought is a run v, v + 1, ..., each the child of the one
 * before.  Node 0 is the root.
 */
#ifndef TL_MINER_TRIE_H
#define TL_MINER_TRIE_H

#include "miner/compact.h"

enum {
    TL_NODE_CONTINUES = 1, /* its parent is the node numbered one less */
    TL_NODE_BRANCHES = 2   /* it has children besides the one numbered one more */
};

typedef struct tl_trie {
    uint32_t n; /* nodes, the root included */
    uint32_t n_labels; /* labels are 0 .. n_labels - 1 */
    uint32_t *parent;
    uint32_t *label;
    uint8_t *flags;
    /* The children that do not continue a run, ordered by parent; those of a node that
     * branches begin at branches[branch_at[v]] and go on while the parent is v. */
    uint32_t *branches, *branch_at;
    uint32_t n_branches;
} tl_trie;

/* Fills in branches, branch_at and flags from n and parent.  False: out of memory. */
bool tl_trie_link(tl_trie *t);
void tl_trie_free(tl_trie *t);

/* Where the sequences of a database are in its trie. */
typedef struct tl_trie_places {
    uint32_t *position; /* of a node: where its string begins in the database's symbols */
    uint32_t *last;     /* of a sequence: the node that spells it whole, 0 if it has no
                         * frequent symbol */
    uint32_t *repeat;   /* of a node: the nearest node above it with the same label, 0 if
                         * there is none; NULL unless asked for */
} tl_trie_places;

void tl_trie_places_free(tl_trie_places *p);

/* Builds the trie of `db`.  The caller frees both, after failure too. */
int tl_trie_build(tl_trie *t, tl_trie_places *places, const tl_sequences *db,
                  const tl_alphabet *alphabet, bool want_repeats, tl_error *err) TL_MUST_CHECK;

#endif
