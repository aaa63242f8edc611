/* The frequent symbols of a database, numbered densely in their own order. */
#include "miner/compact.h"

#include <stdlib.h>

/* Support of the symbols `id[0 .. n)` < `bound`, counted into support[0 .. bound). */
static int count_support(const tl_sequences *db, const uint32_t *id, size_t bound,
                         tl_support_kind kind, uint32_t *support, tl_error *err)
{
    size_t total = tl_sequences_total(db), count = tl_sequences_count(db);
    if (kind == TL_OCCURRENCES) {
        for (size_t i = 0; i < total; i++)
            support[id[i]]++;
        return TL_OK;
    }
    /* last[s] is the number + 1 of the last sequence that counted symbol s. */
    uint32_t *last = calloc(bound, sizeof *last);
    if (!last)
        return tl_fail_memory(err, "counting symbols");
    const uint32_t *offsets = tl_sequences_offsets(db);
    for (size_t s = 0; s < count; s++)
        for (size_t i = offsets[s]; i < offsets[s + 1]; i++) {
            support[id[i]] += last[id[i]] != s + 1;
            last[id[i]] = (uint32_t)(s + 1);
        }
    free(last);
    return TL_OK;
}

/* Turns supports by id, given in ascending order of symbol by order[] (NULL: ids are
 * the symbols), into ranks by id; the supports of the frequent ones go to a->support. */
static int assign_ranks(tl_alphabet *a, const uint32_t *support, const uint32_t *order,
                        size_t bound, uint32_t min_support, uint32_t *rank, tl_error *err)
{
    size_t frequent = 0;
    for (size_t id = 0; id < bound; id++)
        frequent += support[id] >= min_support;
    a->support = calloc(frequent + 1, sizeof *a->support);
    if (!a->support)
        return tl_fail_memory(err, "the alphabet");
    for (size_t i = 0; i < bound; i++) {
        size_t id = order ? order[i] : i;
        if (support[id] >= min_support) {
            rank[id] = ++a->size;
            a->support[a->size] = support[id];
        } else {
            rank[id] = 0;
        }
    }
    return TL_OK;
}

/* ---- symbols too large for a table ---- */

typedef struct symbol_set {
    uint32_t *slot;   /* id + 1 of the symbol, 0 if free; `mask` + 1 of them */
    size_t mask;
    uint32_t *symbol; /* by id */
    size_t n;
} symbol_set;

static size_t home_slot(const symbol_set *s, uint32_t symbol)
{
    return (size_t)((symbol * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & s->mask;
}

/* Doubles the table (from nothing: makes the first one). */
static bool grow_set(symbol_set *s)
{
    symbol_set g = {.mask = s->slot ? 2 * s->mask + 1 : 1023, .n = s->n};
    g.slot = calloc(g.mask + 1, sizeof *g.slot);
    g.symbol = realloc(s->symbol, (g.mask + 1) / 2 * sizeof *g.symbol);
    if (g.symbol)
        s->symbol = g.symbol;
    if (!g.slot || !g.symbol) {
        free(g.slot);
        return false;
    }
    for (size_t id = 0; id < g.n; id++) {
        size_t h = home_slot(&g, g.symbol[id]);
        while (g.slot[h])
            h = (h + 1) & g.mask;
        g.slot[h] = (uint32_t)(id + 1);
    }
    free(s->slot);
    *s = g;
    return true;
}

/* Writes the id of every symbol to id[], ids in order of first appearance. */
static bool number_symbols(symbol_set *s, const uint32_t *symbols, size_t total, uint32_t *id)
{
    if (!grow_set(s))
        return false;
    for (size_t i = 0; i < total; i++) {
        size_t h = home_slot(s, symbols[i]);
        while (s->slot[h] && s->symbol[s->slot[h] - 1] != symbols[i])
            h = (h + 1) & s->mask;
        if (!s->slot[h]) {
            s->symbol[s->n] = symbols[i];
            s->slot[h] = (uint32_t)(s->n + 1);
            id[i] = (uint32_t)s->n++;
            if (s->n == (s->mask + 1) / 2 && !grow_set(s))
                return false;
        } else {
            id[i] = s->slot[h] - 1;
        }
    }
    return true;
}

static int by_symbol(const void *a, const void *b, void *symbol)
{
    uint32_t x = ((const uint32_t *)symbol)[*(const uint32_t *)a];
    uint32_t y = ((const uint32_t *)symbol)[*(const uint32_t *)b];
    return (x > y) - (x < y);
}

static int init_sparse(tl_alphabet *a, const tl_sequences *db, tl_support_kind kind,
                       uint32_t min_support, tl_error *err)
{
    size_t total = tl_sequences_total(db);
    symbol_set set = {0};
    uint32_t *work = NULL;
    int rc = TL_NO_MEMORY;
    a->text = malloc(total * sizeof *a->text);
    if (!a->text || !number_symbols(&set, tl_sequences_symbols(db), total, a->text))
        goto done;
    work = calloc(3 * set.n, sizeof *work);
    if (!work)
        goto done;
    uint32_t *support = work, *order = work + set.n, *rank = order + set.n;
    for (size_t id = 0; id < set.n; id++)
        order[id] = (uint32_t)id;
    qsort_r(order, set.n, sizeof *order, by_symbol, set.symbol);
    rc = count_support(db, a->text, set.n, kind, support, err);
    if (!rc)
        rc = assign_ranks(a, support, order, set.n, min_support, rank, err);
    for (size_t i = 0; !rc && i < total; i++)
        a->text[i] = rank[a->text[i]];
done:
    free(set.slot);
    free(set.symbol);
    free(work);
    return rc == TL_NO_MEMORY ? tl_fail_memory(err, "the alphabet") : rc;
}

/* ---- symbols that index a table ---- */

static int init_table(tl_alphabet *a, const tl_sequences *db, tl_support_kind kind,
                      uint32_t min_support, tl_error *err)
{
    a->rank = malloc(a->bound * sizeof *a->rank);
    uint32_t *support = calloc(a->bound, sizeof *support);
    int rc = TL_NO_MEMORY;
    if (a->rank && support)
        rc = count_support(db, tl_sequences_symbols(db), a->bound, kind, support, err);
    if (!rc)
        rc = assign_ranks(a, support, NULL, a->bound, min_support, a->rank, err);
    free(support);
    return rc == TL_NO_MEMORY ? tl_fail_memory(err, "the alphabet") : rc;
}

int tl_alphabet_init(tl_alphabet *a, const tl_sequences *db, tl_support_kind kind,
                     uint32_t min_support, tl_error *err)
{
    *a = (tl_alphabet){.bound = 1};
    size_t total = tl_sequences_total(db);
    const uint32_t *symbols = tl_sequences_symbols(db);
    uint32_t largest = 0;
    for (size_t i = 0; i < total; i++)
        if (symbols[i] > largest)
            largest = symbols[i];
    if (total > 0)
        a->bound = (size_t)largest + 1;
    /* A table costs 12 bytes a number while it is filled; the text costs 4 a symbol. */
    return a->bound <= total + 65536 ? init_table(a, db, kind, min_support, err)
                                     : init_sparse(a, db, kind, min_support, err);
}

void tl_alphabet_free(tl_alphabet *a)
{
    free(a->support);
    free(a->rank);
    free(a->text);
    *a = (tl_alphabet){0};
}
