/* status.cuh: failures of the CUDA runtime as tl_errors, with file and line. */
#ifndef TL_CUDA_STATUS_CUH
#define TL_CUDA_STATUS_CUH

#include "cuda/library.h"

#include <cuda_runtime.h>

/* Returns from the calling function, which has a `tl_error *err`, if `call` fails. */
#define TL_CUDA_TRY(call)                                                        \
    do {                                                                         \
        cudaError_t failed_ = (call);                                            \
        if (failed_ != cudaSuccess)                                              \
            return tl_cuda_fail(err, failed_, #call, __FILE__, __LINE__);        \
    } while (0)

static inline int tl_cuda_fail(tl_error *err, cudaError_t failed, const char *call,
                               const char *file, int line)
{
    (void)cudaGetLastError(); /* or the next launch would report it again */
    return tl_fail(err, failed == cudaErrorMemoryAllocation ? TL_NO_MEMORY : TL_UNAVAILABLE,
                   "GPU: %s (%s:%d: %s)", cudaGetErrorString(failed), file, line, call);
}

#endif
