#include "reports/classifier.h"

#include <ini.h>
#include <math.h>
#include <stdlib.h>

#include "base/ini.h"
#include "reports/classifier_part.h"

/* What an exception's class or message adds to the score of its type. */
static const double vote_error = 2.0;

struct tl_classifier {
    const tl_taxonomy *taxonomy;
    tl_taxonomy *own; /* the same, if it is to be freed with the classifier */
    tl_feature_table table;
    float *weights; /* [feature][type] */
    size_t cap;     /* features that there is room for */
    int n_types;
    tl_features features; /* scratch */
};

/* ---- reading weights ------------------------------------------------------ */

typedef struct reader {
    tl_classifier *c;
    tl_ini in;
    int type; /* of the section at hand, -1: not in the taxonomy */
    char section[64];
} reader;

/* The row of weights of a feature; NULL when out of memory. */
static float *weights_of(tl_classifier *c, tl_str feature)
{
    int64_t *id = tl_map_put(&c->table.ids, feature, (int64_t)c->table.ids.count);
    if (!id)
        return NULL;
    if ((size_t)*id >= c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 4096, row = (size_t)c->n_types * sizeof *c->weights;
        float *more = reallocarray(c->weights, cap, row);
        if (!more)
            return NULL;
        memset(more + c->cap * (size_t)c->n_types, 0, (cap - c->cap) * row);
        c->weights = more;
        c->cap = cap;
    }
    return c->weights + (size_t)*id * (size_t)c->n_types;
}

static void enter_section(reader *r, const char *section)
{
    if (strcmp(section, r->section) == 0)
        return;
    strncpy(r->section, section, sizeof r->section - 1);
    r->type = -1;
    for (int i = 0; i < r->c->n_types; i++)
        if (strcmp(tl_taxonomy_type(r->c->taxonomy, i)->section, section) == 0)
            r->type = i;
}

/* Reads "-0.53"; in no locale is the point a comma.  False for anything else. */
static bool read_number(const char *text, double *value)
{
    bool negative = *text == '-';
    double unit = 1;
    const char *p = text + negative;
    *value = 0;
    for (; *p >= '0' && *p <= '9'; p++)
        *value = *value * 10 + (*p - '0');
    bool digits = p > text + negative;
    if (*p == '.')
        for (p++; *p >= '0' && *p <= '9'; p++)
            *value += (*p - '0') * (unit /= 10);
    if (negative)
        *value = -*value;
    return digits && !*p && fabs(*value) < 1e6;
}

static int on_weight(void *ctx, const char *section, const char *name, const char *value)
{
    reader *r = ctx;
    double weight;
    if (!read_number(name, &weight) || !*value)
        return tl_ini_refuse(&r->in, "'%.60s = %.60s' is no weight = feature", name, value);
    enter_section(r, section);
    if (r->type < 0)
        return 1;
    float *row = weights_of(r->c, tl_str_from(value));
    if (!row)
        return tl_ini_no_memory(&r->in);
    row[r->type] = (float)weight;
    return 1;
}

static int read_weights(tl_classifier *c, tl_str text, const char *name, tl_error *err)
{
    reader r = {.c = c, .in = {.text = text}, .type = -1};
    int line = ini_parse_stream(tl_ini_line, &r.in, on_weight, &r);
    return tl_ini_end(&r.in, line, name, "the weights of types", err);
}

/* ---- making --------------------------------------------------------------- */

int tl_classifier_new(tl_classifier **out, const tl_taxonomy *taxonomy, tl_str weights, const char *name,
                      tl_error *err)
{
    *out = NULL;
    tl_classifier *c = calloc(1, sizeof *c);
    if (!c)
        return tl_fail_memory(err, "the classifier");
    c->taxonomy = c->table.taxonomy = taxonomy;
    c->n_types = tl_taxonomy_n_types(taxonomy);
    int rc = read_weights(c, weights, name, err);
    if (rc)
        tl_classifier_free(c);
    else
        *out = c;
    return rc;
}

int tl_classifier_shipped(tl_classifier **out, tl_error *err)
{
    tl_taxonomy *taxonomy;
    *out = NULL;
    int rc = tl_taxonomy_new(&taxonomy, (tl_str){tl_taxonomy_ini, tl_taxonomy_ini_len}, "taxonomy.ini", err);
    if (rc)
        return rc;
    rc = tl_classifier_new(out, taxonomy, (tl_str){tl_taxonomy_weights_ini, tl_taxonomy_weights_ini_len},
                           "taxonomy-weights.ini", err);
    if (rc)
        tl_taxonomy_free(taxonomy);
    else
        (*out)->own = taxonomy;
    return rc;
}

void tl_classifier_free(tl_classifier *c)
{
    if (!c)
        return;
    tl_feature_table_free(&c->table);
    tl_features_free(&c->features);
    tl_taxonomy_free(c->own);
    free(c->weights);
    free(c);
}

const tl_taxonomy *tl_classifier_taxonomy(const tl_classifier *c)
{
    return c->taxonomy;
}

/* ---- classifying ------------------------------------------------------------ */

static void on_error_vote(void *ctx, int type)
{
    tl_features *f = ctx;
    f->votes[type] += vote_error;
    f->known = true;
}

int tl_classify(tl_classifier *c, const tl_frame *frames, size_t n, tl_str exception, tl_str message,
                tl_classified *out, tl_error *err)
{
    double scores[TL_MAX_TYPES];
    tl_features *f = &c->features;
    int rc = tl_features_of(&c->table, frames, n, f, err);
    if (rc)
        return rc;
    tl_taxonomy_match_error(c->taxonomy, exception, message, on_error_vote, f);
    memcpy(scores, f->votes, sizeof scores);
    for (size_t i = 0; i < f->n; i++) {
        const float *row = c->weights + (size_t)f->list[i].id * (size_t)c->n_types;
        for (int t = 0; t < c->n_types; t++)
            scores[t] += (double)f->list[i].value * (double)row[t];
    }
    tl_softmax(scores, c->n_types);
    int best = 0;
    for (int t = 1; t < c->n_types; t++)
        if (scores[t] > scores[best])
            best = t;
    out->confidence = scores[best];
    out->type = f->known && scores[best] >= TL_CONFIDENT ? best : -1;
    return TL_OK;
}

/* "keras.engine.training" is file training of package keras. */
static tl_frame frame_of(tl_str text)
{
    tl_frame f = {.line = TL_UNKNOWN, .function = text, .file = TL_STR("")};
    const char *colon = text.len ? memrchr(text.data, ':', text.len) : NULL;
    if (!colon)
        return f;
    f.file = tl_str_range(text.data, colon);
    f.function = tl_str_range(colon + 1, text.data + text.len);
    const char *first = memchr(f.file.data, '.', f.file.len);
    const char *last = memrchr(f.file.data, '.', f.file.len);
    if (last && first != f.file.data && f.file.data[0] != '<') {
        f.package = tl_str_range(f.file.data, first);
        f.file = tl_str_range(last + 1, colon);
    }
    return f;
}

size_t tl_pattern_frames(tl_str text, tl_frame *frames, size_t room)
{
    static const tl_str arrow = {" > ", 3};
    size_t n = 1;
    for (size_t at = tl_str_find(text, arrow, 0); at != SIZE_MAX; at = tl_str_find(text, arrow, at + arrow.len))
        n++;
    size_t skip = n > room ? n - room : 0, kept = 0;
    for (size_t at = 0, i = 0; i < n; i++) {
        size_t end = tl_str_find(text, arrow, at);
        tl_str part = end == SIZE_MAX ? tl_str_range(text.data + at, text.data + text.len)
                                      : tl_str_range(text.data + at, text.data + end);
        if (i >= skip && kept < room)
            frames[kept++] = frame_of(part);
        at = end == SIZE_MAX ? text.len : end + arrow.len;
    }
    return kept;
}
