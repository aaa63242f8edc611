#include "extract/pipeline.h"

#include <pthread.h>
#include <stdlib.h>

typedef enum stage { FREE, WORKING, DONE } stage;

typedef struct slot {
    tl_batch batch;
    stage stage;
} slot;

/* All but `plan` and `slots` belongs to whom has the lock. */
typedef struct run {
    const tl_pipeline *plan;
    slot *slots;
    size_t n_slots;
    pthread_mutex_t lock;
    pthread_cond_t helper; /* something may be due for a helper, ... */
    pthread_cond_t caller; /* ... for the caller's thread */
    uint64_t to_read, to_write; /* numbers of the next batches */
    bool reading;               /* by some thread */
    bool ended;                 /* the input did: batches before `to_read` are all */
    bool stop;                  /* leave everything */
    int end;                    /* how the reading ended */
    tl_error end_error;
    int failed; /* the first failure of a worker or of the writing */
    tl_error failure;
} run;

typedef struct helper_arg {
    run *run;
    int worker;
} helper_arg;

static slot *slot_of(const run *r, uint64_t batch)
{
    return &r->slots[batch % r->n_slots];
}

/* One helper is enough: only one thread can read, and it calls the next. */
static void call(run *r)
{
    pthread_cond_signal(&r->helper);
    pthread_cond_signal(&r->caller);
}

static void call_all(run *r)
{
    pthread_cond_broadcast(&r->helper);
    pthread_cond_signal(&r->caller);
}

static void stop_for(run *r, int rc, const tl_error *why)
{
    if (!r->failed) {
        r->failed = rc;
        r->failure = *why;
    }
    r->stop = true;
    call_all(r);
}

/* ---- steps: called, and left, with the lock held ------------------------- */

static bool can_read(const run *r)
{
    return !r->reading && !r->ended && slot_of(r, r->to_read)->stage == FREE;
}

/* Fills the next batch; NULL if there is none any more. */
static slot *read_batch(run *r)
{
    tl_error why = {0};
    slot *s = slot_of(r, r->to_read);
    r->reading = true;
    pthread_mutex_unlock(&r->lock);
    tl_batch_reset(&s->batch);
    int rc = r->plan->fill(r->plan->ctx, &s->batch, &why);
    pthread_mutex_lock(&r->lock);
    r->reading = false;
    if (rc != 1) {
        r->ended = true;
        r->end = rc;
        r->end_error = why;
        call_all(r);
        return NULL;
    }
    s->stage = WORKING;
    r->to_read++;
    call(r);
    return s;
}

static void read_and_work(run *r, int worker)
{
    tl_error why = {0};
    slot *s = read_batch(r);
    if (!s)
        return;
    pthread_mutex_unlock(&r->lock);
    int rc = r->plan->work(r->plan->ctx, worker, &s->batch, &why);
    pthread_mutex_lock(&r->lock);
    s->stage = DONE;
    if (rc)
        stop_for(r, rc, &why);
    pthread_cond_signal(&r->caller);
}

static void write_batch(run *r)
{
    tl_error why = {0};
    slot *s = slot_of(r, r->to_write);
    pthread_mutex_unlock(&r->lock);
    int rc = r->plan->write(r->plan->ctx, &s->batch, &why);
    pthread_mutex_lock(&r->lock);
    s->stage = FREE;
    r->to_write++;
    if (rc)
        stop_for(r, rc, &why);
    pthread_cond_signal(&r->helper);
}

/* ---- threads -------------------------------------------------------------- */

static void *help(void *arg)
{
    const helper_arg *h = arg;
    run *r = h->run;
    pthread_mutex_lock(&r->lock);
    while (!r->stop && !r->ended) {
        if (can_read(r))
            read_and_work(r, h->worker);
        else
            pthread_cond_wait(&r->helper, &r->lock);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

/* The caller's thread, until all is written or everything stops.  Writing comes first: it
 * frees batches for the helpers. */
static void lead(run *r)
{
    pthread_mutex_lock(&r->lock);
    while (!r->stop) {
        if (tl_cancelled(r->plan->cancel))
            stop_for(r, TL_INTERRUPTED, &(tl_error){TL_INTERRUPTED, "interrupted"});
        else if (r->ended && r->to_write == r->to_read)
            r->stop = true;
        else if (slot_of(r, r->to_write)->stage == DONE)
            write_batch(r);
        else if (can_read(r))
            read_and_work(r, 0);
        else
            pthread_cond_wait(&r->caller, &r->lock);
    }
    call_all(r);
    pthread_mutex_unlock(&r->lock);
}

static void run_threads(run *r, pthread_t *ids, helper_arg *args)
{
    int n = 1;
    for (; n < r->plan->workers; n++) {
        args[n] = (helper_arg){r, n};
        if (pthread_create(&ids[n], NULL, help, &args[n]) != 0)
            break;
    }
    lead(r);
    while (--n > 0)
        pthread_join(ids[n], NULL);
}

int tl_pipeline_run(const tl_pipeline *p, tl_error *err)
{
    run r = {.plan = p, .n_slots = 2 * (size_t)p->workers + 2};
    pthread_t *ids = calloc((size_t)p->workers, sizeof *ids);
    helper_arg *args = calloc((size_t)p->workers, sizeof *args);
    r.slots = calloc(r.n_slots, sizeof *r.slots);
    bool ready = ids && args && r.slots;
    pthread_mutex_init(&r.lock, NULL);
    pthread_cond_init(&r.helper, NULL);
    pthread_cond_init(&r.caller, NULL);
    if (ready)
        run_threads(&r, ids, args);
    pthread_cond_destroy(&r.caller);
    pthread_cond_destroy(&r.helper);
    pthread_mutex_destroy(&r.lock);

    for (size_t i = 0; r.slots && i < r.n_slots; i++)
        tl_batch_free(&r.slots[i].batch);
    free(r.slots);
    free(args);
    free(ids);
    if (!ready)
        return tl_fail_memory(err, "the pipeline");
    int rc = r.failed ? r.failed : r.end;
    if (rc && err)
        *err = r.failed ? r.failure : r.end_error;
    return rc;
}
