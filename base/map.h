/* map.h: from byte strings to 64-bit numbers.
 *
 * An open-addressing hash table that copies its keys into an arena of its own.  A
 * zeroed tl_map is empty.  Nothing is ever removed but all at once.  An integer
 * key is its eight bytes (tl_map_int_key).
 */
#ifndef TL_BASE_MAP_H
#define TL_BASE_MAP_H

#include "base/arena.h"

typedef struct tl_map_slot {
    tl_str key; /* data NULL: free */
    uint64_t hash;
    int64_t value;
} tl_map_slot;

typedef struct tl_map {
    tl_map_slot *slots; /* a power of two of them, at most 3/4 taken */
    size_t cap, count;
    tl_arena keys;
} tl_map;

void tl_map_free(tl_map *m);

/* Forgets all keys but keeps some memory. */
void tl_map_clear(tl_map *m);

/* The value at `key`, or NULL; valid until the next tl_map_put. */
int64_t *tl_map_get(const tl_map *m, tl_str key);

/* The value at `key`, which is made with value `fresh` if it was not there; NULL
 * when out of memory.  Valid until the next tl_map_put. */
int64_t *tl_map_put(tl_map *m, tl_str key, int64_t fresh);

static inline tl_str tl_map_int_key(const int64_t *key)
{
    return (tl_str){(const char *)key, sizeof *key};
}

#endif
