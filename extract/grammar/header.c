/* Where a traceback begins in a line, and tracebacks that lost their newlines. */
#include "extract/grammar/machine.h"

static size_t word_begin(tl_str line, size_t end)
{
    while (end > 0) {
        char c = line.data[end - 1];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '_' || c == '.' || c == '(' || c == ')';
        if (!word)
            break;
        end--;
    }
    return end;
}

static bool ends_with(tl_str line, size_t end, const char *word)
{
    size_t n = strlen(word);
    return end >= n && memcmp(line.data + end - n, word, n) == 0;
}

/* IPython's header has the class, spaces, and no colon: "KeyError    Traceback". */
static size_t before_class(tl_str line, size_t at)
{
    size_t spaces = at;
    while (spaces > 0 && (line.data[spaces - 1] == ' ' || line.data[spaces - 1] == '\t'))
        spaces--;
    size_t begin = word_begin(line, spaces);
    tl_str name = tl_str_range(line.data + begin, line.data + spaces);
    while (name.len > 0 && name.data[0] >= '0' && name.data[0] <= '9')
        name.data++, name.len--, begin++;
    bool wide = at - spaces >= 5 && name.len > 0 && name.data[name.len - 1] != '.';
    bool named = name.len > 0 && tl_error_like(name) && name.data[0] != '(';
    return at > spaces && (wide || named) ? begin : at;
}

size_t tl_find_header(tl_str line)
{
    static const tl_str needle = {"(most recent call last)", 23};
    const char *hit = memmem(line.data, line.len, needle.data, needle.len);
    if (!hit)
        return SIZE_MAX;
    size_t at = (size_t)(hit - line.data);
    if (ends_with(line, at, "Traceback of TorchScript "))
        return at - 25;
    if (!ends_with(line, at, "Traceback "))
        return SIZE_MAX;
    at -= 10;
    tl_str after = tl_str_range(hit + needle.len, line.data + line.len);
    if (ends_with(line, at, "Exception Group "))
        return at - 16;
    if (ends_with(line, at, "Original "))
        return at - 9;
    if (at > 0 && (after.len == 0 || after.data[0] != ':'))
        return before_class(line, at);
    return at;
}

static bool starts(tl_str s, size_t at, tl_str word)
{
    return s.len - at >= word.len && memcmp(s.data + at, word.data, word.len) == 0;
}

enum { FRAME_REACH = 600 }; /* bytes within which a frame names its line */

/* True where a frame of CPython's form begins at `at`. */
static bool starts_frame(tl_str s, size_t at)
{
    if (!starts(s, at, TL_STR("File \"")) && !starts(s, at, TL_STR("File \\\"")) &&
        !starts(s, at, TL_STR("File \xE2")))
        return false;
    size_t n = s.len - at < FRAME_REACH ? s.len - at : FRAME_REACH;
    return memmem(s.data + at, n, ", line ", 7) != NULL;
}

/* Where the next line began in a text that lost its newlines, or the end. */
static size_t next_start(tl_str text, size_t from)
{
    static const tl_str begins[] = {{"Traceback (most recent", 22},
                                    {"During handling of the above", 28},
                                    {"The above exception was the", 27}};
    for (size_t at = from; at < text.len; at++) {
        if (text.data[at] == 'F' && starts_frame(text, at))
            return at;
        if (text.data[at] != 'T' && text.data[at] != 'D')
            continue;
        for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
            if (starts(text, at, begins[i]))
                return at;
    }
    return text.len;
}

static int explode_starts(tl_machine *m, tl_str text,
                          int (*line)(tl_machine *, tl_str, tl_error *), tl_error *err)
{
    for (size_t at = next_start(text, 0); at < text.len;) {
        size_t end = next_start(text, at + 5);
        int rc = line(m, (tl_str){text.data + at, end - at}, err);
        if (rc != TL_OK)
            return rc;
        at = end;
    }
    return TL_OK;
}

/* Whether a frame stands after a newline that was written as \n; the \n of a path
 * as C:\data\notes is none. */
static bool has_escaped_frame(tl_str text)
{
    for (size_t at = 0; (at = tl_str_find(text, TL_STR("\\n"), at)) != SIZE_MAX; at += 2) {
        size_t i = at + 2;
        while (i < text.len && i < at + 16 && strchr(" !>|#", text.data[i]))
            i++;
        if (starts_frame(text, i))
            return true;
    }
    return false;
}

/* Newlines and quotes that were written as \n and \"; where quotes were, a bare one
 * ends the string, and a message in it. */
static int explode_escaped(tl_machine *m, tl_str text,
                           int (*line)(tl_machine *, tl_str, tl_error *), tl_error *err)
{
    bool quotes = tl_str_find(text, TL_STR("File \\\""), 0) != SIZE_MAX;
    tl_buf b = {0};
    int rc = TL_OK;
    for (size_t i = 0; i <= text.len && rc == TL_OK; i++) {
        char next = i + 1 < text.len ? text.data[i + 1] : '\0';
        bool escape = i < text.len && text.data[i] == '\\';
        bool end = i == text.len || (quotes && text.data[i] == '"');
        if (end || (escape && next == 'n')) {
            rc = tl_buf_check(&b, "a line", err);
            if (rc == TL_OK)
                rc = line(m, tl_buf_str(&b), err);
            tl_buf_clear(&b);
            if (end)
                break;
            i++;
        } else if (escape && (next == '"' || next == '\'' || next == '\\')) {
            tl_buf_add_char(&b, next);
            i++;
        } else if (escape && next == 'r') {
            i++;
        } else {
            tl_buf_add_char(&b, text.data[i]);
        }
    }
    tl_buf_free(&b);
    if (rc != TL_OK || !quotes || m->state != TL_MESSAGE)
        return rc;
    tl_machine_keep_message(m);
    return tl_machine_finish(m, err);
}

static size_t next_frame(tl_str text, size_t from)
{
    for (size_t at = from; (at = tl_str_find(text, TL_STR("File "), at)) != SIZE_MAX; at++)
        if (starts_frame(text, at))
            return at;
    return text.len;
}

size_t tl_lost_newlines(tl_str line, bool open)
{
    size_t first = next_frame(line, 0);
    if (first == line.len)
        return SIZE_MAX;
    size_t begin = 0;
    while (line.data[begin] == ' ' || line.data[begin] == '\t' || line.data[begin] == '>')
        begin++;
    if (open && first > begin)
        return first;
    return next_frame(line, first + 5) < line.len ? first : SIZE_MAX;
}

int tl_explode(tl_machine *m, tl_str text, int (*line)(tl_machine *, tl_str, tl_error *),
               tl_error *err)
{
    if (has_escaped_frame(text))
        return explode_escaped(m, text, line, err);
    return explode_starts(m, text, line, err);
}

bool tl_split_exception(tl_str text, tl_str *source, tl_str *exception)
{
    for (size_t i = 0; i <= text.len; i++) {
        bool colon = i + 1 < text.len && text.data[i] == ':' && text.data[i + 1] == ' ';
        bool end = i == text.len;
        if (!colon && !end)
            continue;
        size_t begin = i;
        while (begin > 0 && text.data[begin - 1] != ' ' && i - begin < 200)
            begin--;
        tl_str name = tl_str_range(text.data + begin, text.data + i);
        if (name.len > 0 && memchr(name.data, '(', name.len) == NULL && tl_error_like(name)) {
            *source = (tl_str){text.data, begin};
            *exception = (tl_str){text.data + begin, text.len - begin};
            return true;
        }
    }
    return false;
}
