/* The tables of the study on a store small enough to count by hand. */
#include "test_report_store.h"

#include "reports/figures.h"
#include "reports/format.h"

/* Ten questions of library a, three of b (none with a trace), none of c; the group
 * `all` holds every question.  Traces of a: q1 two, q2 one, q3 one without a frame.
 * q1 to q3 have a trace, q10 has no code block. */
static const char posts[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 13)"
    " INSERT INTO question SELECT i, 1, 1, 100 + i, 'q' || i, 0, i, 10 * i, i % 3, 1, NULL FROM n;"
    "UPDATE question SET answers = 0 WHERE question_key IN (3, 9);"
    "UPDATE question SET accepted = 1 WHERE question_key IN (1, 4, 5);"
    "INSERT INTO answer SELECT question_key, 1, 1, question_key * 3600000, 0 FROM question"
    " WHERE answers > 0 AND question_key <> 5;"
    "INSERT INTO question_library SELECT question_key, CASE WHEN question_key <= 10 THEN 1 ELSE 2 END"
    " FROM question UNION ALL SELECT question_key, 4 FROM question;"
    "INSERT INTO reading SELECT question_key, profile, question_key <> 10, question_key <= 3,"
    "  CASE question_key WHEN 1 THEN 'unix' WHEN 2 THEN 'windows' WHEN 3 THEN 'unix' END,"
    "  question_key * 7, CASE WHEN question_key <> 10 THEN 20 - question_key END"
    " FROM question, (SELECT 'paper' AS profile UNION SELECT 'full');"
    "INSERT INTO trace(trace_id, question_key, profile, position, frames, exception, template) VALUES"
    " (1, 1, 'full', 0, 3, 'ValueError', 'x NUM'), (2, 1, 'full', 1, 2, 'ValueError', 'x NUM'),"
    " (3, 2, 'full', 0, 4, 'KeyError', NULL), (4, 3, 'full', 0, 0, NULL, NULL),"
    " (5, 1, 'paper', 0, 3, NULL, NULL), (6, 2, 'paper', 0, 4, NULL, NULL);"
    "INSERT INTO error_line VALUES (1, 'paper', 0, 'ValueError', 'x 1', 'x NUM'),"
    " (1, 'paper', 1, 'ValueError', 'x 2', 'x NUM'), (2, 'paper', 0, 'TypeError', 'y 3', NULL),"
    " (4, 'paper', 0, 'OSError', 'no pattern', 'no pattern'), (1, 'full', 0, 'IgnoredError', 'z', 'z');"
    "INSERT INTO histogram VALUES (1, 'score', 0, 3), (1, 'score', 2, 2), (1, 'score', 9, 1),"
    " (1, 'views', 5, 1), (1, 'views', 8, 2);";

/* Minings of a: by occurrences at minimum support 1, by sequences also at 2, which the
 * views leave aside.  P1 is in traces 1, 2 and 3, P2 in trace 3 only, twice. */
static const char patterns[] =
    "INSERT INTO mining (mining_id, library_id, profile, support_kind, key, min_support, sequences, traces_seen) "
    "VALUES (1, 1, 'full', 'sequences', 'stem', 1, 3, 4),"
    " (2, 1, 'full', 'occurrences', 'stem', 1, 3, 4), (3, 1, 'full', 'sequences', 'stem', 2, 3, 4),"
    " (4, 2, 'full', 'sequences', 'stem', 1, 0, 4), (5, 4, 'full', 'sequences', 'stem', 1, 3, 4),"
    " (6, 1, 'paper', 'occurrences', 'stem', 1, 2, 6), (7, 1, 'full', 'sequences', 'module', 1, 3, 4);"
    "INSERT INTO pattern(pattern_key, mining_id, pattern_id, support, length, frames) VALUES"
    " (1, 1, 's1', 2, 1, 'x:f'), (2, 1, 's2', 1, 2, 'x:f > y:g'), (3, 3, 's1', 2, 1, 'x:f'),"
    " (4, 2, 'o1', 3, 1, 'x:f'), (5, 2, 'o2', 2, 1, 'y:g'), (6, 2, 'o3', 1, 3, 'z:h > x:f > y:g'),"
    " (7, 5, 'a1', 2, 1, 'x:f'), (8, 4, 'b1', 5, 1, 'x:f'), (9, 4, 'b2', 4, 1, 'w:w'),"
    " (10, 6, 'p1', 2, 1, 'x:f'), (11, 7, 'm1', 3, 1, 'pkg.x:f'), (12, 6, 'p2', 1, 3, 'q:q'),"
    " (13, 6, 'p3', 1, 3, 'r:r');"
    "INSERT INTO pattern_trace VALUES (1, 1), (1, 2), (2, 1), (3, 1), (3, 2), (4, 1), (4, 2), (4, 3),"
    " (5, 3), (6, 1), (7, 1), (7, 2), (10, 5), (10, 6), (11, 1), (11, 2), (11, 3);";

static int open_small(void **state)
{
    scratch *s = calloc(1, sizeof *s);
    assert_non_null(s);
    scratch_open(s);
    add_frame_of_store(s, "stackoverflow.com", "a b c all");
    run_sql(s, posts);
    run_sql(s, patterns);
    fill_recurring(s);
    *state = s;
    return 0;
}

static int close_small(void **state)
{
    scratch_close(*state);
    free(*state);
    return 0;
}

static void assert_rows(const tl_grid *g, const char *const *names)
{
    size_t n = 0;
    while (names[n])
        n++;
    assert_int_equal(g->n_rows, n);
    for (size_t r = 0; r < n; r++)
        if (!tl_str_eq(tl_grid_row(g, r)[1].text, tl_str_from(names[r])))
            fail_msg("row %zu is " TL_STR_FMT ", not %s", r, TL_STR_ARG(tl_grid_row(g, r)[1].text), names[r]);
}

static void questions(void **state)
{
    tl_grid paper = {0}, full = {0};
    load_table(*state, "table1", TL_PAPER, &paper);
    load_table(*state, "table1", TL_FULL, &full);
    assert_rows(&paper, (const char *[]){"a", "b", "all", NULL});
    assert_text(&paper, "a", "profile", "paper");
    assert_cell(&paper, "a", "questions", 10);
    assert_cell(&paper, "a", "with_code", 9);
    assert_cell(&paper, "a", "with_trace", 3);
    assert_cell(&paper, "all", "with_code_pct", 92.30); /* 12 of 13, cut */
    assert_cell(&full, "all", "with_code_pct", 1200.0 / 13);
    assert_cell(&paper, "a", "unix_pct", 66.66);
    assert_cell(&full, "a", "windows_pct", 100.0 / 3);
    assert_null_cell(&full, "b", "unix_pct");
    tl_grid_free(&paper);
    tl_grid_free(&full);
}

static void lengths(void **state)
{
    tl_grid g = {0};
    load_table(*state, "table2", TL_FULL, &g);
    assert_cell(&g, "a", "words_with", 14);
    assert_cell(&g, "a", "words_without", 49); /* q10, which has no code, too */
    assert_cell(&g, "a", "code_lines_with", 18);
    assert_cell(&g, "a", "code_lines_without", 13.5);
    assert_cell(&g, "a", "words_p", 1 / 60.0); /* 2 of the 120 orders of 3 among 10 */
    assert_text(&g, "a", "words_stars", "*");
    /* Of the four p-values 2/286, 2/220, 2/120 and 2/84 the third: times 2. */
    assert_cell(&g, "all", "words_p_holm", 4 * 2 / 286.0);
    assert_cell(&g, "all", "code_lines_p_holm", 4 * 2 / 286.0);
    assert_cell(&g, "a", "words_p_holm", 2 / 60.0);
    assert_text(&g, "a", "words_stars_holm", "*");
    assert_cell(&g, "a", "words_cliffs_delta", -1);
    assert_null_cell(&g, "b", "words_with");
    assert_null_cell(&g, "b", "words_p");
    assert_null_cell(&g, "b", "words_stars");
    assert_null_cell(&g, "b", "words_p_holm");
    tl_grid_free(&g);
}

static void popularity(void **state)
{
    tl_grid g = {0};
    load_table(*state, "table3", TL_FULL, &g);
    assert_rows(&g, (const char *[]){"a", "b", "all", "Baseline", NULL});
    assert_cell(&g, "a", "n_with", 3);
    assert_cell(&g, "a", "n_without", 6);
    assert_cell(&g, "a", "views_with", 20);
    assert_cell(&g, "a", "views_without", 65); /* q4 to q9 */
    assert_cell(&g, "a", "views_all", 50);
    assert_cell(&g, "a", "views_cliffs_delta", -1);
    assert_cell(&g, "Baseline", "score_all", 1); /* 0 0 0 2 2 9 */
    assert_cell(&g, "Baseline", "views_all", 8);
    assert_null_cell(&g, "Baseline", "comments_all");
    assert_null_cell(&g, "Baseline", "score_with");
    tl_grid_free(&g);
}

/* q1, q4 and q5 are accepted, but the dump lacks the answer to q5. */
static void answers(void **state)
{
    tl_grid paper = {0}, full = {0};
    load_table(*state, "table4", TL_PAPER, &paper);
    load_table(*state, "table4", TL_FULL, &full);
    assert_cell(&full, "a", "first_answer_hours_with", 1.5);
    assert_cell(&full, "a", "first_answer_hours_without", 6.5); /* q4, q6, q7, q8 */
    assert_cell(&full, "a", "accepted_answer_hours_with", 1);
    assert_cell(&full, "a", "accepted_answer_hours_without", 4);
    assert_cell(&full, "a", "answered_with", 2);
    assert_cell(&full, "a", "answered_without", 5);
    assert_cell(&full, "a", "accepted_of_answered_with", 0.5);
    assert_cell(&full, "a", "accepted_of_answered_without", 0.2);
    assert_null_cell(&full, "a", "accepted_of_all_with");
    assert_cell(&paper, "a", "answered_with", 3);
    assert_cell(&paper, "a", "accepted_of_answered_with", 1.0 / 3);
    assert_cell(&paper, "a", "accepted_of_answered_without", 0.4);
    assert_cell(&paper, "a", "accepted_of_all_with", 0.33);
    assert_cell(&paper, "a", "accepted_of_all_without", 0.33);
    assert_null_cell(&paper, "b", "accepted_of_answered_with"); /* no row is added to an empty group */
    assert_null_cell(&paper, "b", "accepted_p");
    tl_grid_free(&paper);
    tl_grid_free(&full);
}

static void no_question_with_code(void **state)
{
    tl_grid g = {0};
    run_sql(*state, "UPDATE reading SET has_code = 0 WHERE question_key > 10");
    load_table(*state, "table4", TL_FULL, &g);
    assert_cell(&g, "b", "n_with", 0);
    assert_cell(&g, "b", "n_without", 0);
    assert_null_cell(&g, "b", "first_answer_hours_without");
    tl_grid_free(&g);
    load_table(*state, "table3", TL_FULL, &g);
    assert_null_cell(&g, "b", "views_all");
    tl_grid_free(&g);
}

/* What the profiles read differently stays apart: question 4 has a trace in `paper` only. */
static void each_profile_by_itself(void **state)
{
    static const struct {
        const char *table, *column;
        double paper, full;
    } cells[] = {{"table1", "with_trace", 4, 3},  {"table2", "words_with", 17.5, 14}, {"table3", "n_with", 4, 3},
                 {"table4", "n_with", 4, 3},      {"table5", "questions_with_trace", 4, 3},
                 {"table6", "questions_with_trace", 4, 3}};
    run_sql(*state, "UPDATE reading SET has_trace = 1, os = 'unix', words = 1000"
                    " WHERE profile = 'paper' AND question_key = 4");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        tl_grid paper = {0}, full = {0};
        load_table(*state, cells[i].table, TL_PAPER, &paper);
        load_table(*state, cells[i].table, TL_FULL, &full);
        assert_cell(&paper, "a", cells[i].column, cells[i].paper);
        assert_cell(&full, "a", cells[i].column, cells[i].full);
        tl_grid_free(&paper);
        tl_grid_free(&full);
    }
}

static void instances(void **state)
{
    tl_grid g = {0};
    load_table(*state, "table5", TL_FULL, &g);
    assert_cell(&g, "a", "trace_instances", 3);
    assert_cell(&g, "a", "questions_with_trace", 3);
    assert_cell(&g, "a", "traces_per_question", 1);
    assert_cell(&g, "b", "trace_instances", 0);
    assert_null_cell(&g, "b", "traces_per_question");
    tl_grid_free(&g);
}

static void coverage(void **state)
{
    tl_grid full = {0}, paper = {0};
    run_sql(*state, "INSERT INTO recurrent_trace VALUES (5, 3, 2)"); /* for Overall `all` does not count */
    load_table(*state, "table6", TL_FULL, &full);
    assert_rows(&full, (const char *[]){"a", "b", "all", "Overall", NULL});
    assert_cell(&full, "a", "covered_sequences", 1);
    assert_cell(&full, "a", "covered_sequences_pct", 100.0 / 3);
    assert_cell(&full, "a", "covered_occurrences", 2);
    assert_cell(&full, "a", "closed_patterns_support_2", 2);
    assert_cell(&full, "a", "closed_patterns_support_1", 3);
    assert_cell(&full, "a", "closed_ratio_pct", 200.0 / 3);
    assert_cell(&full, "a", "covered_traces_sequences_pct", 200.0 / 3);
    assert_cell(&full, "a", "covered_traces_occurrences_pct", 100);
    assert_cell(&full, "b", "covered_sequences", 0); /* mined, no question with a trace */
    assert_null_cell(&full, "b", "covered_sequences_pct");
    assert_null_cell(&full, "b", "covered_occurrences"); /* not mined */
    assert_cell(&full, "all", "covered_sequences_pct", 200.0 / 3);
    assert_cell(&full, "Overall", "covered_sequences_pct", 100.0 / 3);
    load_table(*state, "table6", TL_PAPER, &paper);
    assert_cell(&paper, "a", "covered_occurrences_pct", 66.66);
    assert_cell(&paper, "a", "closed_ratio_pct", 33.33);
    assert_null_cell(&paper, "a", "covered_traces_occurrences_pct");
    assert_cell(&paper, "Overall", "covered_occurrences_pct", 66.66);
    tl_grid_free(&full);
    tl_grid_free(&paper);
}

static void sharing(void **state)
{
    tl_grid g = {0};
    load_table(*state, "table7", TL_FULL, &g);
    assert_int_equal(g.n_rows, 6);
    assert_cell(&g, "2", "patterns_sequences", 1); /* x:f of a and b; `all` does not count */
    assert_cell(&g, "2", "patterns_occurrences", 0);
    assert_cell(&g, "3", "patterns_sequences", 0);
    tl_grid_free(&g);
    run_sql(*state, "INSERT INTO library(key, name) VALUES ('d','D'), ('e','E'), ('f','F'), ('g','G'),"
                    " ('h','H')");
    load_table(*state, "table7", TL_FULL, &g);
    assert_int_equal(g.n_rows, 7); /* eight libraries */
    tl_grid_free(&g);
}

static void errors(void **state)
{
    tl_grid paper = {0}, full = {0}, templates = {0};
    load_table(*state, "error-types", TL_PAPER, &paper);
    assert_rows(&paper, (const char *[]){"a", "a", "Overall", "Overall", NULL});
    assert_text(&paper, "a", "exception", "ValueError");
    assert_cell(&paper, "a", "lines", 2);
    assert_cell(&paper, "a", "questions", 1);
    assert_cell(&paper, "a", "lines_pct", 200.0 / 3);
    load_table(*state, "error-types", TL_FULL, &full);
    assert_rows(&full, (const char *[]){"a", "a", "Overall", "Overall", NULL});
    assert_text(&full, "a", "exception", "ValueError");
    assert_cell(&full, "Overall", "lines", 2);
    load_table(*state, "error-templates", TL_FULL, &templates);
    assert_rows(&templates, (const char *[]){"a", "Overall", NULL});
    assert_text(&templates, "a", "template", "x NUM");
    assert_cell(&templates, "a", "lines", 2);
    tl_grid_free(&templates);
    load_table(*state, "error-templates", TL_PAPER, &templates);
    assert_rows(&templates, (const char *[]){"a", "a", "Overall", "Overall", NULL});
    assert_text(&templates, "a", "template", "x NUM"); /* of two messages */
    assert_cell(&templates, "a", "lines", 2);
    assert_true(tl_str_eq(tl_grid_row(&templates, 1)[tl_grid_find(&templates, "template")].text, TL_STR("y 3")));
    tl_grid_free(&paper);
    tl_grid_free(&full);
    tl_grid_free(&templates);
}

static void assert_figure(scratch *s, int figure, tl_profile profile, tl_support_kind support, tl_key key,
                          const char *want)
{
    tl_error err;
    tl_grid g = {0};
    tl_buf out = {0};
    if (tl_table_query(&g, tl_figures[figure - 4].sql, s->store, profile, support, key, &err) != TL_OK)
        fail_msg("%s", err.message);
    assert_int_equal(tl_format_grid(&g, TL_FORMAT_CSV, NULL, &out, NULL), TL_OK);
    assert_string_equal(strchr(out.data, '\n') + 1, want);
    tl_buf_free(&out);
    tl_grid_free(&g);
}

static void figures(void **state)
{
    assert_figure(*state, 4, TL_FULL, TL_SEQUENCES, TL_KEY_STEM,
                  "full,sequences,a,1,100\nfull,sequences,a,2,50\nfull,sequences,b,4,100\n"
                  "full,sequences,b,5,50\nfull,sequences,all,2,100\n");
    assert_figure(*state, 5, TL_FULL, TL_OCCURRENCES, TL_KEY_STEM,
                  "full,occurrences,a,1,66.66666666666667\nfull,occurrences,a,3,100\n");
    /* The first of the two patterns covers both questions. */
    assert_figure(*state, 6, TL_FULL, TL_OCCURRENCES, TL_KEY_STEM,
                  "full,occurrences,a,0,0\nfull,occurrences,a,50,100\nfull,occurrences,a,100,100\n");
    assert_figure(*state, 7, TL_FULL, TL_SEQUENCES, TL_KEY_STEM, "full,sequences,a,b,1,1\nfull,sequences,b,a,1,1\n");
}

/* Of another profile, and of frames by another key. */
static void other_figures(void **state)
{
    run_sql(*state, "INSERT INTO pattern (pattern_key, mining_id, pattern_id, support, length, frames)"
                    " VALUES (14, 7, 'm2', 2, 2, 'pkg.x:f > pkg.y:g');"
                    "INSERT INTO pattern_holder VALUES (14, 2)");
    assert_figure(*state, 4, TL_PAPER, TL_OCCURRENCES, TL_KEY_STEM,
                  "paper,occurrences,a,1,100\npaper,occurrences,a,2,33.333333333333336\n");
    assert_figure(*state, 5, TL_PAPER, TL_OCCURRENCES, TL_KEY_STEM,
                  "paper,occurrences,a,1,33.333333333333336\npaper,occurrences,a,3,100\n");
    assert_figure(*state, 6, TL_PAPER, TL_OCCURRENCES, TL_KEY_STEM,
                  "paper,occurrences,a,0,0\npaper,occurrences,a,100,100\n");
    assert_figure(*state, 4, TL_FULL, TL_SEQUENCES, TL_KEY_MODULE,
                  "full,sequences,a,2,100\nfull,sequences,a,3,50\n");
    assert_figure(*state, 5, TL_FULL, TL_SEQUENCES, TL_KEY_MODULE,
                  "full,sequences,a,1,50\nfull,sequences,a,2,100\n");
    assert_figure(*state, 6, TL_FULL, TL_SEQUENCES, TL_KEY_MODULE,
                  "full,sequences,a,0,0\nfull,sequences,a,50,100\nfull,sequences,a,100,100\n");
}

static void both_profiles_in_pairs(void **state)
{
    scratch *s = *state;
    tl_error err;
    tl_grid libraries = {0}, all = {0}, shown = {0};
    sqlite3_stmt *stmt;
    assert_int_equal(tl_store_prepare(s->store, "SELECT key, name FROM library", &stmt, &err), TL_OK);
    assert_int_equal(tl_grid_load(&libraries, s->store, stmt, &err), TL_OK);
    sqlite3_finalize(stmt);
    load_table(s, "table5", TL_FULL, &all);
    load_table(s, "table5", TL_PAPER, &all);
    assert_int_equal(tl_table_show_paired(&shown, table_named("table5"), &all, &libraries, &err), TL_OK);
    assert_string_equal(shown.columns[0].name, "library");
    static const char *const want[][2] = {
        {"A", "full"}, {"A", "paper"}, {"B", "both"}, {"ALL", "full"}, {"ALL", "paper"}};
    assert_int_equal(shown.n_rows, 5);
    for (size_t r = 0; r < 5; r++)
        for (size_t c = 0; c < 2; c++)
            assert_true(tl_str_eq(tl_grid_row(&shown, r)[c].text, tl_str_from(want[r][c])));
    tl_grid_free(&shown);
    assert_int_equal(tl_table_show(&shown, table_named("table5"), &all, &libraries, &err), TL_OK);
    assert_string_equal(shown.columns[0].name, "profile");
    assert_int_equal(shown.n_rows, 6);
    tl_grid_free(&shown);
    tl_grid_free(&all);
    tl_grid_free(&libraries);
}

static void empty_store(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    for (const tl_table *t = tl_tables; t->name; t++) {
        tl_grid g = {0};
        load_table(&s, t->name, TL_FULL, &g);
        assert_true(g.n_rows <= 6); /* Table 7's numbers and the Baseline */
        for (const tl_shown_column *c = t->shown; c->name; c++)
            assert_true(tl_grid_find(&g, c->name) != SIZE_MAX);
        tl_grid_free(&g);
    }
    scratch_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(questions, open_small, close_small),
        cmocka_unit_test_setup_teardown(lengths, open_small, close_small),
        cmocka_unit_test_setup_teardown(popularity, open_small, close_small),
        cmocka_unit_test_setup_teardown(answers, open_small, close_small),
        cmocka_unit_test_setup_teardown(no_question_with_code, open_small, close_small),
        cmocka_unit_test_setup_teardown(each_profile_by_itself, open_small, close_small),
        cmocka_unit_test_setup_teardown(instances, open_small, close_small),
        cmocka_unit_test_setup_teardown(coverage, open_small, close_small),
        cmocka_unit_test_setup_teardown(sharing, open_small, close_small),
        cmocka_unit_test_setup_teardown(errors, open_small, close_small),
        cmocka_unit_test_setup_teardown(figures, open_small, close_small),
        cmocka_unit_test_setup_teardown(other_figures, open_small, close_small),
        cmocka_unit_test_setup_teardown(both_profiles_in_pairs, open_small, close_small),
        cmocka_unit_test(empty_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
