#include "reports/loading.h"

#include "base/threads.h"
#include "reports/explorer.h"

enum { MOST_WORKERS = 4, MOST_TASKS = 32 };

extern const char tl_summary_sql[];

typedef struct loading {
    const tl_report_options *options;
    tl_grid *tables, *summary;
    tl_buf *explorer;
    size_t n_tables; /* the tasks after them are the summary and the explorer */
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

static int load_task(loading *l, size_t task, tl_store *s, tl_error *err)
{
    const tl_profile first = l->options->profile;
    if (task == l->n_tables + 1)
        return tl_explorer_write(s, l->options, l->explorer, err);
    int rc = load_profile(l, task, s, first, err);
    return rc ? rc : load_profile(l, task, s, first == TL_PAPER ? TL_FULL : TL_PAPER, err);
}

static void load_tasks(void *ctx, size_t begin, size_t end, int worker)
{
    loading *l = ctx;
    for (size_t i = begin; i < end; i++)
        l->status[i] = load_task(l, i, l->stores[worker], &l->errors[i]);
}

/* Whether every connection opened now sees what `store` sees: it has the right to write,
 * or it is a reader in rollback mode, whose lock lets nobody commit.  In WAL mode another
 * process may be writing. */
static bool is_steady(tl_store *store)
{
    bool wal = true;
    sqlite3_stmt *stmt;
    if (!sqlite3_db_readonly(tl_store_db(store), "main"))
        return true;
    if (tl_store_prepare(store, "PRAGMA journal_mode", &stmt, NULL) != TL_OK)
        return false;
    if (sqlite3_step(stmt) == SQLITE_ROW)
        wal = sqlite3_stricmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;
    sqlite3_finalize(stmt);
    return !wal;
}

/* Opens the store again for all workers but the first; returns how many there are. */
static int open_workers(loading *l, tl_store *store)
{
    const char *path = sqlite3_db_filename(tl_store_db(store), "main");
    int wanted = tl_cpu_count() < MOST_WORKERS ? tl_cpu_count() : MOST_WORKERS;
    if (!is_steady(store))
        wanted = 1;
    int n = 1;
    l->stores[0] = store;
    while (path && *path && n < wanted && tl_store_open(&l->stores[n], path, TL_STORE_READ, NULL) == TL_OK)
        n++;
    return n;
}

int tl_report_load(tl_store *store, const tl_report_options *o, tl_grid *tables, tl_grid *summary,
                   tl_buf *explorer, tl_error *err)
{
    loading l = {.options = o, .tables = tables, .summary = summary, .explorer = explorer};
    while (tl_tables[l.n_tables].name)
        l.n_tables++;
    int workers = open_workers(&l, store);
    tl_parallel_for(l.n_tables + 2, 1, workers, load_tasks, &l);
    for (int i = 1; i < workers; i++)
        tl_store_close(l.stores[i]);
    for (size_t i = 0; i < l.n_tables + 2; i++)
        if (l.status[i]) {
            if (err)
                *err = l.errors[i];
            return l.status[i];
        }
    return TL_OK;
}
