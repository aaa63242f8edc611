#include "extract/rows.h"

#include <stdlib.h>

const char tl_row_too_long[] = "longer than 10,000,000 bytes";

void tl_row_batch_free(tl_row_batch *b)
{
    tl_buf_free(&b->bytes);
    free(b->rows);
    *b = (tl_row_batch){0};
}

int tl_row_batch_add(tl_row_batch *b, tl_row_at row, tl_error *err)
{
    if (b->n_rows == b->cap_rows) {
        size_t cap = b->cap_rows ? b->cap_rows * 2 : 1024;
        tl_row_at *rows = realloc(b->rows, cap * sizeof *rows);
        if (!rows)
            return tl_fail_memory(err, "a block of rows");
        b->rows = rows;
        b->cap_rows = cap;
    }
    b->rows[b->n_rows++] = row;
    return TL_OK;
}
