#include "reports/escape.h"

enum { REPLACEMENT = 0xFFFD };

uint32_t tl_utf8_next(tl_str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.data + *at;
    size_t left = s.len - *at;
    uint32_t c = p[0];
    size_t more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    ++*at;
    if (c < 0x80)
        return c;
    if (c < 0xC2 || c > 0xF4 || left <= more)
        return REPLACEMENT;
    uint32_t v = c & (0x3Fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return REPLACEMENT;
        v = v << 6 | (p[i] & 0x3F);
    }
    if (v < least[more] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
        return REPLACEMENT;
    *at += more;
    return v;
}

static void add_utf8(tl_buf *out, uint32_t c)
{
    char b[4];
    size_t n = 0;
    if (c < 0x80) {
        b[n++] = (char)c;
    } else if (c < 0x800) {
        b[n++] = (char)(0xC0 | c >> 6);
        b[n++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        b[n++] = (char)(0xE0 | c >> 12);
        b[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        b[n++] = (char)(0x80 | (c & 0x3F));
    } else {
        b[n++] = (char)(0xF0 | c >> 18);
        b[n++] = (char)(0x80 | (c >> 12 & 0x3F));
        b[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        b[n++] = (char)(0x80 | (c & 0x3F));
    }
    tl_buf_add(out, b, n);
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/* Bidirectional embeddings, overrides, isolates and marks. */
static bool turns_direction(uint32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

void tl_escape_html(tl_buf *out, tl_str s)
{
    for (size_t at = 0; at < s.len;) {
        uint32_t c = tl_utf8_next(s, &at);
        switch (c) {
        case '&':
            tl_buf_add_cstr(out, "&amp;");
            break;
        case '<':
            tl_buf_add_cstr(out, "&lt;");
            break;
        case '>':
            tl_buf_add_cstr(out, "&gt;");
            break;
        case '"':
            tl_buf_add_cstr(out, "&quot;");
            break;
        case '\'':
            tl_buf_add_cstr(out, "&#39;");
            break;
        default:
            add_utf8(out, is_control(c) && c != '\t' && c != '\n' ? REPLACEMENT : c);
        }
    }
}

void tl_escape_json(tl_buf *out, tl_str s)
{
    for (size_t at = 0; at < s.len;) {
        uint32_t c = tl_utf8_next(s, &at);
        if (c == '"' || c == '\\') {
            tl_buf_add_char(out, '\\');
            tl_buf_add_char(out, (char)c);
        } else if (c == '\n') {
            tl_buf_add_cstr(out, "\\n");
        } else if (is_control(c) || c == '<' || c == 0x2028 || c == 0x2029) {
            tl_buf_printf(out, "\\u%04x", (unsigned)c); /* '<' could end a script element */
        } else {
            add_utf8(out, c);
        }
    }
}

static const char *tex_command(uint32_t c)
{
    switch (c) {
    case '\\':
        return "\\textbackslash{}";
    case '{':
        return "\\{";
    case '}':
        return "\\}";
    case '$':
        return "\\$";
    case '&':
        return "\\&";
    case '#':
        return "\\#";
    case '_':
        return "\\_";
    case '%':
        return "\\%";
    case '^':
        return "\\textasciicircum{}";
    case '~':
        return "\\textasciitilde{}";
    case '<':
        return "\\textless{}";
    case '>':
        return "\\textgreater{}";
    case '|':
        return "\\textbar{}";
    case '"':
        return "''"; /* babel makes the plain character active */
    case 0x03B4:
        return "$\\delta$";
    case 0x2013:
        return "--";
    case 0x2014:
        return "---";
    default:
        return NULL;
    }
}

/* The letters of Latin-1 that every font encoding can build. */
static bool tex_has(uint32_t c)
{
    return c >= 0xC0 && c <= 0xFF && c != 0xD0 && c != 0xD7 && c != 0xDE && c != 0xF0 && c != 0xF7 &&
           c != 0xFE;
}

void tl_escape_tex(tl_buf *out, tl_str s)
{
    for (size_t at = 0; at < s.len;) {
        uint32_t c = tl_utf8_next(s, &at);
        const char *command = tex_command(c);
        if (command)
            tl_buf_add_cstr(out, command);
        else if (is_control(c))
            tl_buf_add_char(out, ' ');
        else
            add_utf8(out, c < 0x80 || tex_has(c) ? c : '?');
    }
}

void tl_escape_markdown(tl_buf *out, tl_str s)
{
    for (size_t at = 0; at < s.len;) {
        uint32_t c = tl_utf8_next(s, &at);
        if (c == '<')
            tl_buf_add_cstr(out, "&lt;");
        else if (c == '&')
            tl_buf_add_cstr(out, "&amp;");
        else if (is_control(c))
            tl_buf_add_char(out, ' ');
        else if (c < 0x80 && strchr("\\`*_[]|~$#>!", (int)c))
            tl_buf_add(out, (char[]){'\\', (char)c}, 2);
        else
            add_utf8(out, c);
    }
}

/* Columns that a terminal gives a character; near enough for padding. */
static size_t columns_of(uint32_t c)
{
    static const struct {
        uint32_t first, last;
        size_t columns;
    } ranges[] = {
        {0x0300, 0x036F, 0}, {0x1100, 0x115F, 2},   {0x200B, 0x200D, 0},   {0x20D0, 0x20FF, 0},
        {0x2E80, 0xA4CF, 2}, {0xAC00, 0xD7A3, 2},   {0xF900, 0xFAFF, 2},   {0xFE00, 0xFE0F, 0},
        {0xFE30, 0xFE6F, 2}, {0xFF00, 0xFF60, 2},   {0xFFE0, 0xFFE6, 2},   {0x1F300, 0x1F64F, 2},
        {0x1F680, 0x1F6FF, 2}, {0x1F900, 0x1F9FF, 2}, {0x20000, 0x3FFFD, 2},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return ranges[i].columns;
    return 1;
}

static uint32_t visible(uint32_t c)
{
    if (c < 0x20)
        return 0x2400 + c; /* the control pictures */
    if (c == 0x7F)
        return 0x2421;
    return is_control(c) || turns_direction(c) || c == 0x2028 || c == 0x2029 ? REPLACEMENT : c;
}

size_t tl_escape_terminal(tl_buf *out, tl_str s, size_t width)
{
    size_t used = 0;
    size_t cut_len = out->len, cut_used = 0; /* where an ellipsis would still fit */
    for (size_t at = 0; at < s.len;) {
        uint32_t c = visible(tl_utf8_next(s, &at));
        size_t columns = columns_of(c);
        if (width && used + columns > width) {
            out->len = cut_len;
            tl_buf_add_cstr(out, "\xE2\x80\xA6");
            return cut_used + 1;
        }
        add_utf8(out, c);
        used += columns;
        if (used < width) {
            cut_len = out->len;
            cut_used = used;
        }
    }
    return used;
}
