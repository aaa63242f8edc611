/* adapter.h: the GPU library as an engine of the miner.
 *
 * The adapter gives the library the database and takes its patterns into the run; the
 * levels with few live positions it does itself (cuda/finish.h).  One adapter may mine in
 * several threads at once, if it has no profile.
 */
#ifndef TL_CUDA_ADAPTER_H
#define TL_CUDA_ADAPTER_H

#include "cuda/library.h"
#include "miner/engine.h"

typedef struct tl_cuda_adapter {
    tl_engine engine; /* first: the run knows the engine by this address */
    const tl_cuda_library *library;
    tl_cuda_limits limits;
    tl_cuda_profile *profile; /* NULL, or where the next run writes its times */
} tl_cuda_adapter;

/* An adapter to `library`, with the limits for use and no profile.  It must outlive the
 * results that are mined with it. */
tl_cuda_adapter tl_cuda_adapter_to(const tl_cuda_library *library);

#endif
