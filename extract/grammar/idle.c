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

int tl_state_idle(tl_machine *m, tl_str line, tl_error *err)
{
    if (line.len < SHORTEST && (line.len == 0 || !strchr("E>", line.data[0])))
        return TL_OK;
    if (m->since <= TL_CHAIN_REACH && ++m->since > TL_CHAIN_REACH)
        m->link = TL_LINK_NONE;
    m->prefix.len = m->prefix.ink = 0;
    if (!tl_learn_from_frame(m, &line))
        return TL_OK;
    tl_line l;
    int rc = tl_machine_read(m, line, TL_SCOPE_ANY | TL_SCOPE_PYTEST, &l, err);
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
