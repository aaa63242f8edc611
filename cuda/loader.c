#include "cuda/loader.h"
#include "cuda/adapter.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LIBRARY "libtracelode_cuda.so"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static tl_cuda_adapter adapter; /* library NULL: not loaded yet */

/* The path of LIBRARY in `folder`, seen from the program's own; false if it is not there. */
static bool find_beside(const char *folder, char path[PATH_MAX + 64])
{
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);
    if (n <= 0)
        return false;
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash)
        return false;
    size_t room = PATH_MAX + 64 - (size_t)(slash - path);
    snprintf(slash, room, "/%s%s", folder, LIBRARY);
    return access(path, F_OK) == 0;
}

/* NULL: dlerror() tells why. */
static void *open_library(void)
{
    char path[PATH_MAX + 64];
    const char *file = getenv("TL_CUDA_LIBRARY");
    if (!file || !file[0])
        file = find_beside("", path) || find_beside("../lib/tracelode/", path) ? path : LIBRARY;
    return dlopen(file, RTLD_NOW | RTLD_LOCAL);
}

static int load(tl_error *err)
{
    errno = 0;
    void *handle = open_library();
    if (!handle) {
        bool no_memory = errno == ENOMEM;
        const char *why = dlerror();
        if (no_memory || errno == ENOMEM)
            return tl_fail_memory(err, "the GPU engine");
        return tl_fail(err, TL_UNAVAILABLE,
                       "no GPU engine: %s ('make cuda' builds it where nvcc is)",
                       why ? why : LIBRARY " cannot be loaded");
    }
    /* POSIX lets a function's address pass through void *, ISO C does not. */
    tl_cuda_library_getter *get;
    *(void **)&get = dlsym(handle, "tl_cuda_library_get");
    const tl_cuda_library *library = get ? get() : NULL;
    if (!library || library->abi != TL_CUDA_ABI) {
        dlclose(handle);
        return tl_fail(err, TL_UNAVAILABLE,
                       "no GPU engine: the " LIBRARY " found belongs to another version");
    }
    adapter = tl_cuda_adapter_to(library);
    return TL_OK;
}

static int loaded(tl_error *err)
{
    pthread_mutex_lock(&lock);
    int rc = adapter.library ? TL_OK : load(err);
    pthread_mutex_unlock(&lock);
    return rc;
}

int tl_cuda_devices(tl_cuda_device *list, size_t cap, size_t *n, tl_error *err)
{
    *n = 0;
    int rc = loaded(err);
    return rc ? rc : adapter.library->devices(list, cap, n, err);
}

int tl_cuda_engine(const tl_engine **out, tl_error *err)
{
    tl_cuda_device device;
    size_t n;
    *out = NULL;
    int rc = tl_cuda_devices(&device, 1, &n, err);
    if (rc == TL_OK)
        *out = &adapter.engine;
    return rc;
}
