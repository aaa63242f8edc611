#include "extract/grammar/machine.h"

void tl_machine_destroy(tl_machine *m)
{
    tl_draft_free(&m->draft);
    tl_buf_free(&m->held);
    tl_buf_free(&m->pytest.function);
    tl_buf_free(&m->pytest.source);
    tl_buf_free(&m->pytest.error);
}

int tl_machine_read(tl_machine *m, tl_str text, unsigned scopes, tl_line *out, tl_error *err)
{
    int rc = tl_lines_read(m->lines, text, scopes, out);
    if (rc == TL_NO_MEMORY)
        return tl_fail_memory(err, "a match");
    return rc == TL_OK ? rc : tl_fail(err, rc, "a line pattern hit its match limit");
}

void tl_machine_open(tl_machine *m, tl_dialect dialect)
{
    tl_draft_clear(&m->draft);
    m->draft.link = m->link;
    m->draft.linked_to = m->link == TL_LINK_NONE ? 0 : m->link_target;
    m->link = TL_LINK_NONE;
    m->state = TL_FRAMES;
    m->dialect = dialect;
    m->header = m->member = m->merged = m->box_closed = m->border = m->prefix_tried = false;
    m->evidence = m->noise = m->blanks = m->loose = 0;
    m->frame_indent = 0;
    m->last_kind = TL_LINE_TEXT;
    m->nameless = false;
    tl_buf_clear(&m->held);
}

/* The text ends, or what follows can only follow a whole traceback. */
void tl_machine_keep_message(tl_machine *m)
{
    m->sure_message = m->draft.message.len;
}

int tl_machine_finish(tl_machine *m, tl_error *err)
{
    const tl_draft *d = &m->draft;
    bool bare = d->n_frames == 0 && d->exception.data && (m->header || m->member);
    bool good = d->n_frames > 0 && m->evidence >= TL_ENOUGH_EVIDENCE;
    bool open = m->state != TL_IDLE;
    m->state = TL_IDLE;
    m->dialect = TL_CPYTHON;
    tl_buf_clear(&m->held);
    tl_pytest_forget(&m->pytest);
    if (open && d->failed)
        return tl_fail_memory(err, "a traceback");
    if (!open || (!bare && !good))
        return TL_OK;
    if (m->sure_message < m->draft.message.len)
        m->draft.message.len = m->sure_message;
    tl_trace trace;
    int rc = tl_draft_trace(&m->draft, &trace, err);
    if (rc == TL_OK)
        rc = m->deliver(m->ctx, &trace, err);
    m->last_trace = (*m->delivered)++;
    m->any = true;
    m->since = 0;
    return rc;
}

/* "During handling of the above exception": the next trace hangs on the last. */
int tl_machine_chain(tl_machine *m, tl_trace_link link, tl_error *err)
{
    tl_machine_keep_message(m);
    int rc = tl_machine_finish(m, err);
    if (m->any && m->since <= TL_CHAIN_REACH) {
        m->link = link;
        m->link_target = m->last_trace;
        m->since = 0;
    }
    return rc;
}

/* --- lines --------------------------------------------------------------- */

int tl_machine_dispatch(tl_machine *m, tl_str line, tl_error *err)
{
    const tl_pytest *p = &m->pytest;
    if (m->held.failed || p->function.failed || p->source.failed || p->error.failed)
        return tl_fail_memory(err, "a line");
    if (m->held.len > 0) {
        bool taken;
        int rc = tl_join_broken(m, line, &taken, err);
        if (rc != TL_OK || taken)
            return rc;
    }
    switch (m->state) {
    case TL_FRAMES: return tl_state_frames(m, line, err);
    case TL_MESSAGE: return tl_state_message(m, line, err);
    default: return m->needs_header ? TL_OK : tl_state_idle(m, line, err);
    }
}

bool tl_is_blank(tl_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.data[i] != ' ' && s.data[i] != '\t')
            return false;
    return true;
}

/* Strips the prefix; the first line after a header says whether there is one. */
tl_str tl_machine_strip(tl_machine *m, tl_str line)
{
    m->inside = false;
    if (m->prefix.len > 0) {
        tl_str rest = tl_prefix_strip(&m->prefix, line);
        if (rest.data) {
            m->prefix_tried = m->inside = true;
            return rest;
        }
        if (m->prefix.box)
            return tl_prefix_strip_outer(&m->prefix, line);
    }
    if (m->prefix_tried || tl_is_blank(line))
        return line;
    m->prefix_tried = true;
    /* The first line of a log record may bear more than the others. */
    if (tl_prefix_shorten(&m->prefix, line))
        return tl_prefix_strip(&m->prefix, line);
    m->prefix.len = m->prefix.ink = 0;
    tl_learn_from_frame(m, &line);
    return line;
}

/* A line without the open trace's prefix ends its message; a frame with another
 * prefix begins another trace. */
static bool leaves_trace(const tl_machine *m, tl_str line)
{
    if (m->prefix.len == 0 || !m->prefix_tried || m->prefix.box || tl_is_blank(line))
        return false;
    bool leaves = m->state == TL_MESSAGE ||
                  (m->prefix.ink > 0 && tl_str_find(line, TL_STR("File \""), 0) != SIZE_MAX);
    return leaves && !tl_prefix_strip(&m->prefix, line).data;
}

void tl_machine_begin(tl_machine *m, tl_lines *lines, size_t *delivered, tl_trace_fn *deliver,
                      void *ctx)
{
    /* All but the memory of its buffers goes: no text depends on those read before it. */
    *m = (tl_machine){.lines = lines,
                      .delivered = delivered,
                      .deliver = deliver,
                      .ctx = ctx,
                      .held = m->held,
                      .draft = m->draft,
                      .pytest = m->pytest};
    tl_buf_clear(&m->held);
    tl_draft_clear(&m->draft);
    tl_pytest_forget(&m->pytest);
}

int tl_machine_line(tl_machine *m, tl_str line, size_t header, tl_error *err)
{
    m->inside = false;
    if (header != SIZE_MAX)
        return tl_on_header(m, line, header, err);
    size_t at = tl_find_group_rule(m, line);
    if (at != SIZE_MAX && !(m->state == TL_FRAMES && m->dialect == TL_RICH))
        return tl_on_group_rule(m, line, at, err);
    if (m->state != TL_IDLE) {
        if (leaves_trace(m, line)) {
            int rc = tl_machine_finish(m, err);
            if (rc != TL_OK)
                return rc;
        } else {
            line = tl_machine_strip(m, line);
        }
    }
    bool reading = m->state == TL_FRAMES;
    at = m->state == TL_IDLE && m->needs_header ? SIZE_MAX : tl_lost_newlines(line, reading);
    return at == SIZE_MAX ? tl_machine_dispatch(m, line, err) : tl_on_merged(m, line, at, err);
}

int tl_machine_border(tl_machine *m, const tl_part *next, tl_error *err)
{
    tl_machine_keep_message(m);
    int rc = m->state == TL_MESSAGE ? tl_machine_finish(m, err) : TL_OK;
    m->border = m->state == TL_FRAMES;
    m->prose = next->prose;
    m->needs_header = next->needs_header;
    tl_pytest_forget(&m->pytest);
    return rc;
}

int tl_machine_end(tl_machine *m, tl_error *err)
{
    tl_machine_keep_message(m);
    return tl_machine_finish(m, err);
}
