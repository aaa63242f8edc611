/* finish.h: the last levels of the GPU engine, done on the CPU.
 *
 * A level costs the GPU some ten launches however small it is; with a few thousand live
 * positions one core is faster. */
#ifndef TL_CUDA_FINISH_H
#define TL_CUDA_FINISH_H

#include "cuda/library.h"
#include "miner/engine.h"

/* Adds to the run the closed grams of rest->length symbols and more that begin at the
 * live positions, but for whole sequences, which it notes in rest->whole.  TL_NO_MEMORY,
 * or what tl_run_add and tl_run_progress return. */
int tl_cuda_finish(tl_run *run, tl_cuda_rest *rest, tl_error *err) TL_MUST_CHECK;

#endif
