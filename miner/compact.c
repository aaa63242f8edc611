#include "miner/compact.h"

#include <stdlib.h>

/* FNV-1a over symbols; collisions are resolved by comparing. */
static uint64_t hash_symbols(const uint32_t *text, size_t n)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) + n;
    for (size_t i = 0; i < n; i++)
        h = (h ^ text[i]) * UINT64_C(0x100000001b3);
    return h ^ h >> 29;
}

/* Copies sequence s behind the text, as ranks; its length without infrequent symbols
 * at its ends, which would only keep equal sequences apart.  *skipped is how many
 * were left out at the front. */
static size_t copy_sequence(tl_compact *c, const tl_sequences *db, size_t s, size_t *skipped)
{
    const uint32_t *symbols = tl_sequences_symbols(db), *offsets = tl_sequences_offsets(db);
    uint32_t *out = c->text + c->n;
    size_t begin = offsets[s], end = offsets[s + 1];
    while (begin < end && !tl_alphabet_rank(&c->alphabet, symbols, begin))
        begin++;
    while (begin < end && !tl_alphabet_rank(&c->alphabet, symbols, end - 1))
        end--;
    for (size_t i = begin; i < end; i++)
        out[i - begin] = tl_alphabet_rank(&c->alphabet, symbols, i);
    *skipped = begin - offsets[s];
    return end - begin;
}

/* The table slot of the sequence just copied: free, or that of an equal one. */
static size_t find_slot(const tl_compact *c, const uint32_t *slot, size_t mask, size_t length)
{
    const uint32_t *text = c->text + c->n;
    size_t h = (size_t)hash_symbols(text, length) & mask;
    for (; slot[h]; h = (h + 1) & mask) {
        uint32_t d = slot[h] - 1;
        if (c->start[d + 1] - c->start[d] - 1 == length &&
            memcmp(c->text + c->start[d], text, length * sizeof *text) == 0)
            break;
    }
    return h;
}

static int merge_sequences(tl_compact *c, const tl_sequences *db, tl_error *err)
{
    size_t count = tl_sequences_count(db), mask = 1;
    while (mask < 2 * count)
        mask *= 2;
    uint32_t *slot = calloc(mask, sizeof *slot);
    if (!slot)
        return tl_fail_memory(err, "merging identical sequences");
    mask--;
    for (size_t s = 0; s < count; s++) {
        size_t skipped, length = copy_sequence(c, db, s, &skipped);
        if (length == 0)
            continue;
        size_t h = find_slot(c, slot, mask, length);
        if (!slot[h]) {
            c->position[c->count] = tl_sequences_offsets(db)[s] + (uint32_t)skipped;
            slot[h] = ++c->count;
            c->n += length;
            c->text[c->n++] = 0;
            c->start[c->count] = (uint32_t)c->n;
        }
        c->weight[slot[h] - 1]++;
    }
    free(slot);
    return TL_OK;
}

int tl_compact_init(tl_compact *c, const tl_sequences *db, tl_support_kind kind,
                    uint32_t min_support, tl_error *err)
{
    *c = (tl_compact){0};
    int rc = tl_alphabet_init(&c->alphabet, db, kind, min_support, err);
    if (rc)
        return rc;
    size_t count = tl_sequences_count(db), total = tl_sequences_total(db);
    c->text = malloc((total + count + 1) * sizeof *c->text);
    c->start = calloc(count + 1, sizeof *c->start);
    c->weight = calloc(count + 1, sizeof *c->weight);
    c->position = malloc((count + 1) * sizeof *c->position);
    if (!c->text || !c->start || !c->weight || !c->position)
        return tl_fail_memory(err, "the compact database");
    return merge_sequences(c, db, err);
}

void tl_compact_free(tl_compact *c)
{
    tl_alphabet_free(&c->alphabet);
    free(c->text);
    free(c->start);
    free(c->weight);
    free(c->position);
    *c = (tl_compact){0};
}
