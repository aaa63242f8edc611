#include "reports/classifier_part.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"

/* What the rules of a type add to its score: one that matches the innermost frame, one
 * that matches the innermost frame that any rule knows, and all frames. */
static const double vote_innermost = 1.0, vote_decisive = 1.0, vote_all = 1.0;

/* Frames of a longer pattern, counted from the innermost one, are left out. */
enum { MAX_FRAMES = 64 };

/* The longest run of symbols whose rules are remembered. */
enum { MAX_REMEMBERED = 1 << 18 };

void tl_feature_table_free(tl_feature_table *t)
{
    tl_map_free(&t->ids);
    tl_map_free(&t->symbols);
    tl_buf_free(&t->name);
    free(t->rules);
}

void tl_features_free(tl_features *f)
{
    free(f->list);
    *f = (tl_features){0};
}

typedef struct extraction {
    tl_feature_table *table;
    tl_features *out;
    bool failed;
} extraction;

/* Adds `value` to the feature called table->name. */
static void add_named(extraction *x, double value)
{
    tl_feature_table *t = x->table;
    if (x->failed || t->name.failed) {
        x->failed = true;
        return;
    }
    int64_t *id = tl_map_get(&t->ids, tl_buf_str(&t->name));
    if (!id && t->grows && !(id = tl_map_put(&t->ids, tl_buf_str(&t->name), (int64_t)t->ids.count)))
        x->failed = true;
    if (!id)
        return;
    tl_features *f = x->out;
    f->known = true;
    for (size_t i = 0; i < f->n; i++)
        if (f->list[i].id == (uint32_t)*id) {
            f->list[i].value += (float)value;
            return;
        }
    tl_feature *grown = tl_array_room(f->list, f->n, &f->cap, sizeof *grown);
    if (!grown) {
        x->failed = true;
        return;
    }
    f->list = grown;
    f->list[f->n++] = (tl_feature){(uint32_t)*id, (float)value};
}

static void add(extraction *x, const char *kind, tl_str a, const char *between, tl_str b, double value)
{
    tl_buf *name = &x->table->name;
    tl_buf_clear(name);
    tl_buf_add_cstr(name, kind);
    tl_buf_add_char(name, ' ');
    tl_buf_add_str(name, a);
    tl_buf_add_cstr(name, between);
    tl_buf_add_str(name, b);
    add_named(x, value);
}

/* The words of "_call_tf_sessionrun": call, tf, sessionrun. */
static void add_words(extraction *x, const char *kind, tl_str name, double value)
{
    for (size_t i = 0; i < name.len;) {
        size_t begin = i;
        while (i < name.len && name.data[i] != '_')
            i++;
        if (i > begin)
            add(x, kind, (tl_str){name.data + begin, i - begin}, "", TL_STR(""), value);
        i++;
    }
}

typedef struct plain_frame {
    tl_str file, function;
} plain_frame;

static plain_frame plain(const tl_frame *f)
{
    return (plain_frame){tl_taxonomy_name(f->file), tl_taxonomy_name(f->function)};
}

/* The rules of a frame, remembered by its names; NULL when out of memory. */
static const uint16_t *rules_of(tl_feature_table *t, const tl_frame *f)
{
    uint16_t found[TL_MAX_RULES];
    if (t->symbols.count > MAX_REMEMBERED) {
        tl_map_clear(&t->symbols);
        t->n_rules = 0;
    }
    tl_buf_clear(&t->name);
    tl_buf_add_str(&t->name, f->package);
    tl_buf_add_char(&t->name, '/');
    tl_buf_add_str(&t->name, tl_taxonomy_name(f->file));
    tl_buf_add_char(&t->name, ':');
    tl_buf_add_str(&t->name, tl_taxonomy_name(f->function));
    int64_t *at = t->name.failed ? NULL : tl_map_put(&t->symbols, tl_buf_str(&t->name), -1);
    if (!at)
        return NULL;
    if (*at >= 0)
        return t->rules + *at;
    size_t n = (size_t)tl_taxonomy_match(t->taxonomy, f, found);
    if (t->n_rules + n + 1 > t->cap_rules) {
        size_t cap = t->cap_rules * 2 + n + 1024;
        uint16_t *more = reallocarray(t->rules, cap, sizeof *more);
        if (!more)
            return NULL;
        t->rules = more;
        t->cap_rules = cap;
    }
    *at = (int64_t)t->n_rules;
    t->rules[t->n_rules] = (uint16_t)n;
    memcpy(t->rules + t->n_rules + 1, found, n * sizeof *found);
    t->n_rules += n + 1;
    return t->rules + *at;
}

static void add_rule(extraction *x, const char *kind, int rule, double value)
{
    const tl_rule *r = tl_taxonomy_rule(x->table->taxonomy, rule);
    const tl_type *type = tl_taxonomy_type(x->table->taxonomy, r->type);
    add(x, kind, tl_str_from(type->section), "/", tl_str_from(r->name), value);
}

/* Which rules match where: votes of their types and features of their own. */
static void add_rules(extraction *x, const tl_frame *frames, size_t n)
{
    double share = 1 / sqrt((double)n);
    bool decided = false;
    for (size_t i = n; i-- > 0 && !x->failed;) {
        const uint16_t *rules = rules_of(x->table, &frames[i]);
        if (!rules) {
            x->failed = true;
            return;
        }
        bool voted[TL_MAX_TYPES] = {false};
        for (int k = 1; k <= rules[0]; k++) {
            int type = tl_taxonomy_rule(x->table->taxonomy, rules[k])->type;
            if (!voted[type]) {
                x->out->votes[type] += vote_all / (double)n;
                x->out->votes[type] += i == n - 1 ? vote_innermost : 0;
                x->out->votes[type] += decided ? 0 : vote_decisive;
            }
            voted[type] = x->out->known = true;
        }
        for (int k = 1; k <= rules[0]; k++) {
            if (i == n - 1)
                add_rule(x, "last-rule", rules[k], 1);
            if (!decided)
                add_rule(x, "decisive-rule", rules[k], 1);
            if (i == 0)
                add_rule(x, "first-rule", rules[k], 1);
            add_rule(x, "rule", rules[k], share);
        }
        decided |= rules[0] > 0;
    }
}

static void add_frames(extraction *x, const tl_frame *frames, size_t n)
{
    double share = 1 / sqrt((double)n);
    plain_frame last = plain(&frames[n - 1]), first = plain(&frames[0]);
    add(x, "last", last.file, ":", last.function, 1);
    add(x, "last-file", last.file, "", TL_STR(""), 1);
    add(x, "last-function", last.function, "", TL_STR(""), 1);
    add_words(x, "last-word", last.function, 0.5);
    add(x, "first", first.file, ":", first.function, 1);
    add(x, "first-file", first.file, "", TL_STR(""), 0.5);
    if (n > 1) {
        plain_frame next = plain(&frames[n - 2]);
        add(x, "next", next.file, ":", next.function, 1);
        add(x, "next-file", next.file, "", TL_STR(""), 0.5);
    }
    for (size_t i = 0; i < n && !x->failed; i++) {
        plain_frame f = plain(&frames[i]);
        add(x, "any", f.file, ":", f.function, share);
        add(x, "any-file", f.file, "", TL_STR(""), share);
        add_words(x, "any-word", f.function, 0.5 * share);
    }
}

static void add_length(extraction *x, size_t n)
{
    static const struct {
        size_t most;
        const char *name;
    } lengths[] = {{1, "1"}, {2, "2"}, {4, "3-4"}, {8, "5-8"}, {SIZE_MAX, "9+"}};
    int i = 0;
    while (n > lengths[i].most)
        i++;
    add(x, "frames", tl_str_from(lengths[i].name), "", TL_STR(""), 1);
}

int tl_features_of(tl_feature_table *t, const tl_frame *frames, size_t n, tl_features *out, tl_error *err)
{
    extraction x = {.table = t, .out = out};
    out->n = 0;
    out->known = false;
    memset(out->votes, 0, sizeof out->votes);
    if (n > MAX_FRAMES) {
        frames += n - MAX_FRAMES;
        n = MAX_FRAMES;
    }
    if (n) {
        add_rules(&x, frames, n);
        add_frames(&x, frames, n);
    }
    bool known = out->known;
    add_length(&x, n);
    out->known = known; /* the length alone says nothing */
    return x.failed ? tl_fail_memory(err, "classifying") : TL_OK;
}

void tl_softmax(double *scores, int n)
{
    double most = scores[0], sum = 0;
    for (int i = 1; i < n; i++)
        most = scores[i] > most ? scores[i] : most;
    for (int i = 0; i < n; i++)
        sum += scores[i] = exp(scores[i] - most);
    for (int i = 0; i < n; i++)
        scores[i] /= sum;
}
