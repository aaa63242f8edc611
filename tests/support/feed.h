/* feed.h: bytes in memory as a source that gives a few at a time, and may break off. */
#ifndef TL_TESTS_SUPPORT_FEED_H
#define TL_TESTS_SUPPORT_FEED_H

#include <sys/types.h>

#include "base/error.h"
#include "base/str.h"

typedef struct test_feed {
    tl_str bytes;
    size_t at, chunk; /* given so far, and at most at a time */
    int failure;      /* returned at the end of the bytes, unless 0 */
} test_feed;

/* A tl_read_fn; `feed` is a test_feed. */
ssize_t test_feed_read(void *feed, void *to, size_t cap, tl_error *err);

#endif
