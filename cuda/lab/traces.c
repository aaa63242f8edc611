#include "cuda/lab/traces.h"

#include <math.h>
#include <stdlib.h>

enum {
    LIBRARY_FRAMES = 4000,
    CHAINS = 600,
    LONGEST_CHAIN = 14,
    COMMON_FRAMES = 60,  /* main, run, fit ... */
    LONGEST_TRACE = 256
};

typedef struct generator {
    uint64_t state;
    double chain_share[CHAINS];         /* running sums of the Zipf shares, up to 1 */
    double frame_share[LIBRARY_FRAMES]; /* likewise */
    uint32_t chain[CHAINS][LONGEST_CHAIN];
    uint32_t chain_length[CHAINS];
    uint32_t own_frames; /* how many a user's programs have in all */
} generator;

/* Uniform in [0, 1): the high bits of an xorshift generator. */
static double uniform(generator *g)
{
    g->state ^= g->state >> 12;
    g->state ^= g->state << 25;
    g->state ^= g->state >> 27;
    return (double)(g->state * UINT64_C(0x2545f4914f6cdd1d) >> 11) * 0x1p-53;
}

static double exponential(generator *g, double mean)
{
    return -mean * log(1 - uniform(g));
}

static void fill_zipf(double *share, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        share[i] = sum += pow(i + 1, -1.1);
    for (int i = 0; i < n; i++)
        share[i] /= sum;
}

static uint32_t draw(generator *g, const double *share, uint32_t n)
{
    double u = uniform(g);
    uint32_t low = 0, high = n - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (share[middle] > u)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void init_generator(generator *g, size_t count, uint64_t seed)
{
    g->state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    g->own_frames = (uint32_t)fmax(50, 12 * pow((double)count, 0.7));
    fill_zipf(g->chain_share, CHAINS);
    fill_zipf(g->frame_share, LIBRARY_FRAMES);
    for (int i = 0; i < CHAINS; i++) {
        double length = 2 + exponential(g, 3);
        g->chain_length[i] = length < LONGEST_CHAIN ? (uint32_t)length : LONGEST_CHAIN;
        for (uint32_t k = 0; k < g->chain_length[i]; k++)
            g->chain[i][k] = 1 + draw(g, g->frame_share, LIBRARY_FRAMES);
    }
}

static uint32_t user_frame(generator *g)
{
    if (uniform(g) < 0.4)
        return LIBRARY_FRAMES + 1 + (uint32_t)fmin(COMMON_FRAMES - 1, exponential(g, 8));
    double pareto = pow(1 - uniform(g), -1 / 0.7);
    return LIBRARY_FRAMES + 100 + (uint32_t)fmod(floor(pareto), g->own_frames);
}

/* Repeats the three frames from a random place on 5 to 39 times. */
static size_t add_recursion(generator *g, uint32_t *trace, size_t n)
{
    size_t at = (size_t)(uniform(g) * (double)n), round = n - at < 3 ? n - at : 3;
    size_t rounds = 5 + (size_t)(uniform(g) * 35), more = round * rounds;
    memmove(trace + at + more, trace + at, (n - at) * sizeof *trace);
    for (size_t i = more; i-- > 0;)
        trace[at + i] = trace[at + i + round];
    return n + more;
}

static size_t make_trace(generator *g, uint32_t *trace)
{
    size_t n = 1 + (size_t)fmin(20, exponential(g, 1.5));
    for (size_t i = 0; i < n; i++)
        trace[i] = user_frame(g);
    int chains = 1 + (uniform(g) < 0.55) + (uniform(g) < 0.2);
    for (int k = 0; k < chains; k++) {
        uint32_t c = draw(g, g->chain_share, CHAINS), length = g->chain_length[c];
        if (uniform(g) < 0.15)
            length = (uint32_t)fmax(1, length * uniform(g));
        memcpy(trace + n, g->chain[c], length * sizeof *trace);
        n += length;
    }
    return uniform(g) < 0.01 ? add_recursion(g, trace, n) : n;
}

tl_sequences *lab_traces(size_t count, uint64_t seed)
{
    uint32_t trace[LONGEST_TRACE];
    tl_sequences *db = tl_sequences_new(NULL);
    generator *g = malloc(sizeof *g);
    int rc = db && g ? TL_OK : TL_NO_MEMORY;
    if (rc == TL_OK)
        init_generator(g, count, seed);
    for (size_t i = 0; rc == TL_OK && i < count; i++)
        rc = tl_sequences_append(db, trace, make_trace(g, trace), NULL);
    free(g);
    if (rc == TL_OK)
        return db;
    tl_sequences_free(db);
    return NULL;
}
