/* The GPU engine on a GPU, against the other engines.  A plain program: it needs a C
 * compiler, nvcc and nothing else to build.
 *
 *     check          everything
 *     check quick    small sizes, to be run under compute-sanitizer
 *
 * Prints a line for each check; exit status 1 if one fails, 2 if there is no GPU. */
#include "tests/cuda/cases.h"

#include <stdio.h>

enum { MAX_DEVICES = 16 };

static bool list_devices(const tl_cuda_library *library)
{
    tl_cuda_device list[MAX_DEVICES];
    tl_error err;
    size_t n;
    if (library->devices(list, MAX_DEVICES, &n, &err) != TL_OK) {
        fprintf(stderr, "check: %s\n", err.message);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        printf("GPU %zu: %s, compute capability %d.%d, %.1f GiB\n", i, list[i].name, list[i].major,
               list[i].minor, (double)list[i].memory / (1 << 30));
    return true;
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "quick") == 0;
    cases c = {.gpu = tl_cuda_adapter_to(tl_cuda_library_get())};
    if (!list_devices(c.gpu.library))
        return 2;
    cases_random(&c, quick ? 40 : 3000);
    cases_degenerate(&c);
    cases_traces(&c, quick ? 3000 : 20000);
    if (!quick)
        cases_traces(&c, 3000000);
    cases_long(&c, quick ? 2000 : 1000000);
    cases_postings(&c, quick ? 3000 : 300000);
    cases_ladder(&c, quick ? 3000 : 3000000);
    cases_limits(&c);
    printf("%d passed, %d failed\n", c.passed, c.failed);
    return c.failed == 0 ? 0 : 1;
}
