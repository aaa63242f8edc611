/* worker.h: rows -> records.
 *
 * A worker decides which rows may be kept and reads them: prefilter on the raw
 * bytes of XML, the container's parser, tags, both profiles.  It looks at nothing but
 * its batch and the task, so any number of workers give the same records.
 */
#ifndef TL_EXTRACT_WORKER_H
#define TL_EXTRACT_WORKER_H

#include "base/map.h"
#include "extract/batch.h"
#include "extract/format.h"
#include "extract/libraries.h"

typedef struct tl_selection {
    const tl_libraries *libraries;
    bool all;          /* keep every question with a code block or a trace */
    bool no_prefilter; /* parse every row */
} tl_selection;

typedef struct tl_worker tl_worker;

/* `selection` must outlive the worker. */
int tl_worker_new(tl_worker **out, const tl_selection *selection, tl_error *err) TL_MUST_CHECK;
void tl_worker_free(tl_worker *w);

/* What the rows of an input are. */
typedef struct tl_task {
    const char *name; /* of the input */
    const tl_format *format;
    /* The site's questions in the store, by id: for files that speak of posts, during
     * which it does not change. */
    const tl_map *questions;
    bool answers_only; /* the second pass over a file out of order */
} tl_task;

/* Reads every row of a batch.  A chunk of a log is only repaired: its lines hang together
 * over batches (see log.h). */
int tl_worker_read(tl_worker *w, const tl_task *task, tl_batch *b, tl_error *err) TL_MUST_CHECK;

/* Parses the row of an answer that was only scanned so far.  Returns 1 and notes the
 * fault if it cannot be read. */
int tl_worker_parse_answer(tl_worker *w, const tl_task *task, tl_batch *b, tl_record *r, tl_error *err)
    TL_MUST_CHECK;

#endif
