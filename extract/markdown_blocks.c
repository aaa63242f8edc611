#include "extract/markdown_blocks.h"

#include <ctype.h>
#include <strings.h>

typedef enum where { PROSE, FENCE, INDENTED, TAGGED } where;

typedef struct reader {
    tl_arena *arena;
    tl_blocks *blocks;
    tl_buf text;
    where in;
    bool failed;
    bool after_blank; /* the line before was blank: indented code may begin */
    size_t item;      /* columns of the list item that the line is in */
    char fence;       /* FENCE: its character, length, indentation, quote depth */
    size_t length, indent, quotes;
    const char *tag;  /* TAGGED: the element that holds the code */
} reader;

/* Elements whose content is shown as code.  denchmark-code is how the Denchmark
 * collection of issues writes a fence. */
static const char *const code_tags[] = {"pre", "denchmark-code"};

static void flush(reader *r, bool code)
{
    if (r->text.failed || !tl_blocks_add(r->blocks, r->arena, tl_buf_str(&r->text), code))
        r->failed = true;
    tl_buf_clear(&r->text);
}

static void turn(reader *r, where next)
{
    flush(r, r->in != PROSE);
    r->in = next;
}

static void add_line(reader *r, tl_str line)
{
    tl_buf_add_str(&r->text, line);
    tl_buf_add_char(&r->text, '\n');
}

/* White space at the start, a tab counted to the next multiple of four. */
static size_t columns(tl_str s, size_t *bytes)
{
    size_t c = 0, i = 0;
    for (; i < s.len && (s.data[i] == ' ' || s.data[i] == '\t'); i++)
        c += s.data[i] == '\t' ? 4 - c % 4 : 1;
    if (bytes)
        *bytes = i;
    return c;
}

static tl_str skip(tl_str s, size_t n) { return (tl_str){s.data + n, s.len - n}; }

/* Drops up to `n` columns of white space. */
static tl_str dedent(tl_str s, size_t n)
{
    size_t c = 0, i = 0;
    while (i < s.len && c < n && (s.data[i] == ' ' || s.data[i] == '\t')) {
        c += s.data[i] == '\t' ? 4 - c % 4 : 1;
        i++;
    }
    return skip(s, i);
}

static bool is_blank(tl_str s)
{
    size_t bytes;
    columns(s, &bytes);
    return bytes == s.len;
}

/* Takes up to `max` quote marks off; *depth says how many there were. */
static tl_str unquote(tl_str s, size_t max, size_t *depth)
{
    *depth = 0;
    while (*depth < max) {
        size_t bytes;
        if (columns(s, &bytes) > 3 || bytes == s.len || s.data[bytes] != '>')
            break;
        s = skip(s, bytes + 1);
        if (s.len > 0 && s.data[0] == ' ')
            s = skip(s, 1);
        ++*depth;
    }
    return s;
}

/* Length of a list marker with its indentation and one space, 0 for none. */
static size_t list_marker(tl_str s)
{
    size_t i, digits = 0;
    if (columns(s, &i) > 3 || i == s.len)
        return 0;
    if (strchr("-*+", s.data[i])) {
        i++;
    } else {
        while (i < s.len && digits < 9 && s.data[i] >= '0' && s.data[i] <= '9')
            i++, digits++;
        if (digits == 0 || i == s.len || (s.data[i] != '.' && s.data[i] != ')'))
            return 0;
        i++;
    }
    return i < s.len && s.data[i] == ' ' ? i + 1 : 0;
}

/* Length of the fence at the start of `s` (after its indentation), 0 for none. */
static size_t fence_length(tl_str s, char *mark)
{
    if (s.len < 3 || (s.data[0] != '`' && s.data[0] != '~'))
        return 0;
    size_t n = 0;
    while (n < s.len && s.data[n] == s.data[0])
        n++;
    *mark = s.data[0];
    bool code_span = *mark == '`' && memchr(s.data + n, '`', s.len - n);
    return n >= 3 && !code_span ? n : 0;
}

/* The element that `s` opens, if it is one that holds code. */
static const char *opens_tag(tl_str s)
{
    for (size_t i = 0; i < sizeof code_tags / sizeof *code_tags; i++) {
        size_t n = strlen(code_tags[i]);
        if (s.len > n + 1 && s.data[0] == '<' && strncasecmp(s.data + 1, code_tags[i], n) == 0 &&
            (s.data[n + 1] == '>' || s.data[n + 1] == ' '))
            return code_tags[i];
    }
    return NULL;
}

/* Where "</tag" begins in `s`, or SIZE_MAX. */
static size_t closes_tag(tl_str s, const char *tag)
{
    size_t n = strlen(tag);
    for (size_t at = 0; (at = tl_str_find(s, TL_STR("</"), at)) != SIZE_MAX; at += 2)
        if (s.len - at >= n + 2 && strncasecmp(s.data + at + 2, tag, n) == 0)
            return at;
    return SIZE_MAX;
}

static void in_tag(reader *r, tl_str line)
{
    size_t end = closes_tag(line, r->tag);
    add_line(r, end == SIZE_MAX ? line : (tl_str){line.data, end});
    if (end == SIZE_MAX)
        return;
    turn(r, PROSE);
    const char *close = memchr(line.data + end, '>', line.len - end);
    if (close)
        add_line(r, tl_str_range(close + 1, line.data + line.len));
}

/* A line inside of a fence; false where the fence's container ended before it. */
static bool in_fence(reader *r, tl_str line)
{
    size_t depth, bytes;
    char mark = 0;
    tl_str s = unquote(line, r->quotes, &depth);
    if (depth < r->quotes) {
        turn(r, PROSE);
        return false;
    }
    size_t c = columns(s, &bytes);
    tl_str rest = skip(s, bytes);
    size_t n = fence_length(rest, &mark);
    if (n >= r->length && mark == r->fence && c <= r->indent + 3 && is_blank(skip(rest, n)))
        turn(r, PROSE);
    else
        add_line(r, dedent(s, r->indent));
    return true;
}

static bool opens_fence(reader *r, tl_str s, size_t depth)
{
    size_t bytes;
    size_t c = columns(s, &bytes);
    char mark = 0;
    size_t n = fence_length(skip(s, bytes), &mark);
    if (n == 0 || c > r->item + 3)
        return false;
    turn(r, FENCE);
    r->fence = mark;
    r->length = n;
    r->indent = c;
    r->quotes = depth;
    return true;
}

static void in_prose(reader *r, tl_str line)
{
    size_t depth, bytes;
    tl_str s = unquote(line, SIZE_MAX, &depth);
    bool blank = is_blank(s);
    size_t c = columns(s, &bytes);
    if (!blank && c >= r->item + 4 && (r->after_blank || r->in == INDENTED)) {
        if (r->in != INDENTED)
            turn(r, INDENTED);
        add_line(r, dedent(s, r->item + 4));
        return;
    }
    if (r->in == INDENTED && !blank)
        turn(r, PROSE);
    r->after_blank = blank;
    if (blank) {
        add_line(r, TL_STR(""));
        return;
    }
    size_t marker = list_marker(s);
    if (marker > 0)
        r->item = marker;
    else if (c < r->item)
        r->item = 0;
    tl_str content = skip(s, marker > 0 ? marker : 0);
    if (opens_fence(r, content, depth)) {
        r->indent += marker;
        return;
    }
    const char *tag = opens_tag(skip(s, bytes));
    if (tag) {
        const char *end = memchr(s.data, '>', s.len);
        turn(r, TAGGED);
        r->tag = tag;
        in_tag(r, end ? tl_str_range(end + 1, s.data + s.len) : TL_STR(""));
        return;
    }
    add_line(r, s);
}

int tl_markdown_blocks(tl_str body, tl_arena *arena, tl_blocks *out, tl_error *err)
{
    *out = (tl_blocks){0};
    reader r = {.arena = arena, .blocks = out, .after_blank = true};
    for (size_t at = 0; at < body.len && !r.failed;) {
        const char *nl = memchr(body.data + at, '\n', body.len - at);
        size_t n = nl ? (size_t)(nl - body.data) - at : body.len - at;
        tl_str line = {body.data + at, n};
        at += n + 1;
        if (line.len > 0 && line.data[line.len - 1] == '\r')
            line.len--;
        if (r.in == TAGGED)
            in_tag(&r, line);
        else if (r.in != FENCE || !in_fence(&r, line))
            in_prose(&r, line);
    }
    flush(&r, r.in != PROSE);
    tl_buf_free(&r.text);
    return r.failed ? tl_fail_memory(err, "a body's blocks") : TL_OK;
}
