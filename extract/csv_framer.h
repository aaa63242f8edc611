/* csv_framer.h: bytes -> rows of a CSV file.
 *
 * libcsv decides where a row ends: at a line end outside quotes.  After a row that is not
 * well-formed the framer looks, from the next line on, for a line that begins a row
 * with as many fields as the header; all that it passed over is one rejected row.
 * (Time is linear: of two lines with an odd number of quotes, the second ends a row
 * that the first left open.)
 */
#ifndef TL_EXTRACT_CSV_FRAMER_H
#define TL_EXTRACT_CSV_FRAMER_H

#include "extract/csv.h"
#include "extract/rows.h"

typedef struct tl_csv_framer tl_csv_framer;

/* A framer for the input called `name`, which stands at its first byte. */
int tl_csv_framer_new(tl_csv_framer **out, const char *name, tl_read_fn *read, void *ctx, tl_error *err)
    TL_MUST_CHECK;
void tl_csv_framer_free(tl_csv_framer *f);

/* Reads the header.  TL_BAD_INPUT if it is not one that we know. */
int tl_csv_framer_start(tl_csv_framer *f, tl_csv_layout *layout, tl_error *err) TL_MUST_CHECK;

/* Fills the batch as tl_framer_fill does.  TL_BAD_INPUT with line and byte for a file that
 * is cut off inside a row, or in which no row can be found any more. */
int tl_csv_framer_fill(tl_csv_framer *f, tl_row_batch *b, tl_error *err) TL_MUST_CHECK;

#endif
