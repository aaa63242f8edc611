/* paper_blocks.h: the code blocks of a raw HTML body in profile `paper`
 * (METHOD.md, section 2), and their text before and after decoding.
 */
#ifndef TL_EXTRACT_PAPER_BLOCKS_H
#define TL_EXTRACT_PAPER_BLOCKS_H

#include "base/arena.h"
#include "base/error.h"

/* Finds the first code block that opens at or after byte *at of `body`; *block is
 * its raw text, borrowed from `body`, and *at the byte after its closing tags.
 * False when there is none.
 *
 * A block opens with <pre> or <pre ATTRIBUTES>, and <code> right behind belongs to
 * the opening.  The attributes follow white space and end at the first '>'.  The
 * block goes to the nearest </code></pre>, </pre></code> or </pre>.  The last of
 * these alone stays at the end of the text: a quirk of the study.  Tags are found in
 * any case. */
bool tl_paper_next_block(tl_str body, size_t *at, tl_str *block);

/* The lines of a block's raw text that hold at least one character, be it a blank
 * or a carriage return: lines end at a newline only. */
int64_t tl_paper_lines(tl_str block);

/* Copies `block` into `arena` with &lt; &gt; &quot; decoded (nothing else) and, if
 * `newlines`, each literal backslash-n turned into a newline first.  Fails with
 * TL_NO_MEMORY. */
int tl_paper_decode(tl_str block, bool newlines, tl_arena *arena, tl_str *out, tl_error *err)
    TL_MUST_CHECK;

/* The first position at or after `from` where `text` holds `ascii` but for the case
 * of ASCII letters; SIZE_MAX for none. */
size_t tl_paper_find_nocase(tl_str text, const char *ascii, size_t from);

#endif
