#include "sql/types.h"

static const char find_sql[] = "SELECT pattern_key, frames FROM pattern WHERE type IS NULL AND pattern_key > ?1 "
                               "ORDER BY pattern_key LIMIT 1000";
static const char write_sql[] =
    "UPDATE pattern SET category = ?2, type = ?3, confidence = ?4 WHERE pattern_key = ?1";

static int write_type(tl_store *s, sqlite3_stmt *write, int64_t key, const tl_pattern_type *t, tl_error *err)
{
    sqlite3_bind_int64(write, 1, key);
    tl_bind_str(write, 2, tl_str_from(t->category));
    tl_bind_str(write, 3, tl_str_from(t->type));
    sqlite3_bind_double(write, 4, t->confidence);
    int rc = sqlite3_step(write);
    sqlite3_reset(write);
    return rc == SQLITE_DONE ? TL_OK : tl_store_fail(s, rc, "writing types", err);
}

/* A thousand patterns at a time, since a table that is being read should not change.
 * Returns their number or a failure. */
static int write_some(tl_store *s, sqlite3_stmt *find, sqlite3_stmt *write, int64_t *last, tl_type_fn *type_of,
                      void *ctx, tl_error *err)
{
    int n = 0, step, rc = TL_OK;
    sqlite3_bind_int64(find, 1, *last);
    while (rc == TL_OK && (step = sqlite3_step(find)) == SQLITE_ROW) {
        tl_pattern_type type = {0};
        const char *text = (const char *)sqlite3_column_text(find, 1);
        *last = sqlite3_column_int64(find, 0);
        rc = text ? type_of(ctx, (tl_str){text, (size_t)sqlite3_column_bytes(find, 1)}, &type, err)
                  : tl_fail_memory(err, "a pattern");
        if (rc == TL_OK)
            rc = write_type(s, write, *last, &type, err);
        n++;
    }
    if (rc == TL_OK && step != SQLITE_DONE)
        rc = tl_store_fail(s, step, "reading patterns", err);
    sqlite3_reset(find);
    return rc ? rc : n;
}

int tl_types_write(tl_store *s, tl_type_fn *type_of, void *ctx, tl_error *err)
{
    sqlite3_stmt *find = NULL, *write = NULL;
    int64_t last = 0;
    int rc = tl_store_prepare(s, find_sql, &find, err);
    if (rc == TL_OK)
        rc = tl_store_prepare(s, write_sql, &write, err);
    int n = 1;
    while (rc == TL_OK && n > 0) {
        n = write_some(s, find, write, &last, type_of, ctx, err);
        rc = n < 0 ? n : TL_OK;
    }
    sqlite3_finalize(find);
    sqlite3_finalize(write);
    return rc;
}

static int write_definition(tl_store *s, sqlite3_stmt *stmt, int64_t number, const tl_stored_type *t, tl_error *err)
{
    const char *const texts[] = {t->category, t->category_name, t->name, t->description};
    sqlite3_bind_int64(stmt, 1, number);
    for (int i = 0; i < 4; i++)
        tl_bind_str(stmt, i + 2, tl_str_from(texts[i]));
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE ? TL_OK : tl_store_fail(s, rc, "writing the taxonomy", err);
}

int tl_types_define(tl_store *s, const tl_stored_type *types, size_t n, tl_error *err)
{
    sqlite3_stmt *stmt = NULL;
    int rc = tl_store_exec(s, "DELETE FROM type_label; DELETE FROM type", err);
    if (rc == TL_OK)
        rc = tl_store_prepare(s, "INSERT INTO type VALUES (?1, ?2, ?3, ?4, ?5)", &stmt, err);
    for (size_t i = 0; rc == TL_OK && i < n; i++)
        rc = write_definition(s, stmt, (int64_t)i, &types[i], err);
    sqlite3_finalize(stmt);
    return rc;
}

int tl_types_label(tl_store *s, tl_str label, int64_t type, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s, "INSERT INTO type_label VALUES (?1, ?2) ON CONFLICT DO NOTHING", &stmt, err);
    if (rc)
        return rc;
    tl_bind_str(stmt, 1, label);
    sqlite3_bind_int64(stmt, 2, type);
    int step = sqlite3_step(stmt);
    if (step != SQLITE_DONE)
        rc = tl_store_fail(s, step, "writing the taxonomy", err);
    sqlite3_finalize(stmt);
    return rc;
}
