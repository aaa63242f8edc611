/* page.h: index.html, the report to read.
 *
 * One file that works offline: styles, script, drawings and the patterns are in it,
 * and its content security policy allows nothing else (styles and script by their
 * SHA-256).  Everything from the input is escaped.
 */
#ifndef TL_REPORTS_PAGE_H
#define TL_REPORTS_PAGE_H

#include "base/buf.h"
#include "reports/report.h"
#include "reports/tables.h"

typedef struct tl_page {
    tl_store *store;
    const tl_report_options *options;
    const tl_grid *libraries; /* columns key, name */
    const tl_grid *tables;    /* one for each of tl_tables, both profiles */
    const tl_grid *figures;   /* one for each of tl_figures, of the report's profile and support
                                 kind; NULL for none */
    bool gnuplot_missing;     /* so the files of the figures are */
    const tl_grid *summary;   /* sql/tables/summary.sql: the report's profile, then the other */
    tl_str explorer;          /* explorer.h */
} tl_page;

/* Appends the whole page. */
int tl_page_write(const tl_page *p, tl_buf *out, tl_error *err) TL_MUST_CHECK;

/* Appends the title: "Stack traces in SITE", as plain text. */
int tl_page_title(const tl_page *p, tl_buf *out, tl_error *err) TL_MUST_CHECK;

/* The parts that are written elsewhere (page_summary.c): the first screen, and how the
 * report was made. */
int tl_page_summary(const tl_page *p, tl_buf *out, tl_error *err) TL_MUST_CHECK;
int tl_page_method(const tl_page *p, tl_buf *out, tl_error *err) TL_MUST_CHECK;

#endif
