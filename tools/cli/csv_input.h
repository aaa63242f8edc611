/* csv_input.h: CSV files named on the command line.
 */
#ifndef TL_CLI_CSV_INPUT_H
#define TL_CLI_CSV_INPUT_H

#include "sql/store.h"

/* Loads `path` ("-" for standard input) as table `data` of a fresh scratch store, which
 * the caller closes. */
int tl_csv_input(tl_store **out, const char *path, bool numbers, tl_error *err) TL_MUST_CHECK;

#endif
