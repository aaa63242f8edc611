/* engine.h: the inside of the GPU library: what library.cu offers of engine.cu. */
#ifndef TL_CUDA_ENGINE_H
#define TL_CUDA_ENGINE_H

#include "cuda/library.h"

/* tl_cuda_library.mine. */
int tl_cuda_mine_job(const tl_cuda_job *job, tl_error *err);

#endif
