#include "extract/batch.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"

void tl_batch_free(tl_batch *b)
{
    tl_row_batch_free(&b->rows);
    tl_arena_free(&b->arena);
    free(b->records);
    free(b->faults);
    free(b->measures);
    *b = (tl_batch){0};
}

void tl_batch_reset(tl_batch *b)
{
    tl_arena_reset(&b->arena);
    b->n_records = b->n_faults = b->n_measures = 0;
    b->more_faults = 0;
    b->repaired = b->unmatched = b->orphans = 0;
    b->known = 0;
    b->replay = false;
}

tl_record *tl_batch_add_record(tl_batch *b)
{
    tl_record *records = tl_array_room(b->records, b->n_records, &b->cap_records, sizeof *records);
    if (!records)
        return NULL;
    b->records = records;
    tl_record *r = &b->records[b->n_records++];
    *r = (tl_record){0};
    return r;
}

bool tl_batch_add_fault(tl_batch *b, size_t row, const char *reason)
{
    if (b->n_faults >= TL_BATCH_FAULTS) {
        b->more_faults++;
        return true;
    }
    const uint64_t line = b->rows.rows[row].line;
    char where[40] = "";
    if (line)
        snprintf(where, sizeof where, "line %llu: ", (unsigned long long)line);
    size_t n = strlen(where), m = strlen(reason);
    char *text = tl_arena_alloc(&b->arena, n + m + 1);
    tl_fault *faults = tl_array_room(b->faults, b->n_faults, &b->cap_faults, sizeof *faults);
    if (!faults)
        return false;
    b->faults = faults;
    if (!text)
        return false;
    memcpy(text, where, n);
    memcpy(text + n, reason, m + 1);
    b->faults[b->n_faults++] = (tl_fault){row, text};
    return true;
}

bool tl_batch_add_measures(tl_batch *b, const tl_post *q)
{
    int64_t(*measures)[TL_MEASURES] =
        tl_array_room(b->measures, b->n_measures, &b->cap_measures, sizeof *measures);
    if (!measures)
        return false;
    b->measures = measures;
    int64_t *m = b->measures[b->n_measures++];
    m[TL_SCORE] = q->score;
    m[TL_VIEWS] = q->views;
    m[TL_COMMENTS] = q->comments;
    m[TL_ANSWERS] = q->answers;
    return true;
}
