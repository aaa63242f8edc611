/* What libtracelode_cuda.so exports. */
#include "cuda/engine.h"
#include "cuda/status.cuh"

#include <stdio.h>
#include <string.h>

/* Why there is no device, in words that tell what to do. */
static int no_device(cudaError_t failed, tl_error *err)
{
    int driver = 0, runtime = 0;
    (void)cudaGetLastError();
    (void)cudaDriverGetVersion(&driver);
    (void)cudaRuntimeGetVersion(&runtime);
    if (driver == 0)
        return tl_fail(err, TL_UNAVAILABLE, "no GPU: no NVIDIA driver is installed");
    if (failed == cudaErrorInsufficientDriver)
        return tl_fail(err, TL_UNAVAILABLE,
                       "no GPU: the NVIDIA driver is for CUDA %d.%d, this build needs %d.%d",
                       driver / 1000, driver % 1000 / 10, runtime / 1000, runtime % 1000 / 10);
    if (failed == cudaSuccess || failed == cudaErrorNoDevice)
        return tl_fail(err, TL_UNAVAILABLE, "no GPU: the NVIDIA driver finds no device");
    return tl_fail(err, TL_UNAVAILABLE, "no GPU: %s", cudaGetErrorString(failed));
}

static int devices(tl_cuda_device *list, size_t cap, size_t *n, tl_error *err)
{
    int count = 0;
    *n = 0;
    cudaError_t failed = cudaGetDeviceCount(&count);
    if (failed != cudaSuccess || count == 0)
        return no_device(failed, err);
    for (int i = 0; i < count && *n < cap; i++) {
        struct cudaDeviceProp p;
        TL_CUDA_TRY(cudaGetDeviceProperties(&p, i));
        tl_cuda_device *d = &list[(*n)++];
        memset(d, 0, sizeof *d);
        snprintf(d->name, sizeof d->name, "%s", p.name);
        d->major = p.major;
        d->minor = p.minor;
        d->multiprocessors = p.multiProcessorCount;
        d->memory = p.totalGlobalMem;
    }
    return TL_OK;
}

extern "C" __attribute__((visibility("default"))) const tl_cuda_library *tl_cuda_library_get(void)
{
    static const tl_cuda_library library = {TL_CUDA_ABI, devices, tl_cuda_mine_job};
    return &library;
}
