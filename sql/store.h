/* store.h: the study's SQLite file.
 *
 * A store is one file with the schema of schema.sql.  This module opens it,
 * checks that it is one of ours, migrates older ones (migrate.h), and maps SQLite's errors to
 * tl_status.  writer.h is the only module that changes posts and traces,
 * patterns.h the only one that changes mining results.
 */
#ifndef TL_SQL_STORE_H
#define TL_SQL_STORE_H

#include <sqlite3.h>

#include "base/error.h"
#include "base/str.h"

enum { TL_STORE_APPLICATION_ID = 0x746c6f64, TL_STORE_VERSION = 3 };

/* schema.sql, embedded at build time. */
extern const char tl_schema_sql[];

typedef struct tl_store tl_store;

typedef enum tl_store_mode {
    TL_STORE_READ,  /* must exist; nothing is changed, and nothing that others change is seen */
    TL_STORE_WRITE, /* must exist */
    TL_STORE_CREATE /* made if it is not there */
} tl_store_mode;

/* Opens `path`.  One process at a time may have it open for writing, to the end;
 * another waits some seconds.  TL_IO if it cannot be opened or stays locked (the message
 * says by whom), TL_BAD_INPUT if it is no store, a newer program's,
 * or an older one that is only to be read. */
int tl_store_open(tl_store **out, const char *path, tl_store_mode mode, tl_error *err) TL_MUST_CHECK;
void tl_store_close(tl_store *s);

/* Before closing a store that was written: brings what was committed into the one file
 * and onto the disk, unless readers hold it up.  TL_IO, TL_NO_MEMORY: it is still beside
 * the store, which the next writer puts right. */
int tl_store_finish(tl_store *s, tl_error *err) TL_MUST_CHECK;

/* An empty database in memory, without our schema but with the SQL functions, for
 * tables of somebody else's; `name` stands in messages. */
int tl_store_open_scratch(tl_store **out, const char *name, tl_error *err) TL_MUST_CHECK;

/* The connection, owned by the store; the SQL functions are registered on it. */
sqlite3 *tl_store_db(const tl_store *s);

/* Describes the connection's last error as "doing: reason" and returns the status
 * that fits `rc`: TL_NO_MEMORY, TL_INTERRUPTED, TL_BAD_INPUT (no database, or a value
 * that a function refuses), else TL_IO. */
int tl_store_fail(const tl_store *s, int rc, const char *doing, tl_error *err);

/* Runs statements that return nothing. */
int tl_store_exec(tl_store *s, const char *sql, tl_error *err) TL_MUST_CHECK;

/* Prepares one statement; the caller finalizes it. */
int tl_store_prepare(tl_store *s, const char *sql, sqlite3_stmt **out, tl_error *err) TL_MUST_CHECK;

/* A write transaction.  Rollback never fails and may be called at any time. */
int tl_store_begin(tl_store *s, tl_error *err) TL_MUST_CHECK;
int tl_store_commit(tl_store *s, tl_error *err) TL_MUST_CHECK;
void tl_store_rollback(tl_store *s);

/* Binding helpers for NULL where a value is unknown (see model.h).  Texts are
 * borrowed until the statement is reset. */
int tl_bind_int(sqlite3_stmt *stmt, int i, int64_t value);
int tl_bind_str(sqlite3_stmt *stmt, int i, tl_str text);

#endif
