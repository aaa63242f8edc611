#include "reports/agree.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "stats/agreement.h"
#include "stats/label.h"

static const char *const column_names[] = {"coders", "units", "labels", "alpha", "low", "high"};

/* All labels of the table, as texts and as ratings whose labels are still to be
 * numbered. */
typedef struct sheet {
    tl_rating *ratings;
    tl_str *texts;
    size_t n, cap_ratings, cap_texts;
    size_t units; /* with two labels or more */
    tl_arena arena;
} sheet;

static void free_sheet(sheet *s)
{
    free(s->ratings);
    free(s->texts);
    tl_arena_free(&s->arena);
}

static bool add_label(sheet *s, uint32_t unit, uint32_t coder, tl_str text)
{
    tl_rating *ratings = tl_array_room(s->ratings, s->n, &s->cap_ratings, sizeof *ratings);
    if (ratings)
        s->ratings = ratings;
    tl_str *texts = tl_array_room(s->texts, s->n, &s->cap_texts, sizeof *texts);
    if (texts)
        s->texts = texts;
    if (!ratings || !texts)
        return false;
    text = tl_arena_copy(&s->arena, text);
    s->ratings[s->n] = (tl_rating){unit, coder, 0};
    s->texts[s->n++] = text;
    return text.data;
}

/* Which column of the statement each coder is; their number or a status. */
static int find_coders(sqlite3_stmt *stmt, const char *wanted, int *columns, int cap, tl_error *err)
{
    int all = sqlite3_column_count(stmt), n = 0;
    for (const char *at = wanted; wanted && *at;) {
        size_t len = strcspn(at, ",");
        int found = -1;
        for (int i = 0; i < all; i++) {
            const char *name = sqlite3_column_name(stmt, i);
            if (name && tl_str_eq(tl_str_from(name), (tl_str){at, len}))
                found = i;
        }
        if (found < 0 || n == cap)
            return tl_fail(err, TL_USAGE, "there is no column '%.*s'", (int)len, at);
        for (int i = 0; i < n; i++)
            if (columns[i] == found)
                return tl_fail(err, TL_USAGE, "column '%.*s' is named twice", (int)len, at);
        columns[n++] = found;
        at += len + (at[len] == ',');
    }
    for (int i = 0; !wanted && i < all && i < cap; i++)
        columns[n++] = i;
    return n >= 2 ? n : tl_fail(err, TL_USAGE, "agreement takes at least two coders' columns, found %d", n);
}

static int read_sheet(tl_store *store, sqlite3_stmt *stmt, const int *coders, int n, sheet *s, tl_error *err)
{
    int rc;
    for (uint32_t unit = 0; (rc = sqlite3_step(stmt)) == SQLITE_ROW; unit++) {
        size_t before = s->n;
        for (int c = 0; c < n; c++) {
            const char *text = (const char *)sqlite3_column_text(stmt, coders[c]);
            if (text && !add_label(s, unit, (uint32_t)c,
                                   (tl_str){text, (size_t)sqlite3_column_bytes(stmt, coders[c])}))
                return tl_fail_memory(err, "the labels");
        }
        s->units += s->n - before >= 2;
    }
    return rc == SQLITE_DONE ? TL_OK : tl_store_fail(store, rc, "reading the labels", err);
}

static int compute(const sheet *s, const tl_agree_options *o, tl_alpha_interval *out, tl_error *err)
{
    uint32_t *ids = calloc(s->n + 1, sizeof *ids);
    if (!ids)
        return tl_fail_memory(err, "the labels");
    int rc = tl_label_ids(s->texts, s->n, ids, err);
    for (size_t i = 0; rc == TL_OK && i < s->n; i++)
        s->ratings[i].label = ids[i];
    free(ids);
    return rc ? rc : tl_krippendorff_interval(s->ratings, s->n, o->level, o->resamples, o->seed, out, err);
}

static void set_real(tl_cell *cell, double value)
{
    if (!isnan(value))
        *cell = (tl_cell){.type = TL_CELL_REAL, .real = value};
}

int tl_agree(tl_store *store, const tl_agree_options *o, tl_grid *out, tl_error *err)
{
    enum { MAX_CODERS = 1000 };
    int coders[MAX_CODERS], n = 0;
    sqlite3_stmt *stmt = NULL;
    sheet s = {0};
    tl_alpha_interval alpha;
    tl_buf sql = {0};
    tl_buf_printf(&sql, "SELECT * FROM %s", o->table);
    int rc = tl_buf_check(&sql, "a statement", err);
    if (rc == TL_OK)
        rc = tl_store_prepare(store, sql.data, &stmt, err);
    if (rc == TL_OK)
        rc = n = find_coders(stmt, o->columns, coders, MAX_CODERS, err);
    if (n > 0)
        rc = read_sheet(store, stmt, coders, n, &s, err);
    if (rc == TL_OK)
        rc = compute(&s, o, &alpha, err);
    if (rc == TL_OK)
        rc = tl_grid_columns(out, column_names, 6, err);
    tl_cell *row = rc == TL_OK ? tl_grid_add_row(out) : NULL;
    if (row) {
        const int64_t counts[] = {n, (int64_t)s.units, (int64_t)s.n};
        for (int i = 0; i < 3; i++)
            row[i] = (tl_cell){.type = TL_CELL_INT, .integer = counts[i]};
        set_real(&row[3], alpha.alpha);
        set_real(&row[4], alpha.low);
        set_real(&row[5], alpha.high);
    } else if (rc == TL_OK)
        rc = tl_fail_memory(err, "a table");
    sqlite3_finalize(stmt);
    tl_buf_free(&sql);
    free_sheet(&s);
    return rc;
}
