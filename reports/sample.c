#include "reports/sample.h"

#include <stdlib.h>
#include <string.h>

static int64_t round_half_even(int64_t numerator, int64_t denominator)
{
    int64_t quotient = numerator / denominator, twice = numerator % denominator * 2;
    return quotient + (twice > denominator || (twice == denominator && quotient % 2 == 1));
}

void tl_sample_sizes(const int64_t *patterns, size_t libraries, int64_t *sizes)
{
    int64_t all = 0, smallest = 0;
    for (size_t i = 0; i < libraries; i++) {
        all += patterns[i];
        if (patterns[i] > 0 && (smallest == 0 || patterns[i] < smallest))
            smallest = patterns[i];
    }
    int64_t n = smallest > 0 ? (3 * all - 1) / (2 * smallest) : 0;
    for (size_t i = 0; i < libraries; i++) {
        int64_t size = all > 0 ? round_half_even(patterns[i] * n, all) : 0;
        sizes[i] = size < patterns[i] ? size : patterns[i];
    }
}

/* Sums of weights in a Fenwick tree, so that a draw costs the logarithm of n: node k
 * (from 1) holds the sum of the k & -k items that end with item k. */
typedef struct weight_tree {
    uint64_t *sums;
    size_t n, top; /* the largest power of two up to n */
    uint64_t total;
} weight_tree;

static void tree_fill(weight_tree *t, const int64_t *weights)
{
    for (size_t k = 1; k <= t->n; k++) {
        size_t parent = k + (k & -k);
        t->sums[k] += (uint64_t)weights[k - 1];
        t->total += (uint64_t)weights[k - 1];
        if (parent <= t->n)
            t->sums[parent] += t->sums[k];
    }
    for (t->top = 1; t->top * 2 <= t->n; t->top *= 2)
        ;
}

/* The item that holds the point `at` of the weights laid end to end. */
static size_t tree_find(const weight_tree *t, uint64_t at)
{
    size_t before = 0;
    for (size_t step = t->top; step > 0; step /= 2)
        if (before + step <= t->n && t->sums[before + step] <= at) {
            before += step;
            at -= t->sums[before];
        }
    return before;
}

static void tree_remove(weight_tree *t, size_t item, int64_t weight)
{
    t->total -= (uint64_t)weight;
    for (size_t k = item + 1; k <= t->n; k += k & -k)
        t->sums[k] -= (uint64_t)weight;
}

int tl_sample_weighted(const int64_t *weights, size_t n, size_t take, tl_random *random, bool *taken,
                       tl_error *err)
{
    weight_tree t = {.sums = calloc(n + 1, sizeof *t.sums), .n = n};
    if (!t.sums)
        return tl_fail_memory(err, "a sample");
    memset(taken, 0, n * sizeof *taken);
    tree_fill(&t, weights);
    for (size_t i = 0; i < take && i < n; i++) {
        size_t drawn = tree_find(&t, tl_random_below(random, t.total));
        taken[drawn] = true;
        tree_remove(&t, drawn, weights[drawn]);
    }
    free(t.sums);
    return TL_OK;
}

void tl_sample_shuffle(size_t *items, size_t n, size_t take, tl_random *random)
{
    for (size_t i = 0; i < take && i < n; i++) {
        size_t other = i + (size_t)tl_random_below(random, n - i), item = items[i];
        items[i] = items[other];
        items[other] = item;
    }
}
