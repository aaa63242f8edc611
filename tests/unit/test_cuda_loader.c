/* The GPU engine's loader where there is no library, a wrong one, or no GPU. */
#include "cuda/loader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* Loads `file` (NULL: whatever is found) and returns the status. */
static int load(const char *file, tl_error *err)
{
    const tl_engine *engine;
    *err = (tl_error){0};
    if (file)
        setenv("TL_CUDA_LIBRARY", file, 1);
    else
        unsetenv("TL_CUDA_LIBRARY");
    int rc = tl_cuda_engine(&engine, err);
    unsetenv("TL_CUDA_LIBRARY");
    if (rc == TL_OK)
        assert_string_equal(tl_engine_name(engine), "cuda");
    else
        assert_null(engine);
    return rc;
}

static void missing_library(void **state)
{
    (void)state;
    tl_error err;
    assert_int_equal(load("/nowhere/libtracelode_cuda.so", &err), TL_UNAVAILABLE);
    assert_int_equal(err.status, TL_UNAVAILABLE);
    assert_non_null(strstr(err.message, "/nowhere/libtracelode_cuda.so"));
    assert_non_null(strstr(err.message, "make cuda"));
}

static void broken_library(void **state)
{
    (void)state;
    char path[] = "/tmp/test_cuda_loader.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "no library", 10), 10);
    close(fd);
    tl_error err;
    int rc = load(path, &err);
    unlink(path);
    assert_int_equal(rc, TL_UNAVAILABLE);
    assert_non_null(strstr(err.message, path));
}

/* A library that is none of ours: it lacks the one symbol. */
static void foreign_library(void **state)
{
    (void)state;
    tl_error err;
    assert_int_equal(load("libm.so.6", &err), TL_UNAVAILABLE);
    assert_non_null(strstr(err.message, "another version"));
}

static void devices_fail_alike(void **state)
{
    (void)state;
    tl_error err = {0};
    tl_cuda_device list[2];
    size_t n = 7;
    setenv("TL_CUDA_LIBRARY", "/nowhere/libtracelode_cuda.so", 1);
    assert_int_equal(tl_cuda_devices(list, 2, &n, &err), TL_UNAVAILABLE);
    unsetenv("TL_CUDA_LIBRARY");
    assert_int_equal(n, 0);
    assert_non_null(strstr(err.message, "no GPU engine"));
}

/* As it is on this machine: an engine, or a reason. */
static void this_machine(void **state)
{
    (void)state;
    tl_error err;
    if (load(NULL, &err) == TL_OK) {
        tl_cuda_device list[2];
        size_t n = 0;
        assert_int_equal(tl_cuda_devices(list, 2, &n, &err), TL_OK);
        assert_in_range(n, 1, 2);
        assert_true(list[0].major >= 3 && list[0].memory > 0 && list[0].name[0] != '\0');
    } else {
        assert_int_equal(err.status, TL_UNAVAILABLE);
        assert_true(strstr(err.message, "no GPU: ") || strstr(err.message, "no GPU engine: "));
        printf("%s\n", err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_library),    cmocka_unit_test(broken_library),
        cmocka_unit_test(foreign_library),    cmocka_unit_test(devices_fail_alike),
        cmocka_unit_test(this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
