/* Any texts through the formats for people: HTML read back by libxml2, Markdown, LaTeX
 * and a terminal's table by small readers here.  Each shows the text and nothing else:
 * no element, cell, command or control sequence comes out of it. */
#include "tests/fuzz/fuzz.h"

#include <libxml/HTMLparser.h>

#include "reports/escape.h"
#include "reports/format.h"
#include "tests/support/cells.h"

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

/* ---- HTML ---------------------------------------------------------------------- */

/* What a browser should show of a text. */
static void html_shown(tl_buf *out, tl_str s)
{
    tl_buf whole = {0};
    test_repaired(&whole, s);
    for (size_t at = 0; at < whole.len;) {
        uint32_t c = test_next(tl_buf_str(&whole), &at);
        bool odd = (is_control(c) && c != '\t' && c != '\n') || c == 0xFFFE || c == 0xFFFF;
        test_add(out, odd ? 0xFFFD : c);
    }
    tl_buf_free(&whole);
}

/* libxml2 drops a text with U+FFFE or U+FFFF in it, which browsers show. */
static htmlDocPtr parse_html(tl_buf *html)
{
    for (size_t i = 2; i < html->len; i++)
        if (memcmp(html->data + i - 2, "\xEF\xBF", 2) == 0 && (unsigned char)html->data[i] >= 0xBE)
            html->data[i] = '\xBD';
    htmlDocPtr doc = htmlReadMemory(html->data, (int)html->len, NULL, "UTF-8", HTML_PARSE_NOERROR | HTML_PARSE_NONET);
    require(doc);
    return doc;
}

/* The element holds nothing but `wanted` as its text. */
static void check_element(const xmlNode *e, tl_str wanted)
{
    tl_buf shown = {0};
    const xmlNode *text = e->children;
    require(!text || (text->type == XML_TEXT_NODE && !text->next));
    html_shown(&shown, wanted);
    require(tl_str_eq(tl_str_from(text ? (const char *)text->content : ""), tl_buf_str(&shown)));
    tl_buf_free(&shown);
}

static const xmlNode *element(const xmlNode *n, const char *name)
{
    while (n && n->type != XML_ELEMENT_NODE)
        n = n->next;
    require(n && strcmp((const char *)n->name, name) == 0);
    return n;
}

static const xmlNode *child(const xmlNode *parent, const char *name)
{
    return element(parent->children, name);
}

static bool is_last(const xmlNode *n)
{
    while ((n = n->next) != NULL)
        if (n->type == XML_ELEMENT_NODE)
            return false;
    return true;
}

/* An attribute's value and a paragraph, between letters that keep blanks in place. */
static void check_escape(tl_str s)
{
    tl_buf html = {0}, wanted = {0};
    tl_buf_add_cstr(&html, "<!DOCTYPE html><body><p title=\"x");
    tl_escape_html(&html, s);
    tl_buf_add_cstr(&html, "x\">x");
    tl_escape_html(&html, s);
    tl_buf_add_cstr(&html, "x</p></body>");
    tl_buf_add_char(&wanted, 'x');
    html_shown(&wanted, s);
    tl_buf_add_char(&wanted, 'x');
    htmlDocPtr doc = parse_html(&html);
    const xmlNode *p = child(child(xmlDocGetRootElement(doc), "body"), "p");
    require(is_last(p) && p->properties && !p->properties->next);
    check_element(p, tl_buf_str(&wanted));
    check_element((const xmlNode *)p->properties, tl_buf_str(&wanted));
    xmlFreeDoc(doc);
    tl_buf_free(&html);
    tl_buf_free(&wanted);
}

/* Only attributes of ours. */
static void check_attributes(const xmlNode *e)
{
    for (const xmlAttr *a = e->properties; a; a = a->next)
        require(strcmp((const char *)a->name, "class") == 0 || strcmp((const char *)a->name, "scope") == 0);
}

static void check_html(const tl_grid *g, tl_buf *text)
{
    require(tl_format_grid(g, TL_FORMAT_HTML, NULL, text, NULL) == TL_OK);
    htmlDocPtr doc = parse_html(text);
    const xmlNode *table = child(child(xmlDocGetRootElement(doc), "body"), "table");
    const xmlNode *head = child(table, "thead"), *body = element(head->next, "tbody");
    require(is_last(table) && is_last(body) && is_last(child(head, "tr")));
    const xmlNode *row = child(head, "tr");
    for (size_t r = 0; r <= g->n_rows; r++) {
        if (r > 0)
            row = r == 1 ? child(body, "tr") : element(row->next, "tr");
        const xmlNode *cell = NULL;
        for (size_t c = 0; c < g->n_columns; c++) {
            const char *tag = r == 0 || c == 0 ? "th" : "td";
            cell = c == 0 ? child(row, tag) : element(cell->next, tag);
            check_attributes(cell);
            if (r == 0)
                check_element(cell, tl_str_from(g->columns[c].name));
            else if (cell->children) /* libxml2 drops blanks here; check_escape does not */
                check_element(cell, tl_grid_row(g, r - 1)[c].text);
        }
        require(is_last(cell));
    }
    require(is_last(row));
    xmlFreeDoc(doc);
}

/* ---- Markdown ------------------------------------------------------------------ */

/* Reads a cell's text at *at, up to the " |" that ends it. */
static void read_markdown(tl_str s, size_t *at, tl_buf *out)
{
    for (; s.data[*at] != '|'; ++*at) {
        char c = s.data[*at];
        tl_str rest = {s.data + *at, s.len - *at};
        if (c == '&') {
            bool amp = rest.len > 5 && memcmp(rest.data, "&amp;", 5) == 0;
            require(amp || (rest.len > 4 && memcmp(rest.data, "&lt;", 4) == 0));
            tl_buf_add_char(out, amp ? '&' : '<');
            *at += amp ? 4 : 3;
        } else if (c == '\\') {
            tl_buf_add_char(out, s.data[++*at]);
        } else {
            require(!strchr("`*_[]~$#>!<", c));
            tl_buf_add_char(out, c);
        }
        require(*at + 1 < s.len);
    }
    require(out->len > 0 && out->data[out->len - 1] == ' ');
    out->len--;
    ++*at;
}

static void check_markdown(const tl_grid *g, tl_buf *text)
{
    require(tl_format_grid(g, TL_FORMAT_MD, NULL, text, NULL) == TL_OK);
    tl_str s = tl_buf_str(text);
    size_t at = 0;
    for (size_t r = 0; r < g->n_rows + 2; r++) {
        if (r == 1) { /* the rule */
            at = tl_str_find(s, TL_STR("\n"), at) + 1;
            continue;
        }
        require(s.data[at++] == '|');
        for (size_t c = 0; c < g->n_columns; c++) {
            tl_buf found = {0}, wanted = {0}, shown = {0};
            require(s.data[at++] == ' ');
            read_markdown(s, &at, &found);
            test_repaired(&wanted, r ? tl_grid_row(g, r - 2)[c].text : tl_str_from(g->columns[c].name));
            for (size_t i = 0; i < wanted.len;) {
                uint32_t u = test_next(tl_buf_str(&wanted), &i);
                test_add(&shown, is_control(u) ? ' ' : u);
            }
            require(tl_str_eq(tl_buf_str(&found), tl_buf_str(&shown)));
            tl_buf_free(&found);
            tl_buf_free(&wanted);
            tl_buf_free(&shown);
        }
        require(s.data[at++] == '\n');
    }
    require(at == s.len);
}

/* ---- LaTeX --------------------------------------------------------------------- */

/* What each command that a text may become stands for. */
static const struct {
    const char *tex;
    const char *text;
} tex_commands[] = {
    {"\\textbackslash{}", "\\"}, {"\\textasciicircum{}", "^"}, {"\\textasciitilde{}", "~"},
    {"\\textless{}", "<"},       {"\\textgreater{}", ">"},     {"\\textbar{}", "|"},
    {"\\{", "{"},                {"\\}", "}"},                 {"\\$", "$"},
    {"\\&", "&"},                {"\\#", "#"},                 {"\\_", "_"},
    {"\\%", "%"},                {"$\\delta$", "\xCE\xB4"},
};

/* Reads LaTeX text up to its end; anything that is not text or a command above fails. */
static void read_tex(tl_str s, tl_buf *out)
{
    for (size_t at = 0; at < s.len;) {
        size_t i = 0, n = sizeof tex_commands / sizeof *tex_commands;
        while (i < n && (s.len - at < strlen(tex_commands[i].tex) ||
                         memcmp(s.data + at, tex_commands[i].tex, strlen(tex_commands[i].tex)) != 0))
            i++;
        if (i < n) {
            tl_buf_add_cstr(out, tex_commands[i].text);
            at += strlen(tex_commands[i].tex);
        } else {
            require(s.data[at] == 0 || !strchr("\\{}$&#_%^~<>|\"\n\r", s.data[at]));
            tl_buf_add_char(out, s.data[at++]);
        }
    }
}

/* The letters that stay, and what else becomes of a character. */
static void tex_shown(tl_buf *out, tl_str s)
{
    tl_buf whole = {0};
    test_repaired(&whole, s);
    for (size_t at = 0; at < whole.len;) {
        uint32_t c = test_next(tl_buf_str(&whole), &at);
        if (c == '"')
            tl_buf_add_cstr(out, "''");
        else if (c == 0x2013 || c == 0x2014)
            tl_buf_add_cstr(out, c == 0x2013 ? "--" : "---");
        else if (is_control(c))
            tl_buf_add_char(out, ' ');
        else if (c < 0x80 || c == 0x3B4)
            test_add(out, c);
        else if (c >= 0xC0 && c <= 0xFF && !memchr("\xD0\xD7\xDE\xF0\xF7\xFE", (int)c, 6))
            test_add(out, c);
        else
            tl_buf_add_char(out, '?');
    }
    tl_buf_free(&whole);
}

static void check_tex_escape(tl_str s)
{
    tl_buf tex = {0}, read = {0}, wanted = {0};
    tl_escape_tex(&tex, s);
    read_tex(tl_buf_str(&tex), &read);
    tex_shown(&wanted, s);
    require(tl_str_eq(tl_buf_str(&read), tl_buf_str(&wanted)));
    tl_buf_free(&tex);
    tl_buf_free(&read);
    tl_buf_free(&wanted);
}

/* The commands after which LaTeX looks for [ or *, blanks or not. */
static void check_tex(const tl_grid *g, tl_buf *text)
{
    static const char *const commands[] = {"\\\\\n", "\\toprule\n", "\\midrule\n"};
    require(tl_format_grid(g, TL_FORMAT_TEX, NULL, text, NULL) == TL_OK);
    tl_str s = tl_buf_str(text);
    size_t lines = 0;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        for (size_t at = 0; (at = tl_str_find(s, tl_str_from(commands[i]), at)) != SIZE_MAX;) {
            at += strlen(commands[i]);
            size_t next = at;
            while (next < s.len && (s.data[next] == ' ' || s.data[next] == '\n'))
                next++;
            require(next < s.len && s.data[next] != '[' && s.data[next] != '*');
            lines += i == 0;
        }
    require(lines > g->n_rows); /* more where a wide table is set in parts */
}

/* ---- a terminal ---------------------------------------------------------------- */

static void check_terminal(const tl_grid *g, size_t width, tl_buf *text)
{
    tl_format_options o = {.width = width};
    require(tl_format_grid(g, TL_FORMAT_TABLE, &o, text, NULL) == TL_OK);
    tl_str s = tl_buf_str(text);
    size_t lines = 0;
    for (size_t at = 0; at < s.len;) {
        uint32_t c = test_next(s, &at); /* which takes valid UTF-8 only */
        lines += c == '\n';
        require(c == '\n' || !is_control(c));
        require(c != 0x61C && c != 0x200E && c != 0x200F && c != 0x2028 && c != 0x2029);
        require(!(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069));
    }
    require(lines == g->n_rows + 2);
}

static void check_width(tl_str s, size_t width)
{
    tl_buf cut = {0};
    require(tl_escape_terminal(&cut, s, width) <= width);
    tl_buf_free(&cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tl_buf text;
    tl_str all = {(const char *)data, size};
    tl_grid g = {0};
    test_cells(&g, all);
    check_escape(all);
    check_tex_escape(all);
    check_width(all, 1 + size % 100);
    void (*const checks[])(const tl_grid *, tl_buf *) = {check_html, check_markdown, check_tex};
    for (size_t i = 0; i < 3; i++) {
        tl_buf_clear(&text);
        checks[i](&g, &text);
    }
    tl_buf_clear(&text);
    check_terminal(&g, size > 0 ? data[0] / 4 : 0, &text);
    tl_grid_free(&g);
    return 0;
}
