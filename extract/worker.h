/* worker.h: rows -> records.
 *
 * A worker decides which rows may be kept and reads them: prefilter on the raw
 * bytes, libxml2, tags, both profiles.  It looks at nothing but its batch, so any
 * number of workers give the same records.
 */
#ifndef TL_EXTRACT_WORKER_H
#define TL_EXTRACT_WORKER_H

#include "extract/batch.h"
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

/* Reads every row of a batch of Posts.xml; answers_only is the second pass over a
 * file out of order. */
int tl_worker_posts(tl_worker *w, tl_batch *b, bool answers_only, tl_error *err) TL_MUST_CHECK;

/* Parses every row of a batch of another file, only to see that it can be read. */
int tl_worker_check(tl_worker *w, tl_batch *b, tl_error *err) TL_MUST_CHECK;

/* Parses the row of an answer that was only scanned so far.  Returns 1 and notes the
 * fault if it cannot be read. */
int tl_worker_parse_answer(tl_worker *w, tl_batch *b, tl_record *r, tl_error *err) TL_MUST_CHECK;

#endif
