#include "extract/repair.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* The length of the valid UTF-8 character at p (n bytes are left), or 0. */
static size_t char_length(const unsigned char *p, size_t n)
{
    static const struct {
        unsigned char first, last, low, high; /* range of the lead and of the 2nd byte */
        unsigned char length;
    } forms[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
        {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
        {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (p[0] < forms[i].first || p[0] > forms[i].last)
            continue;
        if (n < forms[i].length || p[1] < forms[i].low || p[1] > forms[i].high)
            return 0;
        for (size_t k = 2; k < forms[i].length; k++)
            if ((p[k] & 0xC0) != 0x80)
                return 0;
        /* XML forbids U+FFFE and U+FFFF too. */
        if (p[0] == 0xEF && p[1] == 0xBF && p[2] >= 0xBE)
            return 0;
        return forms[i].length;
    }
    return 0;
}

static bool is_plain(unsigned char c)
{
    return (c >= 0x20 && c < 0x80) || c == '\t' || c == '\n' || c == '\r';
}

/* Are the eight bytes at `p` all in 0x20 .. 0x7F? */
static bool are_printable(const unsigned char *p)
{
    const uint64_t highs = 0x8080808080808080u, blanks = 0x2020202020202020u;
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return ((w | (w - blanks)) & highs) == 0;
}

size_t tl_text_valid(tl_str s, size_t from)
{
    const unsigned char *p = (const unsigned char *)s.data;
    size_t i = from;
    while (i < s.len) {
        if (s.len - i >= 8 && are_printable(p + i)) {
            i += 8;
            continue;
        }
        if (is_plain(p[i])) {
            i++;
            continue;
        }
        size_t n = p[i] < 0x80 ? 0 : char_length(p + i, s.len - i);
        if (n == 0)
            return i;
        i += n;
    }
    return i;
}

static bool is_xml_char(uint32_t c)
{
    return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* If "&#...;" at `at` refers to a forbidden character: its length, else 0.  What is
 * no reference at all is left for the parser to reject. */
static size_t bad_reference(tl_str s, size_t at)
{
    size_t i = at + 2;
    bool hex = i < s.len && s.data[i] == 'x';
    if (hex)
        i++;
    uint32_t c = 0;
    size_t digits = 0;
    for (; i < s.len; i++, digits++) {
        int d = hex_digit(s.data[i]);
        if (d < 0 || (!hex && d > 9))
            break;
        c = c > 0x110000 ? c : c * (hex ? 16 : 10) + (uint32_t)d;
    }
    if (digits == 0 || i == s.len || s.data[i] != ';' || is_xml_char(c))
        return 0;
    return i + 1 - at;
}

/* The next things to replace; each is searched for only once it is behind. */
typedef struct faults {
    size_t byte;      /* a bad byte, or the text's length */
    size_t reference; /* a forbidden reference, or the text's length */
} faults;

/* The next forbidden reference at or after `from`.  '#' is much rarer than '&'. */
static size_t next_bad_reference(tl_str s, size_t from)
{
    for (size_t at = from + 1; at < s.len; at++) {
        const char *p = memchr(s.data + at, '#', s.len - at);
        if (!p)
            break;
        at = (size_t)(p - s.data);
        if (p[-1] == '&' && bad_reference(s, at - 1) > 0)
            return at - 1;
    }
    return s.len;
}

static void look_on(faults *f, tl_str s, size_t from, bool references)
{
    if (f->byte < from || from == 0)
        f->byte = tl_text_valid(s, from);
    if (!references)
        f->reference = s.len;
    else if (f->reference < from || from == 0)
        f->reference = next_bad_reference(s, from);
}

size_t tl_repair(tl_str s, bool references, tl_buf *to)
{
    size_t count = 0, from = 0;
    faults f = {0, 0};
    for (;;) {
        look_on(&f, s, from, references);
        size_t at = f.byte < f.reference ? f.byte : f.reference;
        if (at >= s.len)
            break;
        if (count++ == 0)
            tl_buf_clear(to);
        tl_buf_add(to, s.data + from, at - from);
        tl_buf_add(to, replacement, 3);
        from = at + (at == f.byte ? 1 : bad_reference(s, at));
    }
    if (count)
        tl_buf_add(to, s.data + from, s.len - from);
    return count;
}
