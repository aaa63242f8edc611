/* classifier_input.h: patterns as JSON, one object a line.
 *
 * {"frames": [["training", "fit"], ...]}, outermost first; a frame may name its package
 * as a third text.  "exception" and "message" may stand beside it, and "label", the
 * type that a coder gave.  Other keys are kept.
 */
#ifndef TL_REPORTS_CLASSIFIER_INPUT_H
#define TL_REPORTS_CLASSIFIER_INPUT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/model.h"

#include <jansson.h>
#include <stdio.h>

enum { TL_PATTERN_LINE_MAX = 4 * 1000 * 1000 }; /* bytes */

typedef struct tl_pattern_line {
    json_t *object; /* owned; the texts below point into it */
    tl_frame *frames; /* in the arena */
    size_t n_frames;
    tl_str exception, message, label; /* data NULL if absent */
} tl_pattern_line;

/* Reads one line into *out; the caller frees it, also after a failure.  TL_BAD_INPUT
 * with what is wrong (without a line number), TL_NO_MEMORY. */
int tl_pattern_line_read(tl_pattern_line *out, tl_str line, tl_arena *arena, tl_error *err) TL_MUST_CHECK;
void tl_pattern_line_free(tl_pattern_line *p);

/* Takes one pattern and says whether to go on (TL_OK).  It may keep *p by zeroing it; it
 * must free what it keeps. */
typedef int tl_pattern_line_fn(void *ctx, tl_pattern_line *p, tl_error *err);

/* Reads the lines of `file` (`name` in messages) one by one; empty lines are passed over.
 * The frames lie in `arena`, which is reset for each line unless `keep`.  Stops at the
 * first failure, which says "NAME: line N: ..."; `*n` counts the patterns. */
int tl_pattern_lines_read(FILE *file, const char *name, tl_arena *arena, bool keep, tl_pattern_line_fn *take,
                          void *ctx, size_t *n, tl_error *err) TL_MUST_CHECK;

#endif
