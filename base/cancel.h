/* cancel.h: a flag that asks long work to stop.
 *
 * The command line sets it from its SIGINT handler; loops look at it now and
 * then and return TL_INTERRUPTED.  NULL means "cannot be cancelled".
 */
#ifndef TL_BASE_CANCEL_H
#define TL_BASE_CANCEL_H

#include <stdatomic.h>
#include <stdbool.h>

typedef struct tl_cancel {
    atomic_bool requested; /* lock-free, so a signal handler may set it */
} tl_cancel;

static inline bool tl_cancelled(const tl_cancel *c)
{
    return c && atomic_load_explicit(&((tl_cancel *)c)->requested, memory_order_relaxed);
}

#endif
