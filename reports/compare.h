/* compare.h: two groups compared, on anyone's measures.
 *
 * The tests of METHOD.md, section 4, over a table of a scratch database: Mann-Whitney
 * for values, the two-proportion Z test for a success.  Group 1 are the rows whose
 * group column is true (the ones with the trace), group 0 the others.
 */
#ifndef TL_REPORTS_COMPARE_H
#define TL_REPORTS_COMPARE_H

#include "reports/grid.h"

typedef struct tl_compare_options {
    const char *table;   /* in the store */
    const char *group;   /* column: nonzero for group 1, 0 for group 0, NULL for neither */
    const char *values;  /* columns separated by commas, or NULL */
    const char *success; /* column, or NULL: a cell that is empty or 0 is no success */
    const char *where;   /* SQL condition on the rows, or NULL */
} tl_compare_options;

/* Appends to `out` (empty) one row a value and then the success: value, test, n1, n0,
 * median1, median0 (of a success: the two shares), statistic (U or Z), p, p_holm over
 * these rows, effect (Cliff's delta or Cohen's h).  The store should be under guard
 * (sql/guard.h), as `where` is anybody's SQL.  TL_USAGE for a column that is not there
 * (the message lists those that are) or a bad condition, TL_BAD_INPUT for a value or a
 * success that is no number. */
int tl_compare(tl_store *store, const tl_compare_options *o, tl_grid *out, tl_error *err) TL_MUST_CHECK;

#endif
