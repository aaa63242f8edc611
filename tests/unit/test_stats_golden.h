/* test_stats_golden.h: reads the files that tests/golden/stats/make.py writes, and
 * compares numbers with them.  The script describes the notation of samples. */
#ifndef TL_TESTS_STATS_GOLDEN_H
#define TL_TESTS_STATS_GOLDEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/random.h"

#define GOLDEN_FIELDS 8

typedef struct golden {
    FILE *file;
    char *line;
    size_t cap;
    char *field[GOLDEN_FIELDS];
    int rows;
} golden;

static inline golden golden_open(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "tests/golden/stats/%s.tsv", name);
    golden g = {.file = fopen(path, "r")};
    if (!g.file)
        fail_msg("%s: run the tests from the root of the repository", path);
    return g;
}

/* The next row that is not a comment, cut into exactly `fields` fields. */
static inline bool golden_next(golden *g, int fields)
{
    do {
        if (getline(&g->line, &g->cap, g->file) < 0)
            return false;
    } while (g->line[0] == '#');
    g->line[strcspn(g->line, "\n")] = '\0';
    char *rest = g->line;
    for (int i = 0; i < fields; i++)
        if (!(g->field[i] = strsep(&rest, "\t")))
            fail_msg("a golden row has fewer than %d fields", fields);
    assert_null(rest);
    g->rows++;
    return true;
}

static inline void golden_close(golden *g)
{
    assert_true(g->rows > 0);
    fclose(g->file);
    free(g->line);
}

static inline double golden_number(const golden *g, int field)
{
    return strtod(g->field[field], NULL);
}

typedef struct numbers {
    double *x;
    size_t n;
} numbers;

static inline void numbers_add(numbers *s, double x)
{
    if ((s->n & (s->n - 1)) == 0) /* full at powers of two */
        s->x = realloc(s->x, (s->n ? 2 * s->n : 1) * sizeof *s->x);
    assert_non_null(s->x);
    s->x[s->n++] = x;
}

static inline void numbers_add_part(numbers *s, const char *part)
{
    double start, step;
    unsigned long long seed, modulus, n;
    if (sscanf(part, "range %lf %lf %llu", &start, &step, &n) == 3) {
        for (uint64_t i = 0; i < n; i++)
            numbers_add(s, start + (double)i * step);
    } else if (sscanf(part, "random %llu %llu %lf %llu", &seed, &modulus, &start, &n) == 4) {
        tl_random random = {seed};
        for (uint64_t i = 0; i < n; i++) {
            uint64_t bits = tl_random_next(&random);
            numbers_add(s, start + (modulus ? (double)(bits % modulus)
                                            : (double)(bits >> 11) * 0x1p-53));
        }
    } else {
        for (char *end; *part; part = *end ? end + 1 : end) {
            numbers_add(s, strtod(part, &end));
            assert_true(end != part);
        }
    }
}

/* The sample that `text` describes; the caller frees x, which is NULL for "-". */
static inline numbers numbers_from(const char *text)
{
    numbers s = {0};
    char *copy = strdup(text), *rest = copy, *part;
    while (strcmp(text, "-") != 0 && (part = strsep(&rest, ";")))
        numbers_add_part(&s, part);
    free(copy);
    return s;
}

/* Equal to `tolerance`, relative; NaN is equal to NaN. */
static inline void assert_close(double got, double want, double tolerance, const char *what)
{
    if (isnan(got) && isnan(want))
        return;
    if (got == want || fabs(got - want) <= tolerance * fabs(want))
        return;
    fail_msg("%s: got %.17g, want %.17g", what, got, want);
}

/* The seed of a property test: TL_SEED, or `fallback`; printed to be repeated. */
static inline tl_random seeded(uint64_t fallback)
{
    const char *text = getenv("TL_SEED");
    uint64_t seed = text ? strtoull(text, NULL, 10) : fallback;
    printf("seed %llu (TL_SEED)\n", (unsigned long long)seed);
    return (tl_random){seed};
}

#endif
