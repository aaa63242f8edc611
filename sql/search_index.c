#include "sql/search_index.h"

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
    " SELECT count(*), coalesce(max(trace_id), 0) FROM trace WHERE profile = 'full';"
    "INSERT INTO search_text (rowid, title, message)"
    " SELECT q.question_key, q.title, (SELECT group_concat(substr(t.message, 1, " MESSAGE_BYTES "), ' ')"
    "   FROM trace t WHERE t.question_key = q.question_key AND t.profile = 'full') FROM question q;"
    "INSERT INTO search_text (search_text) VALUES ('optimize');"
    "DELETE FROM pattern_example;"
    "WITH shared AS MATERIALIZED ("
    "  SELECT m.profile, m.support_kind, m.key, p.frames, count(DISTINCT m.library_id) AS n"
    "  FROM pattern p JOIN mining m USING (mining_id) JOIN library l USING (library_id)"
    "  WHERE p.support >= 2 AND l.key <> 'all' GROUP BY 1, 2, 3, 4)"
    " UPDATE pattern SET libraries = s.n"
    " FROM mining m, shared s"
    " WHERE m.mining_id = pattern.mining_id AND s.profile = m.profile"
    "   AND s.support_kind = m.support_kind AND s.key = m.key AND s.frames = pattern.frames"
    "   AND pattern.support >= 2;";

typedef enum statement { PATTERNS, QUESTIONS, WRITE, EXAMPLE, STATEMENTS } statement;

static const char *const sql_texts[STATEMENTS] = {
    [PATTERNS] = "SELECT pattern_key FROM pattern WHERE support >= 2 AND pattern_key > ?1 "
                 "ORDER BY pattern_key LIMIT 1000",
    [QUESTIONS] = "SELECT DISTINCT q.question_key, q.views, q.answers FROM pattern_trace "
                  "JOIN trace USING (trace_id) JOIN question q USING (question_key) "
                  "WHERE pattern_key = ?1 ORDER BY q.views DESC NULLS LAST, q.question_key",
    [WRITE] = "UPDATE pattern SET questions = ?2, unanswered = ?3, views = ?4 WHERE pattern_key = ?1",
    [EXAMPLE] = "INSERT INTO pattern_example (pattern_key, place, question_key) VALUES (?1, ?2, ?3)",
};

typedef struct indexing {
    tl_store *store;
    sqlite3_stmt *stmt[STATEMENTS];
    double *views; /* scratch */
    size_t cap;
    tl_error *err;
} indexing;

/* What the questions of one pattern have in common. */
typedef struct summary {
    int64_t questions, unanswered, answers_known;
    size_t views_known;
    int64_t examples[TL_PATTERN_EXAMPLES];
} summary;

static int add_question(indexing *x, summary *m)
{
    sqlite3_stmt *q = x->stmt[QUESTIONS];
    if (m->questions < TL_PATTERN_EXAMPLES)
        m->examples[m->questions] = sqlite3_column_int64(q, 0);
    m->questions++;
    if (sqlite3_column_type(q, 2) != SQLITE_NULL) {
        m->answers_known++;
        m->unanswered += sqlite3_column_int64(q, 2) == 0;
    }
    if (sqlite3_column_type(q, 1) == SQLITE_NULL)
        return TL_OK;
    double *grown = tl_array_room(x->views, m->views_known, &x->cap, sizeof *grown);
    if (!grown)
        return tl_fail_memory(x->err, "the search index");
    x->views = grown;
    x->views[m->views_known++] = sqlite3_column_double(q, 1);
    return TL_OK;
}

static int run(indexing *x, statement which)
{
    int rc = sqlite3_step(x->stmt[which]);
    sqlite3_reset(x->stmt[which]);
    return rc == SQLITE_DONE ? TL_OK : tl_store_fail(x->store, rc, "writing the search index", x->err);
}

/* The median of views that are in order. */
static double median_of(const double *v, size_t n)
{
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static int write_summary(indexing *x, int64_t key, const summary *m)
{
    sqlite3_stmt *w = x->stmt[WRITE];
    sqlite3_bind_int64(w, 1, key);
    sqlite3_bind_int64(w, 2, m->questions);
    tl_bind_int(w, 3, m->answers_known ? m->unanswered : TL_UNKNOWN);
    if (m->views_known)
        sqlite3_bind_double(w, 4, median_of(x->views, m->views_known));
    else
        sqlite3_bind_null(w, 4);
    int rc = run(x, WRITE);
    for (int i = 0; rc == TL_OK && i < TL_PATTERN_EXAMPLES && i < m->questions; i++) {
        sqlite3_bind_int64(x->stmt[EXAMPLE], 1, key);
        sqlite3_bind_int64(x->stmt[EXAMPLE], 2, i);
        sqlite3_bind_int64(x->stmt[EXAMPLE], 3, m->examples[i]);
        rc = run(x, EXAMPLE);
    }
    return rc;
}

static int summarise(indexing *x, int64_t key)
{
    summary m = {0};
    sqlite3_stmt *q = x->stmt[QUESTIONS];
    int step = SQLITE_DONE, rc = TL_OK;
    sqlite3_bind_int64(q, 1, key);
    while (rc == TL_OK && (step = sqlite3_step(q)) == SQLITE_ROW)
        rc = add_question(x, &m);
    if (rc == TL_OK && step != SQLITE_DONE)
        rc = tl_store_fail(x->store, step, "reading the questions of a pattern", x->err);
    sqlite3_reset(q);
    return rc ? rc : write_summary(x, key, &m);
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
    return step == SQLITE_DONE ? TL_OK : tl_store_fail(x->store, step, "reading patterns", x->err);
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

int tl_search_index(tl_store *s, const tl_cancel *cancel, tl_error *err)
{
    indexing x = {.store = s, .err = err};
    int rc = tl_store_exec(s, index_sql, err);
    for (int i = 0; rc == TL_OK && i < STATEMENTS; i++)
        rc = tl_store_prepare(s, sql_texts[i], &x.stmt[i], err);
    if (rc == TL_OK)
        rc = summarise_all(&x, cancel);
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(x.stmt[i]);
    free(x.views);
    return rc;
}
