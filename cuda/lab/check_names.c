/* The check of the ladder, in linear time: a name has one key and one count, and no two
 * names have the same key. */
#include "cuda/lab/lab.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct named {
    uint64_t key; /* 0: the name is not in use */
    uint32_t count;
} named;

/* Keys and counts by name; false if a name stands for two keys. */
static bool gather(named *by_name, size_t n_names, const uint64_t *keys, uint32_t n,
                   const uint32_t *names)
{
    for (uint32_t i = 0; i < n; i++) {
        named *of = names[i] < n_names ? &by_name[names[i]] : NULL;
        if (!of || (of->key != 0 && of->key != keys[i])) {
            printf("      key %u: name %u is another key's\n", i, names[i]);
            return false;
        }
        of->key = keys[i];
        of->count++;
    }
    return true;
}

static bool check_counts(const named *by_name, uint32_t n, const uint32_t *names,
                         const uint32_t *counts)
{
    for (uint32_t i = 0; i < n; i++)
        if (counts[i] != by_name[names[i]].count) {
            printf("      key %u: count %u instead of %u\n", i, counts[i], by_name[names[i]].count);
            return false;
        }
    return true;
}

/* slots: zeroed, mask + 1 of them, more than there are names in use. */
static bool keys_differ(const named *by_name, size_t n_names, uint64_t *slots, size_t mask)
{
    for (size_t name = 0; name < n_names; name++) {
        uint64_t key = by_name[name].key;
        if (key == 0)
            continue;
        size_t h = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & mask;
        while (slots[h] != 0 && slots[h] != key)
            h = (h + 1) & mask;
        if (slots[h] == key) {
            printf("      name %zu: its key has another name too\n", name);
            return false;
        }
        slots[h] = key;
    }
    return true;
}

bool lab_check_names(const uint64_t *keys, uint32_t n, const uint32_t *names, const uint32_t *counts)
{
    size_t n_names = 2 * (size_t)n + 64, size = 64; /* names are table slots, 1.5 for a key */
    while (size < n_names)
        size *= 2;
    named *by_name = calloc(n_names, sizeof *by_name);
    uint64_t *slots = calloc(size, sizeof *slots);
    bool ok = by_name && slots && gather(by_name, n_names, keys, n, names) &&
              check_counts(by_name, n, names, counts) &&
              keys_differ(by_name, n_names, slots, size - 1);
    free(by_name);
    free(slots);
    return ok;
}
