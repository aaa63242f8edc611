#include "extract/grammar/machine.h"

enum { MEMORY_LINES = 400, MAX_REMEMBERED = 8 * 1024 };

void tl_pytest_forget(tl_pytest *p)
{
    tl_buf_clear(&p->function);
    tl_buf_clear(&p->source);
    tl_buf_clear(&p->error);
    p->has_function = p->has_source = p->has_error = false;
    p->age = 0;
}

static void remember(tl_buf *b, bool *has, tl_str s)
{
    tl_buf_clear(b);
    tl_buf_add_str(b, s);
    *has = true;
}

void tl_pytest_remember(tl_pytest *p, const tl_line *l)
{
    if (++p->age > MEMORY_LINES)
        tl_pytest_forget(p);
    switch (l->kind) {
    case TL_LINE_DEF:
        /* The first one is the function shown; others are nested in it. */
        if (!p->has_function)
            remember(&p->function, &p->has_function, l->name);
        break;
    case TL_LINE_PYTEST_SOURCE:
        if (l->indent == 0)
            remember(&p->source, &p->has_source, l->rest);
        break;
    case TL_LINE_PYTEST_ERROR:
        if (p->has_error && p->error.len < MAX_REMEMBERED)
            tl_buf_add_char(&p->error, '\n');
        else if (!p->has_error)
            tl_buf_clear(&p->error);
        p->has_error = true;
        if (p->error.len < MAX_REMEMBERED)
            tl_buf_add_str(&p->error, l->rest);
        break;
    case TL_LINE_PYTEST_RULE:
        tl_pytest_forget(p);
        break;
    default:
        return;
    }
    p->age = 0;
}
