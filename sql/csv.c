#include "sql/csv.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"

typedef struct loading {
    tl_store *store;
    const char *table, *name;
    bool numbers;
    tl_buf cells;      /* of the row at hand, one after the other */
    size_t *ends;      /* of each cell in `cells` */
    size_t n, columns; /* cells of the row; columns of the table, 0 before the header */
    int64_t line;      /* on which the row at hand ends */
    sqlite3_stmt *insert;
    int status;
    tl_error *err;
} loading;

static void stop(loading *l, int status)
{
    if (l->status == TL_OK)
        l->status = status;
}

static tl_str cell(const loading *l, size_t i)
{
    size_t begin = i > 0 ? l->ends[i - 1] : 0;
    return (tl_str){l->cells.data ? l->cells.data + begin : "", l->ends[i] - begin};
}

static void on_cell(void *text, size_t n, void *ctx)
{
    loading *l = ctx;
    if (l->status)
        return;
    if (l->n == TL_CSV_MAX_COLUMNS) {
        stop(l, tl_fail(l->err, TL_BAD_INPUT, "%s: line %lld: more than %d columns", l->name,
                        (long long)l->line, TL_CSV_MAX_COLUMNS));
        return;
    }
    tl_buf_add(&l->cells, text ? text : "", n);
    l->ends[l->n++] = l->cells.len;
    if (l->cells.failed)
        stop(l, tl_fail_memory(l->err, "a CSV row"));
}

static void add_name(tl_buf *sql, tl_str name)
{
    tl_buf_add_char(sql, '"');
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '"')
            tl_buf_add_char(sql, '"');
        tl_buf_add_char(sql, name.data[i]);
    }
    tl_buf_add_char(sql, '"');
}

/* CREATE TABLE and the INSERT, from the header row. */
static int make_table(loading *l)
{
    tl_buf create = {0}, insert = {0};
    tl_buf_printf(&create, "CREATE TABLE %s (", l->table);
    tl_buf_printf(&insert, "INSERT INTO %s VALUES (", l->table);
    for (size_t i = 0; i < l->n; i++) {
        tl_str name = cell(l, i);
        if (i == 0 && name.len >= 3 && memcmp(name.data, "\xEF\xBB\xBF", 3) == 0)
            name = (tl_str){name.data + 3, name.len - 3};
        add_name(&create, name);
        tl_buf_printf(&create, " %s%s", l->numbers ? "NUMERIC" : "TEXT", i + 1 < l->n ? ", " : ")");
        tl_buf_add_cstr(&insert, i + 1 < l->n ? "?, " : "?)");
    }
    l->columns = l->n;
    int rc = create.failed || insert.failed ? tl_fail_memory(l->err, "a CSV header") : TL_OK;
    int made = rc == TL_OK ? sqlite3_exec(tl_store_db(l->store), create.data, NULL, NULL, NULL) : SQLITE_OK;
    if (made == SQLITE_NOMEM)
        rc = tl_fail_memory(l->err, "a CSV header");
    else if (made != SQLITE_OK)
        rc = tl_fail(l->err, TL_BAD_INPUT, "%s: line %lld: the header gives no table: %s", l->name,
                     (long long)l->line, sqlite3_errmsg(tl_store_db(l->store)));
    if (rc == TL_OK)
        rc = tl_store_prepare(l->store, insert.data, &l->insert, l->err);
    tl_buf_free(&create);
    tl_buf_free(&insert);
    return rc;
}

static int insert_row(loading *l)
{
    if (l->n != l->columns)
        return tl_fail(l->err, TL_BAD_INPUT, "%s: line %lld: %zu cells; the header has %zu", l->name,
                       (long long)l->line, l->n, l->columns);
    for (size_t i = 0; i < l->n; i++) {
        tl_str s = cell(l, i);
        tl_bind_str(l->insert, (int)i + 1, s.len > 0 ? s : (tl_str){NULL, 0});
    }
    int rc = sqlite3_step(l->insert);
    sqlite3_reset(l->insert);
    return rc == SQLITE_DONE ? TL_OK : tl_store_fail(l->store, rc, "reading a CSV row", l->err);
}

static void on_row(int end, void *ctx)
{
    loading *l = ctx;
    (void)end;
    if (l->status == TL_OK && l->n > 0)
        stop(l, l->columns == 0 ? make_table(l) : insert_row(l));
    l->n = 0;
    tl_buf_clear(&l->cells);
}

static int bad_csv(const loading *l, struct csv_parser *p)
{
    if (csv_error(p) == CSV_ENOMEM)
        return tl_fail_memory(l->err, "a CSV row");
    return tl_fail(l->err, TL_BAD_INPUT,
                   "%s: line %lld: not well-formed CSV: a quote stands where none may, or is not closed",
                   l->name, (long long)l->line);
}

/* Feeds the parser line by line, so that a failure has its line's number. */
static int parse_file(loading *l, struct csv_parser *p, FILE *file)
{
    char *text = NULL;
    size_t cap = 0;
    ssize_t n;
    while (l->status == TL_OK && (n = getline(&text, &cap, file)) > 0) {
        l->line++;
        if ((size_t)n > TL_CSV_MAX_CELL || csv_get_buffer_size(p) > 2 * (size_t)TL_CSV_MAX_CELL)
            stop(l, tl_fail(l->err, TL_BAD_INPUT, "%s: line %lld: a cell of over 10,000,000 bytes", l->name,
                            (long long)l->line));
        else if (csv_parse(p, text, (size_t)n, on_cell, on_row, l) != (size_t)n)
            stop(l, bad_csv(l, p));
    }
    free(text);
    if (l->status == TL_OK && !feof(file) && !ferror(file)) /* getline had no memory */
        stop(l, tl_fail_memory(l->err, "a CSV row"));
    if (l->status == TL_OK && ferror(file))
        stop(l, tl_fail(l->err, TL_IO, "%s: cannot read: %s", l->name, strerror(errno)));
    if (l->status == TL_OK && csv_fini(p, on_cell, on_row, l) != 0)
        stop(l, bad_csv(l, p));
    if (l->status == TL_OK && l->columns == 0)
        stop(l, tl_fail(l->err, TL_BAD_INPUT, "%s: is empty; expected a header row of column names", l->name));
    return l->status;
}

int tl_csv_load(tl_store *store, const char *table, FILE *file, const char *name, bool numbers, tl_error *err)
{
    loading l = {.store = store, .table = table, .name = name, .numbers = numbers, .err = err};
    struct csv_parser parser;
    l.ends = calloc(TL_CSV_MAX_COLUMNS, sizeof *l.ends);
    if (!l.ends || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        free(l.ends);
        return tl_fail_memory(err, "a CSV file");
    }
    sqlite3_exec(tl_store_db(store), "BEGIN", NULL, NULL, NULL);
    int rc = parse_file(&l, &parser, file);
    sqlite3_finalize(l.insert);
    sqlite3_exec(tl_store_db(store), rc == TL_OK ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL);
    csv_free(&parser);
    tl_buf_free(&l.cells);
    free(l.ends);
    return rc;
}
