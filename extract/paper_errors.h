/* paper_errors.h: the error lines of a code block in profile `paper` (METHOD.md,
 * section 3):
 *
 *   ^ ([A-Z]\w+Error) [\w\s()]* : \s (.*) $        with ^ at every line start
 *
 * The exception is the text up to the last `Error` of its word ("ValueError", not
 * what comes between it and the colon); the message is trimmed and may be empty.
 * A capital is an ASCII one, as in every exception class of a library.
 */
#ifndef TL_EXTRACT_PAPER_ERRORS_H
#define TL_EXTRACT_PAPER_ERRORS_H

#include "base/arena.h"
#include "base/model.h"
#include "extract/paper_chars.h"

/* Finds the first error line at or after *at of `text`, a decoded block; *at moves
 * behind it.  *line is borrowed from `text`.  Linear in the text over all calls
 * that share *at and *run_end, both 0 at the start. */
bool tl_paper_next_error(tl_chars *c, tl_str text, size_t *at, size_t *run_end,
                         tl_error_line *line);

#endif
