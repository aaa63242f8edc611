/* Runs one fuzz target on the inputs kept for it, without a fuzzer: what once crashed
 * stays a test, with any compiler.  Linked with a target, whose name is TL_FUZZ_TARGET;
 * files given as arguments replace those of tests/fixtures/fuzz. */
#include "tests/fuzz/fuzz.h"

#include <glob.h>

#include "tests/support/files.h"

static void replay(const char *path)
{
    tl_buf whole = test_file_read(path);
    /* In memory of just that size, so that a sanitizer sees a read past the end. */
    uint8_t *data = malloc(whole.len ? whole.len : 1);
    require(data != NULL);
    if (whole.len)
        memcpy(data, whole.data, whole.len);
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, whole.len);
    free(data);
    tl_buf_free(&whole);
}

int main(int argc, char **argv)
{
    static const uint8_t nothing[1];
    LLVMFuzzerTestOneInput(nothing, 0);
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    if (argc > 1)
        return 0;
    glob_t kept;
    if (glob("tests/fixtures/fuzz/" TL_FUZZ_TARGET "/*", 0, NULL, &kept) != 0) {
        fprintf(stderr, "tests/fixtures/fuzz/%s: no inputs\n", TL_FUZZ_TARGET);
        return 1;
    }
    for (size_t i = 0; i < kept.gl_pathc; i++)
        replay(kept.gl_pathv[i]);
    globfree(&kept);
    return 0;
}
