/* draft.h: the trace that is being read.
 *
 * A draft owns copies of everything put into it, so lines may go away.  It is
 * bounded by TL_GRAMMAR_MAX_FRAMES and TL_GRAMMAR_MAX_MESSAGE: what is beyond is
 * left out, never an error.  A failed allocation is remembered in `failed`.
 */
#ifndef TL_EXTRACT_GRAMMAR_DRAFT_H
#define TL_EXTRACT_GRAMMAR_DRAFT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/model.h"

typedef struct tl_draft {
    tl_arena arena;
    tl_frame *frames;
    size_t n_frames, cap_frames;
    tl_str exception; /* data NULL until it is known */
    tl_str announced; /* the class that a header named; data NULL: none */
    tl_buf message;
    tl_buf template;
    tl_trace_link link;
    size_t linked_to;
    bool reverse; /* frames came innermost first */
    bool failed;  /* an allocation failed */
} tl_draft;

/* Empties the draft and keeps its memory. */
void tl_draft_clear(tl_draft *d);
void tl_draft_free(tl_draft *d);

/* Appends a frame.  A function is kept by its last name, as CPython prints it:
 * "fit" of "Model.fit", "<lambda>" of "f.<locals>.<lambda>"; the pseudo-function
 * "<cell line: 1>" of a notebook is "<module>", an unknown one ("?") is "". */
void tl_draft_frame(tl_draft *d, tl_str path, int64_t line, tl_str function);

/* The last frame's source line and line number, where it has none yet. */
void tl_draft_source(tl_draft *d, tl_str source);
void tl_draft_line(tl_draft *d, int64_t line);
bool tl_draft_wants_source(const tl_draft *d);

/* Names the last frame's function where a terminal broke the line before it; false
 * where it has a name. */
bool tl_draft_function(tl_draft *d, tl_str function);

/* The class in a header of IPython: the exception, if the text ends before its line. */
void tl_draft_announce(tl_draft *d, tl_str exception);

void tl_draft_exception(tl_draft *d, tl_str exception, tl_str message);
void tl_draft_message(tl_draft *d, tl_str line); /* a further line of the message */

/* The finished trace; it points into the draft.  Fails with TL_NO_MEMORY. */
int tl_draft_trace(tl_draft *d, tl_trace *out, tl_error *err) TL_MUST_CHECK;

#endif
