#include "base/array.h"

#include <stdlib.h>

void *tl_array_room(void *items, size_t n, size_t *cap, size_t size)
{
    size_t more = *cap ? *cap * 2 : 64, bytes;
    if (n < *cap)
        return items;
    if (__builtin_mul_overflow(more, size, &bytes))
        return NULL;
    void *grown = realloc(items, bytes);
    if (grown)
        *cap = more;
    return grown;
}
