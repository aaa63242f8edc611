/* Any bytes as a dump.  The rows are those of a framer written after the header's words,
 * the same whatever the size of the reads, and go on the same from every batch's end. */
#include "tests/fuzz/fuzz.h"
#include "tests/support/feed.h"

#include "extract/framer.h"

enum { MAX_ROWS = 4096, MAX_FILE = 60000 /* one batch, one look at the prolog */ };

typedef struct rows {
    uint64_t begin[MAX_ROWS], len[MAX_ROWS];
    bool fault[MAX_ROWS];
    size_t n;
    int status;
} rows;

static void add(rows *out, uint64_t begin, uint64_t len, bool fault)
{
    if (out->n == MAX_ROWS)
        return;
    out->begin[out->n] = begin;
    out->len[out->n] = len;
    out->fault[out->n++] = fault;
}

/* ---- the oracle ------------------------------------------------------------- */

typedef enum markup { NONE, ROW, ROOT_END, COMMENT, INSTRUCTION, DOCTYPE } markup;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool begins(tl_str s, size_t at, const char *word)
{
    size_t n = strlen(word);
    return s.len - at >= n && memcmp(s.data + at, word, n) == 0;
}

/* Does the name end at `at`?  It does not where the file ends: that tag is cut off. */
static bool name_ends(tl_str s, size_t at)
{
    static const char in_names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-:.";
    return at < s.len && !memchr(in_names, s.data[at], sizeof in_names - 1);
}

static markup markup_at(tl_str s, size_t at, const char *root)
{
    if (begins(s, at, "<row"))
        return name_ends(s, at + 4) ? ROW : NONE;
    if (begins(s, at, "</") && begins(s, at + 2, root))
        return name_ends(s, at + 2 + strlen(root)) ? ROOT_END : NONE;
    return begins(s, at, "<!--")         ? COMMENT
           : begins(s, at, "<?")         ? INSTRUCTION
           : begins(s, at, "<!DOCTYPE")  ? DOCTYPE
                                         : NONE;
}

/* Is s[at .. end) one element, closed, with nothing but blanks after it? */
static bool is_whole(tl_str s, size_t at, size_t end)
{
    char quote = 0;
    while (end > at && is_space(s.data[end - 1]))
        end--;
    for (size_t i = at; i < end; i++) {
        char c = s.data[i];
        if (quote || c == '"' || c == '\'')
            quote = !quote ? c : c == quote ? 0 : quote;
        else if (c == '>' && i > at && s.data[i - 1] == '/')
            return i + 1 == end;
        else if (c == '>')
            return tl_str_eq(tl_str_range(s.data + i + 1, s.data + end), TL_STR("</row>"));
    }
    return false;
}

/* Where the row or junk at `at` ends, or SIZE_MAX if the file is cut off inside it. */
static size_t end_of_row(tl_str s, size_t at, const char *root)
{
    bool row = markup_at(s, at, root) == ROW;
    for (size_t i = at + 1; i < s.len; i++) {
        if (s.data[i] != '<')
            continue;
        markup kind = markup_at(s, i, root);
        if (kind == ROW || (row ? is_whole(s, at, i) : kind != NONE))
            return i;
    }
    if (is_whole(s, at, s.len))
        return s.len;
    size_t last = s.len;
    while (last > at && (last == s.len || s.data[last] != '<'))
        last--;
    return last > at && markup_at(s, last, root) == ROOT_END && memchr(s.data + last, '>', s.len - last) ? last
                                                                                                     : SIZE_MAX;
}

/* Passes a comment or instruction at *at; false if it does not end. */
static bool pass(tl_str s, size_t *at, markup kind)
{
    size_t end = kind == COMMENT ? tl_str_find(s, TL_STR("-->"), *at + 4) : tl_str_find(s, TL_STR("?>"), *at + 2);
    *at = end == SIZE_MAX ? s.len : end + (kind == COMMENT ? 3 : 2);
    return end != SIZE_MAX;
}

/* The position after the root's start tag; the framer has accepted all before it. */
static size_t after_root(tl_str s, const char *root, bool *empty)
{
    size_t at = begins(s, 0, "\xEF\xBB\xBF") ? 3 : 0;
    for (;; at++) {
        markup kind = markup_at(s, at, root);
        if (kind == COMMENT || kind == INSTRUCTION) {
            require(pass(s, &at, kind));
            at--;
        } else if (s.data[at] == '<')
            break;
    }
    size_t close = tl_str_find(s, TL_STR(">"), at);
    require(close != SIZE_MAX);
    *empty = s.data[close - 1] == '/';
    return close + 1;
}

static bool frame_slowly(rows *out, tl_str s, const char *root)
{
    bool ended;
    for (size_t at = after_root(s, root, &ended); at < s.len;) {
        markup kind = s.data[at] == '<' ? markup_at(s, at, root) : NONE;
        if (is_space(s.data[at])) {
            at++;
        } else if (kind == COMMENT || kind == INSTRUCTION) {
            if (!pass(s, &at, kind))
                return false;
        } else if (kind == DOCTYPE || ended) {
            return false;
        } else if (kind == ROOT_END) {
            at = tl_str_find(s, TL_STR(">"), at);
            if (at++ == SIZE_MAX)
                return false;
            ended = true;
        } else {
            size_t end = end_of_row(s, at, root), last = end;
            if (end == SIZE_MAX)
                return false;
            while (is_space(s.data[last - 1]))
                last--;
            add(out, at, last - at, kind != ROW);
            at = end;
        }
    }
    return ended;
}

/* ---- the framer ------------------------------------------------------------- */

static void take(rows *out, const tl_row_batch *b, tl_str file)
{
    require(b->n_rows > 0 && b->next > b->offset && b->next <= file.len);
    for (size_t i = 0; i < b->n_rows; i++) {
        const tl_row_at *r = &b->rows[i];
        uint64_t begin = b->offset + r->begin;
        require(r->len > 0 && r->begin + r->len <= b->bytes.len && begin + r->len <= file.len);
        require(memcmp(file.data + begin, b->bytes.data + r->begin, r->len) == 0);
        require(r->fault || (r->len >= 4 && memcmp(b->bytes.data + r->begin, "<row", 4) == 0));
        add(out, begin, r->len, r->fault);
    }
}

/* All rows from `offset` on; the root's name goes to `root_out`, the end of the last batch
 * to *last.  False if the file does not begin as a dump. */
static bool frame(rows *out, tl_str file, size_t chunk, const char *root, uint64_t offset, char *root_out,
                  uint64_t *last)
{
    test_feed in = {.bytes = (tl_str){file.data + offset, file.len - offset}, .chunk = chunk};
    tl_framer *f;
    tl_row_batch b = {0};
    tl_error err;
    out->n = 0;
    require(tl_framer_new(&f, "fuzz", test_feed_read, &in, root, offset, NULL) == TL_OK);
    out->status = tl_framer_start(f, &err);
    bool started = out->status == TL_OK;
    if (started && root_out)
        strcpy(root_out, tl_framer_root(f));
    while (started && (out->status = tl_framer_fill(f, &b, &err)) == 1) {
        take(out, &b, file);
        *last = b.next;
    }
    if (out->status)
        fuzz_check_error(out->status, &err);
    require(out->status == TL_OK || out->status == TL_BAD_INPUT);
    tl_row_batch_free(&b);
    tl_framer_free(f);
    return started;
}

static void require_same(const rows *a, size_t from, const rows *b)
{
    require(a->status == b->status && a->n - from == b->n);
    for (size_t i = 0; i < b->n; i++)
        require(a->begin[from + i] == b->begin[i] && a->len[from + i] == b->len[i] &&
                a->fault[from + i] == b->fault[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static rows whole, part, slow;
    tl_str file = {(const char *)data, size};
    char root[64] = "";
    uint64_t last = UINT64_MAX, ignored;
    if (size > MAX_FILE)
        return 0;
    bool started = frame(&whole, file, SIZE_MAX, NULL, 0, root, &last);
    frame(&part, file, 1 + size % 7, NULL, 0, NULL, &ignored);
    require_same(&whole, 0, &part);
    if (started) {
        slow.n = 0;
        slow.status = frame_slowly(&slow, file, root) ? TL_OK : TL_BAD_INPUT;
        require_same(&whole, 0, &slow);
    }
    if (last != UINT64_MAX && whole.n < MAX_ROWS) {
        frame(&part, file, SIZE_MAX, root, last, NULL, &ignored);
        size_t from = 0;
        while (from < whole.n && whole.begin[from] < last)
            from++;
        require_same(&whole, from, &part);
    }
    return 0;
}
