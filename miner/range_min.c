#include "miner/range_min.h"

#include <stdlib.h>

enum { FAN = 32 };

bool tl_range_min_init(tl_range_min *r, const uint32_t *array, size_t n)
{
    *r = (tl_range_min){.level = {array}, .n = {n}, .levels = 1};
    while (n > FAN) {
        const uint32_t *below = r->level[r->levels - 1];
        size_t blocks = (n + FAN - 1) / FAN;
        uint32_t *minima = malloc(blocks * sizeof *minima);
        if (!minima)
            return false;
        for (size_t b = 0; b < blocks; b++) {
            uint32_t least = UINT32_MAX;
            for (size_t i = b * FAN; i < n && i < (b + 1) * FAN; i++)
                if (below[i] < least)
                    least = below[i];
            minima[b] = least;
        }
        r->level[r->levels] = minima;
        r->n[r->levels++] = n = blocks;
    }
    return true;
}

void tl_range_min_free(tl_range_min *r)
{
    for (int k = 1; k < r->levels; k++)
        free((void *)(uintptr_t)r->level[k]);
    *r = (tl_range_min){0};
}

size_t tl_range_min_next(const tl_range_min *r, size_t i, uint32_t bound)
{
    for (int k = 0; i < r->n[k];) {
        size_t end = (i / FAN + 1) * FAN;
        if (end > r->n[k])
            end = r->n[k];
        while (i < end && r->level[k][i] >= bound)
            i++;
        if (i < end) { /* here, or below here */
            if (k == 0)
                return i;
            i *= FAN;
            k--;
        } else if (k + 1 == r->levels) {
            break;
        } else {
            i = (end + FAN - 1) / FAN;
            k++;
        }
    }
    return r->n[0];
}

size_t tl_range_min_previous(const tl_range_min *r, size_t i, uint32_t bound)
{
    for (int k = 0; k < r->levels;) {
        size_t begin = i / FAN * FAN;
        while (i > begin && r->level[k][i] >= bound)
            i--;
        if (r->level[k][i] < bound) {
            if (k == 0)
                return i;
            i = i * FAN + FAN - 1;
            k--;
            if (i >= r->n[k])
                i = r->n[k] - 1;
        } else if (begin == 0) {
            break;
        } else {
            i = begin / FAN - 1;
            k++;
        }
    }
    return SIZE_MAX;
}
