/* auto.h: the engine `auto`: the GPU where it was measured to be faster, else the CPU.
 *
 * It is the suffix engine on a database of fewer frames than TL_CUDA_WINS_FROM, or than the
 * environment variable TL_CUDA_FROM says, and wherever posting lists are wanted: they need
 * the suffix structure, which is most of that engine's work.  Else it is the GPU engine;
 * where that cannot be had, or cannot take the database, it says so in one line and goes
 * over to the suffix engine.
 */
#ifndef TL_CUDA_AUTO_H
#define TL_CUDA_AUTO_H

#include "miner/miner.h"

#define TL_CUDA_NEVER SIZE_MAX

/* The frames from which on the GPU is faster than every CPU engine on all cores, copies and
 * the start of the GPU included, as `make -f cuda/cuda.mk cuda-bench` prints it.  Not
 * measured yet. */
#define TL_CUDA_WINS_FROM TL_CUDA_NEVER

/* The engine; `tell` gets the line, from the mining thread, and may be NULL.  The same
 * for all callers, as `tell` is: call it before threads mine. */
const tl_engine *tl_engine_auto(void (*tell)(const char *line));

#endif
