/* study.h: a store for a fuzz target.
 */
#ifndef TL_TESTS_FUZZ_STUDY_H
#define TL_TESTS_FUZZ_STUDY_H

#include "sql/store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/files.h"

/* A new store, filled by `sql`, whose file has gone already: it lives as long as the
 * program, and needs no files beside it. */
static inline tl_store *fuzz_study(const char *sql)
{
    tl_store *s;
    char *folder = test_folder_new();
    require(tl_store_open(&s, test_path(folder, "study.db"), TL_STORE_CREATE, NULL) == TL_OK);
    require(tl_store_exec(s, "PRAGMA journal_mode = MEMORY", NULL) == TL_OK);
    require(tl_store_exec(s, sql, NULL) == TL_OK);
    test_folder_free(folder);
    return s;
}

/* The first integer that a query gives. */
static inline int64_t fuzz_count(tl_store *s, const char *sql)
{
    sqlite3_stmt *stmt;
    require(tl_store_prepare(s, sql, &stmt, NULL) == TL_OK && sqlite3_step(stmt) == SQLITE_ROW);
    int64_t n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return n;
}

#endif
