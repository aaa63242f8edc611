#include "extract/csv_framer.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

#include "extract/feed.h"

enum { HEADER_BYTES = 64 * 1024, FIELD_BLOCK = 64 * 1024 };

struct tl_csv_framer {
    tl_feed feed;
    tl_csv_layout layout;
    struct csv_parser parser;
    uint64_t line; /* at which the first byte not taken stands */
    size_t fields; /* of the row being looked at */
    bool row_done;
    bool inside;   /* a row longer than the cap, of which the rest is dropped */
    bool seeking;  /* after a bad row, for one with the right number of fields */
    bool skipping; /* to the end of a line, to seek on there */
    uint64_t skipped;            /* lines, since the bad row, its own included */
    uint64_t bad_line, bad_byte; /* where that is */
};

static void reset_parser(tl_csv_framer *f)
{
    csv_free(&f->parser);
    csv_init(&f->parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_blk_size(&f->parser, FIELD_BLOCK);
    csv_set_delim(&f->parser, (unsigned char)f->layout.delimiter);
    f->fields = 0;
    f->row_done = false;
}

int tl_csv_framer_new(tl_csv_framer **out, const char *name, tl_read_fn *read, void *ctx, tl_error *err)
{
    *out = NULL;
    tl_csv_framer *f = calloc(1, sizeof *f);
    if (!f)
        return tl_fail_memory(err, "reading CSV");
    int rc = tl_feed_init(&f->feed, name, read, ctx, 0, err);
    if (rc) {
        free(f);
        return rc;
    }
    f->line = 1;
    reset_parser(f);
    *out = f;
    return TL_OK;
}

void tl_csv_framer_free(tl_csv_framer *f)
{
    if (!f)
        return;
    csv_free(&f->parser);
    tl_feed_destroy(&f->feed);
    free(f);
}

/* The byte after the line end at or after `at`, or SIZE_MAX: \n, \r\n or a lone \r,
 * of which an \r at the very end of the bytes is taken for one. */
static size_t line_end(tl_str s, size_t at)
{
    const char *nl = memchr(s.data + at, '\n', s.len - at);
    size_t n = nl ? (size_t)(nl - s.data) : s.len;
    const char *cr = memchr(s.data + at, '\r', n - at);
    if (!cr)
        return nl ? n + 1 : SIZE_MAX;
    size_t end = (size_t)(cr - s.data) + 1;
    return end < s.len && s.data[end] == '\n' ? end + 1 : end;
}

static uint64_t count_lines(tl_str s, size_t from, size_t to)
{
    uint64_t n = 0;
    for (const char *p = s.data + from, *end = s.data + to; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        n++;
    return n;
}

int tl_csv_framer_start(tl_csv_framer *f, tl_csv_layout *layout, tl_error *err)
{
    int rc = tl_feed_read(&f->feed, &f->feed.carry, HEADER_BYTES, err);
    if (rc)
        return rc;
    tl_str s = tl_buf_str(&f->feed.carry);
    size_t begin = s.len >= 3 && memcmp(s.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    size_t end = line_end(s, begin);
    if (end == SIZE_MAX)
        end = s.len;
    tl_csv *csv;
    rc = tl_csv_new(&csv, err);
    if (rc)
        return rc;
    int known = tl_csv_header(csv, (tl_str){s.data + begin, end - begin}, &f->layout);
    tl_csv_free(csv);
    if (known < 0)
        return tl_fail_memory(err, "the header of a CSV file");
    if (!known && f->feed.broken)
        return tl_feed_broken(&f->feed, err);
    if (!known)
        return tl_fail(err, TL_BAD_INPUT,
                       "%s: line 1: is not the header of a CSV file that can be read: expected the columns of "
                       "Posts (Id, Body, ...), PostHistory (Id, PostId, PostHistoryTypeId, Text, ...) or "
                       "PostBlockVersion (PostId, PostHistoryId, PostBlockTypeId, Content, ...)",
                       f->feed.name);
    f->line += count_lines(s, 0, end);
    tl_feed_drop(&f->feed, end);
    reset_parser(f);
    *layout = f->layout;
    return TL_OK;
}

/* ---- one row ------------------------------------------------------------ */

static void on_field(void *data, size_t len, void *ctx)
{
    (void)data, (void)len;
    ((tl_csv_framer *)ctx)->fields++;
}

static void on_row(int end, void *ctx)
{
    (void)end;
    ((tl_csv_framer *)ctx)->row_done = true;
}

typedef enum scan { WHOLE, UNFINISHED, BROKEN, NO_MEMORY } scan;

/* Looks on at a row, from `at`.  *end is the byte after a WHOLE one, where a BROKEN one
 * breaks, and the end of the bytes for one that they do not finish. */
static scan scan_row(tl_csv_framer *f, tl_str s, size_t at, size_t *end)
{
    while (at < s.len) {
        *end = line_end(s, at);
        if (*end == SIZE_MAX)
            *end = s.len;
        size_t n = csv_parse(&f->parser, s.data + at, *end - at, on_field, on_row, f);
        if (n < *end - at) {
            *end = at + n;
            return csv_error(&f->parser) == CSV_EPARSE ? BROKEN : NO_MEMORY;
        }
        at = *end;
        if (f->row_done)
            return WHOLE;
    }
    *end = s.len;
    if (!f->feed.at_eof)
        return UNFINISHED;
    return csv_fini(&f->parser, on_field, on_row, f) == 0 && f->fields >= f->layout.columns ? WHOLE : UNFINISHED;
}

static int fail_line(const tl_csv_framer *f, uint64_t line, uint64_t byte, const char *what, tl_error *err)
{
    return tl_fail(err, TL_BAD_INPUT, "%s: line %llu (byte %llu): %s", f->feed.name, (unsigned long long)line,
                   (unsigned long long)byte, what);
}

/* Moves *at to `to`. */
static void pass(tl_csv_framer *f, tl_str s, size_t *at, size_t to)
{
    f->line += count_lines(s, *at, to);
    *at = to;
}

static int add_row(tl_csv_framer *f, tl_row_batch *b, size_t begin, size_t end, const char *fault, tl_error *err)
{
    while (b->bytes.data[end - 1] == '\n' || b->bytes.data[end - 1] == '\r') /* a row begins with another byte */
        end--;
    return tl_row_batch_add(b, (tl_row_at){begin, end - begin, f->line, fault}, err);
}

/* Rejects the row at *at, which breaks at `end`: the next line may begin a good one. */
static int reject(tl_csv_framer *f, tl_row_batch *b, size_t at, size_t end, const char *fault, tl_error *err)
{
    int rc = TL_OK;
    if (!f->seeking) {
        f->bad_line = f->line;
        f->bad_byte = b->offset + at;
        f->skipped = 0;
        size_t line = line_end(tl_buf_str(&b->bytes), at);
        rc = add_row(f, b, at, line < end ? line : end, fault, err);
    }
    f->seeking = f->skipping = true;
    return rc ? rc : 1;
}

static int cut_off(const tl_csv_framer *f, uint64_t byte, tl_error *err)
{
    return fail_line(f, f->line, byte, "the file is cut off here, inside a row; what came before is kept", err);
}

/* Takes the row at *at.  1: go on; 0: more bytes are needed; negative: failed. */
static int take_row(tl_csv_framer *f, tl_row_batch *b, size_t *at, tl_error *err)
{
    static const char broken[] = "not well-formed: a quote is missing or stands in the wrong place";
    tl_str s = tl_buf_str(&b->bytes);
    size_t end;
    reset_parser(f);
    scan found = scan_row(f, s, *at, &end);
    bool too_long = end - *at > TL_ROW_CAP;
    if (found == NO_MEMORY)
        return tl_fail_memory(err, "a CSV row");
    if (found == BROKEN || (found == WHOLE && f->seeking && f->fields != f->layout.columns))
        return reject(f, b, *at, end, broken, err);
    if (found == UNFINISHED && f->seeking && (too_long || f->feed.at_eof))
        return reject(f, b, *at, end, broken, err);
    if (found == UNFINISHED && f->feed.at_eof)
        return cut_off(f, b->offset + *at, err);
    if (found == UNFINISHED && !too_long)
        return 0;
    f->seeking = false;
    f->inside = found == UNFINISHED;
    int rc = add_row(f, b, *at, end, too_long ? "longer than 10,000,000 bytes" : NULL, err);
    pass(f, s, at, end);
    return rc ? rc : 1;
}

/* Drops the rest of a row that is too long, with the results of take_row. */
static int drop_row(tl_csv_framer *f, tl_row_batch *b, size_t *at, tl_error *err)
{
    size_t end = *at;
    scan found = scan_row(f, tl_buf_str(&b->bytes), *at, &end);
    if (found == NO_MEMORY)
        return tl_fail_memory(err, "a CSV row");
    pass(f, tl_buf_str(&b->bytes), at, end);
    f->inside = found == UNFINISHED;
    if (f->inside && f->feed.at_eof)
        return cut_off(f, b->offset + *at, err);
    if (found == BROKEN) {
        f->bad_line = f->line;
        f->bad_byte = b->offset + *at;
        f->skipped = 0;
        f->seeking = f->skipping = true;
    }
    return f->inside ? 0 : 1;
}

/* Passes to the end of the line that a bad row begins with. */
static void skip_line(tl_csv_framer *f, tl_str s, size_t *at)
{
    size_t end = line_end(s, *at);
    f->skipping = end == SIZE_MAX && !f->feed.at_eof;
    f->skipped += !f->skipping;
    pass(f, s, at, end == SIZE_MAX ? s.len : end);
}

static int take(void *ctx, tl_row_batch *b, size_t *at, tl_error *err)
{
    tl_csv_framer *f = ctx;
    tl_str s = tl_buf_str(&b->bytes);
    int rc = 1;
    while (rc == 1) {
        if (f->inside) {
            rc = drop_row(f, b, at, err);
            continue;
        }
        if (f->skipping)
            skip_line(f, s, at);
        size_t begin = *at;
        while (begin < s.len && (s.data[begin] == '\n' || s.data[begin] == '\r'))
            begin++;
        pass(f, s, at, begin);
        bool ended = *at == s.len && f->feed.at_eof;
        if (f->seeking && (b->offset + *at - f->bad_byte > TL_ROW_CAP || (ended && f->skipped > 1)))
            return fail_line(f, f->bad_line, f->bad_byte,
                             "a row is not well-formed, and none can be made out after it; what came before is kept",
                             err);
        rc = *at == s.len ? 0 : take_row(f, b, at, err);
    }
    return rc;
}

int tl_csv_framer_fill(tl_csv_framer *f, tl_row_batch *b, tl_error *err)
{
    return tl_feed_fill(&f->feed, b, take, f, err);
}
