/* figures.h: Figures 4 to 7.
 *
 * Each is a statement of sql/tables, run for both profiles and support kinds, a gnuplot
 * script that stands beside the data and draws those of one profile and kind into
 * figN.svg, and a drawing of these in the page (chart.h).
 */
#ifndef TL_REPORTS_FIGURES_H
#define TL_REPORTS_FIGURES_H

#include "reports/chart.h"
#include "base/model.h"
#include "reports/grid.h"

enum { TL_FIGURES = 4 };

typedef struct tl_figure {
    const char *name;    /* "fig4": the files' name */
    const char *number;  /* "Figure 4" */
    const char *reading; /* how to read it */
    const char *sql, *script;
    tl_chart chart; /* no title: a heat map */
} tl_figure;

extern const tl_figure tl_figures[TL_FIGURES];

/* Appends the data; those of `profile` and `support` stand first, *first rows. */
int tl_figure_load(tl_grid *g, const tl_figure *f, tl_store *s, tl_profile profile, tl_support_kind support,
                   tl_key key, size_t *first, tl_error *err) TL_MUST_CHECK;

/* Runs folder/NAME.gp, which reads folder/NAME.csv, and leaves folder/NAME.svg.
 * TL_UNAVAILABLE if there is no gnuplot; TL_IO if it fails. */
int tl_figure_draw(const tl_figure *f, const char *folder, tl_profile profile, tl_support_kind support,
                   tl_error *err) TL_MUST_CHECK;

/* Removes folder/NAME.svg, if it is there. */
void tl_figure_remove(const tl_figure *f, const char *folder);

#endif
