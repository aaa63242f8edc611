/* CC-Span: level-wise growth of snippets (J. Zhang, Y. Wang, D. Yang: CCSpan, mining
 * closed contiguous sequential patterns, Knowledge-Based Systems 89, 2015).
 *
 * State: the live positions of the text, those where a frequent k-gram begins, in
 * ascending order, each with the name of its k-gram.  One level:
 *  1. a live position whose right neighbour is live too holds a candidate, named by
 *     the pair (name of its prefix, name of its suffix): a table of pairs counts the
 *     support of each;
 *  2. infrequent pairs are dropped; a frequent one that has the support of its prefix
 *     or of its suffix shows that those are not closed;
 *  3. the k-grams that are still closed are patterns;
 *  4. the positions of frequent pairs are the live positions of the next level.
 *
 * The table is cut into shards by the hash of the pair, and every thread walks over
 * all positions but counts the pairs of its own shards only.  So each pair is counted
 * by one thread, in the order of positions: no locks, and a pair that repeats within
 * a sequence is recognised by the last sequence it was counted for. */
#include "miner/compact.h"
#include "miner/engine.h"
#include "base/threads.h"

#include <stdlib.h>

enum {
    NONE = 0xffffffff,
    MAX_SHARDS = 64,
    /* Below so many positions starting threads costs more than it saves. */
    PARALLEL_MIN = 1 << 15
};

typedef struct pair {
    uint32_t prefix, suffix; /* names of the two k-grams */
    uint32_t support;
    uint32_t last;  /* the sequence it was counted for last */
    uint32_t first; /* a position in the text where it occurs */
    uint32_t name;  /* among the frequent (k+1)-grams, or NONE */
} pair;

typedef struct shard {
    pair *pairs;
    uint32_t n, cap;
    uint32_t *slot; /* index + 1 of a pair, 0 if free */
    size_t mask, slot_cap;
    bool failed; /* out of memory */
} shard;

/* A frequent k-gram of the current level. */
typedef struct gram {
    uint32_t support, first;
    bool closed;
} gram;

typedef struct ccspan {
    tl_run *run;
    tl_compact text;
    uint32_t *sequence; /* of every position of the text */

    uint32_t *position, *name; /* of the live positions */
    uint32_t *candidate;       /* where its pair is: index * n_shards + shard, or NONE */
    size_t live;
    gram *grams;
    size_t n_grams;
    uint32_t length;

    shard shards[MAX_SHARDS];
    uint32_t n_shards;
} ccspan;

static uint64_t hash_pair(uint32_t prefix, uint32_t suffix)
{
    uint64_t h = ((uint64_t)prefix << 32 | suffix) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 32;
}

/* The high half of the hash chooses the shard, the low half the slot. */
static uint32_t pair_shard(uint64_t hash, uint32_t n_shards)
{
    return (uint32_t)((hash >> 32) * n_shards >> 32);
}

/* Makes the table at least twice as large as the number of its pairs and puts them in. */
static bool rebuild_slots(shard *s, size_t slots)
{
    if (slots > s->slot_cap) {
        free(s->slot);
        s->slot = malloc(slots * sizeof *s->slot);
        s->slot_cap = s->slot ? slots : 0;
        if (!s->slot)
            return false;
    }
    memset(s->slot, 0, slots * sizeof *s->slot);
    s->mask = slots - 1;
    for (uint32_t i = 0; i < s->n; i++) {
        size_t h = hash_pair(s->pairs[i].prefix, s->pairs[i].suffix) & s->mask;
        while (s->slot[h])
            h = (h + 1) & s->mask;
        s->slot[h] = i + 1;
    }
    return true;
}

static bool grow_pairs(shard *s)
{
    uint32_t cap = s->cap ? 2 * s->cap : 256;
    pair *grown = realloc(s->pairs, cap * sizeof *grown);
    if (!grown)
        return false;
    s->pairs = grown;
    s->cap = cap;
    return true;
}

/* The index of the pair, new or known; NONE when out of memory. */
static uint32_t find_pair(shard *s, uint64_t hash, uint32_t prefix, uint32_t suffix,
                          uint32_t position)
{
    size_t h = hash & s->mask;
    for (; s->slot[h]; h = (h + 1) & s->mask) {
        const pair *p = &s->pairs[s->slot[h] - 1];
        if (p->prefix == prefix && p->suffix == suffix)
            return s->slot[h] - 1;
    }
    if (s->n == s->cap && !grow_pairs(s))
        return NONE;
    s->pairs[s->n] = (pair){prefix, suffix, 0, NONE, position, NONE};
    s->slot[h] = ++s->n;
    if (2 * (size_t)s->n > s->mask && !rebuild_slots(s, 2 * (s->mask + 1)))
        return NONE;
    return s->n - 1;
}

/* Step 1 for one shard. */
static void count_shard(ccspan *c, uint32_t number)
{
    shard *s = &c->shards[number];
    bool by_sequences = c->run->options->support == TL_SEQUENCES;
    for (size_t j = 0; j + 1 < c->live; j++) {
        if (c->position[j + 1] != c->position[j] + 1)
            continue;
        uint64_t hash = hash_pair(c->name[j], c->name[j + 1]);
        if (pair_shard(hash, c->n_shards) != number)
            continue;
        uint32_t i = find_pair(s, hash, c->name[j], c->name[j + 1], c->position[j]);
        if (i == NONE) {
            s->failed = true;
            return;
        }
        uint32_t sequence = c->sequence[c->position[j]];
        pair *p = &s->pairs[i];
        if (!by_sequences || p->last != sequence)
            p->support += c->text.weight[sequence];
        p->last = sequence;
        c->candidate[j] = i * c->n_shards + number;
    }
}

static void count_shards(void *ctx, size_t begin, size_t end, int worker)
{
    (void)worker;
    for (size_t s = begin; s < end; s++)
        count_shard(ctx, (uint32_t)s);
}

static int count_pairs(ccspan *c, tl_error *err)
{
    memset(c->candidate, 0xff, c->live * sizeof *c->candidate);
    size_t slots = 256;
    while (slots < 2 * c->n_grams / c->n_shards)
        slots *= 2;
    for (uint32_t s = 0; s < c->n_shards; s++) {
        c->shards[s].n = 0;
        c->shards[s].failed = !rebuild_slots(&c->shards[s], slots);
        if (c->shards[s].failed)
            return tl_fail_memory(err, "the table of snippets");
    }
    tl_parallel_for(c->n_shards, 1, c->live < PARALLEL_MIN ? 1 : c->run->threads, count_shards, c);
    for (uint32_t s = 0; s < c->n_shards; s++)
        if (c->shards[s].failed)
            return tl_fail_memory(err, "the table of snippets");
    return TL_OK;
}

/* Step 2; returns the number of frequent pairs, which get the names 0, 1, ... */
static size_t check_closure(ccspan *c)
{
    size_t frequent = 0;
    for (uint32_t s = 0; s < c->n_shards; s++)
        for (uint32_t i = 0; i < c->shards[s].n; i++) {
            pair *p = &c->shards[s].pairs[i];
            if (p->support < c->run->min_support)
                continue;
            p->name = (uint32_t)frequent++;
            if (c->grams[p->prefix].support == p->support)
                c->grams[p->prefix].closed = false;
            if (c->grams[p->suffix].support == p->support)
                c->grams[p->suffix].closed = false;
        }
    return frequent;
}

/* Step 3. */
static int emit_closed(ccspan *c, tl_error *err)
{
    for (size_t i = 0; i < c->n_grams; i++) {
        const gram *g = &c->grams[i];
        if (!g->closed)
            continue;
        uint32_t s = c->sequence[g->first];
        uint32_t position = c->text.position[s] + (g->first - c->text.start[s]);
        int rc = tl_run_add(c->run, position, c->length, g->support, err);
        if (rc)
            return rc;
    }
    return TL_OK;
}

/* Step 4. */
static int next_level(ccspan *c, size_t frequent, tl_error *err)
{
    gram *grams = realloc(c->grams, (frequent + 1) * sizeof *grams);
    if (!grams)
        return tl_fail_memory(err, "the snippets");
    c->grams = grams;
    c->n_grams = frequent;
    for (uint32_t s = 0; s < c->n_shards; s++)
        for (uint32_t i = 0; i < c->shards[s].n; i++) {
            const pair *p = &c->shards[s].pairs[i];
            if (p->name != NONE)
                grams[p->name] = (gram){p->support, p->first, true};
        }
    size_t live = 0;
    for (size_t j = 0; j < c->live; j++) {
        uint32_t at = c->candidate[j];
        if (at == NONE)
            continue;
        uint32_t name = c->shards[at % c->n_shards].pairs[at / c->n_shards].name;
        if (name == NONE)
            continue;
        c->position[live] = c->position[j];
        c->name[live++] = name;
    }
    c->live = live;
    c->length++;
    return TL_OK;
}

/* Level 1: the frequent symbols, named by rank - 1. */
static int first_level(ccspan *c, tl_error *err)
{
    const tl_compact *t = &c->text;
    size_t n = t->n + 1; /* never nothing */
    c->sequence = malloc(n * sizeof *c->sequence);
    c->position = malloc(n * sizeof *c->position);
    c->name = malloc(n * sizeof *c->name);
    c->candidate = malloc(n * sizeof *c->candidate);
    c->grams = calloc(t->alphabet.size + 1, sizeof *c->grams);
    if (!c->sequence || !c->position || !c->name || !c->candidate || !c->grams)
        return tl_fail_memory(err, "CC-Span's positions");
    c->n_grams = t->alphabet.size;
    c->length = 1;
    for (uint32_t s = 0; s < t->count; s++)
        for (uint32_t i = t->start[s]; i < t->start[s + 1]; i++) {
            c->sequence[i] = s;
            if (t->text[i] == 0)
                continue;
            c->position[c->live] = i;
            c->name[c->live++] = t->text[i] - 1;
            c->grams[t->text[i] - 1] = (gram){t->alphabet.support[t->text[i]], i, true};
        }
    return TL_OK;
}

static int grow_snippets(ccspan *c, tl_error *err)
{
    for (;;) {
        int rc = tl_run_progress(c->run, c->length, 0, err);
        if (!rc)
            rc = count_pairs(c, err);
        if (rc)
            return rc;
        size_t frequent = check_closure(c);
        rc = emit_closed(c, err);
        /* One level past the longest wanted pattern has decided what is closed. */
        if (rc || frequent == 0 || c->length >= c->run->max_length)
            return rc;
        rc = next_level(c, frequent, err);
        if (rc)
            return rc;
    }
}

/* As many shards as threads, and so few that every `candidate` is less than NONE. */
static uint32_t count_of_shards(const ccspan *c)
{
    uint32_t n = c->run->threads < MAX_SHARDS ? (uint32_t)c->run->threads : MAX_SHARDS;
    uint32_t most = (uint32_t)((NONE - 1) / (c->text.n + 1));
    return n < most ? n : (most > 0 ? most : 1);
}

static int mine_ccspan(tl_run *run, tl_error *err)
{
    ccspan c = {.run = run};
    int rc = tl_run_stage(run, "compact", err);
    if (!rc)
        rc = tl_compact_init(&c.text, run->db, run->options->support, run->min_support, err);
    c.n_shards = count_of_shards(&c);
    if (!rc)
        rc = first_level(&c, err);
    if (!rc)
        rc = tl_run_stage(run, "levels", err);
    if (!rc)
        rc = grow_snippets(&c, err);
    for (uint32_t s = 0; s < c.n_shards; s++) {
        free(c.shards[s].pairs);
        free(c.shards[s].slot);
    }
    free(c.sequence);
    free(c.position);
    free(c.name);
    free(c.candidate);
    free(c.grams);
    tl_compact_free(&c.text);
    return rc;
}

const tl_engine tl_engine_ccspan = {.name = "ccspan", .mine = mine_ccspan};
