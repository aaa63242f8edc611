#include "tests/support/feed.h"

#include <string.h>

ssize_t test_feed_read(void *feed, void *to, size_t cap, tl_error *err)
{
    test_feed *f = feed;
    size_t n = f->bytes.len - f->at;
    n = n < cap ? n : cap;
    n = n < f->chunk ? n : f->chunk;
    if (n == 0 && f->failure)
        return tl_fail(err, f->failure, "the stream broke");
    if (n)
        memcpy(to, f->bytes.data + f->at, n);
    f->at += n;
    return (ssize_t)n;
}
