/* Where a message of several lines ends: nothing marks it, so this is judgement. */
#include "extract/grammar/machine.h"

enum { MAX_LOOSE = 12 }; /* message lines at the margin */

static bool starts(tl_str s, const char *word)
{
    size_t n = strlen(word);
    return s.len >= n && memcmp(s.data, word, n) == 0;
}

static bool digit(char c) { return c >= '0' && c <= '9'; }

/* 2020-01-02, 12:30:01, [2020-..., Jan 02 12:..., I0102, INFO */
static bool is_log_record(tl_str s)
{
    static const char *const levels[] = {"INFO", "DEBUG", "WARN", "ERROR", "CRITICAL", "FATAL",
                                         "TRACE", "NOTICE"};
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
    static const char *const begins[] = {
        ">>>", "$ ", "# ", "% ", "In [", "Out[", "C:\\", "PS ", "root@", "Process finished",
        "```", "~~~", "\"\"\"", "'''", "</", "<br", "##", "**", "<details", "<summary", "<p>", "<div", "<denchmark", "Traceback", "Exception ignored",
        "Exception in thread", "Call stack:", "During handling", "Error in ", "[Finished",
        "def ", "class ", "import ", "from ", "Caused by op", "Original stack trace",
        "--------------------------------", "================================"};
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

static bool is_bullet(tl_str s) { return s.len > 1 && strchr("-*", s.data[0]) && s.data[1] == ' '; }

bool tl_message_announces(const tl_machine *m)
{
    tl_str last = last_line(tl_buf_str(&m->draft.message));
    return last.len > 0 && last.data[last.len - 1] == ':';
}

/* A message whose next lines are its own: it is empty so far, announces something,
 * or stands in a frame of stars. */
static bool expects_more(const tl_machine *m)
{
    tl_str last = last_line(tl_buf_str(&m->draft.message));
    return last.len == 0 || last.data[0] == '*' || tl_message_announces(m);
}

static bool prefix_has_digit(const tl_prefix *p)
{
    for (size_t i = 0; i < p->ink; i++)
        if (digit(p->text[i]))
            return true;
    return false;
}

bool tl_message_continues(const tl_machine *m, const tl_line *l)
{
    if (is_log_record(l->text))
        return false;
    if (l->indent > 0)
        return m->blanks <= 2;
    /* Where every record bears a time or a process, a line at the margin is one. */
    if (is_new_matter(l->text) || m->loose >= MAX_LOOSE || prefix_has_digit(&m->prefix))
        return false;
    if (m->blanks == 0)
        return !m->prose;
    tl_str last = last_line(tl_buf_str(&m->draft.message));
    return m->blanks <= 2 && (expects_more(m) || (is_bullet(l->text) && is_bullet(last)));
}
