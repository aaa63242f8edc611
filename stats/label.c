#include "stats/label.h"

#include <stdlib.h>

typedef struct entry {
    tl_str text;
    uint32_t index; /* in the caller's array */
} entry;

static int compare_entries(const void *pa, const void *pb)
{
    return tl_str_cmp(((const entry *)pa)->text, ((const entry *)pb)->text);
}

int tl_label_ids(const tl_str *texts, size_t n, uint32_t *ids, tl_error *err)
{
    if (n > UINT32_MAX)
        return tl_fail(err, TL_USAGE, "more than %lu labels", (unsigned long)UINT32_MAX);
    if (n == 0)
        return TL_OK;
    entry *entries = malloc(n * sizeof *entries);
    if (!entries)
        return tl_fail_memory(err, "labels");
    for (size_t i = 0; i < n; i++)
        entries[i] = (entry){texts[i], (uint32_t)i};
    qsort(entries, n, sizeof *entries, compare_entries);
    uint32_t id = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && !tl_str_eq(entries[i].text, entries[i - 1].text))
            id++;
        ids[entries[i].index] = id;
    }
    free(entries);
    return TL_OK;
}
