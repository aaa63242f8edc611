/* Patterns of a store that somebody asks for, and the index behind them. */
#include "tests/unit/test_report_store.h"

#include <math.h>

#include "reports/query.h"
#include "sql/search_index.h"

/* Two libraries and the group `all`; question i of keras has views 10 i, and every third
 * no answer.  Question 3 got a trace after the others had theirs, as a log that is read in
 * parts does.  Pattern `a:f` is in keras and nltk. */
static void fill(scratch *s)
{
    run_sql(s,
            "INSERT INTO site VALUES (1, 'stackoverflow.com'), (2, 'elsewhere');"
            "INSERT INTO input (input_id, site_id, name, kind, size, mtime, selection, pass, cursor, hash, hash_state,"
            " last_orphan, disorder) VALUES (1, 1, 'Posts.xml', 'posts', 0, 0, '', 1, 0, x'', x'', 0, 0);"
            "INSERT INTO library VALUES (1, 'keras', 'Keras'), (2, 'nltk', 'NLTK'), (3, 'all', 'All');"
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)"
            " INSERT INTO question (question_key, input_id, site_id, id, title, score, views, answers)"
            " SELECT i, 1, 1 + (i = 12), iif(i = 12, 'text/12', 1000 + i), 'Title ' || i, i, iif(i = 12, NULL, 10 * i),"
            " i % 3 FROM n;"
            "INSERT INTO trace (trace_id, question_key, profile, position, frames)"
            " SELECT 2 * question_key, question_key, 'full', 0, 2 FROM question UNION ALL"
            " SELECT 2 * question_key + 1, question_key, 'full', 1, 2 FROM question UNION ALL SELECT 26, 3, 'full', 2, 2;"
            "INSERT INTO mining (mining_id, library_id, profile, support_kind, key, min_support, sequences, traces_seen)"
            " VALUES (1, 1, 'full', 'sequences', 'stem', 1, 24, 25), (2, 2, 'full', 'sequences', 'stem', 1, 24, 25),"
            " (3, 3, 'full', 'sequences', 'stem', 1, 24, 25), (4, 1, 'paper', 'sequences', 'stem', 1, 1, 25);"
            "INSERT INTO pattern (pattern_key, mining_id, pattern_id, support, length, frames, category, type)"
            " VALUES (1, 1, 'p1', 24, 1, 'a:f', 'MOD', 'copy'), (2, 1, 'p2', 8, 2, 'a:f > b:g', 'DAT', 'operation'),"
            " (3, 1, 'p3', 8, 1, 'b:g', 'unknown', 'unknown'), (4, 2, 'p4', 5, 1, 'a:f', 'MOD', 'copy'),"
            " (5, 3, 'p5', 30, 1, 'a:f', 'MOD', 'copy'), (6, 1, 'p6', 1, 3, 'a:f > b:g > c:h', NULL, NULL),"
            " (7, 4, 'p7', 3, 1, 'x[1]:y', 'EXT', 'file operation');"
            "INSERT INTO pattern_trace SELECT 1, trace_id FROM trace;"
            "INSERT INTO pattern_trace SELECT 2, trace_id FROM trace WHERE question_key IN (2, 3, 6, 7);"
            "INSERT INTO pattern_trace SELECT 3, trace_id FROM trace WHERE question_key >= 9;"
            "INSERT INTO pattern_trace SELECT 4, trace_id FROM trace WHERE question_key = 3;"
            "INSERT INTO pattern_trace SELECT 7, trace_id FROM trace WHERE question_key = 12;");
    fill_recurring(s);
    tl_error err;
    run_sql(s, "BEGIN");
    if (tl_search_index(s->store, NULL, &err) != TL_OK)
        fail_msg("%s", err.message);
    run_sql(s, "COMMIT");
}

static const tl_query everything = {.min_support = 2, .limit = -1, .profile = TL_FULL};

/* The ids that a query finds, with blanks between, or its failure. */
static const char *ids(scratch *s, tl_query q)
{
    static char text[1100];
    tl_grid grid = {0};
    tl_error err;
    int rc = tl_query_patterns(s->store, &q, &grid, &err);
    text[0] = '\0';
    if (rc == TL_NOTHING)
        strcpy(text, "nothing");
    else if (rc != TL_OK)
        snprintf(text, sizeof text, "%s", err.message);
    for (size_t r = 0; r < grid.n_rows; r++)
        sprintf(text + strlen(text), "%s" TL_STR_FMT, r ? " " : "", TL_STR_ARG(tl_grid_row(&grid, r)[0].text));
    tl_grid_free(&grid);
    return text;
}

static void test_filters(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    fill(&s);
    tl_query q = everything;
    assert_string_equal(ids(&s, q), "p5 p1 p2 p3 p4");
    q.library = "keras";
    assert_string_equal(ids(&s, q), "p1 p2 p3");
    q.min_support = 9;
    assert_string_equal(ids(&s, q), "p1");
    q = everything;
    q.limit = 2;
    assert_string_equal(ids(&s, q), "p5 p1");
    q = everything;
    q.category = "mod";
    assert_string_equal(ids(&s, q), "p5 p1 p4");
    q.library = "nltk";
    assert_string_equal(ids(&s, q), "p4");
    q = everything;
    q.type = "Operation";
    assert_string_equal(ids(&s, q), "p2");
    q.type = "unknown";
    assert_string_equal(ids(&s, q), "p3");
    q = everything;
    q.shared = 2;
    assert_string_equal(ids(&s, q), "p5 p1 p4");
    q.shared = 3;
    assert_string_equal(ids(&s, q), "nothing");
    q = everything;
    q.profile = TL_PAPER;
    assert_string_equal(ids(&s, q), "p7");
    q.support = TL_OCCURRENCES;
    assert_string_equal(ids(&s, q), "nothing");
    scratch_close(&s);
}

static void test_contains(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"b:g", "p2 p3"},      {"a:f", "p5 p1 p2 p4"}, {"a:*", "p5 p1 p2 p4"},
                                           {"*:g", "p2 p3"},      {"a:", "--contains a:: expected FILE:FUNCTION"},
                                           {"b:gg", "nothing"},   {":f", "nothing"},      {"f", "--contains f: expected"},
                                           {"a:f > b:g", "p2"},   {"a:?", "nothing"},    {"?*:f", "nothing"},
                                           {"*:*", "p5 p1 p2 p3 p4"},
                                           /* A star stays within its frame. */
                                           {"a*:g", "nothing"},   {"*a*:f*", "p5 p1 p2 p4"}, {"a:* > *:g", "p2"},
                                           {"a:f > *", "p2"}, {"b*g*:g", "nothing"}, {"*b**:*g*", "p2 p3"}};
    scratch s;
    scratch_open(&s);
    fill(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tl_query q = everything;
        q.contains = cases[i][0];
        const char *found = ids(&s, q);
        if (strncmp(found, cases[i][1], strlen(cases[i][1])) != 0)
            fail_msg("%s: %s", cases[i][0], found);
    }
    tl_query q = everything;
    q.profile = TL_PAPER;
    q.contains = "x[1]:y";
    assert_string_equal(ids(&s, q), "p7");
    q.contains = "x1:y";
    assert_string_equal(ids(&s, q), "nothing");
    q.key = TL_KEY_FUNCTION; /* there a frame is a function alone */
    q.contains = "f";
    assert_string_equal(ids(&s, q), "nothing");
    scratch_close(&s);
}

static void test_sort(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    fill(&s);
    tl_query q = everything;
    q.library = "keras";
    q.sort = TL_SORT_VIEWS; /* medians 60, 45, 100 */
    assert_string_equal(ids(&s, q), "p3 p1 p2");
    q.sort = TL_SORT_UNANSWERED; /* 4, 2, 2 */
    assert_string_equal(ids(&s, q), "p1 p2 p3");
    q.library = NULL; /* p5: no trace of ours holds it, unknown comes last */
    assert_string_equal(ids(&s, q), "p1 p2 p3 p4 p5");
    scratch_close(&s);
}

/* Only the same frames of the same kind of result are one pattern of several libraries; where
 * no trace holds it, a pattern has the questions that it was published with. */
static void test_what_is_counted(void **state)
{
    (void)state;
    scratch s;
    tl_error err;
    scratch_open(&s);
    fill(&s);
    run_sql(&s, "INSERT INTO mining (mining_id, library_id, profile, support_kind, key, min_support, sequences, traces_seen)"
                " VALUES (5, 2, 'paper', 'sequences', 'stem', 1, 24, 25);"
                "INSERT INTO pattern (pattern_key, mining_id, pattern_id, support, length, frames)"
                " VALUES (8, 5, 'p8', 3, 1, 'b:g'), (9, 5, 'p9', 3, 1, 'x[1]:y');"
                "INSERT INTO pattern_question VALUES (8, 1, 1001), (8, 1, 1002); BEGIN");
    assert_int_equal(tl_search_index(s.store, NULL, &err), TL_OK);
    run_sql(&s, "COMMIT");
    expect_rows(&s, "SELECT pattern_id, libraries, questions FROM pattern WHERE pattern_id IN ('p3', 'p7', 'p8', 'p9') ORDER BY 1",
                "p3,1,4;p7,2,1;p8,1,2;p9,2,NULL");
    scratch_close(&s);
}

/* Of several results of a library the one with the lowest minimum support, which has all. */
static void test_lowest_min_support(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    fill(&s);
    run_sql(&s, "INSERT INTO mining (mining_id, library_id, profile, support_kind, key, min_support, sequences, traces_seen)"
                " VALUES (5, 2, 'full', 'sequences', 'stem', 3, 24, 25);"
                "INSERT INTO pattern (pattern_key, mining_id, pattern_id, support, length, frames)"
                " VALUES (8, 5, 'p8', 5, 1, 'a:f')");
    tl_query q = everything;
    assert_string_equal(ids(&s, q), "p5 p1 p2 p3 p4");
    scratch_close(&s);
}

static tl_cell cell(const tl_grid *g, size_t row, const char *column)
{
    size_t c = tl_grid_find(g, column);
    assert_true(c != SIZE_MAX);
    return tl_grid_row(g, row)[c];
}

static void test_columns(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    fill(&s);
    tl_query q = everything;
    tl_grid g = {0};
    tl_error err;
    q.library = "keras";
    assert_int_equal(tl_query_patterns(s.store, &q, &g, &err), TL_OK);
    assert_int_equal(g.n_rows, 3);
    assert_int_equal(cell(&g, 0, "support").integer, 24);
    assert_int_equal(cell(&g, 0, "questions").integer, 12);
    assert_int_equal(cell(&g, 0, "unanswered").integer, 4);
    assert_true(cell(&g, 0, "views").real == 60);
    assert_int_equal(cell(&g, 0, "libraries").integer, 2);
    assert_int_equal(cell(&g, 1, "questions").integer, 4);
    assert_int_equal(cell(&g, 1, "unanswered").integer, 2);
    assert_true(cell(&g, 1, "views").real == 45);
    assert_true(tl_str_eq(cell(&g, 1, "frames").text, TL_STR("a:f > b:g")));
    assert_true(tl_str_eq(cell(&g, 1, "posts").text,
                          TL_STR("https://stackoverflow.com/q/1007 https://stackoverflow.com/q/1006 "
                                 "https://stackoverflow.com/q/1003")));
    assert_int_equal(cell(&g, 2, "questions").integer, 4); /* 9, 10, 11 and one of unknown views */
    assert_true(cell(&g, 2, "views").real == 100);
    tl_grid_free(&g);
    q.profile = TL_PAPER;
    g = (tl_grid){0};
    assert_int_equal(tl_query_patterns(s.store, &q, &g, &err), TL_OK);
    assert_int_equal(cell(&g, 0, "views").type, TL_CELL_NULL);
    assert_true(tl_str_eq(cell(&g, 0, "posts").text, TL_STR("elsewhere text/12")));
    tl_grid_free(&g);
    scratch_close(&s);
}

static void test_unknown_names(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    tl_query q = everything;
    q.library = "keras";
    assert_string_equal(ids(&s, q), "--library keras: the store has no such library; it has none");
    q.library = NULL;
    q.type = "anything"; /* nothing has a type yet: not the caller's slip */
    assert_string_equal(ids(&s, q), "nothing");
    fill(&s);
    run_sql(&s, "INSERT INTO type VALUES (0, 'MOD', 'model', 'training/learning', ''), (1, 'DAT', 'data', 'copy', ''),"
                "(2, 'MOD', 'model', 'copy', '')");
    q.library = "kaers";
    assert_string_equal(ids(&s, q), "--library kaers: the store has no such library, did you mean 'keras'? "
                                    "It has keras, nltk, all");
    q.library = "pytorch";
    assert_string_equal(ids(&s, q), "--library pytorch: the store has no such library; it has keras, nltk, all");
    q.library = NULL;
    q.type = "Learnin";
    assert_string_equal(ids(&s, q), "--type Learnin: the store has no such type, did you mean 'training/learning'? "
                                    "It has copy, training/learning, unknown");
    q.type = "TRAINING/learning"; /* known, but no pattern has it */
    assert_string_equal(ids(&s, q), "nothing");
    q.type = NULL;
    q.category = "model";
    assert_string_equal(ids(&s, q), "--category model: the store has no such category, did you mean 'MOD'? "
                                    "It has DAT, MOD, unknown");
    char huge[5000];
    memset(huge, 'k', sizeof huge);
    huge[sizeof huge - 1] = '\0';
    q.category = huge;
    assert_non_null(strstr(ids(&s, q), "has no such category; it has DAT, MOD"));
    scratch_close(&s);
}

/* What people read: lines of 80 columns, nothing that a terminal obeys. */
static void test_text(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    fill(&s);
    run_sql(&s, "UPDATE pattern SET frames = 'evil\x1b[31m:f > ' || replace(hex(zeroblob(30)), '00', 'a:f > ') || 'b:g'"
                " WHERE pattern_id = 'p2'");
    tl_query q = everything;
    tl_grid g = {0};
    tl_buf text = {0};
    tl_error err;
    q.category = "DAT";
    assert_int_equal(tl_query_patterns(s.store, &q, &g, &err), TL_OK);
    tl_query_text(&text, &g);
    assert_int_equal(tl_buf_check(&text, "text", &err), TL_OK);
    assert_null(strchr(text.data, '\x1b'));
    assert_non_null(strstr(text.data, "\n    support 8, keras; DAT operation; questions 4, unanswered 2, median views 45;\n"
                                      "    id p2\n"));
    int column = 0;
    for (const char *c = text.data; *c; c++) {
        column = *c == '\n' ? 0 : column + ((*c & 0xc0) != 0x80);
        assert_true(column <= 80);
    }
    tl_buf_free(&text);
    tl_grid_free(&g);
    scratch_close(&s);
}

/* The index made twice is the index made once. */
static void test_again(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    fill(&s);
    tl_error err;
    tl_query q = everything;
    run_sql(&s, "BEGIN");
    assert_int_equal(tl_search_index(s.store, NULL, &err), TL_OK);
    run_sql(&s, "COMMIT");
    assert_string_equal(ids(&s, q), "p5 p1 p2 p3 p4");
    tl_cancel cancel = {true};
    run_sql(&s, "BEGIN");
    assert_int_equal(tl_search_index(s.store, &cancel, &err), TL_INTERRUPTED);
    run_sql(&s, "ROLLBACK");
    scratch_close(&s);
}

/* ---- Tables 8 and 9 ---------------------------------------------------------------- */

extern const char tl_table8_sql[], tl_table9_sql[];

static void load(scratch *s, const char *sql, tl_profile profile, tl_grid *g)
{
    tl_error err;
    if (tl_table_query(g, sql, s->store, profile, TL_SEQUENCES, TL_KEY_STEM, &err) != TL_OK)
        fail_msg("%s", err.message);
}

/* The row of that source and type. */
static size_t row_of(const tl_grid *g, const char *source, const char *type)
{
    for (size_t r = 0; r < g->n_rows; r++)
        if (tl_str_eq(cell(g, r, "source").text, tl_str_from(source)) &&
            tl_str_eq(cell(g, r, "type").text, tl_str_from(type)))
            return r;
    fail_msg("no row %s %s", source, type);
    return 0;
}

static double number(const tl_grid *g, size_t row, const char *column)
{
    tl_cell c = cell(g, row, column);
    return c.type == TL_CELL_INT ? (double)c.integer : c.real;
}

static void add_types(scratch *s)
{
    run_sql(s, "INSERT INTO type VALUES (0, 'MOD', 'model', 'copy', 'cloning'), (1, 'DAT', 'data', 'operation', 'sums');"
               "INSERT INTO type_label VALUES ('model copy', 0), ('data operation', 1);"
               "INSERT INTO label VALUES ('p1', 1, 'label', 'Model copy'), ('p1', 2, 'label', ' data operation '),"
               " ('p2', 2, 'label', 'data operation'), ('p4', 1, 'label', 'model copy'), ('p3', 1, 'label', 'ignore'),"
               " ('p3', 1, 'ana', 'model copy');"
               "UPDATE question SET created = 0, accepted = CASE WHEN question_key <= 3 THEN 500 + question_key END;"
               "INSERT INTO answer (question_key, id, input_id, created) SELECT question_key, 500 + question_key, 1,"
               " 3600000 * question_key FROM question WHERE question_key IN (2, 3, 6);");
}

static void test_table8(void **state)
{
    (void)state;
    scratch s;
    tl_grid g = {0};
    scratch_open(&s);
    fill(&s);
    add_types(&s);
    load(&s, tl_table8_sql, TL_FULL, &g);
    /* Distinct frames: `a:f` has the label of Round 2 and was coded in both rounds. */
    size_t coded = row_of(&g, "coded", "operation");
    assert_true(number(&g, coded, "patterns") == 2 && number(&g, coded, "patterns_pct") == 100);
    assert_true(number(&g, coded, "round1") == 0 && number(&g, coded, "round2") == 2);
    assert_true(tl_str_eq(cell(&g, coded, "example_question").text, TL_STR("1011"))); /* an id, no number */
    size_t copy = row_of(&g, "classified", "copy"), operation = row_of(&g, "classified", "operation");
    assert_true(number(&g, copy, "patterns") == 1 && number(&g, copy, "patterns_pct") == 50);
    assert_true(number(&g, operation, "patterns") == 1);
    assert_int_equal(cell(&g, copy, "round1").type, TL_CELL_NULL);
    assert_int_equal(g.n_rows, 3);
    tl_grid_free(&g);
    /* The only pattern of `paper` is none of those. */
    run_sql(&s, "INSERT INTO type VALUES (2, 'EXT', 'external', 'file operation', '')");
    load(&s, tl_table8_sql, TL_PAPER, &g);
    assert_int_equal(g.n_rows, 1);
    assert_true(number(&g, row_of(&g, "classified", "file operation"), "patterns") == 1);
    tl_grid_free(&g);
    scratch_close(&s);
}

static void test_table9(void **state)
{
    (void)state;
    scratch s;
    tl_grid g = {0};
    scratch_open(&s);
    fill(&s);
    add_types(&s);
    load(&s, tl_table9_sql, TL_FULL, &g);
    size_t copy = row_of(&g, "classified", "copy"), operation = row_of(&g, "classified", "operation");
    assert_true(number(&g, copy, "questions") == 12); /* each once, though two libraries have it */
    assert_true(number(&g, operation, "questions") == 4 && number(&g, operation, "views_median") == 45);
    assert_true(number(&g, operation, "first_answer_hours_median") == 3);       /* 2, 3, 6 */
    assert_true(number(&g, operation, "accepted_answer_hours_median") == 2.5);  /* 2, 3 */
    assert_true(number(&g, operation, "accepted_pct") == 50);                   /* 2, 3 of 2, 3, 6, 7 */
    assert_true(fabs(number(&g, copy, "accepted_pct") - 100.0 * 2 / 12) < 1e-9); /* 1 is not in the dump */
    size_t median = row_of(&g, "classified", "Median");
    assert_true(number(&g, median, "questions") == 8);
    assert_true(number(&g, row_of(&g, "coded", "operation"), "questions") == 12);
    assert_int_equal(median, g.n_rows - 1);
    tl_grid_free(&g);
    scratch_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_contains),
        cmocka_unit_test(test_sort),
        cmocka_unit_test(test_lowest_min_support),
        cmocka_unit_test(test_what_is_counted),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_unknown_names),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_table8),
        cmocka_unit_test(test_table9),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
