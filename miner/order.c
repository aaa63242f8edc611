#include "miner/order.h"

#include <stdlib.h>

/* Support and length as one number that grows where the order falls. */
static uint64_t sort_key(const tl_pattern *p)
{
    return ~((uint64_t)p->support << 32 | p->length);
}

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* Whether support and length fall already, as from an engine that sorts. */
static bool falls(const tl_pattern *patterns, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (sort_key(&patterns[i - 1]) > sort_key(&patterns[i]))
            return false;
    return true;
}

/* One stable counting pass on the digit at `shift`; false if all digits were equal and
 * nothing was moved. */
static bool sort_digit(const tl_pattern *from, tl_pattern *to, size_t n, int shift)
{
    size_t begin[DIGITS] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++)
        begin[sort_key(&from[i]) >> shift & (DIGITS - 1)]++;
    if (begin[sort_key(&from[0]) >> shift & (DIGITS - 1)] == n)
        return false;
    for (int d = 0; d < DIGITS; d++) {
        size_t here = begin[d];
        begin[d] = sum;
        sum += here;
    }
    for (size_t i = 0; i < n; i++)
        to[begin[sort_key(&from[i]) >> shift & (DIGITS - 1)]++] = from[i];
    return true;
}

static int by_symbols(const void *a, const void *b, void *symbols)
{
    const tl_pattern *p = a, *q = b;
    const uint32_t *s = (const uint32_t *)symbols + p->position;
    const uint32_t *t = (const uint32_t *)symbols + q->position;
    for (uint32_t i = 0; i < p->length; i++)
        if (s[i] != t[i])
            return s[i] < t[i] ? -1 : 1;
    return 0;
}

/* Sorts by support and length alone. */
static int sort_by_key(tl_pattern *patterns, size_t n, tl_error *err)
{
    tl_pattern *other = malloc(n * sizeof *other);
    if (!other)
        return tl_fail_memory(err, "sorting patterns");
    tl_pattern *now = patterns;
    for (int shift = 0; shift < 64; shift += DIGIT_BITS)
        if (sort_digit(now, now == patterns ? other : patterns, n, shift))
            now = now == patterns ? other : patterns;
    if (now != patterns)
        memcpy(patterns, now, n * sizeof *patterns);
    free(other);
    return TL_OK;
}

int tl_order_patterns(tl_pattern *patterns, size_t n, const uint32_t *symbols,
                      bool in_symbol_order, tl_error *err)
{
    int rc = falls(patterns, n) ? TL_OK : sort_by_key(patterns, n, err);
    if (rc)
        return rc;
    for (size_t i = 0, end; !in_symbol_order && i < n; i = end) {
        for (end = i + 1; end < n && sort_key(&patterns[end]) == sort_key(&patterns[i]);)
            end++;
        if (end - i > 1)
            qsort_r(patterns + i, end - i, sizeof *patterns, by_symbols,
                    (void *)(uintptr_t)symbols);
    }
    return TL_OK;
}
