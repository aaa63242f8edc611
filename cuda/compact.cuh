/* compact.cuh: the live positions moved together, in their order.
 *
 * Three launches: survivors are counted tile by tile, the counts become places by a
 * scan in one block, and every tile writes its survivors to its place.  So no block
 * ever waits for another one.
 */
#ifndef TL_CUDA_COMPACT_CUH
#define TL_CUDA_COMPACT_CUH

#include "cuda/device.cuh"

/* places[t] = number of items of tile t that are not TL_NONE. */
static __global__ void tl_count_tiles(const uint32_t *items, uint32_t n, uint32_t *places)
{
    for (uint32_t tile = blockIdx.x; (tl_u64)tile * TL_TILE < n; tile += gridDim.x) {
        uint32_t count = 0;
        for (uint32_t row = 0; row < TL_ROWS; row++) {
            uint32_t i = tile * TL_TILE + row * TL_BLOCK + threadIdx.x;
            count += (uint32_t)__syncthreads_count(i < n && items[i] != TL_NONE);
        }
        if (threadIdx.x == 0)
            places[tile] = count;
    }
}

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

/* Writes the items that are not TL_NONE, and the positions that stand beside them. */
static __global__ void tl_move_tiles(const uint32_t *items, const uint32_t *positions, uint32_t n,
                                     const uint32_t *places, uint32_t *to_items,
                                     uint32_t *to_positions)
{
    __shared__ uint32_t sums[TL_BLOCK / 32];
    for (uint32_t tile = blockIdx.x; (tl_u64)tile * TL_TILE < n; tile += gridDim.x) {
        uint32_t place = places[tile];
        for (uint32_t row = 0; row < TL_ROWS; row++) {
            uint32_t i = tile * TL_TILE + row * TL_BLOCK + threadIdx.x, all;
            uint32_t item = i < n ? items[i] : TL_NONE;
            uint32_t to = place + tl_sum_before(item != TL_NONE, sums, &all);
            if (item != TL_NONE) {
                to_items[to] = item;
                to_positions[to] = positions[i];
            }
            place += all;
        }
    }
}

#endif
