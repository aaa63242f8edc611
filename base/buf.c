#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void tl_buf_free(tl_buf *b)
{
    free(b->data);
    *b = (tl_buf){0};
}

void tl_buf_clear(tl_buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->data)
        b->data[0] = '\0';
}

bool tl_buf_reserve(tl_buf *b, size_t more)
{
    if (b->failed)
        return false;
    if (more < b->cap - b->len)
        return true;
    size_t need, cap = b->cap ? b->cap : 64;
    if (__builtin_add_overflow(b->len, more, &need) || need > SIZE_MAX / 2 - 1) {
        b->failed = true;
        return false;
    }
    while (cap <= need)
        cap *= 2;
    char *data = realloc(b->data, cap);
    if (!data) {
        b->failed = true;
        return false;
    }
    b->data = data;
    b->cap = cap;
    b->data[b->len] = '\0';
    return true;
}

void tl_buf_add(tl_buf *b, const void *bytes, size_t n)
{
    if (!tl_buf_reserve(b, n))
        return;
    if (n)
        memcpy(b->data + b->len, bytes, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void tl_buf_add_str(tl_buf *b, tl_str s)
{
    tl_buf_add(b, s.data, s.len);
}

void tl_buf_add_cstr(tl_buf *b, const char *s)
{
    tl_buf_add(b, s, strlen(s));
}

void tl_buf_add_char(tl_buf *b, char c)
{
    tl_buf_add(b, &c, 1);
}

void tl_buf_printf(tl_buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    bool room = n >= 0 && tl_buf_reserve(b, (size_t)n);
    if (room && vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again) == n) {
        b->len += (size_t)n;
    } else { /* printf itself allocates for some formats */
        b->failed = true;
        if (room)
            b->data[b->len] = '\0';
    }
    va_end(again);
}

int tl_buf_check(const tl_buf *b, const char *what, tl_error *err)
{
    return b->failed ? tl_fail_memory(err, what) : TL_OK;
}
