/* Measures the GPU engine and the ladder.  Prints Markdown tables, to be pasted into
 * cuda/README.md.
 *
 *     bench [LARGEST]    numbers of traces from 10^4 up to LARGEST (default 10^7)
 *
 * Nothing is timed before it agrees with the CPU.  Times are medians of five runs, or of as
 * many as fit into ENGINE_SECONDS.  What is done is told on stderr, with seconds since the
 * start. */
#include "cuda/adapter.h"
#include "cuda/lab/lab.h"
#include "cuda/lab/traces.h"
#include "base/threads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { REPEATS = 5, ENGINE_SECONDS = 12 };

static const char *const stages[TL_CUDA_STAGES] = {"upload",  "clear", "name", "repeats", "judge",
                                                   "merge", "compact", "emit", "order", "download"};

typedef struct timing {
    double seconds; /* from the sequences to the patterns in order */
    size_t patterns;
} timing;

typedef struct row {
    size_t traces, frames;
    timing gpu, suffix, ccspan;
    tl_cuda_profile profile;
} row;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double began;

static void tell(const char *what, size_t traces)
{
    fprintf(stderr, "bench: %6.1f s: %s, %zu traces\n", now() - began, what, traces);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, by_value);
    return values[n / 2];
}

/* Mines once; *found may be NULL. */
static int mine_once(const tl_sequences *db, const tl_engine *engine, timing *t, tl_patterns **found,
                     tl_error *err)
{
    tl_mine_options o = tl_mine_defaults();
    tl_patterns *here;
    o.engine = engine;
    double start = now();
    int rc = tl_mine(&here, db, &o, err);
    if (rc)
        return rc;
    *t = (timing){now() - start, tl_patterns_count(here)};
    if (found)
        *found = here;
    else
        tl_patterns_free(here);
    return TL_OK;
}

static int time_engine(const tl_sequences *db, const tl_engine *engine, timing *t, tl_error *err)
{
    double seconds[REPEATS], start = now();
    int n = 0;
    tell(tl_engine_name(engine), tl_sequences_count(db));
    while (n < REPEATS && (n == 0 || now() - start < ENGINE_SECONDS)) {
        int rc = mine_once(db, engine, t, NULL, err);
        if (rc)
            return rc;
        seconds[n++] = t->seconds;
    }
    t->seconds = median(seconds, n);
    return TL_OK;
}

static bool agree(const tl_patterns *a, const tl_patterns *b)
{
    bool same = tl_patterns_count(a) == tl_patterns_count(b);
    for (size_t i = 0; same && i < tl_patterns_count(a); i++) {
        tl_pattern p = tl_patterns_get(a, i), q = tl_patterns_get(b, i);
        same = p.length == q.length && p.support == q.support &&
               memcmp(tl_patterns_symbols(a, i), tl_patterns_symbols(b, i),
                      p.length * sizeof(uint32_t)) == 0;
    }
    return same;
}

/* The first run on the GPU, which also warms it up, against the suffix engine. */
static int check_result(const tl_sequences *db, const tl_engine *gpu, tl_error *err)
{
    timing t;
    tl_patterns *found = NULL, *expected = NULL;
    int rc = mine_once(db, gpu, &t, &found, err);
    if (rc == TL_OK)
        rc = mine_once(db, &tl_engine_suffix, &t, &expected, err);
    if (rc == TL_OK && !agree(found, expected))
        rc = tl_fail(err, TL_BAD_INPUT, "the GPU finds other patterns than the suffix engine");
    tl_patterns_free(found);
    tl_patterns_free(expected);
    return rc;
}

static int measure_row(row *r, size_t traces, tl_cuda_adapter *gpu, tl_error *err)
{
    timing with_profile;
    tl_sequences *db = lab_traces(traces, 7);
    if (!db)
        return tl_fail_memory(err, "synthetic traces");
    *r = (row){.traces = traces, .frames = tl_sequences_total(db)};
    tell("check", traces);
    int rc = check_result(db, &gpu->engine, err);
    if (rc == TL_OK)
        rc = time_engine(db, &gpu->engine, &r->gpu, err);
    if (rc == TL_OK)
        rc = time_engine(db, &tl_engine_suffix, &r->suffix, err);
    if (rc == TL_OK)
        rc = time_engine(db, &tl_engine_ccspan, &r->ccspan, err);
    gpu->profile = &r->profile;
    if (rc == TL_OK)
        rc = mine_once(db, &gpu->engine, &with_profile, NULL, err);
    gpu->profile = NULL;
    tl_sequences_free(db);
    return rc;
}

/* ---- tables ---- */

static double best_cpu(const row *r)
{
    return fmin(r->suffix.seconds, r->ccspan.seconds);
}

static void print_engines(const row *rows, int n)
{
    printf("\nWall clock, ms, from the sequences to the patterns in order, copies included; the GPU was "
           "started before. CPU engines on %d threads.\n\n", tl_cpu_count());
    printf("| traces | frames | patterns | cuda | suffix | ccspan | cuda, frames/s | best CPU, frames/s | "
           "best CPU / cuda |\n|---|---|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < n; i++) {
        const row *r = &rows[i];
        double frames = (double)r->frames;
        printf("| %zu | %zu | %zu | %.2f | %.2f | %.2f | %.3g | %.3g | %.2f |\n", r->traces, r->frames,
               r->gpu.patterns, 1e3 * r->gpu.seconds, 1e3 * r->suffix.seconds, 1e3 * r->ccspan.seconds,
               frames / r->gpu.seconds, frames / best_cpu(r), best_cpu(r) / r->gpu.seconds);
    }
}

static bool is_copy(int stage)
{
    return stage == TL_CUDA_UPLOAD || stage == TL_CUDA_DOWNLOAD;
}

static void print_stages(const row *rows, int n)
{
    printf("\nDevice time by stage, ms.\n\n| traces | levels | left to CPU |");
    for (int s = 0; s < TL_CUDA_STAGES; s++)
        printf(" %s |", stages[s]);
    printf(" without copies | with copies | GPU memory MiB |\n|---|---|---|");
    for (int s = 0; s < TL_CUDA_STAGES; s++)
        printf("---|");
    printf("---|---|---|\n");
    for (int i = 0; i < n; i++) {
        const tl_cuda_profile *p = &rows[i].profile;
        double kernels = 0, copies = 0;
        printf("| %zu | %u | %u |", rows[i].traces, p->levels, p->rest);
        for (int s = 0; s < TL_CUDA_STAGES; s++) {
            printf(" %.3f |", p->milliseconds[s]);
            *(is_copy(s) ? &copies : &kernels) += p->milliseconds[s];
        }
        printf(" %.3f | %.3f | %.1f |\n", kernels, kernels + copies, (double)p->device_bytes / 1048576);
    }
}

static void print_bytes(const row *rows, int n, const lab_bandwidth *b)
{
    printf("\nBytes that must be moved, MB, and their rate against a copy's, %%. A copy on the device "
           "moves %.0f GB/s, an upload %.1f (%.1f from pinned memory), a download %.1f.\n\n| traces | live "
           "positions, all levels |",
           b->device, b->upload, b->pinned, b->download);
    for (int s = 0; s < TL_CUDA_STAGES; s++)
        printf(" %s | %% |", stages[s]);
    printf("\n|---|---|");
    for (int s = 0; s < TL_CUDA_STAGES; s++)
        printf("---|---|");
    printf("\n");
    for (int i = 0; i < n; i++) {
        const tl_cuda_profile *p = &rows[i].profile;
        printf("| %zu | %llu |", rows[i].traces, (unsigned long long)p->entries);
        for (int s = 0; s < TL_CUDA_STAGES; s++) {
            double copy = s == TL_CUDA_UPLOAD ? b->upload : s == TL_CUDA_DOWNLOAD ? b->download : b->device;
            double rate = p->milliseconds[s] > 0 ? p->bytes[s] / p->milliseconds[s] / 1e6 : 0;
            printf(" %.2f | %.1f |", p->bytes[s] / 1e6, copy > 0 ? 100 * rate / copy : 0);
        }
        printf("\n");
    }
}

/* ---- where the GPU wins ---- */

/* From how many frames on the GPU is faster, if every run also costs `start` seconds:
 * between two rows, on a straight line through the logarithms.  0: nowhere. */
static double crossover(const row *rows, int n, double start)
{
    double before = 0, at = 0;
    for (int i = 0; i < n; i++) {
        double frames = log((double)rows[i].frames);
        double lead = log(best_cpu(&rows[i]) / (start + rows[i].gpu.seconds));
        if (lead <= 0)
            at = 0;
        else if (at == 0)
            at = i == 0 ? frames
                        : frames - (frames - log((double)rows[i - 1].frames)) * lead / (lead - before);
        before = lead;
    }
    return at > 0 ? exp(at) : 0;
}

static void print_crossover(const row *rows, int n, double start)
{
    double with = crossover(rows, n, start), without = crossover(rows, n, 0);
    printf("\nStarting the GPU (driver, context, kernels) takes %.0f ms, once in a process.\n", 1e3 * start);
    printf("cuda is faster from about %.2g frames on with the start, %.2g without it (0: nowhere; "
           "the first row's number: everywhere).\n", with, without);
    if (with > 0)
        printf("In cuda/auto.h: #define TL_CUDA_WINS_FROM %.0f\n", with);
    else
        printf("In cuda/auto.h: #define TL_CUDA_WINS_FROM TL_CUDA_NEVER\n");
}

/* The first run of a process. */
static int start_gpu(const tl_engine *gpu, double *seconds, tl_error *err)
{
    timing t;
    tl_sequences *db = lab_traces(1000, 7);
    if (!db)
        return tl_fail_memory(err, "synthetic traces");
    double start = now();
    int rc = mine_once(db, gpu, &t, NULL, err);
    *seconds = now() - start;
    tl_sequences_free(db);
    return rc;
}

/* ---- the ladder ---- */

/* The keys of the second level: pairs of neighbouring symbols. */
static size_t pair_keys(const tl_sequences *db, uint64_t *keys)
{
    const uint32_t *symbols = tl_sequences_symbols(db), *offsets = tl_sequences_offsets(db);
    size_t n = 0;
    for (size_t s = 0; s < tl_sequences_count(db); s++)
        for (size_t i = offsets[s]; i + 1 < offsets[s + 1]; i++)
            keys[n++] = ((uint64_t)symbols[i] << 32 | symbols[i + 1]) + 1;
    return n;
}

static int ladder_row(size_t traces, tl_error *err)
{
    tl_sequences *db = lab_traces(traces, 7);
    size_t frames = db ? tl_sequences_total(db) : 0;
    uint64_t *keys = malloc((frames + 1) * sizeof *keys);
    uint32_t *names = malloc((frames + 1) * sizeof *names), *counts = malloc((frames + 1) * sizeof *counts);
    int rc = db && keys && names && counts ? TL_OK : tl_fail_memory(err, "the ladder's keys");
    size_t n = rc == TL_OK ? pair_keys(db, keys) : 0;
    tell("ladder", traces);
    printf("| %zu |", n);
    for (int v = 0; rc == TL_OK && v < LAB_VERSIONS; v++) {
        double milliseconds;
        rc = lab_name_keys((lab_version)v, keys, (uint32_t)n, REPEATS, names, counts, &milliseconds, err);
        if (rc == TL_OK && !lab_check_names(keys, (uint32_t)n, names, counts))
            rc = tl_fail(err, TL_BAD_INPUT, "%s gives wrong names", lab_version_names[v]);
        if (rc == TL_OK)
            printf(" %.3f | %.3g |", milliseconds, (double)n / milliseconds * 1e3);
    }
    printf("\n");
    fflush(stdout);
    free(keys);
    free(names);
    free(counts);
    tl_sequences_free(db);
    return rc;
}

static int print_ladder(size_t largest, tl_error *err)
{
    printf("\nThe ladder: naming and counting the pairs of neighbouring frames, device time.\n\n| keys |");
    for (int v = 0; v < LAB_VERSIONS; v++)
        printf(" %s, ms | keys/s |", lab_version_names[v]);
    printf("\n|---|");
    for (int v = 0; v < LAB_VERSIONS; v++)
        printf("---|---|");
    printf("\n");
    int rc = TL_OK;
    for (size_t n = 10000; rc == TL_OK && n <= largest; n *= 10)
        rc = ladder_row(n, err);
    return rc;
}

int main(int argc, char **argv)
{
    enum { ROWS = 8 };
    static row rows[ROWS];
    size_t largest = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000000;
    int n = 0;
    tl_error err;
    tl_cuda_device device;
    size_t devices;
    double listing, start = 0;
    lab_bandwidth bandwidth = {0};
    tl_cuda_adapter gpu = tl_cuda_adapter_to(tl_cuda_library_get());
    began = now();
    int rc = gpu.library->devices(&device, 1, &devices, &err);
    listing = now() - began;
    if (rc == TL_OK)
        rc = start_gpu(&gpu.engine, &start, &err);
    if (rc == TL_OK) {
        printf("%s, compute capability %d.%d, %d multiprocessors, %.1f GiB\n", device.name, device.major,
               device.minor, device.multiprocessors, (double)device.memory / (1 << 30));
        rc = lab_measure_bandwidth(&bandwidth, (size_t)1 << 28, &err);
    }
    for (size_t traces = 10000; rc == TL_OK && traces <= largest && n < ROWS; traces *= 10) {
        rc = measure_row(&rows[n], traces, &gpu, &err);
        n += rc == TL_OK;
    }
    if (n > 0) { /* what was measured before something failed, too */
        print_engines(rows, n);
        print_stages(rows, n);
        print_bytes(rows, n, &bandwidth);
        print_crossover(rows, n, listing + start);
        fflush(stdout);
    }
    if (rc == TL_OK)
        rc = print_ladder(largest, &err);
    if (rc != TL_OK)
        fprintf(stderr, "bench: %s\n", err.message);
    return rc == TL_OK ? 0 : 1;
}
