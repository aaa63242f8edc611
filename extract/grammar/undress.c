#include "extract/grammar/undress.h"

#include <ctype.h>

#include "extract/grammar/utf8.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_space(char c) { return c == ' ' || c == '\t'; }

/* Bytes of other scripts count as letters: they never end a word. */
static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* --- cleaning ----------------------------------------------------------- */

static bool starts(tl_str s, size_t at, const char *literal)
{
    size_t n = strlen(literal);
    return s.len - at >= n && memcmp(s.data + at, literal, n) == 0;
}

/* Length of "[0;31m" (also "[?25l", "[2K" after a real escape) at `at`. */
static size_t csi_length(tl_str s, size_t at, bool colour_only)
{
    size_t i = at;
    if (i >= s.len || s.data[i] != '[')
        return 0;
    for (i++; i < s.len && i - at < 24; i++) {
        char c = s.data[i];
        if (is_digit(c) || c == ';' || (!colour_only && c == '?'))
            continue;
        if (c == 'm' && (!colour_only || is_digit(s.data[i - 1])))
            return i + 1 - at;
        return colour_only || !isalpha((unsigned char)c) ? 0 : i + 1 - at;
    }
    return 0;
}

/* Length of a terminal sequence at `at`: with a real escape character, with one
 * that was spelled out (\x1b, \u001b, \033, ^[) or repaired to U+FFFD, or with the
 * escape lost. */
static size_t colour_length(tl_str s, size_t at)
{
    static const char *const spelled[] = {"\\x1b", "\\x1B", "\\u001b", "\\u001B", "\\033", "^[",
                                          "\xEF\xBF\xBD"};
    if (s.data[at] == '\x1b') {
        size_t n = csi_length(s, at + 1, false);
        return 1 + n;
    }
    if (s.data[at] == '[')
        return csi_length(s, at, true);
    for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++)
        if (starts(s, at, spelled[i])) {
            size_t n = csi_length(s, at + strlen(spelled[i]), false);
            return n ? n + strlen(spelled[i]) : 0;
        }
    return 0;
}

static size_t entity_length(tl_str s, size_t at, char *decoded)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&amp;", '&'}, {"&#39;", '\''}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (starts(s, at, entities[i].name)) {
            *decoded = entities[i].c;
            return strlen(entities[i].name);
        }
    return 0;
}

enum { LINK_MAX = 600 }; /* bytes of a link's text, and of its address */

/* The text of a link and what stands around it. */
typedef struct link {
    size_t open, close, end; /* where the text begins and ends, where the link ends */
} link;

static size_t find_near(tl_str s, size_t from, char c)
{
    size_t reach = s.len - from < LINK_MAX ? s.len - from : LINK_MAX;
    const char *hit = memchr(s.data + from, c, reach);
    return hit ? (size_t)(hit - s.data) : SIZE_MAX;
}

static size_t digits_length(tl_str s, size_t at)
{
    size_t i = at;
    while (i < s.len && is_digit(s.data[i]))
        i++;
    return i - at;
}

/* A link of Markdown for a part of a frame, as Colab, Visual Studio Code and CI pages put
 * them around paths and line numbers: "File [x.py:3](https://...), in f",
 * "---> [3](file:///...) f()". */
static bool markdown_link(tl_str s, size_t at, link *l)
{
    static const char *const editor[] = {"(file:", "(vscode-"};
    l->open = at + 1;
    l->close = find_near(s, at, ']');
    if (l->close == SIZE_MAX || !starts(s, l->close + 1, "("))
        return false;
    l->end = find_near(s, l->close, ')');
    if (l->end++ == SIZE_MAX)
        return false;
    for (size_t i = 0; i < sizeof editor / sizeof *editor; i++)
        if (starts(s, l->close + 1, editor[i]))
            return true;
    bool number = l->close > l->open && digits_length(s, l->open) == l->close - l->open;
    bool path = (at >= 5 && starts(s, at - 5, "File ")) || starts(s, l->end, " in ") ||
                starts(s, l->end, ", in ");
    return starts(s, l->close + 1, "(http") && (number || path);
}

/* A link of HTML around a line number: <a href='vscode-notebook-cell:...'>3</a>. */
static bool editor_link(tl_str s, size_t at, link *l)
{
    static const char *const begins[] = {"<a href='vscode-", "<a href='file:"};
    if (!starts(s, at, begins[0]) && !starts(s, at, begins[1]))
        return false;
    l->open = find_near(s, at, '>');
    if (l->open++ == SIZE_MAX)
        return false;
    l->close = l->open + digits_length(s, l->open);
    l->end = l->close + 4;
    return starts(s, l->close, "</a>");
}

/* True for a byte that can begin something to clean. */
static bool suspicious(unsigned char c)
{
    return c >= 0x80 || c == '[' || c == '<' || c == '\\' || c == '^' || c == '&' ||
           (c < 0x20 && c != '\t') || c == 0x7F;
}

/* Copies one unit of the line at `at`; returns its length. */
static size_t clean_one(tl_str s, size_t at, tl_buf *out)
{
    unsigned char c = (unsigned char)s.data[at];
    char decoded;
    size_t n = colour_length(s, at);
    link l;
    if (n)
        return n;
    if (c == '[' ? markdown_link(s, at, &l) : c == '<' && editor_link(s, at, &l)) {
        for (size_t i = l.open; i < l.close;) /* holds no other link: it has no bracket */
            i += clean_one((tl_str){s.data, l.close}, i, out);
        return l.end - at;
    }
    if (c == '&' && (n = entity_length(s, at, &decoded))) {
        tl_buf_add_char(out, decoded);
        return n;
    }
    if (c < 0x20 || c == 0x7F) {
        if (c == '\t')
            tl_buf_add_char(out, '\t');
        return 1;
    }
    n = tl_utf8_length(s, at);
    if (n == 0) {
        tl_buf_add_cstr(out, "\xEF\xBF\xBD");
        return 1;
    }
    /* A no-break space in an indented paste is a space. */
    if (n == 2 && c == 0xC2 && (unsigned char)s.data[at + 1] == 0xA0)
        tl_buf_add_char(out, ' ');
    else
        tl_buf_add(out, s.data + at, n);
    return n;
}

tl_str tl_undress_clean(tl_str line, tl_buf *scratch)
{
    size_t at = 0;
    while (at < line.len && !suspicious((unsigned char)line.data[at]))
        at++;
    if (at == line.len)
        return line;
    tl_buf_clear(scratch);
    tl_buf_add(scratch, line.data, at);
    while (at < line.len) {
        size_t plain = at;
        while (plain < line.len && !suspicious((unsigned char)line.data[plain]))
            plain++;
        tl_buf_add(scratch, line.data + at, plain - at);
        at = plain;
        if (at < line.len)
            at += clean_one(line, at, scratch);
    }
    return tl_buf_str(scratch);
}

/* Length of "2024-03-05T10:20:30.1234567Z " at `at`; 0 where there is none. */
static size_t stamp_length(tl_str s, size_t at)
{
    static const char form[] = "0000-00-00T00:00:00";
    size_t n = at;
    for (size_t i = 0; i < sizeof form - 1; i++, n++)
        if (n >= s.len || (form[i] == '0' ? !is_digit(s.data[n]) : s.data[n] != form[i]))
            return 0;
    if (starts(s, n, "."))
        n += 1 + digits_length(s, n + 1);
    if (!starts(s, n, "Z ") && !(starts(s, n, "Z") && n + 1 == s.len))
        return 0;
    return n + 2 < s.len ? n + 2 - at : s.len - at;
}

tl_str tl_undress_stamp(tl_str line)
{
    static const char *const streams[] = {"stdout F ", "stderr F "}; /* Kubernetes' */
    size_t at = 0, n;
    for (int tabs = 0; !(n = stamp_length(line, at)); tabs++) { /* "job\tstep\t2024-..." */
        bool more = tabs < 2 && at < line.len;
        const char *tab = more ? memchr(line.data + at, '\t', line.len - at) : NULL;
        if (!tab)
            return line;
        at = (size_t)(tab - line.data) + 1;
    }
    at += n;
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
        if (starts(line, at, streams[i]))
            at += strlen(streams[i]);
    return (tl_str){line.data + at, line.len - at};
}

/* --- prefixes ----------------------------------------------------------- */

void tl_prefix_learn(tl_prefix *p, tl_str before)
{
    p->len = p->ink = 0;
    p->box = false;
    if (before.len > sizeof p->text)
        return;
    memcpy(p->text, before.data, before.len);
    p->len = p->ink = before.len;
    while (p->ink > 0 && is_space(p->text[p->ink - 1]))
        p->ink--;
    /* The first line of an exception group begins with "+", the others with "|". */
    if (p->ink > 0 && p->text[p->ink - 1] == '+')
        p->text[p->ink - 1] = '|';
}

/* Length of the word at s[at]; *digits says whether it holds a digit. */
static size_t word_length(const char *s, size_t len, size_t at, bool *digits)
{
    size_t i = at;
    *digits = false;
    for (; i < len && is_word(s[i]); i++)
        *digits |= is_digit(s[i]);
    return i - at;
}

static bool all_digits(const char *s, size_t n)
{
    return digits_length((tl_str){s, n}, 0) == n;
}

static size_t space_length(const char *s, size_t len, size_t at)
{
    size_t i = at;
    while (i < len && is_space(s[i]))
        i++;
    return i - at;
}

/* Where in `line` the inked part of the prefix ends; SIZE_MAX where it differs. */
static size_t match_ink(const tl_prefix *p, tl_str line)
{
    size_t i = 0, j = 0;
    while (i < p->ink) {
        if (j >= line.len)
            return SIZE_MAX;
        bool digits, other;
        size_t n = word_length(p->text, p->ink, i, &digits);
        if (n > 0) {
            size_t m = word_length(line.data, line.len, j, &other);
            if (all_digits(p->text + i, n)) /* "2590" of "2590Error" is the number */
                m = other ? digits_length(line, j) : m;
            bool same = n == m && memcmp(p->text + i, line.data + j, n) == 0;
            if (!same && (!digits || !other || m == 0))
                return SIZE_MAX;
            i += n, j += m;
            continue;
        }
        n = space_length(p->text, p->ink, i);
        if (n > 0) {
            size_t m = space_length(line.data, line.len, j);
            if (m == 0)
                return SIZE_MAX;
            i += n, j += m;
            continue;
        }
        if (p->text[i++] != line.data[j++])
            return SIZE_MAX;
    }
    return j;
}

/* Where the innermost left border of a box begins in the prefix; SIZE_MAX for none. */
static size_t last_border(tl_str prefix)
{
    for (size_t i = prefix.len; i-- > 0;)
        if (prefix.data[i] == '|' || starts(prefix, i, "\xE2\x94\x82"))
            return i;
    return SIZE_MAX;
}

/* Drops a right border of a box and the spaces before it. */
static tl_str drop_border(tl_str s)
{
    while (s.len > 0 && is_space(s.data[s.len - 1]))
        s.len--;
    if (s.len >= 3 && memcmp(s.data + s.len - 3, "\xE2\x94\x82", 3) == 0)
        s.len -= 3;
    else if (s.len > 0 && s.data[s.len - 1] == '|')
        s.len--;
    while (s.len > 0 && is_space(s.data[s.len - 1]))
        s.len--;
    return s;
}

tl_str tl_prefix_strip(const tl_prefix *p, tl_str line)
{
    size_t at = match_ink(p, line);
    size_t indent = space_length(line.data, line.len, 0);
    bool outside = p->ink == 0 && indent < p->len && indent < line.len;
    if (at == SIZE_MAX || outside)
        return (tl_str){NULL, 0};
    /* No more spaces than the prefix has: what follows is the line's own indent. */
    size_t spaces = p->len - p->ink;
    while (spaces > 0 && at < line.len && is_space(line.data[at]))
        at++, spaces--;
    tl_str rest = {line.data + at, line.len - at}, borders = {p->text, p->box ? p->ink : 0};
    while ((borders.len = last_border(borders)) != SIZE_MAX)
        rest = drop_border(rest);
    return rest;
}

tl_str tl_prefix_strip_outer(const tl_prefix *p, tl_str line)
{
    tl_prefix outer;
    tl_prefix_learn(&outer, (tl_str){p->text, last_border((tl_str){p->text, p->ink})});
    outer.box = true;
    tl_str rest = outer.ink > 0 ? tl_prefix_strip(&outer, line) : line;
    return rest.data ? rest : line;
}

bool tl_prefix_shorten(tl_prefix *p, tl_str line)
{
    for (size_t k = 1; k < p->ink; k++) {
        if (is_space(p->text[k]) || (is_word(p->text[k]) && is_word(p->text[k - 1])))
            continue;
        tl_prefix rest = *p;
        memmove(rest.text, rest.text + k, rest.len - k);
        rest.len -= k;
        rest.ink -= k;
        if (match_ink(&rest, line) == SIZE_MAX)
            continue;
        *p = rest;
        return true;
    }
    return false;
}

bool tl_prefix_plausible(tl_str before)
{
    size_t n = before.len;
    while (n > 0 && is_space(before.data[n - 1]))
        n--;
    if (n == 0)
        return true;
    if (n > TL_PREFIX_MAX)
        return false;
    char last = before.data[n - 1];
    if (strchr(">|])}:#-.;*!+/", last) || is_digit(last))
        return true;
    return last == 'Z' && n > 1 && is_digit(before.data[n - 2]);
}
