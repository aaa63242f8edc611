/* published.h: patterns as somebody published them, read from a file into memory.
 *
 * The file holds a JSON object a line,
 *
 *     {"support": 2, "frames": [["file", "function"], ...], "questions": [id, ...]}
 *
 * and nothing else: what is missing, superfluous, of another type or there twice is
 * refused with its line, so that a whole file is read or nothing.  Messages never
 * repeat what the file says.
 */
#ifndef TL_SQL_PUBLISHED_H
#define TL_SQL_PUBLISHED_H

#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/model.h"

enum { TL_PUBLISHED_MAX_LINE = 10 * 1000 * 1000 };

typedef struct tl_published_pattern {
    tl_str *frames; /* "file:function", in order; at least one */
    size_t n_frames;
    int64_t support; /* 1 to 2^32 - 1 */
    tl_post_id *questions;
    size_t n_questions;
} tl_published_pattern;

typedef struct tl_published {
    tl_published_pattern *list;
    size_t n, cap;
    int64_t min_support; /* the smallest of the file */
    tl_arena arena;      /* holds all texts and arrays of the list */
} tl_published;

/* Reads `file`, called `name` in messages, into a zeroed *out, which the caller frees
 * also after a failure.  TL_BAD_INPUT with the line; also for a file without a
 * pattern.  TL_IO, TL_NO_MEMORY. */
int tl_published_read(tl_published *out, FILE *file, const char *name, tl_error *err) TL_MUST_CHECK;
void tl_published_free(tl_published *p);

#endif
