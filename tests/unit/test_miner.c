/* The engines against the oracle, on thousands of small random databases. */
#include "tests/support/databases.h"
#include "tests/support/naive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { DATABASES = 4000 };

static const tl_engine *const engines[] = {&tl_engine_suffix, &tl_engine_ccspan};
enum { ENGINES = sizeof engines / sizeof *engines };

static tl_patterns *mine(const tl_sequences *db, const tl_mine_options *options)
{
    tl_error err;
    tl_patterns *found;
    int rc = tl_mine(&found, db, options, &err);
    if (rc)
        fail_msg("tl_mine: %d: %s", rc, err.message);
    return found;
}

/* Mines with `options` and compares with what is expected of the database `like`, which
 * holds the same sequences. */
static void check(const naive_result *expected, const tl_sequences *like, const tl_sequences *db,
                  const tl_mine_options *options)
{
    tl_patterns *found = mine(db, options);
    size_t at = naive_difference(expected, like, found);
    if (at != SIZE_MAX) {
        test_print_database(db);
        for (size_t i = 0; i < tl_patterns_count(found); i++) {
            tl_pattern p = tl_patterns_get(found, i);
            printf("found %zu: support %u:", i, p.support);
            for (uint32_t k = 0; k < p.length; k++)
                printf(" %u", tl_patterns_symbols(found, i)[k]);
            printf("\n");
        }
        for (size_t i = 0; i < expected->n; i++) {
            tl_pattern p = expected->patterns[i];
            printf("expected %zu: support %u:", i, p.support);
            for (uint32_t k = 0; k < p.length; k++)
                printf(" %u", tl_sequences_symbols(like)[p.position + k]);
            printf("\n");
        }
        fail_msg("%s, %s, minimum support %u, length %u to %u, %d threads: pattern %zu differs",
                 tl_engine_name(options->engine), tl_support_names[options->support],
                 options->min_support, options->min_length, options->max_length,
                 options->threads, at);
    }
    tl_patterns_free(found);
}

static void engines_equal_oracle(void **state)
{
    (void)state;
    test_random r = test_random_new("engines_equal_oracle", 1);
    for (int i = 0; i < DATABASES; i++) {
        tl_sequences *db = test_random_database(&r), *other = test_shuffled(&r, db);
        for (int kind = 0; kind < TL_SUPPORT_KINDS; kind++) {
            tl_mine_options o = tl_mine_defaults();
            o.support = (tl_support_kind)kind;
            o.min_support = 1 + test_random_below(&r, 5);
            o.threads = 1 + (int)test_random_below(&r, 4);
            if (test_random_below(&r, 3) == 0)
                o.min_length = test_random_below(&r, 4);
            if (test_random_below(&r, 3) == 0)
                o.max_length = o.min_length + 1 + test_random_below(&r, 4);
            naive_result expected =
                naive_mine(db, o.support, o.min_support, o.min_length, o.max_length);
            for (int e = 0; e < ENGINES; e++) {
                o.engine = engines[e];
                check(&expected, db, db, &o);
                check(&expected, db, other, &o);
            }
            naive_free(&expected);
        }
        tl_sequences_free(db);
        tl_sequences_free(other);
    }
}

/* Posting lists and coverage against looking everywhere. */
static void check_postings(const tl_sequences *db, const tl_patterns *found)
{
    const uint32_t *symbols = tl_sequences_symbols(db), *offsets = tl_sequences_offsets(db);
    size_t count = tl_sequences_count(db);
    uint32_t *first = malloc((count + 1) * sizeof *first);
    uint32_t *expected = malloc((count + 1) * sizeof *expected);
    tl_postings *postings;
    assert_non_null(first);
    assert_non_null(expected);
    memset(expected, 0xff, count * sizeof *expected);
    assert_int_equal(tl_patterns_coverage(found, first, NULL), TL_OK);
    assert_int_equal(tl_postings_new(&postings, found, NULL), TL_OK);
    for (size_t i = 0; i < tl_patterns_count(found); i++) {
        const uint32_t *list;
        size_t n, k = 0;
        tl_postings_get(postings, i, &list, &n);
        for (size_t s = 0; s < count; s++)
            if (naive_occurrences(symbols + offsets[s], offsets[s + 1] - offsets[s],
                                  tl_patterns_symbols(found, i),
                                  tl_patterns_get(found, i).length) > 0) {
                assert_true(k < n);
                assert_int_equal(list[k++], s);
                if (expected[s] == TL_NOT_COVERED)
                    expected[s] = (uint32_t)i;
            }
        assert_int_equal(k, n);
    }
    assert_memory_equal(first, expected, count * sizeof *first);
    tl_postings_free(postings);
    free(first);
    free(expected);
}

static void postings_equal_oracle(void **state)
{
    (void)state;
    test_random r = test_random_new("postings_equal_oracle", 2);
    for (int i = 0; i < DATABASES; i++) {
        tl_sequences *db = test_random_database(&r);
        tl_mine_options o = tl_mine_defaults();
        o.support = (tl_support_kind)(i % TL_SUPPORT_KINDS);
        o.min_support = 1 + test_random_below(&r, 3);
        o.threads = 1 + (int)test_random_below(&r, 3);
        if (test_random_below(&r, 3) == 0)
            o.min_length = 2;
        o.want_postings = true;
        naive_result expected = naive_mine(db, o.support, o.min_support, o.min_length, 0);
        for (int e = 0; e < ENGINES; e++) {
            o.engine = engines[e];
            check(&expected, db, db, &o);
            tl_patterns *found = mine(db, &o);
            check_postings(db, found);
            tl_patterns_free(found);
        }
        naive_free(&expected);
        tl_sequences_free(db);
    }
}

static void no_postings_unasked(void **state)
{
    (void)state;
    tl_sequences *db = tl_sequences_new(NULL);
    tl_mine_options o = tl_mine_defaults();
    tl_patterns *found = mine(db, &o);
    tl_postings *postings;
    tl_error err;
    assert_int_equal(tl_postings_new(&postings, found, &err), TL_USAGE);
    assert_null(postings);
    assert_int_equal(tl_patterns_coverage(found, NULL, &err), TL_USAGE);
    tl_patterns_free(found);
    tl_sequences_free(db);
}

/* One whole sequence is a pattern if it is frequent, in every arrangement of weights. */
static void whole_sequences(void **state)
{
    (void)state;
    static const uint32_t symbols[] = {4, 2, 4, 2, 9};
    for (uint32_t weight = 1; weight <= 3; weight++) {
        tl_sequences *db = tl_sequences_new(NULL);
        for (uint32_t i = 0; i < weight; i++)
            assert_int_equal(tl_sequences_append(db, symbols, 5, NULL), TL_OK);
        assert_int_equal(tl_sequences_append(db, symbols, 0, NULL), TL_OK);
        for (int e = 0; e < ENGINES; e++) {
            tl_mine_options o = tl_mine_defaults();
            o.engine = engines[e];
            o.min_support = weight;
            tl_patterns *found = mine(db, &o);
            assert_int_equal(tl_patterns_count(found), 1);
            assert_int_equal(tl_patterns_get(found, 0).length, 5);
            assert_int_equal(tl_patterns_get(found, 0).support, weight);
            tl_patterns_free(found);
        }
        tl_sequences_free(db);
    }
}

static void percent_rounds_up(void **state)
{
    (void)state;
    static const struct {
        double percent;
        size_t sequences;
        uint32_t support;
    } cases[] = {
        {10, 30, 3},       {10, 31, 4},      {0.07, 10000, 7}, {0.7, 1000, 7}, {100, 17, 17},
        {0.001, 10, 1},    {50, 1, 1},       {50, 0, 1},       {33.3, 10, 4},  {0.1, 3000, 3},
        {0.29, 10000, 29}, {1.1, 1000, 11},  {100.0 / 3, 3, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(tl_percent_support(cases[i].percent, cases[i].sequences),
                         cases[i].support);
}

/* Empty sequences do not count for the percentage. */
static void percent_of_non_empty(void **state)
{
    (void)state;
    tl_sequences *db = tl_sequences_new(NULL);
    static const uint32_t a[] = {1, 2};
    for (int i = 0; i < 6; i++)
        assert_int_equal(tl_sequences_append(db, a, i < 4 ? 2 : 0, NULL), TL_OK);
    tl_mine_options o = tl_mine_defaults();
    o.min_percent = 60;
    tl_patterns *found = mine(db, &o);
    assert_int_equal(tl_patterns_min_support(found), 3);
    assert_int_equal(tl_patterns_count(found), 1);
    tl_patterns_free(found);
    tl_sequences_free(db);
}

static void impossible_options(void **state)
{
    (void)state;
    tl_sequences *db = tl_sequences_new(NULL);
    tl_mine_options bad[5];
    for (int i = 0; i < 5; i++)
        bad[i] = tl_mine_defaults();
    bad[0].min_support = 0;
    bad[1].min_percent = -1;
    bad[2].min_percent = 100.5;
    bad[3].min_length = 5, bad[3].max_length = 4;
    bad[4].support = TL_SUPPORT_KINDS;
    for (int i = 0; i < 5; i++) {
        tl_error err;
        tl_patterns *found;
        assert_int_equal(tl_mine(&found, db, &bad[i], &err), TL_USAGE);
        assert_null(found);
        assert_int_equal(err.status, TL_USAGE);
    }
    tl_sequences_free(db);
}

static void cancelled(void **state)
{
    (void)state;
    static const uint32_t a[] = {1, 2, 1, 2};
    tl_sequences *db = tl_sequences_new(NULL);
    assert_int_equal(tl_sequences_append(db, a, 4, NULL), TL_OK);
    tl_cancel cancel = {true};
    for (int e = 0; e < ENGINES; e++) {
        tl_mine_options o = tl_mine_defaults();
        o.engine = engines[e];
        o.cancel = &cancel;
        tl_error err;
        tl_patterns *found;
        assert_int_equal(tl_mine(&found, db, &o, &err), TL_INTERRUPTED);
        assert_null(found);
    }
    tl_sequences_free(db);
}

static void too_many_symbols(void **state)
{
    (void)state;
    tl_sequences *db = tl_sequences_new(NULL);
    static const uint32_t a[] = {1, 2};
    tl_error err;
    assert_int_equal(tl_sequences_append(db, a, 2, NULL), TL_OK);
    assert_int_equal(tl_sequences_append(db, a, TL_MAX_SYMBOLS - 1, &err), TL_BAD_INPUT);
    assert_non_null(strstr(err.message, "2147483647"));
    assert_int_equal(tl_sequences_total(db), 2);
    assert_int_equal(tl_sequences_count(db), 1);
    tl_sequences_free(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engines_equal_oracle), cmocka_unit_test(postings_equal_oracle),
        cmocka_unit_test(no_postings_unasked),  cmocka_unit_test(whole_sequences),
        cmocka_unit_test(percent_rounds_up),    cmocka_unit_test(percent_of_non_empty),
        cmocka_unit_test(impossible_options),   cmocka_unit_test(cancelled),
        cmocka_unit_test(too_many_symbols),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
