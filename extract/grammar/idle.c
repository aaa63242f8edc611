/* IDLE: no trace is open. */
#include "extract/grammar/machine.h"

enum { SHORTEST = 8 }; /* no line that opens a trace is shorter */

/* A frame whose header is lost may bear a prefix; learns it and strips the line.
 * False where prose stands before the frame. */
bool tl_learn_from_frame(tl_machine *m, tl_str *line)
{
    size_t at = tl_str_find(*line, TL_STR("File \""), 0);
    if (at == SIZE_MAX)
        return true;
    size_t ink = at;
    while (ink > 0 && (line->data[ink - 1] == ' ' || line->data[ink - 1] == '\t'))
        ink--;
    if (ink == 0 || (ink == 1 && line->data[0] == '>' && at == 2))
        return true; /* loguru marks a frame with "> " */
    if (!tl_prefix_plausible((tl_str){line->data, at}))
        return false;
    tl_prefix_learn(&m->prefix, (tl_str){line->data, at >= ink + 2 ? at - 2 : ink});
    tl_str rest = tl_prefix_strip(&m->prefix, *line);
    if (rest.data)
        *line = rest;
    return true;
}

static bool begins(tl_str s, const char *word)
{
    size_t n = strlen(word);
    return s.len >= n && memcmp(s.data, word, n) == 0;
}

/* A frame of rich in a box that lost its top: "│ /a/x.py:3 in f   │"; the name may stand
 * on the next line.  A box whose top was seen is no traceback. */
static int open_cut_box(tl_machine *m, tl_str line, bool *opened, tl_error *err)
{
    static const char *const top = "\xE2\x95\xAD", *const bottom = "\xE2\x95\xB0",
                             *const border = "\xE2\x94\x82 ";
    tl_str text = line;
    *opened = false;
    while (text.len > 0 && text.data[0] == ' ')
        text.data++, text.len--;
    m->boxed = begins(text, top) || (m->boxed && !begins(text, bottom));
    if (m->boxed || !begins(text, border) || tl_str_find(text, TL_STR(".py:"), 0) == SIZE_MAX)
        return TL_OK;
    tl_prefix_learn(&m->prefix, tl_str_range(line.data, text.data + strlen(border)));
    m->prefix.box = true;
    tl_line l;
    int rc = tl_machine_read(m, tl_prefix_strip(&m->prefix, line), TL_SCOPE_RICH, &l, err);
    bool broken = l.text.len > 3 && memcmp(l.text.data + l.text.len - 3, " in", 3) == 0;
    *opened = rc == TL_OK && (l.kind == TL_LINE_RICH_FRAME || broken);
    if (!*opened) {
        m->prefix.len = m->prefix.ink = 0;
        return rc;
    }
    tl_machine_open(m, TL_RICH);
    if (broken)
        tl_hold(m, &l);
    else
        tl_add_frame(m, &l);
    return TL_OK;
}

int tl_state_idle(tl_machine *m, tl_str line, tl_error *err)
{
    if (line.len < SHORTEST && (line.len == 0 || !strchr("E>", line.data[0])))
        return TL_OK;
    if (m->since <= TL_CHAIN_REACH && ++m->since > TL_CHAIN_REACH)
        m->link = TL_LINK_NONE;
    if (!m->inside) /* a line that ended another trace bears that one's prefix */
        m->prefix.len = m->prefix.ink = 0;
    if (!tl_learn_from_frame(m, &line))
        return TL_OK;
    tl_line l;
    bool opened;
    int rc = open_cut_box(m, line, &opened, err);
    if (rc != TL_OK || opened)
        return rc;
    rc = tl_machine_read(m, line, TL_SCOPE_ANY | TL_SCOPE_PYTEST, &l, err);
    if (rc != TL_OK || tl_hold_broken(m, &l))
        return rc;
    if (tl_is_frame(l.kind)) {
        tl_take_frame(m, &l);
        return TL_OK;
    }
    switch (l.kind) {
    case TL_LINE_STACK_HEADER:
    case TL_LINE_REVERSE_HEADER:
        tl_machine_open(m, TL_STACK);
        m->draft.reverse = l.kind == TL_LINE_REVERSE_HEADER;
        return TL_OK;
    case TL_LINE_CONTEXT: return tl_machine_chain(m, TL_LINK_CONTEXT, err);
    case TL_LINE_CAUSE: return tl_machine_chain(m, TL_LINK_CAUSE, err);
    case TL_LINE_PYTEST_PLACE:
        if (l.name.data ? m->pytest.has_error : m->pytest.has_source)
            return tl_pytest_place(m, &l, err);
        return TL_OK;
    default: tl_pytest_remember(&m->pytest, &l); return TL_OK;
    }
}
