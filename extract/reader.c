#include "extract/reader.h"

#include <stdlib.h>
#include <strings.h>

#include "extract/csv_framer.h"
#include "extract/framer.h"
#include "extract/line_framer.h"
#include "extract/repair.h"
#include "extract/utf16.h"

enum { HEAD_BYTES = 64 * 1024 };

const char *const tl_container_names[] = {"auto", "xml", "csv", "jsonl", "text", NULL};

struct tl_reader {
    char *name;
    tl_read_fn *read;
    void *ctx;
    char first[4]; /* bytes, and how many of them were passed on */
    size_t n_first, first_used;
    tl_utf16 *utf16; /* converts, if need be */
    tl_buf head; /* bytes that were read to recognise the input, ... */
    size_t used; /* ... of which so many were passed on */
    int broken;  /* `read` failed behind the head, for this reason: */
    tl_error why;
    tl_format format;
    tl_framer *xml; /* one of these three */
    tl_csv_framer *csv;
    tl_line_framer *lines;
};

int tl_reader_new(tl_reader **out, const char *name, tl_container container, tl_read_fn *read, void *ctx,
                  tl_error *err)
{
    *out = NULL;
    tl_reader *r = calloc(1, sizeof *r);
    if (!r || !(r->name = strdup(name))) {
        free(r);
        return tl_fail_memory(err, "reading an input");
    }
    r->read = read;
    r->ctx = ctx;
    r->format.container = container;
    *out = r;
    return TL_OK;
}

void tl_reader_free(tl_reader *r)
{
    if (!r)
        return;
    tl_framer_free(r->xml);
    tl_csv_framer_free(r->csv);
    tl_line_framer_free(r->lines);
    tl_utf16_free(r->utf16);
    tl_buf_free(&r->head);
    free(r->name);
    free(r);
}

static ssize_t pass_on(const char *from, size_t len, size_t *used, void *to, size_t cap)
{
    size_t n = len - *used;
    n = n < cap ? n : cap;
    memcpy(to, from + *used, n);
    *used += n;
    return (ssize_t)n;
}

static ssize_t read_raw(void *ctx, void *to, size_t cap, tl_error *err)
{
    tl_reader *r = ctx;
    if (r->first_used < r->n_first)
        return pass_on(r->first, r->n_first, &r->first_used, to, cap);
    return r->read(r->ctx, to, cap, err);
}

static ssize_t read_text(tl_reader *r, void *to, size_t cap, tl_error *err)
{
    return r->utf16 ? tl_utf16_read(r->utf16, to, cap, err) : read_raw(r, to, cap, err);
}

/* What the framers read from. */
static ssize_t read_on(void *ctx, void *to, size_t cap, tl_error *err)
{
    tl_reader *r = ctx;
    if (r->used < r->head.len)
        return pass_on(r->head.data, r->head.len, &r->used, to, cap);
    if (!r->broken)
        return read_text(r, to, cap, err);
    *err = r->why;
    return r->broken;
}

/* Sees whether the input is UTF-16, and has it converted if so. */
static int read_first(tl_reader *r, tl_error *err)
{
    ssize_t n = 1;
    while (n > 0 && r->n_first < sizeof r->first) {
        n = r->read(r->ctx, r->first + r->n_first, sizeof r->first - r->n_first, err);
        if (n < 0)
            return (int)n;
        r->n_first += (size_t)n;
    }
    tl_str first = {r->first, r->n_first};
    return tl_looks_utf16(first) ? tl_utf16_new(&r->utf16, first, read_raw, r, err) : TL_OK;
}

/* The XML declaration of a converted text is not true any more. */
static void blank_declaration(tl_buf *head)
{
    tl_str s = tl_buf_str(head);
    size_t at = s.len >= 3 && memcmp(s.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    size_t end = tl_str_find(s, TL_STR("?>"), at);
    if (s.len - at > 5 && memcmp(s.data + at, "<?xml", 5) == 0 && end != SIZE_MAX)
        memset(head->data + at, ' ', end + 2 - at);
}

static int read_head(tl_reader *r, tl_error *err)
{
    int rc = read_first(r, err);
    if (rc)
        return rc;
    if (!tl_buf_reserve(&r->head, HEAD_BYTES))
        return tl_fail_memory(err, "reading an input");
    ssize_t n = 1;
    while (n > 0 && r->head.len < HEAD_BYTES) {
        n = read_text(r, r->head.data + r->head.len, HEAD_BYTES - r->head.len, &r->why);
        if (n < 0) {
            r->broken = (int)n;
            break;
        }
        r->head.len += (size_t)n;
        r->head.data[r->head.len] = '\0';
    }
    if (r->utf16)
        blank_declaration(&r->head);
    if (r->head.len > 0)
        return TL_OK;
    if (!r->broken)
        return tl_fail(err, TL_BAD_INPUT, "%s: is empty; expected a dump such as Posts.xml", r->name);
    *err = r->why;
    return r->broken;
}

/* ---- recognising --------------------------------------------------------- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static tl_str skip_space(tl_str s)
{
    while (s.len && is_space(*s.data)) {
        s.data++;
        s.len--;
    }
    return s;
}

/* Is it called *.xml, or *.xml.gz, ...? */
static bool has_suffix(const char *name, const char *suffix)
{
    const char *at = strcasestr(name, suffix);
    return at && (at[strlen(suffix)] == '\0' || at[strlen(suffix)] == '.');
}

static bool looks_xml(tl_str s)
{
    if (s.len == 0 || s.data[0] != '<')
        return s.len == 0;
    char c = s.len > 1 ? s.data[1] : '\0';
    return c == '\0' || c == '?' || c == '!' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Does it begin with `open`, white space, and one of `next`? */
static bool begins(tl_str s, char open, const char *next)
{
    if (s.len == 0 || s.data[0] != open)
        return false;
    tl_str rest = skip_space((tl_str){s.data + 1, s.len - 1});
    return rest.len > 0 && strchr(next, rest.data[0]) && rest.data[0];
}

static int looks_csv(tl_str s, bool *yes, tl_error *err)
{
    tl_csv *csv;
    tl_csv_layout layout;
    int rc = tl_csv_new(&csv, err);
    if (rc)
        return rc;
    const char *nl = memchr(s.data, '\n', s.len);
    int known = tl_csv_header(csv, nl ? tl_str_range(s.data, nl) : s, &layout);
    tl_csv_free(csv);
    *yes = known > 0;
    return known < 0 ? tl_fail_memory(err, "the header of a CSV file") : TL_OK;
}

/* Text holds few control characters but those for terminals, and of bytes that are no UTF-8
 * at most what an old encoding has; a log may well hold some of both after a crash. */
static bool looks_binary(tl_str s)
{
    size_t controls = 0, foreign = 0;
    for (size_t at = 0; (at = tl_text_valid(s, at)) < s.len; at++) {
        unsigned char c = (unsigned char)s.data[at];
        foreign += c >= 0x80;
        controls += c < 0x80 && !tl_is_terminal_code(s.data[at]);
    }
    return controls > s.len / 16 || foreign > s.len / 2;
}

static int recognise(const tl_reader *r, tl_container *found, tl_error *err)
{
    tl_str s = tl_buf_str(&r->head);
    if (s.len >= 3 && memcmp(s.data, "\xEF\xBB\xBF", 3) == 0) {
        s.data += 3;
        s.len -= 3;
    }
    tl_str text = skip_space(s);
    bool csv = false;
    *found = TL_CONTAINER_XML;
    if (has_suffix(r->name, ".xml") || looks_xml(text))
        return TL_OK;
    *found = TL_CONTAINER_JSONL;
    if (has_suffix(r->name, ".jsonl") || has_suffix(r->name, ".ndjson") || begins(text, '{', "\"}"))
        return TL_OK;
    if (begins(text, '[', "{") && tl_str_find(text, TL_STR("\""), 0) < 64)
        return tl_fail(err, TL_BAD_INPUT,
                       "%s: is a JSON array; expected one object a line (jq -c '.[]' makes that)", r->name);
    *found = TL_CONTAINER_CSV;
    int rc = looks_csv(s, &csv, err);
    if (rc || csv || has_suffix(r->name, ".csv"))
        return rc;
    *found = TL_CONTAINER_TEXT;
    if (looks_binary(s))
        return tl_fail(err, TL_BAD_INPUT,
                       "%s: is no text; expected a Stack Exchange dump (XML), CSV, JSONL or a log", r->name);
    return TL_OK;
}

/* ---- the framers --------------------------------------------------------- */

static tl_content content_of_root(const char *root)
{
    static const struct {
        const char *root;
        tl_content content;
    } known[] = {{"posts", TL_CONTENT_POSTS},
                 {"posthistory", TL_CONTENT_REVISIONS},
                 {"comments", TL_CONTENT_COMMENTS},
                 {"tags", TL_CONTENT_TAGS}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp(root, known[i].root) == 0)
            return known[i].content;
    return TL_CONTENT_OTHER;
}

static int start_xml(tl_reader *r, tl_error *err)
{
    int rc = tl_framer_new(&r->xml, r->name, read_on, r, NULL, 0, err);
    if (rc == TL_OK)
        rc = tl_framer_start(r->xml, err);
    if (rc == TL_OK)
        r->format.content = content_of_root(tl_framer_root(r->xml));
    return rc;
}

static int start_csv(tl_reader *r, tl_error *err)
{
    static const tl_content contents[TL_CSV_TABLES] = {[TL_CSV_POSTS] = TL_CONTENT_POSTS,
                                                       [TL_CSV_HISTORY] = TL_CONTENT_REVISIONS,
                                                       [TL_CSV_BLOCKS] = TL_CONTENT_BLOCKS};
    int rc = tl_csv_framer_new(&r->csv, r->name, read_on, r, err);
    if (rc == TL_OK)
        rc = tl_csv_framer_start(r->csv, &r->format.csv, err);
    if (rc == TL_OK)
        r->format.content = contents[r->format.csv.table];
    return rc;
}

int tl_reader_start(tl_reader *r, tl_error *err)
{
    int rc = read_head(r, err);
    if (rc == TL_OK && r->format.container == TL_CONTAINER_AUTO)
        rc = recognise(r, &r->format.container, err);
    if (rc)
        return rc;
    if (r->format.container == TL_CONTAINER_XML)
        return start_xml(r, err);
    if (r->format.container == TL_CONTAINER_CSV)
        return start_csv(r, err);
    r->format.content = TL_CONTENT_POSTS;
    return tl_line_framer_new(&r->lines, r->name, r->format.container == TL_CONTAINER_TEXT, read_on, r, err);
}

const tl_format *tl_reader_format(const tl_reader *r)
{
    return &r->format;
}

const char *tl_reader_kind(const tl_reader *r)
{
    static const char *const tables[TL_CSV_TABLES] = {"csv posts", "csv posthistory", "csv blocks"};
    switch (r->format.container) {
    case TL_CONTAINER_XML:
        return tl_framer_root(r->xml);
    case TL_CONTAINER_CSV:
        return tables[r->format.csv.table];
    default:
        return tl_container_names[r->format.container];
    }
}

bool tl_reader_can_jump(const tl_reader *r)
{
    return r->format.container == TL_CONTAINER_XML && !r->utf16;
}

bool tl_reader_jump(tl_reader *r, uint64_t offset)
{
    tl_framer *framer;
    if (tl_framer_new(&framer, r->name, read_on, r, tl_framer_root(r->xml), offset, NULL))
        return false;
    tl_framer_free(r->xml);
    r->xml = framer;
    r->used = r->head.len;
    r->broken = TL_OK;
    return true;
}

int tl_reader_fill(tl_reader *r, tl_row_batch *b, tl_error *err)
{
    switch (r->format.container) {
    case TL_CONTAINER_XML:
        return tl_framer_fill(r->xml, b, err);
    case TL_CONTAINER_CSV:
        return tl_csv_framer_fill(r->csv, b, err);
    default:
        return tl_line_framer_fill(r->lines, b, err);
    }
}
