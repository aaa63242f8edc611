#include "base/ini.h"

#include <stdarg.h>
#include <stdio.h>

int tl_ini_refuse(tl_ini *in, const char *fmt, ...)
{
    if (in->status == TL_OK) {
        va_list ap;
        va_start(ap, fmt);
        vsnprintf(in->problem, sizeof in->problem, fmt, ap);
        va_end(ap);
        in->status = TL_BAD_INPUT;
    }
    return 0;
}

int tl_ini_no_memory(tl_ini *in)
{
    in->status = TL_NO_MEMORY;
    return 0;
}

char *tl_ini_line(char *out, int room, void *ini)
{
    tl_ini *in = ini;
    if (in->status != TL_OK || in->text.len == 0)
        return NULL;
    const char *newline = memchr(in->text.data, '\n', in->text.len);
    size_t n = newline ? (size_t)(newline + 1 - in->text.data) : in->text.len;
    in->line++;
    if (n >= (size_t)room || memchr(in->text.data, '\0', n)) {
        tl_ini_refuse(in, n >= (size_t)room ? "too long" : "holds a NUL byte");
        return NULL;
    }
    memcpy(out, in->text.data, n);
    out[n] = '\0';
    in->text = (tl_str){in->text.data + n, in->text.len - n};
    return out;
}

int tl_ini_end(const tl_ini *in, int line, const char *name, const char *what, tl_error *err)
{
    if (in->status == TL_NO_MEMORY || line == -2)
        return tl_fail_memory(err, what);
    if (line > 0 && (in->status == TL_OK || line < in->line))
        return tl_fail(err, TL_BAD_INPUT, "%s: line %d: neither [section] nor name = value", name, line);
    return in->status == TL_OK ? TL_OK : tl_fail(err, in->status, "%s: line %d: %s", name, in->line, in->problem);
}
