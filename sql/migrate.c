#include "sql/migrate.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

/* By the version that each leads to. */
static const char *const migrations[TL_STORE_VERSION + 1] = {
    [2] = "ALTER TABLE error_line ADD COLUMN template TEXT;"
          "CREATE INDEX trace_instance ON trace (question_key, profile) WHERE frames > 0;"
          "CREATE TABLE pattern_holder ("
          "  pattern_key  INTEGER NOT NULL REFERENCES pattern ON DELETE CASCADE,"
          "  question_key INTEGER NOT NULL,"
          "  PRIMARY KEY (pattern_key, question_key)"
          ") STRICT, WITHOUT ROWID;"
          "CREATE TABLE recurrent_trace ("
          "  mining_id    INTEGER NOT NULL REFERENCES mining ON DELETE CASCADE,"
          "  trace_id     INTEGER NOT NULL,"
          "  question_key INTEGER NOT NULL,"
          "  PRIMARY KEY (mining_id, trace_id)"
          ") STRICT, WITHOUT ROWID;"
          "INSERT INTO pattern_holder SELECT DISTINCT pattern_key, question_key"
          " FROM pattern JOIN pattern_trace USING (pattern_key) JOIN trace USING (trace_id)"
          " WHERE support >= 2 ORDER BY 1, 2;"
          "INSERT INTO recurrent_trace SELECT DISTINCT mining_id, trace_id, question_key"
          " FROM pattern JOIN pattern_trace USING (pattern_key) JOIN trace USING (trace_id)"
          " WHERE support >= 2 ORDER BY 1, 2;",
    [3] = "ALTER TABLE mining ADD COLUMN min_length INTEGER NOT NULL DEFAULT 0;"
          "ALTER TABLE mining ADD COLUMN max_length INTEGER NOT NULL DEFAULT 0;",
};

/* They would keep a table that they read from being changed. */
static int drop_views(tl_store *s, tl_error *err)
{
    sqlite3_stmt *names;
    tl_buf drops = {0};
    int rc = tl_store_prepare(s, "SELECT format('DROP VIEW \"%w\";', name) FROM sqlite_schema WHERE type = 'view'",
                              &names, err);
    if (rc)
        return rc;
    int step;
    while ((step = sqlite3_step(names)) == SQLITE_ROW)
        tl_buf_add_cstr(&drops, (const char *)sqlite3_column_text(names, 0));
    if (step != SQLITE_DONE)
        rc = tl_store_fail(s, step, "reading the views", err);
    sqlite3_finalize(names);
    if (rc == TL_OK)
        rc = tl_buf_check(&drops, "the views", err);
    if (rc == TL_OK)
        rc = tl_store_exec(s, tl_buf_str(&drops).data, err);
    tl_buf_free(&drops);
    return rc;
}

int tl_store_migrate(tl_store *s, int64_t from, tl_error *err)
{
    char stamp[64];
    snprintf(stamp, sizeof stamp, "PRAGMA user_version = %d", TL_STORE_VERSION);
    int rc = tl_store_begin(s, err);
    if (rc == TL_OK)
        rc = drop_views(s, err);
    for (int64_t version = from + 1; rc == TL_OK && version <= TL_STORE_VERSION; version++)
        rc = tl_store_exec(s, migrations[version], err);
    if (rc == TL_OK) /* in schema.sql they come last */
        rc = tl_store_exec(s, strstr(tl_schema_sql, "CREATE VIEW"), err);
    if (rc == TL_OK)
        rc = tl_store_exec(s, stamp, err);
    if (rc == TL_OK)
        rc = tl_store_commit(s, err);
    if (rc)
        tl_store_rollback(s);
    return rc;
}
