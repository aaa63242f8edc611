#include "extract/framer.h"

#include <stdio.h>
#include <stdlib.h>

#include "extract/feed.h"

enum { START_BYTES = 64 * 1024, MAX_ROOT = 32 };

typedef enum phase { PROLOG, ROWS, EPILOG } phase;

struct tl_framer {
    tl_feed feed;
    char root[MAX_ROOT];
    phase phase;
    bool skipping; /* inside a row longer than the cap */
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
        markup kind;
    } fixed[] = {{"<!--", COMMENT}, {"<?", INSTRUCTION}, {"<!DOCTYPE", DOCTYPE}};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        size_t m = strlen(fixed[i].text);
        if (memcmp(s, fixed[i].text, n < m ? n : m) == 0)
            return n >= m ? fixed[i].kind : final ? OTHER : UNDECIDED;
    }
    if (memcmp(s, "<row", n < 4 ? n : 4) == 0) {
        if (n <= 4)
            return final ? OTHER : UNDECIDED;
        return is_name_char(s[4]) ? OTHER : ROW;
    }
    size_t m = strlen(f->root);
    if (memcmp(s, "</", n < 2 ? n : 2) == 0 && (n <= 2 || memcmp(s + 2, f->root, n - 2 < m ? n - 2 : m) == 0)) {
        if (n <= m + 2)
            return final ? OTHER : UNDECIDED;
        return is_name_char(s[m + 2]) ? OTHER : ROOT_END;
    }
    return OTHER;
}

/* The position of the next markup that ends a row, at or after `from`; SIZE_MAX if
 * there is none in the bytes at hand (or it cannot be told yet). */
static size_t next_markup(const tl_framer *f, tl_str s, size_t from)
{
    while (from < s.len) {
        const char *p = memchr(s.data + from, '<', s.len - from);
        if (!p)
            return SIZE_MAX;
        from = (size_t)(p - s.data);
        markup kind = classify(f, p, s.len - from, f->feed.at_eof);
        if (kind == UNDECIDED)
            return SIZE_MAX;
        if (kind != OTHER)
            return from;
        from++;
    }
    return SIZE_MAX;
}

static int add_row(tl_row_batch *b, size_t begin, size_t end, const char *fault, tl_error *err)
{
    while (end > begin && is_space(b->bytes.data[end - 1]))
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

/* ---- the top of the file ------------------------------------------------ */

static int check_declaration(tl_framer *f, tl_str decl, tl_error *err)
{
    size_t at = tl_str_find(decl, TL_STR("encoding"), 0);
    if (at == SIZE_MAX)
        return TL_OK;
    at += 8;
    while (at < decl.len && (is_space(decl.data[at]) || decl.data[at] == '=' || decl.data[at] == '"' || decl.data[at] == '\''))
        at++;
    size_t end = at;
    while (end < decl.len && is_name_char(decl.data[end]))
        end++;
    tl_str encoding = {decl.data + at, end - at};
    if (tl_str_eq_nocase(encoding, "utf-8") || tl_str_eq_nocase(encoding, "us-ascii") ||
        tl_str_eq_nocase(encoding, "ascii"))
        return TL_OK;
    return tl_fail(err, TL_BAD_INPUT,
                   "%s: is encoded in " TL_STR_FMT
                   "; dumps are UTF-8: convert it with iconv (and mend its first line)",
                   f->feed.name, TL_STR_ARG(encoding));
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

int tl_framer_start(tl_framer *f, tl_error *err)
{
    if (f->phase != PROLOG)
        return TL_OK;
    int rc = tl_feed_read(&f->feed, &f->feed.carry, START_BYTES, err);
    if (rc)
        return rc;
    tl_str s = tl_buf_str(&f->feed.carry);
    size_t at = s.len >= 3 && memcmp(s.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (looks_utf16(s))
        return tl_fail(err, TL_BAD_INPUT,
                       "%s: is UTF-16; dumps are UTF-8: convert it with iconv -f UTF-16 -t UTF-8 "
                       "(and mend its first line)",
                       f->feed.name);
    for (;;) {
        while (at < s.len && is_space(s.data[at]))
            at++;
        if (at == s.len)
            return tl_fail(err, TL_BAD_INPUT,
                           "%s: byte %zu: the file ends before a root element such as <posts>",
                           f->feed.name, at);
        if (s.data[at] != '<')
            return not_a_dump(f, s, at, err);
        markup kind = classify(f, s.data + at, s.len - at, true);
        if (kind == DOCTYPE)
            return fail_at(f, at, "a document type declaration is not accepted; dumps have none", err);
        if (kind != COMMENT && kind != INSTRUCTION)
            break;
        size_t end = end_of(s, at, kind);
        if (end == SIZE_MAX)
            return fail_at(f, at, "a comment or instruction does not end", err);
        if (kind == INSTRUCTION && s.len - at > 5 && memcmp(s.data + at, "<?xml", 5) == 0 &&
            (rc = check_declaration(f, (tl_str){s.data + at, end - at}, err)) != TL_OK)
            return rc;
        at = end;
    }
    size_t next = 0;
    rc = take_root(f, s, at, &next, err);
    if (rc)
        return rc;
    tl_feed_drop(&f->feed, next);
    return TL_OK;
}

/* ---- rows --------------------------------------------------------------- */

/* At the end of a cut file: does the row from `at` on end in "/>" outside quotes? */
static bool is_whole_row(tl_str s, size_t at)
{
    char quote = 0, last = 0;
    for (size_t i = at; i < s.len; i++) {
        char c = s.data[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return last == '/';
        last = c;
    }
    return false;
}

/* Takes what stands at `*at` (not white space).  1: go on; 0: more bytes are
 * needed; negative: failed. */
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
        return fail_at(f, byte, "a document type declaration is not accepted; dumps have none", err);
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
        if (!close && !f->feed.at_eof && s.len - *at <= TL_ROW_CAP)
            return 0;
        if (!close)
            return fail_at(f, byte, "the file is cut off inside its last tag", err);
        f->phase = EPILOG;
        *at = (size_t)(close - s.data) + 1;
        return 1;
    }
    case ROW:
    case OTHER:
        break;
    }
    end = next_markup(f, s, *at + 1);
    if (end == SIZE_MAX) {
        if (s.len - *at > TL_ROW_CAP) {
            f->skipping = true;
            int rc = add_row(b, *at, *at + 1, "longer than 10,000,000 bytes", err);
            *at = s.len;
            return rc ? rc : 1;
        }
        if (!f->feed.at_eof)
            return 0;
        if (kind != ROW || !is_whole_row(s, *at))
            return fail_at(f, byte, "the file is cut off here, inside a row; what came before is kept", err);
        end = s.len;
    }
    const char *fault = kind == ROW ? NULL : "not a row";
    if (end - *at > TL_ROW_CAP)
        fault = "longer than 10,000,000 bytes";
    int rc = add_row(b, *at, end, fault, err);
    *at = end;
    return rc ? rc : 1;
}

/* Drops the rest of an oversized row: its end, or SIZE_MAX if all of it goes. */
static size_t skip_row(tl_framer *f, tl_str s)
{
    size_t end = next_markup(f, s, 0);
    if (end != SIZE_MAX)
        f->skipping = false;
    return end;
}

/* Takes all rows that are complete in b->bytes; *at is the first byte not taken. */
static int take_rows(tl_framer *f, tl_row_batch *b, size_t *at, tl_error *err)
{
    size_t i = 0;
    for (;;) {
        tl_str s = tl_buf_str(&b->bytes);
        if (f->skipping) {
            size_t end = skip_row(f, s);
            if (end == SIZE_MAX) {
                /* Keep the last bytes: they may begin the next markup. */
                size_t keep = f->feed.at_eof ? 0 : s.len < MAX_ROOT + 4 ? s.len : MAX_ROOT + 4;
                *at = s.len - keep;
                return TL_OK;
            }
            i = end;
        }
        while (i < s.len && is_space(s.data[i]))
            i++;
        *at = i;
        if (i == s.len)
            return TL_OK;
        if (f->phase == EPILOG) {
            markup kind = s.data[i] == '<' ? classify(f, s.data + i, s.len - i, f->feed.at_eof) : OTHER;
            if (kind != COMMENT && kind != INSTRUCTION && kind != UNDECIDED)
                return fail_at(f, b->offset + i, "content after the end of the dump", err);
        }
        int rc = take_markup(f, b, &i, err);
        if (rc < 0)
            return rc;
        *at = i;
        if (rc == 0)
            return TL_OK;
    }
}

static int take(void *ctx, tl_row_batch *b, size_t *at, tl_error *err)
{
    tl_framer *f = ctx;
    int rc = take_rows(f, b, at, err);
    if (rc == TL_OK && f->feed.at_eof && f->phase != EPILOG) {
        char what[128];
        snprintf(what, sizeof what, "the file is cut off: </%s> is missing; what came before is kept", f->root);
        rc = fail_at(f, b->offset + b->bytes.len, what, err);
    }
    return rc;
}

int tl_framer_fill(tl_framer *f, tl_row_batch *b, tl_error *err)
{
    return tl_feed_fill(&f->feed, b, take, f, err);
}
