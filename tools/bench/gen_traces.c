/* gen_traces.c: synthetic stack traces for benchmarks, one a line, symbols as integers.
 *
 *     gen_traces N [SEED]              N traces
 *     gen_traces --recursion N [SEED]  N traces of 3,000 to 30,000 frames, most of them
 *                                      a period of 1 to 5 frames
 *
 * Library call chains, chosen by Zipf's law, are glued behind user frames; some pastes are
 * cut short and one trace in a hundred recurses.  The names of user frames grow with the
 * number of traces (Heaps' law).  The same distribution as the model of the published
 * comparison, from a generator of our own: the same arguments give the same bytes. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LIBRARY_FRAMES = 4000,
    CHAINS = 600,
    LONGEST_CHAIN = 14,
    COMMON_USER_FRAMES = 60,
    LONGEST_TRACE = 1024
};

static uint64_t state;

/* xorshift64*: uniform in [0, 1). */
static double uniform(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (double)(state * UINT64_C(0x2545f4914f6cdd1d) >> 11) * 0x1p-53;
}

static void seed(uint64_t s)
{
    state = s * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

static double exponential(double mean)
{
    return -mean * log(1 - uniform());
}

static unsigned below(unsigned n)
{
    return (unsigned)(uniform() * n);
}

/* ---- Zipf's law ---- */

typedef struct zipf {
    double *cumulated;
    unsigned n;
} zipf;

static zipf new_zipf(unsigned n, double exponent)
{
    zipf z = {malloc(n * sizeof(double)), n};
    if (!z.cumulated) {
        fprintf(stderr, "gen_traces: out of memory\n");
        exit(4);
    }
    double sum = 0;
    for (unsigned i = 0; i < n; i++)
        z.cumulated[i] = sum += pow(i + 1, -exponent);
    for (unsigned i = 0; i < n; i++)
        z.cumulated[i] /= sum;
    return z;
}

static unsigned draw(const zipf *z)
{
    double u = uniform();
    unsigned low = 0, high = z->n - 1;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (z->cumulated[middle] > u)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* ---- traces ---- */

typedef struct chain {
    unsigned frames[LONGEST_CHAIN], n;
} chain;

typedef struct model {
    zipf frames, chains;
    chain chain[CHAINS];
    double user_names;
} model;

/* The library is the same for every seed. */
static void make_library(model *m, double traces)
{
    m->frames = new_zipf(LIBRARY_FRAMES, 1.1);
    m->chains = new_zipf(CHAINS, 1.1);
    m->user_names = fmax(50, floor(12 * pow(traces, 0.7)));
    seed(12345);
    for (unsigned i = 0; i < CHAINS; i++) {
        double n = 2 + floor(exponential(3));
        m->chain[i].n = n > LONGEST_CHAIN ? LONGEST_CHAIN : (unsigned)n;
        for (unsigned k = 0; k < m->chain[i].n; k++)
            m->chain[i].frames[k] = 1 + draw(&m->frames);
    }
}

static unsigned user_frame(const model *m)
{
    if (uniform() < 0.4) {
        double i = floor(exponential(8));
        return LIBRARY_FRAMES + 1 + (unsigned)fmin(COMMON_USER_FRAMES - 1, i);
    }
    double pareto = floor(pow(1 - uniform(), -1 / 0.7));
    return LIBRARY_FRAMES + 100 + (unsigned)fmod(pareto, m->user_names);
}

static unsigned insert(unsigned *trace, unsigned n, unsigned at, const unsigned *frames, unsigned k)
{
    memmove(trace + at + k, trace + at, (n - at) * sizeof *trace);
    memcpy(trace + at, frames, k * sizeof *trace);
    return n + k;
}

/* One trace into trace[LONGEST_TRACE]; its length. */
static unsigned make_trace(const model *m, unsigned *trace)
{
    unsigned n = 0, users = 1 + (unsigned)exponential(1.5);
    for (unsigned i = 0; i < users && n < 64; i++)
        trace[n++] = user_frame(m);
    unsigned chains = 1 + (uniform() < 0.55) + (uniform() < 0.2);
    for (unsigned i = 0; i < chains; i++) {
        const chain *c = &m->chain[draw(&m->chains)];
        unsigned k = c->n;
        if (uniform() < 0.15) { /* a paste cut short */
            k = (unsigned)(k * uniform());
            k = k ? k : 1;
        }
        n = insert(trace, n, n, c->frames, k);
    }
    if (uniform() < 0.01) { /* recursion */
        unsigned at = below(n), k = n - at < 3 ? n - at : 3, again[3];
        memcpy(again, trace + at, k * sizeof *again);
        for (unsigned i = 5 + below(35); i > 0; i--)
            n = insert(trace, n, at, again, k);
    }
    if (uniform() < 0.1) {
        unsigned frame = user_frame(m);
        n = insert(trace, n, below(n), &frame, 1);
    }
    return n;
}

static void print_trace(const unsigned *trace, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        printf(i ? " %u" : "%u", trace[i]);
    printf("\n");
}

/* User frames, then library frames that call each other, then what failed at last. */
static void print_recursion(const model *m)
{
    unsigned trace[LONGEST_TRACE], period[5], p = 1 + below(5), n = 3000 + below(27001);
    for (unsigned i = 0; i < p; i++)
        period[i] = 1 + draw(&m->frames);
    unsigned around = make_trace(m, trace), head = below(around);
    for (unsigned i = 0; i < head; i++)
        printf("%u ", trace[i]);
    for (unsigned i = 0; i < n; i++)
        printf("%u ", period[i % p]);
    print_trace(trace + head, around - head);
}

int main(int argc, char **argv)
{
    bool recursion = argc > 1 && strcmp(argv[1], "--recursion") == 0;
    char **args = argv + 1 + recursion;
    int n_args = argc - 1 - recursion;
    char *end = NULL;
    unsigned long traces = n_args > 0 ? strtoul(args[0], &end, 10) : 0;
    if (n_args < 1 || n_args > 2 || *end != '\0') {
        fprintf(stderr, "usage: gen_traces [--recursion] N [SEED]\n");
        return 2;
    }
    static model m;
    make_library(&m, (double)traces);
    seed(n_args > 1 ? strtoull(args[1], NULL, 10) : 7);
    for (unsigned long i = 0; i < traces; i++) {
        unsigned trace[LONGEST_TRACE];
        if (recursion)
            print_recursion(&m);
        else
            print_trace(trace, make_trace(&m, trace));
    }
    free(m.frames.cumulated);
    free(m.chains.cumulated);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("gen_traces");
        return 4;
    }
    return 0;
}
