#include "sql/json.h"

#include <pthread.h>
#include <stdlib.h>

static _Thread_local bool failed;

static void *allocate(size_t n)
{
    void *p = malloc(n);
    failed = failed || !p;
    return p;
}

static void configure(void)
{
    json_set_alloc_funcs(allocate, free);
}

json_t *tl_json_load(tl_str text, size_t flags, json_error_t *why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure);
    failed = false;
    json_t *value = json_loadb(text.data, text.len, flags, why);
    if (!failed)
        return value;
    json_decref(value);
    why->text[0] = '\0';
    return NULL;
}
