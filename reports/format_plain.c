/* The two formats that are read as they stand: a terminal's table and Markdown. */
#include "reports/format_part.h"

#include <stdlib.h>

#include "reports/escape.h"

enum { GAP = 2, NARROWEST = 8 };

static void spaces(tl_buf *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        tl_buf_add_char(out, ' ');
}

/* Appends a cell cut to `width` (0: whole); returns the columns it took. */
static size_t add_cell(tl_buf *out, const tl_cell *cell, const tl_column_style *style, size_t width)
{
    if (cell->type == TL_CELL_NULL)
        return 0;
    if (cell->type == TL_CELL_TEXT)
        return tl_escape_terminal(out, cell->text, width);
    size_t before = out->len;
    tl_format_number(out, cell, style);
    return out->len - before;
}

static size_t add_name(tl_buf *out, const tl_column *column, size_t width)
{
    return tl_escape_terminal(out, tl_str_from(column->name), width);
}

/* Shortens the widest text columns until a line fits into `width`, if it can. */
static void fit(size_t *widths, const tl_column_style *styles, size_t n, size_t width)
{
    size_t total = n ? (n - 1) * GAP : 0;
    for (size_t c = 0; c < n; c++)
        total += widths[c];
    while (total > width) {
        size_t widest = SIZE_MAX, second = NARROWEST;
        for (size_t c = 0; c < n; c++)
            if (!styles[c].number && widths[c] > NARROWEST &&
                (widest == SIZE_MAX || widths[c] > widths[widest]))
                widest = c;
        if (widest == SIZE_MAX)
            return;
        for (size_t c = 0; c < n; c++)
            if (c != widest && !styles[c].number && widths[c] > second)
                second = widths[c];
        /* Down to the second widest at once, or past it by one where they are equal. */
        size_t cut = widths[widest] - second ? widths[widest] - second : 1;
        if (cut > total - width)
            cut = total - width;
        widths[widest] -= cut;
        total -= cut;
    }
}

static void table_line(const tl_grid *g, size_t r, const size_t *widths, const tl_column_style *styles,
                       tl_buf *out, tl_buf *scratch)
{
    for (size_t c = 0; c < g->n_columns; c++) {
        scratch->len = 0; /* keeps a failure in mind, as tl_buf_clear would not */
        size_t used = r == SIZE_MAX ? add_name(scratch, &g->columns[c], widths[c])
                                    : add_cell(scratch, &tl_grid_row(g, r)[c], &styles[c], widths[c]);
        size_t pad = used < widths[c] ? widths[c] - used : 0;
        if (styles[c].number)
            spaces(out, pad);
        tl_buf_add_str(out, tl_buf_str(scratch));
        spaces(out, GAP + (styles[c].number ? 0 : pad));
    }
    while (out->len && out->data[out->len - 1] == ' ')
        out->len--;
    tl_buf_add_char(out, '\n');
}

static void table_rule(const tl_grid *g, const size_t *widths, tl_buf *out)
{
    for (size_t c = 0; c < g->n_columns; c++) {
        spaces(out, c ? GAP : 0);
        for (size_t i = 0; i < widths[c]; i++)
            tl_buf_add_char(out, '-');
    }
    tl_buf_add_char(out, '\n');
}

void tl_format_table(const tl_grid *g, const tl_format_options *o, tl_buf *out)
{
    size_t *widths = calloc(g->n_columns ? g->n_columns : 1, sizeof *widths);
    tl_column_style *styles = calloc(g->n_columns ? g->n_columns : 1, sizeof *styles);
    tl_buf scratch = {0};
    if (!widths || !styles) {
        out->failed = true;
        goto done;
    }
    for (size_t c = 0; c < g->n_columns; c++) {
        styles[c] = tl_column_style_of(g, c);
        widths[c] = add_name(&scratch, &g->columns[c], 0);
        for (size_t r = 0; r < g->n_rows; r++) {
            scratch.len = 0;
            size_t used = add_cell(&scratch, &tl_grid_row(g, r)[c], &styles[c], 0);
            if (used > widths[c])
                widths[c] = used;
        }
    }
    if (o->width)
        fit(widths, styles, g->n_columns, o->width);
    table_line(g, SIZE_MAX, widths, styles, out, &scratch);
    table_rule(g, widths, out);
    for (size_t r = 0; r < g->n_rows; r++)
        table_line(g, r, widths, styles, out, &scratch);
    out->failed |= scratch.failed;
done:
    tl_buf_free(&scratch);
    free(widths);
    free(styles);
}

void tl_format_md(const tl_grid *g, const tl_format_options *o, tl_buf *out)
{
    (void)o;
    for (size_t c = 0; c < g->n_columns; c++) {
        const tl_column *column = &g->columns[c];
        tl_buf_add_cstr(out, c ? " " : "| ");
        if (column->group) { /* Markdown has no second line of headings */
            tl_escape_markdown(out, tl_str_from(column->group));
            tl_buf_add_cstr(out, *tl_column_label(column) ? ": " : "");
        }
        tl_escape_markdown(out, tl_str_from(tl_column_label(column)));
        tl_buf_add_cstr(out, " |");
    }
    tl_buf_add_char(out, '\n');
    for (size_t c = 0; c < g->n_columns; c++) {
        tl_buf_add_cstr(out, c ? "" : "|");
        tl_buf_add_cstr(out, tl_column_style_of(g, c).number ? "---:|" : "---|");
    }
    tl_buf_add_char(out, '\n');
    for (size_t r = 0; r < g->n_rows; r++) {
        const tl_cell *row = tl_grid_row(g, r);
        for (size_t c = 0; c < g->n_columns; c++) {
            tl_column_style style = tl_column_style_of(g, c);
            tl_buf_add_cstr(out, c ? " " : "| ");
            if (row[c].type == TL_CELL_TEXT)
                tl_escape_markdown(out, row[c].text);
            else if (row[c].type != TL_CELL_NULL)
                tl_format_number(out, &row[c], &style);
            tl_buf_add_cstr(out, " |");
        }
        tl_buf_add_char(out, '\n');
    }
}
