#include "sql/guard.h"

#include <ctype.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { STEPS_BETWEEN_LOOKS = 10000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int authorize(void *ctx, int action, const char *a, const char *b, const char *c, const char *d)
{
    (void)ctx, (void)c, (void)d;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION: /* fts3_tokenizer tells and takes addresses */
        return sqlite3_stricmp(b, "load_extension") == 0 || sqlite3_stricmp(b, "fts3_tokenizer") == 0 ? SQLITE_DENY
                                                                                                      : SQLITE_OK;
    /* What SQLite and FTS5 ask for when a virtual table is opened; the store is read-only anyway. */
    case SQLITE_UPDATE:
        return strcmp(a, "sqlite_master") == 0 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_PRAGMA:
        return strcmp(a, "data_version") == 0 ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

/* Called by SQLite now and then; nonzero stops the statement. */
static int look(void *ctx)
{
    tl_guard *g = ctx;
    struct rusage u;
    if (tl_cancelled(g->cancel))
        return 1;
    if (now() > g->deadline)
        g->stopped = "it ran longer than the time limit (see --timeout)";
    else if (getrusage(RUSAGE_SELF, &u) == 0 && u.ru_maxrss / 1024 > g->megabytes)
        g->stopped = "it needs more memory than a query may use; ask for fewer rows";
    return g->stopped != NULL;
}

void tl_guard_store(tl_store *store, tl_guard *g)
{
    sqlite3 *db = tl_store_db(store);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 100 * 1000 * 1000);
    sqlite3_set_authorizer(db, authorize, NULL);
    sqlite3_progress_handler(db, STEPS_BETWEEN_LOOKS, look, g);
    g->stopped = NULL;
    g->deadline = now() + g->seconds;
}

static bool only_space(const char *text)
{
    while (isspace((unsigned char)*text) || *text == ';')
        text++;
    return *text == '\0';
}

int tl_guard_prepare(tl_store *store, tl_guard *g, const char *sql, sqlite3_stmt **out, tl_error *err)
{
    sqlite3 *db = tl_store_db(store);
    const char *rest;
    *out = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, out, &rest);
    if ((rc & 0xff) == SQLITE_AUTH)
        return tl_fail(err, TL_USAGE, "only SELECT is allowed here (%s)", sqlite3_errmsg(db));
    if ((rc & 0xff) == SQLITE_ERROR)
        return tl_fail(err, TL_USAGE, "%s", sqlite3_errmsg(db));
    if (rc != SQLITE_OK)
        return tl_store_fail(store, rc, "preparing the statement", err);
    if (!*out)
        return tl_fail(err, TL_USAGE, "there is no statement; expected a SELECT");
    const char *problem = NULL;
    if (!only_space(rest)) {
        sqlite3_stmt *second = NULL; /* a comment may follow, another statement may not */
        if (sqlite3_prepare_v2(db, rest, -1, &second, NULL) != SQLITE_OK || second)
            problem = "one statement at a time, please";
        sqlite3_finalize(second);
    }
    if (!problem && sqlite3_column_count(*out) == 0)
        problem = "the statement returns no rows; expected a SELECT";
    if (problem) {
        sqlite3_finalize(*out);
        *out = NULL;
        return tl_fail(err, TL_USAGE, "%s", problem);
    }
    g->stopped = NULL;
    g->deadline = now() + g->seconds;
    return TL_OK;
}

int tl_guard_explain(const tl_guard *g, int status, tl_error *err)
{
    if (status == TL_INTERRUPTED && g->stopped)
        return tl_fail(err, TL_USAGE, "the statement was stopped: %s", g->stopped);
    if (status == TL_INTERRUPTED)
        return tl_fail(err, TL_INTERRUPTED, "interrupted");
    if (status == TL_NO_MEMORY)
        return tl_fail(err, TL_NO_MEMORY, "the statement needs more memory than there is for it; ask for fewer rows");
    return status;
}
