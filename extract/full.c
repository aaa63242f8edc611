#include "extract/full.h"

#include <ctype.h>
#include <stdlib.h>

#include "extract/grammar/grammar.h"
#include "extract/grammar/lines.h"
#include "extract/grammar/template.h"
#include "extract/grammar/undress.h"
#include "extract/html_blocks.h"
#include "extract/markdown_blocks.h"
#include "extract/regex.h"
#include "extract/repair.h"

struct tl_full {
    tl_html *html;
    tl_grammar *grammar;
    tl_lines *lines;
    tl_regex *letter;
    tl_matcher *matcher;
    tl_buf repaired, clean, template;
};

int tl_full_new(tl_full **out, tl_error *err)
{
    *out = NULL;
    tl_full *f = calloc(1, sizeof *f);
    if (!f)
        return tl_fail_memory(err, "the reader of posts");
    int rc = tl_html_new(&f->html, err);
    if (rc == TL_OK)
        rc = tl_grammar_new(&f->grammar, err);
    if (rc == TL_OK)
        rc = tl_lines_new(&f->lines, err);
    if (rc == TL_OK)
        rc = tl_regex_new(&f->letter, "\\pL", 0, err);
    if (rc == TL_OK)
        rc = tl_matcher_new(&f->matcher, err);
    if (rc != TL_OK) {
        tl_full_free(f);
        return rc;
    }
    *out = f;
    return TL_OK;
}

void tl_full_free(tl_full *f)
{
    if (!f)
        return;
    tl_html_free(f->html);
    tl_grammar_free(f->grammar);
    tl_lines_free(f->lines);
    tl_regex_free(f->letter);
    tl_matcher_free(f->matcher);
    tl_buf_free(&f->repaired);
    tl_buf_free(&f->clean);
    tl_buf_free(&f->template);
    free(f);
}

/* --- words and lines ----------------------------------------------------- */

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Length of the white space character at text[i], no-break space included; 0 for
 * anything else. */
static size_t space_length(tl_str text, size_t i)
{
    if (is_space(text.data[i]))
        return 1;
    return i + 1 < text.len && memcmp(text.data + i, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

static bool has_letter(const tl_full *f, tl_str token)
{
    bool other = false;
    for (size_t i = 0; i < token.len; i++) {
        if (isalpha((unsigned char)token.data[i]))
            return true;
        other |= (unsigned char)token.data[i] >= 0x80;
    }
    return other && tl_regex_find(f->letter, f->matcher, token, 0) == 1;
}

static int64_t count_words(const tl_full *f, tl_str text)
{
    int64_t words = 0;
    for (size_t i = 0; i < text.len;) {
        size_t begin = i, space = 0;
        while (i < text.len && (space = space_length(text, i)) == 0)
            i++;
        if (i > begin && has_letter(f, (tl_str){text.data + begin, i - begin}))
            words++;
        if (i < text.len)
            i += space;
    }
    return words;
}

/* Cuts the next line off *rest, without its end. */
static tl_str next_line(tl_str *rest)
{
    const char *nl = memchr(rest->data, '\n', rest->len);
    tl_str line = {rest->data, nl ? (size_t)(nl - rest->data) : rest->len};
    size_t step = line.len + (nl != NULL);
    rest->data += step;
    rest->len -= step;
    return line;
}

static bool is_blank(tl_str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (!is_space(line.data[i]))
            return false;
    return true;
}

static int64_t count_lines(tl_str text)
{
    int64_t lines = 0;
    while (text.len > 0)
        lines += !is_blank(next_line(&text));
    return lines;
}

/* --- error lines --------------------------------------------------------- */

/* Reads "ValueError: Shapes do not match" into *e: 1, or 0 for any other line. */
static int read_error(tl_full *f, tl_str raw, tl_error_line *e, tl_error *err)
{
    if (!memchr(raw.data, ':', raw.len))
        return 0;
    if (raw.len > TL_GRAMMAR_MAX_LINE)
        raw.len = TL_GRAMMAR_MAX_LINE;
    tl_str line = tl_undress_clean(raw, &f->clean);
    int rc = tl_buf_check(&f->clean, "a line", err);
    if (rc != TL_OK)
        return rc;
    if (line.len > 4 && memcmp(line.data, "E   ", 4) == 0) /* pytest */
        line.data += 4, line.len -= 4;
    tl_line l;
    rc = tl_lines_read(f->lines, line, TL_SCOPE_OPEN, &l);
    if (rc != TL_OK)
        return rc == TL_NO_MEMORY ? tl_fail_memory(err, "a match")
                                  : tl_fail(err, rc, "a line pattern hit its match limit");
    *e = (tl_error_line){.exception = l.name, .message = tl_without_fence(l.rest)};
    return l.kind == TL_LINE_EXCEPTION && tl_error_like(l.name) && e->message.len > 0;
}

static int add_error(tl_full *f, tl_reading *out, size_t *cap, tl_arena *arena, const tl_error_line *e,
                     tl_error *err)
{
    if (out->n_errors == *cap) {
        size_t more = *cap ? 2 * *cap : 4;
        tl_error_line *errors = tl_arena_calloc(arena, more, sizeof *errors);
        if (!errors)
            return tl_fail_memory(err, "the error lines");
        if (out->n_errors > 0)
            memcpy(errors, out->errors, out->n_errors * sizeof *errors);
        out->errors = errors;
        *cap = more;
    }
    tl_error_line kept = {.exception = tl_arena_copy(arena, e->exception),
                          .message = tl_arena_copy(arena, e->message),
                          .template = tl_template_in(arena, &f->template, e->message)};
    if (!kept.exception.data || !kept.message.data || !kept.template.data)
        return tl_fail_memory(err, "the error lines");
    out->errors[out->n_errors++] = kept;
    return TL_OK;
}

/* --- a post -------------------------------------------------------------- */

static int cut(tl_full *f, const tl_post *post, tl_arena *arena, tl_blocks *out, tl_error *err)
{
    if (post->format == TL_HTML)
        return tl_html_blocks(f->html, post->body, arena, out, err);
    tl_str body = post->body;
    if (tl_repair(body, false, &f->repaired) > 0)
        body = tl_buf_str(&f->repaired);
    int rc = tl_buf_check(&f->repaired, "a body", err);
    if (rc != TL_OK)
        return rc;
    if (post->format == TL_MARKDOWN)
        return tl_markdown_blocks(body, arena, out, err);
    *out = (tl_blocks){0};
    return tl_blocks_add(out, arena, body, true) ? TL_OK : tl_fail_memory(err, "a body");
}

static int measure(tl_full *f, const tl_blocks *blocks, tl_arena *arena, tl_reading *out,
                   tl_error *err)
{
    size_t cap = 0;
    for (size_t i = 0; i < blocks->n; i++) {
        tl_str text = blocks->at[i].text;
        if (!blocks->at[i].code) {
            out->words += count_words(f, text);
            continue;
        }
        out->code_lines = (out->has_code ? out->code_lines : 0) + count_lines(text);
        out->has_code = true;
        while (text.len > 0) {
            tl_error_line e;
            int rc = read_error(f, next_line(&text), &e, err);
            if (rc == 1)
                rc = add_error(f, out, &cap, arena, &e, err);
            if (rc != TL_OK)
                return rc;
        }
    }
    return TL_OK;
}

/* The system by the first path that tells. */
tl_os tl_full_os(const tl_trace *traces, size_t n)
{
    for (size_t t = 0; t < n; t++)
        for (size_t i = 0; i < traces[t].n_frames; i++) {
            tl_str p = traces[t].frames[i].path;
            bool drive = p.len > 2 && isalpha((unsigned char)p.data[0]) && p.data[1] == ':';
            if (drive || memchr(p.data, '\\', p.len))
                return TL_OS_WINDOWS;
            if (p.len > 0 && p.data[0] != '<' && memchr(p.data, '/', p.len))
                return TL_OS_UNIX;
        }
    return TL_OS_UNKNOWN;
}

int tl_full_read(tl_full *f, const tl_post *post, tl_arena *arena, tl_reading *out, tl_error *err)
{
    *out = (tl_reading){.available = true, .code_lines = TL_UNKNOWN};
    tl_blocks blocks;
    int rc = cut(f, post, arena, &blocks, err);
    if (rc == TL_OK)
        rc = measure(f, &blocks, arena, out, err);
    if (rc != TL_OK || blocks.n == 0)
        return rc;
    tl_part *parts = tl_arena_calloc(arena, blocks.n, sizeof *parts);
    if (!parts)
        return tl_fail_memory(err, "a body's blocks");
    for (size_t i = 0; i < blocks.n; i++) {
        bool prose = !blocks.at[i].code;
        parts[i] = (tl_part){blocks.at[i].text, prose, prose && post->format == TL_HTML};
    }
    rc = tl_grammar_read_parts(f->grammar, parts, blocks.n, arena, &out->traces, &out->n_traces,
                               err);
    out->has_trace = out->n_traces > 0;
    out->os = tl_full_os(out->traces, out->n_traces);
    return rc;
}
