/* guard.h: somebody else's SQL on a store.
 *
 * A guarded store runs single SELECTs only: no writing, no ATTACH, PRAGMA or
 * load_extension, and not for ever.
 */
#ifndef TL_SQL_GUARD_H
#define TL_SQL_GUARD_H

#include "base/cancel.h"
#include "sql/store.h"

typedef struct tl_guard {
    double seconds;          /* a statement may run, wall clock */
    int64_t megabytes;       /* of memory that the process may use */
    const tl_cancel *cancel; /* may be NULL */
    /* private */
    double deadline;
    const char *stopped; /* why the last statement was stopped, or NULL */
} tl_guard;

/* Puts `store` (opened with TL_STORE_READ) under guard; *g must outlive it. */
void tl_guard_store(tl_store *store, tl_guard *g);

/* Prepares `sql`, which must be one statement that returns rows, and starts its
 * clock.  TL_USAGE with SQLite's reason if it is not. */
int tl_guard_prepare(tl_store *store, tl_guard *g, const char *sql, sqlite3_stmt **out, tl_error *err)
    TL_MUST_CHECK;

/* Turns a failure while stepping into one that says what the guard stopped; other
 * failures stay as they are. */
int tl_guard_explain(const tl_guard *g, int status, tl_error *err);

#endif
