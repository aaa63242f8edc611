/* MESSAGE: further lines of an exception's message.  Nothing marks where a message of
 * several lines ends, so this is judgement. */
#include "extract/grammar/machine.h"

#include <ctype.h>

enum { MAX_LOOSE = 12 }; /* message lines at the margin */

static bool starts(tl_str s, const char *word)
{
    size_t n = strlen(word);
    return s.len >= n && memcmp(s.data, word, n) == 0;
}

static bool digit(char c) { return c >= '0' && c <= '9'; }

/* 2020-01-02, 12:30:01, [2020-..., I0102, INFO, [rank0]: */
bool tl_is_log_record(tl_str s)
{
    static const char *const levels[] = {"INFO", "DEBUG", "WARN", "ERROR", "CRITICAL", "FATAL",
                                         "TRACE", "NOTICE"};
    if (s.len == 3 && (s.data[0] == '\xEE' || s.data[0] == '\xEF'))
        return true; /* an icon of a log's viewer */
    if (starts(s, "[rank") || starts(s, "(pid="))
        return true;
    if (s.len > 0 && (s.data[0] == '[' || s.data[0] == '('))
        s.data++, s.len--;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (starts(s, levels[i]))
            return true;
    if (s.len >= 8 && digit(s.data[0]) && digit(s.data[1])) {
        bool date = digit(s.data[2]) && digit(s.data[3]) && strchr("-/.", s.data[4]);
        bool time = s.data[2] == ':' && digit(s.data[3]) && s.data[5] == ':';
        if (date || time)
            return true;
    }
    return s.len > 5 && strchr("IWEF", s.data[0]) && digit(s.data[1]) && digit(s.data[2]) &&
           digit(s.data[3]) && digit(s.data[4]) && s.data[5] == ' ';
}

/* What a shell, an interpreter, a tool or a page prints next. */
static bool is_new_matter(tl_str s)
{
    static const char *const begins[] = {">>>",
                                         "$ ",
                                         "# ",
                                         "% ",
                                         "In [",
                                         "Out[",
                                         "C:\\",
                                         "PS ",
                                         "root@",
                                         "Process finished",
                                         "`",
                                         "~~~",
                                         "\"\"\"",
                                         "'''",
                                         "</",
                                         "<br",
                                         "##",
                                         "**",
                                         "<details",
                                         "<summary",
                                         "<p>",
                                         "<div",
                                         "<denchmark",
                                         "Traceback",
                                         "Exception ignored",
                                         "Exception in thread",
                                         "Call stack:",
                                         "During handling",
                                         "Error in ",
                                         "[Finished",
                                         "def ",
                                         "class ",
                                         "import ",
                                         "from ",
                                         "Caused by op",
                                         "Original stack trace",
                                         "\xE2\x94", /* a box, a prompt drawn as one */
                                         "\xE2\x95",
                                         "\xE2\x9E\x9C ", /* prompts of shells */
                                         "\xE2\x9D\xAF "};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (starts(s, begins[i])) {
            /* The frame of stars around NLTK's messages is theirs. */
            return !(starts(s, "****"));
        }
    const char *at = memchr(s.data, '@', s.len < 40 ? s.len : 40);
    const char *prompt = at ? memchr(at, '$', (size_t)(s.data + s.len - at)) : NULL;
    if (prompt && prompt - s.data < 120)
        return true;
    return s.data[0] == '(' && memmem(s.data, s.len < 80 ? s.len : 80, ") ", 2) &&
           (memchr(s.data, '$', s.len) || memchr(s.data, '>', s.len) || memchr(s.data, '#', s.len));
}

static tl_str last_line(tl_str s)
{
    while (s.len > 0 && (s.data[s.len - 1] == '\n' || s.data[s.len - 1] == ' '))
        s.len--;
    for (size_t i = s.len; i-- > 0;)
        if (s.data[i] == '\n')
            return (tl_str){s.data + i + 1, s.len - i - 1};
    return s;
}

/* ----, ==== title ====: what a tool draws between two matters. */
static bool is_rule(tl_str s)
{
    static const char *const ends[] = {"---", "==="};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (starts(s, ends[i]) && memcmp(s.data + s.len - 3, ends[i], 3) == 0)
            return true;
    return false;
}

/* A rule between "ChildFailedError:" and its message is neither's. */
static bool is_rule_above(const tl_machine *m, const tl_line *l)
{
    for (size_t i = 0; i < l->text.len; i++)
        if (l->text.data[i] != l->text.data[0])
            return false; /* it bears a title */
    return m->announced && m->draft.message.len == 0 && is_rule(l->text);
}

/* /a/x.py:12: UserWarning: ... */
static bool is_warning(tl_str s)
{
    size_t place = tl_str_find(s, TL_STR(".py:"), 0);
    return place != SIZE_MAX && tl_str_find(s, TL_STR("Warning: "), place) != SIZE_MAX;
}

static bool is_bullet(tl_str s) { return s.len > 1 && strchr("-*", s.data[0]) && s.data[1] == ' '; }

bool tl_message_announces(const tl_machine *m)
{
    tl_str last = last_line(tl_buf_str(&m->draft.message));
    return last.len > 0 && last.data[last.len - 1] == ':';
}

/* A message whose next lines are its own: it announces something, or stands in a frame
 * of stars. */
static bool expects_more(const tl_machine *m)
{
    tl_str last = last_line(tl_buf_str(&m->draft.message));
    return last.len == 0 ? m->announced : last.data[0] == '*' || tl_message_announces(m);
}

static bool prefix_has_digit(const tl_prefix *p)
{
    for (size_t i = 0; i < p->ink; i++)
        if (digit(p->text[i]))
            return true;
    return false;
}

static bool upper(char c) { return c >= 'A' && c <= 'Z'; }

/* "ValueError: ..." at the margin is another error. */
static bool is_another_error(tl_str s)
{
    const char *colon = memchr(s.data, ':', s.len < 120 ? s.len : 120);
    return colon && tl_error_like(tl_str_range(s.data, colon));
}

/* 37%|###, Epoch 3 */
static bool is_progress(tl_str s)
{
    size_t i = 0;
    while (i < s.len && digit(s.data[i]))
        i++;
    return (i > 0 && i + 1 < s.len && s.data[i] == '%' && s.data[i + 1] == '|') ||
           starts(s, "Epoch ");
}

/* A Java frame belongs to the message of an exception that came from Java only. */
static bool is_foreign_stack(const tl_machine *m, tl_str s)
{
    if (!starts(s, "at ") && !starts(s, "... "))
        return false;
    tl_str message = tl_buf_str(&m->draft.message);
    return tl_str_find(m->draft.exception, TL_STR("Java"), 0) == SIZE_MAX &&
           tl_str_find(message, TL_STR("\tat "), 0) == SIZE_MAX &&
           tl_str_find(message, TL_STR("java."), 0) == SIZE_MAX;
}

/* Whether a line belongs to the message.  MAYBE: it does if the text ends with it. */
typedef enum verdict { NO, MAYBE, YES } verdict;

/* A line at the margin, right below the message.  A new sentence is the message's own
 * in code if it is finished, and may be so (a note, PEP 678) if not; what begins
 * otherwise (a bracket, a lower-case word) is the rest of a sentence. */
static verdict judge_margin(const tl_machine *m, tl_str s)
{
    if (expects_more(m))
        return YES;
    if (is_another_error(s) || is_progress(s) || is_warning(s))
        return NO;
    if (m->draft.message.len == 0) /* a bare class: only a note can follow */
        return m->prose ? NO : MAYBE;
    bool word = digit(s.data[0]) || isalpha((unsigned char)s.data[0]);
    if (m->prose && word)
        return NO;
    if (!upper(s.data[0]))
        return YES;
    return strchr(".!:)", s.data[s.len - 1]) ? YES : MAYBE;
}

static verdict judge(const tl_machine *m, const tl_line *l)
{
    tl_str message = tl_buf_str(&m->draft.message);
    if (tl_without_fence(message).len < message.len) /* the code ended with it */
        return NO;
    if (tl_is_log_record(l->text) || is_foreign_stack(m, l->text))
        return NO;
    if (l->indent < m->message_indent)
        return NO;
    if (l->indent > 0)
        return m->blanks <= 2 ? YES : NO;
    /* Where every record bears a time or a process, a line at the margin is one. */
    bool records = m->stamped || prefix_has_digit(&m->prefix);
    if (is_new_matter(l->text) || is_rule(l->text) || m->loose >= MAX_LOOSE ||
        (records && !expects_more(m)))
        return NO;
    if (m->blanks == 0)
        return judge_margin(m, l->text);
    tl_str last = last_line(tl_buf_str(&m->draft.message));
    bool list = is_bullet(l->text) && is_bullet(last);
    return m->blanks <= 2 && (list || expects_more(m)) ? YES : NO;
}

static void add_message_line(tl_machine *m, tl_str line, const tl_line *l, verdict v)
{
    bool sure = v == YES && m->sure_message == m->draft.message.len;
    for (; m->blanks > 0; m->blanks--)
        tl_draft_message(&m->draft, TL_STR(""));
    if (l->indent == 0)
        m->loose++;
    tl_draft_message(&m->draft, tl_str_range(line.data, l->text.data + l->text.len));
    if (sure)
        m->sure_message = m->draft.message.len;
    m->user_code |= tl_str_find(l->text, TL_STR("in user code:"), 0) != SIZE_MAX;
}

/* A frame after an exception: a log record was taken for the exception, or the
 * frames belong to a trace inside of the message ("in user code:"). */
static int on_frame_in_message(tl_machine *m, tl_str line, const tl_line *l, tl_error *err)
{
    bool mistaken = m->loose == 0 && m->blanks == 0 && l->indent == m->frame_indent &&
                    m->draft.n_frames > 0 && !tl_error_like(m->draft.exception);
    if (mistaken) {
        tl_draft_exception(&m->draft, (tl_str){NULL, 0}, TL_STR(""));
        tl_add_frame(m, l);
        return TL_OK;
    }
    bool user_code = m->user_code;
    bool carried = user_code || m->blanks == 0;
    size_t delivered = *m->delivered;
    int rc = tl_machine_finish(m, err);
    if (rc == TL_OK && carried && *m->delivered > delivered) {
        m->link = TL_LINK_CAUSE;
        m->link_target = m->last_trace;
    }
    if (rc != TL_OK)
        return rc;
    if (!user_code)
        return tl_state_idle(m, line, err);
    tl_machine_open(m, TL_CPYTHON);
    m->header = true;
    tl_add_frame(m, l);
    return TL_OK;
}

int tl_state_message(tl_machine *m, tl_str line, tl_error *err)
{
    tl_line l;
    unsigned scopes = TL_SCOPE_ANY | (m->dialect == TL_PYTEST ? TL_SCOPE_PYTEST : 0);
    if (m->user_code)
        scopes |= TL_SCOPE_AUTOGRAPH;
    int rc = tl_machine_read(m, line, scopes, &l, err);
    if (rc != TL_OK)
        return rc;
    if (l.kind == TL_LINE_BLANK) {
        m->blanks++;
        return TL_OK;
    }
    if (is_rule_above(m, &l))
        return TL_OK;
    /* TorchScript's errors quote the place in the script as compilers do. */
    bool quoted = l.kind == TL_LINE_SYNTAX_FRAME && m->blanks == 0;
    if (tl_is_frame(l.kind) && !quoted)
        return on_frame_in_message(m, line, &l, err);
    if (l.kind == TL_LINE_CONTEXT || l.kind == TL_LINE_CAUSE)
        return tl_machine_chain(m, l.kind == TL_LINE_CONTEXT ? TL_LINK_CONTEXT : TL_LINK_CAUSE,
                                err);
    if (l.kind == TL_LINE_PYTEST_ERROR && m->last_kind == TL_LINE_PYTEST_FRAME) {
        tl_draft_message(&m->draft, l.rest);
        m->sure_message = m->draft.message.len;
        return TL_OK;
    }
    bool header = l.kind == TL_LINE_STACK_HEADER || l.kind == TL_LINE_REVERSE_HEADER;
    bool full = m->draft.message.len >= TL_GRAMMAR_MAX_MESSAGE - 1;
    verdict v = header || full || m->dialect == TL_PYTEST ? NO : judge(m, &l);
    if (v != NO) {
        add_message_line(m, line, &l, v);
        return TL_OK;
    }
    rc = tl_machine_finish(m, err);
    return rc == TL_OK ? tl_state_idle(m, line, err) : rc;
}
