#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message quotes names and texts, which may hold line breaks and worse. */
static void make_one_line(char *message)
{
    for (char *p = message; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            *p = ' ';
}

int tl_fail(tl_error *err, int status, const char *fmt, ...)
{
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        vsnprintf(err->message, sizeof err->message, fmt, ap);
        va_end(ap);
        make_one_line(err->message);
        err->status = status;
    }
    return status;
}

int tl_fail_memory(tl_error *err, const char *what)
{
    return tl_fail(err, TL_NO_MEMORY, "out of memory for %s", what);
}

int tl_fail_prefix(tl_error *err, const char *fmt, ...)
{
    char prefix[sizeof err->message], old[sizeof err->message];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(prefix, sizeof prefix, fmt, ap);
    va_end(ap);
    make_one_line(prefix);
    memcpy(old, err->message, sizeof old);
    /* A message cut at the end of the array is still a message. */
    size_t n = strlen(prefix);
    if (n >= sizeof err->message - 1)
        n = sizeof err->message - 1;
    memcpy(err->message, prefix, n);
    size_t m = strnlen(old, sizeof old);
    if (m > sizeof err->message - 1 - n)
        m = sizeof err->message - 1 - n;
    memcpy(err->message + n, old, m);
    err->message[n + m] = '\0';
    return err->status;
}
