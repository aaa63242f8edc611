/* shim.c: a library to preload that makes one call of the program fail.
 *
 *     FAULT=alloc:N   the Nth allocation returns NULL
 *     FAULT=write:N   from the Nth write to a file on, the disk is full
 *     FAULT=read:N    the Nth read from a file is an error
 *     FAULT=sync:N    the Nth fsync is an error
 *     FAULT=KIND:0    nothing fails; the number of such calls goes to $FAULT_COUNT
 *
 * glibc only.  Standard output and error are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static char kind; /* 'a', 'w', 'r', 's'; 0: not ready */
static long at;
static atomic_long calls;

__attribute__((constructor)) static void begin(void)
{
    const char *fault = getenv("FAULT"), *colon = fault ? strchr(fault, ':') : NULL;
    if (!colon)
        return;
    at = strtol(colon + 1, NULL, 10);
    kind = fault[0];
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("FAULT_COUNT");
    long n = calls;
    kind = 0;
    FILE *f = path ? fopen(path, "w") : NULL;
    if (f) {
        fprintf(f, "%ld\n", n);
        fclose(f);
    }
}

static int fails(char what)
{
    if (kind != what)
        return 0;
    long n = atomic_fetch_add(&calls, 1) + 1;
    return at > 0 && (n == at || (what == 'w' && n > at));
}

void *malloc(size_t n)
{
    return fails('a') ? (errno = ENOMEM, NULL) : __libc_malloc(n);
}

void *calloc(size_t count, size_t n)
{
    return fails('a') ? (errno = ENOMEM, NULL) : __libc_calloc(count, n);
}

void *realloc(void *p, size_t n)
{
    return fails('a') ? (errno = ENOMEM, NULL) : __libc_realloc(p, n);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *p, size_t n)
{
    return fd > 2 && fails('w') ? (errno = ENOSPC, -1) : REAL(write)(fd, p, n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t offset)
{
    return fails('w') ? (errno = ENOSPC, -1) : REAL(pwrite64)(fd, p, n, offset);
}

ssize_t read(int fd, void *p, size_t n)
{
    return fd > 2 && fails('r') ? (errno = EIO, -1) : REAL(read)(fd, p, n);
}

ssize_t pread64(int fd, void *p, size_t n, off64_t offset)
{
    return fails('r') ? (errno = EIO, -1) : REAL(pread64)(fd, p, n, offset);
}

int fsync(int fd)
{
    return fails('s') ? (errno = EIO, -1) : REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    return fails('s') ? (errno = EIO, -1) : REAL(fdatasync)(fd);
}
