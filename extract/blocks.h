/* blocks.h: a body cut into code blocks and the prose between them, in order. */
#ifndef TL_EXTRACT_BLOCKS_H
#define TL_EXTRACT_BLOCKS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

typedef struct tl_block {
    tl_str text; /* decoded, lines ended by \n; valid UTF-8 */
    bool code;
} tl_block;

/* A growing list; the texts lie in the arena that it was built with. */
typedef struct tl_blocks {
    tl_block *at;
    size_t n, cap;
} tl_blocks;

/* Appends a copy of `text`; an empty one is left out.  False when out of memory. */
bool tl_blocks_add(tl_blocks *b, tl_arena *arena, tl_str text, bool code);

#endif
