/* buf.h: a growing byte string.
 *
 * Invariants: data[len] is '\0' whenever data is not NULL; a zeroed tl_buf is an
 * empty buffer that holds no memory.  The owner calls tl_buf_free.  A failed
 * allocation is remembered in `failed`: the appends after it do nothing, so a
 * writer may append freely and check once, with tl_buf_check, at the end.
 */
#ifndef TL_BASE_BUF_H
#define TL_BASE_BUF_H

#include "base/error.h"
#include "base/str.h"

typedef struct tl_buf {
    char *data;
    size_t len;
    size_t cap;
    bool failed;
} tl_buf;

void tl_buf_free(tl_buf *b);

/* Makes the buffer empty but keeps its memory; clears `failed`. */
void tl_buf_clear(tl_buf *b);

/* Makes room for `more` further bytes (and the NUL); false when out of memory. */
bool tl_buf_reserve(tl_buf *b, size_t more);

void tl_buf_add(tl_buf *b, const void *bytes, size_t n);
void tl_buf_add_str(tl_buf *b, tl_str s);
void tl_buf_add_cstr(tl_buf *b, const char *s);
void tl_buf_add_char(tl_buf *b, char c);
void tl_buf_printf(tl_buf *b, const char *fmt, ...) TL_PRINTF(2, 3);

/* The content as a borrowed string; valid until the next append. */
static inline tl_str tl_buf_str(const tl_buf *b)
{
    return (tl_str){b->data ? b->data : "", b->len};
}

/* TL_OK, or TL_NO_MEMORY if any append since the last clear failed. */
int tl_buf_check(const tl_buf *b, const char *what, tl_error *err) TL_MUST_CHECK;

#endif
