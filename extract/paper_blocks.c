#include "extract/paper_blocks.h"

static bool holds_at(tl_str text, size_t at, const char *ascii)
{
    size_t n = strlen(ascii);
    return text.len >= n && at <= text.len - n &&
           tl_str_eq_nocase((tl_str){text.data + at, n}, ascii);
}

/* Every tag looked for begins with '<', which memchr finds quickly. */
size_t tl_paper_find_nocase(tl_str text, const char *ascii, size_t from)
{
    while (from < text.len) {
        const char *p = memchr(text.data + from, ascii[0], text.len - from);
        if (!p)
            break;
        from = (size_t)(p - text.data);
        if (holds_at(text, from, ascii))
            return from;
        from++;
    }
    return SIZE_MAX;
}

/* The byte after the next <pre> or <pre ...>.  Between "pre" and its attributes
 * stands white space, so that <preview> opens nothing. */
static size_t find_opening(tl_str body, size_t at)
{
    while ((at = tl_paper_find_nocase(body, "<pre", at)) != SIZE_MAX) {
        at += strlen("<pre");
        if (at >= body.len)
            return SIZE_MAX;
        if (!strchr("> \t\n\f\r", body.data[at]) || body.data[at] == '\0')
            continue;
        const char *end = memchr(body.data + at, '>', body.len - at);
        return end ? (size_t)(end - body.data) + 1 : SIZE_MAX;
    }
    return SIZE_MAX;
}

bool tl_paper_next_block(tl_str body, size_t *at, tl_str *block)
{
    size_t begin = find_opening(body, *at);
    if (begin == SIZE_MAX)
        return false;
    if (holds_at(body, begin, "<code>"))
        begin += strlen("<code>");
    /* All three closings hold a </pre>, and the nearest closing holds the nearest
     * one; without any, no later opening is closed either. */
    size_t close = tl_paper_find_nocase(body, "</pre>", begin);
    if (close == SIZE_MAX)
        return false;
    size_t end = close, after = close + strlen("</pre>");
    const size_t code = strlen("</code>");
    if (close - begin >= code && holds_at(body, close - code, "</code>"))
        end = close - code;
    else if (holds_at(body, after, "</code>"))
        after += code;
    else
        end = after;
    *block = tl_str_range(body.data + begin, body.data + end);
    *at = after;
    return true;
}

int64_t tl_paper_lines(tl_str block)
{
    int64_t lines = 0;
    char before = '\n';
    for (size_t i = 0; i < block.len; i++) {
        lines += block.data[i] != '\n' && before == '\n';
        before = block.data[i];
    }
    return lines;
}

/* What stands at `p`: the character it decodes to and how many bytes it takes. */
static size_t decode_one(tl_str rest, bool newlines, char *out)
{
    static const struct {
        tl_str text;
        char decoded;
    } table[] = {
        {{"&lt;", 4}, '<'}, {{"&gt;", 4}, '>'}, {{"&quot;", 6}, '"'}, {{"\\n", 2}, '\n'}};
    const size_t n = sizeof table / sizeof table[0] - (newlines ? 0 : 1);
    if (*rest.data == '&' || *rest.data == '\\') {
        for (size_t i = 0; i < n; i++) {
            tl_str t = table[i].text;
            if (rest.len >= t.len && memcmp(rest.data, t.data, t.len) == 0) {
                *out = table[i].decoded;
                return t.len;
            }
        }
    }
    *out = *rest.data;
    return 1;
}

/* One pass does what a pass for newlines and then one for entities would: neither
 * can bring forth what the other looks for. */
int tl_paper_decode(tl_str block, bool newlines, tl_arena *arena, tl_str *out, tl_error *err)
{
    char *text = tl_arena_alloc(arena, block.len + 1);
    if (!text)
        return tl_fail_memory(err, "a decoded code block");
    size_t n = 0;
    for (size_t i = 0; i < block.len; n++)
        i += decode_one((tl_str){block.data + i, block.len - i}, newlines, &text[n]);
    text[n] = '\0';
    *out = (tl_str){text, n};
    return TL_OK;
}
