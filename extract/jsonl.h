/* jsonl.h: one JSON object -> a post, always a question.
 *
 *     id       number or text ("eid"; or "project" and "bug"); without one, the post
 *              is called NAME:LINE
 *     title    text
 *     body     text ("text"; or "traceback", which is plain text; or "frames", a list of
 *              [path, line, function], which is read as if Python had printed it)
 *     format   "html", "markdown" (what is assumed) or "text"
 *     tags     text, or a list of texts or of objects with a "name" ("labels")
 *     created  text, or seconds since 1970 ("created_at", "creation_date")
 *     score, views, answers, comments   numbers
 *
 * All keys are optional, others are ignored, and null is the same as absent.
 */
#ifndef TL_EXTRACT_JSONL_H
#define TL_EXTRACT_JSONL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/model.h"

typedef struct tl_jsonl {
    tl_buf repaired, text; /* scratch; a zeroed one is ready */
} tl_jsonl;

void tl_jsonl_free(tl_jsonl *j);

/* Reads `line`, number `number` of the input `name`, into *post, whose texts are copies
 * in `arena`.  *repairs is the number of bad bytes that were replaced first.
 * TL_BAD_INPUT, with the reason, for what is no JSON object or has a field of another
 * type; TL_NO_MEMORY. */
int tl_jsonl_parse(tl_jsonl *j, tl_str line, const char *name, uint64_t number, tl_arena *arena,
                   tl_post *post, size_t *repairs, tl_error *err) TL_MUST_CHECK;

#endif
