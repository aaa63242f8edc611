/* The tables of the study on its own published measures, against its published
 * figures. */
#include "test_report_store.h"

#include "stats/correction.h"

#define STUDY "../shared/data/ghadesi2022/"

static const char *const libraries[] = {"keras", "nltk", "huggingface", "spark-ml"};

/* Copies each line of a file into the table raw(line). */
static void read_lines(scratch *s, const char *kind, const char *library, const char *ending)
{
    char path[128];
    snprintf(path, sizeof path, STUDY "%s-%s.%s", kind, library, ending);
    FILE *f = fopen(path, "r");
    if (!f) {
        print_message("%s is not there: skipped\n", path);
        skip();
    }
    run_sql(s, "DROP TABLE IF EXISTS raw; CREATE TEMP TABLE raw(n INTEGER PRIMARY KEY, line TEXT)");
    sqlite3_stmt *stmt;
    tl_error err;
    assert_int_equal(tl_store_prepare(s->store, "INSERT INTO raw(line) VALUES (?)", &stmt, &err), TL_OK);
    char *line = NULL;
    size_t cap = 0;
    run_sql(s, "BEGIN");
    while (getline(&line, &cap, f) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        sqlite3_bind_text(stmt, 1, line, -1, SQLITE_TRANSIENT);
        assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
        sqlite3_reset(stmt);
    }
    run_sql(s, "COMMIT");
    sqlite3_finalize(stmt);
    free(line);
    fclose(f);
}

/* The published questions as rows of the store.  No value holds a comma, so a line is
 * cut by making it a JSON array.  The first answer gets the id 1 unless it is the
 * accepted one.  An accepted answer that the dump lacks is dated to February 2024. */
static const char insert_questions[] =
    "CREATE TEMP TABLE q AS SELECT n + :base AS key,"
    "  CAST(j ->> 0 AS INTEGER) AS id, unixepoch(j ->> 1) * 1000 AS created, j ->> 2 AS views,"
    "  j ->> 3 AS answers, j ->> 4 AS comments, j ->> 5 AS score, nullif(j ->> 6, '') AS accepted,"
    "  j ->> 7 AS has_trace, unixepoch(nullif(j ->> 8, '')) * 1000 AS first_at,"
    "  unixepoch(nullif(j ->> 9, '')) * 1000 AS accepted_at, nullif(j ->> 10, '') AS hours"
    "  FROM (SELECT n, '[\"' || replace(line, ',', '\",\"') || '\"]' AS j FROM raw WHERE n > 1)"
    "  WHERE j ->> 1 < :before;"
    "INSERT INTO question SELECT key, 1, 1, id, 'title', created, CAST(score AS INTEGER),"
    "  CAST(views AS INTEGER), CAST(comments AS INTEGER), CAST(answers AS INTEGER),"
    "  CAST(CAST(accepted AS REAL) AS INTEGER) FROM q;"
    "INSERT INTO question_library SELECT key, :library FROM q;"
    "INSERT INTO reading SELECT key, profile, 1, CAST(has_trace AS INTEGER), NULL, NULL, NULL"
    "  FROM q, (SELECT 'paper' AS profile UNION SELECT 'full');"
    "INSERT INTO answer SELECT key, CAST(CAST(accepted AS REAL) AS INTEGER), 1, accepted_at, 0 FROM q"
    "  WHERE accepted IS NOT NULL AND accepted_at < unixepoch('2024-02-01') * 1000;"
    "INSERT INTO answer SELECT key, 1, 1, first_at, 0 FROM q"
    "  WHERE first_at IS NOT NULL AND first_at IS NOT accepted_at;"
    "DROP TABLE q";

static void exec_bound(scratch *s, const char *sql, int library, const char *before)
{
    while (*sql) {
        sqlite3_stmt *stmt;
        int rc = sqlite3_prepare_v2(tl_store_db(s->store), sql, -1, &stmt, &sql);
        if (rc != SQLITE_OK)
            fail_msg("%s", sqlite3_errmsg(tl_store_db(s->store)));
        for (int i = 1; i <= sqlite3_bind_parameter_count(stmt); i++) {
            const char *name = sqlite3_bind_parameter_name(stmt, i);
            if (strcmp(name, ":before") == 0)
                sqlite3_bind_text(stmt, i, before, -1, SQLITE_STATIC);
            else
                sqlite3_bind_int(stmt, i, strcmp(name, ":base") == 0 ? library * 1000000 : library);
        }
        if (sqlite3_step(stmt) != SQLITE_DONE)
            fail_msg("%s", sqlite3_errmsg(tl_store_db(s->store)));
        sqlite3_finalize(stmt);
    }
}

static void open_study(scratch *s, const char *before)
{
    if (access(STUDY, R_OK) != 0) {
        print_message(STUDY " is not there: skipped\n");
        skip();
    }
    scratch_open(s);
    add_frame_of_store(s, "stackoverflow.com", "keras nltk huggingface spark-ml");
    run_sql(s, "DROP INDEX question_by_input; PRAGMA foreign_keys = OFF");
    for (int i = 0; i < 4; i++) {
        read_lines(s, "questions", libraries[i], "csv");
        /* A question of two libraries has two rows in the files: each a site of its own. */
        run_sql(s, "BEGIN");
        char site[96];
        snprintf(site, sizeof site, "INSERT INTO site VALUES (%d, 'site %d')", i + 11, i);
        run_sql(s, site);
        exec_bound(s, insert_questions, i + 1, before);
        snprintf(site, sizeof site, "UPDATE question SET site_id = %d WHERE site_id = 1", i + 11);
        run_sql(s, site);
        run_sql(s, "COMMIT");
    }
}

static void questions_before_2021(void **state)
{
    (void)state;
    scratch s;
    tl_grid g = {0};
    open_study(&s, "2021-01-01");
    load_table(&s, "table1", TL_PAPER, &g);
    assert_cell(&g, "keras", "with_code", 18506);
    assert_cell(&g, "keras", "with_trace", 2714);
    assert_cell(&g, "nltk", "with_code", 4381);
    assert_cell(&g, "nltk", "with_trace", 564);
    assert_cell(&g, "huggingface", "with_code", 204);
    assert_cell(&g, "huggingface", "with_trace", 40);
    assert_cell(&g, "spark-ml", "with_code", 126);
    assert_cell(&g, "spark-ml", "with_trace", 16);
    assert_cell(&g, "nltk", "with_trace_pct", 12.87); /* 12.8737..., cut */
    tl_grid_free(&g);
    scratch_close(&s);
}

static void medians_and_tests(void **state)
{
    (void)state;
    scratch s;
    tl_grid three = {0}, paper = {0}, full = {0};
    open_study(&s, "9999");
    load_table(&s, "table3", TL_FULL, &three);
    assert_cell(&three, "keras", "views_p", 2.316447289429593e-45);
    assert_text(&three, "keras", "views_stars", "***");
    load_table(&s, "table4", TL_FULL, &full);
    assert_cell(&full, "huggingface", "first_answer_hours_p", 0.41748918676789903);
    assert_text(&full, "huggingface", "first_answer_hours_stars", "o");
    assert_cell(&full, "spark-ml", "first_answer_hours_p", 0.9340181712915452);
    assert_cell(&full, "spark-ml", "first_answer_hours_with", 2.4);
    assert_cell(&full, "spark-ml", "first_answer_hours_without", 2.4375);
    assert_cell(&full, "nltk", "answered_with", 504);
    assert_cell(&full, "nltk", "answered_without", 3614);
    assert_cell(&full, "nltk", "accepted_of_answered_with", 251.0 / 504);
    assert_cell(&full, "nltk", "accepted_of_answered_without", 2147.0 / 3614); /* 4 not in the dump */
    assert_null_cell(&full, "nltk", "accepted_of_all_with");
    /* The empty row that the study counted into the group with a trace. */
    load_table(&s, "table4", TL_PAPER, &paper);
    assert_cell(&paper, "nltk", "answered_with", 505);
    assert_cell(&paper, "nltk", "answered_without", 3614);
    assert_cell(&paper, "nltk", "accepted_of_answered_without", 2151.0 / 3614);
    assert_cell(&paper, "nltk", "accepted_of_all_with", 0.39);
    assert_cell(&paper, "nltk", "accepted_of_all_without", 0.48);
    assert_cell(&paper, "nltk", "accepted_z", -4.190631545708824);
    assert_cell(&paper, "nltk", "accepted_p", 2.7817907977517613e-05);
    /* Were those answers in the dump, the study's two groups without that row. */
    run_sql(&s, "INSERT INTO answer SELECT question_key, accepted, 1, NULL, 0 FROM question q"
                " WHERE accepted IS NOT NULL AND NOT EXISTS (SELECT 1 FROM answer a"
                "  WHERE a.question_key = q.question_key AND a.id = q.accepted)");
    tl_grid_free(&full);
    load_table(&s, "table4", TL_FULL, &full);
    assert_cell(&full, "nltk", "accepted_of_answered_with", 251.0 / 504);
    assert_cell(&full, "nltk", "accepted_of_answered_without", 2151.0 / 3614);
    assert_cell(&full, "nltk", "accepted_z", -4.145122930235921);
    assert_cell(&full, "nltk", "accepted_p", 3.3963145663793656e-05);
    tl_grid_free(&three);
    tl_grid_free(&paper);
    tl_grid_free(&full);
    scratch_close(&s);
}

/* Collects the p-values of some columns, row by row, and compares the corrected ones
 * with the library's own correction. */
static void assert_holm(const tl_grid *g, const char *const *measures, size_t n)
{
    double p[64], want[64], got[64];
    size_t m = 0;
    for (size_t r = 0; r < g->n_rows; r++)
        for (size_t i = 0; i < n; i++) {
            char name[64];
            snprintf(name, sizeof name, "%s_p", measures[i]);
            const tl_cell *raw = &tl_grid_row(g, r)[tl_grid_find(g, name)];
            snprintf(name, sizeof name, "%s_p_holm", measures[i]);
            const tl_cell *holm = &tl_grid_row(g, r)[tl_grid_find(g, name)];
            assert_int_equal(raw->type, holm->type);
            if (raw->type == TL_CELL_NULL)
                continue;
            p[m] = raw->real;
            got[m++] = holm->real;
        }
    tl_error err;
    assert_true(m >= 8);
    assert_int_equal(tl_holm(p, m, want, &err), TL_OK);
    for (size_t i = 0; i < m; i++)
        assert_true(got[i] >= want[i] * (1 - 1e-14) && got[i] <= want[i] * (1 + 1e-14));
}

static void corrected_p_values(void **state)
{
    (void)state;
    scratch s;
    tl_grid three = {0}, four = {0};
    open_study(&s, "9999");
    load_table(&s, "table3", TL_PAPER, &three);
    assert_holm(&three, (const char *[]){"score", "comments", "views", "answers"}, 4);
    load_table(&s, "table4", TL_PAPER, &four);
    assert_holm(&four, (const char *[]){"first_answer_hours", "accepted_answer_hours", "accepted"}, 3);
    tl_grid_free(&three);
    tl_grid_free(&four);
    scratch_close(&s);
}

static void shared_patterns(void **state)
{
    (void)state;
    scratch s;
    tl_grid g = {0};
    if (access(STUDY, R_OK) != 0) {
        print_message(STUDY " is not there: skipped\n");
        skip();
    }
    scratch_open(&s);
    add_frame_of_store(&s, "stackoverflow.com", "keras nltk huggingface spark-ml");
    for (int i = 0; i < 4; i++) {
        read_lines(&s, "patterns", libraries[i], "jsonl");
        exec_bound(&s,
                   "INSERT INTO mining (mining_id, library_id, profile, support_kind, key, min_support, sequences, traces_seen) "
                   "SELECT :library, :library, 'paper', 'occurrences', 'stem', 1, 0, 0;"
                   "INSERT INTO pattern(mining_id, pattern_id, support, length, frames)"
                   " SELECT :library, :library || '-' || n, line ->> '$.support',"
                   "  json_array_length(line, '$.frames'),"
                   "  (SELECT group_concat((value ->> 0) || ':' || (value ->> 1), ' > ')"
                   "   FROM json_each(line, '$.frames')) FROM raw",
                   i + 1, "");
    }
    load_table(&s, "table7", TL_PAPER, &g);
    assert_int_equal(g.n_rows, 6);
    assert_cell(&g, "2", "patterns_occurrences", 94);
    assert_cell(&g, "3", "patterns_occurrences", 13);
    assert_cell(&g, "4", "patterns_occurrences", 0);
    assert_cell(&g, "7", "patterns_occurrences", 0);
    assert_cell(&g, "2", "patterns_sequences", 0);
    tl_grid_free(&g);
    scratch_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_before_2021),
        cmocka_unit_test(medians_and_tests),
        cmocka_unit_test(corrected_p_values),
        cmocka_unit_test(shared_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
