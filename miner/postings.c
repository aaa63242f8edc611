#include "miner/postings.h"

#include <stdlib.h>

void tl_posting_index_free(tl_posting_index *p)
{
    free(p->sorted);
    free(p->weight);
    free(p->parent);
    free(p->last);
    free(p->again);
    tl_range_min_free(&p->least_again);
    free(p->members);
    free(p->first_member);
    free(p->ranges);
    *p = (tl_posting_index){0};
}

/* Lays out the sequences: those that end at a node, then those below its children. */
static bool list_members(tl_posting_index *p)
{
    p->members = malloc((p->n_sequences + 1) * sizeof *p->members);
    p->first_member = malloc(p->n * sizeof *p->first_member);
    uint32_t *next = calloc(p->n, sizeof *next);
    if (!p->members || !p->first_member || !next) {
        free(next);
        return false;
    }
    for (size_t s = 0; s < p->n_sequences; s++)
        next[p->last[s]] += p->last[s] != 0;
    p->first_member[0] = 0;
    for (uint32_t v = 1; v < p->n; v++) {
        uint32_t ending = next[v];
        p->first_member[v] = next[p->parent[v]];
        next[p->parent[v]] += p->weight[v];
        next[v] = p->first_member[v] + ending;
    }
    /* Of a node's members the ones that end at it come first. */
    memcpy(next, p->first_member, p->n * sizeof *next);
    for (size_t s = 0; s < p->n_sequences; s++)
        if (p->last[s] != 0)
            p->members[next[p->last[s]]++] = (uint32_t)s;
    free(next);
    return true;
}

/* The rank of the suffix that begins at every position where a pattern may begin. */
static uint32_t *ranks_at_positions(const tl_suffix_index *x, const tl_sequences *db)
{
    uint32_t *rank = malloc(x->trie.n * sizeof *rank);
    uint32_t *at = malloc((tl_sequences_total(db) + 1) * sizeof *at);
    if (rank && at) {
        for (uint32_t i = 0; i < x->trie.n; i++)
            rank[x->sorted[i]] = i;
        for (size_t s = 0; s < tl_sequences_count(db); s++) {
            uint32_t v = x->places.last[s], begin = x->places.begin[s];
            for (uint32_t i = begin; v != 0; i++, v = x->trie.parent[v])
                at[i] = rank[v];
        }
    } else {
        free(at);
        at = NULL;
    }
    free(rank);
    return at;
}

/* Around the suffix where a pattern was found, those that share its length. */
static bool find_ranges(tl_posting_index *p, const tl_run *run, const tl_suffix_index *x)
{
    tl_range_min common;
    uint32_t *at = ranks_at_positions(x, run->db);
    p->ranges = malloc((run->n_patterns + 1) * sizeof *p->ranges);
    bool ok = tl_range_min_init(&common, x->common, (size_t)x->trie.n + 1) && at && p->ranges;
    for (size_t i = 0; ok && i < run->n_patterns; i++) {
        uint32_t rank = at[run->patterns[i].position], length = run->patterns[i].length;
        p->ranges[i].begin = (uint32_t)tl_range_min_previous(&common, rank, length);
        p->ranges[i].end = (uint32_t)tl_range_min_next(&common, (size_t)rank + 1, length);
    }
    tl_range_min_free(&common);
    free(at);
    return ok;
}

/* Moves an array out of the index. */
static uint32_t *take(uint32_t **array)
{
    uint32_t *taken = *array;
    *array = NULL;
    return taken;
}

int tl_posting_index_init(tl_posting_index *p, tl_run *run, tl_error *err)
{
    tl_suffix_index *x = run->index;
    *p = (tl_posting_index){.n_sequences = tl_sequences_count(run->db), .n = x->trie.n};
    bool ok = find_ranges(p, run, x);
    for (uint32_t v = 0; v < p->n; v++)
        x->weight[v] &= ~TL_SUFFIX_FULL;
    p->sorted = take(&x->sorted);
    p->weight = take(&x->weight);
    p->parent = take(&x->trie.parent);
    p->last = take(&x->places.last);
    p->again = take(&x->again);
    tl_suffix_index_free(x);
    ok = ok && list_members(p) && tl_range_min_init(&p->least_again, p->again, p->n);
    return ok ? TL_OK : tl_fail_memory(err, "the posting lists");
}
