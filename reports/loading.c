#include "reports/loading.h"

#include "base/threads.h"

enum { MOST_WORKERS = 4, MOST_TASKS = 32 };

extern const char tl_summary_sql[];

typedef struct loading {
    const tl_report_options *options;
    tl_grid *tables, *summary;
    size_t n_tables; /* the task after them is the summary */
    tl_store *stores[MOST_WORKERS];
    int status[MOST_TASKS];
    tl_error errors[MOST_TASKS];
} loading;

static int load_profile(loading *l, size_t task, tl_store *s, tl_profile profile, tl_error *err)
{
    const tl_report_options *o = l->options;
    if (tl_cancelled(o->cancel))
        return tl_fail(err, TL_INTERRUPTED, "interrupted");
    if (task < l->n_tables)
        return tl_table_load(&l->tables[task], &tl_tables[task], s, profile, o->key, err);
    return tl_table_query(l->summary, tl_summary_sql, s, profile, o->support, o->key, err);
}

static void load_tasks(void *ctx, size_t begin, size_t end, int worker)
{
    loading *l = ctx;
    const tl_profile first = l->options->profile;
    for (size_t i = begin; i < end; i++) {
        tl_store *s = l->stores[worker];
        l->status[i] = load_profile(l, i, s, first, &l->errors[i]);
        if (l->status[i] == TL_OK)
            l->status[i] = load_profile(l, i, s, first == TL_PAPER ? TL_FULL : TL_PAPER, &l->errors[i]);
    }
}

/* Opens the store again for all workers but the first; returns how many there are. */
static int open_workers(loading *l, tl_store *store)
{
    const char *path = sqlite3_db_filename(tl_store_db(store), "main");
    int wanted = tl_cpu_count() < MOST_WORKERS ? tl_cpu_count() : MOST_WORKERS;
    int n = 1;
    l->stores[0] = store;
    while (path && *path && n < wanted && tl_store_open(&l->stores[n], path, TL_STORE_READ, NULL) == TL_OK)
        n++;
    return n;
}

int tl_report_load(tl_store *store, const tl_report_options *o, tl_grid *tables, tl_grid *summary,
                   tl_error *err)
{
    loading l = {.options = o, .tables = tables, .summary = summary};
    while (tl_tables[l.n_tables].name)
        l.n_tables++;
    int workers = open_workers(&l, store);
    tl_parallel_for(l.n_tables + 1, 1, workers, load_tasks, &l);
    for (int i = 1; i < workers; i++)
        tl_store_close(l.stores[i]);
    for (size_t i = 0; i <= l.n_tables; i++)
        if (l.status[i]) {
            if (err)
                *err = l.errors[i];
            return l.status[i];
        }
    return TL_OK;
}
