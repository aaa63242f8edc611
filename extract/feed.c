#include "extract/feed.h"

#include <stdlib.h>

int tl_feed_init(tl_feed *f, const char *name, tl_read_fn *read, void *ctx, uint64_t offset, tl_error *err)
{
    *f = (tl_feed){.name = strdup(name), .read = read, .ctx = ctx, .offset = offset};
    return f->name ? TL_OK : tl_fail_memory(err, "reading rows");
}

void tl_feed_destroy(tl_feed *f)
{
    tl_buf_free(&f->carry);
    free(f->name);
}

int tl_feed_read(tl_feed *f, tl_buf *b, size_t want, tl_error *err)
{
    while (!f->at_eof && b->len < want) {
        if (!tl_buf_reserve(b, want - b->len))
            return tl_fail_memory(err, "a block of rows");
        ssize_t n = f->read(f->ctx, b->data + b->len, want - b->len, err);
        if (n < 0)
            return (int)n;
        f->at_eof = n == 0;
        b->len += (size_t)n;
        b->data[b->len] = '\0';
    }
    return TL_OK;
}

static void drop_front(tl_buf *b, size_t n)
{
    if (n == 0)
        return;
    memmove(b->data, b->data + n, b->len - n);
    b->len -= n;
    b->data[b->len] = '\0';
}

void tl_feed_drop(tl_feed *f, size_t n)
{
    drop_front(&f->carry, n);
    f->offset += n;
}

int tl_feed_fill(tl_feed *f, tl_row_batch *b, tl_take_fn *take, void *ctx, tl_error *err)
{
    if (f->failed) {
        if (err)
            *err = f->failure;
        return f->failed;
    }
    b->n_rows = 0;
    tl_buf_clear(&b->bytes);
    tl_buf_add_str(&b->bytes, tl_buf_str(&f->carry));
    int rc = tl_buf_check(&b->bytes, "a block of rows", err);
    if (rc)
        return rc;
    b->offset = f->offset;
    f->carry.len = 0;

    size_t want = b->bytes.len > TL_BLOCK_BYTES ? b->bytes.len + TL_BLOCK_BYTES : TL_BLOCK_BYTES;
    for (;;) {
        size_t at = 0;
        int ended = tl_feed_read(f, &b->bytes, want, &f->failure);
        /* What was read before a failure is taken too. */
        rc = take(ctx, b, &at, ended ? NULL : &f->failure);
        rc = ended ? ended : rc;
        f->offset = b->next = b->offset + at;
        f->failed = rc;
        if (rc < 0 && b->n_rows == 0 && err)
            *err = f->failure;
        if (rc < 0)
            return b->n_rows > 0 ? 1 : rc;
        if (b->n_rows > 0 || f->at_eof) {
            tl_buf_add(&f->carry, b->bytes.data + at, b->bytes.len - at);
            rc = tl_buf_check(&f->carry, "a block of rows", err);
            return rc ? rc : b->n_rows > 0;
        }
        /* Nothing to deliver yet: drop what was passed over. */
        drop_front(&b->bytes, at);
        b->offset += at;
        want = b->bytes.len + TL_BLOCK_BYTES;
    }
}

int tl_feed_fail(const tl_feed *f, uint64_t byte, const char *what, tl_error *err)
{
    return tl_fail(err, TL_BAD_INPUT, "%s: byte %llu: %s", f->name, (unsigned long long)byte, what);
}
