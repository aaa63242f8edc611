/* feed.h: what all framers share: reading ahead in blocks, keeping what is left over
 * of one batch for the next, and holding a failure back until the rows before it
 * have been delivered.
 */
#ifndef TL_EXTRACT_FEED_H
#define TL_EXTRACT_FEED_H

#include "extract/rows.h"

typedef struct tl_feed {
    char *name; /* of the input, for messages */
    tl_read_fn *read;
    void *ctx;
    tl_buf carry;    /* bytes read but not yet delivered */
    uint64_t offset; /* of carry.data[0] in the file */
    bool at_eof;
    int failed;      /* a failure to return once the rows before it are out */
    tl_error failure;
} tl_feed;

/* A feed that begins at byte `offset` of the file, where `read` stands. */
int tl_feed_init(tl_feed *f, const char *name, tl_read_fn *read, void *ctx, uint64_t offset, tl_error *err)
    TL_MUST_CHECK;
void tl_feed_destroy(tl_feed *f);

/* Reads on until `b` holds at least `want` bytes or the input ends. */
int tl_feed_read(tl_feed *f, tl_buf *b, size_t want, tl_error *err) TL_MUST_CHECK;

/* Drops the first `n` bytes of the carry. */
void tl_feed_drop(tl_feed *f, size_t n);

/* Adds to `b` all rows that are complete in b->bytes, of which *at becomes the first
 * byte not needed any more.  It is called again, with more bytes after that one,
 * until there is a row or feed->at_eof; it checks what must hold at the end. */
typedef int tl_take_fn(void *ctx, tl_row_batch *b, size_t *at, tl_error *err);

/* Fills a batch with rows.  Returns 1 with at least one row, 0 at the end, or a
 * failure of the reading or of `take`: after the rows before it, once for each call. */
int tl_feed_fill(tl_feed *f, tl_row_batch *b, tl_take_fn *take, void *ctx, tl_error *err) TL_MUST_CHECK;

/* TL_BAD_INPUT with the message "NAME: byte N: what". */
int tl_feed_fail(const tl_feed *f, uint64_t byte, const char *what, tl_error *err);

#endif
