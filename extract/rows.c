#include "extract/rows.h"

#include <stdlib.h>

#include "base/array.h"

const char tl_row_too_long[] = "longer than 10,000,000 bytes";

void tl_row_batch_free(tl_row_batch *b)
{
    tl_buf_free(&b->bytes);
    free(b->rows);
    *b = (tl_row_batch){0};
}

int tl_row_batch_add(tl_row_batch *b, tl_row_at row, tl_error *err)
{
    tl_row_at *rows = tl_array_room(b->rows, b->n_rows, &b->cap_rows, sizeof *rows);
    if (!rows)
        return tl_fail_memory(err, "a block of rows");
    b->rows = rows;
    b->rows[b->n_rows++] = row;
    return TL_OK;
}
