#include "reports/compare.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "stats/correction.h"

static const char *const column_names[] = {"value",   "test",      "n1", "n0",     "median1",
                                           "median0", "statistic", "p",  "p_holm", "effect"};
enum { P = 7, P_HOLM = 8, COLUMNS = 10 };

static const char value_sql[] =
    "SELECT ?1, 'mann-whitney', count(%1$s) FILTER (WHERE %2$s), count(%1$s) FILTER (WHERE NOT %2$s), "
    "median(%1$s) FILTER (WHERE %2$s), median(%1$s) FILTER (WHERE NOT %2$s), "
    "mann_whitney_u(%1$s, %2$s), mann_whitney_p(%1$s, %2$s), NULL, cliffs_delta(%1$s, %2$s) "
    "FROM %3$s WHERE (%4$s)";

/* An empty cell is no success: a question without an accepted answer has none.  The tests
 * refuse a text: `False` is not 0. */
static const char success_sql[] =
    "SELECT ?1, 'z', count(*) FILTER (WHERE %2$s), count(*) FILTER (WHERE NOT %2$s), "
    "avg(ifnull(%1$s, 0) <> 0) FILTER (WHERE %2$s), avg(ifnull(%1$s, 0) <> 0) FILTER (WHERE NOT %2$s), "
    "ztest_z(ifnull(%1$s, 0), %2$s), ztest_p(ifnull(%1$s, 0), %2$s), NULL, cohens_h(ifnull(%1$s, 0), %2$s) "
    "FROM %3$s WHERE (%4$s)";

/* The column as a quoted name, if the table has it. */
static int quote_column(tl_store *store, const tl_compare_options *o, tl_str name, tl_buf *quoted, tl_error *err)
{
    sqlite3_stmt *stmt = NULL;
    tl_buf sql = {0}, known = {0};
    bool found = false;
    tl_buf_printf(&sql, "SELECT * FROM %s LIMIT 0", o->table);
    int rc = tl_buf_check(&sql, "a statement", err);
    if (rc == TL_OK)
        rc = tl_store_prepare(store, sql.data, &stmt, err);
    for (int i = 0; rc == TL_OK && i < sqlite3_column_count(stmt); i++) {
        const char *column = sqlite3_column_name(stmt, i);
        found = found || (column && tl_str_eq(name, tl_str_from(column)));
        tl_buf_printf(&known, "%s%s", i ? ", " : "", column ? column : "");
    }
    if (rc == TL_OK && !found)
        rc = tl_fail(err, TL_USAGE, "there is no column '" TL_STR_FMT "'; the file has %.500s",
                     TL_STR_ARG(name), known.data ? known.data : "none");
    tl_buf_clear(quoted);
    tl_buf_add_char(quoted, '"');
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '"')
            tl_buf_add_char(quoted, '"');
        tl_buf_add_char(quoted, name.data[i]);
    }
    tl_buf_add_char(quoted, '"');
    if (rc == TL_OK)
        rc = tl_buf_check(quoted, "a column's name", err);
    sqlite3_finalize(stmt);
    tl_buf_free(&sql);
    tl_buf_free(&known);
    return rc;
}

/* A condition must be an expression of its own: its parentheses, quotes and comments
 * must not reach out of it, which it proves by standing in parentheses and bare. */
static int check_form(tl_store *store, const tl_compare_options *o, const char *form, tl_error *err)
{
    tl_buf sql = {0};
    sqlite3_stmt *stmt = NULL;
    const char *rest = "";
    tl_buf_printf(&sql, form, o->table, o->where);
    int rc = tl_buf_check(&sql, "a statement", err);
    if (rc == TL_OK &&
        (sqlite3_prepare_v2(tl_store_db(store), sql.data, -1, &stmt, &rest) != SQLITE_OK || *rest ||
         sqlite3_column_count(stmt) != 1))
        rc = tl_fail(err, TL_USAGE, "--where %s: %s", o->where,
                     stmt ? "expected one condition" : sqlite3_errmsg(tl_store_db(store)));
    sqlite3_finalize(stmt);
    tl_buf_free(&sql);
    return rc;
}

static int check_where(tl_store *store, const tl_compare_options *o, tl_error *err)
{
    if (!o->where)
        return TL_OK;
    int rc = check_form(store, o, "SELECT 1 FROM %1$s WHERE (\n%2$s\n)", err);
    return rc ? rc : check_form(store, o, "SELECT 1 FROM %1$s WHERE \n%2$s\n", err);
}

static int add_row(tl_store *store, const tl_compare_options *o, const char *form, tl_str name,
                   tl_grid *out, tl_error *err)
{
    tl_buf column = {0}, group = {0}, sql = {0};
    sqlite3_stmt *stmt = NULL;
    int rc = quote_column(store, o, tl_str_from(o->group), &group, err);
    if (rc == TL_OK)
        rc = quote_column(store, o, name, &column, err);
    if (rc == TL_OK) {
        tl_buf where = {0};
        tl_buf_printf(&where, "\n%s\n", o->where ? o->where : "1");
        tl_buf_printf(&sql, form, column.data, group.data, o->table, where.data ? where.data : "");
        sql.failed |= where.failed;
        tl_buf_free(&where);
        rc = tl_buf_check(&sql, "a statement", err);
    }
    if (rc == TL_OK)
        rc = tl_store_prepare(store, sql.data, &stmt, err);
    if (rc == TL_OK) {
        tl_bind_str(stmt, 1, name);
        rc = tl_grid_load(out, store, stmt, err);
    }
    sqlite3_finalize(stmt);
    tl_buf_free(&column);
    tl_buf_free(&group);
    tl_buf_free(&sql);
    return rc;
}

static int correct(tl_grid *out, tl_error *err)
{
    double *p = calloc(out->n_rows + 1, sizeof *p);
    if (!p)
        return tl_fail_memory(err, "corrected p-values");
    for (size_t i = 0; i < out->n_rows; i++) {
        const tl_cell *c = tl_grid_row(out, i) + P;
        p[i] = c->type == TL_CELL_REAL ? c->real : c->type == TL_CELL_INT ? (double)c->integer : NAN;
    }
    int rc = tl_holm(p, out->n_rows, p, err);
    for (size_t i = 0; rc == TL_OK && i < out->n_rows; i++)
        if (!isnan(p[i]))
            tl_grid_row(out, i)[P_HOLM] = (tl_cell){.type = TL_CELL_REAL, .real = p[i]};
    free(p);
    return rc;
}

int tl_compare(tl_store *store, const tl_compare_options *o, tl_grid *out, tl_error *err)
{
    int rc = tl_grid_columns(out, column_names, COLUMNS, err);
    if (rc == TL_OK)
        rc = check_where(store, o, err);
    const char *at = o->values ? o->values : "";
    while (rc == TL_OK && *at) {
        size_t n = strcspn(at, ",");
        rc = add_row(store, o, value_sql, (tl_str){at, n}, out, err);
        at += n + (at[n] == ',');
    }
    if (rc == TL_OK && o->success)
        rc = add_row(store, o, success_sql, tl_str_from(o->success), out, err);
    return rc ? rc : correct(out, err);
}
