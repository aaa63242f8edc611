/* The levels as in miner/ccspan.c, on arrays that are as long as there are live positions:
 * a pair that repeats within a sequence is recognised by the last sequence it was counted
 * for, as positions come in ascending order. */
#include "cuda/finish.h"

#include <stdlib.h>

enum { NONE = 0xffffffff };

/* A gram of the current level, or a pair that is to become one of the next. */
typedef struct gram {
    uint32_t support, first;
    uint32_t prefix, suffix; /* names of its parts */
    uint32_t last;           /* the sequence where it occurs last */
    uint32_t counted;        /* how often, weights left aside */
    uint32_t name;           /* in the next level; NONE: infrequent or dropped */
    bool closed, uncut;
} gram;

typedef struct rest {
    tl_run *run;
    tl_cuda_rest *from;
    uint32_t length;
    size_t live;
    uint32_t *position, *name, *sequence, *weight, *uncut; /* of the live positions */
    uint32_t *pair; /* index of the pair that begins there, or NONE */
    gram *grams, *pairs;
    size_t n_grams, n_pairs;
    uint32_t *slots; /* index + 1 of a pair; 0: free */
    size_t mask;
} rest;

static void free_rest(rest *r)
{
    free(r->position);
    free(r->name);
    free(r->sequence);
    free(r->weight);
    free(r->uncut);
    free(r->pair);
    free(r->grams);
    free(r->pairs);
    free(r->slots);
}

static uint32_t *copy_words(const uint32_t *from, size_t n)
{
    uint32_t *to = malloc((n + 1) * sizeof *to);
    if (to && n > 0)
        memcpy(to, from, n * sizeof *to);
    return to;
}

/* Copies what is left, so that the levels can work in place. */
static int open_rest(rest *r, tl_run *run, tl_cuda_rest *from, tl_error *err)
{
    size_t n = from->live, most = n > from->grams ? n : from->grams;
    size_t slots = 64;
    while (slots < 2 * n)
        slots *= 2;
    *r = (rest){.run = run, .from = from, .length = from->length, .live = n,
                .n_grams = from->grams, .mask = slots - 1};
    from->n_whole = 0;
    r->position = copy_words(from->position, n);
    r->name = copy_words(from->name, n);
    r->sequence = copy_words(from->sequence, n);
    r->weight = copy_words(from->weight, n);
    r->uncut = copy_words(from->uncut, n);
    r->pair = malloc((n + 1) * sizeof *r->pair);
    r->grams = calloc(most + 1, sizeof *r->grams);
    r->pairs = calloc(most + 1, sizeof *r->pairs);
    r->slots = malloc(slots * sizeof *r->slots);
    if (!r->position || !r->name || !r->sequence || !r->weight || !r->uncut || !r->pair ||
        !r->grams || !r->pairs || !r->slots)
        return tl_fail_memory(err, "the last levels of the GPU engine");
    for (size_t i = 0; i < from->grams; i++)
        r->grams[i] = (gram){.support = from->support[i], .first = from->first[i], .closed = true};
    return TL_OK;
}

/* The pair that begins at live position j, made if it is new. */
static uint32_t find_pair(rest *r, size_t j)
{
    uint32_t prefix = r->name[j], suffix = r->name[j + 1];
    uint64_t hash = ((uint64_t)prefix << 32 | suffix) * UINT64_C(0x9e3779b97f4a7c15);
    size_t h = (size_t)(hash >> 32) & r->mask;
    for (; r->slots[h]; h = (h + 1) & r->mask) {
        const gram *p = &r->pairs[r->slots[h] - 1];
        if (p->prefix == prefix && p->suffix == suffix)
            return r->slots[h] - 1;
    }
    r->pairs[r->n_pairs] = (gram){.first = r->position[j], .prefix = prefix, .suffix = suffix,
                                  .last = NONE, .name = NONE, .closed = true,
                                  .uncut = r->uncut[j]};
    r->slots[h] = (uint32_t)++r->n_pairs;
    return r->slots[h] - 1;
}

static void count_pairs(rest *r)
{
    bool by_sequences = r->run->options->support == TL_SEQUENCES;
    r->n_pairs = 0;
    memset(r->slots, 0, (r->mask + 1) * sizeof *r->slots);
    for (size_t j = 0; j < r->live; j++) {
        r->pair[j] = NONE;
        if (j + 1 == r->live || r->position[j + 1] != r->position[j] + 1 ||
            r->sequence[j + 1] != r->sequence[j])
            continue;
        r->pair[j] = find_pair(r, j);
        gram *p = &r->pairs[r->pair[j]];
        if (!by_sequences || p->last != r->sequence[j]) {
            p->support += r->weight[j];
            p->counted++;
        }
        p->last = r->sequence[j];
    }
}

/* The frequent pairs mark their parts and get names, but for those that only a whole
 * sequence stands for.  Returns how many got one. */
static size_t judge_pairs(rest *r)
{
    size_t frequent = 0;
    for (size_t i = 0; i < r->n_pairs; i++) {
        gram *p = &r->pairs[i];
        if (p->support < r->run->min_support)
            continue;
        if (p->counted == 1 && p->uncut)
            r->from->whole[r->from->n_whole++] = p->last;
        else
            p->name = (uint32_t)frequent++;
        if (r->grams[p->prefix].support == p->support)
            r->grams[p->prefix].closed = false;
        if (r->grams[p->suffix].support == p->support)
            r->grams[p->suffix].closed = false;
    }
    return frequent;
}

static int add_closed(rest *r, tl_error *err)
{
    for (size_t i = 0; i < r->n_grams; i++) {
        const gram *g = &r->grams[i];
        int rc = g->closed ? tl_run_add(r->run, g->first, r->length, g->support, err) : TL_OK;
        if (rc)
            return rc;
    }
    return TL_OK;
}

static void next_level(rest *r, size_t frequent)
{
    for (size_t i = 0; i < r->n_pairs; i++)
        if (r->pairs[i].name != NONE)
            r->grams[r->pairs[i].name] = r->pairs[i];
    size_t live = 0;
    for (size_t j = 0; j < r->live; j++) {
        if (r->pair[j] == NONE || r->pairs[r->pair[j]].name == NONE)
            continue;
        r->position[live] = r->position[j];
        r->sequence[live] = r->sequence[j];
        r->weight[live] = r->weight[j];
        r->uncut[live] = r->uncut[j];
        r->name[live++] = r->pairs[r->pair[j]].name;
    }
    r->live = live;
    r->n_grams = frequent;
    r->length++;
}

int tl_cuda_finish(tl_run *run, tl_cuda_rest *from, tl_error *err)
{
    rest r;
    int rc = open_rest(&r, run, from, err);
    while (rc == TL_OK && r.n_grams > 0 && r.length <= run->max_length) {
        count_pairs(&r);
        size_t frequent = judge_pairs(&r);
        rc = add_closed(&r, err);
        next_level(&r, frequent);
        if (rc == TL_OK)
            rc = tl_run_progress(run, r.length, 0, err);
    }
    free_rest(&r);
    return rc;
}
