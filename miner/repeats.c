/* How much of a suffix occurs once more further on in its own sequence.
 *
 * The candidates for suffix v are the nodes above v with v's label.  Mostly there is
 * none or one.  Where a run has nodes with more, the nodes from its end up to the root
 * are sorted by rank and linked; taking them out from the longest string on, the
 * neighbours of a node are those of the remaining, shorter ones that agree with it most
 * (M. Crochemore, L. Ilie: Computing longest previous factor in linear time, IPL 106,
 * 2008).  Every run ends where a sequence begins, so the paths are together no longer
 * than the sequences. */
#include "miner/suffix_index.h"
#include "base/threads.h"

#include <stdlib.h>

enum { CHUNK = 1 << 14, SMALL = 32, DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* One node of a path, longest string first. */
typedef struct link {
    uint32_t node, before, after; /* neighbours by rank, as places in the path; NOBODY */
} link;

#define NOBODY UINT32_MAX

typedef struct path {
    link *links;
    uint64_t *keys, *other; /* rank << 32 | place */
    size_t cap;
} path;

typedef struct repeats {
    tl_suffix_index *x;
    const uint32_t *symbols;
    const uint32_t *rank; /* by node */
    path *paths;          /* one for each worker */
    bool *failed;         /* likewise */
} repeats;

static bool grow_path(path *p)
{
    size_t cap = p->cap ? 2 * p->cap : 256;
    link *links = realloc(p->links, cap * sizeof *links);
    if (links)
        p->links = links;
    uint64_t *keys = realloc(p->keys, cap * sizeof *keys);
    if (keys)
        p->keys = keys;
    uint64_t *other = realloc(p->other, cap * sizeof *other);
    if (other)
        p->other = other;
    if (!links || !keys || !other)
        return false;
    p->cap = cap;
    return true;
}

static void free_path(path *p)
{
    free(p->links);
    free(p->keys);
    free(p->other);
}

static void sort_digit(const uint64_t *from, uint64_t *to, size_t n, int shift)
{
    uint32_t begin[DIGITS] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++)
        begin[from[i] >> shift & (DIGITS - 1)]++;
    for (int d = 0; d < DIGITS; d++) {
        uint32_t here = begin[d];
        begin[d] = sum;
        sum += here;
    }
    for (size_t i = 0; i < n; i++)
        to[begin[from[i] >> shift & (DIGITS - 1)]++] = from[i];
}

/* Sorts p->keys[0 .. n) by rank. */
static void sort_keys(path *p, size_t n)
{
    if (n <= SMALL) {
        for (size_t i = 1; i < n; i++) {
            uint64_t key = p->keys[i];
            size_t k = i;
            for (; k > 0 && p->keys[k - 1] > key; k--)
                p->keys[k] = p->keys[k - 1];
            p->keys[k] = key;
        }
        return;
    }
    for (int shift = 32; shift < 64; shift += DIGIT_BITS) {
        sort_digit(p->keys, p->other, n, shift);
        uint64_t *sorted = p->other;
        p->other = p->keys;
        p->keys = sorted;
    }
}

/* Links the nodes from `v` up to the root; false when out of memory. */
static bool link_path(const repeats *r, path *p, uint32_t v)
{
    uint32_t n = 0;
    for (; v != 0; v = r->x->trie.parent[v]) {
        if (n == p->cap && !grow_path(p))
            return false;
        p->links[n].node = v;
        p->keys[n] = (uint64_t)r->rank[v] << 32 | n;
        n++;
    }
    sort_keys(p, n);
    for (uint32_t i = 0; i < n; i++) {
        link *l = &p->links[(uint32_t)p->keys[i]];
        l->before = i > 0 ? (uint32_t)p->keys[i - 1] : NOBODY;
        l->after = i + 1 < n ? (uint32_t)p->keys[i + 1] : NOBODY;
    }
    return true;
}

/* Extends `h`, a known length of a common prefix of two nodes' strings. */
static uint32_t extend(const repeats *r, uint32_t v, uint32_t u, uint32_t h)
{
    const uint32_t *position = r->x->places.position, *length = r->x->length;
    uint32_t most = length[v] < length[u] ? length[v] : length[u];
    const uint32_t *a = r->symbols + position[v], *b = r->symbols + position[u];
    while (h < most && a[h] == b[h])
        h++;
    return h;
}

/* The run first .. last where no node has more than one candidate. */
static void single_candidates(const repeats *r, uint32_t first, uint32_t last)
{
    uint32_t h = 0;
    for (uint32_t v = last + 1; v-- > first;) {
        uint32_t u = r->x->places.repeat[v];
        h = u ? extend(r, v, u, h) : 0;
        r->x->again[r->rank[v]] = h;
        h -= h > 0;
    }
}

/* The run first .. last in general: the common prefixes with the neighbour before and
 * with the one after shrink by at most one from node to node, each for itself. */
static bool many_candidates(const repeats *r, path *p, uint32_t first, uint32_t last)
{
    if (!link_path(r, p, last))
        return false;
    uint32_t with_before = 0, with_after = 0;
    for (uint32_t i = 0; i <= last - first; i++) {
        link l = p->links[i];
        if (l.before != NOBODY)
            p->links[l.before].after = l.after;
        if (l.after != NOBODY)
            p->links[l.after].before = l.before;
        with_before =
            l.before == NOBODY ? 0 : extend(r, l.node, p->links[l.before].node, with_before);
        with_after =
            l.after == NOBODY ? 0 : extend(r, l.node, p->links[l.after].node, with_after);
        r->x->again[r->rank[l.node]] = with_before > with_after ? with_before : with_after;
        with_before -= with_before > 0;
        with_after -= with_after > 0;
    }
    return true;
}

/* The runs that begin in [begin, end). */
static void search_runs(void *ctx, size_t begin, size_t end, int worker)
{
    const repeats *r = ctx;
    const tl_trie *t = &r->x->trie;
    const uint32_t *repeat = r->x->places.repeat;
    uint32_t first = begin ? (uint32_t)begin : 1;
    while (first < end && first > 1 && t->parent[first] == first - 1)
        first++;
    while (first < end) {
        uint32_t last = first;
        bool many = false;
        for (;; last++) {
            many = many || repeat[repeat[last]] != 0;
            if (last + 1 == t->n || t->parent[last + 1] != last)
                break;
        }
        if (!many)
            single_candidates(r, first, last);
        else if (!many_candidates(r, &r->paths[worker], first, last))
            r->failed[worker] = true;
        first = last + 1;
    }
}

int tl_suffix_index_repeats(tl_suffix_index *x, const uint32_t *symbols, int threads,
                            tl_error *err)
{
    uint32_t n = x->trie.n;
    uint32_t *rank = malloc(n * sizeof *rank);
    repeats r = {.x = x, .symbols = symbols, .rank = rank};
    r.paths = calloc((size_t)threads, sizeof *r.paths);
    r.failed = calloc((size_t)threads, sizeof *r.failed);
    x->again = malloc(n * sizeof *x->again);
    bool ok = rank && r.paths && r.failed && x->again;
    if (ok) {
        for (uint32_t i = 0; i < n; i++)
            rank[x->sorted[i]] = i;
        x->again[0] = 0;
        tl_parallel_for(n, threads > 1 ? CHUNK : n, threads, search_runs, &r);
    }
    for (int w = 0; w < threads && r.paths && r.failed; w++) {
        ok = ok && !r.failed[w];
        free_path(&r.paths[w]);
    }
    free(rank);
    free(r.paths);
    free(r.failed);
    free(x->places.repeat);
    x->places.repeat = NULL;
    return ok ? TL_OK : tl_fail_memory(err, "the repeats within sequences");
}
