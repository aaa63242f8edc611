#include "extract/line_framer.h"

#include <stdlib.h>

#include "extract/feed.h"

struct tl_line_framer {
    tl_feed feed;
    bool chunks;
    bool begun;
    bool skipping; /* inside a line longer than the cap */
    uint64_t line; /* number of the line that begins with the first byte not taken */
};

int tl_line_framer_new(tl_line_framer **out, const char *name, bool chunks, tl_read_fn *read, void *ctx,
                       tl_error *err)
{
    *out = NULL;
    tl_line_framer *f = calloc(1, sizeof *f);
    if (!f)
        return tl_fail_memory(err, "reading lines");
    f->chunks = chunks;
    f->line = 1;
    int rc = tl_feed_init(&f->feed, name, read, ctx, 0, err);
    if (rc) {
        free(f);
        return rc;
    }
    *out = f;
    return TL_OK;
}

void tl_line_framer_free(tl_line_framer *f)
{
    if (!f)
        return;
    tl_feed_destroy(&f->feed);
    free(f);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Adds the line from `begin` to `end` without white space around it. */
static int add_line(tl_line_framer *f, tl_row_batch *b, size_t begin, size_t end, bool closed, tl_error *err)
{
    const char *s = b->bytes.data;
    while (begin < end && is_space(s[begin]))
        begin++;
    while (end > begin && is_space(s[end - 1]))
        end--;
    if (begin == end)
        return TL_OK;
    if (!closed && s[end - 1] != '}')
        return tl_fail(err, TL_BAD_INPUT,
                       "%s: line %llu (byte %llu): the file is cut off here, inside a line; what came before is kept",
                       f->feed.name, (unsigned long long)f->line, (unsigned long long)(b->offset + begin));
    const char *fault = end - begin > TL_ROW_CAP ? "longer than 10,000,000 bytes" : NULL;
    return tl_row_batch_add(b, (tl_row_at){begin, end - begin, f->line, fault}, err);
}

static int take_lines(tl_line_framer *f, tl_row_batch *b, size_t *at, tl_error *err)
{
    tl_str s = tl_buf_str(&b->bytes);
    int rc = TL_OK;
    while (rc == TL_OK && *at < s.len) {
        const char *nl = memchr(s.data + *at, '\n', s.len - *at);
        if (!nl && !f->feed.at_eof && !f->skipping && s.len - *at <= TL_ROW_CAP)
            return TL_OK;
        size_t end = nl ? (size_t)(nl - s.data) : s.len;
        if (!f->skipping)
            rc = add_line(f, b, *at, end, nl || !f->feed.at_eof, err);
        f->skipping = !nl;
        f->line += nl != NULL;
        *at = end + (nl != NULL);
    }
    return rc;
}

/* How many bytes at the end of `s` are a UTF-8 character of which more is to come. */
static size_t unfinished(tl_str s)
{
    for (size_t n = 1; n <= 3 && n <= s.len; n++) {
        unsigned char c = (unsigned char)s.data[s.len - n];
        size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
        if (c >= 0xC0)
            return length > n ? n : 0;
        if (c < 0x80)
            return 0;
    }
    return 0;
}

static int take_chunk(tl_line_framer *f, tl_row_batch *b, size_t *at, tl_error *err)
{
    size_t begin = *at, end = b->bytes.len;
    if (!f->feed.at_eof)
        end -= unfinished((tl_str){b->bytes.data + begin, end - begin});
    *at = end;
    return begin == end ? TL_OK : tl_row_batch_add(b, (tl_row_at){begin, end - begin, 0, NULL}, err);
}

static int take(void *ctx, tl_row_batch *b, size_t *at, tl_error *err)
{
    tl_line_framer *f = ctx;
    tl_str s = tl_buf_str(&b->bytes);
    if (!f->begun && s.len >= 3 && memcmp(s.data, "\xEF\xBB\xBF", 3) == 0)
        *at = 3;
    f->begun = true;
    return f->chunks ? take_chunk(f, b, at, err) : take_lines(f, b, at, err);
}

int tl_line_framer_fill(tl_line_framer *f, tl_row_batch *b, tl_error *err)
{
    return tl_feed_fill(&f->feed, b, take, f, err);
}
