/* The engine `auto`: when it takes the GPU, and what it does where that fails.  The GPU is
 * tests/cuda/fake_library.c, which is found in $BUILD/tests. */
#include "cuda/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char told[2048], library[4096];
static bool postings; /* are wanted */

static void tell(const char *line)
{
    snprintf(told, sizeof told, "%s", line);
}

/* Mines {1 2 3, 1 2, 1}, where 1 has support 3 and 1 2 has 2, with `auto` from `from` frames
 * on; the support of the first pattern, or the status.  *engine: which one did it. */
static int mine(const char *from, const char *file, const char *end, const char **engine)
{
    static const uint32_t symbols[] = {1, 2, 3};
    tl_sequences *db = tl_sequences_new(NULL);
    for (size_t n = 3; n > 0; n--)
        assert_int_equal(tl_sequences_append(db, symbols, n, NULL), TL_OK);
    from ? setenv("TL_CUDA_FROM", from, 1) : unsetenv("TL_CUDA_FROM");
    end ? setenv("TL_FAKE_CUDA", end, 1) : unsetenv("TL_FAKE_CUDA");
    setenv("TL_CUDA_LIBRARY", file, 1);
    tl_mine_options o = tl_mine_defaults();
    tl_patterns *found;
    o.want_postings = postings;
    tl_error err;
    o.engine = tl_engine_auto(tell);
    told[0] = '\0';
    int rc = tl_mine(&found, db, &o, &err);
    if (rc == TL_OK) {
        rc = (int)tl_patterns_get(found, 0).support;
        *engine = tl_engine_name(tl_patterns_stats(found)->engine);
        if (strcmp(*engine, "suffix") == 0)
            assert_int_equal(tl_patterns_count(found), 2);
    } else
        assert_string_equal(err.message, "GPU: stopped");
    tl_patterns_free(found);
    tl_sequences_free(db);
    return rc;
}

static void small_stays_on_the_cpu(void **state)
{
    (void)state;
    static const char *const from[] = {NULL, "7", "many", "-1"};
    const char *engine;
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        assert_int_equal(mine(from[i], "/nowhere/lib.so", NULL, &engine), 3);
        assert_string_equal(engine, "suffix");
        assert_string_equal(told, "");
    }
}

static void no_library_is_told(void **state)
{
    (void)state;
    const char *engine;
    assert_int_equal(mine("6", "/nowhere/lib.so", NULL, &engine), 3);
    assert_string_equal(engine, "suffix");
    assert_non_null(strstr(told, "mining on the CPU: no GPU engine: /nowhere/lib.so"));
}

static void large_goes_to_the_gpu(void **state)
{
    (void)state;
    const char *engine;
    if (access(library, R_OK) != 0)
        skip();
    assert_int_equal(mine("6", library, NULL, &engine), 77);
    assert_string_equal(engine, "cuda");
    assert_string_equal(told, "");
}

static void posting_lists_stay_on_the_cpu(void **state)
{
    (void)state;
    const char *engine;
    postings = true;
    assert_int_equal(mine("0", library, NULL, &engine), 3);
    postings = false;
    assert_string_equal(engine, "suffix");
    assert_string_equal(told, "");
}

static void failure_is_told_and_made_good(void **state)
{
    (void)state;
    static const char *const ends[] = {"lost", "full"};
    const char *engine;
    if (access(library, R_OK) != 0)
        skip();
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char line[64];
        snprintf(line, sizeof line, "mining on the CPU: GPU: %s", ends[i]);
        assert_int_equal(mine("0", library, ends[i], &engine), 3);
        assert_string_equal(engine, "suffix");
        assert_string_equal(told, line);
    }
}

static void interruption_ends_the_run(void **state)
{
    (void)state;
    const char *engine;
    if (access(library, R_OK) != 0)
        skip();
    assert_int_equal(mine("0", library, "interrupted", &engine), TL_INTERRUPTED);
    assert_string_equal(told, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_stays_on_the_cpu),
        cmocka_unit_test(no_library_is_told), /* before a library is there to stay */
        cmocka_unit_test(large_goes_to_the_gpu),
        cmocka_unit_test(posting_lists_stay_on_the_cpu),
        cmocka_unit_test(failure_is_told_and_made_good),
        cmocka_unit_test(interruption_ends_the_run),
    };
    const char *build = getenv("BUILD");
    snprintf(library, sizeof library, "%s/tests/libtracelode_cuda_fake.so", build ? build : "build");
    if (access(library, R_OK) != 0)
        printf("skipped in part: %s is not there\n", library);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
