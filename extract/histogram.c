#include "extract/histogram.h"

void tl_histogram_free(tl_histogram *h)
{
    tl_map_free(&h->sparse);
}

bool tl_histogram_add(tl_histogram *h, int64_t value)
{
    if (value >= TL_HISTOGRAM_LOW && value < TL_HISTOGRAM_LOW + TL_HISTOGRAM_DENSE) {
        const int at = (int)(value - TL_HISTOGRAM_LOW);
        h->dense[at]++;
        if (h->used <= at)
            h->used = at + 1;
        return true;
    }
    int64_t *n = tl_map_put(&h->sparse, tl_map_int_key(&value), 0);
    if (n)
        ++*n;
    return n;
}

int tl_histogram_flush(tl_histogram *h, int (*each)(void *ctx, int64_t value, int64_t n), void *ctx)
{
    int rc = 0;
    for (int i = 0; i < h->used && rc == 0; i++) {
        if (h->dense[i] == 0)
            continue;
        rc = each(ctx, TL_HISTOGRAM_LOW + i, h->dense[i]);
        h->dense[i] = 0;
    }
    if (rc == 0)
        h->used = 0;
    for (size_t i = 0; i < h->sparse.cap && rc == 0; i++) {
        int64_t value;
        const tl_map_slot *slot = &h->sparse.slots[i];
        if (!slot->key.data)
            continue;
        memcpy(&value, slot->key.data, sizeof value);
        rc = each(ctx, value, slot->value);
    }
    tl_map_clear(&h->sparse);
    return rc;
}
