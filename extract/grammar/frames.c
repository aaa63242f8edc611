/* FRAMES: frames and their source lines, until an exception ends them. */
#include "extract/grammar/machine.h"

enum { /* foreign lines in a row that a trace survives */
    NOISE = 2,
    NOISE_IPYTHON = 6,
    NOISE_SOURCE = 400 /* where whole functions are printed */
};

static bool is_log_level(tl_str name)
{
    static const char *const levels[] = {"INFO", "DEBUG", "WARNING", "WARN", "ERROR", "CRITICAL",
                                         "FATAL", "NOTE", "NOTICE", "TRACE", "Note", "Warning"};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (tl_str_eq(name, tl_str_from(levels[i])))
            return true;
    return false;
}

static bool upper(char c) { return c >= 'A' && c <= 'Z'; }

/* Whether a line that has the form of an exception is one at this place. */
bool tl_is_exception(const tl_machine *m, const tl_line *l)
{
    bool drive = l->name.len == 1 && l->rest.len > 0 && strchr("\\/", l->rest.data[0]);
    if (l->kind != TL_LINE_EXCEPTION || is_log_level(l->name) || drive)
        return false;
    if (m->dialect == TL_STACK) /* TensorFlow 1 repeats the error below an operation's stack */
        return l->rest.len > 10 && memcmp(l->rest.data, "(see above", 10) == 0;
    if (tl_error_like(l->name))
        return true;
    bool sure = m->header && m->draft.n_frames > 0 && m->noise == 0 && m->dialect != TL_IPYTHON;
    bool looks =
        l->rest.len > 0 && (memchr(l->name.data, '.', l->name.len) || upper(l->name.data[0]));
    if (m->dialect == TL_CPYTHON && m->frame_indent == 0)
        return looks; /* indentation is lost: source lines stand at the margin too */
    if (m->dialect == TL_IPYTHON)
        return l->indent == 0 && (looks || (m->header && l->rest.len > 0));
    return sure || looks || m->member;
}

static unsigned noise_limit(const tl_machine *m)
{
    switch (m->dialect) {
    case TL_STACK: return 0;
    case TL_IPYTHON: return NOISE_IPYTHON;
    case TL_PYTEST:
    case TL_RICH: return NOISE_SOURCE;
    default: return NOISE;
    }
}

/* The open trace is done; `line` is read for itself. */
static int begin_anew(tl_machine *m, tl_str line, tl_error *err)
{
    int rc = tl_machine_finish(m, err);
    return rc == TL_OK ? tl_state_idle(m, line, err) : rc;
}

static int on_noise(tl_machine *m, tl_str line, tl_error *err)
{
    if (++m->noise <= noise_limit(m))
        return TL_OK;
    return begin_anew(m, line, err);
}

/* rich breaks a long path over two lines of the box: its beginning is kept. */
static int on_rich_text(tl_machine *m, tl_str line, const tl_line *l, tl_error *err)
{
    bool path = l->indent == 0 && l->text.len > 2 &&
                (strchr("/~", l->text.data[0]) || l->text.data[1] == ':');
    if (path)
        tl_hold(m, l);
    return path ? TL_OK : on_noise(m, line, err);
}

/* A line that is no frame: source, exception or noise, by its indentation. */
static int on_text(tl_machine *m, tl_str line, const tl_line *l, tl_error *err)
{
    const tl_draft *d = &m->draft;
    bool deeper = d->n_frames > 0 && l->indent > m->frame_indent;
    bool lost = d->n_frames > 0 && l->indent == m->frame_indent && tl_draft_wants_source(d) &&
                m->blanks == 0;
    if (m->dialect == TL_RICH && !m->box_closed)
        return on_rich_text(m, line, l, err);
    if (deeper && !(m->dialect == TL_PYTEST && m->last_kind == TL_LINE_PYTEST_PLACE)) {
        if (m->merged)
            tl_add_rest(m, l->text);
        else if (m->noise == 0)
            tl_draft_source(&m->draft, l->text);
        return TL_OK;
    }
    /* "line 114, in" | "predict" */
    bool name = l->kind == TL_LINE_EXCEPTION && l->indent < m->frame_indent && l->rest.len == 0 &&
                tl_draft_wants_source(d) && !tl_error_like(l->name);
    if (name && m->last_kind == TL_LINE_FRAME && tl_draft_function(&m->draft, l->name))
        return TL_OK;
    if (tl_is_exception(m, l)) {
        tl_take_exception(m, l->name, l->rest);
        m->announced = l->text.data[l->text.len - 1] == ':';
        m->message_indent = l->indent;
        return TL_OK;
    }
    if (lost && m->dialect != TL_IPYTHON) {
        tl_draft_source(&m->draft, l->text);
        return TL_OK;
    }
    return on_noise(m, line, err);
}

/* Source without the lines that rich draws along its indentation. */
static tl_str without_guides(tl_str s)
{
    while (s.len >= 3 && (s.data[0] == ' ' || memcmp(s.data, "\xE2\x94\x82", 3) == 0)) {
        size_t n = s.data[0] == ' ' ? 1 : 3;
        s.data += n;
        s.len -= n;
    }
    return s;
}

static unsigned scopes_of(const tl_machine *m)
{
    unsigned s = TL_SCOPE_ANY | TL_SCOPE_OPEN;
    if (m->dialect == TL_IPYTHON)
        s |= TL_SCOPE_IPYTHON;
    if (m->dialect == TL_RICH)
        s |= TL_SCOPE_RICH;
    if (m->dialect == TL_PYTEST)
        s |= TL_SCOPE_PYTEST;
    if (m->last_kind == TL_LINE_AUTOGRAPH_FRAME)
        s |= TL_SCOPE_AUTOGRAPH;
    if (m->nameless)
        s |= TL_SCOPE_NAMELESS;
    return s;
}

/* After a border only what plainly continues the trace does. */
static bool crosses_border(const tl_machine *m, const tl_line *l)
{
    bool exception =
        l->kind == TL_LINE_EXCEPTION && m->draft.n_frames > 0 && tl_error_like(l->name);
    bool broken = tl_begins_frame(l->text);
    return tl_is_frame(l->kind) || exception || broken || l->kind == TL_LINE_ARROW;
}

/* A line that is no frame and does not leave the trace by itself. */
static int on_other(tl_machine *m, tl_str line, const tl_line *l, tl_error *err)
{
    switch (l->kind) {
    case TL_LINE_CONTEXT: return tl_machine_chain(m, TL_LINK_CONTEXT, err);
    case TL_LINE_CAUSE: return tl_machine_chain(m, TL_LINK_CAUSE, err);
    case TL_LINE_STACK_HEADER:
    case TL_LINE_REVERSE_HEADER:
        return begin_anew(m, line, err);
    case TL_LINE_FUNCTION: tl_draft_function(&m->draft, l->name); return TL_OK;
    case TL_LINE_CARETS:
    case TL_LINE_STAMP:
    case TL_LINE_REPEATED:
    case TL_LINE_CUT: return TL_OK;
    case TL_LINE_LISTING: /* where nobody numbers lines it is source as any other */
        return m->dialect == TL_CPYTHON ? on_text(m, line, l, err) : TL_OK;
    case TL_LINE_ARROW:
        tl_draft_line(&m->draft, tl_line_number(l->number));
        tl_draft_source(&m->draft, without_guides(l->rest));
        m->evidence++;
        return TL_OK;
    case TL_LINE_RULE:
        m->box_closed |= !m->inside; /* not the box of local variables */
        return TL_OK;
    case TL_LINE_DOCTEST: /* the frame above says where the example stands */
        if (m->draft.n_frames == 1 && !m->header)
            m->evidence = 0;
        return tl_machine_finish(m, err);
    case TL_LINE_PYTEST_PLACE: return tl_pytest_place(m, l, err);
    case TL_LINE_PYTEST_ERROR:
        if (m->last_kind == TL_LINE_PYTEST_FRAME)
            return tl_pytest_error(m, l->rest, (tl_str){NULL, 0}, err);
        tl_pytest_remember(&m->pytest, l);
        return TL_OK;
    case TL_LINE_DEF:
    case TL_LINE_PYTEST_SOURCE: tl_pytest_remember(&m->pytest, l); return TL_OK;
    case TL_LINE_PYTEST_RULE:
        tl_pytest_forget(&m->pytest);
        return l->text.data[1] == ' ' ? TL_OK : tl_machine_finish(m, err);
    default: return on_text(m, line, l, err);
    }
}

int tl_state_frames(tl_machine *m, tl_str line, tl_error *err)
{
    tl_line l;
    int rc = tl_machine_read(m, line, scopes_of(m), &l, err);
    m->nameless = false;
    if (rc != TL_OK)
        return rc;
    if (l.kind == TL_LINE_BLANK) {
        m->blanks++;
        return TL_OK;
    }
    if (m->border && !crosses_border(m, &l))
        return begin_anew(m, line, err);
    m->border = false;
    /* Frames after foreign lines and a gap are another trace that lost its header. */
    if (tl_is_frame(l.kind) && m->noise > 0 && m->blanks > 0 && !m->header)
        return begin_anew(m, line, err);
    if (tl_is_frame(l.kind)) {
        tl_add_frame(m, &l);
        if (l.kind == TL_LINE_SYNTAX_FRAME && m->header) { /* "line 3" may go on */
            tl_hold(m, &l);
            m->held_frame = true;
        }
        return TL_OK;
    }
    if (m->dialect != TL_RICH && tl_hold_broken(m, &l))
        return TL_OK;
    return on_other(m, line, &l, err);
}
