/* threads.h: work shared between threads.
 *
 * Results never depend on the number of threads: tl_parallel_for only says who
 * computes a range, never in which order results are put together.
 */
#ifndef TL_BASE_THREADS_H
#define TL_BASE_THREADS_H

#include <stddef.h>

/* The number of processors this process may run on, at least 1. */
int tl_cpu_count(void);

/* Calls body(ctx, begin, end, worker) on disjoint ranges that cover [0, n), on up
 * to `threads` threads, the caller's own included; `worker` is 0 .. threads-1 and
 * at most one call with the same `worker` runs at a time.  Ranges hold at most
 * `grain` items (0 = chosen).  Returns when every range is done.  If a thread
 * cannot be started its share is done by the others, so this cannot fail. */
void tl_parallel_for(size_t n, size_t grain, int threads,
                     void (*body)(void *ctx, size_t begin, size_t end, int worker), void *ctx);

#endif
