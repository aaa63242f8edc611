#include "reports/classifier_learn.h"

#include <math.h>
#include <stdlib.h>

#include "reports/classifier_part.h"
#include "reports/number.h"

/* Chosen by cross-validation (tools/bench/bench_taxonomy.c). */
static const double penalty = 8.0;
static const double slips_at_first = 0.3;
enum { ROUNDS = 3, STEPS = 150, SEEN_AT_LEAST = 3 };

/* Smaller weights are not written. */
static const double least_weight = 0.04;

typedef struct row {
    size_t begin, end; /* in `features` */
    double *votes;     /* by type */
    int type;
    double trust; /* probability that the label is no slip */
} row;

typedef struct fit {
    const tl_taxonomy *taxonomy;
    const tl_cancel *cancel;
    int n_types;
    tl_feature_table table;
    tl_feature *features;
    size_t n_features, cap_features;
    row *rows;
    size_t n_rows;
    double *votes;
    double *weights, *ahead, *gradient; /* [feature][type] */
    double frequency[TL_MAX_TYPES];     /* of labels */
    double slips;                       /* their share */
} fit;

static void free_fit(fit *f)
{
    tl_feature_table_free(&f->table);
    free(f->features);
    free(f->rows);
    free(f->votes);
    free(f->weights);
    free(f->ahead);
    free(f->gradient);
}

/* ---- the matrix --------------------------------------------------------------- */

static int add_row(fit *f, const tl_labelled *e, tl_features *scratch, tl_error *err)
{
    int rc = tl_features_of(&f->table, e->frames, e->n_frames, scratch, err);
    if (rc)
        return rc;
    if (f->n_features + scratch->n > f->cap_features) {
        size_t cap = f->cap_features * 2 + scratch->n;
        tl_feature *more = reallocarray(f->features, cap, sizeof *more);
        if (!more)
            return tl_fail_memory(err, "learning");
        f->features = more;
        f->cap_features = cap;
    }
    row *r = &f->rows[f->n_rows];
    *r = (row){.begin = f->n_features, .end = f->n_features + scratch->n, .type = e->type, .trust = 1,
               .votes = f->votes + f->n_rows * (size_t)f->n_types};
    memcpy(r->votes, scratch->votes, (size_t)f->n_types * sizeof *r->votes);
    memcpy(f->features + r->begin, scratch->list, scratch->n * sizeof *scratch->list);
    f->n_features = r->end;
    f->n_rows++;
    f->frequency[e->type]++;
    return TL_OK;
}

/* Features of one or two examples say little of others: their values become 0. */
static int drop_rare(fit *f, tl_error *err)
{
    uint32_t *seen = calloc(f->table.ids.count + 1, sizeof *seen);
    if (!seen)
        return tl_fail_memory(err, "learning");
    for (size_t i = 0; i < f->n_features; i++)
        seen[f->features[i].id]++;
    for (size_t i = 0; i < f->n_features; i++)
        if (seen[f->features[i].id] < SEEN_AT_LEAST)
            f->features[i].value = 0;
    free(seen);
    return TL_OK;
}

static int make_matrix(fit *f, const tl_labelled *examples, size_t n, tl_error *err)
{
    tl_features scratch = {0};
    f->rows = calloc(n, sizeof *f->rows);
    f->votes = calloc(n * (size_t)f->n_types, sizeof *f->votes);
    int rc = f->rows && f->votes ? TL_OK : tl_fail_memory(err, "learning");
    for (size_t i = 0; rc == TL_OK && i < n; i++)
        rc = add_row(f, &examples[i], &scratch, err);
    tl_features_free(&scratch);
    if (rc == TL_OK)
        rc = drop_rare(f, err);
    for (int t = 0; t < f->n_types; t++)
        f->frequency[t] /= (double)n;
    size_t cells = (f->table.ids.count + 1) * (size_t)f->n_types;
    f->weights = calloc(cells, sizeof *f->weights);
    f->ahead = calloc(cells, sizeof *f->ahead);
    f->gradient = calloc(cells, sizeof *f->gradient);
    if (rc == TL_OK && !(f->weights && f->ahead && f->gradient))
        rc = tl_fail_memory(err, "learning");
    return rc;
}

/* ---- fitting ------------------------------------------------------------------ */

static void probabilities(const fit *f, const row *r, const double *weights, double *p)
{
    memcpy(p, r->votes, (size_t)f->n_types * sizeof *p);
    for (size_t i = r->begin; i < r->end; i++) {
        const double *w = weights + (size_t)f->features[i].id * (size_t)f->n_types;
        double value = (double)f->features[i].value;
        for (int t = 0; value != 0 && t < f->n_types; t++)
            p[t] += value * w[t];
    }
    tl_softmax(p, f->n_types);
}

static void add_gradient(fit *f, const row *r)
{
    double p[TL_MAX_TYPES];
    probabilities(f, r, f->ahead, p);
    p[r->type] -= 1;
    for (size_t i = r->begin; i < r->end; i++) {
        double *g = f->gradient + (size_t)f->features[i].id * (size_t)f->n_types;
        double value = r->trust * (double)f->features[i].value;
        for (int t = 0; value != 0 && t < f->n_types; t++)
            g[t] += value * p[t];
    }
}

/* A bound on the curvature: half the largest eigenvalue of the matrix times itself,
 * which is at most the largest sum of |row| times row over a feature. */
static double curvature(const fit *f, double *sums)
{
    double most = 0;
    memset(sums, 0, (f->table.ids.count + 1) * sizeof *sums);
    for (size_t k = 0; k < f->n_rows; k++) {
        double total = 0;
        for (size_t i = f->rows[k].begin; i < f->rows[k].end; i++)
            total += (double)f->features[i].value;
        for (size_t i = f->rows[k].begin; i < f->rows[k].end; i++)
            sums[f->features[i].id] += total * (double)f->features[i].value;
    }
    for (size_t i = 0; i < f->table.ids.count; i++)
        most = sums[i] > most ? sums[i] : most;
    return most / 2;
}

static void descend(fit *f, double step)
{
    size_t cells = f->table.ids.count * (size_t)f->n_types;
    memcpy(f->ahead, f->weights, cells * sizeof *f->ahead);
    for (int k = 1; k <= STEPS && !tl_cancelled(f->cancel); k++) {
        for (size_t i = 0; i < cells; i++)
            f->gradient[i] = penalty * f->ahead[i];
        for (size_t i = 0; i < f->n_rows; i++)
            add_gradient(f, &f->rows[i]);
        double momentum = (double)(k - 1) / (k + 2);
        for (size_t i = 0; i < cells; i++) {
            double next = f->ahead[i] - step * f->gradient[i];
            f->ahead[i] = next + momentum * (next - f->weights[i]);
            f->weights[i] = next;
        }
    }
}

/* How far each label is to be believed, and what share of them are slips. */
static void weigh_labels(fit *f)
{
    double p[TL_MAX_TYPES], slips = 0;
    for (size_t i = 0; i < f->n_rows; i++) {
        row *r = &f->rows[i];
        probabilities(f, r, f->weights, p);
        double meant = (1 - f->slips) * p[r->type], slipped = f->slips * f->frequency[r->type];
        r->trust = meant / (meant + slipped);
        slips += 1 - r->trust;
    }
    f->slips = slips / (double)f->n_rows;
}

static int run(fit *f, tl_error *err)
{
    double step = 1 / (curvature(f, f->gradient) + penalty);
    f->slips = slips_at_first;
    for (int round = 0; round < ROUNDS; round++) {
        weigh_labels(f);
        descend(f, step);
        if (tl_cancelled(f->cancel))
            return tl_fail(err, TL_INTERRUPTED, "interrupted while learning");
    }
    return TL_OK;
}

/* ---- writing ------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return tl_str_cmp((*(const tl_map_slot *const *)a)->key, (*(const tl_map_slot *const *)b)->key);
}

/* Names that an INI line cannot carry are left out. */
static bool writable(tl_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.data[i] < ' ' || name.data[i] == ';' || name.data[i] == 0x7f)
            return false;
    return name.len <= 150 && name.data[name.len - 1] != ' ';
}

static int write_weights(const fit *f, tl_buf *out, tl_error *err)
{
    size_t n = 0;
    const tl_map_slot **slots = calloc(f->table.ids.count + 1, sizeof *slots);
    if (!slots)
        return tl_fail_memory(err, "weights");
    for (size_t i = 0; i < f->table.ids.cap; i++)
        if (f->table.ids.slots[i].key.data)
            slots[n++] = &f->table.ids.slots[i];
    qsort(slots, n, sizeof *slots, by_name);
    tl_buf_printf(out, "; Weights of features for each type, learned from %zu labels: tracelode learn\n",
                  f->n_rows);
    for (int t = 0; t < f->n_types; t++) {
        tl_buf_printf(out, "\n[%s]\n", tl_taxonomy_type(f->taxonomy, t)->section);
        for (size_t i = 0; i < n; i++) {
            double w = f->weights[(size_t)slots[i]->value * (size_t)f->n_types + (size_t)t];
            if (fabs(w) < least_weight || !writable(slots[i]->key))
                continue;
            tl_number_fixed(out, w, 2);
            tl_buf_printf(out, " = " TL_STR_FMT "\n", TL_STR_ARG(slots[i]->key));
        }
    }
    free(slots);
    return tl_buf_check(out, "weights", err);
}

int tl_learn(const tl_taxonomy *taxonomy, const tl_labelled *examples, size_t n, const tl_cancel *cancel,
             tl_buf *out, tl_error *err)
{
    if (n == 0)
        return tl_fail(err, TL_USAGE, "there is no label of a known type to learn from");
    fit f = {.taxonomy = taxonomy,
             .cancel = cancel,
             .n_types = tl_taxonomy_n_types(taxonomy),
             .table = {.taxonomy = taxonomy, .grows = true}};
    int rc = make_matrix(&f, examples, n, err);
    if (rc == TL_OK)
        rc = run(&f, err);
    if (rc == TL_OK)
        rc = write_weights(&f, out, err);
    free_fit(&f);
    return rc;
}
