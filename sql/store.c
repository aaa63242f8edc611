#include "sql/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/model.h"
#include "sql/functions.h"
#include "sql/migrate.h"

enum { BUSY_WAIT_MS = 5 * 1000 };

struct tl_store {
    sqlite3 *db;
    char *path;
    int lock; /* a descriptor that holds the only right to write, or -1 */
    bool writes; /* in WAL mode */
};

sqlite3 *tl_store_db(const tl_store *s)
{
    return s->db;
}

/* The process that keeps the store locked, or 0: not found, or not told (Linux tells). */
static int find_holder(const tl_store *s)
{
    struct stat st;
    FILE *locks = stat(s->path, &st) == 0 ? fopen("/proc/locks", "re") : NULL;
    char line[256];
    int holder = 0;
    while (locks && !holder && fgets(line, sizeof line, locks)) {
        int pid; /* 1: FLOCK  ADVISORY  WRITE 4711 fe:01:1234567 0 EOF */
        unsigned high, low;
        unsigned long long inode;
        if (sscanf(line, "%*s %*s %*s %*s %d %x:%x:%llu", &pid, &high, &low, &inode) == 4 && pid > 0 &&
            pid != getpid() && makedev(high, low) == st.st_dev && inode == st.st_ino)
            holder = pid;
    }
    if (locks)
        fclose(locks);
    return holder;
}

static int fail_busy(const tl_store *s, const char *doing, tl_error *err)
{
    int holder = find_holder(s);
    char who[64] = "another process";
    if (holder)
        snprintf(who, sizeof who, "another process (%d)", holder);
    return tl_fail(err, TL_IO, "%s: %s: %s is using this store; try again when it is done", s->path, doing, who);
}

int tl_store_fail(const tl_store *s, int rc, const char *doing, tl_error *err)
{
    const char *why = s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc);
    switch (rc & 0xff) {
    case SQLITE_NOMEM:
        return tl_fail_memory(err, doing);
    case SQLITE_INTERRUPT:
        return tl_fail(err, TL_INTERRUPTED, "%s: %s: interrupted", s->path, doing);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail_busy(s, doing, err);
    case SQLITE_CORRUPT:
        if (errno == EIO) /* SQLite calls a page that cannot be read malformed */
            return tl_fail(err, TL_IO, "%s: %s: %s", s->path, doing, strerror(EIO));
        return tl_fail(err, TL_BAD_INPUT, "%s: %s: %s", s->path, doing, why);
    case SQLITE_AUTH: /* the guard refused what a virtual table wanted to do */
        return tl_fail(err, TL_USAGE, "%s: %s: %s", s->path, doing, why);
    case SQLITE_ERROR: /* a function refused a value */
    case SQLITE_NOTADB:
        return tl_fail(err, TL_BAD_INPUT, "%s: %s: %s", s->path, doing, why);
    case SQLITE_FULL:
        return tl_fail(err, TL_IO, "%s: %s: the disk is full; make room and run the same command again",
                       s->path, doing);
    default:
        return tl_fail(err, TL_IO, "%s: %s: %s", s->path, doing, why);
    }
}

int tl_store_exec(tl_store *s, const char *sql, tl_error *err)
{
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? TL_OK : tl_store_fail(s, rc, "writing the store", err);
}

int tl_store_prepare(tl_store *s, const char *sql, sqlite3_stmt **out, tl_error *err)
{
    int rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    return rc == SQLITE_OK ? TL_OK : tl_store_fail(s, rc, "preparing a statement", err);
}

int tl_store_begin(tl_store *s, tl_error *err)
{
    int rc = sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    return rc == SQLITE_OK ? TL_OK : tl_store_fail(s, rc, "beginning to write", err);
}

int tl_store_commit(tl_store *s, tl_error *err)
{
    int rc = sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
    return rc == SQLITE_OK ? TL_OK : tl_store_fail(s, rc, "saving", err);
}

void tl_store_rollback(tl_store *s)
{
    if (s && s->db && !sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

static int read_pragma(tl_store *s, const char *sql, int64_t *value, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW) {
            *value = sqlite3_column_int64(stmt, 0);
            rc = SQLITE_OK;
        }
        sqlite3_finalize(stmt);
    }
    if ((rc & 0xff) == SQLITE_NOTADB)
        return tl_fail(err, TL_BAD_INPUT, "%s: is not a tracelode store (not a SQLite file)", s->path);
    return rc == SQLITE_OK ? TL_OK : tl_store_fail(s, rc, "opening the store", err);
}

static int create_schema(tl_store *s, tl_error *err)
{
    int rc = tl_store_begin(s, err);
    if (rc)
        return rc;
    char stamp[96];
    snprintf(stamp, sizeof stamp, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             TL_STORE_APPLICATION_ID, TL_STORE_VERSION);
    rc = tl_store_exec(s, tl_schema_sql, err);
    if (rc == TL_OK)
        rc = tl_store_exec(s, stamp, err);
    if (rc == TL_OK)
        rc = tl_store_commit(s, err);
    if (rc)
        tl_store_rollback(s);
    return rc;
}

/* Makes sure that the open file is a store of this version, or makes it one. */
static int check_schema(tl_store *s, tl_store_mode mode, tl_error *err)
{
    int64_t id = 0, version = 0, tables = 0;
    int rc = read_pragma(s, "PRAGMA application_id", &id, err);
    if (rc == TL_OK)
        rc = read_pragma(s, "PRAGMA user_version", &version, err);
    if (rc == TL_OK)
        rc = read_pragma(s, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (rc)
        return rc;
    if (tables == 0 && id == 0 && mode == TL_STORE_CREATE)
        return create_schema(s, err);
    if (id != TL_STORE_APPLICATION_ID)
        return tl_fail(err, TL_BAD_INPUT, "%s: is a SQLite file, but not a tracelode store", s->path);
    if (version == TL_STORE_VERSION)
        return TL_OK;
    if (version < 1 || version > TL_STORE_VERSION)
        return tl_fail(err, TL_BAD_INPUT,
                       "%s: is a store of version %lld; this program reads version %d", s->path,
                       (long long)version, TL_STORE_VERSION);
    if (mode == TL_STORE_READ)
        return tl_fail(err, TL_BAD_INPUT,
                       "%s: is a store of version %lld; run 'tracelode mine -d %s' to bring it to version %d",
                       s->path, (long long)version, s->path, TL_STORE_VERSION);
    return tl_store_migrate(s, version, err);
}

/* SQLite counts its memory under a lock, for nobody; and a file called "file:x" is that
 * file, which some builds would take for an address. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_URI, 0);
}

/* Waits a while for the right to write: one process at a time, from opening the store
 * to closing it, as an extraction's cursor and counters span many transactions.  The
 * file is SQLite's own; the descriptor must outlive SQLite's, since closing it drops
 * the locks that SQLite holds. */
static int lock_store(tl_store *s, tl_store_mode mode, tl_error *err)
{
    enum { TRIES = BUSY_WAIT_MS / 50 };
    const struct timespec pause = {0, 50 * 1000 * 1000};
    s->lock = open(s->path, O_RDWR | O_CLOEXEC | (mode == TL_STORE_CREATE ? O_CREAT : 0), 0644);
    if (s->lock < 0)
        return tl_fail(err, TL_IO, "%s: cannot open the store for writing: %s", s->path, strerror(errno));
    for (int i = 0; i < TRIES; i++) {
        if (flock(s->lock, LOCK_EX | LOCK_NB) == 0)
            return TL_OK;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return TL_OK; /* a file system without such locks: SQLite's own remain */
        nanosleep(&pause, NULL);
    }
    return fail_busy(s, "waiting to write", err);
}

static int connect_to(tl_store *s, const char *name, int flags)
{
    sqlite3_close(s->db);
    int rc = sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, BUSY_WAIT_MS);
    return sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
}

/* A reader sees one state of the store from here on, whatever others commit.  Returns
 * SQLite's primary result code. */
static int begin_reading(tl_store *s)
{
    return sqlite3_exec(s->db, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) & 0xff;
}

/* A writer that was killed, or had readers to the end, leaves WAL mode behind, which
 * needs files beside the store.  Where none can be made nobody writes either, and the
 * store is read as it stands, unless there is a log beside it. */
static int read_immutable(tl_store *s, tl_error *err)
{
    tl_buf name = {0};
    struct stat st;
    tl_buf_printf(&name, "%s-wal", s->path);
    bool has_log = !name.failed && stat(name.data, &st) == 0 && st.st_size > 0;
    tl_buf_clear(&name);
    tl_buf_add_cstr(&name, "file:");
    for (const char *p = s->path; *p; p++)
        tl_buf_printf(&name, strchr("%?#", *p) ? "%%%02x" : "%c", *p);
    tl_buf_add_cstr(&name, "?immutable=1");
    int rc = tl_buf_check(&name, "the store's name", err);
    if (rc == TL_OK && has_log)
        rc = tl_fail(err, TL_IO,
                     "%s: its last changes are in %s-wal, which can be read only where the folder can be "
                     "written: copy both files to such a one",
                     s->path, s->path);
    int opened = rc ? SQLITE_OK : connect_to(s, name.data, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    if (opened == SQLITE_OK && rc == TL_OK)
        opened = begin_reading(s);
    if (opened != SQLITE_OK)
        rc = tl_store_fail(s, opened, "opening the store", err);
    tl_buf_free(&name);
    return rc;
}

static int open_store(tl_store *s, tl_store_mode mode, tl_error *err)
{
    static const int flags[] = {[TL_STORE_READ] = SQLITE_OPEN_READONLY,
                                [TL_STORE_WRITE] = SQLITE_OPEN_READWRITE,
                                [TL_STORE_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE};
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure);
    if (!*s->path || *s->path == ':')
        return tl_fail(err, TL_USAGE, "'%s' is no name for a store; expected a file such as study.db", s->path);
    struct stat st; /* a FIFO would be waited for, a folder is a "disk I/O error" */
    if (stat(s->path, &st) == 0 && !S_ISREG(st.st_mode))
        return tl_fail(err, TL_IO, "%s: cannot open the store: it is %s, not a file", s->path,
                       S_ISDIR(st.st_mode) ? "a folder" : "a device or pipe");
    if (mode != TL_STORE_CREATE && access(s->path, R_OK) != 0)
        return tl_fail(err, TL_IO, "%s: cannot open the store: %s", s->path, strerror(errno));
    int rc = mode == TL_STORE_READ ? TL_OK : lock_store(s, mode, err);
    if (rc)
        return rc;
    rc = connect_to(s, s->path, flags[mode]);
    if (rc != SQLITE_OK)
        return tl_store_fail(s, rc, "cannot open the store", err);
    int begun = mode == TL_STORE_READ ? begin_reading(s) : SQLITE_OK;
    if (begun == SQLITE_CANTOPEN || begun == SQLITE_READONLY)
        rc = read_immutable(s, err);
    if (rc == TL_OK)
        rc = check_schema(s, mode, err);
    if (rc == TL_OK && mode != TL_STORE_READ) {
        rc = tl_store_exec(s,
                           "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
                           "PRAGMA cache_size = -32768", /* KiB */
                           err);
        s->writes = rc == TL_OK;
    }
    if (rc == TL_OK && mode == TL_STORE_READ)
        rc = tl_store_exec(s, "PRAGMA cache_size = -8192", err);
    if (rc == TL_OK)
        rc = tl_store_exec(s, "PRAGMA temp_store = MEMORY", err);
    if (rc == TL_OK)
        rc = tl_sql_functions_register(s->db, err);
    return rc;
}

static int open_scratch(tl_store *s, tl_error *err)
{
    int rc = sqlite3_open_v2(":memory:", &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK)
        return tl_store_fail(s, rc, "cannot open a database in memory", err);
    return tl_sql_functions_register(s->db, err);
}

/* `mode` < 0: a scratch database. */
static int open_any(tl_store **out, const char *path, int mode, tl_error *err)
{
    *out = NULL;
    tl_store *s = calloc(1, sizeof *s);
    if (!s || !(s->path = strdup(path))) {
        free(s);
        return tl_fail_memory(err, "the store");
    }
    s->lock = -1;
    int rc = mode < 0 ? open_scratch(s, err) : open_store(s, (tl_store_mode)mode, err);
    if (rc) {
        tl_store_close(s);
        return rc;
    }
    *out = s;
    return TL_OK;
}

int tl_store_open(tl_store **out, const char *path, tl_store_mode mode, tl_error *err)
{
    return open_any(out, path, (int)mode, err);
}

int tl_store_open_scratch(tl_store **out, const char *name, tl_error *err)
{
    return open_any(out, name, -1, err);
}

int tl_store_finish(tl_store *s, tl_error *err)
{
    int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
        return TL_OK;
    return tl_store_fail(s, rc, "moving the last changes from the -wal file beside it", err);
}

void tl_store_close(tl_store *s)
{
    if (!s)
        return;
    /* Back to a single file that can be read from a read-only folder; if another
     * process has the store open, the last one to close it does this. */
    if (s->writes)
        sqlite3_exec(s->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    sqlite3_close(s->db);
    if (s->lock >= 0)
        close(s->lock);
    free(s->path);
    free(s);
}

int tl_bind_int(sqlite3_stmt *stmt, int i, int64_t value)
{
    return value == TL_UNKNOWN ? sqlite3_bind_null(stmt, i) : sqlite3_bind_int64(stmt, i, value);
}

int tl_bind_str(sqlite3_stmt *stmt, int i, tl_str text)
{
    if (!text.data)
        return sqlite3_bind_null(stmt, i);
    return sqlite3_bind_text64(stmt, i, text.data, text.len, SQLITE_STATIC, SQLITE_UTF8);
}
