#include "reports/format_part.h"

#include <stdlib.h>

#include "reports/escape.h"
#include "reports/number.h"

static void html_head(const tl_grid *g, const tl_column_style *styles, tl_buf *out)
{
    bool groups = tl_grid_has_groups(g);
    tl_buf_add_cstr(out, "<thead>\n");
    if (groups) {
        tl_buf_add_cstr(out, "<tr>");
        for (size_t c = 0; c < g->n_columns;) {
            size_t end = tl_group_end(g, c);
            const tl_column *column = &g->columns[c];
            if (column->group)
                tl_buf_printf(out, "<th scope=\"colgroup\" colspan=\"%zu\" class=\"group\">", end - c);
            else
                tl_buf_printf(out, "<th scope=\"col\" rowspan=\"2\"%s>",
                              styles[c].number ? " class=\"n\"" : "");
            tl_escape_html(out, tl_str_from(column->group ? column->group : tl_column_label(column)));
            tl_buf_add_cstr(out, "</th>");
            c = end;
        }
        tl_buf_add_cstr(out, "</tr>\n");
    }
    tl_buf_add_cstr(out, "<tr>");
    for (size_t c = 0; c < g->n_columns; c++) {
        if (groups && !g->columns[c].group)
            continue; /* stands in the line above, two lines high */
        bool first = c > 0 && g->columns[c].group && tl_group_end(g, c - 1) == c;
        tl_buf_printf(out, "<th scope=\"col\" class=\"%s%s\">", styles[c].number ? "n" : "t",
                      first ? " first" : "");
        tl_escape_html(out, tl_str_from(tl_column_label(&g->columns[c])));
        tl_buf_add_cstr(out, "</th>");
    }
    tl_buf_add_cstr(out, "</tr>\n</thead>\n");
}

static void html_cell(const tl_grid *g, size_t r, size_t c, const tl_column_style *style, tl_buf *out)
{
    const tl_cell *cell = &tl_grid_row(g, r)[c];
    const char *tag = c == 0 ? "th scope=\"row\"" : "td";
    bool same = c == 0 && r > 0 && tl_cell_eq(cell, tl_grid_row(g, r - 1));
    bool first = c > 0 && g->columns[c].group && tl_group_end(g, c - 1) == c;
    tl_buf_printf(out, "<%s class=\"%s%s%s\">", tag, style->number ? "n" : "t", first ? " first" : "",
                  same ? " same" : "");
    if (cell->type == TL_CELL_TEXT)
        tl_escape_html(out, cell->text);
    else if (cell->type == TL_CELL_NULL)
        tl_buf_add_cstr(out, "<span class=\"none\">\xE2\x80\x93</span>");
    else if (cell->type == TL_CELL_INT)
        tl_number_grouped(out, cell->integer);
    else
        tl_format_number(out, cell, style);
    tl_buf_add_cstr(out, c == 0 ? "</th>" : "</td>");
}

void tl_format_html(const tl_grid *g, const tl_format_options *o, tl_buf *out)
{
    tl_column_style *styles = tl_column_styles(g, out);
    if (!styles)
        return;
    tl_buf_add_cstr(out, "<table>\n");
    if (o->caption) {
        tl_buf_add_cstr(out, "<caption>");
        tl_escape_html(out, tl_str_from(o->caption));
        tl_buf_add_cstr(out, "</caption>\n");
    }
    html_head(g, styles, out);
    tl_buf_add_cstr(out, "<tbody>\n");
    for (size_t r = 0; r < g->n_rows; r++) {
        tl_buf_add_cstr(out, "<tr>");
        for (size_t c = 0; c < g->n_columns; c++)
            html_cell(g, r, c, &styles[c], out);
        tl_buf_add_cstr(out, "</tr>\n");
    }
    tl_buf_add_cstr(out, "</tbody>\n</table>\n");
    free(styles);
}
