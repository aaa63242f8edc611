/* line_framer.h: bytes -> lines of a JSONL file, or chunks of a log.
 *
 * A log is cut anywhere, but not inside a character: whoever reads it goes on in the next
 * chunk where this one ended.
 */
#ifndef TL_EXTRACT_LINE_FRAMER_H
#define TL_EXTRACT_LINE_FRAMER_H

#include "extract/rows.h"

typedef struct tl_line_framer tl_line_framer;

/* A framer for the input called `name`, which stands at its first byte (a byte-order
 * mark is passed over).  `chunks`: a log. */
int tl_line_framer_new(tl_line_framer **out, const char *name, bool chunks, tl_read_fn *read, void *ctx,
                       tl_error *err) TL_MUST_CHECK;
void tl_line_framer_free(tl_line_framer *f);

/* Fills the batch as tl_framer_fill does, with the lines that are not blank.  A last
 * line without its end that does not close an object is cut off: TL_BAD_INPUT. */
int tl_line_framer_fill(tl_line_framer *f, tl_row_batch *b, tl_error *err) TL_MUST_CHECK;

#endif
