#include "miner/trie_sort.h"

#include <stdlib.h>

/* A node is of type S if its string is less than its parent's, else of type L.  A node
 * of type S with a child of type L is an LMS node: their order, with that of single
 * symbols, induces the order of all. */
enum {
    TYPE_S = 1, /* lowest bit of a key */
    NOBODY = 0xffffffff,
    AHEAD = 24 /* how far ahead of a scan over the sorted nodes memory is fetched */
};

typedef struct sorter {
    tl_trie *t;
    uint32_t *sorted;
    uint32_t *start; /* start[c]: where the nodes with label c begin; n_labels + 1 */
    uint32_t *next;  /* where the next one of label c goes */
    uint64_t *is_lms; /* a bit for each node */
    uint32_t n_lms;
} sorter;

static bool type_s(const tl_trie *t, uint32_t v)
{
    return t->nodes[v].key & TYPE_S;
}

static bool is_lms(const sorter *s, uint32_t v)
{
    return s->is_lms[v / 64] >> v % 64 & 1;
}

/* Sets the types and counts the labels. */
static void classify(sorter *s)
{
    tl_trie *t = s->t;
    for (uint32_t v = 1; v < t->n; v++) {
        uint32_t p = t->parent[v], key = t->nodes[v].key;
        s->start[(key >> 1) + 1]++;
        /* Of equal labels the parent's key is larger if it has the bit of type S. */
        if (p != 0 && key < t->nodes[p].key) {
            t->nodes[v].key |= TYPE_S;
        } else if (type_s(t, p) && !is_lms(s, p)) {
            s->is_lms[p / 64] |= UINT64_C(1) << p % 64;
            s->n_lms++;
        }
    }
    s->start[0] = 1; /* the root comes before all */
    for (uint32_t c = 0; c < t->n_labels; c++)
        s->start[c + 1] += s->start[c];
    uint32_t branches = tl_trie_first_branch(&t->nodes[t->n]);
    for (uint32_t k = 0; k < branches; k++)
        t->branches[k].key = t->nodes[t->branches[k].node].key;
}

/* Appends the children of type L of every node behind those that are in their label's
 * bucket already, in ascending order of the nodes. */
static void induce_l(sorter *s)
{
    const tl_trie_node *nodes = s->t->nodes;
    const tl_trie_branch *branches = s->t->branches;
    uint32_t *sorted = s->sorted, *next = s->next, n = s->t->n;
    memcpy(next, s->start, s->t->n_labels * sizeof *next);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = sorted[i];
        if (i + AHEAD < n && sorted[i + AHEAD] != NOBODY)
            __builtin_prefetch(&nodes[sorted[i + AHEAD]]);
        if (v == NOBODY)
            continue;
        const tl_trie_node *node = &nodes[v], *after = node + 1;
        if (tl_trie_continues(after) && !(after->key & TYPE_S))
            sorted[next[after->key >> 1]++] = v + 1;
        uint32_t end = tl_trie_first_branch(after);
        for (uint32_t k = tl_trie_first_branch(node); k < end; k++)
            if (!(branches[k].key & TYPE_S))
                sorted[next[branches[k].key >> 1]++] = branches[k].node;
    }
}

/* Likewise for type S, from behind.  It overwrites the LMS nodes that induce_l started
 * from; each is read only after it was put to its place. */
static void induce_s(sorter *s)
{
    const tl_trie_node *nodes = s->t->nodes;
    const tl_trie_branch *branches = s->t->branches;
    uint32_t *sorted = s->sorted, *next = s->next, n = s->t->n;
    memcpy(next, s->start + 1, s->t->n_labels * sizeof *next);
    for (uint32_t i = n; i-- > 0;) {
        uint32_t v = sorted[i];
        if (i >= AHEAD && sorted[i - AHEAD] != NOBODY)
            __builtin_prefetch(&nodes[sorted[i - AHEAD]]);
        if (v == NOBODY)
            continue;
        const tl_trie_node *node = &nodes[v], *after = node + 1;
        if (tl_trie_continues(after) && after->key & TYPE_S)
            sorted[--next[after->key >> 1]] = v + 1;
        uint32_t end = tl_trie_first_branch(after);
        for (uint32_t k = tl_trie_first_branch(node); k < end; k++)
            if (branches[k].key & TYPE_S)
                sorted[--next[branches[k].key >> 1]] = branches[k].node;
    }
}

/* Sorts all nodes, given the LMS nodes in ascending order (or, for a first rough
 * order, in any). */
static void induce(sorter *s, const uint32_t *lms)
{
    const tl_trie *t = s->t;
    memset(s->sorted, 0xff, t->n * sizeof *s->sorted);
    s->sorted[0] = 0;
    memcpy(s->next, s->start + 1, t->n_labels * sizeof *s->next);
    for (uint32_t k = s->n_lms; k-- > 0;)
        s->sorted[--s->next[tl_trie_label(t, lms[k])]] = lms[k];
    induce_l(s);
    induce_s(s);
}

/* True if two LMS nodes spell the same up to and with the next LMS node on the way to
 * the root.  (Whether a node above counts as LMS depends on the path: it does if it is
 * of type S and the node below it on the path of type L.) */
static bool same_lms_string(const tl_trie *t, uint32_t v, uint32_t u)
{
    for (;;) {
        if (t->nodes[v].key != t->nodes[u].key)
            return false;
        bool below_l = !type_s(t, v);
        v = t->parent[v];
        u = t->parent[u];
        if (v == 0 || u == 0) /* the root ends one string only: both are distinct */
            return false;
        if (below_l && type_s(t, v))
            return t->nodes[v].key == t->nodes[u].key;
    }
}

static uint32_t next_lms(const tl_trie *t, uint32_t v)
{
    bool below_l;
    do {
        below_l = !type_s(t, v);
        v = t->parent[v];
    } while (v != 0 && !(below_l && type_s(t, v)));
    return v;
}

/* Makes the trie of LMS nodes: labels are the ranks of what they spell up to the next
 * LMS node, in the rough order of s->sorted.  lms[] lists them ascending by number. */
static bool reduce(const sorter *s, const uint32_t *lms, tl_trie *r)
{
    const tl_trie *t = s->t;
    *r = (tl_trie){.n = s->n_lms + 1, .n_labels = 1};
    r->nodes = malloc(((size_t)r->n + 1) * sizeof *r->nodes);
    r->parent = malloc(r->n * sizeof *r->parent);
    uint32_t *number = malloc(t->n * sizeof *number); /* of an LMS node in r */
    if (!r->nodes || !r->parent || !number) {
        free(number);
        return false;
    }
    r->nodes[0].key = r->parent[0] = number[0] = 0;
    for (uint32_t k = 0; k < s->n_lms; k++)
        number[lms[k]] = k + 1;
    for (uint32_t k = 0; k < s->n_lms; k++)
        r->parent[k + 1] = number[next_lms(t, lms[k])];
    uint32_t before = 0;
    for (uint32_t i = 1; i < t->n; i++) {
        uint32_t v = s->sorted[i];
        if (!is_lms(s, v))
            continue;
        if (before == 0 || !same_lms_string(t, before, v))
            r->n_labels++;
        r->nodes[number[v]].key = (r->n_labels - 1) << 1;
        before = v;
    }
    free(number);
    return true;
}

/* Puts lms[] into ascending order. */
static int sort_lms(sorter *s, uint32_t *lms, tl_error *err)
{
    tl_trie r;
    uint32_t *order = NULL;
    int rc = TL_NO_MEMORY;
    if (!reduce(s, lms, &r))
        goto done;
    order = malloc(r.n * sizeof *order);
    if (!order)
        goto done;
    rc = TL_OK;
    if (r.n_labels == r.n) { /* all different: sorted by their labels */
        for (uint32_t v = 1; v < r.n; v++)
            order[tl_trie_label(&r, v)] = v;
    } else if (!tl_trie_link(&r)) {
        rc = TL_NO_MEMORY;
    } else {
        rc = tl_trie_sort(&r, order, err);
    }
    if (!rc) { /* node v of r stands for lms[v - 1] */
        memcpy(r.parent, lms, s->n_lms * sizeof *lms);
        for (uint32_t k = 0; k < s->n_lms; k++)
            lms[k] = r.parent[order[k + 1] - 1];
    }
done:
    free(order);
    tl_trie_free(&r);
    return rc == TL_NO_MEMORY ? tl_fail_memory(err, "the suffix array") : rc;
}

static int sort_nodes(sorter *s, tl_error *err)
{
    classify(s);
    uint32_t *lms = malloc((s->n_lms + 1) * sizeof *lms);
    if (!lms)
        return tl_fail_memory(err, "the suffix array");
    uint32_t k = 0;
    for (uint32_t v = 1; v < s->t->n; v++)
        if (is_lms(s, v))
            lms[k++] = v;
    int rc = TL_OK;
    if (s->n_lms > 1) {
        induce(s, lms);
        rc = sort_lms(s, lms, err);
    }
    if (!rc)
        induce(s, lms);
    free(lms);
    return rc;
}

int tl_trie_sort(tl_trie *t, uint32_t *sorted, tl_error *err)
{
    sorter s = {.t = t, .sorted = sorted};
    s.start = calloc((size_t)t->n_labels + 1, sizeof *s.start);
    s.next = malloc(t->n_labels * sizeof *s.next);
    s.is_lms = calloc(t->n / 64 + 1, sizeof *s.is_lms);
    bool ok = s.start && s.next && s.is_lms;
    int rc = ok ? sort_nodes(&s, err) : tl_fail_memory(err, "the suffix array");
    free(s.start);
    free(s.next);
    free(s.is_lms);
    return rc;
}
