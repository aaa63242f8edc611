#include "extract/stream.h"

#include <bzlib.h>
#include <limits.h>
#include <lzma.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

enum { IN_BLOCK = 256 * 1024, MAGIC_BYTES = 6, XZ_MEMORY = 128 * 1024 * 1024 };

typedef enum step { MORE, STREAM_END, DAMAGED, TOO_LARGE, NO_MEMORY } step;

typedef struct codec {
    const char *magic;
    size_t magic_len;
    bool (*begin)(tl_stream *s); /* a further stream; false when out of memory */
    step (*run)(tl_stream *s, char *to, size_t cap, size_t *made);
    void (*end)(tl_stream *s);
} codec;

struct tl_stream {
    const codec *codec;
    tl_read_fn *read;
    void *ctx;
    char *in; /* bytes read, and how many of them were used */
    size_t in_len, in_used;
    bool at_eof; /* there are no more to read */
    bool inside; /* a stream, of which the end has not come */
    size_t block; /* bytes that zstd wants to see next, ... */
    bool full;    /* ... once it has handed out what it made last */
    union {
        z_stream gzip;
        bz_stream bzip2;
        lzma_stream xz;
        ZSTD_DStream *zstd;
    } state;
};

static unsigned at_most(size_t n)
{
    return n < UINT_MAX ? (unsigned)n : UINT_MAX;
}

/* ---- gzip ---------------------------------------------------------------- */

static bool begin_gzip(tl_stream *s)
{
    s->state.gzip = (z_stream){0};
    return inflateInit2(&s->state.gzip, 16 + MAX_WBITS) == Z_OK;
}

static step run_gzip(tl_stream *s, char *to, size_t cap, size_t *made)
{
    z_stream *z = &s->state.gzip;
    z->next_in = (Bytef *)s->in + s->in_used;
    z->avail_in = at_most(s->in_len - s->in_used);
    z->next_out = (Bytef *)to;
    z->avail_out = at_most(cap);
    int rc = inflate(z, Z_NO_FLUSH);
    s->in_used = (size_t)((char *)z->next_in - s->in);
    *made = (size_t)((char *)z->next_out - to);
    if (rc == Z_STREAM_END)
        return STREAM_END;
    if (rc == Z_MEM_ERROR)
        return NO_MEMORY;
    return rc == Z_OK || rc == Z_BUF_ERROR ? MORE : DAMAGED;
}

static void end_gzip(tl_stream *s)
{
    inflateEnd(&s->state.gzip);
}

/* ---- bzip2 --------------------------------------------------------------- */

static bool begin_bzip2(tl_stream *s)
{
    s->state.bzip2 = (bz_stream){0};
    return BZ2_bzDecompressInit(&s->state.bzip2, 0, 0) == BZ_OK;
}

static step run_bzip2(tl_stream *s, char *to, size_t cap, size_t *made)
{
    bz_stream *z = &s->state.bzip2;
    z->next_in = s->in + s->in_used;
    z->avail_in = at_most(s->in_len - s->in_used);
    z->next_out = to;
    z->avail_out = at_most(cap);
    int rc = BZ2_bzDecompress(z);
    s->in_used = (size_t)(z->next_in - s->in);
    *made = (size_t)(z->next_out - to);
    if (rc == BZ_STREAM_END)
        return STREAM_END;
    if (rc == BZ_MEM_ERROR)
        return NO_MEMORY;
    return rc == BZ_OK ? MORE : DAMAGED;
}

static void end_bzip2(tl_stream *s)
{
    BZ2_bzDecompressEnd(&s->state.bzip2);
}

/* ---- xz ------------------------------------------------------------------ */

static bool begin_xz(tl_stream *s)
{
    s->state.xz = (lzma_stream)LZMA_STREAM_INIT;
    return lzma_stream_decoder(&s->state.xz, XZ_MEMORY, LZMA_CONCATENATED) == LZMA_OK;
}

static step run_xz(tl_stream *s, char *to, size_t cap, size_t *made)
{
    lzma_stream *z = &s->state.xz;
    z->next_in = (const uint8_t *)s->in + s->in_used;
    z->avail_in = s->in_len - s->in_used;
    z->next_out = (uint8_t *)to;
    z->avail_out = cap;
    lzma_ret rc = lzma_code(z, s->at_eof ? LZMA_FINISH : LZMA_RUN);
    s->in_used = (size_t)((const char *)z->next_in - s->in);
    *made = (size_t)((char *)z->next_out - to);
    if (rc == LZMA_STREAM_END)
        return STREAM_END;
    if (rc == LZMA_MEM_ERROR)
        return NO_MEMORY;
    if (rc == LZMA_MEMLIMIT_ERROR)
        return TOO_LARGE;
    return rc == LZMA_OK || rc == LZMA_BUF_ERROR ? MORE : DAMAGED;
}

static void end_xz(tl_stream *s)
{
    lzma_end(&s->state.xz);
}

/* ---- zstd ---------------------------------------------------------------- */

static bool begin_zstd(tl_stream *s)
{
    s->state.zstd = ZSTD_createDStream();
    s->full = false;
    s->block = s->state.zstd ? ZSTD_initDStream(s->state.zstd) : 0;
    return s->state.zstd;
}

/* Block by block, since zstd forgets what it has made when the next block is damaged.  What it
 * asks for is a block and the header of the next, of three bytes: not to be shown yet. */
static step run_zstd(tl_stream *s, char *to, size_t cap, size_t *made)
{
    const size_t left = s->in_len - s->in_used, wanted = s->block > 3 ? s->block - 3 : s->block;
    const size_t shown = s->full ? 0 : wanted < left ? wanted : left;
    ZSTD_inBuffer in = {s->in, s->in_used + shown, s->in_used};
    ZSTD_outBuffer out = {to, cap, 0};
    size_t rc = ZSTD_decompressStream(s->state.zstd, &out, &in);
    s->in_used = in.pos;
    s->full = out.pos == cap;
    *made = out.pos;
    if (ZSTD_isError(rc)) /* the window's limit is zstd's own, 128 MB */
        return strstr(ZSTD_getErrorName(rc), "memory") ? TOO_LARGE : DAMAGED;
    s->block = rc;
    return rc == 0 ? STREAM_END : MORE;
}

static void end_zstd(tl_stream *s)
{
    ZSTD_freeDStream(s->state.zstd);
}

/* ---- streams ------------------------------------------------------------- */

static const codec codecs[] = {
    {"\x1F\x8B", 2, begin_gzip, run_gzip, end_gzip},
    {"BZh", 3, begin_bzip2, run_bzip2, end_bzip2},
    {"\xFD" "7zXZ", 6, begin_xz, run_xz, end_xz},
    {"\x28\xB5\x2F\xFD", 4, begin_zstd, run_zstd, end_zstd},
    {"\x2A\x4D\x18", 3, begin_zstd, run_zstd, end_zstd}, /* zstd's skippable frame, but for its first byte */
};
enum { SKIPPABLE = sizeof codecs / sizeof *codecs - 1 };

/* The codec of which a stream begins with `head`, or NULL. */
static const codec *find_codec(tl_str head)
{
    for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++) {
        size_t at = i == SKIPPABLE;
        const codec *c = &codecs[i];
        if (head.len >= at + c->magic_len && memcmp(head.data + at, c->magic, c->magic_len) == 0 &&
            (i != SKIPPABLE || (head.data[0] & 0xF0) == 0x50))
            return c;
    }
    return NULL;
}

int tl_stream_new(tl_stream **out, tl_str head, tl_read_fn *read, void *ctx, tl_error *err)
{
    const codec *c = find_codec(head);
    *out = NULL;
    if (!c)
        return TL_OK;
    tl_stream *s = calloc(1, sizeof *s);
    char *in = malloc(IN_BLOCK);
    if (!s || !in) {
        free(s);
        free(in);
        return tl_fail_memory(err, "reading a compressed file");
    }
    s->codec = c;
    s->in = in;
    s->read = read;
    s->ctx = ctx;
    *out = s;
    return TL_OK;
}

void tl_stream_free(tl_stream *s)
{
    if (!s)
        return;
    if (s->inside)
        s->codec->end(s);
    free(s->in);
    free(s);
}

/* Reads on until at least `want` bytes are unused, or there are no more. */
static int fill(tl_stream *s, size_t want, tl_error *err)
{
    if (s->in_len - s->in_used >= want)
        return TL_OK;
    memmove(s->in, s->in + s->in_used, s->in_len - s->in_used);
    s->in_len -= s->in_used;
    s->in_used = 0;
    while (!s->at_eof && s->in_len < want) {
        ssize_t n = s->read(s->ctx, s->in + s->in_len, IN_BLOCK - s->in_len, err);
        if (n < 0)
            return (int)n;
        s->at_eof = n == 0;
        s->in_len += (size_t)n;
    }
    return TL_OK;
}

/* Begins the next stream.  Returns 1, or 0 at the end of the file, or where something else
 * follows, which is left alone as gzip leaves it. */
static int begin(tl_stream *s, tl_error *err)
{
    int rc = fill(s, MAGIC_BYTES, err);
    if (rc)
        return rc;
    const codec *c = find_codec((tl_str){s->in + s->in_used, s->in_len - s->in_used});
    if (!c)
        return 0;
    s->codec = c;
    if (!c->begin(s)) {
        c->end(s);
        return tl_fail_memory(err, "reading a compressed file");
    }
    s->inside = true;
    return 1;
}

/* What a step that made nothing means. */
static int fail(step how, tl_error *err)
{
    if (how == NO_MEMORY)
        return tl_fail_memory(err, "reading a compressed file");
    const char *why = how == DAMAGED     ? "the stream is damaged here"
                      : how == TOO_LARGE ? "it needs more than 128 MB of memory; decompress it first"
                                         : "the stream is cut off here";
    return tl_fail(err, TL_BAD_INPUT, "cannot decompress: %s; what came before is kept", why);
}

ssize_t tl_stream_read(tl_stream *s, void *to, size_t cap, tl_error *err)
{
    for (;;) {
        int rc = s->inside ? fill(s, 1, err) : begin(s, err);
        if (rc < 0 || !s->inside)
            return rc;
        const size_t used = s->in_used;
        size_t made = 0;
        step how = s->codec->run(s, to, cap, &made);
        if (how == STREAM_END) {
            s->codec->end(s);
            s->inside = false;
        }
        if (made > 0)
            return (ssize_t)made;
        bool stuck = s->in_used == s->in_len && s->at_eof && s->in_used == used;
        if (how >= DAMAGED || (how == MORE && stuck))
            return fail(how, err);
    }
}
