/* shim.c: a library to preload that makes one call of the program fail, or ends the program there.
 *
 *     FAULT=alloc:N   the Nth allocation returns NULL
 *     FAULT=read:N    the Nth read is an error (EIO)
 *     FAULT=write:N   the Nth write is an error (EIO), the next ones are not
 *     FAULT=full:N    from the Nth write on, the disk is full (ENOSPC)
 *     FAULT=sync:N    the Nth fsync is an error
 *     FAULT=name:N    the Nth open, mkdir, rename, unlink, ftruncate or lock is an error
 *     FAULT=close:N   the Nth close is an error, though it closes
 *     FAULT=start:N   the Nth thread or child process cannot be started
 *     FAULT=map:N     the Nth mmap is an error
 *     FAULT=kill:N    the program is killed before the Nth write, fsync, close (after it), or
 *                     call that "name" counts: all that another process can see
 *     FAULT=int:N     it gets SIGINT there
 *     FAULT=KIND:0    nothing fails
 *
 * At the end "CALLS FAILED" goes to $FAULT_COUNT: how many calls of the kind there were,
 * and how many of them failed.  glibc only.
 *
 * The C library's own streams do not read and write through names that can be replaced:
 * so fopen, stdin and stdout here are streams over this file's read and write.  Standard
 * error is left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static const char *const kinds[] = {"alloc", "read", "write", "full", "sync", "name", "close", "start", "map", "kill", "int", NULL};
enum { ALLOC, READ, WRITE, FULL, SYNC, NAME, CLOSE, START, MAP, KILL, INT, NONE };

static int kind = NONE;
static long at;
static atomic_long calls, failed;
static char count_path[4096];

static bool is_visible(int what)
{
    return what == WRITE || what == SYNC || what == NAME || what == CLOSE;
}

static bool fails(int what)
{
    if ((kind == KILL || kind == INT) && is_visible(what)) {
        if (atomic_fetch_add(&calls, 1) + 1 == at) {
            failed++;
            kill(getpid(), kind == KILL ? SIGKILL : SIGINT);
        }
        return false;
    }
    if (kind != what)
        return false;
    long n = atomic_fetch_add(&calls, 1) + 1;
    if (at == 0 || (what == FULL ? n < at : n != at))
        return false;
    failed++;
    return true;
}

/* The errno of a write that fails, or 0. */
static int write_error(int fd)
{
    if (fd == 2)
        return 0;
    return fails(WRITE) ? EIO : fails(FULL) ? ENOSPC : 0;
}

/* The next library's function of this name: libc's, or a sanitizer's. */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define REAL_ONCE(name)                      \
    static __typeof__(&name) real;           \
    if (!real)                               \
        real = REAL(name)

/* ------------------------------------------------------------------------ memory ---- */

void *malloc(size_t n)
{
    REAL_ONCE(malloc);
    return fails(ALLOC) ? (errno = ENOMEM, NULL) : real(n);
}

void *calloc(size_t count, size_t n)
{
    REAL_ONCE(calloc);
    return fails(ALLOC) ? (errno = ENOMEM, NULL) : real(count, n);
}

void *realloc(void *p, size_t n)
{
    REAL_ONCE(realloc);
    return fails(ALLOC) ? (errno = ENOMEM, NULL) : real(p, n);
}

int posix_memalign(void **out, size_t alignment, size_t n)
{
    REAL_ONCE(posix_memalign);
    return fails(ALLOC) ? ENOMEM : real(out, alignment, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
    REAL_ONCE(aligned_alloc);
    return fails(ALLOC) ? (errno = ENOMEM, NULL) : real(alignment, n);
}

/* These call what is above; a sanitizer's own would not. */
void *reallocarray(void *p, size_t count, size_t n)
{
    size_t all;
    return __builtin_mul_overflow(count, n, &all) ? (errno = ENOMEM, NULL) : realloc(p, all);
}

char *strndup(const char *text, size_t n)
{
    size_t len = strnlen(text, n);
    char *copy = malloc(len + 1);
    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

char *strdup(const char *text)
{
    return strndup(text, strlen(text));
}

void *mmap(void *where, size_t n, int protection, int flags, int fd, off_t offset)
{
    return fails(MAP) ? (errno = ENOMEM, MAP_FAILED)
                      : (void *)syscall(SYS_mmap, where, n, protection, flags, fd, offset);
}

void *mmap64(void *where, size_t n, int protection, int flags, int fd, off64_t offset)
{
    return mmap(where, n, protection, flags, fd, offset);
}

/* --------------------------------------------------------------- reads and writes ---- */

ssize_t read(int fd, void *p, size_t n)
{
    return fails(READ) ? (errno = EIO, -1) : REAL(read)(fd, p, n);
}

ssize_t pread(int fd, void *p, size_t n, off_t offset)
{
    return fails(READ) ? (errno = EIO, -1) : REAL(pread)(fd, p, n, offset);
}

ssize_t pread64(int fd, void *p, size_t n, off64_t offset)
{
    return fails(READ) ? (errno = EIO, -1) : REAL(pread64)(fd, p, n, offset);
}

ssize_t write(int fd, const void *p, size_t n)
{
    int error = write_error(fd);
    return error ? (errno = error, -1) : REAL(write)(fd, p, n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t offset)
{
    int error = write_error(fd);
    return error ? (errno = error, -1) : REAL(pwrite)(fd, p, n, offset);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t offset)
{
    int error = write_error(fd);
    return error ? (errno = error, -1) : REAL(pwrite64)(fd, p, n, offset);
}

int fsync(int fd)
{
    return fails(SYNC) ? (errno = EIO, -1) : REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    return fails(SYNC) ? (errno = EIO, -1) : REAL(fdatasync)(fd);
}

int close(int fd)
{
    int rc = REAL(close)(fd);
    return rc == 0 && fails(CLOSE) ? (errno = EIO, -1) : rc;
}

/* ---------------------------------------------------------------- files and locks ---- */

static mode_t mode_of(int flags, va_list ap)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = mode_of(flags, ap);
    va_end(ap);
    return fails(NAME) ? (errno = EACCES, -1) : REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = mode_of(flags, ap);
    va_end(ap);
    return fails(NAME) ? (errno = EACCES, -1) : REAL(open64)(path, flags, mode);
}

int mkdir(const char *path, mode_t mode)
{
    return fails(NAME) ? (errno = EACCES, -1) : REAL(mkdir)(path, mode);
}

int rename(const char *from, const char *to)
{
    return fails(NAME) ? (errno = EIO, -1) : REAL(rename)(from, to);
}

int unlink(const char *path)
{
    return fails(NAME) ? (errno = EIO, -1) : REAL(unlink)(path);
}

int ftruncate(int fd, off_t size)
{
    return fails(NAME) ? (errno = EIO, -1) : REAL(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    return fails(NAME) ? (errno = EIO, -1) : REAL(ftruncate64)(fd, size);
}

static int control(int fd, int command, void *arg)
{
    bool locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK;
    return locks && fails(NAME) ? (errno = ENOLCK, -1) : (int)syscall(SYS_fcntl, fd, command, arg);
}

int fcntl(int fd, int command, ...)
{
    va_list ap;
    va_start(ap, command);
    void *arg = va_arg(ap, void *);
    va_end(ap);
    return control(fd, command, arg);
}

int fcntl64(int fd, int command, ...)
{
    va_list ap;
    va_start(ap, command);
    void *arg = va_arg(ap, void *);
    va_end(ap);
    return control(fd, command, arg);
}

/* -------------------------------------------------------------- threads, processes ---- */

int pthread_create(pthread_t *out, const pthread_attr_t *attributes, void *(*run)(void *), void *arg)
{
    return fails(START) ? EAGAIN : REAL(pthread_create)(out, attributes, run, arg);
}

int posix_spawnp(pid_t *out, const char *file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
{
    return fails(START) ? EAGAIN : REAL(posix_spawnp)(out, file, actions, attributes, argv, envp);
}

/* ----------------------------------------------------------------------- streams ---- */

/* In small pieces, so that a small file is read more than once. */
static ssize_t stream_read(void *fd, char *p, size_t n)
{
    return read((int)(intptr_t)fd, p, n < 200 ? n : 200);
}

static ssize_t stream_write(void *fd, const char *p, size_t n)
{
    ssize_t written = write((int)(intptr_t)fd, p, n);
    return written < 0 ? 0 : written;
}

static int stream_seek(void *fd, off64_t *offset, int whence)
{
    off64_t at_now = lseek64((int)(intptr_t)fd, *offset, whence);
    return at_now < 0 ? -1 : (*offset = at_now, 0);
}

static int stream_close(void *fd)
{
    return close((int)(intptr_t)fd);
}

static FILE *stream(int fd, const char *mode)
{
    cookie_io_functions_t io = {stream_read, stream_write, stream_seek, stream_close};
    return fopencookie((void *)(intptr_t)fd, mode, io);
}

FILE *fopen(const char *path, const char *mode)
{
    int fd = open(path, *mode == 'r' ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0666);
    FILE *f = fd < 0 ? NULL : stream(fd, mode);
    if (fd >= 0 && !f) { /* the real one allocates before it makes the file */
        REAL(close)(fd);
        if (*mode == 'w')
            REAL(unlink)(path);
        errno = ENOMEM;
    }
    return f;
}

/* ----------------------------------------------------------------- begin and end ---- */

__attribute__((constructor)) static void begin(void)
{
    const char *fault = getenv("FAULT"), *path = getenv("FAULT_COUNT"), *colon = fault ? strchr(fault, ':') : NULL;
    if (!colon)
        return;
    stdin = stream(0, "r");
    stdout = stream(1, "w");
    snprintf(count_path, sizeof count_path, "%s", path ? path : "");
    at = strtol(colon + 1, NULL, 10);
    int found = 0;
    while (kinds[found] && (strlen(kinds[found]) != (size_t)(colon - fault) || strncmp(kinds[found], fault, (size_t)(colon - fault)) != 0))
        found++;
    unsetenv("FAULT"); /* not for children */
    kind = found;
}

__attribute__((destructor)) static void end(void)
{
    char text[64];
    kind = NONE;
    int fd = *count_path ? REAL(open)(count_path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
    if (fd < 0)
        return;
    int n = snprintf(text, sizeof text, "%ld %ld\n", (long)calls, (long)failed);
    if (REAL(write)(fd, text, (size_t)n) != n)
        abort();
    REAL(close)(fd);
}
