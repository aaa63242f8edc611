/* tables.h: the tables of the study, and how each is shown to people.
 *
 * A table is one statement of sql/tables.  Programs get all of its columns; people
 * get a selection of them with headings.
 */
#ifndef TL_REPORTS_TABLES_H
#define TL_REPORTS_TABLES_H

#include "base/model.h"
#include "reports/grid.h"

typedef struct tl_shown_column {
    const char *name; /* of the statement's column */
    const char *group, *label;
} tl_shown_column;

typedef struct tl_table {
    const char *name;    /* "table1": the files' name */
    const char *number;  /* "Table 1" */
    const char *title;
    const char *reading; /* one sentence: how to read it */
    const char *sql;
    size_t keys;         /* so many columns from the second on tell a row from the others */
    size_t most;         /* the page shows so many rows of each library; 0 for all */
    const tl_shown_column *shown; /* ends with a NULL name */
} tl_table;

/* In the order of the report; ends with a NULL name. */
extern const tl_table tl_tables[];

/* Appends the rows of one profile. */
int tl_table_load(tl_grid *g, const tl_table *t, tl_store *s, tl_profile profile, tl_key key,
                  tl_error *err) TL_MUST_CHECK;

/* Prepares any statement of sql/tables, with what it has of :profile, :support and :key;
 * the caller finalizes it. */
int tl_table_prepare(sqlite3_stmt **out, const char *sql, tl_store *s, tl_profile profile,
                     tl_support_kind support, tl_key key, tl_error *err) TL_MUST_CHECK;

/* Appends the rows of such a statement. */
int tl_table_query(tl_grid *g, const char *sql, tl_store *s, tl_profile profile, tl_support_kind support,
                   tl_key key, tl_error *err) TL_MUST_CHECK;

/* From the rows of both profiles to those that people see: the shown columns, names of
 * libraries instead of keys.  The result borrows texts of `all` and of `libraries`
 * (columns key, name). */
int tl_table_show(tl_grid *out, const tl_table *t, const tl_grid *all, const tl_grid *libraries,
                  tl_error *err) TL_MUST_CHECK;

/* The same for the page: each row of the first profile above that of the other, the
 * library in front; rows that do not differ are one, of profile "both". */
int tl_table_show_paired(tl_grid *out, const tl_table *t, const tl_grid *all, const tl_grid *libraries,
                         tl_error *err) TL_MUST_CHECK;

#endif
