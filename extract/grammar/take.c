/* What a frame or an exception line adds to the open trace. */
#include "extract/grammar/machine.h"

int64_t tl_line_number(tl_str s)
{
    int64_t n;
    return s.data && tl_str_to_int64(s, &n) ? n : TL_UNKNOWN;
}

bool tl_is_frame(tl_line_kind k)
{
    return k >= TL_LINE_FRAME && k <= TL_LINE_PYTEST_FRAME;
}

void tl_take_exception(tl_machine *m, tl_str name, tl_str message)
{
    static const char *const syntax[] = {"SyntaxError", "IndentationError", "TabError"};
    /* A cell that does not compile was not running: its frame has no function. */
    bool cell = m->last_kind == TL_LINE_CELL_FRAME && m->draft.n_frames > 0;
    for (size_t i = 0; cell && i < sizeof syntax / sizeof *syntax; i++)
        if (tl_str_eq(name, tl_str_from(syntax[i])))
            m->draft.frames[m->draft.n_frames - 1].function = TL_STR("");
    static const tl_str above = {"(see above for traceback): ", 27};
    if (message.len >= above.len && memcmp(message.data, above.data, above.len) == 0)
        message = (tl_str){message.data + above.len, message.len - above.len};
    tl_draft_exception(&m->draft, name, message);
    m->user_code = tl_str_find(message, TL_STR("in user code:"), 0) != SIZE_MAX;
    m->sure_message = m->draft.message.len;
    m->announced = false;
    m->message_indent = 0;
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
void tl_add_rest(tl_machine *m, tl_str rest)
{
    if (rest.len == 0 || strchr("(*,).", rest.data[0]))
        return;
    tl_str source, exception;
    tl_line l;
    if (tl_split_exception(rest, &source, &exception) &&
        tl_lines_read(m->lines, exception, TL_SCOPE_OPEN, &l) == TL_OK &&
        l.kind == TL_LINE_EXCEPTION) {
        tl_draft_source(&m->draft, source);
        tl_take_exception(m, l.name, l.rest);
        return;
    }
    tl_draft_source(&m->draft, rest);
}

void tl_add_frame(tl_machine *m, const tl_line *l)
{
    tl_str path = l->path, name = l->name;
    tl_str text = l->text;
    bool broken = text.len >= 2 && memcmp(text.data + text.len - 2, "in", 2) == 0;
    bool eaten = broken || memmem(text.data, text.len, "in (", 4);
    if (path.len == 0 && (l->kind == TL_LINE_IPYTHON_FRAME || l->kind == TL_LINE_RICH_FRAME))
        path = TL_STR("<ipython-input>"); /* only a cell has a name that can get lost */
    bool module = l->kind == TL_LINE_CELL_FRAME || (l->kind == TL_LINE_IPYTHON_FRAME && !eaten);
    if (!name.data && module)
        name = TL_STR("<module>");
    tl_draft_frame(&m->draft, path, tl_line_number(l->number), name);
    m->state = TL_FRAMES;
    m->dialect = dialect_of(l->kind, m->dialect);
    m->last_kind = l->kind;
    m->nameless = l->kind == TL_LINE_IPYTHON_FRAME && broken && !name.data;
    m->evidence += weight(l->kind);
    m->frame_indent = l->indent;
    m->noise = m->blanks = 0;
    m->border = false;
    if (l->kind == TL_LINE_FRAME)
        tl_add_rest(m, l->rest);
}

/* A frame, whether a trace is open or not. */
void tl_take_frame(tl_machine *m, const tl_line *l)
{
    tl_prefix prefix = m->prefix;
    if (m->state == TL_IDLE) {
        tl_machine_open(m, TL_CPYTHON);
        m->prefix = prefix;
    }
    tl_add_frame(m, l);
}
