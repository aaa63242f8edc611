#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

struct tl_arena_block {
    tl_arena_block *next;
    size_t used, cap;
    alignas(max_align_t) char data[];
};

enum { FIRST_BLOCK = 16 * 1024 };

void *tl_arena_alloc(tl_arena *a, size_t n)
{
    const size_t align = alignof(max_align_t);
    if (n > SIZE_MAX / 4)
        return NULL;
    n = (n + align - 1) & ~(align - 1);
    tl_arena_block *b = a->head;
    if (!b || b->cap - b->used < n) {
        size_t cap = b ? b->cap * 2 : FIRST_BLOCK;
        if (cap < n)
            cap = n;
        tl_arena_block *fresh = malloc(sizeof *fresh + cap);
        if (!fresh)
            return NULL;
        *fresh = (tl_arena_block){.next = b, .cap = cap};
        a->head = b = fresh;
    }
    void *p = b->data + b->used;
    b->used += n;
    return p;
}

void *tl_arena_calloc(tl_arena *a, size_t count, size_t size)
{
    size_t n;
    if (__builtin_mul_overflow(count, size, &n))
        return NULL;
    void *p = tl_arena_alloc(a, n);
    if (p)
        memset(p, 0, n);
    return p;
}

tl_str tl_arena_copy(tl_arena *a, tl_str s)
{
    char *p = tl_arena_alloc(a, s.len + 1);
    if (!p)
        return (tl_str){NULL, 0};
    if (s.len)
        memcpy(p, s.data, s.len);
    p[s.len] = '\0';
    return (tl_str){p, s.len};
}

void tl_arena_reset(tl_arena *a)
{
    /* Blocks grow, so the newest is the largest but for an odd huge request. */
    tl_arena_block *keep = a->head;
    if (!keep)
        return;
    for (tl_arena_block *b = keep->next, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    keep->next = NULL;
    keep->used = 0;
}

void tl_arena_free(tl_arena *a)
{
    tl_arena_reset(a);
    free(a->head);
    a->head = NULL;
}
