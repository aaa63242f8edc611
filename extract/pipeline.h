/* pipeline.h: reader -> workers -> writer, in order.
 *
 * A fixed ring of 2 * workers + 2 batches bounds the memory.  The reader fills
 * batches, any number of workers work on them, and the caller's own thread writes
 * them in the order in which they were filled.
 */
#ifndef TL_EXTRACT_PIPELINE_H
#define TL_EXTRACT_PIPELINE_H

#include "base/cancel.h"
#include "base/error.h"
#include "extract/batch.h"

typedef struct tl_pipeline {
    int workers;
    const tl_cancel *cancel;
    void *ctx;
    /* Fills a batch: 1, 0 at the end, or a failure, which is returned by
     * tl_pipeline_run after the batches before it were written. */
    int (*fill)(void *ctx, tl_batch *b, tl_error *err);
    /* Works on a batch; `worker` is 0 .. workers-1. */
    int (*work)(void *ctx, int worker, tl_batch *b, tl_error *err);
    /* Takes a finished batch. */
    int (*write)(void *ctx, tl_batch *b, tl_error *err);
} tl_pipeline;

/* Runs to the end of the input, the first failure, or the cancel (TL_INTERRUPTED). */
int tl_pipeline_run(const tl_pipeline *p, tl_error *err) TL_MUST_CHECK;

#endif
