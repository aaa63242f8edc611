/* csv.h: a CSV file as a table of a database in memory.
 *
 * Columns take the names of the header row.  An empty cell becomes NULL, any other text,
 * or a number where it is one and numbers are wanted (SQLite's NUMERIC affinity).  The
 * file must be strict RFC 4180 (libcsv): every row has as many cells as the header.
 */
#ifndef TL_SQL_CSV_H
#define TL_SQL_CSV_H

#include <stdio.h>

#include "sql/store.h"

enum { TL_CSV_MAX_COLUMNS = 1000, TL_CSV_MAX_CELL = 10 * 1000 * 1000 };

/* Makes `table` in `store` (opened with tl_store_open_scratch) and fills it from
 * `file`; `name` stands in messages.  TL_BAD_INPUT with the line, TL_IO, TL_NO_MEMORY. */
int tl_csv_load(tl_store *store, const char *table, FILE *file, const char *name, bool numbers,
                tl_error *err) TL_MUST_CHECK;

#endif
