/* cells.h: any bytes as a table of texts, and what a reader should see of a text.
 */
#ifndef TL_TESTS_SUPPORT_CELLS_H
#define TL_TESTS_SUPPORT_CELLS_H

#include "base/buf.h"
#include "reports/grid.h"

/* Fills the empty `g` from `data`: its first byte says how many columns (1 to 4), the
 * second is the byte between texts, of which the first are the columns' names and the
 * others the cells, row by row.  A name is a C string, so that a NUL in it becomes '0', and
 * its last character is the column's number, so that no two are the same. */
void test_cells(tl_grid *g, tl_str data);

/* Appends `s` with U+FFFD for every byte that is no part of a character (RFC 3629): the
 * definition, tried out at every position. */
void test_repaired(tl_buf *out, tl_str s);

/* The code point at s.data[*at] of valid UTF-8; *at moves behind it. */
uint32_t test_next(tl_str s, size_t *at);

/* Appends a code point as UTF-8. */
void test_add(tl_buf *out, uint32_t c);

#endif
