#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sql/guard.h"
#include "tools/cli/print.h"

static const char *db;
static int format;
static int64_t timeout = 60;

static const tl_option options[] = {
    {.name = "db", .letter = 'd', .kind = TL_OPTION_TEXT, .arg = "STUDY.db", .value = &db,
     .help = "the store to read"},
    TL_FORMAT_OPTION(format),
    {.name = "timeout", .kind = TL_OPTION_INT, .arg = "SECONDS", .value = &timeout, .low = 1,
     .high = 1000000, .help = "give up after this long (default: 60)"},
    TL_COMMON_OPTIONS};

enum { LONGEST = 1000 * 1000, MEGABYTES = 2048 };

static int read_stdin(tl_buf *to, tl_error *err)
{
    char block[4096];
    size_t n;
    while (to->len <= LONGEST && (n = fread(block, 1, sizeof block, stdin)) > 0)
        tl_buf_add(to, block, n);
    if (ferror(stdin))
        return tl_fail(err, TL_IO, "cannot read standard input: %s", strerror(errno));
    int rc = tl_buf_check(to, "the statement", err);
    if (rc == TL_OK && to->len > LONGEST)
        rc = tl_fail(err, TL_USAGE, "the statement is longer than %d bytes", LONGEST);
    if (rc == TL_OK && to->len && memchr(to->data, '\0', to->len))
        rc = tl_fail(err, TL_USAGE, "there is a NUL byte in the statement");
    return rc;
}

/* The guard looks between SQLite's steps; one step can be endless (instr of two long
 * strings, a query that takes ages to plan) or fill the memory.  A process that only
 * reads may be ended anywhere. */
static void on_alarm(int sig)
{
    static const char text[] =
        "tracelode: sql: the statement was stopped: it ran longer than the time limit (see --timeout)\n";
    (void)sig;
    _exit(write(STDERR_FILENO, text, sizeof text - 1) < 0 ? 4 : 2);
}

/* Limits what this process may add to the memory it has. */
static void limit_memory(void)
{
    long long pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f && fscanf(f, "%*s %*s %*s %*s %*s %lld", &pages) == 1) {
        rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)MEGABYTES * 1024 * 1024;
        setrlimit(RLIMIT_DATA, &(struct rlimit){most, most});
    }
    if (f)
        fclose(f);
}

static int run_statement(tl_store *store, const char *sql, tl_error *err)
{
    tl_guard guard = {.seconds = (double)timeout, .megabytes = MEGABYTES, .cancel = &tl_cli_cancel};
    sqlite3_stmt *stmt = NULL;
    tl_grid grid = {0};
    tl_guard_store(store, &guard);
    limit_memory();
    signal(SIGALRM, on_alarm);
    alarm((unsigned)timeout + 1); /* the guard's own look comes first, where it can */
    int rc = tl_guard_prepare(store, &guard, sql, &stmt, err);
    if (rc == TL_OK)
        rc = tl_grid_load(&grid, store, stmt, err);
    if (rc)
        rc = tl_guard_explain(&guard, rc, err);
    alarm(0);
    if (rc == TL_OK)
        rc = tl_print_grid(&grid, format, false, err);
    sqlite3_finalize(stmt);
    tl_grid_free(&grid);
    return rc;
}

static int run(int n, char **operands, tl_error *err)
{
    int rc = tl_cli_operands(n, 1, 1, "one SELECT statement, or - to read it from standard input", err);
    if (rc == TL_OK && !db)
        rc = tl_fail(err, TL_USAGE, "missing option: -d STUDY.db, the store to read");
    tl_buf sql = {0};
    tl_store *store = NULL;
    if (rc == TL_OK && strcmp(operands[0], "-") == 0)
        rc = read_stdin(&sql, err);
    else if (rc == TL_OK) {
        tl_buf_add_cstr(&sql, operands[0]);
        rc = tl_buf_check(&sql, "the statement", err);
    }
    if (rc == TL_OK)
        rc = tl_store_open(&store, db, TL_STORE_READ, err);
    if (rc == TL_OK)
        rc = run_statement(store, sql.data ? sql.data : "", err);
    tl_store_close(store);
    tl_buf_free(&sql);
    return rc;
}

const tl_command tl_cmd_sql = {
    .name = "sql",
    .synopsis = "-d STUDY.db 'SELECT ...' [OPTION]...",
    .summary = "ask the store in SQL, read-only, with the statistics functions",
    .text = "Runs one SELECT on a store and prints the rows. Beside SQLite's own functions "
            "there are median, mann_whitney_u, mann_whitney_p, cliffs_delta, ztest_z, "
            "ztest_p, cohens_h, holm, krippendorff_alpha and stars. The main views are v_question, "
            "v_trace, v_frame, v_pattern and v_pattern_question. Nothing can be written, "
            "attached or run for ever.",
    .examples = "  tracelode sql -d study.db 'SELECT library, count(*) FROM v_question\n"
                "                             WHERE profile = \"full\" GROUP BY library'\n"
                "      how many questions each library has\n"
                "  tracelode sql -d study.db --format csv 'SELECT * FROM v_pattern' > p.csv\n"
                "      every pattern, for a spreadsheet or R\n",
    .options = options,
    .run = run,
};
