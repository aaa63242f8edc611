#include "extract/blocks.h"

bool tl_blocks_add(tl_blocks *b, tl_arena *arena, tl_str text, bool code)
{
    if (text.len == 0)
        return true;
    if (b->n == b->cap) {
        size_t cap = b->cap ? 2 * b->cap : 8;
        tl_block *more = tl_arena_calloc(arena, cap, sizeof *more);
        if (!more)
            return false;
        if (b->n > 0)
            memcpy(more, b->at, b->n * sizeof *more);
        b->at = more;
        b->cap = cap;
    }
    tl_str copy = tl_arena_copy(arena, text);
    if (!copy.data)
        return false;
    b->at[b->n++] = (tl_block){copy, code};
    return true;
}
