#include "miner/trie.h"
#include "base/threads.h"

#include <stdlib.h>

enum { AHEAD = 8 /* sequences whose symbols are fetched early */ };

void tl_trie_free(tl_trie *t)
{
    free(t->parent);
    free(t->nodes);
    free(t->branches);
    *t = (tl_trie){0};
}

void tl_trie_places_free(tl_trie_places *p)
{
    free(p->position);
    free(p->last);
    free(p->begin);
    free(p->repeat);
    *p = (tl_trie_places){0};
}

/* nodes[v].branch is counted, then summed up, then counted down while the branches are
 * filled in from behind, so that it ends up where the branches of v begin. */
bool tl_trie_link(tl_trie *t)
{
    tl_trie_node *nodes = t->nodes;
    uint32_t sum = 0;
    for (uint32_t v = 0; v <= t->n; v++)
        nodes[v].branch = 0;
    for (uint32_t v = 1; v < t->n; v++)
        nodes[t->parent[v]].branch += t->parent[v] != v - 1;
    for (uint32_t v = 0; v <= t->n; v++)
        nodes[v].branch = sum += nodes[v].branch;
    t->branches = malloc(((size_t)sum + 1) * sizeof *t->branches);
    if (!t->branches)
        return false;
    for (uint32_t v = t->n; v-- > 1;)
        if (t->parent[v] != v - 1)
            t->branches[--nodes[t->parent[v]].branch].node = v;
    for (uint32_t v = 0; v <= t->n; v++)
        nodes[v].branch = nodes[v].branch << 1 | (v > 0 && v < t->n && t->parent[v] == v - 1);
    return true;
}

/* ---- building a part of the trie ---- */

/* A sequence from its first to its last frequent symbol.  What is around these belongs
 * to no pattern; without it, more sequences are identical. */
typedef struct trimmed {
    uint32_t number, begin, end;
} trimmed;

/* The groups of the labels first .. end - 1.  Its nodes are numbered from `base` on, with
 * room for one for each symbol; parts are moved together at the end. */
typedef struct part {
    uint32_t first, end;
    uint32_t base, n;

    /* The child of a node that follows it in number is found by looking there; the
     * others of the current group are in this table, hashed by (parent, label); 0 is
     * free.  A sequence brings one at most. */
    uint32_t *slots;
    size_t mask;

    /* By label: the sequence that met it last, and at which node. */
    uint32_t *seen_in, *seen_at;
    bool failed;
} part;

typedef struct builder {
    const tl_sequences *db;
    const tl_alphabet *alphabet;
    bool want_repeats;
    trimmed *order;  /* the sequences with a frequent symbol, grouped by the last one */
    uint32_t *group; /* by label: where its group begins in order; n_labels + 1 */
    part *parts;
    size_t n_parts;
    tl_trie *t;
    tl_trie_places *p;
} builder;

/* Sets the label and the parent of a new node; its number. */
static uint32_t add_node(const builder *b, part *p, uint32_t parent, uint32_t label,
                         uint32_t position)
{
    uint32_t v = p->base + p->n++;
    b->t->parent[v] = parent;
    b->t->nodes[v].key = label << 1;
    b->p->position[v] = position;
    if (b->want_repeats)
        b->p->repeat[v] = 0;
    return v;
}

static bool is_child(const tl_trie *t, uint32_t v, uint32_t parent, uint32_t label)
{
    return t->nodes[v].key == label << 1 && t->parent[v] == parent;
}

/* The child of `v`, not the root, with that label; made if it is new. */
static uint32_t step(const builder *b, part *p, uint32_t v, uint32_t label, uint32_t position)
{
    if (v + 1 == p->base + p->n) /* a child goes on with the newest run */
        return add_node(b, p, v, label, position);
    if (is_child(b->t, v + 1, v, label))
        return v + 1;
    uint64_t hash = ((uint64_t)v << 32 | label) * UINT64_C(0x9e3779b97f4a7c15);
    size_t h = (size_t)(hash ^ hash >> 32) & p->mask;
    for (; p->slots[h]; h = (h + 1) & p->mask)
        if (is_child(b->t, p->slots[h], v, label))
            return p->slots[h];
    return p->slots[h] = add_node(b, p, v, label, position);
}

/* Remembers the nearest node above a new one with the same label. */
static void note_label(const builder *b, part *p, uint32_t v, bool is_new, uint32_t label,
                       uint32_t mark)
{
    if (label == 0)
        return;
    if (is_new && p->seen_in[label] == mark)
        b->p->repeat[v] = p->seen_at[label];
    p->seen_in[label] = mark;
    p->seen_at[label] = v;
}

/* Puts in a sequence of the group below `top`, the child of the root with its last
 * label. */
static void insert(const builder *b, part *p, const trimmed *s, uint32_t top)
{
    const uint32_t *symbols = tl_sequences_symbols(b->db);
    uint32_t v = top, mark = s->number + 1;
    if (b->want_repeats)
        note_label(b, p, v, false, tl_trie_label(b->t, top), mark);
    for (uint32_t i = s->end - 1; i-- > s->begin;) {
        uint32_t label = tl_alphabet_rank(b->alphabet, symbols, i), known = p->n;
        v = step(b, p, v, label, i);
        if (b->want_repeats)
            note_label(b, p, v, p->n > known, label, mark);
    }
    b->p->last[s->number] = v;
    b->p->begin[s->number] = s->begin;
}

/* Sets the size of the table for a group of that many sequences. */
static size_t table_size(part *p, size_t sequences)
{
    p->mask = 3;
    while (p->mask < 2 * sequences)
        p->mask = 2 * p->mask + 1;
    return (p->mask + 1) * sizeof *p->slots;
}

static bool make_tables(const builder *b, part *p)
{
    size_t largest = 0;
    for (uint32_t c = p->first; c < p->end; c++)
        if (b->group[c + 1] - b->group[c] > largest)
            largest = b->group[c + 1] - b->group[c];
    p->slots = malloc(table_size(p, largest));
    if (b->want_repeats) {
        p->seen_in = calloc(b->t->n_labels, sizeof *p->seen_in);
        p->seen_at = malloc(b->t->n_labels * sizeof *p->seen_at);
    }
    return p->slots && (!b->want_repeats || (p->seen_in && p->seen_at));
}

static bool build_part(const builder *b, part *p)
{
    const uint32_t *symbols = tl_sequences_symbols(b->db);
    uint32_t end = b->group[p->end];
    if (!make_tables(b, p))
        return false;
    for (uint32_t c = p->first; c < p->end; c++) {
        uint32_t i = b->group[c], top = 0;
        memset(p->slots, 0, table_size(p, b->group[c + 1] - i));
        for (; i < b->group[c + 1]; i++) {
            if (i + AHEAD < end) {
                __builtin_prefetch(&symbols[b->order[i + AHEAD].end - 1]);
                __builtin_prefetch(&symbols[b->order[i + AHEAD].begin]);
            }
            if (top == 0)
                top = add_node(b, p, 0, c, b->order[i].end - 1);
            insert(b, p, &b->order[i], top);
        }
    }
    return true;
}

static void build_parts(void *ctx, size_t begin, size_t end, int worker)
{
    (void)worker;
    const builder *b = ctx;
    for (size_t i = begin; i < end; i++) {
        part *p = &b->parts[i];
        p->failed = !build_part(b, p);
        free(p->slots);
        free(p->seen_in);
        free(p->seen_at);
        p->slots = p->seen_in = p->seen_at = NULL;
    }
}

/* ---- putting parts together ---- */

static trimmed trim(const builder *b, size_t s)
{
    const uint32_t *symbols = tl_sequences_symbols(b->db), *offsets = tl_sequences_offsets(b->db);
    trimmed t = {(uint32_t)s, offsets[s], offsets[s + 1]};
    while (t.begin < t.end && !tl_alphabet_rank(b->alphabet, symbols, t.end - 1))
        t.end--;
    while (t.begin < t.end && !tl_alphabet_rank(b->alphabet, symbols, t.begin))
        t.begin++;
    return t;
}

/* A counting sort by last label; places->last holds the label meanwhile. */
static bool group_sequences(builder *b)
{
    const uint32_t *symbols = tl_sequences_symbols(b->db);
    size_t count = tl_sequences_count(b->db);
    uint32_t *last = b->p->last, n_labels = b->t->n_labels, sum = 0;
    b->group = calloc((size_t)n_labels + 1, sizeof *b->group);
    if (!b->group)
        return false;
    for (size_t s = 0; s < count; s++) {
        trimmed t = trim(b, s);
        last[s] = t.begin < t.end ? tl_alphabet_rank(b->alphabet, symbols, t.end - 1) : 0;
        b->group[last[s]]++;
    }
    b->group[0] = 0; /* those without a frequent symbol are left out */
    for (uint32_t c = 1; c <= n_labels; c++)
        b->group[c] = sum += b->group[c];
    b->order = malloc(((size_t)sum + 1) * sizeof *b->order);
    if (!b->order)
        return false;
    for (size_t s = count; s-- > 0;)
        if (last[s] != 0)
            b->order[--b->group[last[s]]] = trim(b, s);
    return true;
}

/* Cuts the groups into at most `wanted` parts of about as many sequences. */
static bool cut_parts(builder *b, size_t wanted)
{
    uint32_t n_labels = b->t->n_labels, first = 1, base = 1;
    size_t total = b->group[n_labels];
    b->parts = calloc(wanted, sizeof *b->parts);
    if (!b->parts)
        return false;
    for (uint32_t c = 1; c <= n_labels; c++) {
        size_t due = total * (b->n_parts + 1) / wanted;
        if (c < n_labels && (b->group[c] < due || b->n_parts + 1 == wanted))
            continue;
        b->parts[b->n_parts++] = (part){.first = first, .end = c, .base = base};
        for (uint32_t i = b->group[first]; i < b->group[c]; i++)
            base += b->order[i].end - b->order[i].begin;
        first = c;
    }
    return true;
}

/* Moves a part down to number `base`. */
static void move_part(const builder *b, const part *p, uint32_t base)
{
    uint32_t *parent = b->t->parent, *repeat = b->p->repeat, down = p->base - base;
    if (down == 0)
        return;
    memmove(b->t->nodes + base, b->t->nodes + p->base, p->n * sizeof *b->t->nodes);
    memmove(b->p->position + base, b->p->position + p->base, p->n * sizeof *b->p->position);
    for (uint32_t v = base; v < base + p->n; v++)
        parent[v] = parent[v + down] ? parent[v + down] - down : 0;
    for (uint32_t v = base; repeat && v < base + p->n; v++)
        repeat[v] = repeat[v + down] ? repeat[v + down] - down : 0;
    for (uint32_t i = b->group[p->first]; i < b->group[p->end]; i++)
        b->p->last[b->order[i].number] -= down;
}

/* Room for a node for each symbol, and the root.  What stays unused is never touched,
 * and so takes no memory. */
static bool make_room(builder *b)
{
    size_t count = tl_sequences_count(b->db), n = tl_sequences_total(b->db) + 1;
    b->t->parent = malloc(n * sizeof *b->t->parent);
    b->t->nodes = malloc((n + 1) * sizeof *b->t->nodes);
    b->p->position = malloc(n * sizeof *b->p->position);
    b->p->last = malloc((count + 1) * sizeof *b->p->last);
    b->p->begin = malloc((count + 1) * sizeof *b->p->begin);
    if (b->want_repeats)
        b->p->repeat = malloc(n * sizeof *b->p->repeat);
    if (!b->t->parent || !b->t->nodes || !b->p->position || !b->p->last || !b->p->begin ||
        (b->want_repeats && !b->p->repeat))
        return false;
    b->t->parent[0] = b->p->position[0] = b->t->nodes[0].key = 0;
    if (b->want_repeats)
        b->p->repeat[0] = 0;
    return true;
}

static bool build(builder *b, int threads)
{
    size_t parts = threads > 1 ? 4 * (size_t)threads : 1;
    if (!make_room(b) || !group_sequences(b) || !cut_parts(b, parts))
        return false;
    tl_parallel_for(b->n_parts, 1, threads, build_parts, b);
    b->t->n = 1;
    for (size_t i = 0; i < b->n_parts; i++) {
        if (b->parts[i].failed)
            return false;
        move_part(b, &b->parts[i], b->t->n);
        b->t->n += b->parts[i].n;
    }
    return tl_trie_link(b->t);
}

int tl_trie_build(tl_trie *t, tl_trie_places *places, const tl_sequences *db,
                  const tl_alphabet *alphabet, bool want_repeats, int threads, tl_error *err)
{
    *t = (tl_trie){.n_labels = alphabet->size + 1};
    *places = (tl_trie_places){0};
    builder b = {.db = db, .alphabet = alphabet, .want_repeats = want_repeats, .t = t, .p = places};
    bool ok = build(&b, threads);
    free(b.parts);
    free(b.order);
    free(b.group);
    return ok ? TL_OK : tl_fail_memory(err, "the trie of sequences");
}
