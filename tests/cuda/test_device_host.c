/* The GPU engine without a GPU: kernels and host side on the model of a device
 * (tests/cuda/fake), against the other engines, and with every call of the CUDA runtime
 * failing in turn. */
#include "tests/cuda/cases.h"
#include "tests/cuda/fake_cuda.h"

#include <stdio.h>
#include <stdlib.h>

/* TL_LONG set: the long tier, which takes minutes. */
enum { DATABASES = 100, DATABASES_LONG = 2000, FRAMES = 1000, FRAMES_LONG = 6000, LONG_FRAMES = 300, LONG_FRAMES_LONG = 2000, KEYS = 1000 };

static uint64_t turns;

static void other_turns(void)
{
    fake_cuda_seed(++turns);
}

static tl_sequences *few_traces(void)
{
    static const uint32_t a[] = {1, 2, 3, 1, 2, 9}, b[] = {2, 3, 1, 2, 8, 1, 2};
    tl_sequences *db = tl_sequences_new(NULL);
    for (int i = 0; i < 4; i++)
        if (!db || tl_sequences_append(db, i % 2 ? a : b, i % 2 ? 6 : 7, NULL) != TL_OK)
            abort();
    return db;
}

/* ---- failures ---- */

/* Fails the n-th call of the runtime; true while there is one. */
static bool fail_once(cases *c, const tl_sequences *db, long n, bool *ok)
{
    tl_cuda_profile profile;
    tl_mine_options o = tl_mine_defaults();
    tl_error err = {0};
    tl_patterns *found;
    o.engine = &c->gpu.engine;
    c->gpu.profile = n % 2 ? &profile : NULL;
    fake_cuda_fail_at(n);
    int rc = tl_mine(&found, db, &o, &err);
    bool reached = fake_cuda_calls() >= n;
    fake_cuda_fail_at(0);
    c->gpu.profile = NULL;
    tl_patterns_free(found);
    /* A failed free when all is done harms nobody. */
    bool told = rc == TL_OK || (!found && (rc == TL_UNAVAILABLE || rc == TL_NO_MEMORY) &&
                                (strstr(err.message, ".cu") || strstr(err.message, "MiB")));
    if (!told || fake_cuda_open() != 0) {
        printf("      call %ld: status %d, %ld left open: %s\n", n, rc, fake_cuda_open(), err.message);
        *ok = false;
    }
    return reached;
}

static void failing_calls(cases *c)
{
    tl_sequences *db = few_traces();
    bool ok = true;
    long n = 1, failures = 0;
    tl_cuda_limits limits = c->gpu.limits;
    for (int finish = 0; finish < 2; finish++) {
        c->gpu.limits.finish_below = finish ? 100 : 0;
        /* With a profile there are more calls: two misses in a row are the end. */
        for (n = 1; fail_once(c, db, n, &ok) || fail_once(c, db, n + 1, &ok); n++)
            failures++;
    }
    c->gpu.limits = limits;
    cases_result(c, ok && failures > 60, "each of %ld calls of the CUDA runtime fails: told, nothing kept",
                 failures);
    tl_mine_options o = tl_mine_defaults();
    cases_result(c, cases_agree(c, db, &o, &tl_engine_suffix), "and afterwards all is well again");
    tl_sequences_free(db);
}

static void full_device(cases *c)
{
    tl_sequences *db = few_traces();
    tl_mine_options o = tl_mine_defaults();
    tl_error err = {0};
    tl_patterns *found;
    o.engine = &c->gpu.engine;
    fake_cuda_memory(4096);
    int rc = tl_mine(&found, db, &o, &err);
    fake_cuda_memory((size_t)1 << 30);
    tl_patterns_free(found);
    tl_sequences_free(db);
    cases_result(c, rc == TL_NO_MEMORY && !found && strstr(err.message, "0.0 MiB are free"),
                 "a full device: %s", err.message);
}

static void missing_devices(cases *c)
{
    static const struct {
        int count, driver;
        const char *text;
    } machines[] = {{0, 0, "no NVIDIA driver"}, {1, 12040, "for CUDA 12.4"}, {0, 13000, "finds no device"}};
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        tl_cuda_device list[4];
        tl_error err = {0};
        size_t n;
        fake_cuda_devices(machines[i].count, machines[i].driver);
        int rc = c->gpu.library->devices(list, 4, &n, &err);
        cases_result(c, rc == TL_UNAVAILABLE && n == 0 && strstr(err.message, machines[i].text), "%s",
                     err.message);
    }
    tl_cuda_device list[2];
    size_t n;
    fake_cuda_devices(3, 13000);
    int rc = c->gpu.library->devices(list, 2, &n, NULL);
    cases_result(c, rc == TL_OK && n == 2 && list[1].major == 9 && list[1].multiprocessors == 1,
                 "two of three devices listed");
    fake_cuda_devices(1, 13000);
}

static void cancelled(cases *c)
{
    tl_cancel cancel = {true};
    tl_sequences *db = few_traces();
    tl_mine_options o = tl_mine_defaults();
    tl_patterns *found;
    o.engine = &c->gpu.engine;
    o.cancel = &cancel;
    int rc = tl_mine(&found, db, &o, NULL);
    cases_result(c, rc == TL_INTERRUPTED && !found && fake_cuda_open() == 0, "a cancelled run");
    tl_patterns_free(found);
    tl_sequences_free(db);
}

static void profiled(cases *c)
{
    tl_cuda_profile p;
    tl_sequences *db = few_traces();
    tl_mine_options o = tl_mine_defaults();
    tl_cuda_limits limits = c->gpu.limits;
    c->gpu.profile = &p;
    c->gpu.limits.finish_below = 0;
    bool ok = cases_agree(c, db, &o, &tl_engine_suffix);
    for (int s = 0; s < TL_CUDA_STAGES; s++)
        ok = ok && p.milliseconds[s] > 0 && p.bytes[s] > 0;
    ok = ok && p.levels > 1 && p.entries > tl_sequences_total(db) && p.device_bytes > 0 && p.rest == 0;
    c->gpu.profile = NULL;
    c->gpu.limits = limits;
    cases_result(c, ok, "every stage has a time and bytes");
    tl_sequences_free(db);
}

int main(void)
{
    cases c = {.gpu = tl_cuda_adapter_to(tl_cuda_library_get()), .before = other_turns};
    bool is_long = getenv("TL_LONG");
    cases_random(&c, is_long ? DATABASES_LONG : DATABASES);
    cases_degenerate(&c);
    cases_traces(&c, is_long ? FRAMES_LONG : FRAMES);
    cases_long(&c, is_long ? LONG_FRAMES_LONG : LONG_FRAMES);
    cases_postings(&c, FRAMES);
    cases_ladder(&c, KEYS);
    cases_limits(&c);
    failing_calls(&c);
    full_device(&c);
    missing_devices(&c);
    cancelled(&c);
    profiled(&c);
    printf("%llu blocks of the model were run\n", (unsigned long long)fake_cuda_blocks());
    printf("%d passed, %d failed\n", c.passed, c.failed);
    return c.failed == 0 ? 0 : 1;
}
