#include "extract/xml_memory.h"

#include <libxml/xmlmemory.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local bool failed;

static void *checked(void *p)
{
    failed = failed || !p;
    return p;
}

static void *allocate(size_t n)
{
    return checked(malloc(n));
}

static void *reallocate(void *p, size_t n)
{
    return checked(realloc(p, n));
}

static char *duplicate(const char *text)
{
    return checked(strdup(text));
}

static void watch(void)
{
    xmlMemSetup(free, allocate, reallocate, duplicate);
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
