/* coding.h: a coded sheet, read back.
 *
 * The sheet is one of sheet.h that people have filled in, as a table of a scratch store
 * (sql/csv.h); its labels go into the study's table `label`, which v_label shows.
 */
#ifndef TL_REPORTS_CODING_H
#define TL_REPORTS_CODING_H

#include <stdint.h>

#include "sql/store.h"

typedef struct tl_coding {
    int64_t patterns; /* rows of the sheet */
    int64_t coders;   /* columns with at least one label */
    int64_t labels;   /* put into the store */
} tl_coding;

/* Reads the table `data` of `sheet`, called `name` in messages, into `study`, inside a
 * transaction of the caller's.  Beside the columns of a fresh sheet, of which pattern_id
 * and round are needed, it may have `label` and the columns named in `coders`
 * (separated by commas, or NULL).  A column with at least one label replaces what the
 * store has of that coder for the sheet's patterns, so that a cell that was emptied is
 * gone; an empty column changes nothing, so that coders can work on copies.
 *
 * TL_BAD_INPUT with the row as a spreadsheet counts it (the header is row 1) for an
 * unknown column, pattern or round, a second label of a coder for a pattern and round,
 * text that is not UTF-8, and a sheet without a column for labels; TL_USAGE for names
 * that will not do or that the sheet has no column for. */
int tl_coding_read(tl_store *study, tl_store *sheet, const char *name, const char *coders, tl_coding *out,
                   tl_error *err) TL_MUST_CHECK;

#endif
