/* memory.cuh: the GPU memory of one run, taken in one piece.
 *
 * Everything is laid out before anything is asked for, so that a database which does not
 * fit is refused at once and with numbers.
 */
#ifndef TL_CUDA_MEMORY_CUH
#define TL_CUDA_MEMORY_CUH

#include "cuda/kernels.cuh"
#include "cuda/status.cuh"

enum { TL_ALIGN = 256, TL_GAP = 256 };

/* All that lies on the GPU. */
typedef struct tl_memory {
    uintptr_t base; /* 0 while it is only measured */
    size_t size;

    uint32_t *symbols; /* of the database */
    tl_cuda_pattern *found;
    size_t levels;     /* where begins what only the levels need */
    tl_text text;
    uint32_t *words;   /* by live position, what it is to become */
    tl_live live[2];   /* of this level, of the next */
    tl_grams grams[2]; /* likewise */
    tl_table table;    /* capacity: the most there is room for */
    tl_repeats repeats;
    uint32_t *places;
    tl_counters *counters;
} tl_memory;

/* 1.5 slots for each key, and some. */
static inline uint32_t tl_capacity(uint32_t keys)
{
    return keys + keys / 2 + 64;
}

/* A closed pattern is an inner node of the suffix tree, of which there are fewer than
 * frames, or occurs once and is a whole sequence. */
static inline size_t tl_most_patterns(uint32_t frames, uint32_t sequences)
{
    return (size_t)frames + (sequences < frames ? sequences : frames);
}

static inline void *tl_carve(tl_memory *m, size_t count, size_t size)
{
    uintptr_t at = m->base + m->size;
    size_t bytes = (count * size + TL_ALIGN - 1) / TL_ALIGN * TL_ALIGN;
    m->size += bytes + TL_GAP;
    if (m->base)
        TL_REDZONE((void *)at, count * size, bytes + TL_GAP);
    return (void *)at;
}

static inline uint32_t *tl_carve_words(tl_memory *m, size_t count)
{
    return (uint32_t *)tl_carve(m, count, sizeof(uint32_t));
}

/* Gives every array its place; `long_frames` may go to the table of repeats. */
static inline void tl_lay_out(tl_memory *m, uint32_t frames, uint32_t sequences,
                              uint32_t long_frames)
{
    tl_text *t = &m->text;
    m->size = 0;
    m->symbols = tl_carve_words(m, frames);
    m->found = (tl_cuda_pattern *)tl_carve(m, tl_most_patterns(frames, sequences),
                                           sizeof *m->found);
    m->levels = m->size;
    t->frames = frames;
    t->sequences = sequences;
    t->offsets = tl_carve_words(m, (size_t)sequences + 1);
    t->sequence = tl_carve_words(m, frames);
    uint32_t **by_sequence[] = {&t->weight, &t->begin, &t->length, &t->hash, &t->uncut, &t->whole};
    for (size_t i = 0; i < sizeof by_sequence / sizeof *by_sequence; i++)
        *by_sequence[i] = tl_carve_words(m, sequences);
    m->words = tl_carve_words(m, frames);
    for (int i = 0; i < 2; i++) {
        m->live[i].position = tl_carve_words(m, frames);
        m->live[i].name = tl_carve_words(m, frames);
        m->grams[i].support = tl_carve_words(m, frames);
        m->grams[i].first = tl_carve_words(m, frames);
    }
    m->table.capacity = tl_capacity(frames);
    m->table.slots = (tl_slot *)tl_carve(m, m->table.capacity, sizeof(tl_slot));
    m->table.first = tl_carve_words(m, m->table.capacity);
    m->repeats.capacity = tl_capacity(long_frames);
    m->repeats.key = (tl_u64 *)tl_carve(m, m->repeats.capacity, sizeof(tl_u64));
    m->repeats.again = tl_carve_words(m, m->repeats.capacity);
    m->places = tl_carve_words(m, (size_t)frames / TL_TILE + 1);
    m->counters = (tl_counters *)tl_carve(m, 1, sizeof(tl_counters));
}

static inline int tl_memory_short(tl_error *err, size_t need, size_t available)
{
    return tl_fail(err, TL_NO_MEMORY,
                   "the database needs %.1f MiB of GPU memory, %.1f MiB are free: mine it "
                   "on the CPU",
                   (double)need / 1048576, (double)available / 1048576);
}

/* Takes the memory; the caller calls tl_memory_close, after failure too. */
static inline int tl_memory_open(tl_memory *m, const tl_cuda_job *job, uint32_t long_frames,
                                 tl_error *err)
{
    size_t available = 0, total = 0;
    void *base = NULL;
    m->base = 0;
    tl_lay_out(m, (uint32_t)job->frames, (uint32_t)job->sequences, long_frames);
    TL_CUDA_TRY(cudaMemGetInfo(&available, &total));
    if (job->limits.max_memory && job->limits.max_memory < available)
        available = job->limits.max_memory;
    if (m->size > available)
        return tl_memory_short(err, m->size, available);
    cudaError_t failed = cudaMalloc(&base, m->size);
    if (failed == cudaErrorMemoryAllocation) {
        (void)cudaGetLastError();
        return tl_memory_short(err, m->size, available);
    }
    TL_CUDA_TRY(failed);
    m->base = (uintptr_t)base;
    tl_lay_out(m, (uint32_t)job->frames, (uint32_t)job->sequences, long_frames);
    return TL_OK;
}

/* Room for n patterns, to sort `found`, in place of what only the levels need: for every
 * frame that is several times as much. */
static inline tl_cuda_pattern *tl_memory_to_sort(tl_memory *m, size_t n)
{
    size_t taken = m->size;
    m->size = m->levels;
    tl_cuda_pattern *spare = (tl_cuda_pattern *)tl_carve(m, n, sizeof *spare);
    m->size = taken;
    return spare;
}

static inline void tl_memory_close(tl_memory *m)
{
    if (m->base)
        (void)cudaFree((void *)m->base);
    m->base = 0;
}

#endif
