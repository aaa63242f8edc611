/* The pipeline: order, failures at every stage, cancelling, with 1 to 8 workers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "extract/pipeline.h"
#include "tests/support/databases.h"

enum { MAX_WORKERS = 8 };

/* A line of numbered batches: rows.offset is the number, `repaired` what the worker
 * makes of it. */
typedef struct line {
    int64_t batches;
    int64_t fill_fails_at, work_fails_at, write_fails_at, cancel_at; /* -1: never */
    int workers;
    unsigned jitter; /* makes some batches slow */
    tl_cancel cancel;
    /* reader */
    int64_t filled;
    /* workers */
    atomic_int busy[MAX_WORKERS];
    atomic_int_fast64_t worked;
    /* writer */
    int64_t written;
} line;

static void dawdle(const line *l, uint64_t n)
{
    if (l->jitter && (n * 2654435761u >> 7) % l->jitter == 0)
        usleep((useconds_t)(n * 40503u % 300));
}

static int fill(void *ctx, tl_batch *b, tl_error *err)
{
    line *l = ctx;
    assert_int_equal(b->n_records, 0);
    assert_int_equal(b->repaired, 0);
    if (l->filled == l->fill_fails_at)
        return tl_fail(err, TL_BAD_INPUT, "fill %lld", (long long)l->filled);
    if (l->filled == l->batches)
        return 0;
    b->rows.offset = (uint64_t)l->filled++;
    return 1;
}

static int work(void *ctx, int worker, tl_batch *b, tl_error *err)
{
    line *l = ctx;
    if (worker < 0 || worker >= l->workers || atomic_exchange(&l->busy[worker], 1))
        return tl_fail(err, TL_IO, "worker %d is used twice", worker);
    dawdle(l, b->rows.offset);
    if ((int64_t)b->rows.offset == l->work_fails_at)
        return tl_fail(err, TL_NO_MEMORY, "work %llu", (unsigned long long)b->rows.offset);
    b->repaired = (int64_t)b->rows.offset * 3 + 1;
    if (!tl_batch_add_record(b))
        return tl_fail_memory(err, "a record");
    atomic_fetch_add(&l->worked, 1);
    atomic_store(&l->busy[worker], 0);
    return TL_OK;
}

static int write_one(void *ctx, tl_batch *b, tl_error *err)
{
    line *l = ctx;
    if ((int64_t)b->rows.offset != l->written || b->repaired != l->written * 3 + 1 || b->n_records != 1)
        return tl_fail(err, TL_USAGE, "batch %llu where %lld is due", (unsigned long long)b->rows.offset,
                       (long long)l->written);
    dawdle(l, b->rows.offset + 1000);
    if (l->written == l->write_fails_at)
        return tl_fail(err, TL_IO, "write %lld", (long long)l->written);
    l->written++;
    if (l->written == l->cancel_at)
        atomic_store(&l->cancel.requested, true);
    return TL_OK;
}

static line new_line(int64_t batches, int workers)
{
    return (line){.batches = batches, .workers = workers, .fill_fails_at = -1, .work_fails_at = -1, .write_fails_at = -1, .cancel_at = -1};
}

static int run(line *l, tl_error *err)
{
    tl_pipeline p = {.workers = l->workers, .cancel = &l->cancel, .ctx = l, .fill = fill, .work = work, .write = write_one};
    return tl_pipeline_run(&p, err);
}

static void test_order_is_kept(void **state)
{
    (void)state;
    const int64_t sizes[] = {0, 1, 2, 3, 7, 500};
    for (int workers = 1; workers <= MAX_WORKERS; workers++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            line l = new_line(sizes[i], workers);
            tl_error err;
            l.jitter = workers % 2 ? 5 : 0;
            if (run(&l, &err) != TL_OK)
                fail_msg("%s", err.message);
            assert_int_equal(l.written, sizes[i]);
        }
}

static void test_fill_fails(void **state)
{
    (void)state;
    for (int workers = 1; workers <= MAX_WORKERS; workers++)
        for (int64_t at = 0; at < 40; at += 13) {
            line l = new_line(1000, workers);
            tl_error err;
            l.fill_fails_at = at;
            l.jitter = 3;
            assert_int_equal(run(&l, &err), TL_BAD_INPUT);
            assert_memory_equal(err.message, "fill", 4);
            assert_int_equal(l.written, at); /* what came before is written */
        }
}

static void test_work_fails(void **state)
{
    (void)state;
    for (int workers = 1; workers <= MAX_WORKERS; workers++)
        for (int64_t at = 0; at < 40; at += 13) {
            line l = new_line(1000, workers);
            tl_error err;
            l.work_fails_at = at;
            l.jitter = 4;
            assert_int_equal(run(&l, &err), TL_NO_MEMORY);
            assert_memory_equal(err.message, "work", 4);
            assert_true(l.written <= at);
        }
}

static void test_write_fails(void **state)
{
    (void)state;
    for (int workers = 1; workers <= MAX_WORKERS; workers++)
        for (int64_t at = 0; at < 40; at += 13) {
            line l = new_line(1000, workers);
            tl_error err;
            l.write_fails_at = at;
            assert_int_equal(run(&l, &err), TL_IO);
            assert_memory_equal(err.message, "write", 5);
            assert_int_equal(l.written, at);
        }
}

static void test_cancel(void **state)
{
    (void)state;
    for (int workers = 1; workers <= MAX_WORKERS; workers++)
        for (int64_t at = 1; at < 40; at += 13) {
            line l = new_line(1000, workers);
            tl_error err;
            l.cancel_at = at;
            l.jitter = 6;
            assert_int_equal(run(&l, &err), TL_INTERRUPTED);
            assert_int_equal(l.written, at);
        }
    line l = new_line(1000, 2); /* before it begins */
    atomic_store(&l.cancel.requested, true);
    assert_int_equal(run(&l, NULL), TL_INTERRUPTED);
    assert_int_equal(l.written, 0);
}

/* Memory is bounded by the number of batches: the reader cannot run ahead. */
static void test_reader_waits_for_the_writer(void **state)
{
    (void)state;
    for (int workers = 1; workers <= MAX_WORKERS; workers++) {
        line l = new_line(100000, workers);
        l.write_fails_at = 0;
        assert_int_equal(run(&l, NULL), TL_IO);
        assert_true(l.filled <= 2 * workers + 2);
    }
}

static void test_random_lines(void **state)
{
    (void)state;
    test_random random = test_random_new("test_random_lines", 1);
    for (int round = 0; round < 300; round++) {
        line l = new_line(test_random_below(&random, 60), 1 + (int)test_random_below(&random, MAX_WORKERS));
        l.jitter = test_random_below(&random, 6);
        int64_t at = test_random_below(&random, 60);
        uint32_t how = test_random_below(&random, 5);
        int expected = TL_OK;
        if (how == 1 && at <= l.batches)
            l.fill_fails_at = at, expected = TL_BAD_INPUT;
        if (how == 2 && at < l.batches)
            l.work_fails_at = at, expected = TL_NO_MEMORY;
        if (how == 3 && at < l.batches)
            l.write_fails_at = at, expected = TL_IO;
        tl_error err;
        assert_int_equal(run(&l, &err), expected);
        if (expected == TL_OK)
            assert_int_equal(l.written, l.batches);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_kept),
        cmocka_unit_test(test_fill_fails),
        cmocka_unit_test(test_work_fails),
        cmocka_unit_test(test_write_fails),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_reader_waits_for_the_writer),
        cmocka_unit_test(test_random_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
