/* fuzz.h: what the fuzz targets share.
 *
 * A target is a C file with LLVMFuzzerTestOneInput.  It aborts where a promise is
 * broken.  libFuzzer runs it (run.sh); replay.c runs it without, on the inputs of
 * tests/fixtures/fuzz/TARGET.
 */
#ifndef TL_TESTS_FUZZ_H
#define TL_TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define require(holds) ((holds) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #holds))

_Noreturn static inline void fuzz_broken(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: broken: %s\n", file, line, what);
    abort();
}

/* Reads every byte, so that a sanitizer sees where a string points. */
static inline void fuzz_touch(tl_str s)
{
    volatile unsigned char last = 0;
    for (size_t i = 0; i < s.len; i++)
        last = (unsigned char)s.data[i];
    (void)last;
}

/* A failure says so, and why. */
static inline void fuzz_check_error(int rc, const tl_error *err)
{
    require(rc < 0 && err->status == rc && err->message[0] != '\0');
    require(memchr(err->message, '\0', sizeof err->message));
}

#endif
