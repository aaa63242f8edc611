/* faults.c: fails every call of a kind in turn through one command, or ends it there, and looks
 * at what is left.
 *
 *     faults NAME SEED KINDS COMMAND...
 *
 * The command runs in a fresh copy of the folder SEED, its standard input the file `stdin`
 * there if there is one.  It is run once undisturbed; then, for each of the KINDS (see
 * shim.c, joined by commas) and each call of that kind, with that call failing.  It must
 * end with exit 4, a message and no half-written file under its final name, the stores
 * sound, and the same command must then give what the undisturbed one gave; or it must
 * survive: the same exit, output and files.  Killed, it need not say anything; after SIGINT
 * the exit is 130.  Prints a line a kind.
 *
 * The line: command, kind, calls reached, tried, failed, ended there, survived, wrong.
 * Tried and failed must be equal, and none wrong.
 *
 * Environment: SHIM, the library to preload; FAULT_POINTS, how many calls of each kind are
 * tried, evenly spread (0: all); FAULT_JOBS, how many at a time; FAULT_WORK, the folder to
 * work in.  A program built with AddressSanitizer tells of leaks by another exit code. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_FILES = 256, MAX_SEEN = 1 << 16, MAX_TOLD = 3, SECONDS = 60 };

typedef struct file {
    char name[200];
    uint64_t hash;
} file;

/* What a folder holds, and the standard output. */
typedef struct tree {
    file files[MAX_FILES];
    int n;
    uint64_t output;
} tree;

/* Counted by all jobs. */
typedef struct counts {
    atomic_long tried, failed, stopped, survived, wrong;
} counts;

static const char *name, *seed, *kind;
static char **command;
static char work[PATH_MAX / 4];
static tree seeded, expected; /* stores by what they say */
static int expected_exit;
static counts *count;
static uint64_t seen[MAX_SEEN]; /* states from which the command was seen to go on; 0: free */

static void die(const char *what)
{
    fprintf(stderr, "%s: %s: %s\n", name, what, strerror(errno));
    exit(2);
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3;
    return hash;
}

static const uint64_t EMPTY = 0xcbf29ce484222325;

static char *join(char *to, const char *folder, const char *leaf)
{
    if (snprintf(to, PATH_MAX, "%s/%s", folder, leaf) >= PATH_MAX)
        die("a path is too long");
    return to;
}

static bool ends(const char *text, const char *tail)
{
    size_t n = strlen(text), t = strlen(tail);
    return n >= t && strcmp(text + n - t, tail) == 0;
}

/* Of a store that is open or was left: part of the store. */
static bool is_beside_store(const char *path)
{
    return ends(path, "-wal") || ends(path, "-shm") || ends(path, "-journal");
}

/* ------------------------------------------------------------------------ folders ---- */

static uint64_t hash_file(const char *path)
{
    static char block[1 << 16];
    uint64_t hash = EMPTY;
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return 0;
    for (ssize_t n; (n = read(fd, block, sizeof block)) > 0;)
        hash = mix(hash, block, (size_t)n);
    close(fd);
    return hash;
}

static void copy_file(const char *from, const char *to, const struct stat *st)
{
    static char block[1 << 16];
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, st->st_mode & 0777);
    if (in < 0 || out < 0)
        die(to);
    for (ssize_t n; (n = read(in, block, sizeof block)) > 0;)
        if (write(out, block, (size_t)n) != n)
            die(to);
    struct timespec times[2] = {st->st_atim, st->st_mtim}; /* a store knows its inputs by them */
    futimens(out, times);
    close(in);
    close(out);
}

/* Calls each(path, path below `folder`, ...) for what is in a folder; folders come after
 * their content if `from` is NULL, else before. */
static void walk(const char *folder, const char *below, void (*each)(const char *, const char *, const struct stat *, void *),
                 bool content_first, void *ctx)
{
    char path[PATH_MAX], leaf[PATH_MAX];
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        struct stat st;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 || lstat(join(path, folder, e->d_name), &st) != 0)
            continue;
        snprintf(leaf, sizeof leaf, "%s%s%s", below, *below ? "/" : "", e->d_name);
        if (!content_first)
            each(path, leaf, &st, ctx);
        if (S_ISDIR(st.st_mode))
            walk(path, leaf, each, content_first, ctx);
        if (content_first)
            each(path, leaf, &st, ctx);
    }
    if (d)
        closedir(d);
}

static void remove_one(const char *path, const char *leaf, const struct stat *st, void *ctx)
{
    (void)leaf, (void)ctx;
    if (S_ISDIR(st->st_mode) ? rmdir(path) : unlink(path))
        die(path);
}

static void copy_one(const char *path, const char *leaf, const struct stat *st, void *ctx)
{
    char to[PATH_MAX];
    join(to, ctx, leaf);
    if (!S_ISDIR(st->st_mode))
        copy_file(path, to, st);
    else if (mkdir(to, 0755) != 0)
        die(to);
}

static void copy_folder(const char *from, char *to)
{
    walk(to, "", remove_one, true, NULL);
    if (mkdir(to, 0755) != 0 && errno != EEXIST)
        die(to);
    walk(from, "", copy_one, false, to);
}

/* ------------------------------------------------------------------------- stores ---- */

/* The statements that tell all that a store says.  Mining again gives other keys, so what
 * has one is looked at with the pattern's id; of the full-text index, the words. */
static const char contents[] =
    "SELECT 'SELECT ' || group_concat('x.' || c.name) || iif(joined, ', pattern_id', '') || ' FROM ' || t.name || ' x' "
    "       || iif(joined, ' JOIN pattern USING (pattern_key)', '') "
    "FROM (SELECT name, type = 'table' AND name <> 'pattern' AND "
    "             EXISTS (SELECT 1 FROM pragma_table_info(s.name) WHERE name = 'pattern_key') AS joined "
    "      FROM sqlite_schema s WHERE type IN ('table', 'view') AND name NOT LIKE 'search_text%') t "
    "JOIN pragma_table_info(t.name) c WHERE c.name NOT IN ('pattern_key', 'mining_id') GROUP BY t.name ORDER BY t.name";

/* Runs a statement and hashes its rows, in no order. */
static bool hash_rows(sqlite3 *db, const char *sql, uint64_t *hash)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return false;
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        uint64_t row = EMPTY;
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            int type = sqlite3_column_type(stmt, i);
            const void *text = sqlite3_column_blob(stmt, i);
            row = mix(row, &type, sizeof type);
            if (text)
                row = mix(row, text, (size_t)sqlite3_column_bytes(stmt, i));
        }
        *hash += row;
    }
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE;
}

static bool is_hash_of(sqlite3 *db, const char *sql, const char *text)
{
    uint64_t found = 0, wanted = EMPTY;
    int type = SQLITE_TEXT;
    wanted = mix(mix(wanted, &type, sizeof type), text, strlen(text));
    return hash_rows(db, sql, &found) && found == (*text ? wanted : 0);
}

/* What a store says, whatever its pages; 0 if it is not sound. */
static uint64_t hash_store(const char *path, const char **why)
{
    sqlite3 *db;
    sqlite3_stmt *tables = NULL;
    uint64_t hash = EMPTY;
    *why = NULL;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        *why = "cannot be opened";
    else if (!is_hash_of(db, "PRAGMA integrity_check", "ok"))
        *why = "fails its integrity check";
    else if (!is_hash_of(db, "PRAGMA foreign_key_check", ""))
        *why = "fails its foreign-key check";
    else
        sqlite3_prepare_v2(db, contents, -1, &tables, NULL);
    while (tables && !*why && sqlite3_step(tables) == SQLITE_ROW) {
        const char *sql = (const char *)sqlite3_column_text(tables, 0);
        uint64_t rows = 0;
        if (!hash_rows(db, sql, &rows))
            *why = "cannot be read";
        hash = mix(mix(hash, sql, strlen(sql)), &rows, sizeof rows);
    }
    sqlite3_finalize(tables);
    sqlite3_close(db);
    return *why ? 0 : hash;
}

/* ------------------------------------------------------------------------- states ---- */

typedef struct looking {
    tree *tree;
    bool stores; /* by what they say */
    const char *why;
} looking;

static void look_at(const char *path, const char *leaf, const struct stat *st, void *ctx)
{
    looking *l = ctx;
    if (S_ISDIR(st->st_mode) || l->tree->n == MAX_FILES || (l->stores && is_beside_store(leaf)))
        return;
    const char *why = NULL;
    bool store = l->stores && ends(leaf, ".db") && st->st_size > 0;
    uint64_t hash = store ? hash_store(path, &why) : hash_file(path);
    if (why && !l->why)
        l->why = why;
    file *f = &l->tree->files[l->tree->n++];
    snprintf(f->name, sizeof f->name, "%s", leaf);
    f->hash = hash;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const file *)a)->name, ((const file *)b)->name);
}

/* What `folder` holds and the output beside it; returns what is wrong with a store. */
static const char *look(const char *folder, const char *output, bool stores, tree *t)
{
    looking l = {t, stores, NULL};
    memset(t, 0, sizeof *t);
    walk(folder, "", look_at, false, &l);
    qsort(t->files, (size_t)t->n, sizeof *t->files, by_name);
    t->output = hash_file(output);
    return l.why;
}

static const file *find(const tree *t, const char *leaf)
{
    file key;
    snprintf(key.name, sizeof key.name, "%s", leaf);
    return bsearch(&key, t->files, (size_t)t->n, sizeof key, by_name);
}

/* The first thing in which a tree is not the expected one, or NULL. */
static const char *difference(const tree *t)
{
    for (int i = 0; i < expected.n; i++) {
        const file *f = find(t, expected.files[i].name);
        if (!f || f->hash != expected.files[i].hash)
            return expected.files[i].name;
    }
    for (int i = 0; i < t->n; i++)
        if (!find(&expected, t->files[i].name))
            return t->files[i].name;
    return t->output == expected.output ? NULL : "standard output";
}

static bool is_kind(const char *text)
{
    return strcmp(kind, text) == 0;
}

/* The first file that is neither as it was nor as it shall be, or NULL.  A file that was
 * on its way stays where it is the removal that failed, or never came. */
static const char *half_written(const tree *t)
{
    bool removal_failed = is_kind("name") || is_kind("kill");
    for (int i = 0; i < t->n; i++) {
        const file *f = &t->files[i], *was = find(&seeded, f->name), *shall = find(&expected, f->name);
        if (ends(f->name, ".db") || is_beside_store(f->name) || (ends(f->name, ".part") && removal_failed))
            continue;
        if ((!was || was->hash != f->hash) && (!shall || shall->hash != f->hash))
            return f->name;
    }
    return NULL;
}

/* ------------------------------------------------------------------------ running ---- */

/* Where one job works. */
typedef struct place {
    char folder[PATH_MAX], output[PATH_MAX], errors[PATH_MAX], counted[PATH_MAX];
} place;

static place place_of(int job)
{
    place p;
    char base[PATH_MAX / 2];
    snprintf(base, sizeof base, "%s/%s.%d", work, name, job);
    if (mkdir(base, 0755) != 0 && errno != EEXIST)
        die(base);
    join(p.folder, base, "folder");
    join(p.output, base, "output");
    join(p.errors, base, "errors");
    join(p.counted, base, "counted");
    return p;
}

static void redirect(int to, const char *path, int flags)
{
    int fd = open(path, flags, 0644);
    if (fd < 0 || dup2(fd, to) < 0)
        _exit(99);
    close(fd);
}

/* Runs the command with call `n` of the kind failing (n < 0: no library preloaded); returns
 * what waitpid tells. */
static int run(const place *p, long n)
{
    unlink(p->counted);
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        char fault[64];
        if (chdir(p->folder) != 0)
            _exit(99);
        redirect(0, access("stdin", R_OK) == 0 ? "stdin" : "/dev/null", O_RDONLY);
        redirect(1, p->output, O_WRONLY | O_CREAT | O_TRUNC);
        redirect(2, p->errors, O_WRONLY | O_CREAT | O_TRUNC);
        if (n >= 0) {
            snprintf(fault, sizeof fault, "%s:%ld", kind, n);
            setenv("FAULT", fault, 1);
            setenv("FAULT_COUNT", p->counted, 1);
            setenv("LD_PRELOAD", getenv("SHIM"), 1);
        }
        alarm(SECONDS); /* a hang ends with a signal */
        execvp(command[0], command);
        _exit(99);
    }
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            die("waitpid");
    return status;
}

static void read_counted(const place *p, long *calls, long *failed)
{
    FILE *f = fopen(p->counted, "r");
    *calls = *failed = 0;
    if (f) {
        if (fscanf(f, "%ld %ld", calls, failed) != 2)
            *calls = *failed = 0;
        fclose(f);
    }
}

static void wrong(const place *p, long n, const char *what, const char *of)
{
    if (atomic_fetch_add(&count->wrong, 1) >= MAX_TOLD)
        return;
    char text[400] = ""; /* the end of what the program said */
    int fd = open(p->errors, O_RDONLY);
    if (fd >= 0) {
        lseek(fd, -(off_t)(sizeof text - 1), SEEK_END);
        if (read(fd, text, sizeof text - 1) < 0)
            *text = '\0';
        close(fd);
    }
    fprintf(stderr, "%s: FAULT=%s:%ld: %s%s%s\n%s\n", name, kind, n, what, of ? ": " : "", of ? of : "", text);
}

/* Whether this state is new; it is remembered. */
static bool is_new(const tree *t)
{
    uint64_t hash = mix(EMPTY, t->files, (size_t)t->n * sizeof *t->files);
    size_t i = hash % MAX_SEEN;
    for (int tries = 0; seen[i] && tries < MAX_SEEN / 2; tries++, i = (i + 1) % MAX_SEEN)
        if (seen[i] == hash)
            return false;
    seen[i] = hash;
    return true;
}

/* It ended: the stores are sound, and the same command goes on to the same end. */
static void check_stopped(const place *p, long n)
{
    tree t;
    char copy[PATH_MAX];
    struct stat st;
    if (!is_kind("kill") && (stat(p->errors, &st) != 0 || st.st_size == 0))
        wrong(p, n, "no message", NULL);
    look(p->folder, p->output, false, &t);
    const char *half = half_written(&t);
    if (half)
        wrong(p, n, "half-written", half);
    if (!is_new(&t))
        return;
    snprintf(copy, sizeof copy, "%.4000s.copy", p->folder);
    copy_folder(p->folder, copy);
    const char *why = look(copy, p->output, true, &t);
    if (why)
        wrong(p, n, "the store", why);
    int status = run(p, -1);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != expected_exit)
        wrong(p, n, "cannot go on", NULL);
    why = look(p->folder, p->output, true, &t);
    if (why || (why = difference(&t)))
        wrong(p, n, "another result when run again", why);
}

/* Fails call `n`; a program of several threads may reach fewer calls in one run than in
 * another. */
static void try_point(const place *p, long n)
{
    long calls = 0, failed = 0;
    int status = 0, stopped = is_kind("int") ? 130 : 4;
    for (int tries = 0; tries < 10 && failed == 0; tries++) {
        copy_folder(seed, (char *)p->folder);
        status = run(p, n);
        read_counted(p, &calls, &failed);
        if (!WIFEXITED(status))
            break;
    }
    bool killed = is_kind("kill") && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    count->tried++;
    count->failed += failed > 0 || killed;
    if (!WIFEXITED(status) && !killed) {
        wrong(p, n, WTERMSIG(status) == SIGALRM ? "hangs" : "killed by signal", strsignal(WTERMSIG(status)));
    } else if (killed || WEXITSTATUS(status) == stopped) {
        count->stopped++;
        check_stopped(p, n);
    } else if (WEXITSTATUS(status) == expected_exit) {
        tree t;
        const char *why = look(p->folder, p->output, true, &t);
        if (why || (why = difference(&t)))
            wrong(p, n, "went on to another result", why);
        count->survived++;
    } else {
        char text[32];
        snprintf(text, sizeof text, "%d", WEXITSTATUS(status));
        wrong(p, n, "exit", text);
    }
}

/* Tries every call of the kind, or FAULT_POINTS of them, in several processes. */
static void try_kind(void)
{
    const char *text = getenv("FAULT_POINTS"), *parallel = getenv("FAULT_JOBS");
    long most = text ? atol(text) : 0, jobs = parallel ? atol(parallel) : 1, total, none;
    place p = place_of(0);
    memset(count, 0, sizeof *count);
    copy_folder(seed, p.folder);
    run(&p, 0);
    read_counted(&p, &total, &none);
    long points = most > 0 && most < total ? most : total;
    for (long job = 0; job < jobs; job++) {
        if (fork())
            continue;
        p = place_of((int)job);
        for (long i = job; i < points; i += jobs)
            try_point(&p, points == total ? i + 1 : 1 + (long)((double)i * (double)total / (double)points));
        exit(0);
    }
    while (wait(NULL) > 0 || errno == EINTR)
        ;
    printf("%-10s %-6s %8ld %8ld %8ld %8ld %8ld %6ld\n", name, kind, total, points, (long)count->failed,
           (long)count->stopped, (long)count->survived, (long)count->wrong);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc < 5 || !getenv("SHIM") || !getenv("FAULT_WORK"))
        return fprintf(stderr, "faults NAME SEED KINDS COMMAND...\n"), 2;
    name = argv[1];
    seed = argv[2];
    command = argv + 4;
    snprintf(work, sizeof work, "%s", getenv("FAULT_WORK"));
    count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    place p = place_of(0);
    copy_folder(seed, p.folder);
    look(p.folder, p.output, true, &seeded);
    int status = run(&p, -1);
    expected_exit = WIFEXITED(status) ? WEXITSTATUS(status) : 99;
    if (look(p.folder, p.output, true, &expected) || expected_exit > 1)
        return wrong(&p, 0, "does not run undisturbed", NULL), 1;
    bool good = true;
    for (kind = strtok(argv[3], ","); kind; kind = strtok(NULL, ",")) {
        try_kind();
        good = good && count->wrong == 0 && count->failed == count->tried;
    }
    return good ? 0 : 1;
}
