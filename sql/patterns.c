#include "sql/patterns.h"

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/buf.h"

typedef enum statement {
    DELETE_MINING,
    ADD_MINING,
    ADD_PATTERN,
    ADD_TRACE,
    ADD_HOLDER,
    ADD_RECURRENT,
    ADD_QUESTION,
    LARGEST_TRACE,
    TRACES,
    STATEMENTS
} statement;

static const char *const sql_texts[STATEMENTS] = {
    [DELETE_MINING] = "DELETE FROM mining WHERE library_id = ?1 AND profile = ?2 AND support_kind = ?3 "
                      "AND key = ?4 AND (min_support = ?5 OR ?6 AND traces_seen = -1 "
                      "OR NOT ?6 AND traces_seen BETWEEN 0 AND (SELECT max(trace_id) FROM trace) - 1)",
    [ADD_MINING] = "INSERT INTO mining (library_id, profile, support_kind, key, min_support, sequences, "
                   "traces_seen, min_length, max_length) VALUES (?1, ?2, ?3, ?4, ?5, ?7, "
                   "iif(?6, -1, (SELECT coalesce(max(trace_id), 0) FROM trace)), ?8, ?9)",
    [ADD_PATTERN] = "INSERT INTO pattern (mining_id, pattern_id, support, length, frames) "
                    "VALUES (?1, ?2, ?3, ?4, ?5)",
    [ADD_TRACE] = "INSERT INTO pattern_trace (pattern_key, trace_id) VALUES (?1, ?2)",
    [ADD_HOLDER] = "INSERT INTO pattern_holder (pattern_key, question_key) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    [ADD_RECURRENT] = "INSERT INTO recurrent_trace (mining_id, trace_id, question_key) VALUES (?1, ?2, ?3)",
    [ADD_QUESTION] = "INSERT INTO pattern_question (pattern_key, site_id, id) VALUES (?1, ?2, ?3) "
                     "ON CONFLICT DO NOTHING",
    [LARGEST_TRACE] = "SELECT coalesce(max(trace_id), 0) FROM trace",
    [TRACES] = "SELECT trace_id, question_key FROM trace",
};

/* What is known of a trace while patterns are written. */
typedef struct trace_note {
    int64_t question;  /* 0: there is no such trace */
    int64_t recurrent; /* the mining for which the trace is in recurrent_trace */
} trace_note;

struct tl_pattern_writer {
    tl_store *store;
    sqlite3_stmt *stmt[STATEMENTS];
    trace_note *traces; /* by trace_id; read when first needed */
    int64_t n_traces;
    int64_t mining_id, pattern_key; /* of the result and the pattern written last */
    tl_buf identity; /* what the pattern ids of this result have in common */
    tl_buf frames;
};

int tl_pattern_writer_new(tl_pattern_writer **out, tl_store *s, tl_error *err)
{
    *out = NULL;
    tl_pattern_writer *w = calloc(1, sizeof *w);
    if (!w)
        return tl_fail_memory(err, "writing patterns");
    w->store = s;
    for (int i = 0; i < STATEMENTS; i++) {
        int rc = tl_store_prepare(s, sql_texts[i], &w->stmt[i], err);
        if (rc) {
            tl_pattern_writer_free(w);
            return rc;
        }
    }
    *out = w;
    return TL_OK;
}

void tl_pattern_writer_free(tl_pattern_writer *w)
{
    if (!w)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(w->stmt[i]);
    tl_buf_free(&w->identity);
    tl_buf_free(&w->frames);
    free(w->traces);
    free(w);
}

static int run(tl_pattern_writer *w, statement which, tl_error *err)
{
    int rc = sqlite3_step(w->stmt[which]);
    sqlite3_reset(w->stmt[which]);
    return rc == SQLITE_DONE ? TL_OK : tl_store_fail(w->store, rc, "writing patterns", err);
}

static void bind_mining(sqlite3_stmt *stmt, const tl_mining *m)
{
    sqlite3_bind_int64(stmt, 1, m->library_id);
    tl_bind_str(stmt, 2, tl_str_from(tl_profile_names[m->profile]));
    tl_bind_str(stmt, 3, tl_str_from(tl_support_names[m->support]));
    tl_bind_str(stmt, 4, tl_str_from(tl_key_names[m->key]));
    sqlite3_bind_int64(stmt, 5, m->min_support);
    sqlite3_bind_int(stmt, 6, m->imported);
}

int tl_pattern_writer_begin(tl_pattern_writer *w, const tl_mining *m, tl_error *err)
{
    bind_mining(w->stmt[DELETE_MINING], m);
    int rc = run(w, DELETE_MINING, err);
    if (rc)
        return rc;
    bind_mining(w->stmt[ADD_MINING], m);
    sqlite3_bind_int64(w->stmt[ADD_MINING], 7, m->sequences);
    sqlite3_bind_int64(w->stmt[ADD_MINING], 8, m->min_length);
    sqlite3_bind_int64(w->stmt[ADD_MINING], 9, m->max_length);
    rc = run(w, ADD_MINING, err);
    w->mining_id = sqlite3_last_insert_rowid(tl_store_db(w->store));
    return rc ? rc : tl_pattern_identity(&w->identity, m->library, m->profile, m->support, err);
}

int tl_pattern_identity(tl_buf *identity, const char *library, tl_profile profile, tl_support_kind support,
                        tl_error *err)
{
    const char *const parts[] = {library, tl_profile_names[profile], tl_support_names[support]};
    tl_buf_clear(identity);
    for (int i = 0; i < 3; i++)
        tl_buf_add(identity, parts[i], strlen(parts[i]) + 1);
    return tl_buf_check(identity, "a pattern's id", err);
}

int tl_pattern_id(tl_buf *identity, tl_str frames, char id[17], tl_error *err)
{
    size_t common = identity->len;
    tl_buf_add_str(identity, frames);
    int rc = tl_buf_check(identity, "a pattern's id", err);
    if (rc)
        return rc;
    snprintf(id, 17, "%016llx", (unsigned long long)XXH3_64bits(identity->data, identity->len));
    identity->len = common;
    identity->data[common] = '\0';
    return TL_OK;
}

static bool is_known(const tl_pattern_writer *w, int64_t trace_id)
{
    return trace_id >= 0 && trace_id < w->n_traces;
}

static int read_traces(tl_pattern_writer *w, tl_error *err)
{
    sqlite3_stmt *stmt = w->stmt[LARGEST_TRACE];
    int step = sqlite3_step(stmt);
    w->n_traces = step == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) + 1 : 0;
    sqlite3_reset(stmt);
    if (step != SQLITE_ROW)
        return tl_store_fail(w->store, step, "reading the traces", err);
    w->traces = calloc((size_t)w->n_traces, sizeof *w->traces);
    if (!w->traces)
        return tl_fail_memory(err, "writing patterns");
    stmt = w->stmt[TRACES];
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
        if (is_known(w, sqlite3_column_int64(stmt, 0)))
            w->traces[sqlite3_column_int64(stmt, 0)].question = sqlite3_column_int64(stmt, 1);
    sqlite3_reset(stmt);
    return step == SQLITE_DONE ? TL_OK : tl_store_fail(w->store, step, "reading the traces", err);
}

static int write_holder(tl_pattern_writer *w, int64_t question, tl_error *err)
{
    sqlite3_bind_int64(w->stmt[ADD_HOLDER], 1, w->pattern_key);
    sqlite3_bind_int64(w->stmt[ADD_HOLDER], 2, question);
    return run(w, ADD_HOLDER, err);
}

static int write_recurrent(tl_pattern_writer *w, int64_t trace_id, int64_t question, tl_error *err)
{
    sqlite3_stmt *stmt = w->stmt[ADD_RECURRENT];
    sqlite3_bind_int64(stmt, 1, w->mining_id);
    sqlite3_bind_int64(stmt, 2, trace_id);
    sqlite3_bind_int64(stmt, 3, question);
    return run(w, ADD_RECURRENT, err);
}

/* Writes what the tables ask of a pattern with support >= 2. */
static int write_recurring(tl_pattern_writer *w, const int64_t *trace_ids, size_t n_traces, tl_error *err)
{
    int64_t last = 0; /* traces of a question are neighbours */
    int rc = w->traces ? TL_OK : read_traces(w, err);
    for (size_t i = 0; rc == TL_OK && i < n_traces; i++) {
        if (!is_known(w, trace_ids[i]))
            continue;
        trace_note *t = &w->traces[trace_ids[i]];
        if (t->question != last)
            rc = write_holder(w, last = t->question, err);
        if (rc == TL_OK && t->recurrent != w->mining_id) {
            t->recurrent = w->mining_id;
            rc = write_recurrent(w, trace_ids[i], t->question, err);
        }
    }
    return rc;
}

static int write_traces(tl_pattern_writer *w, const int64_t *trace_ids, size_t n_traces, tl_error *err)
{
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < n_traces; i++) {
        sqlite3_bind_int64(w->stmt[ADD_TRACE], 1, w->pattern_key);
        sqlite3_bind_int64(w->stmt[ADD_TRACE], 2, trace_ids[i]);
        rc = run(w, ADD_TRACE, err);
    }
    return rc;
}

int tl_pattern_writer_add(tl_pattern_writer *w, const tl_str *frames, size_t n_frames, int64_t support,
                          const int64_t *trace_ids, size_t n_traces, tl_error *err)
{
    char id[17];
    tl_buf_clear(&w->frames);
    for (size_t i = 0; i < n_frames; i++) {
        if (i > 0)
            tl_buf_add_cstr(&w->frames, " > ");
        tl_buf_add_str(&w->frames, frames[i]);
    }
    int rc = tl_buf_check(&w->frames, "a pattern", err);
    if (rc == TL_OK)
        rc = tl_pattern_id(&w->identity, tl_buf_str(&w->frames), id, err);
    if (rc)
        return rc;
    sqlite3_stmt *stmt = w->stmt[ADD_PATTERN];
    sqlite3_bind_int64(stmt, 1, w->mining_id);
    tl_bind_str(stmt, 2, (tl_str){id, 16});
    sqlite3_bind_int64(stmt, 3, support);
    sqlite3_bind_int64(stmt, 4, (int64_t)n_frames);
    tl_bind_str(stmt, 5, tl_buf_str(&w->frames));
    rc = run(w, ADD_PATTERN, err);
    w->pattern_key = sqlite3_last_insert_rowid(tl_store_db(w->store));
    if (rc == TL_OK)
        rc = write_traces(w, trace_ids, n_traces, err);
    return rc == TL_OK && support >= 2 && n_traces > 0 ? write_recurring(w, trace_ids, n_traces, err) : rc;
}

int tl_pattern_writer_question(tl_pattern_writer *w, int64_t site_id, const tl_post_id *id, tl_error *err)
{
    sqlite3_stmt *stmt = w->stmt[ADD_QUESTION];
    sqlite3_bind_int64(stmt, 1, w->pattern_key);
    sqlite3_bind_int64(stmt, 2, site_id);
    if (id->text.data)
        tl_bind_str(stmt, 3, id->text);
    else
        sqlite3_bind_int64(stmt, 3, id->number);
    return run(w, ADD_QUESTION, err);
}

int tl_store_each_library(tl_store *s, int (*each)(void *ctx, int64_t library_id, const char *key),
                          void *ctx, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s, "SELECT library_id, key FROM library ORDER BY library_id", &stmt, err);
    if (rc)
        return rc;
    int step = SQLITE_DONE, stop = 0;
    while (stop == 0 && (step = sqlite3_step(stmt)) == SQLITE_ROW)
        stop = each(ctx, sqlite3_column_int64(stmt, 0), (const char *)sqlite3_column_text(stmt, 1));
    if (stop == 0 && step != SQLITE_DONE)
        stop = tl_store_fail(s, step, "reading the libraries", err);
    sqlite3_finalize(stmt);
    return stop;
}

int tl_store_check_mined(tl_store *s, tl_key key, tl_error *err)
{
    static const char sql[] =
        "SELECT l.key FROM (SELECT DISTINCT library_id, profile FROM trace "
        "                   JOIN question_library USING (question_key)) held "
        "JOIN library l USING (library_id) "
        "WHERE NOT EXISTS (SELECT 1 FROM mining m WHERE m.library_id = held.library_id "
        "                  AND m.profile = held.profile AND m.support_kind = 'sequences' "
        "                  AND m.key = ?1 AND m.traces_seen = (SELECT max(trace_id) FROM trace)) "
        "OR EXISTS (SELECT 1 FROM mining m WHERE m.library_id = held.library_id "
        "           AND m.profile = held.profile AND m.key = ?1 AND m.traces_seen >= 0 GROUP BY m.support_kind "
        "           HAVING min(m.traces_seen) < (SELECT max(trace_id) FROM trace) OR min(m.min_support) > 2) "
        "ORDER BY library_id LIMIT 1";
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s, sql, &stmt, err);
    if (rc)
        return rc;
    tl_bind_str(stmt, 1, tl_str_from(tl_key_names[key]));
    int step = sqlite3_step(stmt);
    if (step == SQLITE_ROW)
        rc = tl_fail(err, TL_USAGE,
                     "the traces of %s were not mined, or only for a support above 2, or more came since; "
                     "run 'tracelode mine -d' on this store first",
                     (const char *)sqlite3_column_text(stmt, 0));
    else if (step != SQLITE_DONE)
        rc = tl_store_fail(s, step, "reading the mining results", err);
    sqlite3_finalize(stmt);
    return rc;
}

static int prepare_for_kind(tl_store *s, const char *sql, tl_profile profile, tl_support_kind support, tl_key key,
                            sqlite3_stmt **stmt, tl_error *err)
{
    int rc = tl_store_prepare(s, sql, stmt, err);
    if (rc)
        return rc;
    tl_bind_str(*stmt, 1, tl_str_from(tl_profile_names[profile]));
    tl_bind_str(*stmt, 2, tl_str_from(tl_support_names[support]));
    tl_bind_str(*stmt, 3, tl_str_from(tl_key_names[key]));
    return TL_OK;
}

int tl_store_mining_is_old(tl_store *s, tl_profile profile, tl_support_kind support, tl_key key, tl_error *err)
{
    static const char sql[] = "SELECT 1 FROM mining WHERE profile = ?1 AND support_kind = ?2 AND key = ?3 "
                              "AND traces_seen BETWEEN 0 AND (SELECT max(trace_id) FROM trace) - 1 LIMIT 1";
    sqlite3_stmt *stmt;
    int rc = prepare_for_kind(s, sql, profile, support, key, &stmt, err);
    if (rc)
        return rc;
    int step = sqlite3_step(stmt);
    if (step == SQLITE_ROW)
        rc = 1;
    else if (step != SQLITE_DONE)
        rc = tl_store_fail(s, step, "reading the mining results", err);
    sqlite3_finalize(stmt);
    return rc;
}

int tl_store_mined_lengths(tl_store *s, tl_profile profile, tl_support_kind support, tl_key key, int64_t *shortest,
                           int64_t *longest, tl_error *err)
{
    static const char sql[] = "SELECT max(min_length), min(nullif(max_length, 0)) FROM mining "
                              "WHERE profile = ?1 AND support_kind = ?2 AND key = ?3 AND traces_seen >= 0";
    sqlite3_stmt *stmt;
    int rc = prepare_for_kind(s, sql, profile, support, key, &stmt, err);
    if (rc)
        return rc;
    int step = sqlite3_step(stmt);
    if (step == SQLITE_ROW) {
        *shortest = sqlite3_column_int64(stmt, 0);
        *longest = sqlite3_column_int64(stmt, 1);
    } else
        rc = tl_store_fail(s, step, "reading the mining results", err);
    sqlite3_finalize(stmt);
    return rc;
}
