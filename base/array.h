/* array.h: arrays that grow.
 */
#ifndef TL_BASE_ARRAY_H
#define TL_BASE_ARRAY_H

#include <stddef.h>

/* Room for item `n` (counted from 0) of `size` bytes in a malloc'ed array with room for
 * *cap items: the array, moved and doubled if need be, or NULL when out of memory; the
 * old one then stays as it was.  The caller stores the result:
 *
 *     item *grown = tl_array_room(a->items, a->n, &a->cap, sizeof *grown);
 *     if (!grown)
 *         return false;
 *     a->items = grown;
 *     a->items[a->n++] = ...;
 */
void *tl_array_room(void *items, size_t n, size_t *cap, size_t size);

#endif
