/* spmf.h: sequence databases and patterns as text.
 *
 * Two forms are read, and told apart by the first line that holds an integer:
 *   SPMF    "1 -1 2 -1 -2": items ended by -1, a sequence by -2.  An itemset holds
 *           one item, as patterns are contiguous lists of symbols.  A sequence may
 *           span lines; "-2" alone is an empty sequence.
 *   plain   "1 2 3": one sequence a line.
 * Blank lines, and lines that begin with '@', '#' or '%' (metadata), are skipped; tabs
 * and carriage returns separate like spaces.  Items are 0 .. 2^31 - 1; an item is its own
 * symbol, so results are ordered numerically.  Anything else is TL_BAD_INPUT with the
 * number of the line, what was expected and what to do about it.
 */
#ifndef TL_MINER_SPMF_H
#define TL_MINER_SPMF_H

#include "miner/miner.h"

#include <stdio.h>

/* Reads everything from file descriptor `fd` (a file, pipe or terminal; stays open)
 * and appends the sequences to `db`; `name` stands in messages.  Memory beyond the
 * database is one fixed buffer.  TL_IO if reading fails.  After a failure `db` holds
 * part of the input and is only good for freeing. */
int tl_spmf_read(tl_sequences *db, int fd, const char *name, const tl_cancel *cancel,
                 tl_error *err) TL_MUST_CHECK;

/* Writes the patterns as "1 -1 2 -1 #SUP: 3", one a line, in their order.  TL_IO if
 * writing failed; `out` is flushed but not closed. */
int tl_spmf_write(const tl_patterns *found, FILE *out, const char *name,
                  tl_error *err) TL_MUST_CHECK;

#endif
