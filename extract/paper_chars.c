#include "extract/paper_chars.h"

#include <stdlib.h>

#include "extract/regex.h"

struct tl_chars {
    tl_regex *kinds; /* one letter, digit or other number */
    tl_matcher *matcher;
    int status;
};

int tl_chars_new(tl_chars **out, tl_error *err)
{
    *out = NULL;
    tl_chars *c = calloc(1, sizeof *c);
    if (!c)
        return tl_fail_memory(err, "character classes");
    int rc = tl_regex_new(&c->kinds, "(\\p{L})|(\\p{Nd})|\\p{N}", TL_REGEX_ANCHORED, err);
    if (rc == TL_OK)
        rc = tl_matcher_new(&c->matcher, err);
    if (rc != TL_OK) {
        tl_chars_free(c);
        return rc;
    }
    *out = c;
    return TL_OK;
}

void tl_chars_free(tl_chars *c)
{
    if (!c)
        return;
    tl_regex_free(c->kinds);
    tl_matcher_free(c->matcher);
    free(c);
}

static unsigned ascii_class(char ch)
{
    if (tl_ascii_letter(ch))
        return TL_CHAR_LETTER | TL_CHAR_WORD;
    if (tl_ascii_digit(ch))
        return TL_CHAR_DIGIT | TL_CHAR_WORD;
    if (ch == '_')
        return TL_CHAR_WORD;
    if (ch == ' ' || (ch >= '\t' && ch <= '\r') || (ch >= 0x1c && ch <= 0x1f))
        return TL_CHAR_SPACE;
    return 0;
}

/* Decodes the character of two to four bytes at `p`; 0 if it is not well-formed
 * (stray or missing continuation, overlong, surrogate, beyond U+10FFFF). */
static unsigned decode(const unsigned char *p, size_t left, unsigned *len)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || left < n)
        return 0;
    unsigned code = p[0] & (0x7fu >> n);
    for (unsigned i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (p[i] & 0x3f);
    }
    if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    *len = n;
    return code;
}

static bool is_wide_space(unsigned code)
{
    return code == 0x85 || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
           code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

tl_char tl_chars_at(tl_chars *c, tl_str text, size_t at)
{
    const char *p = text.data + at;
    if ((unsigned char)*p < 0x80)
        return (tl_char){ascii_class(*p), 1};
    tl_char ch = {0, 1};
    unsigned code = decode((const unsigned char *)p, text.len - at, &ch.len);
    if (code == 0)
        return ch;
    if (is_wide_space(code)) {
        ch.class = TL_CHAR_SPACE;
        return ch;
    }
    int rc = tl_regex_find(c->kinds, c->matcher, (tl_str){p, ch.len}, 0);
    if (rc < 0)
        c->status = rc;
    if (rc > 0) {
        ch.class = TL_CHAR_WORD;
        if (tl_matcher_group(c->matcher, 1).data)
            ch.class |= TL_CHAR_LETTER;
        else if (tl_matcher_group(c->matcher, 2).data)
            ch.class |= TL_CHAR_DIGIT;
    }
    return ch;
}

size_t tl_chars_find(tl_chars *c, tl_str text, size_t at, unsigned mask, bool wanted)
{
    while (at < text.len) {
        tl_char ch = tl_chars_at(c, text, at);
        if (((ch.class & mask) != 0) == wanted)
            break;
        at += ch.len;
    }
    return at;
}

tl_str tl_chars_trim(tl_chars *c, tl_str s)
{
    size_t begin = tl_chars_find(c, s, 0, TL_CHAR_SPACE, false);
    size_t end = s.len;
    while (end > begin) {
        size_t at = end - 1;
        while (at > begin && ((unsigned char)s.data[at] & 0xc0) == 0x80)
            at--;
        /* Stray continuation bytes are no space: the character must end at `end`. */
        tl_char ch = tl_chars_at(c, (tl_str){s.data, end}, at);
        if (!(ch.class & TL_CHAR_SPACE) || at + ch.len != end)
            break;
        end = at;
    }
    return tl_str_range(s.data + begin, s.data + end);
}

int tl_chars_check(tl_chars *c, tl_error *err)
{
    int status = c->status;
    c->status = TL_OK;
    if (status == TL_NO_MEMORY)
        return tl_fail_memory(err, "character classes");
    if (status != TL_OK)
        return tl_fail(err, status, "the text could not be classified");
    return TL_OK;
}
