#include "reports/match_part.h"
#include "reports/query.h"

static const char *const column_names[] = {
    "trace", "kind",     "rank", "score",      "title", "why",     "support", "questions",     "unanswered",
    "library", "type", "category", "confidence", "votes", "answers", "link",    "accepted_link", "id"};

enum {
    TRACE, KIND, RANK, SCORE, TITLE, WHY, SUPPORT, QUESTIONS, UNANSWERED, LIBRARY, TYPE, CATEGORY, CONFIDENCE,
    VOTES, ANSWERS, LINK, ACCEPTED_LINK, ID, COLUMNS
};

/* One row in the making; a failure is remembered. */
typedef struct row {
    tl_grid *grid;
    tl_cell *cells;
    bool failed;
} row;

static void set_int(row *r, int column, int64_t value)
{
    if (!r->failed && value != TL_UNKNOWN)
        r->cells[column] = (tl_cell){.type = TL_CELL_INT, .integer = value};
}

static void set_real(row *r, int column, double value)
{
    if (!r->failed)
        r->cells[column] = (tl_cell){.type = TL_CELL_REAL, .real = value};
}

static void set_text(row *r, int column, tl_str text)
{
    if (!r->failed && text.data)
        r->failed = !tl_grid_set_text(r->grid, &r->cells[column], text);
}

static row new_row(tl_grid *g, int64_t trace, const char *kind, int64_t rank)
{
    row r = {.grid = g, .cells = tl_grid_add_row(g)};
    r.failed = !r.cells;
    set_int(&r, TRACE, trace);
    set_text(&r, KIND, tl_str_from(kind));
    set_int(&r, RANK, rank);
    return r;
}

static void error_line(tl_buf *out, const tl_trace *t)
{
    tl_str first = t->message;
    const char *newline = first.len ? memchr(first.data, '\n', first.len) : NULL;
    if (newline)
        first = tl_str_range(first.data, newline);
    tl_buf_add_str(out, t->exception.data ? t->exception : TL_STR("(no exception shown)"));
    if (first.len) {
        tl_buf_add_cstr(out, ": ");
        tl_buf_add_str(out, first.len > 300 ? (tl_str){first.data, 300} : first);
    }
}

static bool add_trace(tl_grid *g, int64_t n, const tl_trace *t, const tl_match *m, const tl_taxonomy *taxonomy)
{
    tl_buf title = {0};
    row r = new_row(g, n, "trace", 1);
    error_line(&title, t);
    r.failed |= title.failed;
    set_text(&r, TITLE, tl_buf_str(&title));
    const tl_type *type = m->type.type < 0 ? NULL : tl_taxonomy_type(taxonomy, m->type.type);
    set_text(&r, TYPE, tl_str_from(type ? type->name : "unknown"));
    set_text(&r, CATEGORY, tl_str_from(type ? type->category : "unknown"));
    set_real(&r, CONFIDENCE, m->type.confidence);
    tl_buf_free(&title);
    return !r.failed;
}

static bool add_pattern(tl_grid *g, int64_t n, size_t i, const tl_match_pattern *p)
{
    row r = new_row(g, n, "pattern", (int64_t)i + 1);
    set_text(&r, TITLE, p->frames);
    set_int(&r, SUPPORT, p->found.support);
    set_int(&r, QUESTIONS, p->found.questions);
    set_int(&r, UNANSWERED, p->found.unanswered);
    set_text(&r, LIBRARY, p->libraries);
    set_text(&r, TYPE, p->found.type);
    set_text(&r, CATEGORY, p->found.category);
    set_real(&r, CONFIDENCE, p->found.confidence);
    set_text(&r, ID, p->id);
    return !r.failed;
}

static bool add_question(tl_grid *g, int64_t n, size_t i, const tl_match_question *q)
{
    tl_buf text = {0};
    row r = new_row(g, n, "question", (int64_t)i + 1);
    set_real(&r, SCORE, q->score);
    set_text(&r, TITLE, q->found.title);
    set_text(&r, WHY, q->why);
    set_int(&r, VOTES, q->found.score);
    set_int(&r, ANSWERS, q->found.answers);
    tl_question_address(&text, q->found.site, q->found.id);
    set_text(&r, LINK, tl_buf_str(&text));
    if (tl_answer_address(&text, q->found.site, q->found.accepted))
        set_text(&r, ACCEPTED_LINK, tl_buf_str(&text));
    set_text(&r, ID, q->found.id);
    r.failed |= text.failed;
    tl_buf_free(&text);
    return !r.failed;
}

int tl_match_rows(tl_grid *out, int64_t n, const tl_trace *trace, const tl_match *match,
                  const tl_taxonomy *taxonomy, tl_error *err)
{
    int rc = out->columns ? TL_OK : tl_grid_columns(out, column_names, COLUMNS, err);
    if (rc)
        return rc;
    bool added = add_trace(out, n, trace, match, taxonomy);
    for (size_t i = 0; added && i < match->n_patterns; i++)
        added = add_pattern(out, n, i, &match->patterns[i]);
    for (size_t i = 0; added && i < match->n_questions; i++)
        added = add_question(out, n, i, &match->questions[i]);
    return added ? TL_OK : tl_fail_memory(err, "a table");
}
