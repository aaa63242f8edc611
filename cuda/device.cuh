/* device.cuh: the little that kernels and their host side need of CUDA.
 *
 * The same code is compiled in two ways: by nvcc for GPUs, and by a C++ compiler with
 * tests/cuda/fake in front of the include path, where <cuda_runtime.h> is a model of
 * the device that runs every lane of every warp.  Kernels keep to what both know.
 */
#ifndef TL_CUDA_DEVICE_CUH
#define TL_CUDA_DEVICE_CUH

#include <cuda_runtime.h>

#include <stdint.h>

#ifdef __CUDACC__
#define TL_LAUNCH(kernel, blocks, stream, ...) kernel<<<(blocks), TL_BLOCK, 0, (stream)>>>(__VA_ARGS__)
/* An array of `bytes` in a place of `room`; the model forbids to touch the rest. */
#define TL_REDZONE(pointer, bytes, room) ((void)0)
#endif

/* Threads of a block, and rows of so many items that a block compacts at once. */
#ifndef TL_BLOCK
#define TL_BLOCK 256
#endif
#ifndef TL_ROWS
#define TL_ROWS 8
#endif
#define TL_TILE (TL_BLOCK * TL_ROWS)

#define TL_ALL_LANES 0xffffffffu
#define TL_NONE 0xffffffffu

/* The type that CUDA's 64-bit atomics take. */
typedef unsigned long long tl_u64;

static __device__ __forceinline__ uint32_t tl_lane(void)
{
    return threadIdx.x & 31u;
}

/* For loops in which the lanes of a warp stay together, as warp votes need:
 *     for (uint32_t base = tl_warp_base(); base < n; base += tl_stride())
 * and the lane's own item is base + tl_lane(), which may be n or more. */
static __device__ __forceinline__ uint32_t tl_warp_base(void)
{
    return blockIdx.x * TL_BLOCK + (threadIdx.x & ~31u);
}

static __device__ __forceinline__ uint32_t tl_stride(void)
{
    return gridDim.x * TL_BLOCK;
}

/* Of the lanes in `vote`, those before this one. */
static __device__ __forceinline__ uint32_t tl_lanes_before(uint32_t vote)
{
    return (uint32_t)__popc(vote & ((1u << tl_lane()) - 1));
}

#endif
