/* arena.h: memory that is given back all at once.
 *
 * An arena hands out pieces that live until tl_arena_reset or tl_arena_free.
 * A reset keeps the largest block, so that a worker which resets its arena for
 * every batch stops calling malloc.  One arena belongs to one thread at a time.
 */
#ifndef TL_BASE_ARENA_H
#define TL_BASE_ARENA_H

#include "base/str.h"

typedef struct tl_arena_block tl_arena_block;

typedef struct tl_arena {
    tl_arena_block *head; /* newest block; a zeroed arena is empty */
} tl_arena;

/* `n` bytes aligned for any type, or NULL when out of memory. */
void *tl_arena_alloc(tl_arena *a, size_t n);

/* Room for `count` things of `size` bytes, zeroed; NULL when out of memory or
 * when count * size overflows. */
void *tl_arena_calloc(tl_arena *a, size_t count, size_t size);

/* A NUL-terminated copy of `s` as a tl_str; its data is NULL when out of memory. */
tl_str tl_arena_copy(tl_arena *a, tl_str s);

/* Everything handed out so far is gone; the largest block stays for reuse. */
void tl_arena_reset(tl_arena *a);

void tl_arena_free(tl_arena *a);

#endif
