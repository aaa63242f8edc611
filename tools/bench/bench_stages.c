/* bench_stages: what each stage of `tracelode extract` costs, and what a second processor
 * gains.
 *
 *     bench_stages Posts.xml [STORE.db [RUNS]]
 *
 * Runs the pipeline up to each stage in turn: read, + cut into rows, + hash, + prefilter,
 * + parse with blocks and traces of the posts kept, and the whole of extract with its store
 * (STORE.db, made anew for each run; left out without it).  Every run is made on one
 * processor with one thread and on all of them with as many; the shortest of RUNS
 * (default 5) counts.  A stage's own share is the difference to the line before it:
 *     CPU       seconds of all threads, user and system, on one processor
 *     1, all    wall seconds on one processor, and on all
 *     gain      the one divided by the other: of this stage, and of all up to it
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/threads.h"
#include "extract/extract.h"
#include "extract/hash.h"
#include "extract/pipeline.h"
#include "extract/reader.h"
#include "extract/source.h"

typedef enum stage { READ, FRAME, HASH, PREFILTER, PARSE, WRITE, STAGES } stage;

static const char *const names[STAGES] = {"read", "cut into rows", "hash", "prefilter", "parse, blocks, traces", "match answers, write"};

typedef struct bench {
    const char *path, *store;
    stage last; /* this one and those before it are run */
    tl_selection nothing, shipped;
    tl_source *source;
    tl_reader *reader;
    tl_hash *hash;
    tl_worker **workers;
    tl_task task;
} bench;

typedef struct cost {
    double wall, cpu;
} cost;

static tl_error err;

static void check(int rc)
{
    if (rc < 0) {
        fprintf(stderr, "bench_stages: %s\n", err.message);
        exit(1);
    }
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- the pipeline, up to a stage ------------------------------------------ */

static ssize_t read_source(void *ctx, void *to, size_t cap, tl_error *why)
{
    return tl_source_read(((bench *)ctx)->source, to, cap, why);
}

static int fill(void *ctx, tl_batch *b, tl_error *why)
{
    bench *t = ctx;
    if (t->last == READ) {
        tl_buf_clear(&b->rows.bytes);
        if (!tl_buf_reserve(&b->rows.bytes, TL_BLOCK_BYTES))
            return tl_fail_memory(why, "a block");
        ssize_t n = tl_source_read(t->source, b->rows.bytes.data, TL_BLOCK_BYTES, why);
        return n > 0 ? 1 : (int)n;
    }
    int rc = tl_reader_fill(t->reader, &b->rows, why);
    if (rc == 1 && t->last >= HASH)
        tl_hash_add(t->hash, b->rows.bytes.data, b->rows.bytes.len);
    return rc;
}

static int work(void *ctx, int worker, tl_batch *b, tl_error *why)
{
    bench *t = ctx;
    return t->last >= PREFILTER ? tl_worker_read(t->workers[worker], &t->task, b, why) : TL_OK;
}

static int forget(void *ctx, tl_batch *b, tl_error *why)
{
    (void)ctx, (void)b, (void)why;
    return TL_OK;
}

static void run_pipeline(bench *t, int workers)
{
    const tl_selection *selection = t->last == PREFILTER ? &t->nothing : &t->shipped;
    tl_pipeline plan = {.workers = workers, .ctx = t, .fill = fill, .work = work, .write = forget};
    t->hash = tl_hash_new();
    t->workers = calloc((size_t)workers, sizeof *t->workers);
    if (!t->workers || !t->hash)
        check(tl_fail_memory(&err, "the workers"));
    for (int i = 0; t->last >= PREFILTER && i < workers; i++)
        check(tl_worker_new(&t->workers[i], selection, &err));
    check(tl_source_open(&t->source, t->path, NULL, &err));
    check(tl_source_next(t->source, &err));
    check(tl_reader_new(&t->reader, t->path, TL_CONTAINER_AUTO, read_source, t, &err));
    check(t->last == READ ? TL_OK : tl_reader_start(t->reader, &err));
    t->task = (tl_task){.name = t->path, .format = tl_reader_format(t->reader)};
    check(tl_pipeline_run(&plan, &err));
    tl_reader_free(t->reader);
    tl_source_close(t->source);
    for (int i = 0; i < workers; i++)
        tl_worker_free(t->workers[i]);
    free(t->workers);
    tl_hash_free(t->hash);
}

static void run_extract(bench *t, int workers)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char file[4096];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(file, sizeof file, "%s%s", t->store, ends[i]);
        unlink(file);
    }
    tl_store *store;
    tl_extract_options o = {.paths = &t->path, .n_paths = 1, .site = "bench", .selection = t->shipped, .workers = workers};
    check(tl_store_open(&store, t->store, TL_STORE_CREATE, &err));
    check(tl_extract(store, &o, &err));
    tl_store_close(store);
}

/* ---- measuring ------------------------------------------------------------- */

static cost measure(bench *t, int workers)
{
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (t->last == WRITE)
        run_extract(t, workers);
    else
        run_pipeline(t, workers);
    return (cost){seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu};
}

static cost shortest(cost a, cost b)
{
    return (cost){a.wall < b.wall ? a.wall : b.wall, a.cpu < b.cpu ? a.cpu : b.cpu};
}

static cost measure_on(bench *t, const cpu_set_t *processors, int workers)
{
    if (sched_setaffinity(0, sizeof *processors, processors) != 0)
        check(tl_fail(&err, TL_UNAVAILABLE, "cannot choose the processors"));
    return measure(t, workers);
}

/* Rounds outside, stages inside: what else the machine does hits all of them alike. */
static void measure_all(bench *t, stage last, int runs, cost one[STAGES], cost all[STAGES])
{
    cpu_set_t every, first;
    const int workers = tl_cpu_count();
    int processor = 0;
    sched_getaffinity(0, sizeof every, &every);
    while (!CPU_ISSET(processor, &every))
        processor++;
    CPU_ZERO(&first);
    CPU_SET(processor, &first);
    for (int run = 0; run < runs; run++)
        for (t->last = READ; t->last <= last; t->last++) {
            cost a = measure_on(t, &first, 1), b = measure_on(t, &every, workers);
            one[t->last] = run ? shortest(one[t->last], a) : a;
            all[t->last] = run ? shortest(all[t->last], b) : b;
        }
    printf("%-24s %7s %7s %7s %6s   %7s %7s %6s\n", "", "CPU", "1", "all", "gain", "1", "all", "gain");
    cost p = {0}, q = {0};
    for (stage s = READ; s <= last; s++) {
        printf("%-24s %7.3f %7.3f %7.3f %6.2f   %7.3f %7.3f %6.2f\n", names[s], one[s].cpu - p.cpu, one[s].wall - p.wall,
               all[s].wall - q.wall, (one[s].wall - p.wall) / (all[s].wall - q.wall), one[s].wall, all[s].wall,
               one[s].wall / all[s].wall);
        p = one[s];
        q = all[s];
    }
}

static tl_selection select_from(tl_str ini)
{
    tl_libraries *libraries;
    check(tl_libraries_new(&libraries, ini, "libraries.ini", &err));
    return (tl_selection){.libraries = libraries};
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 4) {
        fprintf(stderr, "usage: bench_stages Posts.xml [STORE.db [RUNS]]\n");
        return 2;
    }
    cost one[STAGES], all[STAGES];
    bench t = {.path = argv[1], .store = argc > 2 ? argv[2] : NULL};
    t.shipped = select_from((tl_str){tl_libraries_ini, tl_libraries_ini_len});
    t.nothing = select_from(TL_STR("language = python\n[none]\nname = None\ntag = of-no-question\n"));
    measure_all(&t, t.store ? WRITE : PARSE, argc > 3 ? atoi(argv[3]) : 5, one, all);
    tl_libraries_free((tl_libraries *)t.shipped.libraries);
    tl_libraries_free((tl_libraries *)t.nothing.libraries);
    return 0;
}
