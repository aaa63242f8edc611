#include "reports/format.h"

#include <math.h>
#include <stdlib.h>

#include "reports/escape.h"
#include "reports/format_part.h"
#include "reports/number.h"

bool tl_format_from_name(const char *name, tl_format *out)
{
    static const char *const names[] = {
        [TL_FORMAT_TABLE] = "table", [TL_FORMAT_CSV] = "csv", [TL_FORMAT_JSONL] = "jsonl",
        [TL_FORMAT_MD] = "md",       [TL_FORMAT_JSON] = "json", [TL_FORMAT_TEX] = "tex",
        [TL_FORMAT_HTML] = "html"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) {
            *out = (tl_format)i;
            return true;
        }
    return false;
}

/* ---------------------------------------------------------------- for programs ---- */

static void csv_text(tl_buf *out, tl_str s, bool guard)
{
    bool formula = guard && s.len && memchr("=+-@\t\r", s.data[0], 6);
    bool quoted = false;
    for (size_t i = 0; i < s.len && !quoted; i++)
        quoted = strchr(",\"\r\n", s.data[i]) && s.data[i];
    if (quoted)
        tl_buf_add_char(out, '"');
    if (formula)
        tl_buf_add_char(out, '\'');
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"')
            tl_buf_add_char(out, '"');
        tl_buf_add_char(out, s.data[i]);
    }
    if (quoted)
        tl_buf_add_char(out, '"');
}

static void csv_cell(tl_buf *out, const tl_cell *cell, bool guard)
{
    if (cell->type == TL_CELL_INT)
        tl_buf_printf(out, "%lld", (long long)cell->integer);
    else if (cell->type == TL_CELL_REAL)
        tl_number_exact(out, cell->real);
    else if (cell->type == TL_CELL_TEXT)
        csv_text(out, cell->text, guard);
}

/* Readers skip an empty line, so one that would be empty gets an empty cell. */
static void csv_end(tl_buf *out, size_t begin)
{
    tl_buf_add_cstr(out, out->len == begin ? "\"\"\n" : "\n");
}

static void csv(const tl_grid *g, const tl_format_options *o, tl_buf *out)
{
    size_t begin = out->len;
    for (size_t c = 0; c < g->n_columns; c++) {
        tl_buf_add_cstr(out, c ? "," : "");
        csv_text(out, tl_str_from(g->columns[c].name), o->guard_formulas);
    }
    csv_end(out, begin);
    for (size_t r = 0; r < g->n_rows; r++) {
        const tl_cell *row = tl_grid_row(g, r);
        begin = out->len;
        for (size_t c = 0; c < g->n_columns; c++) {
            tl_buf_add_cstr(out, c ? "," : "");
            csv_cell(out, &row[c], o->guard_formulas);
        }
        csv_end(out, begin);
    }
}

static void json_cell(tl_buf *out, const tl_cell *cell)
{
    if (cell->type == TL_CELL_INT) {
        tl_buf_printf(out, "%lld", (long long)cell->integer);
    } else if (cell->type == TL_CELL_REAL && isfinite(cell->real)) {
        tl_number_exact(out, cell->real);
    } else if (cell->type == TL_CELL_TEXT) {
        tl_buf_add_char(out, '"');
        tl_escape_json(out, cell->text);
        tl_buf_add_char(out, '"');
    } else {
        tl_buf_add_cstr(out, "null"); /* infinity too: JSON has no word for it */
    }
}

static void json_row(const tl_grid *g, size_t r, tl_buf *out)
{
    const tl_cell *row = tl_grid_row(g, r);
    tl_buf_add_char(out, '{');
    for (size_t c = 0; c < g->n_columns; c++) {
        tl_buf_add_cstr(out, c ? "," : "");
        tl_buf_add_char(out, '"');
        tl_escape_json(out, tl_str_from(g->columns[c].name));
        tl_buf_add_cstr(out, "\":");
        json_cell(out, &row[c]);
    }
    tl_buf_add_char(out, '}');
}

static void jsonl(const tl_grid *g, tl_buf *out)
{
    for (size_t r = 0; r < g->n_rows; r++) {
        json_row(g, r, out);
        tl_buf_add_char(out, '\n');
    }
}

static void json(const tl_grid *g, tl_buf *out)
{
    tl_buf_add_char(out, '[');
    for (size_t r = 0; r < g->n_rows; r++) {
        tl_buf_add_cstr(out, r ? ",\n " : "");
        json_row(g, r, out);
    }
    tl_buf_add_cstr(out, "]\n");
}

/* ------------------------------------------------------------------ for people ---- */

static bool names_p_value(const char *name)
{
    static const char *const ends[] = {"_p", "_p_holm"};
    size_t n = strlen(name);
    if (strcmp(name, "p") == 0 || strcmp(name, "p_holm") == 0)
        return true;
    for (size_t i = 0; i < 2; i++) {
        size_t k = strlen(ends[i]);
        if (n > k && strcmp(name + n - k, ends[i]) == 0)
            return true;
    }
    return false;
}

/* Digits after the point, up to 2, that `v` needs. */
static int decimals_of(double v)
{
    if (v == rint(v))
        return 0;
    return v * 10 == rint(v * 10) ? 1 : 2;
}

tl_column_style tl_column_style_of(const tl_grid *g, size_t column)
{
    tl_column_style style = {.number = true, .p_value = names_p_value(g->columns[column].name)};
    for (size_t r = 0; r < g->n_rows; r++) {
        const tl_cell *cell = &tl_grid_row(g, r)[column];
        if (cell->type == TL_CELL_TEXT)
            style.number = false;
        if (cell->type == TL_CELL_REAL && decimals_of(cell->real) > style.decimals)
            style.decimals = decimals_of(cell->real);
    }
    return style;
}

tl_column_style *tl_column_styles(const tl_grid *g, tl_buf *out)
{
    tl_column_style *styles = calloc(g->n_columns ? g->n_columns : 1, sizeof *styles);
    if (!styles) {
        out->failed = true;
        return NULL;
    }
    for (size_t c = 0; c < g->n_columns; c++)
        styles[c] = tl_column_style_of(g, c);
    return styles;
}

void tl_format_number(tl_buf *out, const tl_cell *cell, const tl_column_style *style)
{
    if (cell->type == TL_CELL_INT)
        tl_buf_printf(out, "%lld", (long long)cell->integer);
    else if (style->p_value)
        tl_number_p(out, cell->real);
    else
        tl_number_fixed(out, cell->real, style->decimals);
}

const char *tl_column_label(const tl_column *c)
{
    return c->label ? c->label : c->name;
}

bool tl_grid_has_groups(const tl_grid *g)
{
    for (size_t c = 0; c < g->n_columns; c++)
        if (g->columns[c].group)
            return true;
    return false;
}

size_t tl_group_end(const tl_grid *g, size_t from)
{
    const char *group = g->columns[from].group;
    size_t end = from + 1;
    while (group && end < g->n_columns && g->columns[end].group &&
           strcmp(g->columns[end].group, group) == 0)
        end++;
    return end;
}

int tl_format_grid(const tl_grid *g, tl_format f, const tl_format_options *o, tl_buf *out, tl_error *err)
{
    static const tl_format_options plain;
    if (!o)
        o = &plain;
    switch (f) { /* GCOVR_EXCL_BR_LINE: each format has a case, tests/unit/test_format.c writes them all */
    case TL_FORMAT_CSV:
        csv(g, o, out);
        break;
    case TL_FORMAT_JSONL:
        jsonl(g, out);
        break;
    case TL_FORMAT_JSON:
        json(g, out);
        break;
    case TL_FORMAT_TABLE:
        tl_format_table(g, o, out);
        break;
    case TL_FORMAT_MD:
        tl_format_md(g, o, out);
        break;
    case TL_FORMAT_TEX:
        tl_format_tex(g, o, out);
        break;
    case TL_FORMAT_HTML:
        tl_format_html(g, o, out);
        break;
    }
    return tl_buf_check(out, "a table", err);
}
