/* pipeline.h: read -> work -> write, in order.
 *
 * Every thread, the caller's own among them, takes whatever step is due: it reads the
 * next batch, one thread at a time, and works on it at once, while its bytes are still in
 * the processor's cache and nobody has to be woken.  The caller's thread also writes, in
 * the order of reading.  A fixed ring of 2 * workers + 2 batches bounds the memory.
 */
#ifndef TL_EXTRACT_PIPELINE_H
#define TL_EXTRACT_PIPELINE_H

#include "base/cancel.h"
#include "base/error.h"
#include "extract/batch.h"

typedef struct tl_pipeline {
    int workers; /* threads, the caller's included; at least 1 */
    const tl_cancel *cancel;
    void *ctx;
    /* Fills a batch: 1, 0 at the end, or a failure, which is returned by
     * tl_pipeline_run after the batches before it were written.  Called by one thread at
     * a time, not always the same. */
    int (*fill)(void *ctx, tl_batch *b, tl_error *err);
    /* Works on a batch; `worker` is 0 .. workers-1. */
    int (*work)(void *ctx, int worker, tl_batch *b, tl_error *err);
    /* Takes a finished batch, in the caller's thread. */
    int (*write)(void *ctx, tl_batch *b, tl_error *err);
} tl_pipeline;

/* Runs to the end of the input, the first failure, or the cancel (TL_INTERRUPTED).  Where
 * threads cannot be started, those there are do their work. */
int tl_pipeline_run(const tl_pipeline *p, tl_error *err) TL_MUST_CHECK;

#endif
