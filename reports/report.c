#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>

#include "reports/format.h"
#include "reports/manifest.h"
#include "reports/output.h"
#include "reports/page.h"
#include "reports/tables.h"

typedef struct report {
    tl_store *store;
    const char *folder;
    const tl_report_options *options;
    tl_report_summary *summary;
    tl_grid libraries;
    tl_grid *tables; /* one for each of tl_tables */
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
        r->summary->files++;
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

/* Loads one table, the requested profile first, and writes its files. */
static int do_table(report *r, size_t i, tl_error *err)
{
    const tl_table *t = &tl_tables[i];
    tl_grid *g = &r->tables[i], shown = {0};
    tl_profile first = r->options->profile, second = first == TL_PAPER ? TL_FULL : TL_PAPER;
    int rc = check_cancel(r, err);
    if (rc == TL_OK)
        rc = tl_table_load(g, t, r->store, first, r->options->key, err);
    if (rc == TL_OK)
        rc = tl_table_load(g, t, r->store, second, r->options->key, err);
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

static int write_tables(report *r, tl_error *err)
{
    char folder[4096];
    if ((size_t)snprintf(folder, sizeof folder, "%s/tables", r->folder) >= sizeof folder)
        return tl_fail(err, TL_IO, "%s: the path is too long", r->folder);
    int rc = tl_output_folder(folder, err);
    for (size_t i = 0; rc == TL_OK && tl_tables[i].name; i++)
        rc = do_table(r, i, err);
    return rc;
}

static int write_page(report *r, tl_error *err)
{
    const tl_page page = {.store = r->store,
                          .options = r->options,
                          .libraries = &r->libraries,
                          .tables = r->tables,
                          .summary = r->summary};
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
        rc = write_tables(r, err);
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
    report r = {.store = store, .folder = folder, .options = o, .summary = out};
    r.tables = calloc(n, sizeof *r.tables);
    int rc = r.tables ? write_all(&r, err) : tl_fail_memory(err, "the report");
    for (size_t i = 0; r.tables && i < n; i++)
        tl_grid_free(&r.tables[i]);
    free(r.tables);
    tl_grid_free(&r.libraries);
    return rc;
}
