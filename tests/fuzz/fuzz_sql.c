/* Any text as SQL of a stranger on a guarded store.  The store here is one that could
 * be written, so that only the guard stands in the way: nothing changes, nothing is
 * attached, no statement outlasts its time by much. */
#include "tests/fuzz/fuzz.h"

#include "sql/guard.h"

static const char world_sql[] =
    "INSERT INTO site VALUES (1, 'stackoverflow.com');"
    "INSERT INTO input (input_id, site_id, name, kind, size, mtime, selection, pass, cursor, hash, hash_state,"
    " last_orphan, disorder) VALUES (1, 1, 'Posts.xml', 'posts', 0, 0, '', 1, 0, x'', x'', 0, 0);"
    "INSERT INTO library VALUES (1, 'keras', 'Keras'), (2, 'nltk', 'NLTK');"
    "INSERT INTO question (question_key, input_id, site_id, id, title, score)"
    " VALUES (1, 1, 1, 11, 'shapes', 5), (2, 1, 1, 12, 'recursion', NULL), (3, 1, 1, 'x', NULL, -1);"
    "INSERT INTO question_library VALUES (1, 1), (2, 1), (3, 2);"
    "INSERT INTO reading VALUES (1, 'full', 1, 1, 'unix', 10, 5), (2, 'full', 1, 0, NULL, 20, 7),"
    " (3, 'full', 0, 0, NULL, 3, NULL);";

static tl_guard guard = {.seconds = 0.2, .megabytes = 1 << 20};

static tl_store *new_store(void)
{
    tl_store *s;
    require(tl_store_open_scratch(&s, "fuzz", NULL) == TL_OK);
    require(tl_store_exec(s, tl_schema_sql, NULL) == TL_OK && tl_store_exec(s, world_sql, NULL) == TL_OK);
    tl_guard_store(s, &guard);
    /* A function on texts of 100 MB takes long in one step, which is allowed. */
    sqlite3_limit(tl_store_db(s), SQLITE_LIMIT_LENGTH, 100 * 1000);
    return s;
}

static void run(tl_store *s, const char *sql)
{
    sqlite3_stmt *stmt;
    tl_error err;
    int rc = tl_guard_prepare(s, &guard, sql, &stmt, &err);
    if (rc) {
        fuzz_check_error(rc, &err);
        require(!stmt);
        return;
    }
    require(sqlite3_column_count(stmt) > 0);
    int rows = 0, step;
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW && ++rows < 1000)
        for (int c = 0; c < sqlite3_column_count(stmt); c++)
            fuzz_touch((tl_str){sqlite3_column_blob(stmt, c), (size_t)sqlite3_column_bytes(stmt, c)});
    if (step != SQLITE_ROW && step != SQLITE_DONE) {
        rc = tl_guard_explain(&guard, tl_store_fail(s, step, "running", &err), &err);
        fuzz_check_error(rc, &err);
    }
    sqlite3_finalize(stmt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tl_store *s;
    static int changes;
    if (!s) {
        s = new_store();
        changes = sqlite3_total_changes(tl_store_db(s));
    }
    char *sql = strndup((const char *)data, size);
    require(sql);
    run(s, sql);
    free(sql);
    require(sqlite3_total_changes(tl_store_db(s)) == changes);
    /* No transaction, and no database beside main and temp. */
    require(sqlite3_get_autocommit(tl_store_db(s)) && !sqlite3_db_name(tl_store_db(s), 2));
    return 0;
}
