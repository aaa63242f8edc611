#include "stats/agreement.h"

#include "stats/quantile.h"
#include "stats/random.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What alpha needs of the units that have at least two labels.  Unit u holds the
 * labels first[u] .. first[u + 1] - 1. */
typedef struct units {
    size_t n;
    size_t *first;        /* n + 1 bounds */
    uint32_t *labels;     /* numbered from 0 without gaps */
    double *disagreement; /* per unit: ordered unequal pairs / (labels - 1) */
    uint64_t *counts;     /* scratch: how often each label occurs */
    size_t n_labels;
} units;

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int by_unit_coder(const void *pa, const void *pb)
{
    const tl_rating *a = pa, *b = pb;
    int c = compare_numbers(a->unit, b->unit);
    return c ? c : compare_numbers(a->coder, b->coder);
}

static int by_unit_label(const void *pa, const void *pb)
{
    const tl_rating *a = pa, *b = pb;
    int c = compare_numbers(a->unit, b->unit);
    return c ? c : compare_numbers(a->label, b->label);
}

static int by_number(const void *pa, const void *pb)
{
    return compare_numbers(*(const uint32_t *)pa, *(const uint32_t *)pb);
}

static bool labelled_twice(const tl_rating *sorted, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (by_unit_coder(&sorted[i - 1], &sorted[i]) == 0)
            return true;
    return false;
}

/* The ordered pairs of unequal labels in one unit's labels, sorted, divided by
 * m - 1: so each label weighs the same however many coders saw the unit. */
static double disagreement_of(const uint32_t *labels, size_t m)
{
    double equal = 0;
    for (size_t i = 0, run; i < m; i += run) {
        for (run = 1; i + run < m && labels[i + run] == labels[i]; run++)
            ;
        equal += (double)run * (double)run;
    }
    return ((double)m * (double)m - equal) / (double)(m - 1);
}

/* Fills `u` from ratings sorted by unit and label. */
static void collect_units(const tl_rating *sorted, size_t n, units *u)
{
    size_t used = 0;
    for (size_t i = 0, m; i < n; i += m) {
        for (m = 1; i + m < n && sorted[i + m].unit == sorted[i].unit; m++)
            ;
        if (m < 2)
            continue;
        u->first[u->n] = used;
        for (size_t k = 0; k < m; k++)
            u->labels[used + k] = sorted[i + k].label;
        u->disagreement[u->n++] = disagreement_of(u->labels + used, m);
        used += m;
    }
    u->first[u->n] = used;
}

/* Renumbers the labels from 0 without gaps, so that counts[] can be an array.
 * `distinct` is scratch for as many labels. */
static void number_labels(units *u, uint32_t *distinct)
{
    size_t n = u->first[u->n];
    memcpy(distinct, u->labels, n * sizeof *distinct);
    qsort(distinct, n, sizeof *distinct, by_number);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || distinct[i] != distinct[u->n_labels - 1])
            distinct[u->n_labels++] = distinct[i];
    for (size_t i = 0; i < n; i++) {
        const uint32_t *found = bsearch(&u->labels[i], distinct, u->n_labels, sizeof *distinct,
                                        by_number);
        u->labels[i] = (uint32_t)(found - distinct);
    }
}

static void units_free(units *u)
{
    free(u->first);
    free(u->labels);
    free(u->disagreement);
    free(u->counts);
}

/* On success the caller calls units_free. */
static int units_new(const tl_rating *ratings, size_t n, units *u, tl_error *err)
{
    *u = (units){.first = calloc(n / 2 + 2, sizeof *u->first),
                 .labels = calloc(n + 1, sizeof *u->labels),
                 .disagreement = calloc(n / 2 + 1, sizeof *u->disagreement),
                 .counts = calloc(n + 1, sizeof *u->counts)};
    tl_rating *sorted = calloc(n + 1, sizeof *sorted);
    uint32_t *distinct = calloc(n + 1, sizeof *distinct);
    int rc = TL_OK;
    if (!u->first || !u->labels || !u->disagreement || !u->counts || !sorted || !distinct) {
        rc = tl_fail_memory(err, "Krippendorff's alpha");
        goto done;
    }
    for (size_t i = 0; i < n; i++)
        sorted[i] = ratings[i];
    qsort(sorted, n, sizeof *sorted, by_unit_coder);
    if (labelled_twice(sorted, n)) {
        rc = tl_fail(err, TL_BAD_INPUT, "a coder has labelled the same unit twice");
        goto done;
    }
    qsort(sorted, n, sizeof *sorted, by_unit_label);
    collect_units(sorted, n, u);
    number_labels(u, distinct);
done:
    free(sorted);
    free(distinct);
    if (rc)
        units_free(u);
    return rc;
}

/* Alpha of the units drawn[0..u->n), or of all units where drawn is NULL:
 * 1 - observed / expected disagreement, where the expected one is that of the same
 * labels dealt out at random. */
static double alpha_of(units *u, const size_t *drawn)
{
    double observed = 0;
    uint64_t n = 0;
    memset(u->counts, 0, u->n_labels * sizeof *u->counts);
    for (size_t i = 0; i < u->n; i++) {
        size_t unit = drawn ? drawn[i] : i;
        observed += u->disagreement[unit];
        n += u->first[unit + 1] - u->first[unit];
        for (size_t k = u->first[unit]; k < u->first[unit + 1]; k++)
            u->counts[u->labels[k]]++;
    }
    double equal = 0;
    for (size_t i = 0; i < u->n_labels; i++)
        equal += (double)u->counts[i] * (double)u->counts[i];
    double expected = (double)n * (double)n - equal;
    return expected > 0 ? 1 - (double)(n - 1) * observed / expected : NAN;
}

int tl_krippendorff_alpha(const tl_rating *ratings, size_t n, double *alpha, tl_error *err)
{
    units u;
    *alpha = NAN;
    int rc = units_new(ratings, n, &u, err);
    if (rc)
        return rc;
    *alpha = alpha_of(&u, NULL);
    units_free(&u);
    return TL_OK;
}

/* Writes the defined alphas of `resamples` resamples into alphas[]; returns how
 * many they are.  `drawn` has room for u->n units. */
static size_t resample(units *u, size_t resamples, uint64_t seed, size_t *drawn, double *alphas)
{
    tl_random random = {seed};
    size_t defined = 0;
    for (size_t i = 0; i < resamples; i++) {
        for (size_t k = 0; k < u->n; k++)
            drawn[k] = (size_t)tl_random_below(&random, u->n);
        double alpha = alpha_of(u, drawn);
        if (!isnan(alpha))
            alphas[defined++] = alpha;
    }
    return defined;
}

int tl_krippendorff_interval(const tl_rating *ratings, size_t n, double level, size_t resamples,
                             uint64_t seed, tl_alpha_interval *out, tl_error *err)
{
    *out = (tl_alpha_interval){NAN, NAN, NAN};
    if (resamples == 0 || !(level > 0 && level < 1))
        return tl_fail(err, TL_USAGE, "a bootstrap interval needs resamples and a level in (0, 1)");
    units u;
    int rc = units_new(ratings, n, &u, err);
    if (rc)
        return rc;
    size_t *drawn = calloc(u.n + 1, sizeof *drawn);
    double *alphas = calloc(resamples, sizeof *alphas);
    if (drawn && alphas) {
        out->alpha = alpha_of(&u, NULL);
        size_t defined = isnan(out->alpha) ? 0 : resample(&u, resamples, seed, drawn, alphas);
        out->low = tl_quantile_in_place(alphas, defined, (1 - level) / 2);
        out->high = tl_quantile_in_place(alphas, defined, 1 - (1 - level) / 2);
    } else {
        rc = tl_fail_memory(err, "the bootstrap");
    }
    free(drawn);
    free(alphas);
    units_free(&u);
    return rc;
}
