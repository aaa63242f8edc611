/* cases.h: the GPU engine against the other engines.
 *
 * The same cases run on a real GPU (tests/cuda/check.c) and on the model of one
 * (tests/cuda/test_device_host.c); each prints one line.
 */
#ifndef TL_TESTS_CUDA_CASES_H
#define TL_TESTS_CUDA_CASES_H

#include "cuda/adapter.h"
#include "tests/support/databases.h"

typedef struct cases {
    tl_cuda_adapter gpu;
    int passed, failed;
    void (*before)(void); /* called before every run on the GPU; may be NULL */
} cases;

/* Prints "ok" or "FAIL" with the name, formatted, and counts it. */
void cases_result(cases *c, bool ok, const char *fmt, ...) TL_PRINTF(3, 4);

/* True if the GPU engine finds what `other` finds; else says what differs. */
bool cases_agree(cases *c, const tl_sequences *db, const tl_mine_options *options,
                 const tl_engine *other);

/* `databases` random ones of at most about 60 symbols, with random options and limits,
 * against the oracle, the suffix engine and CC-Span. */
void cases_random(cases *c, int databases);

/* Empty, one symbol, all equal, all distinct, periodic, identical, cut ones. */
void cases_degenerate(cases *c);

/* Synthetic traces, `frames` in all, against the suffix engine and CC-Span. */
void cases_traces(cases *c, size_t frames);

/* One sequence of `frames` frames, alone and among short pieces of it, by sequences,
 * against the suffix engine. */
void cases_long(cases *c, size_t frames);

/* Coverage, read from the posting lists, is as with the suffix engine. */
void cases_postings(cases *c, size_t frames);

/* Every version of the ladder in cuda/lab on up to `keys` keys, many of them equal. */
void cases_ladder(cases *c, uint32_t keys);

/* Limits on frames and memory are kept, with a message that says so. */
void cases_limits(cases *c);

#endif
