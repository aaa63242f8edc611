/* libFuzzer: any bytes as a dump.  The rows must tile the file in order, be the same
 * whatever the size of the reads, and go on the same from every batch's end; ASan and UBSan
 * watch the rest.  Seeds: tests/fixtures/dumps. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "extract/framer.h"

enum { MAX_ROWS = 4096 };

typedef struct feed {
    tl_str bytes;
    size_t at, chunk;
} feed;

typedef struct rows {
    uint64_t begin[MAX_ROWS], len[MAX_ROWS];
    const char *fault[MAX_ROWS];
    size_t n;
    int status;
} rows;

static void require(bool holds)
{
    if (!holds)
        abort();
}

static ssize_t read_feed(void *ctx, void *to, size_t cap, tl_error *err)
{
    feed *f = ctx;
    size_t n = f->bytes.len - f->at;
    (void)err;
    n = n < cap ? n : cap;
    n = n < f->chunk ? n : f->chunk;
    if (n)
        memcpy(to, f->bytes.data + f->at, n);
    f->at += n;
    return (ssize_t)n;
}

static void take(rows *out, const tl_row_batch *b, tl_str file)
{
    require(b->n_rows > 0 && b->next > b->offset && b->next <= file.len);
    for (size_t i = 0; i < b->n_rows && out->n < MAX_ROWS; i++, out->n++) {
        const tl_row_at *r = &b->rows[i];
        uint64_t begin = b->offset + r->begin;
        require(r->len > 0 && r->begin + r->len <= b->bytes.len && begin + r->len <= file.len);
        require(memcmp(file.data + begin, b->bytes.data + r->begin, r->len) == 0);
        require(out->n == 0 || begin >= out->begin[out->n - 1] + out->len[out->n - 1]);
        require(r->fault || (r->len >= 4 && memcmp(b->bytes.data + r->begin, "<row", 4) == 0));
        out->begin[out->n] = begin;
        out->len[out->n] = r->len;
        out->fault[out->n] = r->fault;
    }
}

/* All rows from `offset` on; the root's name goes to `root`, the ends of batches to
 * *last. */
static void frame(rows *out, tl_str file, size_t chunk, const char *root, uint64_t offset, char *root_out,
                  uint64_t *last)
{
    feed in = {{file.data + offset, file.len - offset}, 0, chunk};
    tl_framer *f;
    tl_row_batch b = {0};
    out->n = 0;
    require(tl_framer_new(&f, "fuzz", read_feed, &in, root, offset, NULL) == TL_OK);
    out->status = tl_framer_start(f, NULL);
    if (out->status == TL_OK) {
        if (root_out)
            strcpy(root_out, tl_framer_root(f));
        tl_error err;
        while ((out->status = tl_framer_fill(f, &b, &err)) == 1) {
            take(out, &b, file);
            if (last)
                *last = b.next;
        }
    }
    tl_row_batch_free(&b);
    tl_framer_free(f);
}

static void require_same(const rows *a, size_t from, const rows *b)
{
    require(a->status == b->status && a->n - from == b->n);
    for (size_t i = 0; i < b->n; i++)
        require(a->begin[from + i] == b->begin[i] && a->len[from + i] == b->len[i] &&
                a->fault[from + i] == b->fault[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static rows whole, part;
    tl_str file = {(const char *)data, size};
    char root[64] = "";
    uint64_t last = UINT64_MAX;
    frame(&whole, file, SIZE_MAX, NULL, 0, root, &last);
    frame(&part, file, 1 + size % 7, NULL, 0, NULL, NULL);
    require_same(&whole, 0, &part);
    if (last != UINT64_MAX && whole.n < MAX_ROWS) { /* small inputs are one batch */
        frame(&part, file, SIZE_MAX, root, last, NULL, NULL);
        size_t from = 0;
        while (from < whole.n && whole.begin[from] < last)
            from++;
        require_same(&whole, from, &part);
    }
    return 0;
}
