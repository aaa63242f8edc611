/* Reading posting lists, and which sequences the patterns cover. */
#include "miner/patterns.h"

#include <stdlib.h>

struct tl_postings {
    const tl_posting_index *index;
    const tl_pattern *patterns;
    uint32_t *list;
    uint64_t *marked; /* a bit for each sequence, all 0 between calls */
};

static int need_postings(const tl_patterns *found, tl_error *err)
{
    return found->has_postings
               ? TL_OK
               : tl_fail(err, TL_USAGE, "these patterns were mined without posting lists: set "
                                        "want_postings in the options of tl_mine");
}

int tl_postings_new(tl_postings **out, const tl_patterns *found, tl_error *err)
{
    *out = NULL;
    int rc = need_postings(found, err);
    if (rc)
        return rc;
    tl_postings *p = calloc(1, sizeof *p);
    if (p) {
        p->index = &found->postings;
        p->patterns = found->run.patterns;
        p->list = malloc((p->index->n_sequences + 1) * sizeof *p->list);
        p->marked = calloc(p->index->n_sequences / 64 + 1, sizeof *p->marked);
    }
    if (!p || !p->list || !p->marked) {
        tl_postings_free(p);
        return tl_fail_memory(err, "reading posting lists");
    }
    *out = p;
    return TL_OK;
}

void tl_postings_free(tl_postings *p)
{
    if (!p)
        return;
    free(p->list);
    free(p->marked);
    free(p);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Sorts list[0 .. n) of different sequences.  A long list is marked in a bit set and
 * read off, which takes a pass over the bits between its ends. */
static void sort_list(tl_postings *p, size_t n)
{
    uint32_t *list = p->list, least = UINT32_MAX, most = 0;
    for (size_t i = 0; i < n; i++) {
        least = list[i] < least ? list[i] : least;
        most = list[i] > most ? list[i] : most;
    }
    if (n < 16 || n < (most - least) / 512) {
        qsort(list, n, sizeof *list, by_number);
        return;
    }
    for (size_t i = 0; i < n; i++)
        p->marked[list[i] / 64] |= UINT64_C(1) << list[i] % 64;
    size_t k = 0;
    for (size_t w = least / 64; w <= most / 64; w++) {
        for (uint64_t bits = p->marked[w]; bits; bits &= bits - 1)
            list[k++] = (uint32_t)(w * 64 + (size_t)__builtin_ctzll(bits));
        p->marked[w] = 0;
    }
}

void tl_postings_get(tl_postings *p, size_t i, const uint32_t **sequences, size_t *n)
{
    const tl_posting_index *x = p->index;
    uint32_t length = p->patterns[i].length, end = x->ranges[i].end;
    size_t count = 0;
    for (size_t rank = x->ranges[i].begin;
         (rank = tl_range_min_next(&x->least_again, rank, length)) < end; rank++) {
        uint32_t v = x->sorted[rank];
        memcpy(p->list + count, x->members + x->first_member[v], x->weight[v] * sizeof *p->list);
        count += x->weight[v];
    }
    sort_list(p, count);
    *sequences = p->list;
    *n = count;
}

/* The first rank from i on that has no pattern yet: followers of skip[] are shortened
 * to every second one on the way. */
static uint32_t next_free(uint32_t *skip, uint32_t i)
{
    while (skip[i] != i)
        i = skip[i] = skip[skip[i]];
    return i;
}

/* best[] by node: the first pattern that begins there. */
static void paint_ranges(const tl_patterns *found, uint32_t *best, uint32_t *skip)
{
    const tl_posting_index *x = &found->postings;
    for (uint32_t i = 0; i <= x->n; i++)
        skip[i] = i;
    for (size_t k = 0; k < found->run.n_patterns; k++) {
        uint32_t end = x->ranges[k].end;
        for (uint32_t i = x->ranges[k].begin; (i = next_free(skip, i)) < end; skip[i] = i + 1)
            best[x->sorted[i]] = (uint32_t)k;
    }
}

int tl_patterns_coverage(const tl_patterns *found, uint32_t *first, tl_error *err)
{
    int rc = need_postings(found, err);
    if (rc)
        return rc;
    const tl_posting_index *x = &found->postings;
    uint32_t *best = malloc(x->n * sizeof *best);
    uint32_t *skip = malloc(((size_t)x->n + 1) * sizeof *skip);
    if (best && skip) {
        memset(best, 0xff, x->n * sizeof *best);
        paint_ranges(found, best, skip);
        /* A suffix of a suffix is above it in the trie. */
        for (uint32_t v = 1; v < x->n; v++)
            if (best[x->parent[v]] < best[v])
                best[v] = best[x->parent[v]];
        for (size_t s = 0; s < x->n_sequences; s++)
            first[s] = x->last[s] ? best[x->last[s]] : TL_NOT_COVERED;
    } else {
        rc = tl_fail_memory(err, "the coverage of patterns");
    }
    free(best);
    free(skip);
    return rc;
}
