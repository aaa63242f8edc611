/* format_part.h: what the writers of format.h share; private to reports/. */
#ifndef TL_REPORTS_FORMAT_PART_H
#define TL_REPORTS_FORMAT_PART_H

#include "reports/format.h"

/* How a column prints its numbers for people. */
typedef struct tl_column_style {
    bool number;  /* no cell is a text: align to the right */
    bool p_value;
    int decimals; /* of reals: as many as any of them needs, at most 2 */
} tl_column_style;

tl_column_style tl_column_style_of(const tl_grid *g, size_t column);

/* Those of all columns, which the caller frees; NULL, and *out failed, when out of memory. */
tl_column_style *tl_column_styles(const tl_grid *g, tl_buf *out);

/* Appends a number (the cell is TL_CELL_INT or TL_CELL_REAL). */
void tl_format_number(tl_buf *out, const tl_cell *cell, const tl_column_style *style);

const char *tl_column_label(const tl_column *c);

/* True if any column has a group; then a heading of two lines is due. */
bool tl_grid_has_groups(const tl_grid *g);

/* The column after the last one of the group that begins at `from`. */
size_t tl_group_end(const tl_grid *g, size_t from);

void tl_format_table(const tl_grid *g, const tl_format_options *o, tl_buf *out);
void tl_format_md(const tl_grid *g, const tl_format_options *o, tl_buf *out);
void tl_format_tex(const tl_grid *g, const tl_format_options *o, tl_buf *out);
void tl_format_html(const tl_grid *g, const tl_format_options *o, tl_buf *out);

#endif
