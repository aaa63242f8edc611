/* sort.cuh: a radix sort of 64-bit keys with their places, least digit first.
 *
 * A pass counts the digits of every tile, turns the counts (all tiles of digit 0, then
 * of digit 1 ...) into places by a scan, and writes every tile's keys to its places.
 * Within a tile a warp owns a run of keys, so that equal digits keep their order.
 */
#ifndef TL_CUDA_LAB_SORT_CUH
#define TL_CUDA_LAB_SORT_CUH

#include "cuda/scan.cuh"

enum { LAB_BITS = 8, LAB_DIGITS = 1 << LAB_BITS, LAB_WARPS = TL_BLOCK / 32 };

static __device__ __forceinline__ uint32_t lab_digit(tl_u64 key, int shift)
{
    return (uint32_t)(key >> shift) & (LAB_DIGITS - 1);
}

/* Item of this lane in `row` of its warp's part of the tile. */
static __device__ __forceinline__ uint32_t lab_item(uint32_t tile, uint32_t row)
{
    return tile * TL_TILE + (threadIdx.x / 32 * TL_ROWS + row) * 32 + tl_lane();
}

/* counts[digit * tiles + tile]. */
static __global__ void lab_count_digits(const tl_u64 *keys, uint32_t n, int shift, uint32_t tiles,
                                        uint32_t *counts)
{
    __shared__ uint32_t count[LAB_DIGITS];
    for (uint32_t tile = blockIdx.x; tile < tiles; tile += gridDim.x) {
        for (uint32_t d = threadIdx.x; d < LAB_DIGITS; d += TL_BLOCK)
            count[d] = 0;
        __syncthreads();
        for (uint32_t row = 0; row < TL_ROWS; row++) {
            uint32_t i = lab_item(tile, row);
            if (i < n)
                atomicAdd(&count[lab_digit(keys[i], shift)], 1u);
        }
        __syncthreads();
        for (uint32_t d = threadIdx.x; d < LAB_DIGITS; d += TL_BLOCK)
            counts[d * tiles + tile] = count[d];
        __syncthreads();
    }
}

/* sums[t] = sum of tile t of values[0 .. n). */
static __global__ void lab_sum_tiles(const uint32_t *values, uint32_t n, uint32_t *sums)
{
    __shared__ uint32_t shared[LAB_WARPS];
    for (uint32_t tile = blockIdx.x; (tl_u64)tile * TL_TILE < n; tile += gridDim.x) {
        uint32_t sum = 0, all;
        for (uint32_t row = 0; row < TL_ROWS; row++) {
            uint32_t i = tile * TL_TILE + row * TL_BLOCK + threadIdx.x;
            sum += i < n ? values[i] : 0;
        }
        tl_sum_before(sum, shared, &all);
        if (threadIdx.x == 0)
            sums[tile] = all;
    }
}

/* values[i] becomes the sum of those before it; places[t] is that of tile t. */
static __global__ void lab_scan_tiles(uint32_t *values, uint32_t n, const uint32_t *places)
{
    __shared__ uint32_t shared[LAB_WARPS];
    for (uint32_t tile = blockIdx.x; (tl_u64)tile * TL_TILE < n; tile += gridDim.x) {
        uint32_t place = places[tile];
        for (uint32_t row = 0; row < TL_ROWS; row++) {
            uint32_t i = tile * TL_TILE + row * TL_BLOCK + threadIdx.x, all;
            uint32_t before = tl_sum_before(i < n ? values[i] : 0, shared, &all);
            if (i < n)
                values[i] = place + before;
            place += all;
        }
    }
}

/* Where each warp of the block writes its first key of each digit: the tile's place for
 * the digit and what the warps before have of it. */
static __device__ __forceinline__ void lab_place_warps(uint32_t (*next)[LAB_DIGITS],
                                                       const uint32_t *places, uint32_t tiles,
                                                       uint32_t tile)
{
    for (uint32_t d = threadIdx.x; d < LAB_DIGITS; d += TL_BLOCK) {
        uint32_t place = places[d * tiles + tile];
        for (uint32_t w = 0; w < LAB_WARPS; w++) {
            uint32_t count = next[w][d];
            next[w][d] = place;
            place += count;
        }
    }
}

static __global__ void lab_move_digits(const tl_u64 *keys, const uint32_t *places_of_keys, uint32_t n,
                                       int shift, uint32_t tiles, const uint32_t *places,
                                       tl_u64 *to_keys, uint32_t *to_places)
{
    __shared__ uint32_t next[LAB_WARPS][LAB_DIGITS];
    uint32_t warp = threadIdx.x / 32;
    for (uint32_t tile = blockIdx.x; tile < tiles; tile += gridDim.x) {
        for (uint32_t d = tl_lane(); d < LAB_DIGITS; d += 32)
            next[warp][d] = 0;
        __syncthreads();
        for (uint32_t row = 0; row < TL_ROWS; row++) {
            uint32_t i = lab_item(tile, row);
            if (i < n)
                atomicAdd(&next[warp][lab_digit(keys[i], shift)], 1u);
        }
        __syncthreads();
        lab_place_warps(next, places, tiles, tile);
        __syncthreads();
        for (uint32_t row = 0; row < TL_ROWS; row++) {
            uint32_t i = lab_item(tile, row);
            tl_u64 key = i < n ? keys[i] : 0;
            uint32_t digit = i < n ? lab_digit(key, shift) : (uint32_t)LAB_DIGITS;
            uint32_t peers = __match_any_sync(TL_ALL_LANES, digit);
            uint32_t to = i < n ? next[warp][digit] + tl_lanes_before(peers) : 0;
            __syncwarp();
            if (i < n && tl_lanes_before(peers) == 0)
                next[warp][digit] += (uint32_t)__popc(peers);
            __syncwarp();
            if (i < n) {
                to_keys[to] = key;
                to_places[to] = places_of_keys[i];
            }
        }
        __syncthreads();
    }
}

static __global__ void lab_number_places(uint32_t *places, uint32_t n)
{
    for (uint32_t base = tl_warp_base(); base < n; base += tl_stride())
        if (base + tl_lane() < n)
            places[base + tl_lane()] = base + tl_lane();
}

/* ---- runs of equal keys ---- */

static __device__ __forceinline__ bool lab_begins(const tl_u64 *keys, uint32_t i)
{
    return i == 0 || keys[i] != keys[i - 1];
}

static __global__ void lab_mark_runs(const tl_u64 *keys, uint32_t n, uint32_t *marks)
{
    for (uint32_t base = tl_warp_base(); base < n; base += tl_stride()) {
        uint32_t i = base + tl_lane();
        if (i < n)
            marks[i] = lab_begins(keys, i);
    }
}

/* runs[i] is how many runs begin before i.  A key's name is the number of its run. */
static __global__ void lab_name_runs(const tl_u64 *keys, const uint32_t *runs, const uint32_t *places,
                                     uint32_t n, uint32_t *names, uint32_t *begins)
{
    for (uint32_t base = tl_warp_base(); base < n; base += tl_stride()) {
        uint32_t i = base + tl_lane();
        if (i >= n)
            continue;
        bool begin = lab_begins(keys, i);
        uint32_t run = runs[i] + begin - 1;
        names[places[i]] = run;
        if (begin)
            begins[run] = i;
        if (i == n - 1)
            begins[run + 1] = n;
    }
}

static __global__ void lab_count_runs(const uint32_t *names, const uint32_t *begins, uint32_t n,
                                      uint32_t *counts)
{
    for (uint32_t base = tl_warp_base(); base < n; base += tl_stride()) {
        uint32_t i = base + tl_lane();
        if (i < n)
            counts[i] = begins[names[i] + 1] - begins[names[i]];
    }
}

#endif
