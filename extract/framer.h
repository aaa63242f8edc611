/* framer.h: bytes -> rows of a dump's XML file.
 *
 * A dump is one root element (<posts>, <comments>, ...) that holds empty <row/>
 * elements and nothing else.  In well-formed XML a raw '<' never stands inside an
 * attribute value, so a row reaches from its "<row" to just before the next one;
 * other markup ends it only where it is whole (quotes counted), since a broken row
 * may hold "<!--" or "<?php".  So the row after a broken one starts afresh, and only the
 * broken one is lost.
 *
 * A document type declaration is refused: dumps have none, and entity bombs and
 * external entities need one.
 */
#ifndef TL_EXTRACT_FRAMER_H
#define TL_EXTRACT_FRAMER_H

#include "extract/rows.h"

typedef struct tl_framer tl_framer;

/* A framer for the input called `name` (for messages).  With `root` NULL it starts
 * at the top of the file; else it goes on at byte `offset`, between two rows of
 * a file with that root element. */
int tl_framer_new(tl_framer **out, const char *name, tl_read_fn *read, void *ctx, const char *root,
                  uint64_t offset, tl_error *err) TL_MUST_CHECK;
void tl_framer_free(tl_framer *f);

/* Reads up to the root element's start tag.  TL_BAD_INPUT if this is no dump. */
int tl_framer_start(tl_framer *f, tl_error *err) TL_MUST_CHECK;

/* The root element's name ("posts"), known after tl_framer_start. */
const char *tl_framer_root(const tl_framer *f);

/* Fills the batch with the next rows, about 256 KB of them (a longer row alone).
 * Returns 1 with at least one row; 0 at the regular end.  When the file is cut
 * off or goes wrong, the rows before are delivered first, and the call after
 * them returns TL_BAD_INPUT with the byte. */
int tl_framer_fill(tl_framer *f, tl_row_batch *b, tl_error *err) TL_MUST_CHECK;

#endif
