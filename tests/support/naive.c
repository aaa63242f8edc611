#include "tests/support/naive.h"

#include <stdlib.h>

size_t naive_occurrences(const uint32_t *hay, size_t n, const uint32_t *needle, size_t m)
{
    size_t count = 0;
    for (size_t i = 0; i + m <= n; i++)
        count += memcmp(hay + i, needle, m * sizeof *needle) == 0;
    return count;
}

static uint32_t support_of(const tl_sequences *db, tl_support_kind kind, const uint32_t *p,
                           size_t m)
{
    const uint32_t *symbols = tl_sequences_symbols(db), *offsets = tl_sequences_offsets(db);
    size_t support = 0;
    for (size_t s = 0; s < tl_sequences_count(db); s++) {
        size_t here = naive_occurrences(symbols + offsets[s], offsets[s + 1] - offsets[s], p, m);
        support += kind == TL_OCCURRENCES ? here : here > 0;
    }
    return (uint32_t)support;
}

static const uint32_t *all_symbols; /* of the database being sorted, for qsort */

static int compare_symbols(const tl_pattern *a, const tl_pattern *b)
{
    for (uint32_t i = 0; i < a->length && i < b->length; i++) {
        uint32_t x = all_symbols[a->position + i], y = all_symbols[b->position + i];
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a->length > b->length) - (a->length < b->length);
}

static int by_symbols(const void *a, const void *b)
{
    return compare_symbols(a, b);
}

static int in_result_order(const void *a, const void *b)
{
    const tl_pattern *p = a, *q = b;
    if (p->support != q->support)
        return p->support > q->support ? -1 : 1;
    if (p->length != q->length)
        return p->length > q->length ? -1 : 1;
    return compare_symbols(p, q);
}

/* Every distinct substring, with its support. */
static naive_result all_substrings(const tl_sequences *db, tl_support_kind kind)
{
    const uint32_t *symbols = tl_sequences_symbols(db), *offsets = tl_sequences_offsets(db);
    size_t n = 0, total = 0;
    for (size_t s = 0; s < tl_sequences_count(db); s++) {
        size_t length = offsets[s + 1] - offsets[s];
        total += length * (length + 1) / 2;
    }
    tl_pattern *list = malloc((total + 1) * sizeof *list);
    if (!list)
        abort();
    for (size_t s = 0; s < tl_sequences_count(db); s++)
        for (uint32_t i = offsets[s]; i < offsets[s + 1]; i++)
            for (uint32_t end = i + 1; end <= offsets[s + 1]; end++)
                list[n++] = (tl_pattern){.position = i, .length = end - i};
    all_symbols = symbols;
    qsort(list, n, sizeof *list, by_symbols);
    size_t distinct = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || compare_symbols(&list[i - 1], &list[i]) != 0)
            list[distinct++] = list[i];
    for (size_t i = 0; i < distinct; i++)
        list[i].support = support_of(db, kind, symbols + list[i].position, list[i].length);
    return (naive_result){list, distinct};
}

static bool is_closed(const naive_result *all, const tl_pattern *p)
{
    for (size_t i = 0; i < all->n; i++) {
        const tl_pattern *q = &all->patterns[i];
        if (q->length > p->length && q->support == p->support &&
            naive_occurrences(all_symbols + q->position, q->length, all_symbols + p->position,
                              p->length) > 0)
            return false;
    }
    return true;
}

naive_result naive_mine(const tl_sequences *db, tl_support_kind kind, uint32_t min_support,
                        uint32_t min_length, uint32_t max_length)
{
    naive_result all = all_substrings(db, kind), r = {0};
    r.patterns = malloc((all.n + 1) * sizeof *r.patterns);
    if (!r.patterns)
        abort();
    for (size_t i = 0; i < all.n; i++) {
        const tl_pattern *p = &all.patterns[i];
        if (p->support >= min_support && p->length >= min_length &&
            (max_length == 0 || p->length <= max_length) && is_closed(&all, p))
            r.patterns[r.n++] = *p;
    }
    qsort(r.patterns, r.n, sizeof *r.patterns, in_result_order);
    naive_free(&all);
    return r;
}

void naive_free(naive_result *r)
{
    free(r->patterns);
    *r = (naive_result){0};
}

size_t naive_difference(const naive_result *expected, const tl_sequences *db,
                        const tl_patterns *found)
{
    size_t n = tl_patterns_count(found);
    for (size_t i = 0; i < n && i < expected->n; i++) {
        tl_pattern p = tl_patterns_get(found, i), q = expected->patterns[i];
        if (p.support != q.support || p.length != q.length ||
            memcmp(tl_patterns_symbols(found, i), tl_sequences_symbols(db) + q.position,
                   p.length * sizeof(uint32_t)) != 0)
            return i;
    }
    return n == expected->n ? SIZE_MAX : (n < expected->n ? n : expected->n);
}
