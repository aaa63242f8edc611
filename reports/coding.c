#include "reports/coding.h"

#include "base/buf.h"
#include "reports/escape.h"
#include "reports/sheet.h"

enum { MAX_COLUMNS = TL_SHEET_MAX_CODERS + 1 };

typedef enum statement { KNOWN, FORGET, ADD, STATEMENTS } statement;

static const char *const sql_texts[STATEMENTS] = {
    [KNOWN] = "SELECT 1 FROM pattern WHERE pattern_id = ?1",
    [FORGET] = "DELETE FROM label WHERE pattern_id = ?1 AND round = ?2 AND coder = ?3",
    [ADD] = "INSERT INTO label VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
};

/* A column of labels. */
typedef struct column {
    int at;     /* in the sheet */
    tl_str coder;
    bool used;  /* holds a label */
} column;

typedef struct coding {
    tl_store *study, *sheet;
    const char *name;
    sqlite3_stmt *stmt[STATEMENTS];
    sqlite3_stmt *rows;    /* of the sheet */
    int pattern_id, round; /* columns of it */
    column columns[MAX_COLUMNS];
    int n_columns;
    int64_t row; /* at hand, as a spreadsheet counts */
    tl_coding *out;
    tl_error *err;
} coding;

/* "sheet.csv: row 3: " and what is wrong, with the text of the sheet that it is about. */
static int bad_row(coding *c, const char *what, tl_str text)
{
    tl_buf shown = {0};
    tl_escape_terminal(&shown, text, 40);
    int rc = tl_fail(c->err, TL_BAD_INPUT, "%s: row %lld: %s" TL_STR_FMT "%s", c->name, (long long)c->row, what,
                     TL_STR_ARG(tl_buf_str(&shown)), text.len ? "'" : "");
    tl_buf_free(&shown);
    return rc;
}

/* ------------------------------------------------------------------------ columns ---- */

static int take_column(coding *c, int at, const tl_str *coders, int n_coders)
{
    tl_str name = tl_str_from(sqlite3_column_name(c->rows, at));
    bool labels = tl_str_eq(name, TL_STR("label"));
    for (int i = 0; i < n_coders; i++)
        labels = labels || tl_str_eq(name, coders[i]);
    if (labels) {
        c->columns[c->n_columns++] = (column){.at = at, .coder = name};
        return TL_OK;
    }
    if (tl_str_eq(name, TL_STR("pattern_id")))
        c->pattern_id = at;
    else if (tl_str_eq(name, TL_STR("round")))
        c->round = at;
    else if (!tl_sheet_is_fixed(name)) {
        c->row = 1;
        return bad_row(c, "if it is a coder's, name it with --coders; unknown column '", name);
    }
    return TL_OK;
}

static int find_columns(coding *c, const char *list)
{
    tl_str coders[TL_SHEET_MAX_CODERS];
    int rc = TL_OK, n = tl_sheet_coders(list, coders, c->err);
    if (n < 0)
        return n;
    c->pattern_id = c->round = -1;
    for (int i = 0; rc == TL_OK && i < sqlite3_column_count(c->rows); i++)
        rc = take_column(c, i, coders, n);
    if (rc)
        return rc;
    if (c->pattern_id < 0 || c->round < 0)
        return tl_fail(c->err, TL_BAD_INPUT, "%s: is no coding sheet: it has no column '%s'", c->name,
                       c->pattern_id < 0 ? "pattern_id" : "round");
    if (c->n_columns == 0)
        return tl_fail(c->err, TL_BAD_INPUT, "%s: has no column for labels: neither 'label' nor a coder's", c->name);
    for (int i = 0; i < n; i++) {
        bool there = false;
        for (int k = 0; k < c->n_columns; k++)
            there = there || tl_str_eq(c->columns[k].coder, coders[i]);
        if (!there)
            return tl_fail(c->err, TL_USAGE, "--coders: %s has no column '" TL_STR_FMT "'", c->name,
                           TL_STR_ARG(coders[i]));
    }
    return TL_OK;
}

/* -------------------------------------------------------------------------- cells ---- */

/* A cell of the row at hand without the blanks around it; borrowed until the next row. */
static tl_str cell(const coding *c, int at)
{
    const char *text = (const char *)sqlite3_column_text(c->rows, at);
    tl_str s = {text ? text : "", (size_t)sqlite3_column_bytes(c->rows, at)};
    while (s.len > 0 && strchr(" \t\r\n", s.data[0]))
        s = (tl_str){s.data + 1, s.len - 1};
    while (s.len > 0 && strchr(" \t\r\n", s.data[s.len - 1]))
        s.len--;
    return s;
}

/* Without the quote that keeps a spreadsheet from taking the id for a number. */
static tl_str pattern_of(const coding *c)
{
    tl_str id = cell(c, c->pattern_id);
    return id.len > 0 && id.data[0] == '\'' ? (tl_str){id.data + 1, id.len - 1} : id;
}

static int round_of(const coding *c)
{
    tl_str text = cell(c, c->round);
    return tl_str_eq(text, TL_STR("1")) ? 1 : tl_str_eq(text, TL_STR("2")) ? 2 : 0;
}

static bool is_utf8(tl_str s)
{
    for (size_t at = 0; at < s.len;)
        if (tl_utf8_next(s, &at) == 0xFFFD)
            return false;
    return true;
}

/* --------------------------------------------------------------------------- rows ---- */

/* Binds the row at hand and a coder; runs the statement, *changed says if to effect. */
static int run(coding *c, statement which, const column *of, bool *changed)
{
    sqlite3_stmt *stmt = c->stmt[which];
    tl_bind_str(stmt, 1, pattern_of(c));
    sqlite3_bind_int(stmt, 2, round_of(c));
    tl_bind_str(stmt, 3, of->coder);
    if (which == ADD)
        tl_bind_str(stmt, 4, cell(c, of->at));
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    *changed = sqlite3_changes(tl_store_db(c->study)) > 0;
    return rc == SQLITE_DONE ? TL_OK : tl_store_fail(c->study, rc, "writing the labels", c->err);
}

static int check_row(coding *c)
{
    tl_str id = pattern_of(c);
    c->out->patterns++;
    if (round_of(c) == 0)
        return bad_row(c, "expected round 1 or 2, found '", cell(c, c->round));
    tl_bind_str(c->stmt[KNOWN], 1, id);
    int rc = sqlite3_step(c->stmt[KNOWN]);
    sqlite3_reset(c->stmt[KNOWN]);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return tl_store_fail(c->study, rc, "looking for a pattern", c->err);
    if (rc == SQLITE_DONE)
        return bad_row(c, id.len ? "the store has no pattern '" : "there is no pattern_id", id);
    for (int i = 0; i < c->n_columns; i++) {
        tl_str label = cell(c, c->columns[i].at);
        c->columns[i].used = c->columns[i].used || label.len > 0;
        if (!is_utf8(label))
            return bad_row(c, "save the sheet as UTF-8, which this is not: '", label);
    }
    return TL_OK;
}

static int forget_row(coding *c)
{
    int rc = TL_OK;
    bool changed;
    for (int i = 0; rc == TL_OK && i < c->n_columns; i++)
        if (c->columns[i].used)
            rc = run(c, FORGET, &c->columns[i], &changed);
    return rc;
}

static int add_row(coding *c)
{
    int rc = TL_OK;
    for (int i = 0; rc == TL_OK && i < c->n_columns; i++) {
        bool added = true;
        if (cell(c, c->columns[i].at).len > 0) {
            rc = run(c, ADD, &c->columns[i], &added);
            c->out->labels++;
        }
        if (rc == TL_OK && !added)
            rc = bad_row(c, "a pattern that has a label from an earlier row, of '", c->columns[i].coder);
    }
    return rc;
}

/* False when out of memory: a cell then reads as an empty one. */
static bool has_all_cells(const coding *c)
{
    for (int i = 0; i < sqlite3_column_count(c->rows); i++)
        if (sqlite3_column_type(c->rows, i) != SQLITE_NULL && !sqlite3_column_text(c->rows, i))
            return false;
    return true;
}

static int each_row(coding *c, int (*each)(coding *c))
{
    int rc = TL_OK, step = SQLITE_ROW;
    for (c->row = 2; rc == TL_OK && (step = sqlite3_step(c->rows)) == SQLITE_ROW; c->row++)
        rc = has_all_cells(c) ? each(c) : tl_fail_memory(c->err, "a row of the sheet");
    if (rc == TL_OK && step != SQLITE_DONE)
        rc = tl_store_fail(c->sheet, step, "reading the sheet", c->err);
    sqlite3_reset(c->rows);
    return rc;
}

/* All rows are checked first; then the old labels go before any new one comes, so that
 * one that is there already is from this sheet. */
static int read_rows(coding *c)
{
    int rc = each_row(c, check_row);
    for (int i = 0; i < c->n_columns; i++)
        c->out->coders += c->columns[i].used;
    if (rc == TL_OK)
        rc = each_row(c, forget_row);
    return rc ? rc : each_row(c, add_row);
}

int tl_coding_read(tl_store *study, tl_store *sheet, const char *name, const char *coders, tl_coding *out,
                   tl_error *err)
{
    coding c = {.study = study, .sheet = sheet, .name = name, .out = out, .err = err};
    *out = (tl_coding){0};
    int rc = tl_store_prepare(sheet, "SELECT * FROM data ORDER BY rowid", &c.rows, err);
    for (int i = 0; rc == TL_OK && i < STATEMENTS; i++)
        rc = tl_store_prepare(study, sql_texts[i], &c.stmt[i], err);
    if (rc == TL_OK)
        rc = find_columns(&c, coders);
    if (rc == TL_OK)
        rc = read_rows(&c);
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(c.stmt[i]);
    sqlite3_finalize(c.rows);
    return rc;
}
