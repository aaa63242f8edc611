/* The engine `suffix`: closed patterns from the tree of common prefixes.
 *
 * Every pattern that occurs in at least two ways is the prefix of a range of suffixes;
 * the ranges, nested, form a tree (M. Abouelhoda, S. Kurtz, E. Ohlebusch: Replacing
 * suffix trees with enhanced suffix arrays, JDA 2, 2004).  A tree node is the longest
 * pattern with its range; it is called by the first rank that its range has in common
 * with the rank before (node i has length common[i]).  A leaf is one suffix.
 *
 * Support by occurrences is the sum of the weights in the range.  By sequences a suffix
 * counts for the patterns that are longer than its `again`: each sequence once, at its
 * last occurrence.
 *
 * Closed to the right: no pattern one symbol longer, leaves included, has the same
 * support.  Closed to the left: let cP be P with a symbol in front.  If cP is a tree
 * node, its support is compared with that of P, which is a tree node too (the suffix
 * link).  If cP lies on the way to a longer tree node or leaf cPx and had the support of
 * P, then so had Px, and P is not closed to the right.  There remains a cP that is a
 * whole leaf: then P is whole leaf, too, and is told by its weight (TL_SUFFIX_FULL).
 *
 * A leaf as a whole is closed if no sequence goes on to the left with the same symbol
 * in all of its sequences: again TL_SUFFIX_FULL. */
#include "miner/suffix_index.h"
#include "base/threads.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { AHEAD = 16, CHUNK = 1 << 14 };

/* Top bit of a support: the tree node is not closed. */
#define NOT_CLOSED 0x80000000u

/* A tree node whose range is still growing.  The bottom of a stack is node 0 of length
 * 0, which stands for the empty pattern. */
typedef struct open_node {
    uint32_t name, length;
    uint32_t support;
    uint32_t extended; /* the largest support of a pattern one symbol longer */
} open_node;

/* A range of ranks that has no common prefix with its neighbours. */
typedef struct part {
    uint32_t begin, end;
    tl_pattern *leaves; /* the leaves that are patterns; position is a rank */
    size_t n_leaves, cap_leaves;
    bool failed;
} part;

typedef struct tree {
    const tl_suffix_index *x;
    tl_run *run;
    bool by_sequences;
    uint32_t *up;              /* by tree node: the node around it */
    _Atomic uint32_t *support; /* by tree node; 0 where a rank is none */
    uint32_t *owner;           /* by trie node: the tree node to which the boundary between
                                * its rank and the one before belongs; 0 if to none */
    part *parts;
    size_t n_parts;
    open_node **stacks;        /* by worker */
    uint32_t **pending;        /* by worker and length: weight of the suffixes met that do
                                * not count for the open node of that length, or the one
                                * still to come, and the nodes around it */
} tree;

/* ---- the tree ---- */

static bool add_leaf(part *p, uint32_t rank, uint32_t length, uint32_t support)
{
    if (p->n_leaves == p->cap_leaves) {
        size_t cap = p->cap_leaves ? 2 * p->cap_leaves : 64;
        tl_pattern *grown = realloc(p->leaves, cap * sizeof *grown);
        if (!grown)
            return false;
        p->leaves = grown;
        p->cap_leaves = cap;
    }
    p->leaves[p->n_leaves++] = (tl_pattern){rank, length, support};
    return true;
}

static void extend_node(open_node *node, uint32_t support)
{
    if (support > node->extended)
        node->extended = support;
}

/* Closes the nodes longer than `length`, which end before rank `next`, and opens the one
 * of that length if there is none yet.  Returns the new top of the stack. */
static open_node *close_nodes(tree *t, open_node *top, uint32_t *pending, uint32_t length,
                              uint32_t next)
{
    while (top->length > length) {
        if (pending) {
            top->support -= pending[top->length];
            pending[top->length] = 0;
        }
        uint32_t support = top->support;
        atomic_store_explicit(&t->support[top->name],
                              support == top->extended ? support | NOT_CLOSED : support,
                              memory_order_relaxed);
        if (top[-1].length < length) {
            t->up[top->name] = next;
            *top = (open_node){next, length, support, support};
        } else {
            t->up[top->name] = top[-1].name;
            top--;
            top->support += support;
            extend_node(top, support);
        }
    }
    return top;
}

static void grow_part(tree *t, part *p, open_node *top, uint32_t *pending)
{
    const tl_suffix_index *x = t->x;
    *top = (open_node){0};
    for (uint32_t i = p->begin; i < p->end; i++) {
        if (i + AHEAD < p->end) {
            __builtin_prefetch(&x->weight[x->sorted[i + AHEAD]]);
            __builtin_prefetch(&x->length[x->sorted[i + AHEAD]]);
            __builtin_prefetch(&t->owner[x->sorted[i + AHEAD]], 1);
        }
        uint32_t v = x->sorted[i], weight = tl_suffix_weight(x, v), length = x->length[v];
        bool full = x->weight[v] & TL_SUFFIX_FULL;
        uint32_t next = x->common[i + 1];
        t->owner[v] = top->name;
        if (next > top->length)
            *++top = (open_node){.name = i + 1, .length = next};
        if (length > top->length && !full && weight >= t->run->min_support &&
            !add_leaf(p, i, length, weight))
            p->failed = true;
        top->support += weight;
        if (length > top->length || full)
            extend_node(top, weight);
        if (pending)
            pending[x->again[i]] += weight;
        top = close_nodes(t, top, pending, next, i + 1);
    }
}

static void grow_parts(void *ctx, size_t begin, size_t end, int worker)
{
    tree *t = ctx;
    for (size_t i = begin; i < end; i++)
        grow_part(t, &t->parts[i], t->stacks[worker], t->pending[worker]);
}

/* Cuts the ranks into a few parts for each worker, where no prefix is shared. */
static void cut_parts(tree *t, size_t wanted)
{
    const tl_suffix_index *x = t->x;
    uint32_t begin = x->first, n = x->trie.n;
    for (size_t k = 1; begin < n; k++) {
        uint64_t end = k < wanted ? x->first + (uint64_t)(n - x->first) * k / wanted : n;
        if (end <= begin)
            continue;
        while (end < n && x->common[end] > 0)
            end++;
        t->parts[t->n_parts++] = (part){.begin = begin, .end = (uint32_t)end};
        begin = (uint32_t)end;
    }
}

/* ---- closure to the left ---- */

static void mark_not_closed(_Atomic uint32_t *support)
{
    if (!(atomic_load_explicit(support, memory_order_relaxed) & NOT_CLOSED))
        atomic_fetch_or_explicit(support, NOT_CLOSED, memory_order_relaxed);
}

static uint32_t support_of(const tree *t, uint32_t node)
{
    return atomic_load_explicit(&t->support[node], memory_order_relaxed) & ~NOT_CLOSED;
}

/* Follows the suffix links of the tree nodes in [begin, end).  The boundary after which
 * node i is called lies before suffix v; one symbol less, it belongs to the node that is
 * looked for or to one inside that.  Along a run of the trie the common prefixes shrink
 * by one at most, so the steps up are, in all, no more than the symbols. */
static void follow_links(void *ctx, size_t begin, size_t end, int worker)
{
    (void)worker;
    tree *t = ctx;
    const tl_suffix_index *x = t->x;
    for (size_t i = begin; i < end; i++) {
        if (i + 2 * AHEAD < end) {
            __builtin_prefetch(&x->trie.parent[x->sorted[i + 2 * AHEAD]]);
            __builtin_prefetch(&t->owner[x->trie.parent[x->sorted[i + AHEAD]]]);
        }
        uint32_t support = support_of(t, (uint32_t)i), length = x->common[i];
        if (support < t->run->min_support || length < 2)
            continue;
        uint32_t node = t->owner[x->trie.parent[x->sorted[i]]];
        while (x->common[node] >= length)
            node = t->up[node];
        if (support_of(t, node) == support)
            mark_not_closed(&t->support[node]);
    }
}

/* ---- all together ---- */

/* Adds the patterns in the order of their symbols. */
static int emit(const tree *t, tl_error *err)
{
    const tl_suffix_index *x = t->x;
    for (size_t k = 0; k < t->n_parts; k++) {
        const part *p = &t->parts[k];
        size_t leaf = 0;
        for (uint32_t i = p->begin; i < p->end; i++) {
            uint32_t position = x->places.position[x->sorted[i]];
            uint32_t support = atomic_load_explicit(&t->support[i], memory_order_relaxed);
            int rc = TL_OK;
            if (support >= t->run->min_support && !(support & NOT_CLOSED))
                rc = tl_run_add(t->run, position, x->common[i], support, err);
            if (!rc && leaf < p->n_leaves && p->leaves[leaf].position == i) {
                rc = tl_run_add(t->run, position, p->leaves[leaf].length,
                                p->leaves[leaf].support, err);
                leaf++;
            }
            if (rc)
                return rc;
        }
    }
    return TL_OK;
}

static int grow_tree(tree *t, tl_error *err)
{
    const tl_run *run = t->run;
    size_t threads = (size_t)run->threads, wanted = threads > 1 ? 8 * threads : 1;
    t->parts = calloc(wanted, sizeof *t->parts);
    t->stacks = calloc(threads, sizeof *t->stacks);
    t->pending = calloc(threads, sizeof *t->pending);
    t->support = calloc(t->x->trie.n, sizeof *t->support);
    if (!t->parts || !t->stacks || !t->pending || !t->support)
        return tl_fail_memory(err, "the tree of patterns");
    for (size_t w = 0; w < threads; w++) {
        t->stacks[w] = malloc(((size_t)t->x->longest + 2) * sizeof **t->stacks);
        if (t->by_sequences)
            t->pending[w] = calloc((size_t)t->x->longest + 1, sizeof **t->pending);
        if (!t->stacks[w] || (t->by_sequences && !t->pending[w]))
            return tl_fail_memory(err, "the tree of patterns");
    }
    cut_parts(t, wanted);
    tl_parallel_for(t->n_parts, 1, run->threads, grow_parts, t);
    for (size_t k = 0; k < t->n_parts; k++)
        if (t->parts[k].failed)
            return tl_fail_memory(err, "the patterns");
    return TL_OK;
}

static int mine_tree(tree *t, tl_error *err)
{
    int rc = tl_run_stage(t->run, "tree", err);
    if (!rc)
        rc = grow_tree(t, err);
    if (!rc)
        rc = tl_run_stage(t->run, "closure", err);
    if (rc)
        return rc;
    tl_parallel_for(t->x->trie.n, t->run->threads > 1 ? CHUNK : t->x->trie.n, t->run->threads,
                    follow_links, t);
    rc = tl_run_stage(t->run, "emit", err);
    return rc ? rc : emit(t, err);
}

static void free_tree(tree *t)
{
    for (size_t k = 0; k < t->n_parts; k++)
        free(t->parts[k].leaves);
    for (int w = 0; w < t->run->threads; w++) {
        if (t->stacks)
            free(t->stacks[w]);
        if (t->pending)
            free(t->pending[w]);
    }
    free(t->parts);
    free(t->stacks);
    free(t->pending);
    free((void *)t->support);
}

/* Gives the index to the run, which reads posting lists from it. */
static int keep_index(tl_run *run, const tl_suffix_index *x, tl_error *err)
{
    run->index = malloc(sizeof *run->index);
    if (!run->index)
        return tl_fail_memory(err, "the posting lists");
    *run->index = *x;
    return TL_OK;
}

/* If the index is not kept, two arrays take the place of others whose entries have been
 * read by the time theirs are written: owner that of length (by node), up that of again
 * (by rank). */
static int mine_suffix(tl_run *run, tl_error *err)
{
    tl_suffix_index x;
    bool keep = run->options->want_postings;
    tree t = {.x = &x, .run = run, .by_sequences = run->options->support == TL_SEQUENCES};
    int rc = tl_suffix_index_build(&x, run, t.by_sequences || keep, err);
    if (!rc) {
        uint32_t n = x.trie.n;
        t.owner = keep ? malloc(n * sizeof *t.owner) : x.length;
        t.up = keep || !x.again ? malloc(n * sizeof *t.up) : x.again;
        rc = t.owner && t.up ? mine_tree(&t, err) : tl_fail_memory(err, "the tree of patterns");
        if (t.owner != x.length)
            free(t.owner);
        if (t.up != x.again)
            free(t.up);
    }
    free_tree(&t);
    if (!rc && keep)
        rc = keep_index(run, &x, err);
    if (rc || !keep)
        tl_suffix_index_free(&x);
    return rc;
}

const tl_engine tl_engine_suffix = {
    .name = "suffix", .in_symbol_order = true, .mine = mine_suffix};
