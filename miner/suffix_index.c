#include "miner/suffix_index.h"
#include "miner/trie_sort.h"
#include "base/threads.h"

#include <stdlib.h>

enum { AHEAD = 16, CHUNK = 1 << 16 };

void tl_suffix_index_free(tl_suffix_index *x)
{
    tl_trie_free(&x->trie);
    tl_trie_places_free(&x->places);
    free(x->sorted);
    free(x->length);
    free(x->common);
    free(x->weight);
    free(x->again);
    *x = (tl_suffix_index){0};
}

/* A string is a symbol longer than that of the parent, or empty at an infrequent one. */
static bool measure_lengths(tl_suffix_index *x)
{
    const tl_trie *t = &x->trie;
    x->length = malloc(t->n * sizeof *x->length);
    if (!x->length)
        return false;
    x->length[0] = 0;
    for (uint32_t v = 1; v < t->n; v++) {
        x->length[v] = tl_trie_label(t, v) ? x->length[t->parent[v]] + 1 : 0;
        if (x->length[v] > x->longest)
            x->longest = x->length[v];
    }
    x->first = 1;
    while (x->first < t->n && x->length[x->sorted[x->first]] == 0)
        x->first++;
    return true;
}

static bool weigh(tl_suffix_index *x, size_t sequences)
{
    const tl_trie *t = &x->trie;
    x->weight = calloc(t->n, sizeof *x->weight);
    if (!x->weight)
        return false;
    for (size_t s = 0; s < sequences; s++)
        x->weight[x->places.last[s]] += x->places.last[s] != 0;
    for (uint32_t v = t->n; v-- > 1;)
        x->weight[t->parent[v]] += x->weight[v];
    for (uint32_t v = 1; v < t->n; v++)
        if (x->length[v] > 0 && tl_suffix_weight(x, v) == x->weight[t->parent[v]])
            x->weight[t->parent[v]] |= TL_SUFFIX_FULL;
    return true;
}

/* ---- common prefixes ---- */

typedef struct lcp_work {
    const tl_suffix_index *x;
    const uint32_t *symbols;
    uint32_t *shared; /* by node: the node of the rank before, then the common length */
} lcp_work;

/* A prefetch may point anywhere, a pointer may not: symbol i need not exist. */
static inline void fetch_symbol(const uint32_t *symbols, size_t i)
{
    __builtin_prefetch((const void *)((uintptr_t)symbols + i * sizeof *symbols));
}

/* Along a run a string loses one symbol at its front at each step, so its common prefix
 * with its predecessor shrinks by one at most (T. Kasai et al., CPM 2001; J. Kärkkäinen,
 * G. Manzini, S. Puglisi: Permuted longest-common-prefix array, CPM 2009). */
static void share_nodes(void *ctx, size_t begin, size_t end, int worker)
{
    (void)worker;
    const lcp_work *w = ctx;
    const tl_suffix_index *x = w->x;
    const uint32_t *position = x->places.position, *length = x->length;
    uint32_t h = 0;
    for (size_t v = end; v-- > begin;) {
        if (v >= begin + 2 * AHEAD) {
            __builtin_prefetch(&position[w->shared[v - 2 * AHEAD]]);
            __builtin_prefetch(&length[w->shared[v - 2 * AHEAD]]);
            fetch_symbol(w->symbols, (size_t)position[w->shared[v - AHEAD]] + h);
            fetch_symbol(w->symbols, (size_t)position[v - AHEAD] + h);
        }
        uint32_t u = w->shared[v];
        uint32_t most = length[v] < length[u] ? length[v] : length[u];
        const uint32_t *a = w->symbols + position[v], *b = w->symbols + position[u];
        while (h < most && a[h] == b[h])
            h++;
        w->shared[v] = h;
        h = h > 0 && x->trie.parent[v] == v - 1 ? h - 1 : 0;
    }
}

static bool share_prefixes(tl_suffix_index *x, const uint32_t *symbols, int threads)
{
    uint32_t n = x->trie.n;
    lcp_work w = {.x = x, .symbols = symbols};
    w.shared = malloc(n * sizeof *w.shared);
    x->common = malloc(((size_t)n + 1) * sizeof *x->common);
    if (!w.shared || !x->common) {
        free(w.shared);
        return false;
    }
    for (uint32_t i = 1; i < n; i++) {
        if (i + AHEAD < n)
            __builtin_prefetch(&w.shared[x->sorted[i + AHEAD]], 1);
        w.shared[x->sorted[i]] = x->sorted[i - 1];
    }
    w.shared[0] = 0;
    tl_parallel_for(n, threads > 1 ? CHUNK : n, threads, share_nodes, &w);
    for (uint32_t i = 0; i < n; i++) {
        if (i + AHEAD < n)
            __builtin_prefetch(&w.shared[x->sorted[i + AHEAD]]);
        x->common[i] = w.shared[x->sorted[i]];
    }
    x->common[n] = 0;
    free(w.shared);
    return true;
}

/* ---- all together ---- */

static int build_trie(tl_suffix_index *x, tl_run *run, bool want_again, tl_error *err)
{
    tl_alphabet alphabet;
    int rc = tl_run_stage(run, "alphabet", err);
    if (rc)
        return rc;
    rc = tl_alphabet_init(&alphabet, run->db, run->options->support, run->min_support, err);
    if (!rc)
        rc = tl_run_stage(run, "trie", err);
    if (!rc)
        rc = tl_trie_build(&x->trie, &x->places, run->db, &alphabet, want_again,
                           run->threads, err);
    tl_alphabet_free(&alphabet);
    return rc;
}

static int build_array(tl_suffix_index *x, tl_run *run, tl_error *err)
{
    int rc = tl_run_stage(run, "suffix array", err);
    if (rc)
        return rc;
    x->sorted = malloc(x->trie.n * sizeof *x->sorted);
    if (!x->sorted)
        return tl_fail_memory(err, "the suffix array");
    rc = tl_trie_sort(&x->trie, x->sorted, err);
    if (!rc)
        rc = tl_run_stage(run, "common prefixes", err);
    if (rc)
        return rc;
    if (!measure_lengths(x))
        return tl_fail_memory(err, "the lengths of suffixes");
    free(x->trie.nodes);
    free(x->trie.branches);
    x->trie.nodes = NULL;
    x->trie.branches = NULL;
    if (!share_prefixes(x, tl_sequences_symbols(run->db), run->threads) ||
        !weigh(x, tl_sequences_count(run->db)))
        return tl_fail_memory(err, "the common prefixes of suffixes");
    return TL_OK;
}

int tl_suffix_index_build(tl_suffix_index *x, tl_run *run, bool want_again, tl_error *err)
{
    *x = (tl_suffix_index){0};
    int rc = build_trie(x, run, want_again, err);
    if (!rc)
        rc = build_array(x, run, err);
    if (!rc && want_again) {
        rc = tl_run_stage(run, "repeats", err);
        if (!rc)
            rc = tl_suffix_index_repeats(x, tl_sequences_symbols(run->db), run->threads, err);
    }
    return rc;
}
