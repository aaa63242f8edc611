#include "extract/pipeline.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

typedef enum stage { FREE, FILLED, WORKING, DONE } stage;

typedef struct slot {
    tl_batch batch;
    stage stage;
    bool last; /* no batch here: the input ended, or `end` holds why not */
} slot;

typedef struct run {
    const tl_pipeline *plan;
    slot *slots;
    size_t n_slots;
    pthread_mutex_t lock;
    pthread_cond_t freed;    /* a slot, for the reader */
    pthread_cond_t filled;   /* a slot, for the workers */
    pthread_cond_t finished; /* the slot that the writer waits for */
    uint64_t next_work;  /* number of the next batch to work on */
    const slot *awaited; /* by the writer */
    bool stop;          /* leave everything */
    int end;            /* how the reading ended */
    tl_error end_error;
    int failed; /* a worker's failure */
    tl_error failure;
} run;

typedef struct worker_arg {
    run *run;
    int worker;
} worker_arg;

/* Moves a slot on and wakes whom that concerns: waking everybody at every step would
 * cost more than some of the steps. */
static void set_stage(run *r, slot *s, stage to)
{
    pthread_mutex_lock(&r->lock);
    s->stage = to;
    if (to == FREE)
        pthread_cond_signal(&r->freed);
    else if (to == FILLED && !s->last)
        pthread_cond_signal(&r->filled);
    else if (to == FILLED)
        pthread_cond_broadcast(&r->filled); /* no worker need wait any more */
    if (s == r->awaited)
        pthread_cond_signal(&r->finished);
    pthread_mutex_unlock(&r->lock);
}

static void stop_all(run *r)
{
    pthread_mutex_lock(&r->lock);
    r->stop = true;
    pthread_cond_broadcast(&r->freed);
    pthread_cond_broadcast(&r->filled);
    pthread_cond_broadcast(&r->finished);
    pthread_mutex_unlock(&r->lock);
}

/* Waits until slot `s` is free; false if everything stops. */
static bool await_free(run *r, const slot *s)
{
    pthread_mutex_lock(&r->lock);
    while (!r->stop && s->stage != FREE)
        pthread_cond_wait(&r->freed, &r->lock);
    bool go = !r->stop;
    pthread_mutex_unlock(&r->lock);
    return go;
}

static void *reader(void *arg)
{
    run *r = arg;
    for (uint64_t n = 0;; n++) {
        slot *s = &r->slots[n % r->n_slots];
        if (!await_free(r, s))
            return NULL;
        tl_batch_reset(&s->batch);
        int rc = r->plan->fill(r->plan->ctx, &s->batch, &r->end_error);
        s->last = rc != 1;
        if (rc != 1)
            r->end = rc;
        set_stage(r, s, FILLED);
        if (rc != 1)
            return NULL;
    }
}

/* The next batch to work on, or NULL when there is none left. */
static slot *claim(run *r)
{
    pthread_mutex_lock(&r->lock);
    slot *s;
    while (s = &r->slots[r->next_work % r->n_slots], !r->stop && s->stage != FILLED)
        pthread_cond_wait(&r->filled, &r->lock);
    if (r->stop || s->last)
        s = NULL;
    else {
        s->stage = WORKING;
        r->next_work++;
    }
    pthread_mutex_unlock(&r->lock);
    return s;
}

static void fail_worker(run *r, int rc, const tl_error *why)
{
    pthread_mutex_lock(&r->lock);
    if (!r->failed) {
        r->failed = rc;
        r->failure = *why;
    }
    pthread_mutex_unlock(&r->lock);
    stop_all(r);
}

static void *worker(void *arg)
{
    const worker_arg *w = arg;
    run *r = w->run;
    slot *s;
    while ((s = claim(r)) != NULL) {
        tl_error why = {0};
        int rc = r->plan->work(r->plan->ctx, w->worker, &s->batch, &why);
        if (rc)
            fail_worker(r, rc, &why);
        else
            set_stage(r, s, DONE);
    }
    return NULL;
}

/* Waits until slot `s` can be written or holds the end of the input; false if a
 * worker failed or the run is cancelled.  A signal wakes nobody, so look again now
 * and then. */
static bool await_result(run *r, const slot *s)
{
    pthread_mutex_lock(&r->lock);
    r->awaited = s;
    while (!r->stop && !tl_cancelled(r->plan->cancel) && s->stage != DONE &&
           !(s->stage == FILLED && s->last)) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 100 * 1000 * 1000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&r->finished, &r->lock, &until);
    }
    bool go = !r->stop;
    pthread_mutex_unlock(&r->lock);
    return go;
}

/* The caller's thread: writes batches in order until the last. */
static int writer(run *r, tl_error *err)
{
    for (uint64_t n = 0;; n++) {
        slot *s = &r->slots[n % r->n_slots];
        if (!await_result(r, s))
            return TL_OK; /* run_threads reports the worker's failure */
        if (tl_cancelled(r->plan->cancel))
            return tl_fail(err, TL_INTERRUPTED, "interrupted");
        if (s->last) {
            if (r->end)
                *err = r->end_error;
            return r->end;
        }
        int rc = r->plan->write(r->plan->ctx, &s->batch, err);
        if (rc)
            return rc;
        set_stage(r, s, FREE);
    }
}

/* Starts the threads, writes, and waits for the threads to end. */
static int run_threads(run *r, pthread_t *ids, worker_arg *args, tl_error *err)
{
    int started = 0, rc = TL_OK;
    while (started < r->plan->workers + 1) {
        args[started] = (worker_arg){r, started - 1};
        void *(*body)(void *) = started == 0 ? reader : worker;
        void *arg = started == 0 ? (void *)r : &args[started];
        if (pthread_create(&ids[started], NULL, body, arg) != 0)
            break;
        started++;
    }
    if (started < 2) /* a reader and one worker are enough */
        rc = tl_fail(err, TL_NO_MEMORY, "cannot start a thread");
    else
        rc = writer(r, err);
    stop_all(r);
    for (int i = 0; i < started; i++)
        pthread_join(ids[i], NULL);
    if (rc == TL_OK && r->failed) {
        *err = r->failure;
        rc = r->failed;
    }
    return rc;
}

int tl_pipeline_run(const tl_pipeline *p, tl_error *err)
{
    run r = {.plan = p, .n_slots = 2 * (size_t)p->workers + 2};
    pthread_t *ids = calloc((size_t)p->workers + 1, sizeof *ids);
    worker_arg *args = calloc((size_t)p->workers + 1, sizeof *args);
    r.slots = calloc(r.n_slots, sizeof *r.slots);
    bool ready = ids && args && r.slots;
    pthread_mutex_init(&r.lock, NULL);
    pthread_cond_init(&r.freed, NULL);
    pthread_cond_init(&r.filled, NULL);
    pthread_cond_init(&r.finished, NULL);
    int rc = ready ? run_threads(&r, ids, args, err) : tl_fail_memory(err, "the pipeline");
    pthread_cond_destroy(&r.finished);
    pthread_cond_destroy(&r.filled);
    pthread_cond_destroy(&r.freed);
    pthread_mutex_destroy(&r.lock);

    for (size_t i = 0; r.slots && i < r.n_slots; i++)
        tl_batch_free(&r.slots[i].batch);
    free(r.slots);
    free(args);
    free(ids);
    return rc;
}
