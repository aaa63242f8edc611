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

/* The exception that stands in what pytest marks with E. */
int tl_pytest_error(tl_machine *m, tl_str text, tl_str fallback, tl_error *err)
{
    const char *nl = memchr(text.data, '\n', text.len);
    tl_str first = nl ? tl_str_range(text.data, nl) : text;
    tl_line l;
    int rc = tl_machine_read(m, first, TL_SCOPE_OPEN, &l, err);
    if (rc != TL_OK)
        return rc;
    bool named = l.kind == TL_LINE_EXCEPTION && (tl_error_like(l.name) || l.rest.len > 0);
    if (named) {
        tl_take_exception(m, l.name, l.rest);
        if (nl)
            tl_draft_message(&m->draft, tl_str_range(nl + 1, text.data + text.len));
        tl_machine_keep_message(m);
        return TL_OK;
    }
    bool assertion = text.len > 6 && memcmp(text.data, "assert", 6) == 0;
    tl_take_exception(m, !fallback.data && assertion ? TL_STR("AssertionError") : fallback, text);
    return TL_OK;
}

/* pytest's place of the code shown above it; with a class it ends the trace. */
int tl_pytest_place(tl_machine *m, const tl_line *l, tl_error *err)
{
    tl_pytest *p = &m->pytest;
    if (m->state == TL_IDLE)
        tl_machine_open(m, TL_PYTEST);
    tl_line frame = *l;
    frame.name = p->has_function ? tl_buf_str(&p->function) : TL_STR("");
    tl_add_frame(m, &frame);
    m->dialect = TL_PYTEST;
    m->evidence = TL_ENOUGH_EVIDENCE;
    if (p->has_source)
        tl_draft_source(&m->draft, tl_buf_str(&p->source));
    int rc = TL_OK;
    if (l->name.data) {
        tl_str error = p->has_error ? tl_buf_str(&p->error) : TL_STR("");
        rc = tl_pytest_error(m, error, l->name, err);
        if (rc == TL_OK)
            rc = tl_machine_finish(m, err);
    }
    tl_pytest_forget(p);
    return rc;
}
