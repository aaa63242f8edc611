/* print.h: tables on standard output.
 */
#ifndef TL_CLI_PRINT_H
#define TL_CLI_PRINT_H

#include "reports/format.h"
#include "tools/cli/cli.h"

/* What --format may be; a tl_format, in this order. */
extern const char *const tl_print_formats[];

#define TL_FORMAT_OPTION(format)                                                                  \
    {.name = "format", .kind = TL_OPTION_CHOICE, .arg = "F", .value = &(format),                  \
     .choices = tl_print_formats, .help = "table, csv, jsonl or md (default: table)"}

/* Prints a grid, as wide as the terminal if there is one.  guard_formulas: see
 * reports/format.h. */
int tl_print_grid(const tl_grid *grid, int format, bool guard_formulas, tl_error *err) TL_MUST_CHECK;

#endif
