/* loading.h: the tables of a report, computed side by side.
 *
 * Each table is one task, which runs both profiles; so are the summary and the explorer.  Workers read the same file
 * through connections of their own, so a store that is no file, or that another process
 * may be writing, is read by one.  What is loaded does not depend on the number of workers.
 */
#ifndef TL_REPORTS_LOADING_H
#define TL_REPORTS_LOADING_H

#include "base/buf.h"
#include "reports/report.h"
#include "reports/tables.h"

/* Fills `tables` (one grid for each of tl_tables) and `summary` (summary.sql), the rows
 * of the requested profile first, and `explorer` (explorer.h).  Fails like the first of the tasks that failed, or
 * with TL_INTERRUPTED. */
int tl_report_load(tl_store *store, const tl_report_options *o, tl_grid *tables, tl_grid *summary,
                   tl_buf *explorer, tl_error *err) TL_MUST_CHECK;

#endif
