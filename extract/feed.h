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
    size_t batch;    /* about so many bytes go into one; TL_BLOCK_BYTES unless set lower */
    tl_buf carry;    /* bytes read but not yet delivered */
    uint64_t offset; /* of carry.data[0] in the file */
    bool at_eof;
    int broken;      /* `read` failed so, and ... */
    tl_error why;    /* ... for this reason: there is nothing more to read */
    int failed;      /* a failure to return once the rows before it are out */
    tl_error failure;
} tl_feed;

/* A feed that begins at byte `offset` of the file, where `read` stands. */
int tl_feed_init(tl_feed *f, const char *name, tl_read_fn *read, void *ctx, uint64_t offset, tl_error *err)
    TL_MUST_CHECK;
void tl_feed_destroy(tl_feed *f);

/* Reads on until `b` holds at least `want` bytes or the input ends.  A damaged stream
 * (TL_BAD_INPUT) ends where it breaks: tl_feed_fill returns its failure after the rows
 * before it. */
int tl_feed_read(tl_feed *f, tl_buf *b, size_t want, tl_error *err) TL_MUST_CHECK;

/* The failure of a stream that broke (f->broken), with its reason. */
int tl_feed_broken(const tl_feed *f, tl_error *err);

/* Drops the first `n` bytes of the carry. */
void tl_feed_drop(tl_feed *f, size_t n);

/* Adds to `b` all rows that are complete in b->bytes, of which *at becomes the first
 * byte not needed any more.  It is called again, with more bytes after that one,
 * until there is a row or feed->at_eof; it checks what must hold at the end.
 * TL_FEED_LONG_ROW: the batch begins with a row over the cap (the rows before one are
 * a batch of their own, so that a cursor never stands inside it). */
typedef int tl_take_fn(void *ctx, tl_row_batch *b, size_t *at, tl_error *err);

enum { TL_FEED_LONG_ROW = 2 };

/* Fills a batch with rows.  Returns 1 with at least one row, 0 at the end, or a
 * failure of the reading or of `take`: after the rows before it, once for each call.
 * b->bytes then holds just the bytes from b->offset to b->next.  TL_FEED_LONG_ROW if
 * `take` says so; tl_feed_pass must follow. */
int tl_feed_fill(tl_feed *f, tl_row_batch *b, tl_take_fn *take, void *ctx, tl_error *err) TL_MUST_CHECK;

/* Looks in s[*from ..] for the end of a long row.  True: *from is there.  False: the
 * bytes before *from are done with, more are needed (unless this is the end). */
typedef bool tl_find_fn(void *ctx, tl_str s, size_t *from);

/* Makes the long row a batch of its own, in bounded memory: its first byte, with the
 * fault tl_row_too_long.  Returns 1 or a failure. */
int tl_feed_pass(tl_feed *f, tl_row_batch *b, tl_find_fn *find, void *ctx, tl_error *err) TL_MUST_CHECK;

/* TL_BAD_INPUT with the message "NAME: byte N: what". */
int tl_feed_fail(const tl_feed *f, uint64_t byte, const char *what, tl_error *err);

#endif
