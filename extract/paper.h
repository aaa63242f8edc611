/* paper.h: the profile `paper`: what the study of METHOD.md reads in the HTML body
 * of one question, with its quirks, so that its tables can be reproduced.
 *
 * The parts have headers of their own: paper_blocks.h, paper_words.h,
 * paper_frames.h, paper_errors.h.  All of them scan by hand, in time linear in the
 * length of the text.  The regular expressions that they are equal to stand in the
 * headers, and tests/unit/test_paper_frames.c and test_paper_blocks.c compare them
 * with PCRE2.
 */
#ifndef TL_EXTRACT_PAPER_H
#define TL_EXTRACT_PAPER_H

#include "base/arena.h"
#include "base/error.h"
#include "base/model.h"

/* What one worker needs to read bodies; one thread at a time. */
typedef struct tl_paper tl_paper;

int tl_paper_new(tl_paper **out, tl_error *err) TL_MUST_CHECK;
void tl_paper_free(tl_paper *p);

/* Reads `body`, the raw HTML of a question (XML entities of the dump resolved,
 * those of the HTML not; data NULL is an empty body), into *out.  All strings and
 * arrays of *out live in `arena`; none points into `body`.  Bytes that are not
 * UTF-8 are taken as characters that are neither word, digit nor space.
 *
 * In the traces only file and function of a frame are given; path, package and
 * source are absent, line is TL_UNKNOWN.  A trace is one code block that has
 * frames after decoding, so that has_trace may hold with n_traces 0.  os is
 * TL_OS_UNKNOWN exactly when has_trace is false.
 *
 * Fails with TL_NO_MEMORY, or TL_BAD_INPUT where PCRE2 gives up on the text: the
 * caller counts that, *out is then not to be used. */
int tl_paper_read(tl_paper *p, tl_str body, tl_arena *arena, tl_reading *out, tl_error *err)
    TL_MUST_CHECK;

#endif
