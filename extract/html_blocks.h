/* html_blocks.h: the code blocks and the prose of an HTML body.
 *
 * Read with libxml2's HTML parser in SAX mode: no tree, no network, no size limits
 * lifted.  A code block is the text of one <pre>; prose is the text of everything
 * else but scripts and styles, with line breaks at <br> and at block elements.
 * Inline <code> is prose.  Malformed HTML is read as browsers do; elements nested
 * deeper than TL_HTML_MAX_DEPTH end the reading, what came before is kept.
 *
 * A tl_html holds a parser and belongs to one thread.
 */
#ifndef TL_EXTRACT_HTML_BLOCKS_H
#define TL_EXTRACT_HTML_BLOCKS_H

#include "extract/blocks.h"

typedef struct tl_html tl_html;

enum { TL_HTML_MAX_DEPTH = 256 };

int tl_html_new(tl_html **out, tl_error *err) TL_MUST_CHECK;
void tl_html_free(tl_html *h);

/* Cuts `body` into *out, whose texts lie in `arena`.  Bytes that
 * XML does not allow are repaired first.  Fails with TL_NO_MEMORY, TL_BAD_INPUT for
 * a body of 2 GiB and more. */
int tl_html_blocks(tl_html *h, tl_str body, tl_arena *arena, tl_blocks *out,
                   tl_error *err) TL_MUST_CHECK;

#endif
