#include "base/threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { MAX_THREADS = 256 };

int tl_cpu_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : n;
}

typedef struct shared_range {
    atomic_size_t next;
    size_t n, grain;
    void (*body)(void *, size_t, size_t, int);
    void *ctx;
} shared_range;

typedef struct runner {
    shared_range *range;
    int worker;
} runner;

static void *run_ranges(void *arg)
{
    const runner *r = arg;
    shared_range *s = r->range;
    for (;;) {
        size_t begin = atomic_fetch_add(&s->next, s->grain);
        if (begin >= s->n)
            return NULL;
        size_t end = s->n - begin < s->grain ? s->n : begin + s->grain;
        s->body(s->ctx, begin, end, r->worker);
    }
}

void tl_parallel_for(size_t n, size_t grain, int threads,
                     void (*body)(void *ctx, size_t begin, size_t end, int worker), void *ctx)
{
    if (n == 0)
        return;
    if (threads > MAX_THREADS)
        threads = MAX_THREADS;
    if (threads < 1)
        threads = 1;
    if (grain == 0)
        grain = n / ((size_t)threads * 8) + 1;
    if ((n - 1) / grain + 1 < (size_t)threads)
        threads = (int)((n - 1) / grain + 1);

    shared_range range = {.n = n, .grain = grain, .body = body, .ctx = ctx};
    runner runners[MAX_THREADS];
    pthread_t ids[MAX_THREADS];
    int started = 1;
    runners[0] = (runner){&range, 0};
    for (; started < threads; started++) {
        runners[started] = (runner){&range, started};
        if (pthread_create(&ids[started], NULL, run_ranges, &runners[started]) != 0)
            break;
    }
    run_ranges(&runners[0]);
    for (int i = 1; i < started; i++)
        pthread_join(ids[i], NULL);
}
