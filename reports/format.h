/* format.h: a table as text.
 *
 * For programs: csv (RFC 4180, but lines end in a line feed), json (an array of
 * objects), jsonl (one object a line); they carry column names and numbers in full precision.  For people: table
 * (a terminal), md, tex (booktabs), html; they print sensible digits, headings
 * instead of names where a column has them, and text that cannot act (escape.h).
 * The bytes do not depend on the locale.
 */
#ifndef TL_REPORTS_FORMAT_H
#define TL_REPORTS_FORMAT_H

#include "reports/grid.h"

#include "base/buf.h"

typedef enum tl_format {
    TL_FORMAT_TABLE,
    TL_FORMAT_CSV,
    TL_FORMAT_JSONL,
    TL_FORMAT_MD,
    TL_FORMAT_JSON,
    TL_FORMAT_TEX,
    TL_FORMAT_HTML
} tl_format;

typedef struct tl_format_options {
    bool guard_formulas; /* csv: a quote before text that a spreadsheet would run */
    size_t width;        /* table: columns of the terminal, 0 for no limit */
    const char *caption; /* tex, html; NULL for none */
    const char *label;   /* tex: for \ref; html: the table's id; NULL for none */
} tl_format_options;

/* "table", "csv", ...; false if there is no such format. */
bool tl_format_from_name(const char *name, tl_format *out);

/* Appends the table to `out`.  Fails with TL_NO_MEMORY. */
int tl_format_grid(const tl_grid *g, tl_format f, const tl_format_options *o, tl_buf *out,
                   tl_error *err) TL_MUST_CHECK;

#endif
