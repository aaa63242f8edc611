/* full.h: what profile `full` reads in one post.
 *
 * HTML bodies go through libxml2's HTML parser (html_blocks.h), markdown through
 * markdown_blocks.h, and a text body is one code block.  Words are the tokens of
 * prose that hold a letter, code lines the non-blank lines of code blocks.  Traces
 * come from the grammar (grammar/grammar.h): in HTML from code blocks, and from
 * prose only where an explicit traceback header stands; in markdown and text from
 * the whole body, since most issues carry the traceback outside a code fence.
 *
 * A tl_full holds parsers and patterns and belongs to one thread.
 */
#ifndef TL_EXTRACT_FULL_H
#define TL_EXTRACT_FULL_H

#include "base/arena.h"
#include "base/error.h"
#include "base/model.h"

typedef struct tl_full tl_full;

/* Fails with TL_NO_MEMORY. */
int tl_full_new(tl_full **out, tl_error *err) TL_MUST_CHECK;
void tl_full_free(tl_full *f);

/* Reads `post` (only body and format are looked at) into *out, which is wholly
 * overwritten.  Everything that *out points to lies in `arena` (the body itself
 * may go away).  Any bytes are accepted, valid UTF-8 or not.  Fails with
 * TL_NO_MEMORY, or TL_BAD_INPUT where a pattern hit its match limit (count the
 * post; *out then holds no traces). */
int tl_full_read(tl_full *f, const tl_post *post, tl_arena *arena, tl_reading *out,
                 tl_error *err) TL_MUST_CHECK;

/* The system that the first path of the traces tells. */
tl_os tl_full_os(const tl_trace *traces, size_t n);

#endif
