/* grid.h: a table in memory.
 *
 * Columns with names, rows of typed cells.  It is what a statement of
 * sql/tables gives and what format.h writes.  A zeroed grid is empty.  All texts
 * live in the grid's arena.
 */
#ifndef TL_REPORTS_GRID_H
#define TL_REPORTS_GRID_H

#include "base/arena.h"
#include "sql/store.h"

typedef enum tl_cell_type { TL_CELL_NULL, TL_CELL_INT, TL_CELL_REAL, TL_CELL_TEXT } tl_cell_type;

typedef struct tl_cell {
    tl_cell_type type;
    union {
        int64_t integer;
        double real;
        tl_str text; /* any bytes; for people, see format.h */
    };
} tl_cell;

typedef struct tl_column {
    const char *name;  /* for programs: snake_case, unique by convention */
    const char *group; /* for people: heading over neighbours of the same group, or NULL */
    const char *label; /* for people, or NULL: the name */
} tl_column;

typedef struct tl_grid {
    tl_column *columns;
    size_t n_columns;
    tl_cell *cells; /* row by row */
    size_t n_rows, cap_rows;
    tl_arena arena;
} tl_grid;

void tl_grid_free(tl_grid *g);

/* Gives an empty grid its columns; the names are copied. */
int tl_grid_columns(tl_grid *g, const char *const *names, size_t n, tl_error *err) TL_MUST_CHECK;

/* Appends a row of NULLs, valid until the next append; NULL when out of memory. */
tl_cell *tl_grid_add_row(tl_grid *g);

/* Sets a cell to a copy of `text`; false when out of memory. */
bool tl_grid_set_text(tl_grid *g, tl_cell *cell, tl_str text);

/* Appends the rows that the bound statement still gives; an empty grid takes its
 * columns too, any other must have as many.  A blob becomes the text of its
 * hexadecimal digits.  Fails as tl_store_fail does, or with TL_NO_MEMORY. */
int tl_grid_load(tl_grid *g, const tl_store *s, sqlite3_stmt *stmt, tl_error *err) TL_MUST_CHECK;

static inline tl_cell *tl_grid_row(const tl_grid *g, size_t row)
{
    return g->cells + row * g->n_columns;
}

/* The position of the column of that name, or SIZE_MAX. */
size_t tl_grid_find(const tl_grid *g, const char *name);

bool tl_cell_eq(const tl_cell *a, const tl_cell *b);

#endif
