/* clock.cuh: how long the stages of a run take on the device's own clock.
 *
 * tl_clock_mark says which stage the work launched from now on belongs to; tl_clock_read
 * adds up what was done since the last reading and waits for it.  Without a profile both
 * do nothing.
 */
#ifndef TL_CUDA_CLOCK_CUH
#define TL_CUDA_CLOCK_CUH

#include "cuda/status.cuh"

enum { TL_CLOCK_MARKS = 16 }; /* between two readings */

typedef struct tl_clock {
    tl_cuda_profile *profile; /* NULL: nothing is measured */
    cudaStream_t stream;
    cudaEvent_t events[TL_CLOCK_MARKS];
    tl_cuda_stage stages[TL_CLOCK_MARKS];
    int n, made;
} tl_clock;

static inline int tl_clock_open(tl_clock *c, tl_cuda_profile *profile, cudaStream_t stream,
                                tl_error *err)
{
    c->profile = profile;
    c->stream = stream;
    for (; profile && c->made < TL_CLOCK_MARKS; c->made++)
        TL_CUDA_TRY(cudaEventCreate(&c->events[c->made]));
    return TL_OK;
}

static inline void tl_clock_close(tl_clock *c)
{
    while (c->made > 0)
        (void)cudaEventDestroy(c->events[--c->made]);
}

/* The stage also moves `bytes` to and from memory. */
static inline int tl_clock_mark(tl_clock *c, tl_cuda_stage stage, double bytes, tl_error *err)
{
    if (!c->profile)
        return TL_OK;
    c->profile->bytes[stage] += bytes;
    c->stages[c->n] = stage;
    TL_CUDA_TRY(cudaEventRecord(c->events[c->n], c->stream));
    c->n++;
    return TL_OK;
}

static inline int tl_clock_read(tl_clock *c, tl_error *err)
{
    if (!c->profile || c->n == 0)
        return TL_OK;
    TL_CUDA_TRY(cudaEventRecord(c->events[c->n], c->stream));
    TL_CUDA_TRY(cudaEventSynchronize(c->events[c->n]));
    for (int i = 0; i < c->n; i++) {
        float passed = 0;
        TL_CUDA_TRY(cudaEventElapsedTime(&passed, c->events[i], c->events[i + 1]));
        c->profile->milliseconds[c->stages[i]] += passed;
    }
    c->n = 0;
    return TL_OK;
}

#endif
