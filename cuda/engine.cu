/* The host side of the GPU engine: level by level, as kernels.cuh tells. */
#include "cuda/engine.h"

#include "cuda/clock.cuh"
#include "cuda/compact.cuh"
#include "cuda/memory.cuh"

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
    tl_counters counters; /* as last read */
    uint32_t *host;    /* what comes back from the GPU */
    size_t host_cap;
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
    if (m->stream)
        (void)cudaStreamDestroy(m->stream);
    free(m->host);
}

static int reserve_host(miner *m, size_t words, tl_error *err)
{
    if (words <= m->host_cap)
        return TL_OK;
    free(m->host);
    m->host_cap = 0;
    m->host = (uint32_t *)malloc(words * sizeof *m->host);
    if (!m->host)
        return tl_fail_memory(err, "the patterns from the GPU");
    m->host_cap = words;
    return TL_OK;
}

static int download(miner *m, size_t at, const uint32_t *from, size_t words, tl_error *err)
{
    TL_CUDA_TRY(cudaMemcpyAsync(m->host + at, from, words * sizeof *from, cudaMemcpyDeviceToHost,
                                m->stream));
    return TL_OK;
}

/* Waits for the GPU. */
static int read_counters(miner *m, tl_error *err)
{
    TRY(tl_clock_mark(&m->clock, TL_CUDA_DOWNLOAD, sizeof m->counters, err));
    TL_CUDA_TRY(cudaMemcpyAsync(&m->counters, m->gpu.counters, sizeof m->counters,
                                cudaMemcpyDeviceToHost, m->stream));
    TL_CUDA_TRY(cudaStreamSynchronize(m->stream));
    return tl_clock_read(&m->clock, err);
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
    ZERO(m->gpu.counters, sizeof *m->gpu.counters);
    return TL_OK;
}

/* What the words, slots of `table`, come to: supports, names, marks at `parts`. */
static int judge(miner *m, tl_table table, tl_repeats repeats, tl_grams parts, tl_grams grams,
                 tl_error *err)
{
    double n = m->live.n;
    if (m->job->by_sequences) {
        TRY(tl_clock_mark(&m->clock, TL_CUDA_REPEATS, 4 * n, err));
        RUN(tl_count_repeats, m->live.n, m->live, m->gpu.text, table, repeats, m->gpu.symbols);
    }
    TRY(tl_clock_mark(&m->clock, TL_CUDA_JUDGE, 28.0 * table.capacity + 16 * n, err));
    RUN(tl_judge, table.capacity, table, m->gpu.text, parts, grams, m->job->min_support,
        m->gpu.counters);
    RUN(tl_resolve, m->live.n, m->live, m->gpu.text, table, repeats, m->gpu.symbols);
    return TL_OK;
}

/* Moves the words that are not TL_NONE to the live positions of the next level. */
static int compact(miner *m, tl_error *err)
{
    uint32_t n = m->live.n, tiles = (n + TL_TILE - 1) / TL_TILE;
    tl_live *next = &m->gpu.live[!m->now];
    TRY(tl_clock_mark(&m->clock, TL_CUDA_COMPACT, 20.0 * n, err));
    uint64_t threads = (uint64_t)tiles * TL_BLOCK;
    RUN(tl_count_tiles, threads, m->gpu.symbols, n, m->gpu.places);
    RUN(tl_scan_places, 1, m->gpu.places, tiles, &m->gpu.counters->live);
    RUN(tl_move_tiles, threads, m->gpu.symbols, m->live.position, n, m->gpu.places, next->name,
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
    m->live.n = m->counters.live;
    m->n_grams = m->counters.grams;
    m->length++;
}

/* The closed grams, gathered where this level's live positions were, to the caller. */
static int hand_over(miner *m, const uint32_t *lengths, tl_error *err)
{
    size_t n = m->counters.closed, arrays = lengths ? 3 : 2;
    if (n == 0)
        return TL_OK;
    TRY(reserve_host(m, arrays * n, err));
    TRY(tl_clock_mark(&m->clock, TL_CUDA_DOWNLOAD, 4.0 * (double)(arrays * n), err));
    TRY(download(m, 0, m->live.position, n, err));
    TRY(download(m, n, m->live.name, n, err));
    if (lengths)
        TRY(download(m, 2 * n, lengths, n, err));
    TL_CUDA_TRY(cudaStreamSynchronize(m->stream));
    TRY(tl_clock_read(&m->clock, err));
    return m->job->patterns(m->job->ctx, m->host, m->host + n, lengths ? m->host + 2 * n : NULL,
                            m->length, n, err);
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
    RUN(tl_trim, warps, m->gpu.text, m->gpu.symbols);
    RUN(tl_merge, warps, m->gpu.text, m->gpu.symbols, slots, capacity);
    RUN(tl_drop_merged, m->gpu.text.frames, m->gpu.text, m->gpu.symbols);
    return TL_OK;
}

/* The frequent symbols. */
static int first_level(miner *m, tl_error *err)
{
    tl_table table;
    tl_repeats repeats;
    tl_grams no_parts = {NULL, NULL};
    uint32_t flag = m->job->by_sequences ? TL_FLAG : 0;
    TRY(upload(m, err));
    TRY(clear_tables(m, &table, &repeats, err));
    TRY(tl_clock_mark(&m->clock, TL_CUDA_NAME, 16.0 * m->live.n, err));
    RUN(tl_open, 32 * (uint64_t)m->gpu.text.sequences, m->gpu.text, m->live);
    RUN(tl_name_symbols, m->live.n, m->gpu.symbols, m->live.n, table, flag);
    TRY(judge(m, table, repeats, no_parts, m->gpu.grams[1], err));
    TRY(merge(m, table, err));
    TRY(compact(m, err));
    TRY(read_counters(m, err));
    advance(m);
    return TL_OK;
}

/* Makes the grams that are one symbol longer and hands over those of this level that
 * are closed. */
static int next_level(miner *m, tl_error *err)
{
    tl_table table;
    tl_repeats repeats;
    tl_grams grams = m->gpu.grams[m->now];
    TRY(clear_tables(m, &table, &repeats, err));
    TRY(tl_clock_mark(&m->clock, TL_CUDA_NAME, 36.0 * m->live.n, err));
    RUN(tl_name_pairs, m->live.n, m->live, m->gpu.text, table, m->gpu.symbols);
    TRY(judge(m, table, repeats, grams, m->gpu.grams[!m->now], err));
    TRY(compact(m, err));
    TRY(tl_clock_mark(&m->clock, TL_CUDA_EMIT, 12.0 * m->n_grams, err));
    RUN(tl_emit, m->n_grams, grams, m->n_grams, m->live.position, m->live.name, m->gpu.counters);
    TRY(read_counters(m, err));
    TRY(hand_over(m, NULL, err));
    advance(m);
    return TL_OK;
}

/* Fetches the state of this level into *rest, whose arrays lie in m->host. */
static int fetch_rest(miner *m, tl_cuda_rest *rest, tl_error *err)
{
    size_t n = m->live.n, grams = m->n_grams;
    tl_live spare = m->gpu.live[!m->now];
    tl_grams of_level = m->gpu.grams[m->now];
    TRY(reserve_host(m, 6 * n + 2 * grams, err));
    TRY(tl_clock_mark(&m->clock, TL_CUDA_DOWNLOAD, 20.0 * (double)n + 8.0 * (double)grams, err));
    RUN(tl_gather, n, m->live, m->gpu.text, spare.name, spare.position, m->gpu.symbols);
    const uint32_t *arrays[] = {m->live.position, m->live.name, spare.name, spare.position,
                                m->gpu.symbols};
    for (size_t i = 0; i < 5; i++)
        TRY(download(m, i * n, arrays[i], n, err));
    uint32_t *whole = m->host + 5 * n, *supports = whole + n;
    TRY(download(m, 6 * n, of_level.support, grams, err));
    TRY(download(m, 6 * n + grams, of_level.first, grams, err));
    TL_CUDA_TRY(cudaStreamSynchronize(m->stream));
    *rest = (tl_cuda_rest){m->length,       n,     m->host,  m->host + n,      m->host + 2 * n,
                           m->host + 3 * n, m->host + 4 * n, grams, supports, supports + grams,
                           whole,           0};
    return tl_clock_read(&m->clock, err);
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
    TL_CUDA_TRY(cudaMemcpyAsync(sequences, rest.whole, rest.n_whole * sizeof *rest.whole,
                                cudaMemcpyHostToDevice, m->stream));
    RUN(tl_note_whole, rest.n_whole, m->gpu.text, sequences, (uint32_t)rest.n_whole);
    return TL_OK;
}

/* The sequences that are patterns as a whole. */
static int hand_over_whole(miner *m, tl_error *err)
{
    uint32_t *lengths = m->gpu.live[!m->now].name;
    ZERO(m->gpu.counters, sizeof *m->gpu.counters);
    TRY(tl_clock_mark(&m->clock, TL_CUDA_EMIT, 16.0 * m->gpu.text.sequences, err));
    RUN(tl_emit_whole, m->gpu.text.sequences, m->gpu.text, m->live.position, m->live.name, lengths,
        m->gpu.counters);
    TRY(read_counters(m, err));
    return hand_over(m, lengths, err);
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
    return hand_over_whole(m, err);
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
        (void)cudaStreamSynchronize(m.stream); /* nothing may still write to m.host */
    close_gpu(&m);
    return rc;
}
