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

#endif
