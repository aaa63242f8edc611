#include "extract/xml_memory.h"

#include <libxml/globals.h>
#include <libxml/xmlmemory.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What is served where the system has nothing left: enough for the longest row, whose
 * buffer doubles.  Costs nothing before it is touched. */
enum { RESERVE = 64 << 20, ALIGNMENT = 16 };

static _Alignas(ALIGNMENT) char reserve[RESERVE];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t taken, pieces; /* bytes handed out, and how many pieces were not given back */
static _Thread_local bool failed;

/* A piece of the reserve; its size stands before it. */
static void *take(size_t n)
{
    char *piece = NULL;
    failed = true;
    pthread_mutex_lock(&lock);
    if (n < RESERVE && taken + n + 2 * ALIGNMENT <= RESERVE) {
        memcpy(reserve + taken, &n, sizeof n);
        piece = reserve + taken + ALIGNMENT;
        taken += ALIGNMENT + (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        pieces++;
    }
    pthread_mutex_unlock(&lock);
    return piece;
}

static void give_back(void)
{
    pthread_mutex_lock(&lock);
    if (--pieces == 0)
        taken = 0;
    pthread_mutex_unlock(&lock);
}

static bool is_of_reserve(const void *p)
{
    return (uintptr_t)p - (uintptr_t)reserve < RESERVE;
}

static size_t size_of(void *p)
{
    size_t n;
    if (!is_of_reserve(p))
        return malloc_usable_size(p);
    memcpy(&n, (char *)p - ALIGNMENT, sizeof n);
    return n;
}

static void *allocate(size_t n)
{
    void *p = malloc(n);
    return p ? p : take(n);
}

static void release(void *p)
{
    if (is_of_reserve(p))
        give_back();
    else
        free(p);
}

static void *reallocate(void *p, size_t n)
{
    if (!p)
        return allocate(n);
    void *more = is_of_reserve(p) ? NULL : realloc(p, n);
    if (!more && (more = take(n))) {
        size_t old = size_of(p);
        memcpy(more, p, old < n ? old : n);
        release(p);
    }
    return more;
}

static char *duplicate(const char *text)
{
    const size_t n = strlen(text) + 1;
    char *copy = allocate(n);
    if (copy)
        memcpy(copy, text, n);
    return copy;
}

static void say_nothing(void *ctx, const char *format, ...)
{
    (void)ctx;
    (void)format;
}

static void watch(void)
{
    xmlMemSetup(release, allocate, reallocate, duplicate);
    xmlThrDefSetGenericErrorFunc(NULL, say_nothing); /* of threads to come */
    xmlSetGenericErrorFunc(NULL, say_nothing);       /* of this one */
}

void tl_xml_memory_watch(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch);
}

void tl_xml_memory_reset(void)
{
    failed = false;
}

bool tl_xml_memory_failed(void)
{
    return failed;
}
