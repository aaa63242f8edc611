#include "reports/sheet.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "reports/explorer.h"
#include "reports/sample.h"
#include "reports/tables.h"

extern const char tl_sample_round1_sql[], tl_sample_round2_sql[];

/* Columns of the two statements. */
enum { PATTERN_ID, LIBRARY, SUPPORT, LENGTH, FRAMES, PATTERN_IDS };

/* An id is a whole number or a text. */
static const char questions_sql[] =
    "SELECT site, iif(typeof(question_id) = 'integer', question_id, CAST(question_id AS TEXT)) "
    "FROM v_pattern_question WHERE pattern_id = ?1";

enum { FIXED_COLUMNS = 6 };
static const char *const fixed_columns[FIXED_COLUMNS] = {"pattern_id", "round",  "library",
                                                         "support",    "length", "frames"};

typedef struct making {
    tl_store *store;
    const tl_sheet_options *o;
    tl_grid patterns; /* those to choose from */
    bool *chosen;     /* of each of their rows */
    tl_random random;
    sqlite3_stmt *questions; /* of a pattern id */
    tl_grid *out;
    tl_buf text;
    tl_error *err;
} making;

static int no_memory(making *m)
{
    return tl_fail_memory(m->err, "a coding sheet");
}

/* ------------------------------------------------------------------------ columns ---- */

bool tl_sheet_is_fixed(tl_str column)
{
    for (int i = 0; i < FIXED_COLUMNS; i++)
        if (tl_str_eq_nocase(column, fixed_columns[i]))
            return true;
    if (column.len < 5 || !tl_str_eq_nocase((tl_str){column.data, 4}, "post"))
        return false;
    for (size_t i = 4; i < column.len; i++)
        if (column.data[i] < '0' || column.data[i] > '9')
            return false;
    return true;
}

static bool is_coder(tl_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
        if (!letter && (i == 0 || !strchr(" ._-", c)))
            return false;
    }
    return name.len > 0 && name.len <= TL_SHEET_MAX_NAME && name.data[name.len - 1] != ' ' &&
           !tl_sheet_is_fixed(name) && !tl_str_eq_nocase(name, "label");
}

static bool same_name(tl_str a, tl_str b)
{
    char copy[TL_SHEET_MAX_NAME + 1];
    snprintf(copy, sizeof copy, TL_STR_FMT, TL_STR_ARG(b));
    return tl_str_eq_nocase(a, copy);
}

int tl_sheet_coders(const char *list, tl_str *coders, tl_error *err)
{
    int n = 0;
    for (const char *at = list; at; n++) {
        size_t len = strcspn(at, ",");
        tl_str name = {at, len};
        if (n == TL_SHEET_MAX_CODERS)
            return tl_fail(err, TL_USAGE, "more than %d coders", TL_SHEET_MAX_CODERS);
        if (!is_coder(name))
            return tl_fail(err, TL_USAGE,
                           "'%.*s' will not do as a coder's name: use letters, digits, blanks and . _ -, up to "
                           "%d of them, and not the name of another column",
                           (int)len, at, TL_SHEET_MAX_NAME);
        for (int i = 0; i < n; i++)
            if (same_name(coders[i], name))
                return tl_fail(err, TL_USAGE, "coder '%.*s' is named twice", (int)len, at);
        coders[n] = name;
        at = at[len] ? at + len + 1 : NULL;
    }
    return n;
}

static int make_columns(making *m)
{
    char names[FIXED_COLUMNS + TL_SHEET_MAX_POSTS + TL_SHEET_MAX_CODERS + 1][TL_SHEET_MAX_NAME + 1];
    const char *pointers[sizeof names / sizeof *names];
    tl_str coders[TL_SHEET_MAX_CODERS];
    size_t n = 0;
    int n_coders = tl_sheet_coders(m->o->coders, coders, m->err);
    if (n_coders < 0)
        return n_coders;
    for (int i = 0; i < FIXED_COLUMNS; i++)
        snprintf(names[n++], sizeof *names, "%s", fixed_columns[i]);
    for (size_t i = 0; i < m->o->posts; i++)
        snprintf(names[n++], sizeof *names, "post%zu", i + 1);
    for (int i = 0; i < n_coders; i++)
        snprintf(names[n++], sizeof *names, TL_STR_FMT, TL_STR_ARG(coders[i]));
    snprintf(names[n++], sizeof *names, "label");
    for (size_t i = 0; i < n; i++)
        pointers[i] = names[i];
    return tl_grid_columns(m->out, pointers, n, m->err);
}

/* ----------------------------------------------------------------- which patterns ---- */

static tl_str text_at(const making *m, size_t row, size_t column)
{
    return tl_grid_row(&m->patterns, row)[column].text;
}

static int64_t support_at(const making *m, size_t row)
{
    return tl_grid_row(&m->patterns, row)[SUPPORT].integer;
}

static size_t library_end(const making *m, size_t begin)
{
    size_t end = begin;
    while (end < m->patterns.n_rows && tl_str_eq(text_at(m, begin, LIBRARY), text_at(m, end, LIBRARY)))
        end++;
    return end;
}

/* Round 2: the patterns are ordered by library. */
static int choose_by_library(making *m)
{
    size_t n = m->patterns.n_rows, libraries = 0;
    int64_t *counts = calloc(n, sizeof *counts), *sizes = calloc(n, sizeof *sizes),
            *weights = calloc(n, sizeof *weights);
    int rc = counts && sizes && weights ? TL_OK : no_memory(m);
    for (size_t i = 0; rc == TL_OK && i < n; i++)
        weights[i] = support_at(m, i);
    for (size_t i = 0; rc == TL_OK && i < n; i = library_end(m, i))
        counts[libraries++] = (int64_t)(library_end(m, i) - i);
    if (rc == TL_OK)
        tl_sample_sizes(counts, libraries, sizes);
    for (size_t i = 0, begin = 0; rc == TL_OK && i < libraries; begin += (size_t)counts[i++])
        rc = tl_sample_weighted(weights + begin, (size_t)counts[i], (size_t)sizes[i], &m->random,
                                m->chosen + begin, m->err);
    free(counts);
    free(sizes);
    free(weights);
    return rc;
}

/* Nothing to choose from: because nobody looked, or because nothing is there? */
static int no_patterns(making *m)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(m->store,
                              "SELECT 1 FROM mining WHERE profile = ?1 AND support_kind = ?2 AND key = 'stem'",
                              &stmt, m->err);
    if (rc)
        return rc;
    const char *profile = tl_profile_names[m->o->profile], *support = tl_support_names[m->o->support];
    tl_bind_str(stmt, 1, tl_str_from(profile));
    tl_bind_str(stmt, 2, tl_str_from(support));
    bool mined = sqlite3_step(stmt) == SQLITE_ROW;
    sqlite3_finalize(stmt);
    if (mined)
        return tl_fail(m->err, TL_NOTHING, "no pattern of support 2 or more is %s (profile %s, by %s)",
                       m->o->round == 1 ? "shared by three libraries" : "there", profile, support);
    return tl_fail(m->err, TL_USAGE,
                   "the store has no patterns of profile %s by %s: run 'tracelode mine', or give another "
                   "--profile or --support",
                   profile, support);
}

static int choose(making *m)
{
    const char *sql = m->o->round == 1 ? tl_sample_round1_sql : tl_sample_round2_sql;
    int rc = tl_table_query(&m->patterns, sql, m->store, m->o->profile, m->o->support, TL_KEY_STEM, m->err);
    if (rc)
        return rc;
    if (m->patterns.n_rows == 0)
        return no_patterns(m);
    m->chosen = malloc(m->patterns.n_rows * sizeof *m->chosen);
    if (!m->chosen)
        return no_memory(m);
    memset(m->chosen, true, m->patterns.n_rows * sizeof *m->chosen);
    return m->o->round == 1 ? TL_OK : choose_by_library(m);
}

/* -------------------------------------------------------------------------- posts ---- */

/* Appends the questions that hold the pattern, [site, id], which comes by several ids. */
static int load_questions(making *m, tl_str ids, tl_grid *questions)
{
    int rc = TL_OK;
    for (size_t from = 0; rc == TL_OK && from < ids.len;) {
        size_t end = tl_str_find(ids, TL_STR(" "), from);
        if (end == SIZE_MAX)
            end = ids.len;
        tl_bind_str(m->questions, 1, (tl_str){ids.data + from, end - from});
        rc = tl_grid_load(questions, m->store, m->questions, m->err);
        sqlite3_reset(m->questions);
        from = end + 1;
    }
    return rc;
}

/* By site and id: whole numbers in their order, before texts. */
static int compare_questions(const void *pa, const void *pb)
{
    const tl_cell *a = pa, *b = pb;
    int order = tl_str_cmp(a[0].text, b[0].text);
    if (order)
        return order;
    if (a[1].type != b[1].type)
        return a[1].type < b[1].type ? -1 : 1;
    if (a[1].type == TL_CELL_TEXT)
        return tl_str_cmp(a[1].text, b[1].text);
    return (a[1].integer > b[1].integer) - (a[1].integer < b[1].integer);
}

/* The address of a question of the Stack Exchange network, else "site/id". */
static int set_post(making *m, const tl_cell *question, tl_cell *cell)
{
    tl_buf_clear(&m->text);
    if (question[1].type != TL_CELL_INT || !tl_site_address(&m->text, question[0].text)) {
        tl_buf_add_str(&m->text, question[0].text);
        tl_buf_add_char(&m->text, '/');
    }
    if (question[1].type == TL_CELL_INT)
        tl_buf_printf(&m->text, "%lld", (long long)question[1].integer);
    else
        tl_buf_add_str(&m->text, question[1].text);
    return !m->text.failed && tl_grid_set_text(m->out, cell, tl_buf_str(&m->text)) ? TL_OK : no_memory(m);
}

static int draw_posts(making *m, const tl_grid *questions, tl_cell *cells)
{
    size_t n = 0, *order = malloc((questions->n_rows + 1) * sizeof *order);
    if (!order)
        return no_memory(m);
    for (size_t i = 0; i < questions->n_rows; i++)
        if (i == 0 || compare_questions(tl_grid_row(questions, i - 1), tl_grid_row(questions, i)) != 0)
            order[n++] = i;
    tl_sample_shuffle(order, n, m->o->posts, &m->random);
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < n && i < m->o->posts; i++)
        rc = set_post(m, tl_grid_row(questions, order[i]), &cells[i]);
    free(order);
    return rc;
}

static int add_posts(making *m, size_t row, tl_cell *cells)
{
    tl_grid questions = {0};
    int rc = load_questions(m, text_at(m, row, PATTERN_IDS), &questions);
    if (rc == TL_OK && questions.n_rows > 0) {
        qsort(questions.cells, questions.n_rows, 2 * sizeof *questions.cells, compare_questions);
        rc = draw_posts(m, &questions, cells);
    }
    tl_grid_free(&questions);
    return rc;
}

/* --------------------------------------------------------------------------- rows ---- */

/* A spreadsheet takes 1234567890123456 and 12345678e9012345 for numbers and rounds
 * them; behind a quote, as before a formula, they stay what they are. */
static bool looks_like_number(tl_str id)
{
    size_t exponents = 0;
    for (size_t i = 0; i < id.len; i++)
        if (id.data[i] == 'e')
            exponents++;
        else if (id.data[i] < '0' || id.data[i] > '9')
            return false;
    return exponents <= 1;
}

static int add_row(making *m, size_t row)
{
    const tl_cell *pattern = tl_grid_row(&m->patterns, row);
    tl_cell *cells = tl_grid_add_row(m->out);
    tl_buf_clear(&m->text);
    if (looks_like_number(pattern[PATTERN_ID].text))
        tl_buf_add_char(&m->text, '\'');
    tl_buf_add_str(&m->text, pattern[PATTERN_ID].text);
    if (!cells || m->text.failed || !tl_grid_set_text(m->out, &cells[0], tl_buf_str(&m->text)) ||
        !tl_grid_set_text(m->out, &cells[2], pattern[LIBRARY].text) ||
        !tl_grid_set_text(m->out, &cells[5], pattern[FRAMES].text))
        return no_memory(m);
    cells[1] = (tl_cell){.type = TL_CELL_INT, .integer = m->o->round};
    cells[3] = pattern[SUPPORT];
    cells[4] = pattern[LENGTH];
    return m->o->posts ? add_posts(m, row, cells + FIXED_COLUMNS) : TL_OK;
}

int tl_sheet_make(tl_store *store, const tl_sheet_options *o, tl_grid *out, tl_error *err)
{
    making m = {.store = store, .o = o, .random = {o->seed}, .out = out, .err = err};
    int rc = make_columns(&m);
    if (rc == TL_OK)
        rc = choose(&m);
    if (rc == TL_OK)
        rc = tl_store_prepare(store, questions_sql, &m.questions, err);
    for (size_t i = 0; rc == TL_OK && i < m.patterns.n_rows; i++)
        if (m.chosen[i])
            rc = add_row(&m, i);
    sqlite3_finalize(m.questions);
    tl_grid_free(&m.patterns);
    tl_buf_free(&m.text);
    free(m.chosen);
    return rc;
}
