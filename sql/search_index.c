#include "sql/search_index.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/model.h"

/* Bytes of each message that are indexed: beyond them stand dumps of values. */
#define MESSAGE_BYTES "500"

static const char index_sql[] =
    "DELETE FROM search_frame;"
    "DELETE FROM search_symbol;"
    "DELETE FROM search_state;"
    "INSERT INTO search_text (search_text) VALUES ('delete-all');"
    "INSERT INTO search_frame (symbol_id, trace_id)"
    " SELECT DISTINCT f.symbol_id, f.trace_id FROM frame f JOIN trace t USING (trace_id)"
    " WHERE t.profile = 'full' AND f.own_code IS NOT 1 ORDER BY 1, 2;"
    "INSERT INTO search_symbol (symbol_id, traces)"
    " SELECT symbol_id, count(*) FROM search_frame GROUP BY symbol_id;"
    "INSERT INTO search_state (traces, traces_seen)"
    " SELECT count(*), (SELECT coalesce(max(trace_id), 0) FROM trace) FROM trace WHERE profile = 'full';"
    "INSERT INTO search_text (rowid, title, message)"
    " SELECT q.question_key, q.title, (SELECT group_concat(substr(t.message, 1, " MESSAGE_BYTES "), ' ')"
    "   FROM trace t WHERE t.question_key = q.question_key AND t.profile = 'full') FROM question q;"
    "INSERT INTO search_text (search_text) VALUES ('optimize');"
    "DELETE FROM pattern_example;";

typedef enum statement { TRACES, LARGEST, LARGEST_PATTERN, SHARED, PATTERNS, HOLDERS, WRITE, EXAMPLE, STATEMENTS } statement;

static const char *const sql_texts[STATEMENTS] = {
    [TRACES] = ("SELECT t.trace_id, q.question_key, q.views, q.answers FROM trace t "
                "JOIN question q USING (question_key)"),
    [LARGEST] = "SELECT coalesce(max(trace_id), 0) FROM trace",
    [LARGEST_PATTERN] = "SELECT coalesce(max(pattern_key), 0) FROM pattern",
    [SHARED] = "SELECT count(DISTINCT iif(l.key = 'all', NULL, m.library_id)), group_concat(p.pattern_key) "
               "FROM pattern p JOIN mining m USING (mining_id) JOIN library l USING (library_id) "
               "WHERE p.support >= 2 GROUP BY p.frames, m.profile, m.support_kind, m.key",
    [PATTERNS] =
        "SELECT pattern_key FROM pattern WHERE support >= 2 AND pattern_key > ?1 ORDER BY pattern_key LIMIT 1000",
    [HOLDERS] = "SELECT trace_id FROM pattern_trace WHERE pattern_key = ?1 ORDER BY trace_id",
    /* No trace holds an imported pattern, but it may say in which questions it was found. */
    [WRITE] = "UPDATE pattern SET libraries = ?2, unanswered = ?4, views = ?5, questions = coalesce(?3, "
              "(SELECT nullif(count(*), 0) FROM pattern_question i WHERE i.pattern_key = ?1)) WHERE pattern_key = ?1",
    [EXAMPLE] = "INSERT INTO pattern_example (pattern_key, place, question_key) VALUES (?1, ?2, ?3)",
};

/* What a trace's question has; kept in memory, since each is looked at for every
 * pattern that the trace holds. */
typedef struct holder {
    int64_t question, views, answers; /* question 0: there is no such trace */
} holder;

typedef struct indexing {
    tl_store *store;
    sqlite3_stmt *stmt[STATEMENTS];
    holder *holders; /* by trace_id */
    int64_t n_holders;
    uint32_t *libraries; /* by pattern_key: how many have it; 0: only the group `all` */
    int64_t n_libraries;
    const holder **held; /* scratch: one of each question of a pattern */
    size_t cap;
    tl_error *err;
} indexing;

static int failed(indexing *x, int rc)
{
    return tl_store_fail(x->store, rc, "making the search index", x->err);
}

static int64_t int_or_unknown(sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt, column) == SQLITE_NULL ? TL_UNKNOWN : sqlite3_column_int64(stmt, column);
}

/* One more than the largest id. */
static int read_room(indexing *x, statement which, int64_t *room)
{
    int step = sqlite3_step(x->stmt[which]);
    *room = sqlite3_column_int64(x->stmt[which], 0) + 1;
    sqlite3_reset(x->stmt[which]);
    return step == SQLITE_ROW ? TL_OK : failed(x, step);
}

static int read_holders(indexing *x)
{
    sqlite3_stmt *t = x->stmt[TRACES];
    int step, rc = read_room(x, LARGEST, &x->n_holders);
    if (rc)
        return rc;
    x->holders = calloc((size_t)x->n_holders, sizeof *x->holders);
    if (!x->holders)
        return tl_fail_memory(x->err, "the search index");
    while ((step = sqlite3_step(t)) == SQLITE_ROW) {
        int64_t trace = sqlite3_column_int64(t, 0);
        if (trace >= 0 && trace < x->n_holders)
            x->holders[trace] = (holder){sqlite3_column_int64(t, 1), int_or_unknown(t, 2), int_or_unknown(t, 3)};
    }
    sqlite3_reset(t);
    return step == SQLITE_DONE ? TL_OK : failed(x, step);
}

/* Counts the libraries of each pattern; the keys of the same frames come as "7,12,90". */
static int read_libraries(indexing *x)
{
    sqlite3_stmt *t = x->stmt[SHARED];
    int step, rc = read_room(x, LARGEST_PATTERN, &x->n_libraries);
    if (rc)
        return rc;
    x->libraries = calloc((size_t)x->n_libraries, sizeof *x->libraries);
    if (!x->libraries)
        return tl_fail_memory(x->err, "the search index");
    while ((step = sqlite3_step(t)) == SQLITE_ROW) {
        uint32_t libraries = (uint32_t)sqlite3_column_int64(t, 0);
        const char *keys = (const char *)sqlite3_column_text(t, 1);
        while (keys && *keys) {
            char *end;
            long long key = strtoll(keys, &end, 10);
            if (key >= 0 && key < x->n_libraries)
                x->libraries[key] = libraries;
            keys = end + (*end == ',');
        }
    }
    sqlite3_reset(t);
    return step == SQLITE_DONE ? TL_OK : failed(x, step);
}

/* The questions that hold a pattern: each once, but for a log that was read in parts. */
static int read_held(indexing *x, int64_t pattern, size_t *n)
{
    sqlite3_stmt *h = x->stmt[HOLDERS];
    int step, rc = TL_OK;
    *n = 0;
    sqlite3_bind_int64(h, 1, pattern);
    while (rc == TL_OK && (step = sqlite3_step(h)) == SQLITE_ROW) {
        int64_t trace = sqlite3_column_int64(h, 0);
        const holder *of = trace >= 0 && trace < x->n_holders ? &x->holders[trace] : NULL;
        if (!of || !of->question || (*n && x->held[*n - 1]->question == of->question))
            continue;
        const holder **grown = tl_array_room(x->held, *n, &x->cap, sizeof *grown);
        if (!grown) {
            rc = tl_fail_memory(x->err, "the search index");
            break;
        }
        x->held = grown;
        x->held[(*n)++] = of;
    }
    if (rc == TL_OK && step != SQLITE_DONE)
        rc = failed(x, step);
    sqlite3_reset(h);
    return rc;
}

/* The most viewed first; unknown views (the least number) last. */
static int by_views(const void *a, const void *b)
{
    const holder *x = *(const holder *const *)a, *y = *(const holder *const *)b;
    if (x->views != y->views)
        return x->views > y->views ? -1 : 1;
    return x->question < y->question ? -1 : x->question > y->question;
}

/* Drops what `held`, sorted, has twice; returns how many stay. */
static size_t drop_repeated(indexing *x, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || x->held[i]->question != x->held[kept - 1]->question)
            x->held[kept++] = x->held[i];
    return kept;
}

static int run(indexing *x, statement which)
{
    int rc = sqlite3_step(x->stmt[which]);
    sqlite3_reset(x->stmt[which]);
    return rc == SQLITE_DONE ? TL_OK : failed(x, rc);
}

static int write_summary(indexing *x, int64_t pattern, size_t n)
{
    sqlite3_stmt *w = x->stmt[WRITE];
    size_t answers_known = 0, views_known = 0;
    int64_t unanswered = 0;
    for (size_t i = 0; i < n; i++) {
        answers_known += x->held[i]->answers != TL_UNKNOWN;
        unanswered += x->held[i]->answers == 0;
        views_known += x->held[i]->views != TL_UNKNOWN;
    }
    sqlite3_bind_int64(w, 1, pattern);
    tl_bind_int(w, 2, x->libraries[pattern] ? (int64_t)x->libraries[pattern] : TL_UNKNOWN);
    tl_bind_int(w, 3, n ? (int64_t)n : TL_UNKNOWN);
    tl_bind_int(w, 4, answers_known ? unanswered : TL_UNKNOWN);
    if (views_known)
        sqlite3_bind_double(w, 5, ((double)x->held[(views_known - 1) / 2]->views +
                                   (double)x->held[views_known / 2]->views) / 2);
    else
        sqlite3_bind_null(w, 5);
    return run(x, WRITE);
}

static int summarise(indexing *x, int64_t pattern)
{
    size_t n;
    int rc = read_held(x, pattern, &n);
    if (rc)
        return rc;
    if (n > 1)
        qsort(x->held, n, sizeof(const holder *), by_views);
    n = drop_repeated(x, n);
    rc = write_summary(x, pattern, n);
    for (size_t i = 0; rc == TL_OK && i < TL_PATTERN_EXAMPLES && i < n; i++) {
        sqlite3_bind_int64(x->stmt[EXAMPLE], 1, pattern);
        sqlite3_bind_int64(x->stmt[EXAMPLE], 2, (int64_t)i);
        sqlite3_bind_int64(x->stmt[EXAMPLE], 3, x->held[i]->question);
        rc = run(x, EXAMPLE);
    }
    return rc;
}

/* The keys of the next patterns behind `last`, since the table changes meanwhile. */
static int next_keys(indexing *x, int64_t last, int64_t keys[1000], int *n)
{
    int step;
    *n = 0;
    sqlite3_bind_int64(x->stmt[PATTERNS], 1, last);
    while ((step = sqlite3_step(x->stmt[PATTERNS])) == SQLITE_ROW)
        keys[(*n)++] = sqlite3_column_int64(x->stmt[PATTERNS], 0);
    sqlite3_reset(x->stmt[PATTERNS]);
    return step == SQLITE_DONE ? TL_OK : failed(x, step);
}

static int summarise_all(indexing *x, const tl_cancel *cancel)
{
    int64_t keys[1000], last = 0;
    int n = 1, rc = TL_OK;
    while (rc == TL_OK && n > 0) {
        rc = next_keys(x, last, keys, &n);
        for (int i = 0; rc == TL_OK && i < n; i++)
            rc = summarise(x, last = keys[i]);
        if (rc == TL_OK && tl_cancelled(cancel))
            rc = tl_fail(x->err, TL_INTERRUPTED, "interrupted; the store is as it was before");
    }
    return rc;
}

/* Written row by row they would cost more than the tables they stand for. */
static const char *const in_bulk[] = {"pattern_recurrent", "pattern_trace_by_trace"};
enum { IN_BULK = sizeof in_bulk / sizeof *in_bulk };

int tl_search_index_drop(tl_store *s, tl_error *err)
{
    int rc = TL_OK;
    for (int i = 0; rc == TL_OK && i < IN_BULK; i++) {
        char sql[80];
        snprintf(sql, sizeof sql, "DROP INDEX IF EXISTS %s", in_bulk[i]);
        rc = tl_store_exec(s, sql, err);
    }
    return rc;
}

/* Makes an index of the schema's. */
static int make_index(tl_store *s, const char *name, tl_error *err)
{
    char head[80];
    snprintf(head, sizeof head, "CREATE INDEX %s ON", name);
    const char *begin = strstr(tl_schema_sql, head);
    const char *end = begin ? strchr(begin, ';') : NULL;
    char *sql = end ? strndup(begin, (size_t)(end - begin)) : NULL;
    if (!sql)
        return tl_fail_memory(err, "the search index");
    int rc = tl_store_exec(s, sql, err);
    free(sql);
    return rc;
}

int tl_search_index(tl_store *s, const tl_cancel *cancel, tl_error *err)
{
    indexing x = {.store = s, .err = err};
    int rc = tl_search_index_drop(s, err);
    if (rc == TL_OK)
        rc = tl_store_exec(s, index_sql, err);
    for (int i = 0; rc == TL_OK && i < STATEMENTS; i++)
        rc = tl_store_prepare(s, sql_texts[i], &x.stmt[i], err);
    if (rc == TL_OK)
        rc = read_holders(&x);
    if (rc == TL_OK)
        rc = read_libraries(&x);
    if (rc == TL_OK)
        rc = summarise_all(&x, cancel);
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(x.stmt[i]);
    free(x.holders);
    free(x.libraries);
    free(x.held);
    for (int i = 0; rc == TL_OK && i < IN_BULK; i++)
        rc = make_index(s, in_bulk[i], err);
    return rc;
}
