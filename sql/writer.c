#include "sql/writer.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"

/* Names that were looked up once are remembered, up to this many. */
enum { MAX_REMEMBERED = 200 * 1000 };

typedef enum statement {
    LIBRARY_ADD,
    LIBRARY_FIND,
    QUESTION,
    QUESTION_LIBRARY,
    READING,
    ANSWER,
    PENDING,
    ADOPT,
    ADOPTED,
    COUNT_PENDING,
    FIND_QUESTION,
    COMMENT,
    REVISION,
    REVISION_PART,
    TAG,
    QUARANTINE,
    BARS_1,
    BARS_32,
    TRACE,
    FRAME,
    ERROR_LINE,
    SYMBOL_FIND,
    SYMBOL_ADD,
    PATH_FIND,
    PATH_ADD,
    QUESTIONS,
    STATEMENTS
} statement;

#define BAR "(?1, ?2, ?, ?)"
#define BARS_4 BAR ", " BAR ", " BAR ", " BAR
#define BARS_8 BARS_4 ", " BARS_4
#define ADD_BARS(bars)                                               \
    "INSERT INTO histogram (input_id, measure, value, n) VALUES " bars \
    " ON CONFLICT DO UPDATE SET n = n + excluded.n"

static const char *const sql_texts[STATEMENTS] = {
    [LIBRARY_ADD] = "INSERT INTO library (key, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    [LIBRARY_FIND] = "SELECT library_id FROM library WHERE key = ?1",
    [QUESTION] = "INSERT INTO question (site_id, id, input_id, title, created, score, views, comments, "
                 "answers, accepted) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
                 "ON CONFLICT DO NOTHING",
    [QUESTION_LIBRARY] = "INSERT INTO question_library (library_id, question_key) VALUES (?1, ?2)",
    [READING] = "INSERT INTO reading (question_key, profile, has_code, has_trace, os, words, "
                "code_lines) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET "
                "has_code = ?3, has_trace = ?4, os = ?5, words = ?6, code_lines = ?7",
    [ANSWER] = "INSERT INTO answer (question_key, id, input_id, created, score) "
               "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    [PENDING] = "INSERT INTO pending_answer (site_id, parent, id, input_id, created, score) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    [ADOPT] = "INSERT INTO answer (question_key, id, input_id, created, score) "
              "SELECT ?3, id, input_id, created, score FROM pending_answer "
              "WHERE site_id = ?1 AND parent = ?2 ON CONFLICT DO NOTHING",
    [ADOPTED] = "DELETE FROM pending_answer WHERE site_id = ?1 AND parent = ?2",
    [COUNT_PENDING] = "SELECT count(*) FROM pending_answer WHERE input_id = ?1",
    [FIND_QUESTION] = "SELECT question_key FROM question WHERE site_id = ?1 AND id = ?2 AND input_id = ?3",
    [COMMENT] = "INSERT INTO comment (question_key, id, input_id, created, score) "
                "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    [REVISION] = "INSERT INTO revision (question_key, id, input_id, created, has_code, has_trace, kind) "
                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
    [REVISION_PART] = "UPDATE revision SET has_code = has_code OR ?3, has_trace = has_trace OR ?4 "
                      "WHERE question_key = ?1 AND id = ?2",
    [TAG] = "INSERT INTO tag (site_id, input_id, count, name) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    [QUARANTINE] = "INSERT INTO quarantine (input_id, offset, reason) VALUES (?1, ?2, ?3) "
                   "ON CONFLICT DO NOTHING",
    [BARS_1] = ADD_BARS(BAR),
    [BARS_32] = ADD_BARS(BARS_8 ", " BARS_8 ", " BARS_8 ", " BARS_8),
    [TRACE] = "INSERT INTO trace (question_key, profile, position, frames, exception, message, "
              "template, link, linked_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [FRAME] = "INSERT INTO frame (trace_id, depth, symbol_id, path_id, line, package, own_code) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [ERROR_LINE] = "INSERT INTO error_line (question_key, profile, position, exception, message, template) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SYMBOL_FIND] = "SELECT symbol_id FROM symbol WHERE file = ?1 AND function = ?2",
    [SYMBOL_ADD] = "INSERT INTO symbol (file, function) VALUES (?1, ?2)",
    [PATH_FIND] = "SELECT path_id FROM path WHERE text = ?1",
    [PATH_ADD] = "INSERT INTO path (text) VALUES (?1)",
    [QUESTIONS] = "SELECT id, question_key FROM question WHERE site_id = ?1 AND typeof(id) = 'integer'",
};

struct tl_writer {
    tl_store *store;
    sqlite3_stmt *stmt[STATEMENTS];
    tl_map symbols, paths; /* names to ids */
    tl_buf key;
};

int tl_writer_new(tl_writer **out, tl_store *s, tl_error *err)
{
    *out = NULL;
    tl_writer *w = calloc(1, sizeof *w);
    if (!w)
        return tl_fail_memory(err, "the store's writer");
    w->store = s;
    for (int i = 0; i < STATEMENTS; i++) {
        int rc = tl_store_prepare(s, sql_texts[i], &w->stmt[i], err);
        if (rc) {
            tl_writer_free(w);
            return rc;
        }
    }
    *out = w;
    return TL_OK;
}

void tl_writer_free(tl_writer *w)
{
    if (!w)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(w->stmt[i]);
    tl_map_free(&w->symbols);
    tl_map_free(&w->paths);
    tl_buf_free(&w->key);
    free(w);
}

/* Runs a statement whose parameters are bound; *row (if given) gets the integer in
 * its first column, if there is a row.  Returns 1 with a row, 0 without. */
static int run(tl_writer *w, statement which, int64_t *row, tl_error *err)
{
    sqlite3_stmt *stmt = w->stmt[which];
    int rc = sqlite3_step(stmt);
    bool has_row = rc == SQLITE_ROW;
    if (has_row && row)
        *row = sqlite3_column_int64(stmt, 0);
    int status = rc == SQLITE_ROW || rc == SQLITE_DONE
                     ? TL_OK
                     : tl_store_fail(w->store, rc, "writing to the store", err);
    sqlite3_reset(stmt);
    return status ? status : has_row;
}

/* run() for statements that only write. */
static int write_row(tl_writer *w, statement which, tl_error *err)
{
    return run(w, which, NULL, err);
}

static bool changed(const tl_writer *w)
{
    return sqlite3_changes(tl_store_db(w->store)) > 0;
}

static int64_t last_id(const tl_writer *w)
{
    return sqlite3_last_insert_rowid(tl_store_db(w->store));
}

static void bind_ints(sqlite3_stmt *stmt, int first, const int64_t *values, int n)
{
    for (int i = 0; i < n; i++)
        tl_bind_int(stmt, first + i, values[i]);
}

int tl_writer_library(tl_writer *w, const char *key, const char *name, int64_t *library_id, tl_error *err)
{
    tl_bind_str(w->stmt[LIBRARY_ADD], 1, tl_str_from(key));
    tl_bind_str(w->stmt[LIBRARY_ADD], 2, tl_str_from(name));
    int rc = write_row(w, LIBRARY_ADD, err);
    if (rc)
        return rc;
    tl_bind_str(w->stmt[LIBRARY_FIND], 1, tl_str_from(key));
    rc = run(w, LIBRARY_FIND, library_id, err);
    return rc < 0 ? rc : TL_OK;
}

/* The id of a name of one or two texts, from memory or the table. */
static int find_name(tl_writer *w, tl_map *map, statement find, statement add, const tl_str *texts,
                     int n_texts, int64_t *id, tl_error *err)
{
    tl_buf_clear(&w->key);
    for (int i = 0; i < n_texts; i++) {
        tl_buf_add_str(&w->key, texts[i]);
        tl_buf_add_char(&w->key, '\0');
    }
    int rc = tl_buf_check(&w->key, "a name", err);
    if (rc)
        return rc;
    if (map->count >= MAX_REMEMBERED)
        tl_map_clear(map);
    int64_t *known = tl_map_put(map, tl_buf_str(&w->key), -1);
    if (!known)
        return tl_fail_memory(err, "names of frames");
    if (*known < 0) {
        for (int i = 0; i < n_texts; i++)
            tl_bind_str(w->stmt[find], i + 1, texts[i]);
        rc = run(w, find, known, err);
        if (rc == 0) {
            for (int i = 0; i < n_texts; i++)
                tl_bind_str(w->stmt[add], i + 1, texts[i]);
            rc = write_row(w, add, err);
            if (rc == TL_OK)
                *known = last_id(w);
        }
        if (rc < 0)
            return rc;
    }
    *id = *known;
    return TL_OK;
}

static int write_frame(tl_writer *w, int64_t trace_id, size_t depth, const tl_frame *f, tl_error *err)
{
    int64_t symbol, path = TL_UNKNOWN;
    /* An empty text and an absent one are the same name. */
    tl_str names[2] = {f->file, f->function};
    for (int i = 0; i < 2; i++)
        if (!names[i].data)
            names[i] = TL_STR("");
    int rc = find_name(w, &w->symbols, SYMBOL_FIND, SYMBOL_ADD, names, 2, &symbol, err);
    if (rc == TL_OK && f->path.data)
        rc = find_name(w, &w->paths, PATH_FIND, PATH_ADD, &f->path, 1, &path, err);
    if (rc)
        return rc;
    sqlite3_stmt *stmt = w->stmt[FRAME];
    bind_ints(stmt, 1, (int64_t[]){trace_id, (int64_t)depth, symbol, path, f->line}, 5);
    tl_bind_str(stmt, 6, f->package);
    tl_bind_int(stmt, 7, f->path.data ? f->own_code : TL_UNKNOWN);
    return write_row(w, FRAME, err);
}

int tl_writer_trace(tl_writer *w, int64_t key, tl_profile profile, size_t position, const tl_trace *t,
                    tl_error *err)
{
    static const char *const links[] = {[TL_LINK_NONE] = NULL,
                                        [TL_LINK_CONTEXT] = "context",
                                        [TL_LINK_CAUSE] = "cause",
                                        [TL_LINK_GROUP] = "group"};
    sqlite3_stmt *stmt = w->stmt[TRACE];
    sqlite3_bind_int64(stmt, 1, key);
    tl_bind_str(stmt, 2, tl_str_from(tl_profile_names[profile]));
    bind_ints(stmt, 3, (int64_t[]){(int64_t)position, (int64_t)t->n_frames}, 2);
    tl_bind_str(stmt, 5, t->exception);
    tl_bind_str(stmt, 6, t->message);
    tl_bind_str(stmt, 7, t->template);
    tl_bind_str(stmt, 8, tl_str_from(links[t->link]));
    tl_bind_int(stmt, 9, t->link == TL_LINK_NONE ? TL_UNKNOWN : (int64_t)t->linked_to);
    int rc = write_row(w, TRACE, err);
    int64_t trace_id = last_id(w);
    for (size_t i = 0; rc == TL_OK && i < t->n_frames; i++)
        rc = write_frame(w, trace_id, i, &t->frames[i], err);
    return rc;
}

int tl_writer_reading(tl_writer *w, int64_t key, tl_profile profile, const tl_reading *r, tl_error *err)
{
    static const char *const systems[] = {
        [TL_OS_UNKNOWN] = NULL, [TL_OS_UNIX] = "unix", [TL_OS_WINDOWS] = "windows"};
    sqlite3_stmt *stmt = w->stmt[READING];
    sqlite3_bind_int64(stmt, 1, key);
    tl_bind_str(stmt, 2, tl_str_from(tl_profile_names[profile]));
    bind_ints(stmt, 3, (int64_t[]){r->has_code, r->has_trace}, 2);
    tl_bind_str(stmt, 5, tl_str_from(systems[r->os]));
    bind_ints(stmt, 6, (int64_t[]){r->words, r->code_lines}, 2);
    return write_row(w, READING, err);
}

/* A reading with its traces and error lines. */
static int write_reading(tl_writer *w, int64_t key, tl_profile profile, const tl_reading *r, tl_error *err)
{
    int rc = tl_writer_reading(w, key, profile, r, err);
    for (size_t i = 0; rc == TL_OK && i < r->n_traces; i++)
        rc = tl_writer_trace(w, key, profile, i, &r->traces[i], err);
    for (size_t i = 0; rc == TL_OK && i < r->n_errors; i++) {
        sqlite3_stmt *stmt = w->stmt[ERROR_LINE];
        sqlite3_bind_int64(stmt, 1, key);
        tl_bind_str(stmt, 2, tl_str_from(tl_profile_names[profile]));
        tl_bind_int(stmt, 3, (int64_t)i);
        tl_bind_str(stmt, 4, r->errors[i].exception);
        tl_bind_str(stmt, 5, r->errors[i].message);
        tl_bind_str(stmt, 6, r->errors[i].template);
        rc = write_row(w, ERROR_LINE, err);
    }
    return rc;
}

int tl_writer_question(tl_writer *w, int64_t site_id, int64_t input_id, const tl_post *post,
                       const int64_t *library_ids, size_t n_libraries,
                       const tl_reading readings[TL_PROFILES], int64_t *key, tl_error *err)
{
    sqlite3_stmt *stmt = w->stmt[QUESTION];
    sqlite3_bind_int64(stmt, 1, site_id);
    if (post->id.text.data)
        tl_bind_str(stmt, 2, post->id.text);
    else
        sqlite3_bind_int64(stmt, 2, post->id.number);
    sqlite3_bind_int64(stmt, 3, input_id);
    tl_bind_str(stmt, 4, post->title);
    bind_ints(stmt, 5,
              (int64_t[]){post->created, post->score, post->views, post->comments, post->answers,
                          post->accepted},
              6);
    int rc = write_row(w, QUESTION, err);
    if (rc)
        return rc;
    if (!changed(w))
        return 1;
    *key = last_id(w);
    for (size_t i = 0; rc == TL_OK && i < n_libraries; i++) {
        bind_ints(w->stmt[QUESTION_LIBRARY], 1, (int64_t[]){library_ids[i], *key}, 2);
        rc = write_row(w, QUESTION_LIBRARY, err);
    }
    for (int p = 0; rc == TL_OK && p < TL_PROFILES; p++)
        if (readings[p].available)
            rc = write_reading(w, *key, (tl_profile)p, &readings[p], err);
    return rc;
}

int tl_writer_answer(tl_writer *w, int64_t key, int64_t input_id, const tl_post *post, tl_error *err)
{
    bind_ints(w->stmt[ANSWER], 1,
              (int64_t[]){key, post->id.number, input_id, post->created, post->score}, 5);
    int rc = write_row(w, ANSWER, err);
    return rc ? rc : !changed(w);
}

int tl_writer_pending(tl_writer *w, int64_t site_id, int64_t input_id, const tl_post *post, tl_error *err)
{
    bind_ints(w->stmt[PENDING], 1,
              (int64_t[]){site_id, post->parent, post->id.number, input_id, post->created, post->score}, 6);
    return write_row(w, PENDING, err);
}

int tl_writer_adopt(tl_writer *w, int64_t site_id, int64_t parent, int64_t key, int64_t *moved, tl_error *err)
{
    bind_ints(w->stmt[ADOPT], 1, (int64_t[]){site_id, parent, key}, 3);
    int rc = write_row(w, ADOPT, err);
    if (rc)
        return rc;
    *moved = sqlite3_changes(tl_store_db(w->store));
    bind_ints(w->stmt[ADOPTED], 1, (int64_t[]){site_id, parent}, 2);
    return write_row(w, ADOPTED, err);
}

int tl_writer_count_pending(tl_writer *w, int64_t input_id, int64_t *n, tl_error *err)
{
    sqlite3_bind_int64(w->stmt[COUNT_PENDING], 1, input_id);
    int rc = run(w, COUNT_PENDING, n, err);
    return rc < 0 ? rc : TL_OK;
}

int tl_writer_find_question(tl_writer *w, int64_t site_id, int64_t input_id, const char *id, int64_t *key,
                            tl_error *err)
{
    sqlite3_stmt *stmt = w->stmt[FIND_QUESTION];
    sqlite3_bind_int64(stmt, 1, site_id);
    tl_bind_str(stmt, 2, tl_str_from(id));
    sqlite3_bind_int64(stmt, 3, input_id);
    return run(w, FIND_QUESTION, key, err);
}

int tl_writer_comment(tl_writer *w, int64_t key, int64_t input_id, const tl_post *post, tl_error *err)
{
    bind_ints(w->stmt[COMMENT], 1,
              (int64_t[]){key, post->id.number, input_id, post->created, post->score}, 5);
    int rc = write_row(w, COMMENT, err);
    return rc ? rc : !changed(w);
}

int tl_writer_revision(tl_writer *w, int64_t key, int64_t input_id, const tl_post *post, const char *kind,
                       bool part, const tl_reading *r, tl_error *err)
{
    bind_ints(w->stmt[REVISION], 1,
              (int64_t[]){key, post->id.number, input_id, post->created, r->has_code, r->has_trace}, 6);
    tl_bind_str(w->stmt[REVISION], 7, tl_str_from(kind));
    int rc = write_row(w, REVISION, err);
    if (rc || changed(w))
        return rc;
    if (part) {
        bind_ints(w->stmt[REVISION_PART], 1,
                  (int64_t[]){key, post->id.number, r->has_code, r->has_trace}, 4);
        rc = write_row(w, REVISION_PART, err);
    }
    return rc ? rc : 1;
}

int tl_writer_tag(tl_writer *w, int64_t site_id, int64_t input_id, tl_str name, int64_t count, tl_error *err)
{
    bind_ints(w->stmt[TAG], 1, (int64_t[]){site_id, input_id, count}, 3);
    tl_bind_str(w->stmt[TAG], 4, name);
    int rc = write_row(w, TAG, err);
    return rc ? rc : !changed(w);
}

int tl_writer_quarantine(tl_writer *w, int64_t input_id, int64_t offset, const char *reason, tl_error *err)
{
    bind_ints(w->stmt[QUARANTINE], 1, (int64_t[]){input_id, offset}, 2);
    tl_bind_str(w->stmt[QUARANTINE], 3, tl_str_from(reason));
    int rc = write_row(w, QUARANTINE, err);
    return rc ? rc : !changed(w);
}

/* `n` bars with the statement for so many. */
static int write_bars(tl_writer *w, statement which, int64_t input_id, const char *measure, const tl_bar *bars,
                      int n, tl_error *err)
{
    sqlite3_stmt *stmt = w->stmt[which];
    sqlite3_bind_int64(stmt, 1, input_id);
    tl_bind_str(stmt, 2, tl_str_from(measure));
    for (int i = 0; i < n; i++)
        bind_ints(stmt, 3 + 2 * i, (int64_t[]){bars[i].value, bars[i].n}, 2);
    return write_row(w, which, err);
}

int tl_writer_histogram(tl_writer *w, int64_t input_id, const char *measure, const tl_bar *bars, size_t n_bars,
                        tl_error *err)
{
    if (n_bars == TL_BARS)
        return write_bars(w, BARS_32, input_id, measure, bars, TL_BARS, err);
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < n_bars; i++)
        rc = write_bars(w, BARS_1, input_id, measure, &bars[i], 1, err);
    return rc;
}

int tl_writer_each_question(tl_writer *w, int64_t site_id,
                            int (*each)(void *ctx, int64_t id, int64_t key), void *ctx, tl_error *err)
{
    sqlite3_stmt *stmt = w->stmt[QUESTIONS];
    sqlite3_bind_int64(stmt, 1, site_id);
    int rc, stop = 0;
    while (stop == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        stop = each(ctx, sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1));
    if (stop == 0 && rc != SQLITE_DONE)
        stop = tl_store_fail(w->store, rc, "reading questions", err);
    sqlite3_reset(stmt);
    return stop;
}
