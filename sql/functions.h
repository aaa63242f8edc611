/* functions.h: the statistics of stats/ as SQL functions.
 *
 *   median(x)                           also as a window function
 *   mann_whitney_u(x, in_group)         U of the rows in the group
 *   mann_whitney_p(x, in_group)
 *   cliffs_delta(x, in_group)
 *   ztest_z(success, in_group)          share of successes in the group against
 *   ztest_p(success, in_group)          that of the other rows
 *   cohens_h(success, in_group)
 *   holm(p, other)                      p corrected for all the tests that were made, whose
 *                                       p-values, p too, are `other`; NULL if p is not there
 *   krippendorff_alpha(unit, coder, label)
 *   stars(p)
 *
 * All but stars are aggregates.  A row with a NULL argument is ignored.  Truth is
 * SQL's: in_group and success hold when they are not 0.  A result that is
 * undefined (an empty group, say) is NULL.  Numbers are read as doubles; a text
 * that is not a number, or a blob, is an error of the statement (for the empty
 * cells of a CSV file write nullif(x, '')).  Units, coders and labels are compared
 * by their text, so 1 and '1' are the same and 1.0 is another; a coder with two
 * labels for one unit is an error.
 *
 * The same source serves two masters.  The program links SQLite and calls it
 * directly.  The loadable extension must call the SQLite that loads it, through
 * that one's table of functions: there functions.c is compiled a second time,
 * with TL_SQLITE_EXTENSION defined, and linked with extension.c.
 */
#ifndef TL_SQL_FUNCTIONS_H
#define TL_SQL_FUNCTIONS_H

#include "base/error.h"

#include <sqlite3.h>

/* Makes the functions known to one connection, for its lifetime.  Fails with
 * TL_IO, carrying SQLite's message. */
int tl_sql_functions_register(sqlite3 *db, tl_error *err) TL_MUST_CHECK;

#endif
