#include "extract/row.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>

#include "base/buf.h"
#include "extract/repair.h"
#include "extract/xml_memory.h"

/* The attribute of that name, or TL_ATTRS. */
static tl_attr find_attr(tl_str name)
{
/* With a literal the compiler makes a comparison of words of it, and no call. */
#define IS(literal) (memcmp(name.data, literal, sizeof(literal) - 1) == 0)
    switch (name.len) {
    case 2:
        return IS("Id") ? TL_ATTR_ID : TL_ATTRS;
    case 4:
        return IS("Body") || IS("Text") ? TL_ATTR_BODY : IS("Tags") ? TL_ATTR_TAGS : TL_ATTRS;
    case 5:
        return IS("Score") || IS("Count") ? TL_ATTR_SCORE : IS("Title") ? TL_ATTR_TITLE : TL_ATTRS;
    case 6:
        return IS("PostId") ? TL_ATTR_PARENT : TL_ATTRS;
    case 7:
        return IS("TagName") ? TL_ATTR_TITLE : TL_ATTRS;
    case 8:
        return IS("ParentId") ? TL_ATTR_PARENT : TL_ATTRS;
    case 9:
        return IS("ViewCount") ? TL_ATTR_VIEWS : TL_ATTRS;
    case 10:
        return IS("PostTypeId") ? TL_ATTR_POST_TYPE : TL_ATTRS;
    case 11:
        return IS("AnswerCount") ? TL_ATTR_ANSWERS : TL_ATTRS;
    case 12:
        return IS("CreationDate") ? TL_ATTR_CREATED : IS("CommentCount") ? TL_ATTR_COMMENTS : TL_ATTRS;
    case 16:
        return IS("AcceptedAnswerId") ? TL_ATTR_ACCEPTED : TL_ATTRS;
    case 17:
        return IS("PostHistoryTypeId") ? TL_ATTR_HISTORY_TYPE : TL_ATTRS;
    default:
        return TL_ATTRS;
    }
#undef IS
}

static bool is_space(char c)
{
    return c == ' ' || (c < ' ' && (c == '\t' || c == '\n' || c == '\r'));
}

/* ---- the scan ------------------------------------------------------------
 *
 * A dump has some hundred million attributes, most of them short: where the processor has
 * SSE2 many bytes are looked at together, elsewhere (and at a row's end) one by one. */

#if defined(__SSE2__) && !defined(TL_PORTABLE)

/* Bit i: p[i] is `c`. */
static unsigned equal_among_16(const char *p, char c)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)p);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}

/* Bit i: p[i] is none of the bytes that a value may hold without a second look. */
static unsigned special_among_16(const char *p)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)p);
    __m128i other = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')); /* as signed: 0x80 .. 0xFF too */
    return (unsigned)_mm_movemask_epi8(other) | equal_among_16(p, '<') | equal_among_16(p, '&');
}

/* The second quote of [p, end) if it is near, and *first; or NULL.  The processor goes on
 * with what follows the attribute before it has looked into it. */
static const char *second_quote(const char *p, const char *end, const char **first)
{
    if (end - p < 64)
        return NULL;
    uint64_t quotes = equal_among_16(p, '"') | (uint64_t)equal_among_16(p + 16, '"') << 16 |
                      (uint64_t)equal_among_16(p + 32, '"') << 32 | (uint64_t)equal_among_16(p + 48, '"') << 48;
    uint64_t rest = quotes & (quotes - 1); /* without the lowest bit */
    if (!rest)
        return NULL;
    *first = p + __builtin_ctzll(quotes);
    return p + __builtin_ctzll(rest);
}

static const char *find_equals(const char *p, const char *end)
{
    for (; end - p >= 16; p += 16) {
        unsigned found = equal_among_16(p, '=');
        if (found)
            return p + __builtin_ctz(found);
    }
    while (p < end && *p != '=')
        p++;
    return p;
}

static const char *skip_ordinary(const char *p, const char *end)
{
    for (; end - p >= 16; p += 16) {
        unsigned found = special_among_16(p);
        if (found)
            return p + __builtin_ctz(found);
    }
    return p;
}

#else

static const char *second_quote(const char *p, const char *end, const char **first)
{
    (void)p, (void)end, (void)first;
    return NULL;
}

static const char *find_equals(const char *p, const char *end)
{
    while (p < end && *p != '=')
        p++;
    return p;
}

static const char *skip_ordinary(const char *p, const char *end)
{
    (void)end;
    return p;
}

#endif

/* The first byte of [p, end) that is '<', '&', a control character or not ASCII; or end. */
static const char *find_special(const char *p, const char *end)
{
    p = skip_ordinary(p, end);
    while (p < end && *p != '<' && *p != '&' && (unsigned char)*p >= ' ' && (unsigned char)*p < 0x80)
        p++;
    return p;
}

static bool is_angle(const char *p, const char *end)
{
    return end - p >= 4 && (memcmp(p, "&lt;", 4) == 0 || memcmp(p, "&gt;", 4) == 0);
}

/* Is the raw value up to `close` the decoded one but for &lt; and &gt; (tags are read with
 * both)?  No other reference, nothing that is repaired, no white space but blanks.  `end` is
 * that of the row: so far bytes may be looked at. */
static bool is_plain(const char *value, const char *close, const char *end)
{
    bool ascii = true;
    for (const char *p = value; (p = find_special(p, end)) < close; p++) {
        if ((unsigned char)*p >= 0x80)
            ascii = false;
        else if (*p != '&' || !is_angle(p, end))
            return false;
    }
    return ascii || tl_text_valid(tl_str_range(value, close), 0) == (size_t)(close - value);
}

static bool is_one_of(tl_str value, char a, char b)
{
    return value.len == 1 && (value.data[0] == a || value.data[0] == b);
}

/* Is all known of the row that is needed to leave it out, or to have it parsed?  Id, types
 * and parent tell. */
static bool seen_enough(const tl_row *row)
{
    tl_str post = row->attr[TL_ATTR_POST_TYPE], history = row->attr[TL_ATTR_HISTORY_TYPE];
    if (post.data && !is_one_of(post, '1', '2'))
        return true;
    if (history.data && !is_one_of(history, '2', '5') && !is_one_of(history, '8', '8'))
        return true;
    return row->attr[TL_ATTR_PARENT].data && row->attr[TL_ATTR_ID].data &&
           (history.data || is_one_of(post, '2', '2'));
}

bool tl_row_scan(tl_str raw, tl_row *row)
{
    *row = (tl_row){0};
    const char *p = raw.data + 4, *end = raw.data + raw.len; /* after "<row" */
    for (;;) {
        const char *gap = p;
        while (p < end && is_space(*p))
            p++;
        if (end - p == 2 && p[0] == '/' && p[1] == '>')
            return true;
        if (p == end || p == gap)
            return false;
        const char *name = p, *open = NULL, *close = second_quote(name, end, &open);
        p = find_equals(name, end);
        if (end - p < 2 || is_space(p[-1]) || p[1] != '"')
            return false;
        tl_attr a = find_attr(tl_str_range(name, p));
        const char *value = p + 2;
        bool any = a == TL_ATTRS || a == TL_ATTR_BODY || a == TL_ATTR_TITLE;
        if (!close || open != p + 1)
            close = memchr(value, '"', (size_t)(end - value));
        if (!close || !(any || is_plain(value, close, end)))
            return false;
        p = close;
        tl_str v = tl_str_range(value, p++);
        if (a == TL_ATTRS)
            continue;
        if (row->attr[a].data)
            return false;
        row->attr[a] = v;
        if (a <= TL_ATTR_PARENT && seen_enough(row))
            return true;
    }
}

/* ---- libxml2 ------------------------------------------------------------ */

struct tl_row_parser {
    xmlParserCtxtPtr xml;
    tl_buf repaired;
    /* of the row being parsed */
    tl_arena *arena;
    tl_row *row;
    int elements;
    bool no_memory;
};

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attrs, int n_defaulted,
                     const xmlChar **attrs)
{
    tl_row_parser *p = ((xmlParserCtxtPtr)ctx)->_private;
    (void)name, (void)prefix, (void)uri, (void)n_namespaces, (void)namespaces, (void)n_defaulted;
    if (p->elements++ > 0)
        return;
    for (int i = 0; i < n_attrs; i++) { /* five pointers an attribute */
        tl_attr a = find_attr(tl_str_from((const char *)attrs[5 * i]));
        if (a == TL_ATTRS || attrs[5 * i + 1] || p->row->attr[a].data)
            continue; /* of two names for the same, the first counts, as in the scan */
        tl_str value = tl_str_range((const char *)attrs[5 * i + 3], (const char *)attrs[5 * i + 4]);
        p->row->attr[a] = tl_arena_copy(p->arena, value);
        if (!p->row->attr[a].data)
            p->no_memory = true;
    }
}

static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name, (void)external, (void)system;
    xmlStopParser(ctx);
}

static void on_error(void *ctx, xmlErrorPtr error)
{
    (void)ctx, (void)error; /* kept in the context's lastError */
}

int tl_row_parser_new(tl_row_parser **out, tl_error *err)
{
    *out = NULL;
    tl_xml_memory_watch();
    tl_xml_memory_reset();
    xmlInitParser(); /* here, as parsers are made before the threads that use them */
    tl_row_parser *p = calloc(1, sizeof *p);
    if (!p)
        return tl_fail_memory(err, "an XML parser");
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .internalSubset = on_doctype,
                         .serror = on_error};
    p->xml = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
    if (!p->xml || tl_xml_memory_failed()) {
        tl_row_parser_free(p);
        return tl_fail_memory(err, "an XML parser");
    }
    p->xml->_private = p;
    *out = p;
    return TL_OK;
}

void tl_row_parser_free(tl_row_parser *p)
{
    if (!p)
        return;
    if (p->xml)
        xmlFreeParserCtxt(p->xml);
    tl_buf_free(&p->repaired);
    free(p);
}

static int not_well_formed(tl_row_parser *p, tl_error *err)
{
    const xmlError *e = xmlCtxtGetLastError(p->xml);
    const char *text = e && e->message ? e->message : "not well-formed";
    return tl_fail(err, TL_BAD_INPUT, "%.*s", (int)strcspn(text, "\n"), text);
}

int tl_row_parse(tl_row_parser *p, tl_str raw, tl_arena *arena, tl_row *row, size_t *repairs,
                 tl_error *err)
{
    *row = (tl_row){0};
    *repairs = tl_repair(raw, true, &p->repaired);
    if (*repairs) {
        int rc = tl_buf_check(&p->repaired, "a repaired row", err);
        if (rc)
            return rc;
        raw = tl_buf_str(&p->repaired);
    }
    p->arena = arena;
    p->row = row;
    p->elements = 0;
    p->no_memory = false;
    tl_xml_memory_reset();
    if (xmlCtxtResetPush(p->xml, NULL, 0, NULL, "UTF-8") != 0)
        return tl_fail_memory(err, "an XML parser");
    /* NOENT, or libxml2 hands over "&amp;" as "&#38;"; without a document type
     * declaration there are no other entities that it could expand. */
    xmlCtxtUseOptions(p->xml, XML_PARSE_NONET | XML_PARSE_NOENT);
    xmlResetLastError();
    int rc = xmlParseChunk(p->xml, raw.data, (int)raw.len, 1);
    if (p->no_memory || tl_xml_memory_failed())
        return tl_fail_memory(err, "a row's text");
    if (rc != 0 || !p->xml->wellFormed || p->elements == 0)
        return not_well_formed(p, err);
    if (p->elements > 1)
        return tl_fail(err, TL_BAD_INPUT, "a row with an element inside");
    return TL_OK;
}
