/* order.cuh: patterns put in the order of results: support falling, length falling, then
 * symbol by symbol (miner/miner.h).
 *
 * A merge sort.  Every thread sorts TL_RUN patterns, then runs are merged two by two, and
 * in a merge every thread finds out which patterns go to its TL_RUN places and writes them
 * (O. Green, R. McColl, D. Bader: GPU merge path, ICS 2012).  Two patterns agree in no
 * more symbols than there were levels, so a comparison costs less than the levels did.
 */
#ifndef TL_CUDA_ORDER_CUH
#define TL_CUDA_ORDER_CUH

#include "cuda/device.cuh"
#include "cuda/library.h"

enum { TL_RUN = 8 };

static __device__ __forceinline__ bool tl_comes_before(const uint32_t *symbols, tl_cuda_pattern a,
                                                       tl_cuda_pattern b)
{
    if (a.support != b.support)
        return a.support > b.support;
    if (a.length != b.length)
        return a.length > b.length;
    const uint32_t *s = symbols + a.position, *t = symbols + b.position;
    for (uint32_t i = 0; i < a.length; i++)
        if (s[i] != t[i])
            return s[i] < t[i];
    return false;
}

/* The first of this thread's TL_RUN patterns, and how far on its next ones are:
 *     for (size_t begin = tl_run_begin(); begin < n; begin += tl_run_stride()) */
static __device__ __forceinline__ size_t tl_run_begin(void)
{
    return ((size_t)blockIdx.x * TL_BLOCK + threadIdx.x) * TL_RUN;
}

static __device__ __forceinline__ size_t tl_run_stride(void)
{
    return (size_t)gridDim.x * TL_BLOCK * TL_RUN;
}

/* Sorts patterns[0 .. TL_RUN), the next TL_RUN ... by insertion. */
static __global__ void tl_sort_runs(const uint32_t *symbols, tl_cuda_pattern *patterns, size_t n)
{
    for (size_t begin = tl_run_begin(); begin < n; begin += tl_run_stride()) {
        size_t end = n - begin < TL_RUN ? n : begin + TL_RUN;
        for (size_t i = begin + 1; i < end; i++) {
            tl_cuda_pattern p = patterns[i];
            size_t k = i;
            for (; k > begin && tl_comes_before(symbols, p, patterns[k - 1]); k--)
                patterns[k] = patterns[k - 1];
            patterns[k] = p;
        }
    }
}

/* Of the first `wanted` patterns of two sorted runs together, how many are from a. */
static __device__ __forceinline__ size_t tl_split(const uint32_t *symbols, const tl_cuda_pattern *a,
                                                  size_t n_a, const tl_cuda_pattern *b, size_t n_b,
                                                  size_t wanted)
{
    size_t low = wanted > n_b ? wanted - n_b : 0, high = wanted < n_a ? wanted : n_a;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (tl_comes_before(symbols, b[wanted - 1 - middle], a[middle]))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Merges the sorted runs from[0 .. width) and the next `width`, and so on.  `width` is a
 * multiple of TL_RUN. */
static __global__ void tl_merge_runs(const uint32_t *symbols, const tl_cuda_pattern *from,
                                     tl_cuda_pattern *to, size_t n, size_t width)
{
    for (size_t begin = tl_run_begin(); begin < n; begin += tl_run_stride()) {
        size_t first = begin / (2 * width) * (2 * width), left = n - first;
        size_t n_a = left < width ? left : width;
        size_t n_b = left - n_a < width ? left - n_a : width;
        size_t end = n - begin < TL_RUN ? n : begin + TL_RUN;
        const tl_cuda_pattern *a = from + first, *b = a + n_a;
        size_t i = tl_split(symbols, a, n_a, b, n_b, begin - first), k = begin - first - i;
        for (size_t at = begin; at < end; at++) {
            bool from_b = i == n_a || (k < n_b && tl_comes_before(symbols, b[k], a[i]));
            to[at] = from_b ? b[k++] : a[i++];
        }
    }
}

#endif
