#include "extract/framer.h"

#include <stdio.h>
#include <stdlib.h>

#include "extract/feed.h"

/* A batch is read, cut, filtered and hashed while it is in a processor's own cache. */
enum { START_BYTES = 64 * 1024, MAX_ROOT = 32, BATCH_BYTES = 512 * 1024 };

typedef enum phase { PROLOG, ROWS, EPILOG } phase;

struct tl_framer {
    tl_feed feed;
    char root[MAX_ROOT];
    phase phase;
};

/* The known files of a dump, by root element. */
static const char *const known_roots[] = {"posts", "posthistory", "comments", "tags",
                                          "votes", "users",       "badges",   "postlinks"};

int tl_framer_new(tl_framer **out, const char *name, tl_read_fn *read, void *ctx, const char *root,
                  uint64_t offset, tl_error *err)
{
    *out = NULL;
    tl_framer *f = calloc(1, sizeof *f);
    if (!f)
        return tl_fail_memory(err, "reading rows");
    int rc = tl_feed_init(&f->feed, name, read, ctx, offset, err);
    if (rc) {
        free(f);
        return rc;
    }
    f->feed.batch = BATCH_BYTES;
    if (root) {
        snprintf(f->root, sizeof f->root, "%s", root);
        f->phase = ROWS;
    }
    *out = f;
    return TL_OK;
}

void tl_framer_free(tl_framer *f)
{
    if (!f)
        return;
    tl_feed_destroy(&f->feed);
    free(f);
}

const char *tl_framer_root(const tl_framer *f)
{
    return f->root;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == ':' || c == '.';
}

typedef enum markup { ROW, ROOT_END, COMMENT, INSTRUCTION, DOCTYPE, OTHER, UNDECIDED } markup;

/* What starts at s[0] == '<'.  UNDECIDED: more bytes are needed to tell. */
static markup classify(const tl_framer *f, const char *s, size_t n, bool final)
{
    static const struct {
        const char *text;
        size_t len;
        markup kind;
    } fixed[] = {{"<!--", 4, COMMENT}, {"<?", 2, INSTRUCTION}, {"<!DOCTYPE", 9, DOCTYPE}};
    if (n > 4 && memcmp(s, "<row", 4) == 0)
        return is_name_char(s[4]) ? OTHER : ROW;
    if (n <= 4 && memcmp(s, "<row", n) == 0)
        return final ? OTHER : UNDECIDED;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (memcmp(s, fixed[i].text, n < fixed[i].len ? n : fixed[i].len) == 0)
            return n >= fixed[i].len ? fixed[i].kind : final ? OTHER : UNDECIDED;
    size_t m = strlen(f->root);
    if (memcmp(s, "</", n < 2 ? n : 2) == 0 && (n <= 2 || memcmp(s + 2, f->root, n - 2 < m ? n - 2 : m) == 0)) {
        if (n <= m + 2)
            return final ? OTHER : UNDECIDED;
        return is_name_char(s[m + 2]) ? OTHER : ROOT_END;
    }
    return OTHER;
}

/* The position of the first '>' outside quotes at or after `at`, or s.len. */
static size_t tag_end(tl_str s, size_t at)
{
    char quote = 0;
    for (; at < s.len; at++) {
        char c = s.data[at];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return at;
    }
    return s.len;
}

/* Is s[at .. end) one whole element and nothing else?  `close` is its tag_end. */
static bool is_whole_row(tl_str s, size_t at, size_t close, size_t end)
{
    if (close >= end)
        return false;
    tl_str rest = tl_str_range(s.data + close + 1, s.data + end);
    while (rest.len > 0 && is_space(rest.data[rest.len - 1]))
        rest.len--;
    if (close > at && s.data[close - 1] == '/')
        return rest.len == 0;
    return tl_str_eq(rest, TL_STR("</row>"));
}

/* Where the row (or junk) at `at` ends: before the next row, whatever it holds, and
 * before other markup if the row is whole there: a broken row may well hold "<!--" or
 * "<?php".  SIZE_MAX if the end is not among the bytes at hand. */
static size_t row_end(const tl_framer *f, tl_str s, size_t at, bool junk)
{
    size_t close = 0; /* 0: not looked for yet */
    for (size_t from = at + 1; from < s.len; from++) {
        const char *p = memchr(s.data + from, '<', s.len - from);
        if (!p)
            return SIZE_MAX;
        from = (size_t)(p - s.data);
        markup kind = classify(f, p, s.len - from, f->feed.at_eof);
        if (kind == ROW)
            return from;
        if (kind == UNDECIDED)
            return SIZE_MAX;
        if (!junk && close == 0)
            close = tag_end(s, at);
        if (junk ? kind != OTHER : is_whole_row(s, at, close, from))
            return from;
    }
    return SIZE_MAX;
}

/* The same where no further markup is in sight: blanks may follow a whole row without
 * end, and at the end of the file a broken row ends before the last "</posts>". */
static size_t last_row_end(const tl_framer *f, tl_str s, size_t at)
{
    if (is_whole_row(s, at, tag_end(s, at), s.len))
        return s.len;
    const char *p = f->feed.at_eof ? memrchr(s.data + at, '<', s.len - at) : NULL;
    if (!p || p == s.data + at)
        return SIZE_MAX;
    size_t n = (size_t)(s.data + s.len - p);
    return classify(f, p, n, true) == ROOT_END && memchr(p, '>', n) ? s.len - n : SIZE_MAX;
}

static int add_row(tl_row_batch *b, size_t begin, size_t end, const char *fault, tl_error *err)
{
    while (is_space(b->bytes.data[end - 1])) /* a row begins with another byte */
        end--;
    return tl_row_batch_add(b, (tl_row_at){begin, end - begin, 0, fault}, err);
}

/* The end of a comment or instruction that starts at `at`, or SIZE_MAX. */
static size_t end_of(tl_str s, size_t at, markup kind)
{
    tl_str close = kind == COMMENT ? TL_STR("-->") : TL_STR("?>");
    size_t end = tl_str_find(s, close, at + (kind == COMMENT ? 4 : 2));
    return end == SIZE_MAX ? SIZE_MAX : end + close.len;
}

static int fail_at(const tl_framer *f, uint64_t byte, const char *what, tl_error *err)
{
    return tl_feed_fail(&f->feed, byte, what, err);
}

static const char no_doctype[] = "a document type declaration is not accepted; dumps have none";

/* ---- the top of the file ------------------------------------------------ */

/* `decl` ends in "?>", which neither loop passes. */
static int check_declaration(tl_framer *f, tl_str decl, tl_error *err)
{
    size_t at = tl_str_find(decl, TL_STR("encoding"), 0);
    if (at == SIZE_MAX)
        return TL_OK;
    at += 8;
    while (is_space(decl.data[at]) || decl.data[at] == '=' || decl.data[at] == '"' || decl.data[at] == '\'')
        at++;
    size_t end = at;
    while (is_name_char(decl.data[end]))
        end++;
    tl_str encoding = {decl.data + at, end - at};
    if (tl_str_eq_nocase(encoding, "utf-8") || tl_str_eq_nocase(encoding, "us-ascii") ||
        tl_str_eq_nocase(encoding, "ascii"))
        return TL_OK;
    return tl_fail(err, TL_BAD_INPUT,
                   "%s: is encoded in " TL_STR_FMT
                   "; dumps are UTF-8: convert it with iconv (and mend its first line)",
                   f->feed.name, (int)encoding.len, encoding.data);
}

static int not_a_dump(tl_framer *f, tl_str s, size_t at, tl_error *err)
{
    char shown[25];
    size_t n = 0;
    for (size_t i = at; i < s.len && n < sizeof shown - 1; i++)
        shown[n++] = s.data[i] >= ' ' && s.data[i] < 127 ? s.data[i] : '.';
    shown[n] = '\0';
    return tl_fail(err, TL_BAD_INPUT,
                   "%s: byte %zu: is not a Stack Exchange dump: expected a root element such as "
                   "<posts>, found \"%s\"",
                   f->feed.name, at, shown);
}

static bool looks_utf16(tl_str s)
{
    return s.len >= 2 && (memcmp(s.data, "\xFF\xFE", 2) == 0 || memcmp(s.data, "\xFE\xFF", 2) == 0 ||
                          memcmp(s.data, "<\0", 2) == 0 || memcmp(s.data, "\0<", 2) == 0);
}

/* Takes the root element's start tag at `at`; *next is the byte after it. */
static int take_root(tl_framer *f, tl_str s, size_t at, size_t *next, tl_error *err)
{
    size_t end = at + 1;
    while (end < s.len && is_name_char(s.data[end]))
        end++;
    tl_str name = {s.data + at + 1, end - at - 1};
    const char *close = memchr(s.data + end, '>', s.len - end);
    for (size_t i = 0; i < sizeof known_roots / sizeof *known_roots; i++) {
        if (!tl_str_eq_nocase(name, known_roots[i]))
            continue;
        if (!close)
            return fail_at(f, s.len, "the file is cut off inside its first tag", err);
        snprintf(f->root, sizeof f->root, "%.*s", (int)name.len, name.data);
        f->phase = close[-1] == '/' ? EPILOG : ROWS;
        *next = (size_t)(close - s.data) + 1;
        return TL_OK;
    }
    return not_a_dump(f, s, at, err);
}

/* Passes over what may stand before the root element; *at is where that begins. */
static int pass_prolog(tl_framer *f, tl_str s, size_t *at, tl_error *err)
{
    for (;;) {
        while (*at < s.len && is_space(s.data[*at]))
            ++*at;
        if (*at == s.len)
            return fail_at(f, *at, "the file ends before a root element such as <posts>", err);
        if (s.data[*at] != '<')
            return not_a_dump(f, s, *at, err);
        markup kind = classify(f, s.data + *at, s.len - *at, true);
        if (kind == DOCTYPE)
            return fail_at(f, *at, no_doctype, err);
        if (kind != COMMENT && kind != INSTRUCTION)
            return TL_OK;
        size_t end = end_of(s, *at, kind);
        if (end == SIZE_MAX)
            return fail_at(f, *at, "a comment or instruction does not end", err);
        int rc = TL_OK;
        if (kind == INSTRUCTION && s.len - *at > 5 && memcmp(s.data + *at, "<?xml", 5) == 0)
            rc = check_declaration(f, (tl_str){s.data + *at, end - *at}, err);
        if (rc)
            return rc;
        *at = end;
    }
}

static int read_prolog(tl_framer *f, tl_error *err)
{
    int rc = tl_feed_read(&f->feed, &f->feed.carry, START_BYTES, err);
    if (rc)
        return rc;
    tl_str s = tl_buf_str(&f->feed.carry);
    size_t at = s.len >= 3 && memcmp(s.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, next = 0;
    if (looks_utf16(s))
        return tl_fail(err, TL_BAD_INPUT,
                       "%s: is UTF-16; dumps are UTF-8: convert it with iconv -f UTF-16 -t UTF-8 "
                       "(and mend its first line)",
                       f->feed.name);
    rc = pass_prolog(f, s, &at, err);
    if (rc == TL_OK)
        rc = take_root(f, s, at, &next, err);
    if (rc == TL_OK)
        tl_feed_drop(&f->feed, next);
    return rc;
}

int tl_framer_start(tl_framer *f, tl_error *err)
{
    int rc = f->phase == PROLOG ? read_prolog(f, err) : TL_OK;
    return rc == TL_BAD_INPUT && f->feed.broken ? tl_feed_broken(&f->feed, err) : rc;
}

/* ---- rows --------------------------------------------------------------- */

static const char cut_inside_row[] = "the file is cut off here, inside a row; what came before is kept";

/* Takes the row or junk at `*at`; as take_markup. */
static int take_row(tl_framer *f, tl_row_batch *b, size_t *at, bool row, tl_error *err)
{
    tl_str s = tl_buf_str(&b->bytes);
    size_t end = row_end(f, s, *at, !row);
    if (end == SIZE_MAX && (f->feed.at_eof || s.len - *at > TL_BLOCK_BYTES))
        end = last_row_end(f, s, *at);
    bool long_row = (end == SIZE_MAX ? s.len : end) - *at > TL_ROW_CAP;
    if (end == SIZE_MAX && f->feed.at_eof && !long_row)
        return fail_at(f, b->offset + *at, cut_inside_row, err);
    /* What is read at a time is so much shorter than the cap that no row stands before it. */
    if (long_row)
        return *at == 0 ? TL_FEED_LONG_ROW : 0; /* GCOVR_EXCL_BR_LINE: see above */
    if (end == SIZE_MAX)
        return 0;
    int rc = add_row(b, *at, end, row ? NULL : "not a row", err);
    *at = end;
    return rc ? rc : 1;
}

/* Takes what stands at `*at` (not white space).  1: go on; 0: more bytes are needed,
 * or a batch that begins here; TL_FEED_LONG_ROW; negative: failed. */
static int take_markup(tl_framer *f, tl_row_batch *b, size_t *at, tl_error *err)
{
    tl_str s = tl_buf_str(&b->bytes);
    const uint64_t byte = b->offset + *at;
    markup kind = s.data[*at] == '<' ? classify(f, s.data + *at, s.len - *at, f->feed.at_eof) : OTHER;
    size_t end;
    switch (kind) {
    case UNDECIDED:
        return 0;
    case DOCTYPE:
        return fail_at(f, byte, no_doctype, err);
    case COMMENT:
    case INSTRUCTION:
        end = end_of(s, *at, kind);
        if (end == SIZE_MAX && (f->feed.at_eof || s.len - *at > TL_ROW_CAP))
            return fail_at(f, byte, "a comment or instruction does not end", err);
        if (end == SIZE_MAX)
            return 0;
        *at = end;
        return 1;
    case ROOT_END: {
        const char *close = memchr(s.data + *at, '>', s.len - *at);
        if (b->n_rows > 0) /* a run that is resumed after these rows must see the end */
            return 0;
        if (!close && !f->feed.at_eof && s.len - *at <= TL_ROW_CAP)
            return 0;
        if (!close)
            return fail_at(f, byte, "the file is cut off inside its last tag", err);
        f->phase = EPILOG;
        *at = (size_t)(close - s.data) + 1;
        return 1;
    }
    default:
        return take_row(f, b, at, kind == ROW, err);
    }
}

/* A tl_take_fn. */
static int take_rows(void *ctx, tl_row_batch *b, size_t *at, tl_error *err)
{
    tl_framer *f = ctx;
    tl_str s = tl_buf_str(&b->bytes);
    int rc = 1;
    while (rc == 1) {
        while (*at < s.len && is_space(s.data[*at]))
            ++*at;
        if (*at == s.len)
            break;
        if (f->phase == EPILOG) {
            markup kind = s.data[*at] == '<' ? classify(f, s.data + *at, s.len - *at, f->feed.at_eof) : OTHER;
            if (kind == ROW || kind == ROOT_END || kind == OTHER)
                return fail_at(f, b->offset + *at, "content after the end of the dump", err);
        }
        rc = take_markup(f, b, at, err);
    }
    if (rc == 1 && f->feed.at_eof && f->phase != EPILOG)
        return fail_at(f, b->offset + s.len, "the file is cut off: its last tag is missing; what came before is kept", err);
    return rc == 1 ? TL_OK : rc;
}

/* A tl_find_fn: a long row ends before the next row or the root's end tag. */
static bool find_next_row(void *ctx, tl_str s, size_t *from)
{
    const tl_framer *f = ctx;
    const char *p;
    for (; (p = memchr(s.data + *from, '<', s.len - *from)) != NULL; ++*from) {
        *from = (size_t)(p - s.data);
        markup kind = classify(f, p, s.len - *from, f->feed.at_eof);
        if (kind == ROW || kind == ROOT_END)
            return true;
        if (kind == UNDECIDED)
            return false;
    }
    *from = s.len;
    return false;
}

int tl_framer_fill(tl_framer *f, tl_row_batch *b, tl_error *err)
{
    int rc = tl_feed_fill(&f->feed, b, take_rows, f, err);
    return rc == TL_FEED_LONG_ROW ? tl_feed_pass(&f->feed, b, find_next_row, f, err) : rc;
}
