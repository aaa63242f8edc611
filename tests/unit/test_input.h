/* test_input.h: what the tests that read inputs into a store share: a folder, two stores in
 * it, and what a store is expected to say. */
#ifndef TEST_INPUT_H
#define TEST_INPUT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/dumps.h"

static char *folder;
static const char *db, *other;
static tl_error err;
static tl_input_report last; /* of the last run */

static int set_up(void **state)
{
    (void)state;
    folder = test_folder_new();
    db = test_path(folder, "s.db");
    other = test_path(folder, "o.db");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_free(folder);
    return 0;
}

/* Runs in a new store run.db. */
static inline void extract(test_run run)
{
    unlink(run.db);
    if (test_extract(&run, &last, &err) != TL_OK)
        fail_msg("%s", err.message);
}

/* The first number that a statement gives on the store `db`. */
static inline void expect(const char *sql, int64_t value)
{
    int64_t found = test_store_int(db, sql);
    if (found != value)
        fail_msg("%s gives %lld, not %lld", sql, (long long)found, (long long)value);
}

#endif
