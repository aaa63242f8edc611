#include "extract/grammar/machine.h"

#include <stdlib.h>

enum {
    SHORTEST = 8,     /* no line that opens a trace is shorter */
    CHAIN_REACH = 12, /* lines between a trace, its chain phrase and the next trace */
    NOISE = 2,        /* foreign lines that a trace survives */
    NOISE_IPYTHON = 6,
    NOISE_PYTEST = 400,
    MAX_BROKEN = 1000,    /* bytes of a frame that was broken over lines */
    MAX_BROKEN_LINES = 2  /* lines that are joined to its beginning */
};

static int idle(tl_machine *m, tl_str line, tl_error *err);
static int dispatch(tl_machine *m, tl_str line, tl_error *err);

void tl_machine_destroy(tl_machine *m)
{
    tl_draft_free(&m->draft);
    tl_buf_free(&m->held);
    tl_buf_free(&m->pytest.function);
    tl_buf_free(&m->pytest.source);
    tl_buf_free(&m->pytest.error);
}

static int read_line(tl_machine *m, tl_str text, unsigned scopes, tl_line *out, tl_error *err)
{
    int rc = tl_lines_read(m->lines, text, scopes, out);
    if (rc == TL_NO_MEMORY)
        return tl_fail_memory(err, "a match");
    return rc == TL_OK ? rc : tl_fail(err, rc, "a line pattern hit its match limit");
}

/* --- opening and finishing ----------------------------------------------- */

static void open_trace(tl_machine *m, tl_dialect dialect)
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
    tl_buf_clear(&m->held);
}

static int finish(tl_machine *m, tl_error *err)
{
    const tl_draft *d = &m->draft;
    bool bare = d->n_frames == 0 && d->exception.data && (m->header || m->member);
    bool good = d->n_frames > 0 && m->evidence >= TL_ENOUGH_EVIDENCE;
    bool open = m->state != TL_IDLE;
    m->state = TL_IDLE;
    m->dialect = TL_CPYTHON;
    tl_buf_clear(&m->held);
    m->prefix.len = m->prefix.ink = 0;
    tl_pytest_forget(&m->pytest);
    if (!open || (!bare && !good))
        return TL_OK;
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
static int on_chain(tl_machine *m, tl_trace_link link, tl_error *err)
{
    int rc = finish(m, err);
    if (m->any && m->since <= CHAIN_REACH) {
        m->link = link;
        m->link_target = m->last_trace;
        m->since = 0;
    }
    return rc;
}

/* --- frames and exceptions ----------------------------------------------- */

static int64_t number_of(tl_str s)
{
    int64_t n;
    return s.data && tl_str_to_int64(s, &n) ? n : TL_UNKNOWN;
}

static bool is_frame(tl_line_kind k)
{
    return k >= TL_LINE_FRAME && k <= TL_LINE_PYTEST_FRAME;
}

static void on_exception(tl_machine *m, tl_str name, tl_str message)
{
    static const char *const syntax[] = {"SyntaxError", "IndentationError", "TabError"};
    /* A cell that does not compile was not running: its frame has no function. */
    for (size_t i = 0; i < 3; i++)
        if (m->last_kind == TL_LINE_CELL_FRAME && tl_str_eq(name, tl_str_from(syntax[i])))
            m->draft.frames[m->draft.n_frames - 1].function = TL_STR("");
    static const tl_str above = {"(see above for traceback): ", 27};
    if (message.len >= above.len && memcmp(message.data, above.data, above.len) == 0)
        message = (tl_str){message.data + above.len, message.len - above.len};
    tl_draft_exception(&m->draft, name, message);
    m->evidence++;
    m->state = TL_MESSAGE;
    m->blanks = m->loose = 0;
}

static unsigned weight(tl_line_kind k)
{
    return k == TL_LINE_FRAME ? TL_ENOUGH_EVIDENCE : 1;
}

static tl_dialect dialect_of(tl_line_kind k, tl_dialect now)
{
    switch (k) {
    case TL_LINE_IPYTHON_FRAME:
    case TL_LINE_CELL_FRAME: return TL_IPYTHON;
    case TL_LINE_RICH_FRAME: return TL_RICH;
    case TL_LINE_PYTEST_FRAME: return TL_PYTEST;
    default: return now == TL_STACK ? now : TL_CPYTHON;
    }
}

/* The text after a frame where newlines were lost: source, or source with the
 * exception behind it. */
static void on_frame_rest(tl_machine *m, tl_str rest)
{
    if (rest.len == 0 || strchr("(*,).", rest.data[0]))
        return;
    tl_str source, exception;
    tl_line l;
    if (tl_split_exception(rest, &source, &exception) &&
        tl_lines_read(m->lines, exception, TL_SCOPE_OPEN, &l) == TL_OK &&
        l.kind == TL_LINE_EXCEPTION) {
        tl_draft_source(&m->draft, source);
        on_exception(m, l.name, l.rest);
        return;
    }
    tl_draft_source(&m->draft, rest);
}

static void on_frame(tl_machine *m, const tl_line *l)
{
    tl_str path = l->path, name = l->name;
    tl_str text = l->text;
    bool eaten = memmem(text.data, text.len, "in (", 4) ||
                 (text.len >= 2 && memcmp(text.data + text.len - 2, "in", 2) == 0);
    if (path.len == 0 && (l->kind == TL_LINE_IPYTHON_FRAME || l->kind == TL_LINE_RICH_FRAME))
        path = TL_STR("<ipython-input>"); /* only a cell has a name that can get lost */
    bool module = l->kind == TL_LINE_CELL_FRAME || (l->kind == TL_LINE_IPYTHON_FRAME && !eaten);
    if (!name.data && module)
        name = TL_STR("<module>");
    tl_draft_frame(&m->draft, path, number_of(l->number), name);
    m->state = TL_FRAMES;
    m->dialect = dialect_of(l->kind, m->dialect);
    m->last_kind = l->kind;
    m->evidence += weight(l->kind);
    m->frame_indent = l->indent;
    m->noise = m->blanks = 0;
    m->border = false;
    if (l->kind == TL_LINE_FRAME)
        on_frame_rest(m, l->rest);
}

/* The exception that stands in what pytest marks with E. */
static int on_pytest_error(tl_machine *m, tl_str text, tl_str fallback, tl_error *err)
{
    const char *nl = memchr(text.data, '\n', text.len);
    tl_str first = nl ? tl_str_range(text.data, nl) : text;
    tl_line l;
    int rc = read_line(m, first, TL_SCOPE_OPEN, &l, err);
    if (rc != TL_OK)
        return rc;
    bool named = l.kind == TL_LINE_EXCEPTION && (tl_error_like(l.name) || l.rest.len > 0);
    if (named) {
        on_exception(m, l.name, l.rest);
        if (nl)
            tl_draft_message(&m->draft, tl_str_range(nl + 1, text.data + text.len));
        return TL_OK;
    }
    bool assertion = text.len > 6 && memcmp(text.data, "assert", 6) == 0;
    on_exception(m, !fallback.data && assertion ? TL_STR("AssertionError") : fallback, text);
    return TL_OK;
}

/* pytest's place of the code shown above it; with a class it ends the trace. */
static int on_pytest_place(tl_machine *m, const tl_line *l, tl_error *err)
{
    tl_pytest *p = &m->pytest;
    if (m->state == TL_IDLE)
        open_trace(m, TL_PYTEST);
    tl_line frame = *l;
    frame.name = p->has_function ? tl_buf_str(&p->function) : TL_STR("");
    on_frame(m, &frame);
    m->dialect = TL_PYTEST;
    m->evidence = TL_ENOUGH_EVIDENCE;
    if (p->has_source)
        tl_draft_source(&m->draft, tl_buf_str(&p->source));
    int rc = TL_OK;
    if (l->name.data) {
        tl_str error = p->has_error ? tl_buf_str(&p->error) : TL_STR("");
        rc = on_pytest_error(m, error, l->name, err);
        if (rc == TL_OK)
            rc = finish(m, err);
    }
    tl_pytest_forget(p);
    return rc;
}

/* A frame, whether a trace is open or not. */
static void take_frame(tl_machine *m, const tl_line *l)
{
    tl_prefix prefix = m->prefix;
    if (m->state == TL_IDLE) {
        open_trace(m, TL_CPYTHON);
        m->prefix = prefix;
    }
    on_frame(m, l);
}

/* --- frames that a terminal broke over lines ------------------------------ */

/* Keeps the beginning of such a frame: File "C:\\Users\\ana\\Anaconda3\\lib\\site-pac */
static bool hold_broken(tl_machine *m, const tl_line *l)
{
    bool begins = l->text.len > 6 && l->text.len < MAX_BROKEN && !is_frame(l->kind) &&
                  memcmp(l->text.data, "File \"", 6) == 0;
    if (begins) {
        tl_buf_clear(&m->held);
        tl_buf_add_str(&m->held, l->text);
        m->held_indent = l->indent;
        m->held_lines = 1;
    }
    return begins;
}

/* Joins `line` to what is held; *taken says whether it belonged there. */
static int join_broken(tl_machine *m, tl_str line, bool *taken, tl_error *err)
{
    tl_line next, joined;
    *taken = false;
    int rc = read_line(m, line, 0, &next, err);
    if (rc != TL_OK || next.kind == TL_LINE_BLANK)
        return rc;
    bool word_lost = tl_str_find(tl_buf_str(&m->held), TL_STR("\","), 0) != SIZE_MAX;
    if (word_lost) /* the break swallowed the space: "line" | "35, in f" */
        tl_buf_add_char(&m->held, ' ');
    tl_buf_add_str(&m->held, next.text);
    if (m->held.failed)
        return tl_fail_memory(err, "a line");
    rc = read_line(m, tl_buf_str(&m->held), TL_SCOPE_ANY, &joined, err);
    if (rc == TL_OK && is_frame(joined.kind)) {
        joined.indent = m->held_indent;
        take_frame(m, &joined);
        *taken = true;
    } else if (m->held_lines++ < MAX_BROKEN_LINES && m->held.len < MAX_BROKEN &&
               memcmp(next.text.data, "File", next.text.len < 4 ? next.text.len : 4) != 0) {
        *taken = true;
        return rc;
    }
    tl_buf_clear(&m->held);
    return rc;
}

/* --- IDLE ---------------------------------------------------------------- */

/* A frame whose header is lost may bear a prefix; learns it and strips the line.
 * False where prose stands before the frame. */
static bool learn_from_frame(tl_machine *m, tl_str *line)
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

static int idle(tl_machine *m, tl_str line, tl_error *err)
{
    if (line.len < SHORTEST && (line.len == 0 || !strchr("E>", line.data[0])))
        return TL_OK;
    if (m->since <= CHAIN_REACH && ++m->since > CHAIN_REACH)
        m->link = TL_LINK_NONE;
    m->prefix.len = m->prefix.ink = 0;
    if (!learn_from_frame(m, &line))
        return TL_OK;
    tl_line l;
    int rc = read_line(m, line, TL_SCOPE_ANY | TL_SCOPE_PYTEST, &l, err);
    if (rc != TL_OK || hold_broken(m, &l))
        return rc;
    if (is_frame(l.kind)) {
        take_frame(m, &l);
        return TL_OK;
    }
    switch (l.kind) {
    case TL_LINE_STACK_HEADER:
    case TL_LINE_REVERSE_HEADER:
        open_trace(m, TL_STACK);
        m->draft.reverse = l.kind == TL_LINE_REVERSE_HEADER;
        return TL_OK;
    case TL_LINE_CONTEXT: return on_chain(m, TL_LINK_CONTEXT, err);
    case TL_LINE_CAUSE: return on_chain(m, TL_LINK_CAUSE, err);
    case TL_LINE_PYTEST_PLACE:
        if (m->pytest.has_source || m->pytest.has_error)
            return on_pytest_place(m, &l, err);
        return TL_OK;
    default: tl_pytest_remember(&m->pytest, &l); return TL_OK;
    }
}

/* --- FRAMES -------------------------------------------------------------- */

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
static bool is_exception(const tl_machine *m, const tl_line *l)
{
    if (l->kind != TL_LINE_EXCEPTION || is_log_level(l->name))
        return false;
    if (m->dialect == TL_STACK) /* TensorFlow 1 repeats the error below an operation's stack */
        return l->rest.len > 10 && memcmp(l->rest.data, "(see above", 10) == 0;
    if (tl_error_like(l->name))
        return true;
    bool sure = m->header && m->draft.n_frames > 0 && m->noise == 0 && m->dialect != TL_IPYTHON;
    bool looks = l->rest.len > 0 && (memchr(l->name.data, '.', l->name.len) || upper(l->name.data[0]));
    if (m->dialect == TL_CPYTHON && m->frame_indent == 0)
        return looks; /* indentation is lost: source lines stand at the margin too */
    if (m->dialect == TL_IPYTHON)
        return l->indent == 0 && (looks || (m->header && l->rest.len > 0));
    return sure || looks || m->member;
}

static unsigned noise_limit(const tl_machine *m)
{
    return m->dialect == TL_PYTEST   ? NOISE_PYTEST
           : m->dialect == TL_IPYTHON ? NOISE_IPYTHON
           : m->dialect == TL_RICH    ? NOISE_PYTEST
                                      : NOISE;
}

static int on_noise(tl_machine *m, tl_str line, tl_error *err)
{
    if (m->dialect == TL_PYTEST || m->dialect == TL_RICH) {
        if (++m->noise <= noise_limit(m))
            return TL_OK;
    } else if (m->dialect != TL_STACK && ++m->noise <= noise_limit(m)) {
        return TL_OK;
    }
    int rc = finish(m, err);
    return rc == TL_OK ? idle(m, line, err) : rc;
}

/* rich breaks a long path over two lines of the box. */
static int on_rich_text(tl_machine *m, tl_str line, const tl_line *l, tl_error *err)
{
    tl_str held = tl_buf_str(&m->held);
    if (held.len > 0) {
        tl_line joined;
        tl_buf_add_str(&m->held, l->text);
        int rc = read_line(m, tl_buf_str(&m->held), TL_SCOPE_RICH, &joined, err);
        if (rc == TL_OK && joined.kind == TL_LINE_RICH_FRAME)
            on_frame(m, &joined);
        tl_buf_clear(&m->held);
        return rc;
    }
    bool path = l->indent == 0 && l->text.len > 2 &&
                (strchr("/~", l->text.data[0]) || l->text.data[1] == ':');
    if (path)
        tl_buf_add_str(&m->held, l->text);
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
            on_frame_rest(m, l->text);
        else if (m->noise == 0)
            tl_draft_source(&m->draft, l->text);
        return TL_OK;
    }
    if (is_exception(m, l)) {
        on_exception(m, l->name, l->rest);
        return TL_OK;
    }
    if (lost && m->dialect != TL_IPYTHON) {
        tl_draft_source(&m->draft, l->text);
        return TL_OK;
    }
    return on_noise(m, line, err);
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
    return s;
}

/* After a border only what plainly continues the trace does. */
static bool crosses_border(const tl_machine *m, const tl_line *l)
{
    bool exception = l->kind == TL_LINE_EXCEPTION && m->draft.n_frames > 0 && tl_error_like(l->name);
    return is_frame(l->kind) || exception || l->kind == TL_LINE_ARROW;
}

static int frames(tl_machine *m, tl_str line, tl_error *err)
{
    tl_line l;
    int rc = read_line(m, line, scopes_of(m), &l, err);
    if (rc != TL_OK)
        return rc;
    if (l.kind == TL_LINE_BLANK) {
        m->blanks++;
        return TL_OK;
    }
    if (m->border && !crosses_border(m, &l)) {
        rc = finish(m, err);
        return rc == TL_OK ? idle(m, line, err) : rc;
    }
    m->border = false;
    /* Frames after foreign lines and a gap are another trace that lost its header. */
    if (is_frame(l.kind) && m->noise > 0 && m->blanks > 0 && !m->header) {
        rc = finish(m, err);
        return rc == TL_OK ? idle(m, line, err) : rc;
    }
    if (is_frame(l.kind)) {
        on_frame(m, &l);
        return TL_OK;
    }
    if (m->dialect != TL_RICH && hold_broken(m, &l))
        return TL_OK;
    switch (l.kind) {
    case TL_LINE_CONTEXT: return on_chain(m, TL_LINK_CONTEXT, err);
    case TL_LINE_CAUSE: return on_chain(m, TL_LINK_CAUSE, err);
    case TL_LINE_STACK_HEADER:
    case TL_LINE_REVERSE_HEADER:
        rc = finish(m, err);
        return rc == TL_OK ? idle(m, line, err) : rc;
    case TL_LINE_CARETS:
    case TL_LINE_REPEATED:
    case TL_LINE_CUT:
    case TL_LINE_LISTING: return TL_OK;
    case TL_LINE_ARROW:
        tl_draft_line(&m->draft, number_of(l.number));
        tl_draft_source(&m->draft, l.rest);
        m->evidence++;
        return TL_OK;
    case TL_LINE_RULE:
        m->box_closed = true;
        return TL_OK;
    case TL_LINE_PYTEST_PLACE: return on_pytest_place(m, &l, err);
    case TL_LINE_PYTEST_ERROR:
        if (m->last_kind == TL_LINE_PYTEST_FRAME)
            return on_pytest_error(m, l.rest, (tl_str){NULL, 0}, err);
        tl_pytest_remember(&m->pytest, &l);
        return TL_OK;
    case TL_LINE_DEF:
    case TL_LINE_PYTEST_SOURCE: tl_pytest_remember(&m->pytest, &l); return TL_OK;
    case TL_LINE_PYTEST_RULE:
        tl_pytest_forget(&m->pytest);
        return l.text.data[1] == ' ' ? TL_OK : finish(m, err);
    default: return on_text(m, line, &l, err);
    }
}

/* --- MESSAGE ------------------------------------------------------------- */

static void add_message_line(tl_machine *m, tl_str line, const tl_line *l)
{
    for (; m->blanks > 0; m->blanks--)
        tl_draft_message(&m->draft, TL_STR(""));
    if (l->indent == 0)
        m->loose++;
    tl_draft_message(&m->draft, tl_str_range(line.data, l->text.data + l->text.len));
}

/* A frame after an exception: a log record was taken for the exception, or the
 * frames belong to a trace inside of the message ("in user code:"). */
static int on_frame_in_message(tl_machine *m, tl_str line, const tl_line *l, tl_error *err)
{
    tl_str message = tl_buf_str(&m->draft.message);
    bool mistaken = m->loose == 0 && m->blanks == 0 && l->indent == m->frame_indent &&
                    m->draft.n_frames > 0 && !tl_error_like(m->draft.exception);
    if (mistaken) {
        tl_draft_exception(&m->draft, (tl_str){NULL, 0}, TL_STR(""));
        on_frame(m, l);
        return TL_OK;
    }
    bool user_code = tl_str_find(message, TL_STR("in user code:"), 0) != SIZE_MAX;
    bool carried = user_code || m->blanks == 0;
    size_t delivered = *m->delivered;
    int rc = finish(m, err);
    if (rc == TL_OK && carried && *m->delivered > delivered) {
        m->link = TL_LINK_CAUSE;
        m->link_target = m->last_trace;
    }
    if (rc != TL_OK)
        return rc;
    if (!user_code)
        return idle(m, line, err);
    open_trace(m, TL_CPYTHON);
    m->header = true;
    on_frame(m, l);
    return TL_OK;
}

static int message(tl_machine *m, tl_str line, tl_error *err)
{
    tl_line l;
    unsigned scopes = TL_SCOPE_ANY | (m->dialect == TL_PYTEST ? TL_SCOPE_PYTEST : 0);
    if (tl_str_find(tl_buf_str(&m->draft.message), TL_STR("in user code:"), 0) != SIZE_MAX)
        scopes |= TL_SCOPE_OPEN;
    int rc = read_line(m, line, scopes, &l, err);
    if (rc != TL_OK)
        return rc;
    if (l.kind == TL_LINE_BLANK) {
        m->blanks++;
        return TL_OK;
    }
    /* TorchScript's errors quote the place in the script as compilers do. */
    bool quoted = l.kind == TL_LINE_SYNTAX_FRAME && m->blanks == 0;
    if (is_frame(l.kind) && !quoted)
        return on_frame_in_message(m, line, &l, err);
    if (l.kind == TL_LINE_CONTEXT || l.kind == TL_LINE_CAUSE)
        return on_chain(m, l.kind == TL_LINE_CONTEXT ? TL_LINK_CONTEXT : TL_LINK_CAUSE, err);
    if (l.kind == TL_LINE_PYTEST_ERROR && m->last_kind == TL_LINE_PYTEST_FRAME) {
        tl_draft_message(&m->draft, l.rest);
        return TL_OK;
    }
    bool header = l.kind == TL_LINE_STACK_HEADER || l.kind == TL_LINE_REVERSE_HEADER;
    if (!header && m->dialect != TL_PYTEST && tl_message_continues(m, &l)) {
        add_message_line(m, line, &l);
        return TL_OK;
    }
    rc = finish(m, err);
    return rc == TL_OK ? idle(m, line, err) : rc;
}

/* --- lines --------------------------------------------------------------- */

static int dispatch(tl_machine *m, tl_str line, tl_error *err)
{
    if (m->held.len > 0 && m->dialect != TL_RICH) {
        bool taken;
        int rc = join_broken(m, line, &taken, err);
        if (rc != TL_OK || taken)
            return rc;
    }
    switch (m->state) {
    case TL_FRAMES: return frames(m, line, err);
    case TL_MESSAGE: return message(m, line, err);
    default: return m->prose ? TL_OK : idle(m, line, err);
    }
}

static bool is_blank(tl_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.data[i] != ' ' && s.data[i] != '\t')
            return false;
    return true;
}

/* Strips the prefix; the first line after a header says whether there is one. */
static tl_str strip(tl_machine *m, tl_str line)
{
    if (m->prefix.len > 0) {
        tl_str rest = tl_prefix_strip(&m->prefix, line);
        if (rest.data) {
            m->prefix_tried = true;
            return rest;
        }
    }
    if (m->prefix_tried || is_blank(line))
        return line;
    m->prefix_tried = true;
    if (m->prefix.box)
        return line;
    /* The first line of a log record may bear more than the others. */
    if (tl_prefix_shorten(&m->prefix, line))
        return tl_prefix_strip(&m->prefix, line);
    m->prefix.len = m->prefix.ink = 0;
    learn_from_frame(m, &line);
    return line;
}

/* A frame with another prefix than the open trace's begins another trace. */
static bool other_record(const tl_machine *m, tl_str line)
{
    return m->prefix.ink > 0 && m->prefix_tried && !m->prefix.box &&
           tl_str_find(line, TL_STR("File \""), 0) != SIZE_MAX &&
           !tl_prefix_strip(&m->prefix, line).data;
}

/* The prefix of the lines in a box: the border in place of the corner. */
static void learn_box(tl_machine *m, tl_str before)
{
    static const tl_str corner = {"\xE2\x95\xAD", 3};
    size_t at = tl_str_find(before, corner, 0);
    char text[TL_PREFIX_MAX];
    bool drawn = at != SIZE_MAX;
    if (!drawn)
        at = tl_str_find(before, TL_STR("+-"), 0);
    if (at > sizeof text - 8)
        return;
    memcpy(text, before.data, at);
    memcpy(text + at, drawn ? "\xE2\x94\x82 " : "| ", drawn ? 4 : 2);
    tl_prefix_learn(&m->prefix, (tl_str){text, at + (drawn ? 4 : 2)});
    m->prefix.box = true;
}

static int on_header(tl_machine *m, tl_str line, size_t at, tl_error *err);

/* One of the lines that a line without newlines was made of. */
static int exploded(tl_machine *m, tl_str line, tl_error *err)
{
    size_t at = tl_find_header(line);
    if (at != SIZE_MAX)
        return on_header(m, line, at, err);
    return dispatch(m, m->state == TL_IDLE ? line : strip(m, line), err);
}

/* A line that once was several; the first ends at `at`. */
static int on_merged(tl_machine *m, tl_str line, size_t at, tl_error *err)
{
    if (m->state == TL_FRAMES) {
        m->merged = true;
        int rc = dispatch(m, (tl_str){line.data, at}, err);
        if (rc != TL_OK)
            return rc;
    }
    int rc = tl_explode(m, line, exploded, err);
    m->merged = m->state == TL_FRAMES;
    return rc;
}

/* The exception that stands on the same line before a header: "RuntimeError: Caught
 * ... Original Traceback (most recent call last):". */
static int before_header(tl_machine *m, tl_str before, tl_error *err)
{
    tl_line l;
    if (m->state != TL_FRAMES || m->draft.n_frames == 0 || is_blank(before))
        return TL_OK;
    int rc = read_line(m, strip(m, before), TL_SCOPE_OPEN, &l, err);
    if (rc == TL_OK && is_exception(m, &l))
        on_exception(m, l.name, l.rest);
    return rc;
}

static int on_header(tl_machine *m, tl_str line, size_t at, tl_error *err)
{
    /* The first line below a rule of an exception group opened its member. */
    if (m->member && m->state == TL_FRAMES && m->draft.n_frames == 0) {
        m->link = m->draft.link;
        m->link_target = m->draft.linked_to;
    }
    tl_str before = {line.data, at}, rest = {line.data + at, line.len - at};
    int rc = before_header(m, before, err);
    if (rc != TL_OK)
        return rc;
    /* A message may carry the traceback of its cause: "Original Traceback", "Traceback
     * of TorchScript", "-- Process 0 terminated with the following error:". */
    bool quoted = m->state == TL_MESSAGE && (rest.data[0] == 'O' || rest.data[10] == 'o' ||
                                             tl_message_announces(m));
    size_t delivered = *m->delivered;
    rc = finish(m, err);
    if (rc != TL_OK)
        return rc;
    if (quoted && *m->delivered > delivered) {
        m->link = TL_LINK_CAUSE;
        m->link_target = m->last_trace;
    }
    bool box = before.len > 0 && (tl_str_find(before, TL_STR("\xE2\x95\xAD"), 0) != SIZE_MAX ||
                                  tl_str_find(before, TL_STR("+---"), 0) != SIZE_MAX);
    tl_line l;
    rc = read_line(m, rest, TL_SCOPE_ANY, &l, err);
    if (rc != TL_OK)
        return rc;
    open_trace(m, box ? TL_RICH : l.kind == TL_LINE_IPYTHON_HEADER ? TL_IPYTHON : TL_CPYTHON);
    m->header = true;
    m->evidence = 1;
    if (box)
        learn_box(m, before);
    else
        tl_prefix_learn(&m->prefix, before);
    if (box || l.rest.len == 0)
        return TL_OK;
    tl_str more = tl_str_range(l.rest.data, line.data + line.len);
    return l.kind == TL_LINE_HEADER ? tl_explode(m, more, exploded, err) : dispatch(m, more, err);
}

/* A rule of an exception group: members follow, or the group ends. */
static int on_group_rule(tl_machine *m, tl_str line, size_t at, tl_error *err)
{
    int rc = finish(m, err);
    if (rc != TL_OK)
        return rc;
    tl_str rule = {line.data + at, line.len - at};
    bool opens = rule.len > 2 && rule.data[1] == '-' && rule.data[2] == '+';
    bool numbered = memchr(rule.data, ' ', rule.len) != NULL;
    size_t column = opens ? at + 2 : at;
    while (m->n_groups > 0 && (m->groups[m->n_groups - 1].column > column ||
                               (!numbered && m->groups[m->n_groups - 1].column >= column)))
        m->n_groups--;
    if (opens && m->any && m->since <= CHAIN_REACH && m->n_groups < TL_MAX_GROUP_DEPTH)
        m->groups[m->n_groups++] = (tl_group){column, m->last_trace};
    if (!numbered || m->n_groups == 0)
        return TL_OK;
    m->link = TL_LINK_GROUP;
    m->link_target = m->groups[m->n_groups - 1].trace;
    open_trace(m, TL_CPYTHON);
    m->member = true;
    char text[TL_PREFIX_MAX];
    if (column + 2 <= sizeof text) {
        memcpy(text, line.data, column);
        memcpy(text + column, "| ", 2);
        if (opens) /* "  +-" stands before the member's column */
            memset(text + at, ' ', 2);
        tl_prefix_learn(&m->prefix, (tl_str){text, column + 2});
    }
    return TL_OK;
}

/* Where a rule of an exception group begins in `line`, or SIZE_MAX. */
static size_t find_group_rule(const tl_machine *m, tl_str line)
{
    const char *plus = m->any || m->state != TL_IDLE ? memchr(line.data, '+', line.len) : NULL;
    if (!plus || !memmem(line.data, line.len, "----------", 10))
        return SIZE_MAX;
    size_t at = (size_t)(plus - line.data);
    tl_line l;
    int rc = tl_lines_read(m->lines, (tl_str){plus, line.len - at}, TL_SCOPE_ANY, &l);
    return rc == TL_OK && l.kind == TL_LINE_GROUP_RULE ? at : SIZE_MAX;
}

void tl_machine_begin(tl_machine *m, tl_lines *lines, size_t *delivered, tl_trace_fn *deliver,
                      void *ctx)
{
    m->lines = lines;
    m->delivered = delivered;
    m->deliver = deliver;
    m->ctx = ctx;
    m->state = TL_IDLE;
    m->dialect = TL_CPYTHON;
    m->link = TL_LINK_NONE;
    m->any = m->prose = m->border = false;
    m->n_groups = 0;
    m->since = 0;
    m->prefix.len = m->prefix.ink = 0;
    tl_buf_clear(&m->held);
    tl_pytest_forget(&m->pytest);
}

int tl_machine_line(tl_machine *m, tl_str line, size_t header, tl_error *err)
{
    if (header != SIZE_MAX)
        return on_header(m, line, header, err);
    size_t at = find_group_rule(m, line);
    if (at != SIZE_MAX && !(m->state == TL_FRAMES && m->dialect == TL_RICH))
        return on_group_rule(m, line, at, err);
    if (m->state != TL_IDLE) {
        if (other_record(m, line)) {
            int rc = finish(m, err);
            if (rc != TL_OK)
                return rc;
        } else {
            line = strip(m, line);
        }
    }
    bool reading = m->state == TL_FRAMES;
    at = m->state == TL_IDLE && m->prose ? SIZE_MAX : tl_lost_newlines(line, reading);
    return at == SIZE_MAX ? dispatch(m, line, err) : on_merged(m, line, at, err);
}

int tl_machine_border(tl_machine *m, bool prose, tl_error *err)
{
    int rc = m->state == TL_MESSAGE ? finish(m, err) : TL_OK;
    m->border = m->state == TL_FRAMES;
    m->prose = prose;
    tl_pytest_forget(&m->pytest);
    return rc;
}

int tl_machine_end(tl_machine *m, tl_error *err)
{
    return finish(m, err);
}
