/* The reference for the ladder: equal keys stand together when sorted. */
#include "cuda/lab/lab.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct item {
    uint64_t key;
    uint32_t at;
} item;

static int by_key(const void *a, const void *b)
{
    uint64_t x = ((const item *)a)->key, y = ((const item *)b)->key;
    return (x > y) - (x < y);
}

/* The run items[begin .. end) of equal keys; `taken` says which names other runs have. */
static bool check_run(const item *items, uint32_t begin, uint32_t end, const uint32_t *names,
                      const uint32_t *counts, uint8_t *taken, size_t n_taken)
{
    uint32_t name = names[items[begin].at];
    if (name >= n_taken || taken[name]) {
        printf("      key %u: name %u is another key's\n", items[begin].at, name);
        return false;
    }
    taken[name] = 1;
    for (uint32_t i = begin; i < end; i++) {
        uint32_t at = items[i].at;
        if (names[at] != name || counts[at] != end - begin) {
            printf("      key %u: name %u, count %u instead of %u, %u\n", at, names[at], counts[at],
                   name, end - begin);
            return false;
        }
    }
    return true;
}

bool lab_check_names(const uint64_t *keys, uint32_t n, const uint32_t *names, const uint32_t *counts)
{
    size_t n_taken = 2 * (size_t)n + 64; /* names are table slots, 1.5 for a key */
    item *items = malloc(((size_t)n + 1) * sizeof *items);
    uint8_t *taken = calloc(n_taken, 1);
    bool ok = items && taken;
    for (uint32_t i = 0; ok && i < n; i++)
        items[i] = (item){keys[i], i};
    if (ok)
        qsort(items, n, sizeof *items, by_key);
    for (uint32_t begin = 0, end; ok && begin < n; begin = end) {
        for (end = begin + 1; end < n && items[end].key == items[begin].key; end++) {
        }
        ok = check_run(items, begin, end, names, counts, taken, n_taken);
    }
    free(items);
    free(taken);
    return ok;
}
