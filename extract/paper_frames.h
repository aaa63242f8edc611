/* paper_frames.h: the stack frames of a code block in profile `paper` (METHOD.md,
 * section 3).
 *
 * The scan is by hand, since backtracking over a hostile line of slashes is at
 * least quadratic; its time is linear in the text.  In PCRE2's extended syntax,
 * leftmost match first, greedy, the frames are those of
 *
 *   Unix     [^\n&:|></ ";]* (?: / [^\n&:|></]+ )+ / ([^\n&:|></\\]+) \.py
 *            [^\d\n]+ \d* \W* in \s \W* \d* ([A-Za-z_$][A-Za-z0-9_$]*)
 *   Windows  (?: [A-Za-z]: | ~ ) \\? /? (?: [^\n<>:"\\|?*]+ \\ )+
 *            ([^\n<>:"\\|?*\/]+) \.py
 *            [^\d\n]+ \d* \W* in \W+ ([A-Za-z_$][A-Za-z0-9_$]*)
 *
 * with \d, \W and \s as paper_chars.h has them.  The letter of a drive is taken to
 * be an ASCII one.
 */
#ifndef TL_EXTRACT_PAPER_FRAMES_H
#define TL_EXTRACT_PAPER_FRAMES_H

#include "base/arena.h"
#include "base/model.h"
#include "extract/paper_chars.h"

/* Does `text` hold a frame of `os` (TL_OS_UNIX or TL_OS_WINDOWS)? */
bool tl_paper_has_frame(tl_chars *c, tl_str text, tl_os os);

/* All frames of `os` in `text`, in order: *frames, in `arena`, are *n frames whose
 * file and function are borrowed from `text`; their other fields are absent.
 * *frames is NULL where *n is 0.  Fails with TL_NO_MEMORY. */
int tl_paper_frames(tl_chars *c, tl_str text, tl_os os, tl_arena *arena, tl_frame **frames,
                    size_t *n, tl_error *err) TL_MUST_CHECK;

#endif
