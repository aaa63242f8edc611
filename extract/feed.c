#include "extract/feed.h"

#include <stdlib.h>

int tl_feed_init(tl_feed *f, const char *name, tl_read_fn *read, void *ctx, uint64_t offset, tl_error *err)
{
    *f = (tl_feed){.name = strdup(name), .read = read, .ctx = ctx, .batch = TL_BLOCK_BYTES, .offset = offset};
    return f->name ? TL_OK : tl_fail_memory(err, "reading rows");
}

void tl_feed_destroy(tl_feed *f)
{
    tl_buf_free(&f->carry);
    free(f->name);
}

int tl_feed_read(tl_feed *f, tl_buf *b, size_t want, tl_error *err)
{
    const size_t before = b->len;
    while (!f->at_eof && b->len < want) {
        if (!f->broken && !tl_buf_reserve(b, want - b->len))
            return tl_fail_memory(err, "a block of rows");
        ssize_t n = f->broken ? f->broken : f->read(f->ctx, b->data + b->len, want - b->len, &f->why);
        if (n < 0) {
            f->broken = (int)n;
            return b->len > before ? TL_OK : tl_feed_broken(f, err);
        }
        f->at_eof = n == 0;
        b->len += (size_t)n;
        b->data[b->len] = '\0';
    }
    return TL_OK;
}

int tl_feed_broken(const tl_feed *f, tl_error *err)
{
    if (err)
        *err = f->why;
    return f->broken;
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

static int give_failure(const tl_feed *f, tl_error *err)
{
    if (err)
        *err = f->failure;
    return f->failed;
}

/* Ends the batch after its first `taken` bytes, which stand for `span` bytes of the
 * file; what follows them waits for the next batch. */
static int end_batch(tl_feed *f, tl_row_batch *b, size_t taken, uint64_t span, tl_error *err)
{
    f->offset = b->next = b->offset + span;
    if (f->failed && b->n_rows == 0)
        return give_failure(f, err);
    tl_buf_add(&f->carry, b->bytes.data + taken, b->bytes.len - taken);
    b->bytes.len = taken;
    int rc = tl_buf_check(&f->carry, "a block of rows", err);
    return rc ? rc : b->n_rows > 0;
}

/* How many bytes a batch of which `len` are at hand should have before it is looked into. */
static size_t first_goal(const tl_feed *f, size_t len)
{
    return len <= f->batch ? f->batch : len <= TL_BLOCK_BYTES ? TL_BLOCK_BYTES : len + TL_BLOCK_BYTES;
}

int tl_feed_fill(tl_feed *f, tl_row_batch *b, tl_take_fn *take, void *ctx, tl_error *err)
{
    if (f->failed)
        return give_failure(f, err);
    b->n_rows = 0;
    tl_buf_clear(&b->bytes);
    tl_buf_add_str(&b->bytes, tl_buf_str(&f->carry));
    int rc = tl_buf_check(&b->bytes, "a block of rows", err);
    if (rc)
        return rc;
    b->offset = f->offset;
    f->carry.len = 0;

    size_t at = 0, want = first_goal(f, b->bytes.len);
    for (;;) {
        tl_error why;
        tl_error ignored;
        /* What was read before a failure is taken too. */
        int broken = tl_feed_read(f, &b->bytes, want, &why);
        rc = take(ctx, b, &at, broken ? &ignored : &why);
        rc = broken ? broken : rc;
        if (rc > 0)
            return rc;
        if (rc < 0) {
            b->bytes.len = at; /* nothing can follow */
            f->failed = rc;
            f->failure = why;
        }
        if (b->n_rows > 0 || f->at_eof || f->failed)
            return end_batch(f, b, at, at, err);
        if (want < TL_BLOCK_BYTES) {
            want = TL_BLOCK_BYTES;
            continue;
        }
        /* Nothing to deliver yet: drop what was passed over. */
        drop_front(&b->bytes, at);
        b->offset += at;
        at = 0;
        want = b->bytes.len + TL_BLOCK_BYTES;
    }
}

int tl_feed_pass(tl_feed *f, tl_row_batch *b, tl_find_fn *find, void *ctx, tl_error *err)
{
    tl_buf *bytes = &b->bytes;
    uint64_t passed = 0;
    for (size_t from = 1;;) {
        bool found = find(ctx, tl_buf_str(bytes), &from);
        if (found || f->at_eof) {
            uint64_t span = passed + from;
            drop_front(bytes, from - 1);
            int rc = tl_row_batch_add(b, (tl_row_at){0, 1, 0, tl_row_too_long}, err);
            return rc ? rc : end_batch(f, b, 1, span, err);
        }
        drop_front(bytes, from - 1); /* the byte in front stands for the row */
        passed += from - 1;
        int rc = tl_feed_read(f, bytes, bytes->len + TL_BLOCK_BYTES, err);
        if (rc)
            return rc;
        from = 1;
    }
}

int tl_feed_fail(const tl_feed *f, uint64_t byte, const char *what, tl_error *err)
{
    return tl_fail(err, TL_BAD_INPUT, "%s: byte %llu: %s", f->name, (unsigned long long)byte, what);
}
