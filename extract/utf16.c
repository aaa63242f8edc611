#include "extract/utf16.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

enum { IN = 16 * 1024, OUT = 4 * IN };

struct tl_utf16 {
    iconv_t converter;
    tl_read_fn *read;
    void *ctx;
    char in[IN], out[OUT];
    size_t in_len;
    size_t out_len, out_used;
    bool at_eof;
};

bool tl_looks_utf16(tl_str s)
{
    return s.len >= 2 && (memcmp(s.data, "\xFF\xFE", 2) == 0 || memcmp(s.data, "\xFE\xFF", 2) == 0 ||
                          memcmp(s.data, "<\0", 2) == 0 || memcmp(s.data, "\0<", 2) == 0);
}

int tl_utf16_new(tl_utf16 **out, tl_str first, tl_read_fn *read, void *ctx, tl_error *err)
{
    *out = NULL;
    tl_utf16 *u = calloc(1, sizeof *u);
    if (!u)
        return tl_fail_memory(err, "reading UTF-16");
    bool big = first.data[0] == '\xFE' || first.data[0] == '\0';
    u->converter = iconv_open("UTF-8", big ? "UTF-16BE" : "UTF-16LE");
    u->read = read;
    u->ctx = ctx;
    if (u->converter == (iconv_t)-1) {
        free(u);
        return tl_fail(err, TL_UNAVAILABLE, "this system's iconv cannot read UTF-16");
    }
    *out = u;
    return TL_OK;
}

void tl_utf16_free(tl_utf16 *u)
{
    if (!u)
        return;
    iconv_close(u->converter);
    free(u);
}

/* Converts what is in `in` as far as it goes. */
static void convert(tl_utf16 *u)
{
    char *in = u->in, *out = u->out;
    size_t left = u->in_len, room = OUT;
    while (iconv(u->converter, &in, &left, &out, &room) == (size_t)-1 && errno != E2BIG) {
        if (errno == EINVAL && !u->at_eof) /* the rest of the character is to come */
            break;
        size_t bad = left < 2 ? left : 2;
        if (room < 3)
            break;
        memcpy(out, "\xEF\xBF\xBD", 3);
        out += 3;
        room -= 3;
        in += bad;
        left -= bad;
    }
    memmove(u->in, in, left);
    u->in_len = left;
    u->out_len = OUT - room;
    u->out_used = 0;
}

ssize_t tl_utf16_read(tl_utf16 *u, void *to, size_t cap, tl_error *err)
{
    while (u->out_used == u->out_len) {
        if (u->at_eof && u->in_len == 0)
            return 0;
        ssize_t n = u->at_eof ? 0 : u->read(u->ctx, u->in + u->in_len, IN - u->in_len, err);
        if (n < 0)
            return n;
        u->at_eof |= n == 0;
        u->in_len += (size_t)n;
        convert(u);
    }
    size_t n = u->out_len - u->out_used;
    n = n < cap ? n : cap;
    memcpy(to, u->out + u->out_used, n);
    u->out_used += n;
    return (ssize_t)n;
}
