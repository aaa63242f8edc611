#include "miner/trie_sort.h"

#include <stdlib.h>

/* A node is of type S if its string is less than its parent's, else of type L.  A node
 * of type S with a child of type L is an LMS node: their order, with that of single
 * symbols, induces the order of all. */
enum {
    TYPE_S = 4,
    LMS = 8,
    NOBODY = 0xffffffff,
    AHEAD = 24 /* how far ahead of a scan over the sorted nodes memory is fetched */
};

typedef struct sorter {
    tl_trie *t;
    uint32_t *sorted;
    uint32_t *start; /* start[c]: where the nodes with label c begin; n_labels + 1 */
    uint32_t *next;  /* where the next one of label c goes */
    uint32_t n_lms;
} sorter;

/* Sets the types and counts the labels. */
static void classify(sorter *s)
{
    tl_trie *t = s->t;
    for (uint32_t v = 1; v < t->n; v++) {
        uint32_t p = t->parent[v], a = t->label[v], b = t->label[p];
        s->start[a + 1]++;
        bool less = p != 0 && (a < b || (a == b && t->flags[p] & TYPE_S));
        if (less) {
            t->flags[v] |= TYPE_S;
        } else if (t->flags[p] & TYPE_S && !(t->flags[p] & LMS)) {
            t->flags[p] |= LMS;
            s->n_lms++;
        }
    }
    s->start[0] = 1; /* the root comes before all */
    for (uint32_t c = 0; c < t->n_labels; c++)
        s->start[c + 1] += s->start[c];
}

static inline void fetch(const sorter *s, uint32_t v)
{
    if (v != NOBODY) {
        __builtin_prefetch(&s->t->flags[v]);
        __builtin_prefetch(&s->t->label[v]);
        __builtin_prefetch(&s->t->branch_at[v]);
    }
}

/* Appends the children of type L of every node behind those that are in their label's
 * bucket already, in ascending order of the nodes. */
static void induce_l(sorter *s)
{
    const tl_trie *t = s->t;
    uint32_t *sorted = s->sorted, *next = s->next;
    memcpy(next, s->start, t->n_labels * sizeof *next);
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t v = sorted[i];
        if (i + AHEAD < t->n)
            fetch(s, sorted[i + AHEAD]);
        if (v == NOBODY)
            continue;
        if (v + 1 < t->n && (t->flags[v + 1] & (TL_NODE_CONTINUES | TYPE_S)) == TL_NODE_CONTINUES)
            sorted[next[t->label[v + 1]]++] = v + 1;
        if (t->flags[v] & TL_NODE_BRANCHES)
            for (uint32_t k = t->branch_at[v]; k < t->n_branches; k++) {
                uint32_t u = t->branches[k];
                if (t->parent[u] != v)
                    break;
                if (!(t->flags[u] & TYPE_S))
                    sorted[next[t->label[u]]++] = u;
            }
    }
}

/* Likewise for type S, from behind.  It overwrites the LMS nodes that induce_l started
 * from; each is read only after it was put to its place. */
static void induce_s(sorter *s)
{
    const tl_trie *t = s->t;
    uint32_t *sorted = s->sorted, *next = s->next;
    memcpy(next, s->start + 1, t->n_labels * sizeof *next);
    for (uint32_t i = t->n; i-- > 0;) {
        uint32_t v = sorted[i];
        if (i >= AHEAD)
            fetch(s, sorted[i - AHEAD]);
        if (v == NOBODY)
            continue;
        const uint8_t wanted = TL_NODE_CONTINUES | TYPE_S;
        if (v + 1 < t->n && (t->flags[v + 1] & wanted) == wanted)
            sorted[--next[t->label[v + 1]]] = v + 1;
        if (t->flags[v] & TL_NODE_BRANCHES)
            for (uint32_t k = t->branch_at[v]; k < t->n_branches; k++) {
                uint32_t u = t->branches[k];
                if (t->parent[u] != v)
                    break;
                if (t->flags[u] & TYPE_S)
                    sorted[--next[t->label[u]]] = u;
            }
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
        s->sorted[--s->next[t->label[lms[k]]]] = lms[k];
    induce_l(s);
    induce_s(s);
}

/* True if two LMS nodes spell the same up to and with the next LMS node on the way to
 * the root.  (Whether a node above counts as LMS depends on the path: it does if it is
 * of type S and the node below it on the path of type L.) */
static bool same_lms_string(const tl_trie *t, uint32_t v, uint32_t u)
{
    for (;;) {
        if (t->label[v] != t->label[u])
            return false;
        uint8_t below_v = t->flags[v], below_u = t->flags[u];
        v = t->parent[v];
        u = t->parent[u];
        if (v == 0 || u == 0) /* the root ends one string only: both are distinct */
            return false;
        bool end_v = t->flags[v] & ~below_v & TYPE_S, end_u = t->flags[u] & ~below_u & TYPE_S;
        if (end_v != end_u)
            return false;
        if (end_v)
            return t->label[v] == t->label[u];
    }
}

static uint32_t next_lms(const tl_trie *t, uint32_t v)
{
    uint8_t below;
    do {
        below = t->flags[v];
        v = t->parent[v];
    } while (v != 0 && !(t->flags[v] & ~below & TYPE_S));
    return v;
}

/* Makes the trie of LMS nodes: labels are the ranks of what they spell up to the next
 * LMS node, in the rough order of s->sorted.  lms[] lists them ascending by number. */
static bool reduce(const sorter *s, const uint32_t *lms, tl_trie *r)
{
    const tl_trie *t = s->t;
    *r = (tl_trie){.n = s->n_lms + 1, .n_labels = 1};
    r->label = malloc(r->n * sizeof *r->label);
    r->parent = malloc(r->n * sizeof *r->parent);
    uint32_t *number = malloc(t->n * sizeof *number); /* of an LMS node in r */
    if (!r->label || !r->parent || !number) {
        free(number);
        return false;
    }
    r->label[0] = r->parent[0] = number[0] = 0;
    for (uint32_t k = 0; k < s->n_lms; k++)
        number[lms[k]] = k + 1;
    for (uint32_t k = 0; k < s->n_lms; k++)
        r->parent[k + 1] = number[next_lms(t, lms[k])];
    uint32_t before = 0;
    for (uint32_t i = 1; i < t->n; i++) {
        uint32_t v = s->sorted[i];
        if (!(t->flags[v] & LMS))
            continue;
        if (before == 0 || !same_lms_string(t, before, v))
            r->n_labels++;
        r->label[number[v]] = r->n_labels - 1;
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
            order[r.label[v]] = v;
    } else if (!tl_trie_link(&r)) {
        rc = TL_NO_MEMORY;
    } else {
        rc = tl_trie_sort(&r, order, err);
    }
    /* The node of number v in r is lms[v - 1]; the table for that is in r.label now. */
    if (!rc) {
        memcpy(r.label, lms, s->n_lms * sizeof *lms);
        for (uint32_t k = 0; k < s->n_lms; k++)
            lms[k] = r.label[order[k + 1] - 1];
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
        if (s->t->flags[v] & LMS)
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
    int rc = s.start && s.next ? sort_nodes(&s, err) : tl_fail_memory(err, "the suffix array");
    free(s.start);
    free(s.next);
    for (uint32_t v = 0; v < t->n; v++)
        t->flags[v] &= TL_NODE_CONTINUES | TL_NODE_BRANCHES;
    return rc;
}
