#include "miner/trie.h"

#include <stdlib.h>

/* ---- children ---- */

/* branch_at of the nodes is counted, then summed up, then filled from behind, so that
 * it ends up at the beginning of each node's children. */
bool tl_trie_link(tl_trie *t)
{
    t->n_branches = 0;
    for (uint32_t v = 1; v < t->n; v++)
        t->n_branches += t->parent[v] != v - 1;
    t->flags = calloc(t->n, sizeof *t->flags);
    t->branch_at = calloc(t->n, sizeof *t->branch_at);
    t->branches = malloc((t->n_branches + 1) * sizeof *t->branches);
    if (!t->flags || !t->branch_at || !t->branches)
        return false;
    for (uint32_t v = 1; v < t->n; v++) {
        uint32_t p = t->parent[v];
        if (p == v - 1) {
            t->flags[v] = TL_NODE_CONTINUES;
        } else {
            t->flags[p] |= TL_NODE_BRANCHES;
            t->branch_at[p]++;
        }
    }
    uint32_t sum = 0;
    for (uint32_t v = 0; v < t->n; v++)
        t->branch_at[v] = sum += t->branch_at[v];
    for (uint32_t v = t->n; v-- > 1;)
        if (!(t->flags[v] & TL_NODE_CONTINUES))
            t->branches[--t->branch_at[t->parent[v]]] = v;
    return true;
}

void tl_trie_free(tl_trie *t)
{
    free(t->parent);
    free(t->label);
    free(t->flags);
    free(t->branches);
    free(t->branch_at);
    *t = (tl_trie){0};
}

void tl_trie_places_free(tl_trie_places *p)
{
    free(p->position);
    free(p->last);
    free(p->repeat);
    *p = (tl_trie_places){0};
}

/* ---- building ---- */

typedef struct builder {
    tl_trie *t;
    tl_trie_places *places;
    size_t cap; /* of the node arrays */

    /* The child of a node that follows it in number is found by looking there; all
     * others are in this table of nodes, hashed by (parent, label); 0 is free. */
    uint32_t *slot;
    size_t mask, used;

    /* By label: the sequence that met it last, and at which node. */
    uint32_t *seen_in, *seen_at;
} builder;

static bool grow_nodes(builder *b)
{
    size_t cap = b->cap ? 2 * b->cap : 4096;
    uint32_t **arrays[] = {&b->t->parent, &b->t->label, &b->places->position,
                           b->seen_in ? &b->places->repeat : NULL};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        if (!arrays[i])
            continue;
        uint32_t *grown = realloc(*arrays[i], cap * sizeof *grown);
        if (!grown)
            return false;
        *arrays[i] = grown;
    }
    b->cap = cap;
    return true;
}

static size_t home_slot(const builder *b, uint32_t parent, uint32_t label)
{
    uint64_t h = ((uint64_t)parent << 32 | label) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(h ^ h >> 32) & b->mask;
}

/* The slot of that child: free if there is none. */
static size_t child_slot(const builder *b, uint32_t parent, uint32_t label)
{
    size_t h = home_slot(b, parent, label);
    for (uint32_t v; (v = b->slot[h]) != 0; h = (h + 1) & b->mask)
        if (b->t->parent[v] == parent && b->t->label[v] == label)
            break;
    return h;
}

static bool grow_slots(builder *b)
{
    uint32_t *old = b->slot;
    size_t slots = old ? b->mask + 1 : 0;
    b->mask = old ? 2 * slots - 1 : 4095;
    b->slot = calloc(b->mask + 1, sizeof *b->slot);
    if (b->slot)
        for (size_t i = 0; i < slots; i++)
            if (old[i])
                b->slot[child_slot(b, b->t->parent[old[i]], b->t->label[old[i]])] = old[i];
    free(old);
    return b->slot != NULL;
}

/* A new child of `parent`; 0 when out of memory. */
static uint32_t add_node(builder *b, uint32_t parent, uint32_t label, uint32_t position)
{
    if (b->t->n == b->cap && !grow_nodes(b))
        return 0;
    uint32_t v = b->t->n++;
    b->t->parent[v] = parent;
    b->t->label[v] = label;
    b->places->position[v] = position;
    if (b->seen_in)
        b->places->repeat[v] = 0;
    return v;
}

/* The child of `v` with that label, made if it is new; 0 when out of memory. */
static uint32_t step(builder *b, uint32_t v, uint32_t label, uint32_t position)
{
    const tl_trie *t = b->t;
    if (v + 1 < t->n) {
        if (t->label[v + 1] == label && t->parent[v + 1] == v)
            return v + 1;
        size_t h = child_slot(b, v, label);
        if (b->slot[h])
            return b->slot[h];
        uint32_t u = add_node(b, v, label, position);
        b->slot[h] = u;
        if (u && 2 * ++b->used > b->mask && !grow_slots(b))
            return 0;
        return u;
    }
    return add_node(b, v, label, position); /* goes on with the newest run */
}

/* The node of the whole sequence symbols[begin .. end), which ends with a frequent
 * symbol; 0 when out of memory. */
static uint32_t insert_sequence(builder *b, const tl_alphabet *alphabet, const uint32_t *symbols,
                                size_t begin, size_t end, uint32_t number)
{
    uint32_t v = 0;
    for (size_t i = end; i-- > begin;) {
        uint32_t label = tl_alphabet_rank(alphabet, symbols, i);
        uint32_t known = b->t->n;
        v = step(b, v, label, (uint32_t)i);
        if (v == 0)
            return 0;
        if (b->seen_in && label != 0) {
            if (v >= known && b->seen_in[label] == number)
                b->places->repeat[v] = b->seen_at[label];
            b->seen_in[label] = number;
            b->seen_at[label] = v;
        }
    }
    return v;
}

/* Infrequent symbols at the ends of a sequence are part of nothing: they are cut off,
 * and more sequences become one. */
static bool insert_all(builder *b, const tl_sequences *db, const tl_alphabet *alphabet)
{
    const uint32_t *symbols = tl_sequences_symbols(db), *offsets = tl_sequences_offsets(db);
    if (!add_node(b, 0, 0, 0) && b->t->n == 0)
        return false;
    for (size_t s = 0; s < tl_sequences_count(db); s++) {
        size_t begin = offsets[s], end = offsets[s + 1];
        while (begin < end && !tl_alphabet_rank(alphabet, symbols, begin))
            begin++;
        while (begin < end && !tl_alphabet_rank(alphabet, symbols, end - 1))
            end--;
        b->places->last[s] = insert_sequence(b, alphabet, symbols, begin, end, (uint32_t)s + 1);
        if (b->places->last[s] == 0 && begin < end)
            return false;
    }
    return true;
}

int tl_trie_build(tl_trie *t, tl_trie_places *places, const tl_sequences *db,
                  const tl_alphabet *alphabet, bool want_repeats, tl_error *err)
{
    *t = (tl_trie){.n_labels = alphabet->size + 1};
    *places = (tl_trie_places){0};
    builder b = {.t = t, .places = places};
    bool ok = true;
    if (want_repeats) {
        b.seen_in = calloc(t->n_labels, sizeof *b.seen_in);
        b.seen_at = calloc(t->n_labels, sizeof *b.seen_at);
        ok = b.seen_in && b.seen_at;
    }
    places->last = malloc((tl_sequences_count(db) + 1) * sizeof *places->last);
    ok = ok && places->last && grow_slots(&b) && insert_all(&b, db, alphabet) && tl_trie_link(t);
    free(b.slot);
    free(b.seen_in);
    free(b.seen_at);
    return ok ? TL_OK : tl_fail_memory(err, "the trie of sequences");
}
