/* chart.h: the figures as drawings inside the page.
 *
 * Lines and heat maps that follow the page's colours, light or dark; they need no
 * style attributes, which the page's policy forbids.  The same data go to gnuplot
 * for the files of a paper (figures.h).
 */
#ifndef TL_REPORTS_CHART_H
#define TL_REPORTS_CHART_H

#include "base/buf.h"
#include "reports/grid.h"

typedef enum tl_chart_step {
    TL_STEP_DOWN, /* y holds up to x: falls right behind it (share with support >= x) */
    TL_STEP_UP    /* y holds from x on (share with length <= x) */
} tl_chart_step;

typedef struct tl_chart {
    const char *title; /* for readers who do not see it */
    const char *x_label;
    bool log_x;
    tl_chart_step step;
} tl_chart;

/* Appends an <svg>: a line for each library of `data`, whose columns are profile,
 * support_kind, library, x (rising within a library) and y in percent.  The colours go by the position of the library in `libraries`. */
void tl_chart_lines(tl_buf *out, const tl_chart *chart, const tl_grid *data, const tl_grid *libraries);

/* The key to those colours, for the libraries that occur in `data`. */
void tl_chart_legend(tl_buf *out, const tl_grid *data, const tl_grid *libraries);

/* A table of shaded cells for pairs of libraries: columns profile, support_kind, library,
 * other_library, patterns_exactly, patterns_at_least (may be NULL). */
void tl_chart_heat(tl_buf *out, const tl_grid *data, const tl_grid *libraries);

#endif
