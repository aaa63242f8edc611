/* compact.cuh: the live positions moved together, in their order.
 *
 * Three launches: survivors are counted tile by tile, the counts become places by a
 * scan in one block, and every tile writes its survivors to its place.  So no block
 * ever waits for another one.
 */
#ifndef TL_CUDA_COMPACT_CUH
#define TL_CUDA_COMPACT_CUH

#include "cuda/scan.cuh"

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
