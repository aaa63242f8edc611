#include <sys/resource.h>
#include <time.h>

#include "tools/cli/cli.h"

static struct timespec begun;

void tl_cli_begin(void)
{
    clock_gettime(CLOCK_MONOTONIC, &begun);
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

void tl_cli_closing(const char *command)
{
    struct rusage u;
    struct timespec now;
    getrusage(RUSAGE_SELF, &u);
    clock_gettime(CLOCK_MONOTONIC, &now);
    double wall = (double)(now.tv_sec - begun.tv_sec) + (double)(now.tv_nsec - begun.tv_nsec) * 1e-9;
    tl_cli_note("tracelode %s %s: %.2f s wall, %.2f s CPU, %.1f MB peak memory", TL_VERSION, command, wall,
                seconds(u.ru_utime) + seconds(u.ru_stime), (double)u.ru_maxrss * 1024 / 1e6);
}
