#include "sql/search.h"

#include <stdlib.h>

typedef enum statement {
    STATE,
    SYMBOL,
    WORD,
    BY_SYMBOL,
    BY_TEMPLATE,
    BY_QUESTION,
    BY_TEXT,
    TRACE,
    FRAMES,
    QUESTION,
    IN_LIBRARY,
    LIBRARIES,
    PATTERN,
    STATEMENTS
} statement;

static const char *const sql_texts[STATEMENTS] = {
    [STATE] = "SELECT traces, (SELECT coalesce(max(trace_id), 0) FROM trace) > traces_seen FROM search_state",
    [SYMBOL] = "SELECT y.symbol_id, coalesce(s.traces, 0) FROM symbol y LEFT JOIN search_symbol s USING (symbol_id) "
               "WHERE y.file = ?1 AND y.function = ?2",
    [WORD] = "SELECT doc FROM search_word WHERE term = ?1",
    [BY_SYMBOL] = "SELECT trace_id, 0 FROM search_frame WHERE symbol_id = ?1 LIMIT ?2",
    [BY_TEMPLATE] = "SELECT trace_id, exception IS ?3 FROM trace WHERE template = ?1 AND profile = 'full' "
                    "AND template IS NOT NULL ORDER BY trace_id LIMIT ?2",
    [BY_QUESTION] = "SELECT trace_id, 0 FROM trace WHERE question_key = ?1 AND profile = 'full' LIMIT ?2",
    [BY_TEXT] = "SELECT rowid, -bm25(search_text) FROM search_text WHERE search_text MATCH ?1 "
                "ORDER BY bm25(search_text), rowid LIMIT ?2",
    [TRACE] = "SELECT question_key, accepted IS NOT NULL, exception, template FROM trace "
              "JOIN question USING (question_key) WHERE trace_id = ?1",
    [FRAMES] = "SELECT f.symbol_id, coalesce(s.traces, 1) FROM frame f LEFT JOIN search_symbol s USING (symbol_id) "
               "WHERE f.trace_id = ?1 AND f.own_code IS NOT 1 ORDER BY f.depth DESC LIMIT ?2",
    [QUESTION] = "SELECT s.name, CAST(q.id AS TEXT), coalesce(q.title, ''), q.score, q.views, q.answers, q.accepted "
                 "FROM question q JOIN site s USING (site_id) WHERE q.question_key = ?1",
    [IN_LIBRARY] = "SELECT 1 FROM question_library JOIN library USING (library_id) "
                   "WHERE question_key = ?1 AND key = ?2",
    [LIBRARIES] = "SELECT DISTINCT l.key FROM mining m JOIN library l USING (library_id) WHERE m.profile = 'full' "
                  "AND m.support_kind = 'sequences' AND m.key = 'stem' ORDER BY l.library_id",
    [PATTERN] = "SELECT p.support, p.questions, p.unanswered, p.category, p.type, p.confidence "
                "FROM pattern p JOIN mining m USING (mining_id) WHERE p.pattern_id = ?1 AND p.support >= 2 "
                "AND m.profile = 'full' AND m.support_kind = 'sequences' AND m.key = 'stem' "
                "ORDER BY m.min_support LIMIT 1",
};

struct tl_search {
    tl_store *store;
    sqlite3_stmt *stmt[STATEMENTS];
    int64_t traces;
    bool stale;
    bool began; /* a transaction, which ends with the search */
};

/* Runs a statement up to its first row: 1, 0 if there is none, or a failure.  The
 * caller resets it. */
static int first_row(tl_search *s, statement which, tl_error *err)
{
    int rc = sqlite3_step(s->stmt[which]);
    if (rc == SQLITE_ROW)
        return 1;
    return rc == SQLITE_DONE ? 0 : tl_store_fail(s->store, rc, "searching the store", err);
}

static int read_state(tl_search *s, tl_error *err)
{
    sqlite3_stmt *stmt = s->stmt[STATE];
    int rc = first_row(s, STATE, err);
    if (rc > 0) {
        s->traces = sqlite3_column_int64(stmt, 0);
        s->stale = sqlite3_column_int(stmt, 1);
    }
    sqlite3_reset(stmt);
    if (rc == 0)
        return tl_fail(err, TL_USAGE, "the store was not mined yet; first run 'tracelode mine -d STUDY.db'");
    return rc < 0 ? rc : TL_OK;
}

int tl_search_open(tl_search **out, tl_store *store, tl_error *err)
{
    *out = NULL;
    tl_search *s = calloc(1, sizeof *s);
    if (!s)
        return tl_fail_memory(err, "searching the store");
    s->store = store;
    /* One transaction: the file is locked once, not for each of thousands of statements. */
    s->began = sqlite3_get_autocommit(tl_store_db(store));
    int rc = s->began ? tl_store_exec(store, "BEGIN", err) : TL_OK;
    for (int i = 0; rc == TL_OK && i < STATEMENTS; i++)
        rc = tl_store_prepare(store, sql_texts[i], &s->stmt[i], err);
    if (rc == TL_OK)
        rc = read_state(s, err);
    if (rc)
        tl_search_close(s);
    else
        *out = s;
    return rc;
}

void tl_search_close(tl_search *s)
{
    if (!s)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(s->stmt[i]);
    if (s->began)
        tl_store_rollback(s->store);
    free(s);
}

int64_t tl_search_traces(const tl_search *s)
{
    return s->traces;
}

bool tl_search_stale(const tl_search *s)
{
    return s->stale;
}

int tl_search_symbol(tl_search *s, tl_str file, tl_str function, int64_t *id, int64_t *traces, tl_error *err)
{
    sqlite3_stmt *stmt = s->stmt[SYMBOL];
    tl_bind_str(stmt, 1, file.data ? file : TL_STR(""));
    tl_bind_str(stmt, 2, function.data ? function : TL_STR(""));
    int rc = first_row(s, SYMBOL, err);
    if (rc > 0) {
        *id = sqlite3_column_int64(stmt, 0);
        *traces = sqlite3_column_int64(stmt, 1);
    }
    sqlite3_reset(stmt);
    return rc;
}

int tl_search_word(tl_search *s, tl_str word, int64_t *questions, tl_error *err)
{
    sqlite3_stmt *stmt = s->stmt[WORD];
    tl_bind_str(stmt, 1, word);
    int rc = first_row(s, WORD, err);
    *questions = rc > 0 ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_reset(stmt);
    return rc < 0 ? rc : TL_OK;
}

/* Hands over (integer, real) rows of a statement whose parameters are bound. */
static int take_rows(tl_search *s, statement which, tl_search_fn *take, void *ctx, tl_error *err)
{
    sqlite3_stmt *stmt = s->stmt[which];
    int step = SQLITE_DONE, stop = 0;
    while (stop == 0 && (step = sqlite3_step(stmt)) == SQLITE_ROW)
        stop = take(ctx, sqlite3_column_int64(stmt, 0), sqlite3_column_double(stmt, 1), err);
    if (stop == 0 && step != SQLITE_DONE)
        stop = tl_store_fail(s->store, step, "searching the store", err);
    sqlite3_reset(stmt);
    return stop;
}

int tl_search_by_symbol(tl_search *s, int64_t symbol, int64_t limit, tl_search_fn *take, void *ctx, tl_error *err)
{
    sqlite3_bind_int64(s->stmt[BY_SYMBOL], 1, symbol);
    sqlite3_bind_int64(s->stmt[BY_SYMBOL], 2, limit);
    return take_rows(s, BY_SYMBOL, take, ctx, err);
}

int tl_search_by_template(tl_search *s, tl_str template, tl_str exception, int64_t limit, tl_search_fn *take,
                          void *ctx, tl_error *err)
{
    tl_bind_str(s->stmt[BY_TEMPLATE], 1, template);
    sqlite3_bind_int64(s->stmt[BY_TEMPLATE], 2, limit);
    tl_bind_str(s->stmt[BY_TEMPLATE], 3, exception);
    return take_rows(s, BY_TEMPLATE, take, ctx, err);
}

int tl_search_by_question(tl_search *s, int64_t question, int64_t limit, tl_search_fn *take, void *ctx, tl_error *err)
{
    sqlite3_bind_int64(s->stmt[BY_QUESTION], 1, question);
    sqlite3_bind_int64(s->stmt[BY_QUESTION], 2, limit);
    return take_rows(s, BY_QUESTION, take, ctx, err);
}

int tl_search_by_text(tl_search *s, tl_str expression, int64_t limit, tl_search_fn *take, void *ctx, tl_error *err)
{
    tl_bind_str(s->stmt[BY_TEXT], 1, expression);
    sqlite3_bind_int64(s->stmt[BY_TEXT], 2, limit);
    return take_rows(s, BY_TEXT, take, ctx, err);
}

/* A copy of a column's text; data NULL if it is NULL.  False when out of memory. */
static bool copy_text(sqlite3_stmt *stmt, int column, tl_arena *arena, tl_str *out)
{
    *out = (tl_str){0};
    if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
        return true;
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    if (text)
        *out = tl_arena_copy(arena, (tl_str){text, (size_t)sqlite3_column_bytes(stmt, column)});
    return out->data != NULL;
}

static int64_t int_or_unknown(sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt, column) == SQLITE_NULL ? TL_UNKNOWN : sqlite3_column_int64(stmt, column);
}

static int read_frames(tl_search *s, int64_t trace, tl_arena *arena, tl_found_trace *out, tl_error *err)
{
    sqlite3_stmt *stmt = s->stmt[FRAMES];
    out->n_frames = 0;
    out->frames = tl_arena_calloc(arena, TL_SEARCH_FRAMES, sizeof *out->frames);
    if (!out->frames)
        return tl_fail_memory(err, "a trace");
    sqlite3_bind_int64(stmt, 1, trace);
    sqlite3_bind_int64(stmt, 2, TL_SEARCH_FRAMES);
    int rc;
    while ((rc = first_row(s, FRAMES, err)) > 0 && out->n_frames < TL_SEARCH_FRAMES)
        out->frames[out->n_frames++] =
            (tl_found_frame){sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};
    sqlite3_reset(stmt);
    return rc < 0 ? rc : TL_OK;
}

int tl_search_trace(tl_search *s, int64_t trace, tl_arena *arena, tl_found_trace *out, tl_error *err)
{
    sqlite3_stmt *stmt = s->stmt[TRACE];
    *out = (tl_found_trace){0};
    sqlite3_bind_int64(stmt, 1, trace);
    int rc = first_row(s, TRACE, err);
    if (rc > 0) {
        out->question = sqlite3_column_int64(stmt, 0);
        out->accepted = sqlite3_column_int(stmt, 1);
        if (!copy_text(stmt, 2, arena, &out->exception) || !copy_text(stmt, 3, arena, &out->template))
            rc = tl_fail_memory(err, "a trace");
    }
    sqlite3_reset(stmt);
    if (rc == 0)
        return tl_fail(err, TL_BAD_INPUT, "the search index does not fit the store; run 'tracelode mine' again");
    return rc < 0 ? rc : read_frames(s, trace, arena, out, err);
}

int tl_search_question(tl_search *s, int64_t question, tl_arena *arena, tl_found_question *out, tl_error *err)
{
    sqlite3_stmt *stmt = s->stmt[QUESTION];
    *out = (tl_found_question){0};
    sqlite3_bind_int64(stmt, 1, question);
    int rc = first_row(s, QUESTION, err);
    if (rc > 0) {
        if (!copy_text(stmt, 0, arena, &out->site) || !copy_text(stmt, 1, arena, &out->id) ||
            !copy_text(stmt, 2, arena, &out->title))
            rc = tl_fail_memory(err, "a question");
        out->score = int_or_unknown(stmt, 3);
        out->views = int_or_unknown(stmt, 4);
        out->answers = int_or_unknown(stmt, 5);
        out->accepted = int_or_unknown(stmt, 6);
    }
    sqlite3_reset(stmt);
    if (rc == 0)
        return tl_fail(err, TL_BAD_INPUT, "the search index does not fit the store; run 'tracelode mine' again");
    return rc < 0 ? rc : TL_OK;
}

int tl_search_in_library(tl_search *s, int64_t question, const char *library, tl_error *err)
{
    sqlite3_bind_int64(s->stmt[IN_LIBRARY], 1, question);
    tl_bind_str(s->stmt[IN_LIBRARY], 2, tl_str_from(library));
    int rc = first_row(s, IN_LIBRARY, err);
    sqlite3_reset(s->stmt[IN_LIBRARY]);
    return rc;
}

int tl_search_libraries(tl_search *s, int (*each)(void *ctx, const char *key), void *ctx, tl_error *err)
{
    int rc, stop = 0;
    while ((rc = first_row(s, LIBRARIES, err)) > 0 && stop == 0)
        stop = each(ctx, (const char *)sqlite3_column_text(s->stmt[LIBRARIES], 0));
    sqlite3_reset(s->stmt[LIBRARIES]);
    return rc < 0 ? rc : stop;
}

int tl_search_pattern(tl_search *s, const char *id, tl_arena *arena, tl_found_pattern *out, tl_error *err)
{
    sqlite3_stmt *stmt = s->stmt[PATTERN];
    tl_bind_str(stmt, 1, tl_str_from(id));
    int rc = first_row(s, PATTERN, err);
    if (rc > 0) {
        *out = (tl_found_pattern){.support = sqlite3_column_int64(stmt, 0),
                                  .questions = int_or_unknown(stmt, 1),
                                  .unanswered = int_or_unknown(stmt, 2),
                                  .confidence = sqlite3_column_double(stmt, 5)};
        if (!copy_text(stmt, 3, arena, &out->category) || !copy_text(stmt, 4, arena, &out->type))
            rc = tl_fail_memory(err, "a pattern");
    }
    sqlite3_reset(stmt);
    return rc;
}
