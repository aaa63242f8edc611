/* escape.h: text of strangers, made harmless for one target.
 *
 * Titles, messages and paths come from the input and may hold anything.  Each
 * function appends `s` so that it is only text where it stands, and valid UTF-8: a
 * byte that is none becomes U+FFFD.  Failed allocations are kept by the buffer.
 */
#ifndef TL_REPORTS_ESCAPE_H
#define TL_REPORTS_ESCAPE_H

#include "base/buf.h"

/* HTML text and double-quoted attribute values. */
void tl_escape_html(tl_buf *out, tl_str s);

/* The inside of a JSON string, safe inside <script type="application/json"> too. */
void tl_escape_json(tl_buf *out, tl_str s);

/* LaTeX text for any engine.  Letters outside Latin-1 (but for the delta of
 * our headings) become '?', since pdflatex stops at what its fonts lack. */
void tl_escape_tex(tl_buf *out, tl_str s);

/* A cell of a Markdown table; line ends become spaces. */
void tl_escape_markdown(tl_buf *out, tl_str s);

/* A terminal: control characters become visible ones, those that turn the direction
 * of writing U+FFFD.  Appends at most `width` columns (0: no limit), the last of which
 * is an ellipsis if something was cut; returns how many columns it took. */
size_t tl_escape_terminal(tl_buf *out, tl_str s, size_t width);

/* Reads the code point at s.data[*at] and moves *at behind it; 0xFFFD for a byte that
 * is not UTF-8.  *at must be less than s.len. */
uint32_t tl_utf8_next(tl_str s, size_t *at);

#endif
