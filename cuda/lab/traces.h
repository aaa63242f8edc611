/* traces.h: synthetic stack traces for checks and measurements.
 *
 * Frames of a user's program, some of them common, most of them his own, followed by one
 * to three call chains of libraries; chains and the frames in them are Zipf distributed.
 * Some traces are cut, some hold a recursion.
 */
#ifndef TL_CUDA_LAB_TRACES_H
#define TL_CUDA_LAB_TRACES_H

#include "miner/miner.h"

/* `count` traces of about 10 frames; the same for the same seed.  NULL: out of memory. */
tl_sequences *lab_traces(size_t count, uint64_t seed);

#endif
