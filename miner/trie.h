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
 * before.  Sequences are put in grouped by their last symbol: what is near in the trie
 * is near in memory, and groups are built by several threads.  Node 0 is the root.
 */
#ifndef TL_MINER_TRIE_H
#define TL_MINER_TRIE_H

#include "miner/compact.h"

/* Two neighbours in the array tell all about a node's children: v + 1 is one if it
 * continues v's run; the others are branches[tl_trie_first_branch(&nodes[v])] up to
 * branches[tl_trie_first_branch(&nodes[v + 1])]. */
typedef struct tl_trie_node {
    uint32_t key;    /* label << 1; the lowest bit belongs to the sorter */
    uint32_t branch; /* where its branches begin << 1; lowest bit: it continues a run */
} tl_trie_node;

/* A child that does not continue a run, with a copy of its key. */
typedef struct tl_trie_branch {
    uint32_t node, key;
} tl_trie_branch;

typedef struct tl_trie {
    uint32_t n;           /* nodes, the root included */
    uint32_t n_labels;    /* labels are 0 .. n_labels - 1 */
    uint32_t *parent;
    tl_trie_node *nodes;  /* n + 1; the last one only ends the branches of the one before */
    tl_trie_branch *branches; /* ordered by parent */
} tl_trie;

static inline uint32_t tl_trie_label(const tl_trie *t, uint32_t v)
{
    return t->nodes[v].key >> 1;
}

static inline uint32_t tl_trie_first_branch(const tl_trie_node *node)
{
    return node->branch >> 1;
}

static inline bool tl_trie_continues(const tl_trie_node *node)
{
    return node->branch & 1;
}

/* Fills in branches and nodes[].branch from n, parent and nodes[].key.  False: out of
 * memory. */
bool tl_trie_link(tl_trie *t);
void tl_trie_free(tl_trie *t);

/* Where the sequences of a database are in its trie. */
typedef struct tl_trie_places {
    uint32_t *position; /* of a node: where its string begins in the database's symbols */
    uint32_t *last;     /* of a sequence: the node that spells it whole, 0 if it has no
                         * frequent symbol */
    uint32_t *begin;    /* of a sequence: the position that node spells it from, behind the
                         * infrequent symbols it begins with */
    uint32_t *repeat;   /* of a node: the nearest node above it with the same label, 0 if
                         * there is none; NULL unless asked for */
} tl_trie_places;

void tl_trie_places_free(tl_trie_places *p);

/* Builds the trie of `db`.  The caller frees both, after failure too. */
int tl_trie_build(tl_trie *t, tl_trie_places *places, const tl_sequences *db,
                  const tl_alphabet *alphabet, bool want_repeats, int threads,
                  tl_error *err) TL_MUST_CHECK;

#endif
