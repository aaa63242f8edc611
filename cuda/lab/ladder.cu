/* The versions of lab.h, and the bandwidth of memory. */
#include "cuda/lab/lab.h"

#include "cuda/lab/sort.cuh"
#include "cuda/status.cuh"
#include "cuda/table.cuh"

#include <stdlib.h>

static const uint64_t MAX_BLOCKS = 8192;
enum { MAX_REPEATS = 64 };

extern "C" {
const char *const lab_version_names[LAB_VERSIONS] = {"hash, plain atomics", "hash, aggregated by warp",
                                                     "radix sort"};
}

/* Everything that one of the versions needs on the GPU. */
typedef struct lab {
    uint32_t n, tiles;
    int bits; /* of the largest key */
    cudaStream_t stream;
    cudaEvent_t began, ended;
    tl_u64 *input, *keys[2];
    uint32_t *places[2], *names, *counts, *begins;
    uint32_t *digits, *sums, *total;
    tl_table table;
} lab;

#define TRY(call)             \
    do {                      \
        int status_ = (call); \
        if (status_ != TL_OK) \
            return status_;   \
    } while (0)

static uint32_t blocks_for(uint64_t threads)
{
    uint64_t blocks = (threads + TL_BLOCK - 1) / TL_BLOCK;
    return (uint32_t)(blocks < 1 ? 1 : blocks < MAX_BLOCKS ? blocks : MAX_BLOCKS);
}

#define RUN(kernel, threads, ...)                                        \
    do {                                                                 \
        TL_LAUNCH(kernel, blocks_for(threads), l->stream, __VA_ARGS__);  \
        TL_CUDA_TRY(cudaGetLastError());                                 \
    } while (0)

/* ---- by hashing ---- */

static __global__ void lab_name_plain(const tl_u64 *keys, uint32_t n, tl_table table, uint32_t *names)
{
    for (uint32_t base = tl_warp_base(); base < n; base += tl_stride()) {
        uint32_t i = base + tl_lane();
        if (i >= n)
            continue;
        bool fresh;
        names[i] = tl_find_or_insert(&table.slots->key, sizeof(tl_slot) / sizeof(tl_u64),
                                     table.capacity, keys[i], &fresh);
        if (fresh)
            table.first[names[i]] = i;
        atomicAdd(&table.slots[names[i]].tally, (tl_u64)1 << 32 | 1);
    }
}

static __global__ void lab_name_aggregated(const tl_u64 *keys, uint32_t n, tl_table table,
                                           uint32_t *names)
{
    for (uint32_t base = tl_warp_base(); base < n; base += tl_stride()) {
        uint32_t i = base + tl_lane();
        uint32_t name = tl_count_key(table, i < n ? keys[i] : 0, i, 1);
        if (i < n)
            names[i] = name;
    }
}

static __global__ void lab_read_tallies(const uint32_t *names, uint32_t n, tl_table table,
                                        uint32_t *counts)
{
    for (uint32_t base = tl_warp_base(); base < n; base += tl_stride()) {
        uint32_t i = base + tl_lane();
        if (i < n)
            counts[i] = (uint32_t)(table.slots[names[i]].tally >> 32);
    }
}

static int name_by_hash(lab *l, lab_version version, tl_error *err)
{
    TL_CUDA_TRY(cudaMemsetAsync(l->table.slots, 0, l->table.capacity * sizeof(tl_slot), l->stream));
    if (version == LAB_PLAIN)
        RUN(lab_name_plain, l->n, l->input, l->n, l->table, l->names);
    else
        RUN(lab_name_aggregated, l->n, l->input, l->n, l->table, l->names);
    RUN(lab_read_tallies, l->n, l->names, l->n, l->table, l->counts);
    return TL_OK;
}

/* ---- by sorting ---- */

static int scan(lab *l, uint32_t *values, uint32_t n, tl_error *err)
{
    uint32_t tiles = (n + TL_TILE - 1) / TL_TILE;
    uint64_t threads = (uint64_t)tiles * TL_BLOCK;
    RUN(lab_sum_tiles, threads, values, n, l->sums);
    RUN(tl_scan_places, 1, l->sums, tiles, l->total);
    RUN(lab_scan_tiles, threads, values, n, l->sums);
    return TL_OK;
}

static int name_by_sort(lab *l, tl_error *err)
{
    int now = 0;
    const tl_u64 *keys = l->input;
    uint64_t threads = (uint64_t)l->tiles * TL_BLOCK;
    RUN(lab_number_places, l->n, l->places[0], l->n);
    for (int shift = 0; shift < l->bits; shift += LAB_BITS, now = !now) {
        RUN(lab_count_digits, threads, keys, l->n, shift, l->tiles, l->digits);
        TRY(scan(l, l->digits, LAB_DIGITS * l->tiles, err));
        RUN(lab_move_digits, threads, keys, l->places[now], l->n, shift, l->tiles, l->digits,
            l->keys[!now], l->places[!now]);
        keys = l->keys[!now];
    }
    uint32_t *runs = l->places[!now];
    RUN(lab_mark_runs, l->n, keys, l->n, runs);
    TRY(scan(l, runs, l->n, err));
    RUN(lab_name_runs, l->n, keys, runs, l->places[now], l->n, l->names, l->begins);
    RUN(lab_count_runs, l->n, l->names, l->begins, l->n, l->counts);
    return TL_OK;
}

/* ---- host side ---- */

static int take(void **pointer, size_t count, size_t size, tl_error *err)
{
    TL_CUDA_TRY(cudaMalloc(pointer, (count + 1) * size));
    return TL_OK;
}

#define TAKE(field, count) TRY(take((void **)&l->field, (count), sizeof *l->field, err))

static int open_lab(lab *l, lab_version version, tl_error *err)
{
    size_t n = l->n;
    TL_CUDA_TRY(cudaStreamCreate(&l->stream));
    TL_CUDA_TRY(cudaEventCreate(&l->began));
    TL_CUDA_TRY(cudaEventCreate(&l->ended));
    TAKE(input, n);
    TAKE(names, n);
    TAKE(counts, n);
    if (version != LAB_SORTED) {
        l->table.capacity = l->n + l->n / 2 + 64;
        TAKE(table.slots, l->table.capacity);
        TAKE(table.first, l->table.capacity);
        return TL_OK;
    }
    l->tiles = (l->n + TL_TILE - 1) / TL_TILE;
    size_t digits = (size_t)LAB_DIGITS * l->tiles, largest = digits > n ? digits : n;
    for (int i = 0; i < 2; i++) {
        TAKE(keys[i], n);
        TAKE(places[i], n);
    }
    TAKE(begins, n + 1);
    TAKE(digits, digits);
    TAKE(sums, largest / TL_TILE + 1);
    TAKE(total, 1);
    return TL_OK;
}

static void close_lab(lab *l)
{
    void *taken[] = {l->input,     l->keys[0], l->keys[1], l->places[0],   l->places[1],  l->names, l->counts,
                     l->begins,    l->digits,  l->sums,    l->total,       l->table.slots, l->table.first};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        (void)cudaFree(taken[i]);
    if (l->began)
        (void)cudaEventDestroy(l->began);
    if (l->ended)
        (void)cudaEventDestroy(l->ended);
    if (l->stream)
        (void)cudaStreamDestroy(l->stream);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int time_version(lab *l, lab_version version, int repeats, double *milliseconds, tl_error *err)
{
    double times[MAX_REPEATS];
    repeats = repeats < 1 ? 1 : repeats < MAX_REPEATS ? repeats : MAX_REPEATS;
    for (int i = -1; i < repeats; i++) { /* the first run warms up */
        float passed = 0;
        TL_CUDA_TRY(cudaEventRecord(l->began, l->stream));
        TRY(version == LAB_SORTED ? name_by_sort(l, err) : name_by_hash(l, version, err));
        TL_CUDA_TRY(cudaEventRecord(l->ended, l->stream));
        TL_CUDA_TRY(cudaEventSynchronize(l->ended));
        TL_CUDA_TRY(cudaEventElapsedTime(&passed, l->began, l->ended));
        if (i >= 0)
            times[i] = passed;
    }
    qsort(times, (size_t)repeats, sizeof *times, by_value);
    *milliseconds = times[repeats / 2];
    return TL_OK;
}

static int name_keys(lab *l, lab_version version, const uint64_t *keys, int repeats, uint32_t *names,
                     uint32_t *counts, double *milliseconds, tl_error *err)
{
    TRY(open_lab(l, version, err));
    TL_CUDA_TRY(cudaMemcpyAsync(l->input, keys, l->n * sizeof *keys, cudaMemcpyHostToDevice, l->stream));
    TRY(time_version(l, version, repeats, milliseconds, err));
    TL_CUDA_TRY(cudaMemcpyAsync(names, l->names, l->n * sizeof *names, cudaMemcpyDeviceToHost, l->stream));
    TL_CUDA_TRY(cudaMemcpyAsync(counts, l->counts, l->n * sizeof *counts, cudaMemcpyDeviceToHost,
                                l->stream));
    TL_CUDA_TRY(cudaStreamSynchronize(l->stream));
    return TL_OK;
}

int lab_name_keys(lab_version version, const uint64_t *keys, uint32_t n, int repeats, uint32_t *names,
                  uint32_t *counts, double *milliseconds, tl_error *err)
{
    uint64_t all = 0;
    lab l = {};
    l.n = n;
    *milliseconds = 0;
    if (n == 0)
        return TL_OK;
    for (uint32_t i = 0; i < n; i++)
        all |= keys[i];
    for (; all; all >>= 1)
        l.bits++;
    int rc = name_keys(&l, version, keys, repeats, names, counts, milliseconds, err);
    close_lab(&l);
    return rc;
}

/* ---- bandwidth ---- */

static int time_copy(lab *l, void *to, const void *from, size_t bytes, cudaMemcpyKind kind, double *rate,
                     tl_error *err)
{
    enum { RUNS = 5 };
    *rate = 0;
    for (int i = 0; i <= RUNS; i++) {
        float passed = 0;
        TL_CUDA_TRY(cudaEventRecord(l->began, l->stream));
        TL_CUDA_TRY(cudaMemcpyAsync(to, from, bytes, kind, l->stream));
        TL_CUDA_TRY(cudaEventRecord(l->ended, l->stream));
        TL_CUDA_TRY(cudaEventSynchronize(l->ended));
        TL_CUDA_TRY(cudaEventElapsedTime(&passed, l->began, l->ended));
        double now = passed > 0 ? (double)bytes / passed / 1e6 : 0;
        if (i > 0 && now > *rate)
            *rate = now;
    }
    return TL_OK;
}

static int measure(lab *l, lab_bandwidth *out, char *host, void *pinned, size_t bytes, tl_error *err)
{
    TL_CUDA_TRY(cudaStreamCreate(&l->stream));
    TL_CUDA_TRY(cudaEventCreate(&l->began));
    TL_CUDA_TRY(cudaEventCreate(&l->ended));
    TRY(take((void **)&l->keys[0], bytes, 1, err));
    TRY(take((void **)&l->keys[1], bytes, 1, err));
    TRY(time_copy(l, l->keys[0], host, bytes, cudaMemcpyHostToDevice, &out->upload, err));
    TRY(time_copy(l, l->keys[1], l->keys[0], bytes, cudaMemcpyDeviceToDevice, &out->device, err));
    TRY(time_copy(l, host, l->keys[1], bytes, cudaMemcpyDeviceToHost, &out->download, err));
    TRY(time_copy(l, l->keys[0], pinned, bytes, cudaMemcpyHostToDevice, &out->pinned, err));
    out->device *= 2; /* read and written */
    return TL_OK;
}

int lab_measure_bandwidth(lab_bandwidth *out, size_t bytes, tl_error *err)
{
    lab l = {};
    void *pinned;
    char *host = (char *)malloc(bytes);
    if (!host || cudaMallocHost(&pinned, bytes) != cudaSuccess) {
        free(host);
        return tl_fail_memory(err, "measuring the bandwidth");
    }
    memset(host, 1, bytes);
    memset(pinned, 1, bytes);
    int rc = measure(&l, out, host, pinned, bytes, err);
    close_lab(&l);
    (void)cudaFreeHost(pinned);
    free(host);
    return rc;
}
