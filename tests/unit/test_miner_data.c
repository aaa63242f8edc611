/* The miner on published data, on generated traces and on recursion. */
#include "miner/spmf.h"
#include "tests/support/databases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

static const tl_engine *const engines[] = {&tl_engine_suffix, &tl_engine_ccspan};
enum { ENGINES = sizeof engines / sizeof *engines };

static tl_patterns *mine(const tl_sequences *db, tl_support_kind kind, const tl_engine *engine,
                         int threads)
{
    tl_mine_options o = tl_mine_defaults();
    o.support = kind;
    o.engine = engine;
    o.threads = threads;
    tl_error err;
    tl_patterns *found;
    if (tl_mine(&found, db, &o, &err) != TL_OK)
        fail_msg("%s", err.message);
    return found;
}

/* The result as text, which the caller frees. */
static char *written(const tl_patterns *found)
{
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);
    assert_non_null(out);
    assert_int_equal(tl_spmf_write(found, out, "memory", NULL), TL_OK);
    fclose(out);
    return text;
}

/* All engines, one thread and three, write the same. */
static void check_engines_agree(const tl_sequences *db)
{
    for (int kind = 0; kind < TL_SUPPORT_KINDS; kind++) {
        char *expected = NULL;
        for (int i = 0; i < 2 * ENGINES; i++) {
            tl_patterns *found =
                mine(db, (tl_support_kind)kind, engines[i / 2], i % 2 ? 3 : 1);
            char *text = written(found);
            if (expected)
                assert_true(strcmp(expected, text) == 0);
            else
                expected = strdup(text);
            free(text);
            tl_patterns_free(found);
        }
        free(expected);
    }
}

/* What a shell command prints, as a database; NULL if it prints nothing. */
static tl_sequences *read_command(const char *command)
{
    FILE *in = popen(command, "r");
    assert_non_null(in);
    tl_error err;
    tl_sequences *db = tl_sequences_new(NULL);
    if (tl_spmf_read(db, fileno(in), command, NULL, &err) != TL_OK)
        fail_msg("%s", err.message);
    pclose(in);
    return db;
}

static void skip_without(const char *path)
{
    if (access(path, R_OK) != 0) {
        print_message("skipped: there is no %s\n", path);
        skip();
    }
}

/* How many patterns of the file have this support and length.  The file's support of
 * ("pipeline", "fit") alone is a slip of the published program: 3, really 5. */
static size_t published(json_t **patterns, size_t n, tl_pattern p)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        json_t *frames = json_object_get(patterns[i], "frames");
        json_int_t support = json_integer_value(json_object_get(patterns[i], "support"));
        json_t *first = json_array_get(frames, 0);
        if (json_array_size(frames) == 1 &&
            strcmp(json_string_value(json_array_get(first, 0)), "pipeline") == 0 &&
            strcmp(json_string_value(json_array_get(first, 1)), "fit") == 0) {
            assert_int_equal(support, 3);
            support = 5;
        }
        count += json_array_size(frames) == p.length && support == p.support;
    }
    return count;
}

static void published_example(void **state)
{
    (void)state;
    static const char sequences[] = "../shared/data/ghadesi2022/sequences-spark-ml.txt";
    skip_without(sequences);
    json_t *patterns[64];
    size_t n = 0;
    FILE *f = fopen("../shared/data/ghadesi2022/patterns-spark-ml.jsonl", "r");
    assert_non_null(f);
    while (n < 64 && (patterns[n] = json_loadf(f, JSON_DISABLE_EOF_CHECK, NULL)) != NULL)
        n++;
    fclose(f);
    assert_int_equal(n, 22);

    char command[256];
    snprintf(command, sizeof command, "cat %s", sequences);
    tl_sequences *db = read_command(command);
    assert_int_equal(tl_sequences_count(db), 20);
    for (int e = 0; e < ENGINES; e++) {
        tl_patterns *found = mine(db, TL_OCCURRENCES, engines[e], 1);
        assert_int_equal(tl_patterns_count(found), 22);
        for (size_t i = 0; i < 22; i++) {
            tl_pattern p = tl_patterns_get(found, i);
            size_t same = 0;
            for (size_t k = 0; k < 22; k++) {
                tl_pattern q = tl_patterns_get(found, k);
                same += q.support == p.support && q.length == p.length;
            }
            assert_int_equal(published(patterns, n, p), same);
        }
        tl_patterns_free(found);
        found = mine(db, TL_SEQUENCES, engines[e], 1);
        assert_int_equal(tl_patterns_count(found), 18);
        tl_patterns_free(found);
    }
    check_engines_agree(db);
    for (size_t i = 0; i < n; i++)
        json_decref(patterns[i]);
    tl_sequences_free(db);
}

/* The numbers of closed patterns of the generated traces, seed 7, that all miners of
 * such data have agreed on. */
static void generated_traces(void **state)
{
    (void)state;
    skip_without("../shared/tools/gen-traces.py");
    static const struct {
        int traces;
        size_t by_sequences, by_occurrences; /* 0: not known */
    } cases[] = {{100, 127, 0},       {300, 378, 0},         {1000, 1209, 1482}, {3000, 3348, 0},
                 {10000, 9825, 12051}, {30000, 26248, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char command[256];
        snprintf(command, sizeof command,
                 "python3 ../shared/tools/gen-traces.py %d 7 /dev/stderr 2>&1 >/dev/null",
                 cases[i].traces);
        tl_sequences *db = read_command(command);
        if (tl_sequences_count(db) == 0) {
            tl_sequences_free(db);
            print_message("skipped: python3 does not run\n");
            skip();
        }
        assert_int_equal(tl_sequences_count(db), cases[i].traces);
        for (int e = 0; e < ENGINES; e++) {
            tl_patterns *found = mine(db, TL_SEQUENCES, engines[e], 2);
            assert_int_equal(tl_patterns_count(found), cases[i].by_sequences);
            tl_patterns_free(found);
            found = mine(db, TL_OCCURRENCES, engines[e], 2);
            if (cases[i].by_occurrences)
                assert_int_equal(tl_patterns_count(found), cases[i].by_occurrences);
            tl_patterns_free(found);
        }
        check_engines_agree(db);
        tl_sequences_free(db);
    }
}

static void standard_databases(void **state)
{
    (void)state;
    static const char *const names[] = {"SIGN", "LEVIATHAN", "MSNBC", "BIBLE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128], command[256];
        snprintf(path, sizeof path, "../shared/data/spmf/%s.spmf.gz", names[i]);
        skip_without(path);
        snprintf(command, sizeof command, "gzip -dc %s", path);
        tl_sequences *db = read_command(command);
        assert_true(tl_sequences_count(db) > 0);
        check_engines_agree(db);
        tl_sequences_free(db);
    }
}

/* Appends `length` symbols of period `period`. */
static void append_periodic(tl_sequences *db, uint32_t period, size_t length, const uint32_t *head,
                            size_t n_head)
{
    uint32_t *symbols = malloc((length + n_head) * sizeof *symbols);
    assert_non_null(symbols);
    for (size_t i = 0; i < length; i++)
        symbols[n_head + i] = (uint32_t)(i % period);
    for (size_t i = 0; i < n_head; i++)
        symbols[i] = head[i];
    assert_int_equal(tl_sequences_append(db, symbols, length + n_head, NULL), TL_OK);
    free(symbols);
}

/* Sequences that begin alike and differ in length only: every one is contained in the
 * longer ones, so each is a pattern and nothing else is. */
static void recursion(void **state)
{
    (void)state;
    enum { SEQUENCES = 40, STEP = 700, SHORTEST = 2000 };
    for (uint32_t period = 1; period <= 5; period++) {
        tl_sequences *db = tl_sequences_new(NULL);
        for (size_t i = 0; i < SEQUENCES; i++)
            append_periodic(db, period, SHORTEST + i * STEP, NULL, 0);
        tl_patterns *found = mine(db, TL_SEQUENCES, &tl_engine_suffix, 2);
        assert_int_equal(tl_patterns_count(found), SEQUENCES - 1);
        for (size_t i = 0; i < SEQUENCES - 1; i++) {
            tl_pattern p = tl_patterns_get(found, i);
            assert_int_equal(p.support, SEQUENCES - i);
            assert_int_equal(p.length, SHORTEST + i * STEP);
        }
        tl_patterns_free(found);
        tl_sequences_free(db);
    }
}

/* Recursion with other frames around it, on all engines. */
static void recursion_in_context(void **state)
{
    (void)state;
    test_random r = test_random_new("recursion_in_context", 4);
    for (uint32_t period = 1; period <= 5; period++) {
        tl_sequences *db = tl_sequences_new(NULL);
        for (int i = 0; i < 12; i++) {
            uint32_t head[4];
            size_t n = test_random_below(&r, 5);
            for (size_t k = 0; k < n; k++)
                head[k] = test_random_below(&r, 8);
            append_periodic(db, period, 50 + test_random_below(&r, 400), head, n);
        }
        check_engines_agree(db);
        tl_sequences_free(db);
    }
}

/* The longest list of levels: one symbol, 30,000 times. */
static void deep_recursion_by_levels(void **state)
{
    (void)state;
    enum { LENGTH = 30000 };
    tl_sequences *db = tl_sequences_new(NULL);
    append_periodic(db, 1, LENGTH, NULL, 0);
    for (int e = 0; e < ENGINES; e++) {
        tl_patterns *found = mine(db, TL_SEQUENCES, engines[e], 1);
        assert_int_equal(tl_patterns_count(found), 0); /* one sequence */
        tl_patterns_free(found);
    }
    append_periodic(db, 1, LENGTH, NULL, 0);
    append_periodic(db, 1, 3, NULL, 0);
    for (int e = 0; e < ENGINES; e++) {
        tl_patterns *found = mine(db, TL_SEQUENCES, engines[e], 1);
        assert_int_equal(tl_patterns_count(found), 2);
        assert_int_equal(tl_patterns_get(found, 0).length, 3);
        assert_int_equal(tl_patterns_get(found, 0).support, 3);
        assert_int_equal(tl_patterns_get(found, 1).length, LENGTH);
        assert_int_equal(tl_patterns_get(found, 1).support, 2);
        tl_patterns_free(found);
    }
    tl_sequences_free(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_example),    cmocka_unit_test(generated_traces),
        cmocka_unit_test(standard_databases),   cmocka_unit_test(recursion),
        cmocka_unit_test(recursion_in_context), cmocka_unit_test(deep_recursion_by_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
