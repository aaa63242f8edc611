#include "reports/grid.h"

#include <stdlib.h>

void tl_grid_free(tl_grid *g)
{
    free(g->cells);
    tl_arena_free(&g->arena);
    *g = (tl_grid){0};
}

int tl_grid_columns(tl_grid *g, const char *const *names, size_t n, tl_error *err)
{
    g->columns = tl_arena_calloc(&g->arena, n ? n : 1, sizeof *g->columns);
    if (!g->columns)
        return tl_fail_memory(err, "a table");
    for (size_t c = 0; c < n; c++) {
        g->columns[c].name = tl_arena_copy(&g->arena, tl_str_from(names[c])).data;
        if (!g->columns[c].name)
            return tl_fail_memory(err, "a table");
    }
    g->n_columns = n;
    return TL_OK;
}

tl_cell *tl_grid_add_row(tl_grid *g)
{
    if (g->n_rows == g->cap_rows) {
        size_t cap = g->cap_rows ? g->cap_rows * 2 : 16;
        tl_cell *more = reallocarray(g->cells, cap * (g->n_columns ? g->n_columns : 1), sizeof *more);
        if (!more)
            return NULL;
        g->cells = more;
        g->cap_rows = cap;
    }
    tl_cell *row = tl_grid_row(g, g->n_rows++);
    memset(row, 0, g->n_columns * sizeof *row); /* TL_CELL_NULL */
    return row;
}

bool tl_grid_set_text(tl_grid *g, tl_cell *cell, tl_str text)
{
    tl_str copy = tl_arena_copy(&g->arena, text);
    if (!copy.data)
        return false;
    *cell = (tl_cell){.type = TL_CELL_TEXT, .text = copy};
    return true;
}

static bool set_blob(tl_grid *g, tl_cell *cell, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = tl_arena_alloc(&g->arena, 2 * n + 1);
    if (!hex)
        return false;
    for (size_t i = 0; i < n; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    *cell = (tl_cell){.type = TL_CELL_TEXT, .text = {hex, 2 * n}};
    return true;
}

static bool set_from_statement(tl_grid *g, tl_cell *cell, sqlite3_stmt *stmt, int c)
{
    switch (sqlite3_column_type(stmt, c)) {
    case SQLITE_INTEGER:
        *cell = (tl_cell){.type = TL_CELL_INT, .integer = sqlite3_column_int64(stmt, c)};
        return true;
    case SQLITE_FLOAT:
        *cell = (tl_cell){.type = TL_CELL_REAL, .real = sqlite3_column_double(stmt, c)};
        return true;
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(stmt, c);
        return text && tl_grid_set_text(g, cell, (tl_str){text, (size_t)sqlite3_column_bytes(stmt, c)});
    }
    case SQLITE_BLOB: {
        const void *blob = sqlite3_column_blob(stmt, c);
        return set_blob(g, cell, blob, (size_t)sqlite3_column_bytes(stmt, c));
    }
    default:
        return true;
    }
}

static int take_columns(tl_grid *g, sqlite3_stmt *stmt, tl_error *err)
{
    size_t n = (size_t)sqlite3_column_count(stmt);
    const char **names = calloc(n ? n : 1, sizeof *names);
    if (!names)
        return tl_fail_memory(err, "a table");
    bool known = true;
    for (size_t c = 0; c < n; c++)
        known = (names[c] = sqlite3_column_name(stmt, (int)c)) && known;
    int rc = known ? tl_grid_columns(g, names, n, err) : tl_fail_memory(err, "a table");
    free(names);
    return rc;
}

int tl_grid_load(tl_grid *g, const tl_store *s, sqlite3_stmt *stmt, tl_error *err)
{
    if (!g->columns) {
        int rc = take_columns(g, stmt, err);
        if (rc)
            return rc;
    }
    if ((size_t)sqlite3_column_count(stmt) != g->n_columns)
        return tl_fail(err, TL_USAGE, "a statement gives %d columns, not %zu", sqlite3_column_count(stmt),
                       g->n_columns);
    int step;
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        tl_cell *row = tl_grid_add_row(g);
        if (!row)
            return tl_fail_memory(err, "a table");
        for (size_t c = 0; c < g->n_columns; c++)
            if (!set_from_statement(g, &row[c], stmt, (int)c))
                return tl_fail_memory(err, "a table");
    }
    return step == SQLITE_DONE ? TL_OK : tl_store_fail(s, step, "running a query", err);
}

size_t tl_grid_find(const tl_grid *g, const char *name)
{
    for (size_t c = 0; c < g->n_columns; c++)
        if (strcmp(g->columns[c].name, name) == 0)
            return c;
    return SIZE_MAX;
}

bool tl_cell_eq(const tl_cell *a, const tl_cell *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case TL_CELL_INT:
        return a->integer == b->integer;
    case TL_CELL_REAL:
        return a->real == b->real;
    case TL_CELL_TEXT:
        return tl_str_eq(a->text, b->text);
    default:
        return true;
    }
}
