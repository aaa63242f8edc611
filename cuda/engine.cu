/* The host side of the GPU engine: level by level, as kernels.cuh tells. */
#include "cuda/engine.h"

#include "cuda/clock.cuh"
#include "cuda/compact.cuh"
#include "cuda/memory.cuh"
#include "cuda/order.cuh"

#include <stdlib.h>

typedef struct miner {
    const tl_cuda_job *job;
    cudaStream_t stream;
    tl_clock clock;
    tl_memory gpu;
    tl_live live;      /* of this level: gpu.live[now] */
    int now;           /* which of each two arrays on the GPU belongs to this level */
    uint32_t length;   /* of this level's grams */
    uint32_t n_grams;
    /* As last read.  In pinned memory: to other memory the driver copies in two steps, which
     * takes longer than all of a small level. */
    tl_counters *counters;
    uint32_t *rest; /* the arrays of a tl_cuda_rest */
} miner;

#define TRY(call)                  \
    do {                           \
        int status_ = (call);      \
        if (status_ != TL_OK)      \
            return status_;        \
    } while (0)

/* Enough threads for `items`, within the limit; the kernels loop. */
static uint32_t blocks_for(const miner *m, uint64_t items)
{
    uint64_t blocks = (items + TL_BLOCK - 1) / TL_BLOCK;
    if (blocks > m->job->limits.max_blocks)
        blocks = m->job->limits.max_blocks;
    return blocks > 0 ? (uint32_t)blocks : 1;
}

#define RUN(kernel, items, ...)                                                \
    do {                                                                       \
        TL_LAUNCH(kernel, blocks_for(m, (items)), m->stream, __VA_ARGS__);     \
        TL_CUDA_TRY(cudaGetLastError());                                       \
    } while (0)

#define ZERO(pointer, bytes) TL_CUDA_TRY(cudaMemsetAsync((pointer), 0, (bytes), m->stream))

/* ---- memory that comes and goes ---- */

/* Frames of sequences that are too long to be searched symbol by symbol. */
static uint32_t count_long_frames(const tl_cuda_job *job)
{
    uint32_t n = 0;
    for (size_t s = 0; job->by_sequences && s < job->sequences; s++) {
        uint32_t length = job->offsets[s + 1] - job->offsets[s];
        n += length > TL_SHORT ? length : 0;
    }
    return n;
}

static int open_gpu(miner *m, uint32_t long_frames, tl_error *err)
{
    TL_CUDA_TRY(cudaSetDevice(m->job->limits.device));
    TL_CUDA_TRY(cudaStreamCreate(&m->stream));
    TL_CUDA_TRY(cudaMallocHost((void **)&m->counters, sizeof *m->counters));
    TRY(tl_clock_open(&m->clock, m->job->profile, m->stream, err));
    TRY(tl_memory_open(&m->gpu, m->job, long_frames, err));
    if (m->job->profile)
        m->job->profile->device_bytes = m->gpu.size;
    return TL_OK;
}

static void close_gpu(miner *m)
{
    tl_memory_close(&m->gpu);
    tl_clock_close(&m->clock);
    if (m->counters)
        (void)cudaFreeHost(m->counters);
    if (m->stream)
        (void)cudaStreamDestroy(m->stream);
    free(m->rest);
}

static int download(miner *m, void *to, const void *from, size_t bytes, tl_error *err)
{
    TL_CUDA_TRY(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, m->stream));
    return TL_OK;
}

/* Waits for the GPU. */
static int wait_for_gpu(miner *m, tl_error *err)
{
    TL_CUDA_TRY(cudaStreamSynchronize(m->stream));
    return tl_clock_read(&m->clock, err);
}

static int read_counters(miner *m, tl_error *err)
{
    TRY(tl_clock_mark(&m->clock, TL_CUDA_DOWNLOAD, sizeof *m->counters, err));
    TRY(download(m, m->counters, m->gpu.counters, sizeof *m->counters, err));
    return wait_for_gpu(m, err);
}

/* ---- steps of a level ---- */

/* Empties the tables for grams at `positions` places. */
static int clear_tables(miner *m, tl_table *table, tl_repeats *repeats, tl_error *err)
{
    uint32_t positions = m->live.n;
    *table = m->gpu.table;
    *repeats = m->gpu.repeats;
    table->capacity = tl_capacity(positions);
    if (tl_capacity(positions) < repeats->capacity)
        repeats->capacity = tl_capacity(positions);
    size_t bytes = table->capacity * sizeof *table->slots;
    size_t again = repeats->capacity * sizeof *repeats->again;
    TRY(tl_clock_mark(&m->clock, TL_CUDA_CLEAR, (double)(bytes + 3 * again), err));
    ZERO(table->slots, bytes);
    if (m->job->by_sequences) {
        ZERO(repeats->key, 2 * again);
        ZERO(repeats->again, again);
    }
    ZERO(m->gpu.counters, offsetof(tl_counters, found));
    return TL_OK;
}

/* What the words, slots of `table`, come to: supports, names, marks at `parts`. */
static int judge(miner *m, tl_table table, tl_repeats repeats, tl_grams parts, tl_grams grams,
                 tl_error *err)
{
    double n = m->live.n;
    if (m->job->by_sequences) {
        TRY(tl_clock_mark(&m->clock, TL_CUDA_REPEATS, 4 * n, err));
        RUN(tl_count_repeats, m->live.n, m->live, m->gpu.text, table, repeats, m->gpu.words);
    }
    TRY(tl_clock_mark(&m->clock, TL_CUDA_JUDGE, 16.0 * table.capacity + 16 * n, err));
    RUN(tl_judge, table.capacity, table, m->gpu.text, parts, grams, m->job->min_support,
        m->gpu.counters);
    RUN(tl_resolve, m->live.n, m->live, m->gpu.text, table, repeats, m->gpu.words);
    return TL_OK;
}

/* Moves the words that are not TL_NONE to the live positions of the next level. */
static int compact(miner *m, tl_error *err)
{
    uint32_t n = m->live.n, tiles = (n + TL_TILE - 1) / TL_TILE;
    tl_live *next = &m->gpu.live[!m->now];
    TRY(tl_clock_mark(&m->clock, TL_CUDA_COMPACT, 20.0 * n, err));
    uint64_t threads = (uint64_t)tiles * TL_BLOCK;
    RUN(tl_count_tiles, threads, m->gpu.words, n, m->gpu.places);
    RUN(tl_scan_places, 1, m->gpu.places, tiles, &m->gpu.counters->live);
    RUN(tl_move_tiles, threads, m->gpu.words, m->live.position, n, m->gpu.places, next->name,
        next->position);
    return TL_OK;
}

/* Goes over to the level that was made: counters tell how large it is. */
static void advance(miner *m)
{
    if (m->job->profile) {
        m->job->profile->levels++;
        m->job->profile->entries += m->live.n;
    }
    m->now = !m->now;
    m->live = m->gpu.live[m->now];
    m->live.n = m->counters->live;
    m->n_grams = m->counters->grams;
    m->length++;
}

/* ---- levels ---- */

static int upload(miner *m, tl_error *err)
{
    const tl_cuda_job *job = m->job;
    size_t symbols = job->frames * sizeof *job->symbols;
    size_t offsets = (job->sequences + 1) * sizeof *job->offsets;
    m->live = m->gpu.live[0];
    m->live.n = (uint32_t)job->frames;
    TRY(tl_clock_mark(&m->clock, TL_CUDA_UPLOAD, (double)(symbols + offsets), err));
    TL_CUDA_TRY(cudaMemcpyAsync(m->gpu.symbols, job->symbols, symbols, cudaMemcpyHostToDevice,
                                m->stream));
    TL_CUDA_TRY(cudaMemcpyAsync((void *)m->gpu.text.offsets, job->offsets, offsets,
                                cudaMemcpyHostToDevice, m->stream));
    return TL_OK;
}

/* Keeps one of each set of identical sequences. */
static int merge(miner *m, tl_table table, tl_error *err)
{
    /* The table of symbols has served; a non-empty sequence has a frame, so it is large
     * enough to hold a number for each. */
    uint32_t *slots = (uint32_t *)table.slots, capacity = table.capacity;
    uint64_t warps = 32 * (uint64_t)m->gpu.text.sequences;
    TRY(tl_clock_mark(&m->clock, TL_CUDA_MERGE, 20.0 * m->live.n + 44.0 * m->gpu.text.sequences, err));
    ZERO(slots, capacity * sizeof *slots);
    RUN(tl_trim, warps, m->gpu.text, m->gpu.words);
    RUN(tl_merge, warps, m->gpu.text, m->gpu.words, slots, capacity);
    RUN(tl_drop_merged, m->gpu.text.frames, m->gpu.text, m->gpu.words);
    return TL_OK;
}

/* The frequent symbols. */
static int first_level(miner *m, tl_error *err)
{
    tl_table table;
    tl_repeats repeats;
    tl_grams no_parts = {NULL, NULL};
    uint32_t flag = m->job->by_sequences ? TL_FLAG : 0;
    ZERO(m->gpu.counters, sizeof *m->gpu.counters);
    TRY(upload(m, err));
    TRY(clear_tables(m, &table, &repeats, err));
    TRY(tl_clock_mark(&m->clock, TL_CUDA_NAME, 16.0 * m->live.n, err));
    RUN(tl_open, 32 * (uint64_t)m->gpu.text.sequences, m->gpu.text, m->live);
    RUN(tl_name_symbols, m->live.n, m->gpu.symbols, m->live.n, table, flag, m->gpu.words);
    TRY(judge(m, table, repeats, no_parts, m->gpu.grams[1], err));
    TRY(merge(m, table, err));
    TRY(compact(m, err));
    TRY(read_counters(m, err));
    advance(m);
    return TL_OK;
}

/* Makes the grams that are one symbol longer and keeps those of this level that are
 * closed. */
static int next_level(miner *m, tl_error *err)
{
    tl_table table;
    tl_repeats repeats;
    tl_grams grams = m->gpu.grams[m->now];
    TRY(clear_tables(m, &table, &repeats, err));
    TRY(tl_clock_mark(&m->clock, TL_CUDA_NAME, 36.0 * m->live.n, err));
    RUN(tl_name_pairs, m->live.n, m->live, m->gpu.text, table, m->gpu.words);
    TRY(judge(m, table, repeats, grams, m->gpu.grams[!m->now], err));
    TRY(compact(m, err));
    TRY(tl_clock_mark(&m->clock, TL_CUDA_EMIT, 12.0 * m->n_grams, err));
    if (m->length >= m->job->min_length)
        RUN(tl_emit, m->n_grams, grams, m->n_grams, m->length, m->gpu.found, m->gpu.counters);
    TRY(read_counters(m, err));
    advance(m);
    return TL_OK;
}

/* Fetches the state of this level into *rest, whose arrays lie in m->rest. */
static int fetch_rest(miner *m, tl_cuda_rest *rest, tl_error *err)
{
    size_t n = m->live.n, grams = m->n_grams;
    tl_live spare = m->gpu.live[!m->now];
    tl_grams of_level = m->gpu.grams[m->now];
    m->rest = (uint32_t *)malloc((6 * n + 2 * grams) * sizeof *m->rest);
    if (!m->rest)
        return tl_fail_memory(err, "the last levels of the GPU engine");
    TRY(tl_clock_mark(&m->clock, TL_CUDA_DOWNLOAD, 20.0 * (double)n + 8.0 * (double)grams, err));
    RUN(tl_gather, n, m->live, m->gpu.text, spare.name, spare.position, m->gpu.words);
    const uint32_t *arrays[] = {m->live.position, m->live.name, spare.name, spare.position,
                                m->gpu.words};
    for (size_t i = 0; i < 5; i++)
        TRY(download(m, m->rest + i * n, arrays[i], n * sizeof *m->rest, err));
    uint32_t *whole = m->rest + 5 * n, *supports = whole + n;
    TRY(download(m, supports, of_level.support, grams * sizeof *supports, err));
    TRY(download(m, supports + grams, of_level.first, grams * sizeof *supports, err));
    *rest = (tl_cuda_rest){m->length,       n,     m->rest,  m->rest + n,      m->rest + 2 * n,
                           m->rest + 3 * n, m->rest + 4 * n, grams, supports, supports + grams,
                           whole,           0};
    return wait_for_gpu(m, err);
}

/* Leaves this and the further levels to the CPU. */
static int finish(miner *m, tl_error *err)
{
    tl_cuda_rest rest;
    uint32_t *sequences = m->live.name;
    TRY(fetch_rest(m, &rest, err));
    if (m->job->profile)
        m->job->profile->rest = m->live.n;
    TRY(m->job->finish(m->job->ctx, &rest, err));
    if (rest.n_whole == 0)
        return TL_OK;
    TL_CUDA_TRY(cudaMemcpyAsync(sequences, rest.whole, rest.n_whole * sizeof *rest.whole,
                                cudaMemcpyHostToDevice, m->stream));
    RUN(tl_note_whole, rest.n_whole, m->gpu.text, sequences, (uint32_t)rest.n_whole);
    return TL_OK;
}

/* The sequences that are patterns as a whole. */
static int emit_whole(miner *m, tl_error *err)
{
    TRY(tl_clock_mark(&m->clock, TL_CUDA_EMIT, 16.0 * m->gpu.text.sequences, err));
    RUN(tl_emit_whole, m->gpu.text.sequences, m->gpu.text, m->job->min_length, m->job->max_length,
        m->gpu.found, m->gpu.counters);
    return read_counters(m, err);
}

/* Sorts (*patterns)[0 .. n); *patterns becomes where they are then. */
static int sort_patterns(miner *m, tl_cuda_pattern **patterns, size_t n, tl_error *err)
{
    tl_cuda_pattern *now = *patterns, *next = tl_memory_to_sort(&m->gpu, n);
    uint64_t threads = n / TL_RUN + 1;
    double passes = 1;
    for (size_t width = TL_RUN; width < n; width *= 2)
        passes++;
    TRY(tl_clock_mark(&m->clock, TL_CUDA_ORDER, passes * 24 * (double)n, err));
    RUN(tl_sort_runs, threads, m->gpu.symbols, now, n);
    for (size_t width = TL_RUN; width < n; width *= 2) {
        RUN(tl_merge_runs, threads, m->gpu.symbols, now, next, n, width);
        *patterns = next;
        next = now;
        now = *patterns;
    }
    return TL_OK;
}

/* All patterns, those that the CPU found among them, in order to the caller. */
static int hand_over(miner *m, tl_error *err)
{
    size_t found = m->counters->found, others;
    tl_cuda_pattern *patterns, *sorted = m->gpu.found;
    TRY(m->job->found(m->job->ctx, found, &patterns, &others, err));
    size_t n = found + others, size = sizeof *sorted;
    if (n == 0)
        return TL_OK;
    TRY(tl_clock_mark(&m->clock, TL_CUDA_UPLOAD, (double)(others * size), err));
    if (others > 0)
        TL_CUDA_TRY(cudaMemcpyAsync(sorted + found, patterns, others * size,
                                    cudaMemcpyHostToDevice, m->stream));
    TRY(sort_patterns(m, &sorted, n, err));
    TRY(tl_clock_mark(&m->clock, TL_CUDA_DOWNLOAD, (double)(n * size), err));
    TRY(download(m, patterns, sorted, n * size, err));
    return wait_for_gpu(m, err);
}

static int grow(miner *m, tl_error *err)
{
    const tl_cuda_job *job = m->job;
    TRY(first_level(m, err));
    /* One level past the longest wanted pattern decides what is closed. */
    while (m->n_grams > 0 && m->length <= job->max_length) {
        TRY(job->level(job->ctx, m->length, err));
        if (m->live.n < job->limits.finish_below) {
            TRY(finish(m, err));
            break;
        }
        TRY(next_level(m, err));
    }
    TRY(emit_whole(m, err));
    return hand_over(m, err);
}

int tl_cuda_mine_job(const tl_cuda_job *job, tl_error *err)
{
    if (job->profile)
        *job->profile = (tl_cuda_profile){};
    if (job->frames == 0)
        return TL_OK;
    if (job->frames > job->limits.max_frames)
        return tl_fail(err, TL_UNAVAILABLE,
                       "%zu frames are more than the GPU engine takes (%u): mine them on the CPU",
                       job->frames, job->limits.max_frames);
    miner m = {};
    m.job = job;
    int rc = open_gpu(&m, count_long_frames(job), err);
    if (rc == TL_OK)
        rc = grow(&m, err);
    if (rc != TL_OK && m.stream)
        (void)cudaStreamSynchronize(m.stream); /* nothing may still write to the host */
    close_gpu(&m);
    return rc;
}
