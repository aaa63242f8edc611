/* stars.h: how the study marks a p-value in its tables (METHOD.md, section 4). */
#ifndef TL_STATS_STARS_H
#define TL_STATS_STARS_H

/* "***" for p < 0.001, "**" for p < 0.01, "*" for p < 0.05, else "o"; "" where p
 * is NaN, that is, where there was no test.  The text is static. */
const char *tl_stars(double p);

#endif
