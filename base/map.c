#include "base/map.h"

#include <stdlib.h>

/* FNV-1a over 8 bytes at a time with a final mix; keys are short. */
static uint64_t hash_bytes(tl_str s)
{
    uint64_t h = 0xcbf29ce484222325u ^ s.len;
    size_t i = 0;
    for (; i + 8 <= s.len; i += 8) {
        uint64_t word;
        memcpy(&word, s.data + i, 8);
        h = (h ^ word) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    for (; i < s.len; i++)
        h = (h ^ (unsigned char)s.data[i]) * 0x100000001b3u;
    h ^= h >> 29;
    h *= 0xBF58476D1CE4E5B9u;
    return h ^ (h >> 32);
}

void tl_map_free(tl_map *m)
{
    free(m->slots);
    tl_arena_free(&m->keys);
    *m = (tl_map){0};
}

void tl_map_clear(tl_map *m)
{
    if (m->slots)
        memset(m->slots, 0, m->cap * sizeof *m->slots);
    m->count = 0;
    tl_arena_reset(&m->keys);
}

/* The slot that holds `key`, or the free one where it belongs. */
static tl_map_slot *find_slot(tl_map_slot *slots, size_t cap, tl_str key, uint64_t hash)
{
    for (size_t i = hash & (cap - 1);; i = (i + 1) & (cap - 1)) {
        tl_map_slot *s = &slots[i];
        if (!s->key.data || (s->hash == hash && tl_str_eq(s->key, key)))
            return s;
    }
}

static bool grow(tl_map *m)
{
    size_t cap = m->cap ? m->cap * 2 : 64;
    tl_map_slot *slots = calloc(cap, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < m->cap; i++)
        if (m->slots[i].key.data)
            *find_slot(slots, cap, m->slots[i].key, m->slots[i].hash) = m->slots[i];
    free(m->slots);
    m->slots = slots;
    m->cap = cap;
    return true;
}

int64_t *tl_map_get(const tl_map *m, tl_str key)
{
    if (m->count == 0)
        return NULL;
    tl_map_slot *s = find_slot(m->slots, m->cap, key, hash_bytes(key));
    return s->key.data ? &s->value : NULL;
}

int64_t *tl_map_put(tl_map *m, tl_str key, int64_t fresh)
{
    if (m->count + 1 > m->cap / 4 * 3 && !grow(m))
        return NULL;
    uint64_t hash = hash_bytes(key);
    tl_map_slot *s = find_slot(m->slots, m->cap, key, hash);
    if (!s->key.data) {
        tl_str copy = tl_arena_copy(&m->keys, key);
        if (!copy.data)
            return NULL;
        *s = (tl_map_slot){copy, hash, fresh};
        m->count++;
    }
    return &s->value;
}
