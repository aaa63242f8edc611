/* Frames that a terminal or a box broke over several lines. */
#include "extract/grammar/machine.h"

enum {
    MAX_BROKEN = 1000,   /* bytes of such a frame */
    MAX_BROKEN_LINES = 2 /* lines that are joined to its beginning */
};

void tl_hold(tl_machine *m, const tl_line *l)
{
    tl_buf_clear(&m->held);
    tl_buf_add_str(&m->held, l->text);
    m->held_indent = l->indent;
    m->held_lines = 1;
}

/* A line that is a path and nothing else: "in f(a)" may stand below it. */
static bool is_path(tl_str s)
{
    return s.len > 4 && s.len < MAX_BROKEN && memcmp(s.data + s.len - 3, ".py", 3) == 0 &&
           (memchr(s.data, '/', s.len) || memchr(s.data, '\\', s.len)) &&
           !memchr(s.data, ' ', s.len);
}

/* File "C:\\Users\\ana\\Anaconda3\\lib\\site-pac, or the word alone, where a mail was
 * wrapped between words. */
bool tl_begins_frame(tl_str text)
{
    return tl_str_eq(text, TL_STR("File")) ||
           (text.len > 6 && memcmp(text.data, "File \"", 6) == 0);
}

/* Keeps the beginning of such a frame. */
bool tl_hold_broken(tl_machine *m, const tl_line *l)
{
    bool begins = l->text.len < MAX_BROKEN && !tl_is_frame(l->kind) && tl_begins_frame(l->text);
    bool path = m->dialect == TL_IPYTHON && l->kind == TL_LINE_TEXT && is_path(l->text);
    if (begins || path)
        tl_hold(m, l);
    if (path)
        m->held_lines = MAX_BROKEN_LINES; /* the next line is the last */
    m->held_frame = false;
    return begins || path;
}

/* Reads held text and `next` as one line, with or without the space that a break
 * between words swallows. */
static int read_joined(tl_machine *m, tl_str next, tl_line *joined, tl_error *err)
{
    size_t len = m->held.len;
    for (int space = 0; space < 2; space++) {
        m->held.len = len;
        if (space)
            tl_buf_add_char(&m->held, ' ');
        tl_buf_add_str(&m->held, next);
        if (m->held.failed)
            return tl_fail_memory(err, "a line");
        int rc = tl_machine_read(m, tl_buf_str(&m->held), TL_SCOPE_ANY, joined, err);
        if (rc != TL_OK || (tl_is_frame(joined->kind) && joined->kind != TL_LINE_SYNTAX_FRAME))
            return rc;
    }
    joined->kind = TL_LINE_TEXT;
    return TL_OK;
}

/* Joins `line` to what is held; *taken says whether it belonged there. */
static int join_broken(tl_machine *m, tl_str line, bool *taken, tl_error *err)
{
    tl_line next, joined;
    *taken = false;
    int rc = tl_machine_read(m, line, 0, &next, err);
    if (rc != TL_OK || next.kind == TL_LINE_BLANK)
        return rc;
    if (next.text.len >= 5 && memcmp(next.text.data, "File ", 5) == 0) { /* another frame */
        tl_buf_clear(&m->held);
        return TL_OK;
    }
    rc = read_joined(m, next.text, &joined, err);
    if (rc != TL_OK)
        return rc;
    bool frame = joined.kind != TL_LINE_TEXT;
    bool more = !frame && !m->held_frame && m->held_lines++ < MAX_BROKEN_LINES &&
                m->held.len < MAX_BROKEN;
    *taken = frame || more;
    if (frame) {
        if (m->held_frame &&
            m->draft.n_frames > 0) /* "line 3" | "46, in f" was taken for a frame already */
            m->draft.n_frames--;
        joined.indent = m->held_indent;
        tl_take_frame(m, &joined);
    }
    if (!more)
        tl_buf_clear(&m->held);
    return TL_OK;
}

static int join_rich(tl_machine *m, tl_str line, bool *taken, tl_error *err)
{
    tl_line next, joined;
    int rc = tl_machine_read(m, line, 0, &next, err);
    for (int space = 0; rc == TL_OK && space < 2 && !*taken; space++) {
        size_t len = m->held.len;
        tl_buf_add_cstr(&m->held, space ? " " : "");
        tl_buf_add_str(&m->held, next.text);
        rc = m->held.failed ? tl_fail_memory(err, "a line")
                            : tl_machine_read(m, tl_buf_str(&m->held), TL_SCOPE_RICH, &joined, err);
        *taken = rc == TL_OK && joined.kind == TL_LINE_RICH_FRAME;
        if (*taken)
            tl_add_frame(m, &joined);
        m->held.len = len;
    }
    tl_buf_clear(&m->held);
    return rc;
}

int tl_join_broken(tl_machine *m, tl_str line, bool *taken, tl_error *err)
{
    *taken = false;
    return m->dialect == TL_RICH ? join_rich(m, line, taken, err)
                                 : join_broken(m, line, taken, err);
}
