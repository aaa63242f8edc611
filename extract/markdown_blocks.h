/* markdown_blocks.h: the code blocks and the prose of a markdown body.
 *
 * A line reader for what decides where code is, after CommonMark (sections 4.4,
 * 4.5, 5.1): fences of ``` and ~~~ with their indentation and info string, code
 * indented by four columns after a blank line, both also inside of block quotes
 * and list items, and HTML's <pre>.  A fence that is never closed runs to the end
 * of its container.  Quote marks are taken off prose and code.
 */
#ifndef TL_EXTRACT_MARKDOWN_BLOCKS_H
#define TL_EXTRACT_MARKDOWN_BLOCKS_H

#include "extract/blocks.h"

/* Cuts `body` (valid UTF-8) into *out, whose texts lie in `arena`.  Fails with
 * TL_NO_MEMORY. */
int tl_markdown_blocks(tl_str body, tl_arena *arena, tl_blocks *out, tl_error *err) TL_MUST_CHECK;

#endif
