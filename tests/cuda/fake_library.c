/* A GPU library that mines nothing: it finds one pattern, the first symbol with support
 * 77, and then ends as the environment variable TL_FAKE_CUDA says. */
#include "cuda/library.h"

#include <stdlib.h>
#include <string.h>

static int devices(tl_cuda_device *list, size_t cap, size_t *n, tl_error *err)
{
    (void)err;
    *n = cap > 0;
    if (cap > 0)
        list[0] = (tl_cuda_device){.name = "no GPU at all", .major = 9, .memory = 1};
    return TL_OK;
}

static int mine(const tl_cuda_job *job, tl_error *err)
{
    const char *end = getenv("TL_FAKE_CUDA");
    tl_cuda_pattern *patterns;
    size_t n;
    int rc = job->found(job->ctx, 1, &patterns, &n, err);
    if (rc)
        return rc;
    patterns[n] = (tl_cuda_pattern){0, 1, 77};
    if (!end)
        return TL_OK;
    if (strcmp(end, "lost") == 0)
        return tl_fail(err, TL_UNAVAILABLE, "GPU: lost");
    if (strcmp(end, "full") == 0)
        return tl_fail(err, TL_NO_MEMORY, "GPU: full");
    return tl_fail(err, TL_INTERRUPTED, "GPU: stopped");
}

__attribute__((visibility("default"))) const tl_cuda_library *tl_cuda_library_get(void)
{
    static const tl_cuda_library library = {TL_CUDA_ABI, devices, mine};
    return &library;
}
