/* bench_mine.c: what mining costs, as tables.
 *
 *     bench_mine [-n MAX] [-r REPEATS] [FILE...]
 *
 * Mines generated traces (tools/bench/gen_traces.c) for N = 1,000, 10,000, ... up to MAX
 * (1,000,000), 1,000 recursive traces, and the SPMF files given (.gz too), with each
 * engine on one thread and on two.  Every measurement is a process of its own, from
 * opening the file to the sorted patterns, and the fastest of REPEATS (3) counts.  Must
 * stand beside gen_traces, which it runs. */
#include "miner/spmf.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_INPUTS = 64, ENGINES = 2, THREADS = 2 };

static const char *const engine_names[ENGINES] = {"suffix", "ccspan"};

typedef struct outcome {
    double seconds, reading;
    size_t sequences, frames, patterns;
    long peak_kib;
    int n_stages;
    struct {
        char name[24];
        double seconds;
    } stage[TL_MAX_STAGES];
} outcome;

typedef struct input {
    char path[4096], name[64];
    bool scaled; /* one of the series whose growth is of interest */
    bool by_levels; /* false: level-wise mining would take hours */
    outcome of[ENGINES][THREADS];
} input;

static char folder[] = "/tmp/bench_mine.XXXXXX";
static input inputs[MAX_INPUTS];
static int n_inputs;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "bench_mine: %s: %s\n", what, why);
    exit(4);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- one measurement ---- */

static outcome mine_file(const char *path, const char *engine, int threads)
{
    outcome r = {0};
    tl_error err;
    double begin = now();
    tl_sequences *db = tl_sequences_new(&err);
    int fd = open(path, O_RDONLY);
    if (!db || fd < 0 || tl_spmf_read(db, fd, path, NULL, &err) != TL_OK)
        die(path, fd < 0 ? "cannot open" : err.message);
    r.reading = now() - begin;
    tl_mine_options o = tl_mine_defaults();
    o.engine = tl_engine_by_name(engine);
    o.threads = threads;
    tl_patterns *found;
    if (tl_mine(&found, db, &o, &err) != TL_OK)
        die(path, err.message);
    r.seconds = now() - begin;
    const tl_mine_stats *stats = tl_patterns_stats(found);
    r.n_stages = stats->n_stages;
    for (int i = 0; i < r.n_stages; i++) {
        snprintf(r.stage[i].name, sizeof r.stage[i].name, "%s", stats->stage[i].name);
        r.stage[i].seconds = stats->stage[i].seconds;
    }
    r.sequences = tl_sequences_count(db);
    r.frames = tl_sequences_total(db);
    r.patterns = tl_patterns_count(found);
    tl_patterns_free(found);
    tl_sequences_free(db);
    close(fd);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    r.peak_kib = usage.ru_maxrss;
    return r;
}

/* In a child, so that its peak memory is that of this run alone. */
static outcome measure(const char *path, const char *engine, int threads)
{
    int ends[2], status;
    if (pipe(ends) != 0)
        die("pipe", "failed");
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        die("fork", "failed");
    if (child == 0) {
        outcome r = mine_file(path, engine, threads);
        _exit(write(ends[1], &r, sizeof r) == (ssize_t)sizeof r ? 0 : 4);
    }
    close(ends[1]);
    outcome r;
    ssize_t got = read(ends[0], &r, sizeof r);
    close(ends[0]);
    waitpid(child, &status, 0);
    if (got != (ssize_t)sizeof r)
        die(path, "the measurement failed");
    return r;
}

/* ---- inputs ---- */

static input *add_input(void)
{
    if (n_inputs == MAX_INPUTS)
        die("inputs", "too many");
    inputs[n_inputs].by_levels = true;
    return &inputs[n_inputs++];
}

static void run(const char *what, const char *command)
{
    if (system(command) != 0)
        die(what, "failed");
}

static void generate(const char *program, unsigned long traces, bool recursion)
{
    char command[2 * sizeof inputs[0].path];
    input *in = add_input();
    const char *kind = recursion ? "recursion" : "traces";
    in->scaled = !recursion;
    in->by_levels = !recursion;
    snprintf(in->name, sizeof in->name, "%s %lu", kind, traces);
    snprintf(in->path, sizeof in->path, "%s/%s-%lu.txt", folder, kind, traces);
    const char *last = strrchr(program, '/');
    snprintf(command, sizeof command, "'%.*sgen_traces' %s %lu >'%s'",
             last ? (int)(last - program + 1) : 0, program, recursion ? "--recursion" : "",
             traces, in->path);
    run("gen_traces", command);
}

static void add_file(const char *path)
{
    input *in = add_input();
    const char *base = strrchr(path, '/');
    snprintf(in->name, sizeof in->name, "%s", base ? base + 1 : path);
    snprintf(in->path, sizeof in->path, "%s", path);
    size_t n = strlen(path);
    if (n > 3 && strcmp(path + n - 3, ".gz") == 0) {
        char command[2 * sizeof in->path + 64];
        snprintf(in->path, sizeof in->path, "%s/%d.txt", folder, n_inputs);
        snprintf(command, sizeof command, "gzip -dc '%s' >'%s'", path, in->path);
        run(path, command);
    }
}

/* ---- tables ---- */

static void print_runs(int repeats)
{
    printf("%-20s %-7s %7s %10s %9s %9s %9s %10s %8s %10s\n", "input", "engine", "threads", "frames",
           "read s", "mine s", "total s", "ns/frame", "peak MB", "patterns");
    for (int i = 0; i < n_inputs; i++)
        for (int e = 0; e < ENGINES; e++)
            for (int t = 0; t < THREADS; t++) {
                if (e > 0 && !inputs[i].by_levels)
                    continue;
                outcome best = measure(inputs[i].path, engine_names[e], t + 1);
                for (int k = 1; k < repeats; k++) {
                    outcome r = measure(inputs[i].path, engine_names[e], t + 1);
                    best = r.seconds < best.seconds ? r : best;
                }
                inputs[i].of[e][t] = best;
                printf("%-20s %-7s %7d %10zu %9.4f %9.4f %9.4f %10.1f %8.1f %10zu\n",
                       inputs[i].name, engine_names[e], t + 1, best.frames, best.reading,
                       best.seconds - best.reading, best.seconds,
                       best.seconds * 1e9 / (double)best.frames, (double)best.peak_kib / 1024,
                       best.patterns);
                if (best.patterns != inputs[i].of[0][0].patterns)
                    die(inputs[i].name, "the numbers of patterns differ");
            }
}

static void print_growth(void)
{
    printf("\ngrowth: the exponent of time in the number of frames, one thread\n");
    for (int i = 1; i < n_inputs; i++) {
        if (!inputs[i].scaled || !inputs[i - 1].scaled)
            continue;
        printf("%-16s to %-16s", inputs[i - 1].name, inputs[i].name);
        for (int e = 0; e < ENGINES; e++) {
            const outcome *a = &inputs[i - 1].of[e][0], *b = &inputs[i].of[e][0];
            printf("  %s %.2f", engine_names[e],
                   log(b->seconds / a->seconds) / log((double)b->frames / (double)a->frames));
        }
        printf("\n");
    }
}

static void print_stages(const input *in)
{
    for (int e = 0; e < ENGINES; e++) {
        if (e > 0 && !in->by_levels)
            continue;
        const outcome *one = &in->of[e][0], *two = &in->of[e][1];
        printf("\nstages of %s on %s: seconds on one thread, on two, speed-up\n", engine_names[e],
               in->name);
        printf("  %-16s %8.4f %8.4f %5.2f\n", "read", one->reading, two->reading,
               one->reading / two->reading);
        for (int k = 0; k < one->n_stages; k++)
            printf("  %-16s %8.4f %8.4f %5.2f\n", one->stage[k].name, one->stage[k].seconds,
                   two->stage[k].seconds, one->stage[k].seconds / two->stage[k].seconds);
        printf("  %-16s %8.4f %8.4f %5.2f\n", "all", one->seconds, two->seconds,
               one->seconds / two->seconds);
    }
}

static void remove_inputs(void)
{
    for (int i = 0; i < n_inputs; i++)
        if (strncmp(inputs[i].path, folder, strlen(folder)) == 0)
            unlink(inputs[i].path);
    rmdir(folder);
}

int main(int argc, char **argv)
{
    unsigned long most = 1000000;
    int repeats = 3, option;
    while ((option = getopt(argc, argv, "n:r:")) != -1) {
        if (option == 'n')
            most = strtoul(optarg, NULL, 10);
        else if (option == 'r')
            repeats = atoi(optarg);
        else
            return 2;
    }
    if (!mkdtemp(folder))
        die(folder, "cannot make it");
    for (unsigned long n = 1000; n <= most; n *= 10)
        generate(argv[0], n, false);
    if (most > 1000000 && most != 10000000)
        generate(argv[0], most, false);
    int largest = n_inputs - 1;
    generate(argv[0], most < 1000000 ? 100 : 1000, true);
    for (int i = optind; i < argc; i++)
        add_file(argv[i]);
    print_runs(repeats);
    print_growth();
    if (largest >= 0)
        print_stages(&inputs[largest]);
    print_stages(&inputs[largest + 1]);
    remove_inputs();
    return 0;
}
