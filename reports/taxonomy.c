#include "reports/taxonomy.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/ini.h"

/* Longer names and messages than these are cut before they are looked at. */
enum { MAX_NAME = 200, MAX_MESSAGE = 4096, MAX_CATEGORIES = 32, MAX_SECTION = 48 };

/* A text of one type: a label, an exception class, or a part of a message. */
typedef struct mark {
    tl_str text;
    int type;
} mark;

/* One form of frame that a rule stands for; `package` data NULL: any. */
typedef struct glob {
    tl_str package, file, function;
    int rule;
    int special; /* the special form of a frame beats the general one */
} glob;

typedef struct list {
    void *items;
    size_t n, cap;
} list;

struct tl_taxonomy {
    tl_arena texts;
    struct {
        const char *code, *name;
    } categories[MAX_CATEGORIES];
    int n_categories;
    tl_type types[TL_MAX_TYPES];
    int n_types;
    tl_rule rules[TL_MAX_RULES];
    int n_rules;
    list globs;                      /* of glob, rules ascending */
    list labels, exceptions, messages; /* of mark */
};

/* ---- reading ----------------------------------------------------------- */

typedef struct reader {
    tl_taxonomy *t;
    tl_ini in;
} reader;

static void *add_item(reader *r, list *l, size_t size)
{
    void *grown = tl_array_room(l->items, l->n, &l->cap, size);
    if (!grown) {
        tl_ini_no_memory(&r->in);
        return NULL;
    }
    l->items = grown;
    return (char *)l->items + size * l->n++;
}

static const char *keep(reader *r, tl_str text)
{
    tl_str copy = tl_arena_copy(&r->t->texts, text);
    if (!copy.data)
        tl_ini_no_memory(&r->in);
    return copy.data;
}

static int add_mark(reader *r, list *l, tl_str text, int type)
{
    const char *copy = keep(r, text);
    mark *m = copy ? add_item(r, l, sizeof *m) : NULL;
    if (m)
        *m = (mark){{copy, text.len}, type};
    return m != NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static tl_str trimmed(tl_str s)
{
    while (s.len && is_blank(s.data[0]))
        s = (tl_str){s.data + 1, s.len - 1};
    while (s.len && is_blank(s.data[s.len - 1]))
        s.len--;
    return s;
}

/* Is there nothing, or a blank at either end? */
static bool is_padded(const char *text)
{
    size_t n = strlen(text);
    return n == 0 || trimmed(tl_str_from(text)).len < n;
}

/* Takes the part of *rest before the next of `separators`; false at the end. */
static bool next_part(tl_str *rest, const char *separators, tl_str *part)
{
    size_t n = 0;
    if (!rest->len)
        return false;
    while (n < rest->len && !strchr(separators, rest->data[n]))
        n++;
    *part = (tl_str){rest->data, n};
    n += n < rest->len;
    *rest = (tl_str){rest->data + n, rest->len - n};
    return true;
}

static int add_marks(reader *r, list *l, const char *value, const char *separators, int type)
{
    tl_str rest = tl_str_from(value), part;
    while (next_part(&rest, separators, &part)) {
        part = trimmed(part);
        if (part.len && !add_mark(r, l, part, type))
            return 0;
    }
    return 1;
}

/* 4 for a name in full, 2 for a part of one, 0 for any. */
static int how_special(tl_str pattern)
{
    size_t wild = 0;
    for (size_t i = 0; i < pattern.len; i++)
        wild += pattern.data[i] == '*' || pattern.data[i] == '?';
    return wild == 0 ? 4 : wild == pattern.len ? 0 : 2;
}

static int add_glob(reader *r, tl_str text, int rule)
{
    const char *copy = keep(r, text);
    if (!copy)
        return 0;
    tl_str rest = {copy, text.len}, package = {0};
    const char *slash = memchr(copy, '/', text.len);
    if (slash) {
        package = tl_str_range(copy, slash);
        rest = tl_str_range(slash + 1, copy + text.len);
    }
    const char *colon = memchr(rest.data, ':', rest.len);
    if (!colon || colon == rest.data || colon + 1 == rest.data + rest.len)
        return tl_ini_refuse(&r->in, "'%.60s' is no file:function", copy);
    glob *g = add_item(r, &r->t->globs, sizeof *g);
    if (!g)
        return 0;
    *g = (glob){.package = package,
                .file = tl_str_range(rest.data, colon),
                .function = tl_str_range(colon + 1, rest.data + rest.len),
                .rule = rule};
    g->special = how_special(g->file) + how_special(g->function) + (package.data ? how_special(package) : 0);
    return 1;
}

/* The number of the rule: the last one, if it goes on, or a new one; -1: refused. */
static int enter_rule(reader *r, const char *name, int type)
{
    tl_taxonomy *t = r->t;
    if (t->n_rules && t->rules[t->n_rules - 1].type == type &&
        strcmp(t->rules[t->n_rules - 1].name, name) == 0)
        return t->n_rules - 1;
    for (int i = 0; i < t->n_rules; i++)
        if (t->rules[i].type == type && strcmp(t->rules[i].name, name) == 0)
            return tl_ini_refuse(&r->in, "rule %s is there twice", name) - 1;
    if (t->n_rules == TL_MAX_RULES)
        return tl_ini_refuse(&r->in, "more than %d rules", TL_MAX_RULES) - 1;
    if (name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")])
        return tl_ini_refuse(&r->in, "'%s' is no name of a rule: use letters, digits, _ and -", name) - 1;
    const char *copy = keep(r, tl_str_from(name));
    if (!copy)
        return -1;
    t->rules[t->n_rules] = (tl_rule){copy, type};
    return t->n_rules++;
}

static int on_rule(reader *r, int type, const char *name, const char *value)
{
    int rule = enter_rule(r, name, type);
    tl_str rest = tl_str_from(value), part;
    if (rule < 0)
        return 0;
    while (next_part(&rest, " \t", &part))
        if (part.len && !add_glob(r, part, rule))
            return 0;
    return 1;
}

static int on_category(reader *r, const char *code, const char *name)
{
    tl_taxonomy *t = r->t;
    if (t->n_categories == MAX_CATEGORIES)
        return tl_ini_refuse(&r->in, "more than %d categories", MAX_CATEGORIES);
    if (is_padded(code) || is_padded(name))
        return tl_ini_refuse(&r->in, "a category is CODE = name");
    int i = t->n_categories;
    t->categories[i].code = keep(r, tl_str_from(code));
    t->categories[i].name = keep(r, tl_str_from(name));
    if (!t->categories[i].code || !t->categories[i].name)
        return 0;
    t->n_categories++;
    return 1;
}

static int set_category(reader *r, tl_type *type, const char *code)
{
    const tl_taxonomy *t = r->t;
    for (int i = 0; i < t->n_categories; i++)
        if (strcmp(t->categories[i].code, code) == 0) {
            type->category = t->categories[i].code;
            type->category_name = t->categories[i].name;
            return 1;
        }
    return tl_ini_refuse(&r->in, "there is no category '%s' in [categories]", code);
}

/* The type of a section, made where the section begins; NULL if refused. */
static tl_type *enter_section(reader *r, const char *section)
{
    tl_taxonomy *t = r->t;
    if (t->n_types && strcmp(t->types[t->n_types - 1].section, section) == 0)
        return &t->types[t->n_types - 1];
    for (int i = 0; i < t->n_types; i++)
        if (strcmp(t->types[i].section, section) == 0) {
            tl_ini_refuse(&r->in, "section [%s] is there twice", section);
            return NULL;
        }
    const char *blank = strchr(section, ' ');
    if (!blank || is_padded(section) || is_padded(blank + 1) || strlen(section) > MAX_SECTION || t->n_types == TL_MAX_TYPES) {
        if (t->n_types == TL_MAX_TYPES)
            tl_ini_refuse(&r->in, "more than %d types", TL_MAX_TYPES);
        else
            tl_ini_refuse(&r->in, "section [%s] is no [CODE name of a type] of up to %d letters", section, MAX_SECTION);
        return NULL;
    }
    const char *copy = keep(r, tl_str_from(section));
    if (!copy)
        return NULL;
    t->types[t->n_types] = (tl_type){.section = copy, .name = copy + (blank + 1 - section), .description = ""};
    return &t->types[t->n_types++];
}

static int on_setting(void *ctx, const char *section, const char *name, const char *value)
{
    reader *r = ctx;
    tl_taxonomy *t = r->t;
    if (!*section)
        return tl_ini_refuse(&r->in, "'%s' stands before the first section", name);
    if (strcmp(section, "categories") == 0)
        return on_category(r, name, value);
    tl_type *type = enter_section(r, section);
    if (!type)
        return 0;
    int number = (int)(type - t->types);
    if (strcmp(name, "category") == 0)
        return set_category(r, type, value);
    if (strcmp(name, "description") == 0)
        return (type->description = keep(r, tl_str_from(value))) != NULL;
    if (strcmp(name, "labels") == 0)
        return add_marks(r, &t->labels, value, ",", number);
    if (strcmp(name, "exception") == 0)
        return add_marks(r, &t->exceptions, value, " \t", number);
    if (strcmp(name, "message") == 0)
        return add_mark(r, &t->messages, tl_str_from(value), number);
    return on_rule(r, number, name, value);
}

static int check_complete(const tl_taxonomy *t, const char *name, tl_error *err)
{
    if (t->n_types == 0)
        return tl_fail(err, TL_BAD_INPUT, "%s: names no type", name);
    for (int i = 0; i < t->n_types; i++)
        if (!t->types[i].category)
            return tl_fail(err, TL_BAD_INPUT, "%s: section [%s] has no category", name, t->types[i].section);
    return TL_OK;
}

static int read_text(tl_taxonomy *t, tl_str text, const char *name, tl_error *err)
{
    reader r = {.t = t, .in = {.text = text}};
    int line = ini_parse_stream(tl_ini_line, &r.in, on_setting, &r);
    int rc = tl_ini_end(&r.in, line, name, "the taxonomy", err);
    return rc ? rc : check_complete(t, name, err);
}

int tl_taxonomy_new(tl_taxonomy **out, tl_str text, const char *name, tl_error *err)
{
    *out = NULL;
    tl_taxonomy *t = calloc(1, sizeof *t);
    if (!t)
        return tl_fail_memory(err, "the taxonomy");
    int rc = read_text(t, text, name, err);
    if (rc)
        tl_taxonomy_free(t);
    else
        *out = t;
    return rc;
}

void tl_taxonomy_free(tl_taxonomy *t)
{
    if (!t)
        return;
    free(t->globs.items);
    free(t->labels.items);
    free(t->exceptions.items);
    free(t->messages.items);
    tl_arena_free(&t->texts);
    free(t);
}

/* ---- asking ------------------------------------------------------------ */

int tl_taxonomy_n_types(const tl_taxonomy *t)
{
    return t->n_types;
}

int tl_taxonomy_n_rules(const tl_taxonomy *t)
{
    return t->n_rules;
}

const tl_type *tl_taxonomy_type(const tl_taxonomy *t, int type)
{
    return &t->types[type];
}

const tl_rule *tl_taxonomy_rule(const tl_taxonomy *t, int rule)
{
    return &t->rules[rule];
}

int tl_taxonomy_each_label(const tl_taxonomy *t, int (*each)(void *ctx, tl_str label, int type), void *ctx,
                           tl_error *err)
{
    const mark *marks = t->labels.items;
    tl_buf full = {0};
    int rc = TL_OK;
    for (int i = 0; rc == TL_OK && i < t->n_types; i++) {
        tl_buf_clear(&full);
        tl_buf_printf(&full, "%s %s", t->types[i].category_name, t->types[i].name);
        rc = tl_buf_check(&full, "a label", err);
        if (rc == TL_OK)
            rc = each(ctx, tl_str_from(t->types[i].section), i);
        if (rc == TL_OK)
            rc = each(ctx, tl_buf_str(&full), i);
    }
    for (size_t i = 0; rc == TL_OK && i < t->labels.n; i++)
        rc = each(ctx, marks[i].text, marks[i].type);
    for (int i = 0; rc == TL_OK && i < t->n_types; i++) {
        int same = 0;
        for (int k = 0; k < t->n_types; k++)
            same += strcmp(t->types[k].name, t->types[i].name) == 0;
        if (same == 1)
            rc = each(ctx, tl_str_from(t->types[i].name), i);
    }
    tl_buf_free(&full);
    return rc;
}

typedef struct label_search {
    tl_str label;
    int type;
} label_search;

static int compare_label(void *ctx, tl_str label, int type)
{
    label_search *x = ctx;
    if (label.len != x->label.len || strncasecmp(label.data, x->label.data, label.len) != 0)
        return 0;
    x->type = type;
    return 1;
}

int tl_taxonomy_label(const tl_taxonomy *t, tl_str label)
{
    label_search x = {trimmed(label), -1};
    int rc = tl_taxonomy_each_label(t, compare_label, &x, NULL);
    return rc == TL_NO_MEMORY ? rc : x.type;
}

tl_str tl_taxonomy_name(tl_str name)
{
    static const tl_str frozen = {"frozen ", 7};
    if (name.len > MAX_NAME)
        name.len = MAX_NAME;
    if (name.len > 2 && name.data[0] == '<' && name.data[name.len - 1] == '>')
        name = (tl_str){name.data + 1, name.len - 2};
    if (name.len > frozen.len && memcmp(name.data, frozen.data, frozen.len) == 0) {
        name = (tl_str){name.data + frozen.len, name.len - frozen.len};
        const char *dot = memrchr(name.data, '.', name.len); /* importlib._bootstrap */
        if (dot)
            return tl_str_range(dot + 1, name.data + name.len);
    }
    const char *dot = name.len > 1 ? memchr(name.data + 1, '.', name.len - 1) : NULL;
    return dot ? tl_str_range(name.data, dot) : name;
}

/* Linear in the product of the lengths at worst: on a mismatch only the last * gives
 * way. */
static bool matches(tl_str pattern, tl_str s)
{
    size_t p = 0, i = 0, star = SIZE_MAX, from = 0;
    while (i < s.len)
        if (p < pattern.len && pattern.data[p] == '*') {
            star = p++;
            from = i;
        } else if (p < pattern.len && (pattern.data[p] == '?' || pattern.data[p] == s.data[i])) {
            p++;
            i++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            i = ++from;
        } else
            return false;
    while (p < pattern.len && pattern.data[p] == '*')
        p++;
    return p == pattern.len;
}

int tl_taxonomy_match(const tl_taxonomy *t, const tl_frame *f, uint16_t *rules)
{
    tl_str file = tl_taxonomy_name(f->file), function = tl_taxonomy_name(f->function);
    const glob *globs = t->globs.items;
    int n = 0, special = 0;
    for (size_t i = 0; i < t->globs.n; i++) {
        const glob *g = &globs[i];
        if (g->special < special || (g->special == special && n && rules[n - 1] == g->rule))
            continue;
        if (g->package.data && (!f->package.data || !matches(g->package, f->package)))
            continue;
        if (!matches(g->file, file) || !matches(g->function, function))
            continue;
        if (g->special > special)
            n = 0;
        special = g->special;
        rules[n++] = (uint16_t)g->rule;
    }
    return n;
}

void tl_taxonomy_match_error(const tl_taxonomy *t, tl_str exception, tl_str message,
                             void (*found)(void *ctx, int type), void *ctx)
{
    const mark *marks = t->exceptions.items;
    if (exception.data) {
        const char *dot = memrchr(exception.data, '.', exception.len);
        if (dot)
            exception = tl_str_range(dot + 1, exception.data + exception.len);
    }
    for (size_t i = 0; exception.data && i < t->exceptions.n; i++)
        if (tl_str_eq(exception, marks[i].text))
            found(ctx, marks[i].type);
    if (!message.data)
        return;
    if (message.len > MAX_MESSAGE)
        message.len = MAX_MESSAGE;
    marks = t->messages.items;
    for (size_t i = 0; i < t->messages.n; i++)
        for (size_t at = 0; at + marks[i].text.len <= message.len; at++)
            if (tl_str_eq_nocase((tl_str){message.data + at, marks[i].text.len}, marks[i].text.data)) {
                found(ctx, marks[i].type);
                break;
            }
}
