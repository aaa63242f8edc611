#ifdef TL_SQLITE_EXTENSION
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3 /* the table of functions that extension.c received */
#endif

#include "sql/functions.h"

#include "base/arena.h"
#include "stats/agreement.h"
#include "stats/correction.h"
#include "stats/effect.h"
#include "stats/label.h"
#include "stats/mann_whitney.h"
#include "stats/proportions.h"
#include "stats/quantile.h"
#include "stats/stars.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A growing array of numbers; zeroed, as SQLite hands it out, it is empty. */
typedef struct sample {
    double *x;
    size_t n, cap;
    size_t first; /* x[first..n) is the sample: a window has moved past the rest */
} sample;

/* What is computed from the sample of the rows in the group and that of the rest,
 * and from their counts of successes and of rows. */
typedef int (*compare_samples)(const sample *in, const sample *rest, double *result, tl_error *err);
typedef double (*compare_shares)(double k1, double n1, double k2, double n2);

/* One SQL function.  SQLite hands it back as the user data of a call. */
typedef struct function {
    const char *name;
    int n_args;
    void (*scalar)(sqlite3_context *, int, sqlite3_value **); /* or else an aggregate: */
    void (*step)(sqlite3_context *, int, sqlite3_value **);
    void (*final)(sqlite3_context *);
    void (*value)(sqlite3_context *); /* NULL, like inverse, if not for windows */
    void (*inverse)(sqlite3_context *, int, sqlite3_value **);
    compare_samples samples;
    compare_shares shares;
} function;

/* ---- arguments and results ---- */

static const function *called(sqlite3_context *ctx)
{
    return sqlite3_user_data(ctx);
}

static void fail(sqlite3_context *ctx, const tl_error *err)
{
    char *text = err->status == TL_NO_MEMORY
                     ? NULL
                     : sqlite3_mprintf("%s: %s", called(ctx)->name, err->message);
    if (text)
        sqlite3_result_error(ctx, text, -1);
    else
        sqlite3_result_error_nomem(ctx);
    sqlite3_free(text);
}

static bool any_null(int n, sqlite3_value **args)
{
    for (int i = 0; i < n; i++)
        if (sqlite3_value_type(args[i]) == SQLITE_NULL)
            return true;
    return false;
}

/* Reads a number, also one written as text; else fails the statement. */
static bool read_number(sqlite3_context *ctx, sqlite3_value *arg, double *out)
{
    int type = sqlite3_value_numeric_type(arg);
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
        *out = sqlite3_value_double(arg);
        return true;
    }
    char *text = type == SQLITE_BLOB
                     ? sqlite3_mprintf("%s: a blob is not a number", called(ctx)->name)
                     : sqlite3_mprintf("%s: '%!.60s' is not a number", called(ctx)->name,
                                       sqlite3_value_text(arg));
    if (text)
        sqlite3_result_error(ctx, text, -1);
    else
        sqlite3_result_error_nomem(ctx);
    sqlite3_free(text);
    return false;
}

/* The state of the aggregate, zeroed at first; NULL after failing the statement. */
static void *state_of(sqlite3_context *ctx, size_t size)
{
    void *state = sqlite3_aggregate_context(ctx, (int)size);
    if (!state)
        sqlite3_result_error_nomem(ctx);
    return state;
}

/* ---- samples ---- */

static void sample_push(sqlite3_context *ctx, sample *s, double x)
{
    if (s->n == s->cap && s->first > s->n / 2) {
        s->n -= s->first;
        memmove(s->x, s->x + s->first, s->n * sizeof *s->x);
        s->first = 0;
    }
    if (s->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 64;
        double *x_grown = realloc(s->x, cap * sizeof *x_grown);
        if (!x_grown) {
            sqlite3_result_error_nomem(ctx);
            return;
        }
        s->x = x_grown;
        s->cap = cap;
    }
    s->x[s->n++] = x;
}

static double *oldest(const sample *s)
{
    return s->x ? s->x + s->first : NULL;
}

static void median_step(sqlite3_context *ctx, int n_args, sqlite3_value **args)
{
    double x;
    sample *s = state_of(ctx, sizeof *s);
    if (s && !any_null(n_args, args) && read_number(ctx, args[0], &x))
        sample_push(ctx, s, x);
}

/* A row leaves the window: always the oldest one. */
static void median_inverse(sqlite3_context *ctx, int n_args, sqlite3_value **args)
{
    sample *s = state_of(ctx, sizeof *s);
    if (s && !any_null(n_args, args) && s->first < s->n)
        s->first++;
}

static void median_value(sqlite3_context *ctx)
{
    tl_error err;
    double median;
    const sample *s = state_of(ctx, sizeof *s);
    if (!s)
        return;
    if (tl_median(oldest(s), s->n - s->first, &median, &err) == TL_OK)
        sqlite3_result_double(ctx, median); /* SQLite makes NaN NULL, here and below */
    else
        fail(ctx, &err);
}

static void median_final(sqlite3_context *ctx)
{
    sample *s = sqlite3_aggregate_context(ctx, 0); /* NULL: there was no row */
    if (!s)
        return;
    sqlite3_result_double(ctx, tl_median_in_place(oldest(s), s->n - s->first));
    free(s->x);
}

/* ---- two samples ---- */

typedef struct two_samples {
    sample rest, in;
} two_samples;

static void samples_step(sqlite3_context *ctx, int n_args, sqlite3_value **args)
{
    double x, in_group;
    two_samples *s = state_of(ctx, sizeof *s);
    if (s && !any_null(n_args, args) && read_number(ctx, args[0], &x) &&
        read_number(ctx, args[1], &in_group))
        sample_push(ctx, in_group != 0 ? &s->in : &s->rest, x);
}

static void samples_final(sqlite3_context *ctx)
{
    tl_error err;
    double result;
    two_samples *s = sqlite3_aggregate_context(ctx, 0);
    if (!s)
        return;
    if (called(ctx)->samples(&s->in, &s->rest, &result, &err) == TL_OK)
        sqlite3_result_double(ctx, result);
    else
        fail(ctx, &err);
    free(s->in.x);
    free(s->rest.x);
}

static int mann_whitney_u(const sample *in, const sample *rest, double *result, tl_error *err)
{
    tl_mann_whitney_result r;
    int rc = tl_mann_whitney(in->x, in->n, rest->x, rest->n, &r, err);
    *result = r.u;
    return rc;
}

static int mann_whitney_p(const sample *in, const sample *rest, double *result, tl_error *err)
{
    tl_mann_whitney_result r;
    int rc = tl_mann_whitney(in->x, in->n, rest->x, rest->n, &r, err);
    *result = r.p;
    return rc;
}

static int cliffs_delta(const sample *in, const sample *rest, double *result, tl_error *err)
{
    return tl_cliffs_delta(in->x, in->n, rest->x, rest->n, result, err);
}

/* ---- one p-value among others ---- */

typedef struct holm_test {
    sample all;
    double p;
} holm_test;

static void holm_step(sqlite3_context *ctx, int n_args, sqlite3_value **args)
{
    double p, other;
    holm_test *t = state_of(ctx, sizeof *t);
    if (!t || any_null(n_args, args) || !read_number(ctx, args[0], &p) || !read_number(ctx, args[1], &other))
        return;
    t->p = p;
    sample_push(ctx, &t->all, other);
}

static void holm_final(sqlite3_context *ctx)
{
    tl_error err;
    const holm_test *t = sqlite3_aggregate_context(ctx, 0);
    if (!t || t->all.n == 0)
        return;
    double *adjusted = calloc(t->all.n, sizeof *adjusted);
    int rc = adjusted ? tl_holm(t->all.x, t->all.n, adjusted, &err) : tl_fail_memory(&err, "corrected p-values");
    if (rc)
        fail(ctx, &err);
    for (size_t i = 0; rc == TL_OK && i < t->all.n; i++)
        if (t->all.x[i] == t->p) /* equal ones are corrected alike */
            sqlite3_result_double(ctx, adjusted[i]);
    free(adjusted);
    free(t->all.x);
}

/* ---- two shares ---- */

typedef struct two_shares {
    struct {
        double successes, rows;
    } rest, in;
} two_shares;

static void shares_step(sqlite3_context *ctx, int n_args, sqlite3_value **args)
{
    double success, in_group;
    two_shares *s = state_of(ctx, sizeof *s);
    if (!s || any_null(n_args, args) || !read_number(ctx, args[0], &success) ||
        !read_number(ctx, args[1], &in_group))
        return;
    if (in_group != 0) {
        s->in.rows++;
        s->in.successes += success != 0;
    } else {
        s->rest.rows++;
        s->rest.successes += success != 0;
    }
}

static void shares_final(sqlite3_context *ctx)
{
    const two_shares *s = sqlite3_aggregate_context(ctx, 0);
    if (s)
        sqlite3_result_double(ctx, called(ctx)->shares(s->in.successes, s->in.rows,
                                                       s->rest.successes, s->rest.rows));
}

static double ztest_z(double k1, double n1, double k2, double n2)
{
    return tl_ztest(k1, n1, k2, n2).z;
}

static double ztest_p(double k1, double n1, double k2, double n2)
{
    return tl_ztest(k1, n1, k2, n2).p;
}

/* ---- agreement ---- */

enum { UNIT, CODER, LABEL, NAMES };

typedef struct names {
    tl_str *text[NAMES]; /* three columns of n texts, which lie in the arena */
    size_t n, cap;
    tl_arena arena;
} names;

static bool names_grow(names *s)
{
    size_t cap = s->cap ? s->cap * 2 : 64;
    for (int i = 0; i < NAMES; i++) {
        tl_str *grown = realloc(s->text[i], cap * sizeof *grown);
        if (!grown)
            return false;
        s->text[i] = grown;
    }
    s->cap = cap;
    return true;
}

static void agreement_step(sqlite3_context *ctx, int n_args, sqlite3_value **args)
{
    names *s = state_of(ctx, sizeof *s);
    if (!s || any_null(n_args, args))
        return;
    bool ok = s->n < s->cap || names_grow(s);
    for (int i = 0; ok && i < NAMES; i++) {
        const char *text = (const char *)sqlite3_value_text(args[i]);
        size_t len = (size_t)sqlite3_value_bytes(args[i]);
        tl_str copy = tl_arena_copy(&s->arena, (tl_str){text, text ? len : 0});
        ok = copy.data && (text || len == 0); /* an empty blob has no text */
        if (ok)
            s->text[i][s->n] = copy;
    }
    if (ok)
        s->n++;
    else
        sqlite3_result_error_nomem(ctx);
}

static int alpha_of(const names *s, double *alpha, tl_error *err)
{
    tl_rating *ratings = calloc(s->n + 1, sizeof *ratings);
    uint32_t *ids = calloc(s->n + 1, NAMES * sizeof *ids);
    int rc = ratings && ids ? TL_OK : tl_fail_memory(err, "ratings");
    for (int i = 0; rc == TL_OK && i < NAMES; i++)
        rc = tl_label_ids(s->text[i], s->n, ids + (size_t)i * s->n, err);
    if (rc == TL_OK) {
        for (size_t k = 0; k < s->n; k++)
            ratings[k] = (tl_rating){.unit = ids[UNIT * s->n + k],
                                     .coder = ids[CODER * s->n + k],
                                     .label = ids[LABEL * s->n + k]};
        rc = tl_krippendorff_alpha(ratings, s->n, alpha, err);
    }
    free(ratings);
    free(ids);
    return rc;
}

static void agreement_final(sqlite3_context *ctx)
{
    tl_error err;
    double alpha;
    names *s = sqlite3_aggregate_context(ctx, 0);
    if (!s)
        return;
    if (alpha_of(s, &alpha, &err) == TL_OK)
        sqlite3_result_double(ctx, alpha);
    else
        fail(ctx, &err);
    for (int i = 0; i < NAMES; i++)
        free(s->text[i]);
    tl_arena_free(&s->arena);
}

/* ---- stars ---- */

static void stars(sqlite3_context *ctx, int n_args, sqlite3_value **args)
{
    double p;
    if (!any_null(n_args, args) && read_number(ctx, args[0], &p))
        sqlite3_result_text(ctx, tl_stars(p), -1, SQLITE_STATIC);
}

/* ---- registration ---- */

#define OF_SAMPLES(f) .n_args = 2, .step = samples_step, .final = samples_final, .samples = (f)
#define OF_SHARES(f) .n_args = 2, .step = shares_step, .final = shares_final, .shares = (f)

static const function functions[] = {
    {.name = "median", .n_args = 1, .step = median_step, .final = median_final,
     .value = median_value, .inverse = median_inverse},
    {.name = "mann_whitney_u", OF_SAMPLES(mann_whitney_u)},
    {.name = "mann_whitney_p", OF_SAMPLES(mann_whitney_p)},
    {.name = "cliffs_delta", OF_SAMPLES(cliffs_delta)},
    {.name = "holm", .n_args = 2, .step = holm_step, .final = holm_final},
    {.name = "ztest_z", OF_SHARES(ztest_z)},
    {.name = "ztest_p", OF_SHARES(ztest_p)},
    {.name = "cohens_h", OF_SHARES(tl_cohens_h)},
    {.name = "krippendorff_alpha", .n_args = 3, .step = agreement_step, .final = agreement_final},
    {.name = "stars", .n_args = 1, .scalar = stars},
};

int tl_sql_functions_register(sqlite3 *db, tl_error *err)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        const function *f = &functions[i];
        void *user = (void *)(uintptr_t)f; /* SQLite's interface knows no const */
        int rc = f->scalar ? sqlite3_create_function_v2(db, f->name, f->n_args, flags, user,
                                                        f->scalar, NULL, NULL, NULL)
                           : sqlite3_create_window_function(db, f->name, f->n_args, flags, user,
                                                            f->step, f->final, f->value,
                                                            f->inverse, NULL);
        if (rc != SQLITE_OK)
            return tl_fail(err, TL_IO, "cannot register the SQL function %s: %s", f->name,
                           sqlite3_errmsg(db));
    }
    return TL_OK;
}
