#include "sql/input.h"

#include <stdio.h>

static int step_done(tl_store *s, sqlite3_stmt *stmt, const char *doing, tl_error *err)
{
    int rc = sqlite3_step(stmt);
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE || rc == SQLITE_ROW ? TL_OK : tl_store_fail(s, rc, doing, err);
}

int tl_input_site(tl_store *s, const char *name, int64_t *site_id, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s, "INSERT INTO site (name) VALUES (?1) ON CONFLICT DO NOTHING", &stmt, err);
    if (rc)
        return rc;
    tl_bind_str(stmt, 1, tl_str_from(name));
    rc = step_done(s, stmt, "adding a site", err);
    if (rc == TL_OK)
        rc = tl_store_prepare(s, "SELECT site_id FROM site WHERE name = ?1", &stmt, err);
    if (rc)
        return rc;
    tl_bind_str(stmt, 1, tl_str_from(name));
    if (sqlite3_step(stmt) == SQLITE_ROW)
        *site_id = sqlite3_column_int64(stmt, 0);
    int code = sqlite3_finalize(stmt);
    return code == SQLITE_OK ? TL_OK : tl_store_fail(s, code, "finding a site", err);
}

static void read_text(sqlite3_stmt *stmt, int column, char *to, size_t cap)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);
    snprintf(to, cap, "%s", text ? (const char *)text : "");
}

static size_t read_blob(sqlite3_stmt *stmt, int column, unsigned char *to, size_t cap)
{
    const void *blob = sqlite3_column_blob(stmt, column);
    size_t n = (size_t)sqlite3_column_bytes(stmt, column);
    if (n > cap)
        n = cap;
    if (n)
        memcpy(to, blob, n);
    return n;
}

static void read_input(sqlite3_stmt *stmt, tl_input *in)
{
    *in = (tl_input){.input_id = sqlite3_column_int64(stmt, 0),
                     .site_id = sqlite3_column_int64(stmt, 1),
                     .size = sqlite3_column_int64(stmt, 3),
                     .mtime = sqlite3_column_int64(stmt, 4),
                     .pass = sqlite3_column_int(stmt, 6),
                     .cursor = sqlite3_column_int64(stmt, 7),
                     .last_orphan = sqlite3_column_int64(stmt, 10),
                     .disorder = sqlite3_column_int(stmt, 11),
                     .complete = sqlite3_column_int(stmt, 12)};
    read_text(stmt, 2, in->kind, sizeof in->kind);
    read_text(stmt, 5, in->selection, sizeof in->selection);
    read_blob(stmt, 8, in->hash, sizeof in->hash);
    in->hash_state_len = read_blob(stmt, 9, in->hash_state, sizeof in->hash_state);
    int64_t *counts[] = {&in->counts.rows,       &in->counts.questions, &in->counts.answers,
                         &in->counts.duplicates, &in->counts.orphans,   &in->counts.repaired,
                         &in->counts.quarantined, &in->counts.unmatched, &in->counts.kept};
    for (int i = 0; i < 9; i++)
        *counts[i] = sqlite3_column_int64(stmt, 13 + i);
}

int tl_input_find(tl_store *s, int64_t site_id, const char *name, tl_input *in, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s,
                              "SELECT input_id, site_id, kind, size, mtime, selection, pass, cursor, "
                              "hash, hash_state, last_orphan, disorder, complete, rows, questions, answers, duplicates, "
                              "orphans, repaired, quarantined, unmatched, kept "
                              "FROM input WHERE site_id = ?1 AND name = ?2",
                              &stmt, err);
    if (rc)
        return rc;
    sqlite3_bind_int64(stmt, 1, site_id);
    tl_bind_str(stmt, 2, tl_str_from(name));
    bool found = sqlite3_step(stmt) == SQLITE_ROW;
    if (found)
        read_input(stmt, in);
    int code = sqlite3_finalize(stmt);
    return code == SQLITE_OK ? found : tl_store_fail(s, code, "finding an input", err);
}

static void bind_progress(sqlite3_stmt *stmt, const tl_input *in)
{
    const tl_input_counts *c = &in->counts;
    const int64_t numbers[] = {in->pass,      in->cursor, in->last_orphan, in->disorder,
                               in->complete,  c->rows,    c->questions,    c->answers,
                               c->duplicates, c->orphans, c->repaired,     c->quarantined,
                               c->unmatched,  c->kept};
    for (int i = 0; i < 14; i++)
        sqlite3_bind_int64(stmt, i + 1, numbers[i]);
    sqlite3_bind_blob(stmt, 15, in->hash, sizeof in->hash, SQLITE_STATIC);
    sqlite3_bind_blob(stmt, 16, in->hash_state, (int)in->hash_state_len, SQLITE_STATIC);
}

int tl_input_add(tl_store *s, const char *name, tl_input *in, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s,
                              "INSERT INTO input (pass, cursor, last_orphan, disorder, complete, rows, "
                              "questions, answers, duplicates, orphans, repaired, quarantined, "
                              "unmatched, kept, hash, hash_state, site_id, name, kind, size, mtime, "
                              "selection) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                              "?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
                              &stmt, err);
    if (rc)
        return rc;
    bind_progress(stmt, in);
    sqlite3_bind_int64(stmt, 17, in->site_id);
    tl_bind_str(stmt, 18, tl_str_from(name));
    tl_bind_str(stmt, 19, tl_str_from(in->kind));
    sqlite3_bind_int64(stmt, 20, in->size);
    sqlite3_bind_int64(stmt, 21, in->mtime);
    tl_bind_str(stmt, 22, tl_str_from(in->selection));
    rc = step_done(s, stmt, "adding an input", err);
    in->input_id = sqlite3_last_insert_rowid(tl_store_db(s));
    return rc;
}

int tl_input_save(tl_store *s, const tl_input *in, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s,
                              "UPDATE input SET pass = ?1, cursor = ?2, last_orphan = ?3, disorder = ?4, "
                              "complete = ?5, rows = ?6, questions = ?7, answers = ?8, "
                              "duplicates = ?9, orphans = ?10, repaired = ?11, quarantined = ?12, "
                              "unmatched = ?13, kept = ?14, hash = ?15, hash_state = ?16 WHERE input_id = ?17",
                              &stmt, err);
    if (rc)
        return rc;
    bind_progress(stmt, in);
    sqlite3_bind_int64(stmt, 17, in->input_id);
    return step_done(s, stmt, "saving an input's progress", err);
}

int tl_input_first_fault(tl_store *s, int64_t input_id, int64_t *offset, char *reason, size_t cap, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s, "SELECT offset, reason FROM quarantine WHERE input_id = ?1 ORDER BY offset LIMIT 1",
                              &stmt, err);
    if (rc)
        return rc;
    sqlite3_bind_int64(stmt, 1, input_id);
    bool found = sqlite3_step(stmt) == SQLITE_ROW;
    if (found) {
        *offset = sqlite3_column_int64(stmt, 0);
        read_text(stmt, 1, reason, cap);
    }
    int code = sqlite3_finalize(stmt);
    return found && code == SQLITE_OK ? TL_OK : tl_store_fail(s, code, "reading the quarantine", err);
}

/* Runs an UPDATE or DELETE with one id. */
static int change(tl_store *s, const char *sql, int64_t id, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s, sql, &stmt, err);
    if (rc)
        return rc;
    sqlite3_bind_int64(stmt, 1, id);
    return step_done(s, stmt, "changing the list of inputs", err);
}

#define OUTDATE \
    "UPDATE input SET pass = 0, complete = 0 " \
    "WHERE lower(kind) IN ('comments', 'posthistory', 'csv posthistory', 'csv blocks') AND site_id "

int tl_input_outdate(tl_store *s, int64_t site_id, tl_error *err)
{
    return change(s, OUTDATE "= ?1", site_id, err);
}

int tl_input_delete(tl_store *s, int64_t input_id, tl_error *err)
{
    static const char *const changes[] = {
        "DELETE FROM mining WHERE EXISTS (SELECT 1 FROM question WHERE input_id = ?1)",
        OUTDATE "IN (SELECT site_id FROM question WHERE input_id = ?1 AND typeof(id) = 'integer')",
        "DELETE FROM input WHERE input_id = ?1"};
    int rc = TL_OK;
    for (int i = 0; rc == TL_OK && i < 3; i++)
        rc = change(s, changes[i], input_id, err);
    return rc;
}

int tl_input_each_outdated(tl_store *s, void (*each)(void *ctx, const char *name, const char *site), void *ctx,
                           tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s,
                              "SELECT i.name, s.name FROM input i JOIN site s USING (site_id) "
                              "WHERE i.pass = 0 ORDER BY s.name, i.name",
                              &stmt, err);
    if (rc)
        return rc;
    while (sqlite3_step(stmt) == SQLITE_ROW)
        each(ctx, (const char *)sqlite3_column_text(stmt, 0), (const char *)sqlite3_column_text(stmt, 1));
    int code = sqlite3_finalize(stmt);
    return code == SQLITE_OK ? TL_OK : tl_store_fail(s, code, "listing outdated inputs", err);
}
