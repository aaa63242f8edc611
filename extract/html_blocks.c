#include "extract/html_blocks.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <stdlib.h>
#include <strings.h>

#include "extract/repair.h"
#include "extract/xml_memory.h"

struct tl_html {
    htmlParserCtxtPtr parser;
    tl_buf text;     /* of the block that is being read */
    tl_buf body;     /* valid UTF-8 */
    tl_arena *arena;
    tl_blocks *blocks;
    int depth;  /* open elements */
    int pre;    /* open <pre> among them */
    int hidden; /* open <script> and <style> */
    bool failed;
};

typedef enum element { INLINE, BREAK, BLOCK, PRE, HIDDEN } element;

static element element_of(const xmlChar *name)
{
    static const struct {
        const char *name;
        element kind;
    } elements[] = {
        {"p", BLOCK},          {"div", BLOCK},     {"li", BREAK},    {"br", BREAK},
        {"pre", PRE},          {"ul", BLOCK},      {"ol", BLOCK},    {"blockquote", BLOCK},
        {"h1", BLOCK},         {"h2", BLOCK},      {"h3", BLOCK},    {"h4", BLOCK},
        {"h5", BLOCK},         {"h6", BLOCK},      {"hr", BLOCK},    {"table", BLOCK},
        {"tr", BREAK},         {"td", BREAK},      {"th", BREAK},    {"dl", BLOCK},
        {"dt", BREAK},         {"dd", BREAK},      {"section", BLOCK}, {"article", BLOCK},
        {"details", BLOCK},    {"summary", BLOCK}, {"script", HIDDEN}, {"style", HIDDEN},
    };
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (strcasecmp((const char *)name, elements[i].name) == 0)
            return elements[i].kind;
    return INLINE;
}

/* Ends the block that is being read. */
static void flush(tl_html *h, bool code)
{
    if (h->text.failed || !tl_blocks_add(h->blocks, h->arena, tl_buf_str(&h->text), code))
        h->failed = true;
    tl_buf_clear(&h->text);
}

/* `n` newlines between what was read and what comes, none at the beginning. */
static void break_lines(tl_html *h, size_t n)
{
    tl_str s = tl_buf_str(&h->text);
    for (size_t i = s.len; i > 0 && n > 0 && s.data[i - 1] == '\n'; i--)
        n--;
    for (; n > 0 && s.len > 0; n--)
        tl_buf_add_char(&h->text, '\n');
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
    tl_html *h = ctx;
    (void)attributes;
    if (++h->depth > TL_HTML_MAX_DEPTH || h->failed || tl_xml_memory_failed()) {
        xmlStopParser(h->parser);
        return;
    }
    element e = element_of(name);
    if (e == PRE && h->pre++ == 0)
        flush(h, false);
    else if (e == HIDDEN)
        h->hidden++;
    else if (h->pre && e == BREAK && strcasecmp((const char *)name, "br") == 0)
        tl_buf_add_char(&h->text, '\n');
    else if (e == BREAK || e == BLOCK)
        break_lines(h, e == BLOCK && !h->pre ? 2 : 1);
}

static void on_end(void *ctx, const xmlChar *name)
{
    tl_html *h = ctx;
    h->depth--;
    element e = element_of(name);
    if (e == PRE && h->pre > 0 && --h->pre == 0)
        flush(h, true);
    else if (e == HIDDEN && h->hidden > 0)
        h->hidden--;
    else if (e == BLOCK)
        break_lines(h, h->pre ? 1 : 2);
}

static void on_text(void *ctx, const xmlChar *text, int n)
{
    tl_html *h = ctx;
    if (!h->hidden && n > 0)
        tl_buf_add(&h->text, text, (size_t)n);
}

static void ignore_error(void *ctx, const char *message, ...)
{
    (void)ctx;
    (void)message;
}

int tl_html_new(tl_html **out, tl_error *err)
{
    *out = NULL;
    tl_xml_memory_watch();
    tl_html *h = calloc(1, sizeof *h);
    if (!h)
        return tl_fail_memory(err, "the HTML parser");
    tl_xml_memory_reset();
    h->parser = htmlNewParserCtxt();
    if (!h->parser || tl_xml_memory_failed()) {
        tl_html_free(h);
        return tl_fail_memory(err, "the HTML parser");
    }
    htmlSAXHandler *sax = h->parser->sax;
    memset(sax, 0, sizeof *sax);
    sax->startElement = on_start;
    sax->endElement = on_end;
    sax->characters = on_text;
    sax->ignorableWhitespace = on_text;
    sax->cdataBlock = on_text;
    sax->warning = ignore_error;
    sax->error = ignore_error;
    h->parser->userData = h;
    *out = h;
    return TL_OK;
}

void tl_html_free(tl_html *h)
{
    if (!h)
        return;
    if (h->parser)
        htmlFreeParserCtxt(h->parser);
    tl_buf_free(&h->text);
    tl_buf_free(&h->body);
    free(h);
}

/* Parses the body where it lies: htmlCtxtReadMemory would copy and convert it first. */
static bool parse(tl_html *h)
{
    htmlParserCtxtPtr p = h->parser;
    htmlCtxtReset(p);
    htmlCtxtUseOptions(p, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                              HTML_PARSE_NODEFDTD | HTML_PARSE_NOIMPLIED | HTML_PARSE_IGNORE_ENC);
    p->html = 1;
    p->charset = XML_CHAR_ENCODING_UTF8;
    xmlParserInputPtr input = xmlNewStringInputStream(p, (const xmlChar *)h->body.data);
    if (!input)
        return false;
    if (inputPush(p, input) < 0) {
        xmlFreeInputStream(input);
        return false;
    }
    htmlParseDocument(p);
    xmlFreeDoc(p->myDoc); /* our handlers build none */
    p->myDoc = NULL;
    return true;
}

int tl_html_blocks(tl_html *h, tl_str body, tl_arena *arena, tl_blocks *out, tl_error *err)
{
    *out = (tl_blocks){0};
    if (body.len > INT_MAX)
        return tl_fail(err, TL_BAD_INPUT, "a body of %zu bytes", body.len);
    if (body.len == 0)
        return TL_OK;
    tl_buf_clear(&h->body);
    if (tl_repair(body, false, &h->body) == 0)
        tl_buf_add_str(&h->body, body);
    int rc = tl_buf_check(&h->body, "a body", err);
    if (rc)
        return rc;
    h->arena = arena;
    h->blocks = out;
    h->depth = h->pre = h->hidden = 0;
    h->failed = false;
    tl_buf_clear(&h->text);
    tl_xml_memory_reset();
    if (!parse(h))
        h->failed = true;
    flush(h, h->pre > 0);
    return h->failed || tl_xml_memory_failed() ? tl_fail_memory(err, "a body's blocks") : TL_OK;
}
