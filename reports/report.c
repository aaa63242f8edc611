#include "reports/report.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/figures.h"
#include "reports/format.h"
#include "reports/loading.h"
#include "reports/manifest.h"
#include "reports/output.h"
#include "reports/page.h"
#include "reports/tables.h"

typedef struct report {
    tl_store *store;
    const char *folder;
    const tl_report_options *options;
    tl_report_summary *summary_out;
    tl_grid libraries;
    tl_grid *tables;             /* one for each of tl_tables */
    tl_grid summary;             /* the requested profile, then the other */
    tl_buf explorer;             /* the data of the page */
    tl_grid figures[TL_FIGURES]; /* the data files */
    size_t drawn[TL_FIGURES];    /* so many rows of them are in the page */
} report;

static int check_cancel(const report *r, tl_error *err)
{
    return tl_cancelled(r->options->cancel) ? tl_fail(err, TL_INTERRUPTED, "interrupted") : TL_OK;
}

static int query(report *r, const char *sql, tl_grid *out, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(r->store, sql, &stmt, err);
    if (rc)
        return rc;
    rc = tl_grid_load(out, r->store, stmt, err);
    sqlite3_finalize(stmt);
    return rc;
}

static int write_file(report *r, const char *name, tl_buf *content, tl_error *err)
{
    int rc = tl_buf_check(content, name, err);
    if (rc == TL_OK)
        rc = tl_output_write(r->folder, name, tl_buf_str(content), err);
    if (rc == TL_OK)
        r->summary_out->files++;
    return rc;
}

static int write_table(report *r, const tl_table *t, const tl_grid *g, const char *ending, tl_format f,
                       tl_error *err)
{
    const tl_format_options o = {.guard_formulas = true, .caption = t->title, .label = t->name};
    tl_buf content = {0};
    char name[128];
    snprintf(name, sizeof name, "tables/%s.%s", t->name, ending);
    int rc = tl_format_grid(g, f, &o, &content, err);
    if (rc == TL_OK)
        rc = write_file(r, name, &content, err);
    tl_buf_free(&content);
    return rc;
}

static int do_table(report *r, size_t i, tl_error *err)
{
    const tl_table *t = &tl_tables[i];
    const tl_grid *g = &r->tables[i];
    tl_grid shown = {0};
    int rc = check_cancel(r, err);
    if (rc == TL_OK)
        rc = tl_table_show(&shown, t, g, &r->libraries, err);
    if (rc == TL_OK)
        rc = write_table(r, t, g, "csv", TL_FORMAT_CSV, err);
    if (rc == TL_OK)
        rc = write_table(r, t, g, "json", TL_FORMAT_JSON, err);
    if (rc == TL_OK)
        rc = write_table(r, t, &shown, "md", TL_FORMAT_MD, err);
    if (rc == TL_OK)
        rc = write_table(r, t, &shown, "tex", TL_FORMAT_TEX, err);
    tl_grid_free(&shown);
    return rc;
}

static int make_folder(const report *r, const char *name, char folder[PATH_MAX], tl_error *err)
{
    if (snprintf(folder, PATH_MAX, "%s/%s", r->folder, name) >= PATH_MAX)
        return tl_fail(err, TL_IO, "%s: the path is too long", r->folder);
    return tl_output_folder(folder, err);
}

static int write_tables(report *r, tl_error *err)
{
    char folder[PATH_MAX];
    int rc = make_folder(r, "tables", folder, err);
    for (size_t i = 0; rc == TL_OK && tl_tables[i].name; i++)
        rc = do_table(r, i, err);
    return rc;
}

/* Writes data and script of a figure and has it drawn. */
static int do_figure(report *r, size_t i, const char *folder, tl_error *err)
{
    const tl_figure *f = &tl_figures[i];
    const tl_report_options *o = r->options;
    char name[64];
    tl_buf content = {0};
    int rc = check_cancel(r, err);
    if (rc == TL_OK)
        rc = tl_figure_load(&r->figures[i], f, r->store, o->profile, o->support, o->key, &r->drawn[i], err);
    if (rc == TL_OK)
        rc = tl_format_grid(&r->figures[i], TL_FORMAT_CSV, &(tl_format_options){.guard_formulas = true},
                            &content, err);
    snprintf(name, sizeof name, "figures/%s.csv", f->name);
    if (rc == TL_OK)
        rc = write_file(r, name, &content, err);
    tl_buf_clear(&content);
    tl_buf_add_cstr(&content, f->script);
    snprintf(name, sizeof name, "figures/%s.gp", f->name);
    if (rc == TL_OK)
        rc = write_file(r, name, &content, err);
    tl_buf_free(&content);
    if (rc)
        return rc;
    tl_figure_remove(f, folder); /* an old drawing beside new data would mislead */
    if (r->drawn[i] == 0 || r->summary_out->gnuplot_missing)
        return TL_OK;
    rc = tl_figure_draw(f, folder, o->profile, o->support, err);
    if (rc == TL_OK)
        r->summary_out->figures++;
    r->summary_out->gnuplot_missing = rc == TL_UNAVAILABLE;
    return rc == TL_UNAVAILABLE ? TL_OK : rc;
}

static int write_figures(report *r, tl_error *err)
{
    char folder[PATH_MAX];
    int rc = make_folder(r, "figures", folder, err);
    for (size_t i = 0; rc == TL_OK && i < TL_FIGURES; i++)
        rc = do_figure(r, i, folder, err);
    return rc;
}

/* The numbers that the caller prints. */
static void take_summary(const report *r)
{
    const tl_cell *first = tl_grid_row(&r->summary, 0);
    r->summary_out->questions = first[tl_grid_find(&r->summary, "questions")].integer;
    r->summary_out->with_trace = first[tl_grid_find(&r->summary, "with_trace")].integer;
    r->summary_out->patterns = first[tl_grid_find(&r->summary, "patterns")].integer;
}

static int write_page(report *r, tl_error *err)
{
    tl_grid drawn[TL_FIGURES]; /* borrows from r->figures */
    for (size_t i = 0; i < TL_FIGURES; i++) {
        drawn[i] = r->figures[i];
        drawn[i].n_rows = r->drawn[i];
    }
    const tl_page page = {.store = r->store,
                          .options = r->options,
                          .libraries = &r->libraries,
                          .tables = r->tables,
                          .figures = r->options->figures ? drawn : NULL,
                          .gnuplot_missing = r->summary_out->gnuplot_missing,
                          .summary = &r->summary,
                          .explorer = tl_buf_str(&r->explorer)};
    tl_buf content = {0};
    int rc = check_cancel(r, err);
    if (rc == TL_OK)
        rc = tl_page_write(&page, &content, err);
    if (rc == TL_OK)
        rc = write_file(r, "index.html", &content, err);
    tl_buf_free(&content);
    return rc;
}

static int write_manifest(report *r, tl_error *err)
{
    tl_buf content = {0};
    int rc = tl_manifest(r->store, r->options, &content, err);
    if (rc == TL_OK)
        rc = write_file(r, "manifest.json", &content, err);
    tl_buf_free(&content);
    return rc;
}

static int write_all(report *r, tl_error *err)
{
    int rc = tl_output_folder(r->folder, err);
    if (rc == TL_OK)
        rc = query(r, "SELECT key, name FROM library ORDER BY library_id", &r->libraries, err);
    if (rc == TL_OK)
        rc = tl_report_load(r->store, r->options, r->tables, &r->summary, &r->explorer, err);
    if (rc == TL_OK)
        take_summary(r);
    if (rc == TL_OK)
        rc = write_tables(r, err);
    if (rc == TL_OK && r->options->figures)
        rc = write_figures(r, err);
    if (rc == TL_OK)
        rc = write_page(r, err);
    if (rc == TL_OK)
        rc = write_manifest(r, err);
    return rc;
}

int tl_report_write(tl_store *store, const char *folder, const tl_report_options *o,
                    tl_report_summary *out, tl_error *err)
{
    size_t n = 0;
    while (tl_tables[n].name)
        n++;
    *out = (tl_report_summary){0};
    report r = {.store = store, .folder = folder, .options = o, .summary_out = out};
    r.tables = calloc(n, sizeof *r.tables);
    int rc = r.tables ? write_all(&r, err) : tl_fail_memory(err, "the report");
    for (size_t i = 0; r.tables && i < n; i++)
        tl_grid_free(&r.tables[i]);
    free(r.tables);
    for (size_t i = 0; i < TL_FIGURES; i++)
        tl_grid_free(&r.figures[i]);
    tl_grid_free(&r.summary);
    tl_buf_free(&r.explorer);
    tl_grid_free(&r.libraries);
    return rc;
}
