/* scan.cuh: running sums: of a value for each thread of a block, and of an array; and
 * the places in a list that follow from them.
 *
 * The array is scanned by one block: it holds a number for every tile of thousands of
 * items, so it is short. */
#ifndef TL_CUDA_SCAN_CUH
#define TL_CUDA_SCAN_CUH

#include "cuda/device.cuh"

/* The sum of `value` over the threads of the block before this one; *total over all.
 * `sums` is shared memory for one number a warp.  All threads must call it. */
static __device__ __forceinline__ uint32_t tl_sum_before(uint32_t value, uint32_t *sums,
                                                         uint32_t *total)
{
    uint32_t sum = value, warp = threadIdx.x / 32;
    for (uint32_t d = 1; d < 32; d *= 2) {
        uint32_t before = __shfl_up_sync(TL_ALL_LANES, sum, d);
        if (tl_lane() >= d)
            sum += before;
    }
    if (tl_lane() == 31)
        sums[warp] = sum;
    __syncthreads();
    sum -= value;
    *total = 0;
    for (uint32_t w = 0; w < TL_BLOCK / 32; w++) {
        if (w < warp)
            sum += sums[w];
        *total += sums[w];
    }
    __syncthreads(); /* sums may be written again */
    return sum;
}

/* A place in a list that grows by one for every thread that wants one: one atomic for the
 * block.  `sums` as above.  All threads must call it. */
static __device__ __forceinline__ uint32_t tl_take_place(uint32_t *length, bool wanted,
                                                         uint32_t *sums)
{
    uint32_t all, before = tl_sum_before(wanted, sums, &all);
    if (threadIdx.x == 0)
        sums[0] = all > 0 ? atomicAdd(length, all) : 0;
    __syncthreads();
    uint32_t begin = sums[0];
    __syncthreads(); /* sums may be written again */
    return begin + before;
}

/* Turns places[0 .. n) into their running sum, each without itself; *total gets the sum
 * of all.  One block. */
static __global__ void tl_scan_places(uint32_t *places, uint32_t n, uint32_t *total)
{
    __shared__ uint32_t sums[TL_BLOCK / 32];
    uint32_t running = 0;
    for (uint32_t base = 0; base < n; base += TL_BLOCK) {
        uint32_t i = base + threadIdx.x, all;
        uint32_t before = tl_sum_before(i < n ? places[i] : 0, sums, &all);
        if (i < n)
            places[i] = running + before;
        running += all;
    }
    if (threadIdx.x == 0)
        *total = running;
}

#endif
