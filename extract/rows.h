/* rows.h: records of an input, and the bytes that they stand in.
 *
 * What a framer gives, whatever the container: an XML <row/>, a line of CSV or
 * JSONL, a chunk of a log.  A row is raw bytes; nobody has looked inside it yet.
 */
#ifndef TL_EXTRACT_ROWS_H
#define TL_EXTRACT_ROWS_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

enum {
    TL_ROW_CAP = 10 * 1000 * 1000, /* longest row that is read, in bytes */
    TL_BLOCK_BYTES = 1024 * 1024   /* about as much goes into one batch */
};

/* The fault of a row over the cap. */
extern const char tl_row_too_long[];

typedef struct tl_row_at {
    size_t begin, len; /* within the batch's bytes */
    uint64_t line;     /* on which it begins, from 1; 0 where lines mean nothing */
    const char *fault; /* why the framer rejects it (static text), or NULL */
} tl_row_at;

/* Some rows and the bytes that they stand in.  Owned by the caller, reused from
 * fill to fill; a zeroed one is empty. */
typedef struct tl_row_batch {
    tl_buf bytes;
    uint64_t offset; /* of bytes.data[0] in the (decompressed) file */
    uint64_t next;   /* offset of the first byte not taken: a resumed run begins there */
    tl_row_at *rows;
    size_t n_rows, cap_rows;
} tl_row_batch;

void tl_row_batch_free(tl_row_batch *b);

/* Appends a row; TL_NO_MEMORY. */
int tl_row_batch_add(tl_row_batch *b, tl_row_at row, tl_error *err) TL_MUST_CHECK;

/* Where a framer gets its bytes: like read(2), negative status on failure. */
typedef ssize_t tl_read_fn(void *ctx, void *to, size_t cap, tl_error *err);

#endif
