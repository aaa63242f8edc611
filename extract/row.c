#include "extract/row.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>

#include "base/buf.h"
#include "extract/repair.h"

enum { NAME_LENGTHS = 18, NAMES_OF_LENGTH = 3 };

/* By length. */
static const struct {
    const char *name;
    tl_attr attr;
} attr_names[NAME_LENGTHS][NAMES_OF_LENGTH] = {
    [2] = {{"Id", TL_ATTR_ID}},
    [4] = {{"Body", TL_ATTR_BODY}, {"Tags", TL_ATTR_TAGS}, {"Text", TL_ATTR_BODY}},
    [5] = {{"Score", TL_ATTR_SCORE}, {"Title", TL_ATTR_TITLE}, {"Count", TL_ATTR_SCORE}},
    [6] = {{"PostId", TL_ATTR_PARENT}},
    [7] = {{"TagName", TL_ATTR_TITLE}},
    [8] = {{"ParentId", TL_ATTR_PARENT}},
    [9] = {{"ViewCount", TL_ATTR_VIEWS}},
    [10] = {{"PostTypeId", TL_ATTR_POST_TYPE}},
    [11] = {{"AnswerCount", TL_ATTR_ANSWERS}},
    [12] = {{"CreationDate", TL_ATTR_CREATED}, {"CommentCount", TL_ATTR_COMMENTS}},
    [16] = {{"AcceptedAnswerId", TL_ATTR_ACCEPTED}},
    [17] = {{"PostHistoryTypeId", TL_ATTR_HISTORY_TYPE}},
};

/* The attribute of that name, or TL_ATTRS. */
static tl_attr find_attr(tl_str name)
{
    if (name.len >= NAME_LENGTHS)
        return TL_ATTRS;
    for (int i = 0; i < NAMES_OF_LENGTH && attr_names[name.len][i].name; i++)
        if (memcmp(name.data, attr_names[name.len][i].name, name.len) == 0)
            return attr_names[name.len][i].attr;
    return TL_ATTRS;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_angle(const char *p, const char *end)
{
    return end - p >= 4 && (memcmp(p, "&lt;", 4) == 0 || memcmp(p, "&gt;", 4) == 0);
}

/* The quote that ends the value at `value`, or NULL unless the raw value is the decoded
 * one but for &lt; and &gt; (tags are read with both): no other reference, nothing that
 * is repaired, and no white space but blanks. */
static const char *plain_end(const char *value, const char *end)
{
    bool ascii = true;
    for (const char *p = value; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"')
            return ascii || tl_text_valid(tl_str_range(value, p), 0) == (size_t)(p - value) ? p : NULL;
        if (c < ' ' || c == '<' || (c == '&' && !is_angle(p, end)))
            return NULL;
        ascii &= c < 0x80;
    }
    return NULL;
}

/* Is all known of the row that is needed to leave it out, or to have it parsed? */
static bool seen_enough(const tl_row *row)
{
    tl_str post = row->attr[TL_ATTR_POST_TYPE], history = row->attr[TL_ATTR_HISTORY_TYPE];
    if (post.data && !tl_str_eq(post, TL_STR("1")) && !tl_str_eq(post, TL_STR("2")))
        return true;
    if (history.data && !(history.len == 1 && memchr("258", history.data[0], 3)))
        return true;
    return row->attr[TL_ATTR_PARENT].data && row->attr[TL_ATTR_ID].data &&
           (history.data || (post.data && tl_str_eq(post, TL_STR("2"))));
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
        const char *name = p;
        while (p < end && *p != '=')
            p++;
        if (end - p < 2 || is_space(p[-1]) || p[1] != '"')
            return false;
        tl_attr a = find_attr(tl_str_range(name, p));
        const char *value = p + 2;
        bool any = a == TL_ATTRS || a == TL_ATTR_BODY || a == TL_ATTR_TITLE;
        p = any ? memchr(value, '"', (size_t)(end - value)) : plain_end(value, end);
        if (!p)
            return false;
        tl_str v = tl_str_range(value, p++);
        if (a == TL_ATTRS)
            continue;
        if (row->attr[a].data)
            return false;
        row->attr[a] = v;
        if (seen_enough(row))
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
        if (a == TL_ATTRS || attrs[5 * i + 1])
            continue;
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
    xmlInitParser(); /* here, as parsers are made before the threads that use them */
    tl_row_parser *p = calloc(1, sizeof *p);
    if (!p)
        return tl_fail_memory(err, "an XML parser");
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .internalSubset = on_doctype,
                         .serror = on_error};
    p->xml = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
    if (!p->xml) {
        free(p);
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
    xmlFreeParserCtxt(p->xml);
    tl_buf_free(&p->repaired);
    free(p);
}

static int not_well_formed(tl_row_parser *p, tl_error *err)
{
    const xmlError *e = xmlCtxtGetLastError(p->xml);
    if (e && e->code == XML_ERR_NO_MEMORY)
        return tl_fail_memory(err, "an XML row");
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
    if (xmlCtxtResetPush(p->xml, NULL, 0, NULL, "UTF-8") != 0)
        return tl_fail_memory(err, "an XML parser");
    /* NOENT, or libxml2 hands over "&amp;" as "&#38;"; without a document type
     * declaration there are no other entities that it could expand. */
    xmlCtxtUseOptions(p->xml, XML_PARSE_NONET | XML_PARSE_NOENT);
    xmlResetLastError();
    int rc = xmlParseChunk(p->xml, raw.data, (int)raw.len, 1);
    if (p->no_memory)
        return tl_fail_memory(err, "a row's text");
    if (rc != 0 || !p->xml->wellFormed || p->elements == 0)
        return not_well_formed(p, err);
    if (p->elements > 1)
        return tl_fail(err, TL_BAD_INPUT, "a row with an element inside");
    return TL_OK;
}
