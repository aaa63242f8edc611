/* A store for the tests of reports/: made in a temporary folder, filled with SQL. */
#ifndef TEST_REPORT_STORE_H
#define TEST_REPORT_STORE_H

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "reports/tables.h"
#include "sql/store.h"
#include "tests/support/files.h"

typedef struct scratch {
    char *folder;
    const char *path; /* of the store */
    tl_store *store;
} scratch;

static void scratch_open(scratch *s)
{
    tl_error err;
    s->folder = test_folder_new();
    s->path = test_path(s->folder, "study.db");
    if (tl_store_open(&s->store, s->path, TL_STORE_CREATE, &err) != TL_OK)
        fail_msg("%s", err.message);
}

static void scratch_close(scratch *s)
{
    tl_store_close(s->store);
    test_folder_free(s->folder);
}

static void run_sql(scratch *s, const char *sql)
{
    tl_error err;
    if (tl_store_exec(s->store, sql, &err) != TL_OK)
        fail_msg("%s", err.message);
}

/* A statement's rows as text, "cell,cell;cell,cell"; NULL is "NULL".  To be freed. */
static inline tl_buf rows_of(const scratch *s, const char *sql)
{
    sqlite3_stmt *stmt;
    tl_error err;
    tl_buf rows = {0};
    if (tl_store_prepare(s->store, sql, &stmt, &err) != TL_OK)
        fail_msg("%s", err.message);
    int step;
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        tl_buf_add_cstr(&rows, rows.len ? ";" : "");
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const char *text = (const char *)sqlite3_column_text(stmt, i);
            tl_buf_printf(&rows, "%s%s", i ? "," : "", text ? text : "NULL");
        }
    }
    assert_int_equal(step, SQLITE_DONE);
    sqlite3_finalize(stmt);
    return rows;
}

static inline void expect_rows(const scratch *s, const char *sql, const char *want)
{
    tl_buf rows = rows_of(s, sql);
    assert_string_equal(tl_buf_str(&rows).data, want);
    tl_buf_free(&rows);
}

/* Makes a locale with a decimal comma in the scratch folder and sets it; false where the
 * system has no means to. */
static inline bool set_comma_locale(const scratch *s)
{
    if (test_shell("localedef -i de_DE -f UTF-8 '%s/de_DE.UTF-8' >/dev/null 2>&1", s->folder) != 0)
        return false;
    setenv("LOCPATH", s->folder, 1);
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        return false;
    char text[16];
    snprintf(text, sizeof text, "%.1f", 1.5);
    assert_string_equal(text, "1,5"); /* or the test would prove nothing */
    return true;
}

static inline void unset_comma_locale(void)
{
    setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
}

/* Rows that every store needs: a site, an input and the libraries named "a b c". */
static inline void add_frame_of_store(scratch *s, const char *site, const char *libraries)
{
    char *sql = sqlite3_mprintf(
        "INSERT INTO site VALUES (1, %Q);"
        "INSERT INTO input(input_id, site_id, name, kind, size, mtime, selection, pass, cursor, hash,"
        " hash_state, last_orphan, disorder) VALUES (1, 1, 'Posts.xml', 'posts', 9, 9, 's', 1, 9,"
        " x'00112233445566778899aabbccddeeff', x'', 0, 0);",
        site);
    run_sql(s, sql);
    sqlite3_free(sql);
    char copy[256], *rest = copy, *word;
    snprintf(copy, sizeof copy, "%s", libraries);
    while ((word = strsep(&rest, " "))) {
        sql = sqlite3_mprintf("INSERT INTO library(key, name) VALUES (%Q, upper(%Q))", word, word);
        run_sql(s, sql);
        sqlite3_free(sql);
    }
}

/* What mining writes beside pattern_trace. */
static inline void fill_recurring(scratch *s)
{
    run_sql(s, "INSERT INTO pattern_holder SELECT DISTINCT pattern_key, question_key FROM pattern"
               " JOIN pattern_trace USING (pattern_key) JOIN trace USING (trace_id) WHERE support >= 2;"
               "INSERT INTO recurrent_trace SELECT DISTINCT mining_id, trace_id, question_key FROM pattern"
               " JOIN pattern_trace USING (pattern_key) JOIN trace USING (trace_id) WHERE support >= 2");
}

static inline const tl_table *table_named(const char *name)
{
    for (const tl_table *t = tl_tables; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    fail_msg("no table %s", name);
    return NULL;
}

static inline void load_table(scratch *s, const char *name, tl_profile profile, tl_grid *g)
{
    tl_error err;
    if (tl_table_load(g, table_named(name), s->store, profile, TL_KEY_STEM, &err) != TL_OK)
        fail_msg("%s", err.message);
}

/* The cell of the row whose second column is `row`. */
static inline const tl_cell *cell_at(const tl_grid *g, const char *row, const char *column)
{
    size_t c = tl_grid_find(g, column);
    if (c == SIZE_MAX)
        fail_msg("no column %s", column);
    for (size_t r = 0; r < g->n_rows; r++) {
        const tl_cell *cells = tl_grid_row(g, r);
        char number[32];
        snprintf(number, sizeof number, "%lld", (long long)cells[1].integer);
        tl_str key = cells[1].type == TL_CELL_TEXT ? cells[1].text : tl_str_from(number);
        if (tl_str_eq(key, tl_str_from(row)))
            return &cells[c];
    }
    fail_msg("no row %s", row);
    return NULL;
}

static inline double number_at(const tl_grid *g, const char *row, const char *column)
{
    const tl_cell *cell = cell_at(g, row, column);
    if (cell->type != TL_CELL_INT && cell->type != TL_CELL_REAL)
        fail_msg("%s of %s is no number", column, row);
    return cell->type == TL_CELL_INT ? (double)cell->integer : cell->real;
}

static inline void assert_cell(const tl_grid *g, const char *row, const char *column, double want)
{
    double got = number_at(g, row, column);
    double slack = want < 0 ? -want * 1e-12 : want * 1e-12;
    if (!(got >= want - slack && got <= want + slack))
        fail_msg("%s of %s: %.17g, not %.17g", column, row, got, want);
}

static inline void assert_text(const tl_grid *g, const char *row, const char *column, const char *want)
{
    const tl_cell *cell = cell_at(g, row, column);
    assert_int_equal(cell->type, TL_CELL_TEXT);
    if (!tl_str_eq(cell->text, tl_str_from(want)))
        fail_msg("%s of %s: " TL_STR_FMT ", not %s", column, row, TL_STR_ARG(cell->text), want);
}

static inline void assert_null_cell(const tl_grid *g, const char *row, const char *column)
{
    if (cell_at(g, row, column)->type != TL_CELL_NULL)
        fail_msg("%s of %s is not NULL", column, row);
}

#endif
