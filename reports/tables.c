#include "reports/tables.h"

#include <stdlib.h>

extern const char tl_table1_sql[], tl_table2_sql[], tl_table3_sql[], tl_table4_sql[], tl_table5_sql[],
    tl_table6_sql[], tl_table7_sql[], tl_table8_sql[], tl_table9_sql[], tl_error_types_sql[], tl_error_templates_sql[];

#define KEYS {"profile", NULL, "Profile"}, {"library", NULL, "Library"}

/* A measure of two groups with its test. */
#define GROUPS(m, group)                                                                               \
    {m "_with", group, "with"}, {m "_without", group, "without"}
#define STARS(m, group, effect, effect_label)                                                          \
    {m "_stars", group, "p"}, {m "_stars_holm", group, "Holm"}, {m "_" effect, group, effect_label}
#define DELTA(m, group) STARS(m, group, "cliffs_delta", "\xCE\xB4")

static const tl_shown_column table1[] = {KEYS,
                                         {"questions", NULL, "Questions"},
                                         {"with_code", "With code", "n"},
                                         {"with_code_pct", "With code", "%"},
                                         {"with_trace", "With trace", "n"},
                                         {"with_trace_pct", "With trace", "%"},
                                         {"unix_pct", "System, % of traces", "Unix"},
                                         {"windows_pct", "System, % of traces", "Windows"},
                                         {0}};

static const tl_shown_column table2[] = {KEYS,
                                         GROUPS("words", "Words"),
                                         DELTA("words", "Words"),
                                         GROUPS("code_lines", "Lines of code"),
                                         DELTA("code_lines", "Lines of code"),
                                         {0}};

static const tl_shown_column table3[] = {KEYS,
                                         GROUPS("score", "Score"),
                                         {"score_all", "Score", "all"},
                                         DELTA("score", "Score"),
                                         GROUPS("comments", "Comments"),
                                         {"comments_all", "Comments", "all"},
                                         DELTA("comments", "Comments"),
                                         GROUPS("views", "Views"),
                                         {"views_all", "Views", "all"},
                                         DELTA("views", "Views"),
                                         GROUPS("answers", "Answers"),
                                         {"answers_all", "Answers", "all"},
                                         DELTA("answers", "Answers"),
                                         {0}};

static const tl_shown_column table4[] = {KEYS,
                                         GROUPS("first_answer_hours", "Hours to first answer"),
                                         DELTA("first_answer_hours", "Hours to first answer"),
                                         GROUPS("accepted_answer_hours", "Hours to accepted answer"),
                                         DELTA("accepted_answer_hours", "Hours to accepted answer"),
                                         GROUPS("accepted_of_all", "Accepted, of all"),
                                         GROUPS("accepted_of_answered", "Accepted, of answered"),
                                         STARS("accepted", "Accepted, of answered", "cohens_h", "h"),
                                         {0}};

static const tl_shown_column table5[] = {KEYS,
                                         {"trace_instances", NULL, "Traces"},
                                         {"questions_with_trace", NULL, "Questions with trace"},
                                         {"traces_per_question", NULL, "Traces per question"},
                                         {0}};

static const tl_shown_column table6[] = {
    KEYS,
    {"questions_with_trace", NULL, "Questions with trace"},
    {"covered_sequences_pct", "Questions covered, %", "sequences"},
    {"covered_occurrences_pct", "Questions covered, %", "occurrences"},
    {"closed_ratio_pct", "Closed patterns", "support 2+, %"},
    {"covered_traces_sequences_pct", "Traces covered, %", "sequences"},
    {"covered_traces_occurrences_pct", "Traces covered, %", "occurrences"},
    {0}};

static const tl_shown_column table7[] = {{"profile", NULL, "Profile"},
                                         {"libraries", NULL, "In exactly so many libraries"},
                                         {"patterns_sequences", "Patterns", "sequences"},
                                         {"patterns_occurrences", "Patterns", "occurrences"},
                                         {0}};

static const tl_shown_column table8[] = {{"profile", NULL, "Profile"},
                                         {"source", NULL, "Source"},
                                         {"category", NULL, "Category"},
                                         {"type", NULL, "Type"},
                                         {"description", NULL, "Description"},
                                         {"example_question", NULL, "Example"},
                                         {"patterns", NULL, "Patterns"},
                                         {"round1", "Coded in round", "1"},
                                         {"round2", "Coded in round", "2"},
                                         {"patterns_pct", NULL, "%"},
                                         {0}};

static const tl_shown_column table9[] = {{"profile", NULL, "Profile"},
                                         {"source", NULL, "Source"},
                                         {"category", NULL, "Category"},
                                         {"type", NULL, "Type"},
                                         {"questions", NULL, "Questions"},
                                         {"views_median", NULL, "Views"},
                                         {"first_answer_hours_median", NULL, "Hours to first answer"},
                                         {"accepted_pct", NULL, "Accepted, %"},
                                         {"accepted_answer_hours_median", NULL, "Hours to accepted answer"},
                                         {0}};

static const tl_shown_column error_types[] = {KEYS,
                                              {"exception", NULL, "Exception"},
                                              {"lines", NULL, "Errors"},
                                              {"lines_pct", NULL, "%"},
                                              {"questions", NULL, "Questions"},
                                              {0}};

static const tl_shown_column error_templates[] = {KEYS,
                                                  {"exception", NULL, "Exception"},
                                                  {"template", NULL, "Message"},
                                                  {"lines", NULL, "Errors"},
                                                  {"lines_pct", NULL, "%"},
                                                  {"questions", NULL, "Questions"},
                                                  {0}};

#define TESTS                                                                                          \
    "Stars: o p \xE2\x89\xA5 0.05, * p < 0.05, ** p < 0.01, *** p < 0.001; column p is the study's "     \
    "uncorrected test, Holm the same corrected over all tests of the table. "

const tl_table tl_tables[] = {
    {"table1", "Table 1", "Questions, code and stack traces",
     "For each library: its questions, how many have a code block, how many a stack trace, and the "
     "system on which those traces arose.",
     tl_table1_sql, 1, 0, table1},
    {"table2", "Table 2", "Length of the questions",
     "Median words and lines of code of the questions with a stack trace and of those without. " TESTS
     "\xCE\xB4 is Cliff's delta, positive where questions with a trace are longer.",
     tl_table2_sql, 1, 0, table2},
    {"table3", "Table 3", "Popularity",
     "Medians over the questions that have a code block, with a stack trace, without, and all; the row "
     "Baseline is the median of every question in the dump. " TESTS "\xCE\xB4 is Cliff's delta.",
     tl_table3_sql, 1, 0, table3},
    {"table4", "Table 4", "Answers",
     "Median hours until the first and until the accepted answer, and the share of questions with an "
     "accepted answer, for questions that have a code block. " TESTS
     "\xCE\xB4 is Cliff's delta, h Cohen's h.",
     tl_table4_sql, 1, 0, table4},
    {"table5", "Table 5", "Traces per question",
     "How many stack traces the questions hold that have one.", tl_table5_sql, 1, 0, table5},
    {"table6", "Table 6", "Coverage by recurrent patterns",
     "The share of questions with a trace, and of traces, that hold a pattern found at least twice in "
     "their library, counting support by sequences or by occurrences; the share of the closed patterns "
     "found at least twice, by occurrences. Overall is the mean of the rows.",
     tl_table6_sql, 1, 0, table6},
    {"table7", "Table 7", "Patterns shared by libraries",
     "How many patterns of support 2 or more, by sequences or by occurrences, are found in exactly two, "
     "three and more libraries.",
     tl_table7_sql, 1, 0, table7},
    {"table8", "Table 8", "Types of exceptions",
     "How many distinct patterns of support 2 or more are of each type: as coded by people, where coding "
     "sheets were read back, and as classified by the program's rules and weights.",
     tl_table8_sql, 3, 0, table8},
    {"table9", "Table 9", "Difficulty of the types",
     "The questions that hold a pattern of each type, once each: median views, median hours to the first "
     "and to the accepted answer, and the share with an accepted answer. The last row is the median of "
     "each column.",
     tl_table9_sql, 3, 0, table9},
    {"error-types", "Errors", "Exception types",
     "The exceptions of the questions that hold a recurrent pattern; percentages are of the errors of "
     "the library.",
     tl_error_types_sql, 2, 10, error_types},
    {"error-templates", "Messages", "Error messages",
     "The messages of these exceptions, with placeholders for what varies.", tl_error_templates_sql, 3,
     10, error_templates},
    {0}};

static void bind_name(sqlite3_stmt *stmt, const char *parameter, const char *value)
{
    int at = sqlite3_bind_parameter_index(stmt, parameter);
    if (at)
        sqlite3_bind_text(stmt, at, value, -1, SQLITE_STATIC);
}

int tl_table_prepare(sqlite3_stmt **out, const char *sql, tl_store *s, tl_profile profile,
                     tl_support_kind support, tl_key key, tl_error *err)
{
    int rc = tl_store_prepare(s, sql, out, err);
    if (rc)
        return rc;
    bind_name(*out, ":profile", tl_profile_names[profile]);
    bind_name(*out, ":support", tl_support_names[support]);
    bind_name(*out, ":key", tl_key_names[key]);
    return TL_OK;
}

int tl_table_query(tl_grid *g, const char *sql, tl_store *s, tl_profile profile, tl_support_kind support,
                   tl_key key, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_table_prepare(&stmt, sql, s, profile, support, key, err);
    if (rc)
        return rc;
    rc = tl_grid_load(g, s, stmt, err);
    sqlite3_finalize(stmt);
    return rc;
}

int tl_table_load(tl_grid *g, const tl_table *t, tl_store *s, tl_profile profile, tl_key key, tl_error *err)
{
    int rc = tl_table_query(g, t->sql, s, profile, TL_SEQUENCES, key, err);
    return rc ? tl_fail_prefix(err, "%s: ", t->number) : TL_OK;
}

/* ---------------------------------------------------------------- for people ---- */

typedef struct view {
    tl_grid *out;
    const tl_grid *all, *libraries;
    size_t *source; /* for each column of `out`, that of `all` */
} view;

/* Gives `out` the shown columns, the library in front if so wanted. */
static int begin(view *v, const tl_table *t, bool library_first, tl_error *err)
{
    size_t n = 0;
    while (t->shown[n].name)
        n++;
    v->source = calloc(n, sizeof *v->source);
    const char **names = calloc(n, sizeof *names);
    int rc = v->source && names ? TL_OK : tl_fail_memory(err, "a table");
    for (size_t c = 0; rc == TL_OK && c < n; c++)
        names[c] = t->shown[library_first && c < 2 ? 1 - c : c].name;
    if (rc == TL_OK)
        rc = tl_grid_columns(v->out, names, n, err);
    free(names);
    for (size_t c = 0; rc == TL_OK && c < n; c++) {
        const tl_shown_column *s = &t->shown[library_first && c < 2 ? 1 - c : c];
        v->source[c] = tl_grid_find(v->all, s->name);
        if (v->source[c] == SIZE_MAX)
            rc = tl_fail(err, TL_USAGE, "%s has no column %s", t->number, s->name);
        v->out->columns[c].group = s->group;
        v->out->columns[c].label = s->label;
    }
    return rc;
}

static tl_cell named_library(const view *v, tl_cell cell)
{
    for (size_t r = 0; r < v->libraries->n_rows; r++) {
        const tl_cell *row = tl_grid_row(v->libraries, r);
        if (tl_cell_eq(&row[0], &cell))
            return row[1];
    }
    return cell; /* Baseline, Overall */
}

static int show_row(const view *v, size_t r, const char *profile, tl_error *err)
{
    tl_cell *to = tl_grid_add_row(v->out);
    if (!to)
        return tl_fail_memory(err, "a table");
    const tl_cell *from = tl_grid_row(v->all, r);
    for (size_t c = 0; c < v->out->n_columns; c++) {
        to[c] = from[v->source[c]];
        if (strcmp(v->out->columns[c].name, "library") == 0)
            to[c] = named_library(v, to[c]);
        if (profile && v->source[c] == 0)
            to[c] = (tl_cell){.type = TL_CELL_TEXT, .text = tl_str_from(profile)};
    }
    return TL_OK;
}

int tl_table_show(tl_grid *out, const tl_table *t, const tl_grid *all, const tl_grid *libraries,
                  tl_error *err)
{
    view v = {.out = out, .all = all, .libraries = libraries};
    int rc = begin(&v, t, false, err);
    for (size_t r = 0; rc == TL_OK && r < all->n_rows; r++)
        rc = show_row(&v, r, NULL, err);
    free(v.source);
    return rc;
}

static bool same_cells(const tl_grid *g, size_t a, size_t b, size_t from, size_t to)
{
    for (size_t c = from; c < to; c++)
        if (!tl_cell_eq(&tl_grid_row(g, a)[c], &tl_grid_row(g, b)[c]))
            return false;
    return true;
}

/* The row after the last of the profile of row `from`. */
static size_t profile_end(const tl_grid *g, size_t from)
{
    size_t end = from;
    while (end < g->n_rows && same_cells(g, from, end, 0, 1))
        end++;
    return end;
}

/* The row among [from, to) that has the keys of row `r`, or `to`. */
static size_t partner_of(const tl_grid *g, const tl_table *t, size_t r, size_t from, size_t to)
{
    while (from < to && !same_cells(g, r, from, 1, 1 + t->keys))
        from++;
    return from;
}

/* Shows row `r` of the first profile and its partner among rows [from, to). */
static int show_pair(const view *v, const tl_table *t, size_t r, size_t from, size_t to, tl_error *err)
{
    size_t partner = partner_of(v->all, t, r, from, to);
    if (partner == to)
        return show_row(v, r, NULL, err);
    if (same_cells(v->all, r, partner, 1, v->all->n_columns))
        return show_row(v, r, "both", err);
    int rc = show_row(v, r, NULL, err);
    return rc ? rc : show_row(v, partner, NULL, err);
}

int tl_table_show_paired(tl_grid *out, const tl_table *t, const tl_grid *all, const tl_grid *libraries,
                         tl_error *err)
{
    view v = {.out = out, .all = all, .libraries = libraries};
    int rc = begin(&v, t, true, err);
    size_t half = profile_end(all, 0), shown = 0;
    for (size_t r = 0; rc == TL_OK && r < half; r++) {
        shown = r && same_cells(all, r - 1, r, 1, 2) ? shown + 1 : 0;
        if (!t->most || shown < t->most)
            rc = show_pair(&v, t, r, half, all->n_rows, err);
    }
    for (size_t r = half; rc == TL_OK && !t->most && r < all->n_rows; r++)
        if (partner_of(all, t, r, 0, half) == half)
            rc = show_row(&v, r, NULL, err); /* only the second profile has it */
    free(v.source);
    return rc;
}
