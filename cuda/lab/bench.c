/* Measures the GPU engine and the ladder.  Prints Markdown tables.
 *
 *     bench [LARGEST]    numbers of traces from 10^4 up to LARGEST (default 10^7)
 *
 * Nothing is timed before it agrees with the CPU; times are medians of five runs. */
#include "cuda/adapter.h"
#include "cuda/lab/lab.h"
#include "cuda/lab/traces.h"
#include "base/threads.h"

#include <stdio.h>
#include <stdlib.h>

enum { REPEATS = 5 };

static const char *const stages[TL_CUDA_STAGES] = {"upload",  "clear", "name", "repeats", "judge",
                                                   "merge", "compact", "emit", "download"};

/* What one engine needs, in seconds. */
typedef struct timing {
    double engine; /* without the final sort of the patterns, which all engines share */
    double total;
    size_t patterns;
} timing;

typedef struct row {
    size_t traces, frames;
    timing gpu, suffix, ccspan;
    tl_cuda_profile profile;
} row;

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
    int rc = tl_mine(&here, db, &o, err);
    if (rc)
        return rc;
    const tl_mine_stats *s = tl_patterns_stats(here);
    *t = (timing){.patterns = tl_patterns_count(here)};
    for (int i = 0; i < s->n_stages; i++) {
        t->total += s->stage[i].seconds;
        if (strcmp(s->stage[i].name, "sort") != 0)
            t->engine += s->stage[i].seconds;
    }
    if (found)
        *found = here;
    else
        tl_patterns_free(here);
    return TL_OK;
}

static int time_engine(const tl_sequences *db, const tl_engine *engine, timing *t, tl_error *err)
{
    double engines[REPEATS], totals[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        int rc = mine_once(db, engine, t, NULL, err);
        if (rc)
            return rc;
        engines[i] = t->engine;
        totals[i] = t->total;
    }
    t->engine = median(engines, REPEATS);
    t->total = median(totals, REPEATS);
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

static void print_engines(const row *rows, int n)
{
    printf("\nWall-clock time, copies included; \"and sort\" adds the ordering of the patterns, which "
           "is done on the CPU for every engine. CPU engines on %d threads.\n\n",
           tl_cpu_count());
    printf("| traces | frames | patterns | cuda ms | and sort | frames/s | suffix ms | and sort | ccspan ms | "
           "and sort | best CPU / cuda | with sort |\n");
    printf("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < n; i++) {
        const row *r = &rows[i];
        double cpu = r->suffix.engine < r->ccspan.engine ? r->suffix.engine : r->ccspan.engine;
        double cpu_total = r->suffix.total < r->ccspan.total ? r->suffix.total : r->ccspan.total;
        printf("| %zu | %zu | %zu | %.2f | %.2f | %.3g | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |\n", r->traces,
               r->frames, r->gpu.patterns, 1e3 * r->gpu.engine, 1e3 * r->gpu.total,
               (double)r->frames / r->gpu.engine, 1e3 * r->suffix.engine, 1e3 * r->suffix.total,
               1e3 * r->ccspan.engine, 1e3 * r->ccspan.total, cpu / r->gpu.engine, cpu_total / r->gpu.total);
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
           "moves %.0f GB/s, an upload %.1f, a download %.1f.\n\n| traces | live positions, all levels |",
           b->device, b->upload, b->download);
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
    printf("| %zu |", n);
    for (int v = 0; rc == TL_OK && v < LAB_VERSIONS; v++) {
        double milliseconds;
        rc = lab_name_keys((lab_version)v, keys, (uint32_t)n, 1, names, counts, &milliseconds, err);
        if (rc == TL_OK && !lab_check_names(keys, (uint32_t)n, names, counts))
            rc = tl_fail(err, TL_BAD_INPUT, "%s gives wrong names", lab_version_names[v]);
        if (rc == TL_OK)
            rc = lab_name_keys((lab_version)v, keys, (uint32_t)n, REPEATS, names, counts, &milliseconds, err);
        if (rc == TL_OK)
            printf(" %.3f | %.3g |", milliseconds, (double)n / milliseconds * 1e3);
    }
    printf("\n");
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
    lab_bandwidth bandwidth;
    tl_cuda_adapter gpu = tl_cuda_adapter_to(tl_cuda_library_get());
    int rc = gpu.library->devices(&device, 1, &devices, &err);
    if (rc == TL_OK) {
        printf("%s, compute capability %d.%d, %d multiprocessors, %.1f GiB\n", device.name, device.major,
               device.minor, device.multiprocessors, (double)device.memory / (1 << 30));
        rc = lab_measure_bandwidth(&bandwidth, (size_t)1 << 28, &err);
    }
    for (size_t traces = 10000; rc == TL_OK && traces <= largest && n < ROWS; traces *= 10)
        rc = measure_row(&rows[n++], traces, &gpu, &err);
    if (rc == TL_OK) {
        print_engines(rows, n);
        print_stages(rows, n);
        print_bytes(rows, n, &bandwidth);
        rc = print_ladder(largest, &err);
    }
    if (rc != TL_OK)
        fprintf(stderr, "bench: %s\n", err.message);
    return rc == TL_OK ? 0 : 1;
}
