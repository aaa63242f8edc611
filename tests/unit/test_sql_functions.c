/* The statistics as SQL functions: registered in a connection, and loaded as an
 * extension by this program, by the sqlite3 shell and by Python.  TL_EXTENSION
 * names the extension if it is not build/tracelode.so. */
#include "test_stats_golden.h"

#include "sql/functions.h"

#include <unistd.h>

/* Published data: two small samples, the study's NLTK questions with an answer, and
 * the four coders of Krippendorff's example. */
static const char schema[] =
    "CREATE TABLE age(x, male);"
    "INSERT INTO age VALUES (19,1),(22,1),(16,1),(29,1),(24,1),(20,0),(11,0),(17,0),(12,0),"
    "                       (NULL,1),(99,NULL);"
    "CREATE TABLE nltk(accepted, has_trace);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3614)"
    "  INSERT INTO nltk SELECT i <= 2151, 0 FROM n UNION ALL"
    "                   SELECT i <= 251, 1 FROM n WHERE i <= 504;"
    "INSERT INTO nltk VALUES (NULL, 1), (1, NULL);"
    "CREATE TABLE coder(name, labels);"
    "INSERT INTO coder VALUES ('a', '123321412***'), ('b', '1233224125*3'),"
    "                         ('c', '*3332342251*'), ('d', '12332441251*');"
    "CREATE VIEW rating AS"
    "  WITH RECURSIVE unit(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM unit WHERE i < 12)"
    "  SELECT i AS unit, name, nullif(substr(labels, i, 1), '*') AS label FROM coder, unit;";

/* Statements and what they give: a number, or NAN for NULL. */
static const struct {
    const char *sql;
    double want;
} queries[] = {
    {"SELECT median(x) FROM age", 19.5},
    {"SELECT median(x) FROM age WHERE male", 22},
    {"SELECT median(x) FROM (SELECT '3' AS x UNION ALL SELECT 4.5)", 3.75},
    {"SELECT median(x) FROM age WHERE 0", NAN},
    {"SELECT median(NULL) FROM age", NAN},
    {"SELECT median(9e999)", INFINITY},
    {"SELECT sum(m) FROM (SELECT median(i) AS m FROM"
     " (SELECT 1 AS i UNION SELECT 2 UNION SELECT 3 UNION SELECT 8) GROUP BY i % 2)", 7},
    {"SELECT mann_whitney_u(x, male) FROM age", 17},
    {"SELECT mann_whitney_u(x, NOT male) FROM age", 3},
    {"SELECT mann_whitney_p(x, male) FROM age", 0.1111111111111111},
    {"SELECT mann_whitney_p(x, male * 0.5) FROM age", 0.1111111111111111},
    {"SELECT mann_whitney_u(x, -male) FROM age", 17},
    {"SELECT ztest_z(accepted, -has_trace) FROM nltk", -4.145122930235921},
    {"SELECT mann_whitney_p(x, male) FROM age WHERE male", NAN},
    {"SELECT mann_whitney_u(x, male) FROM age WHERE 0", NAN},
    {"SELECT mann_whitney_p(7, male) FROM age", 1},
    {"SELECT cliffs_delta(x, male) FROM age", 0.7},
    {"SELECT cliffs_delta(x, 0) FROM age", NAN},
    /* Of 0.01, 0.03 and 0.02: 3 * 0.01, 2 * 0.02, and 0.03 not below that. */
    {"SELECT holm(0.01, column1) FROM (VALUES (0.01), (0.03), (NULL), (0.02))", 0.03},
    {"SELECT holm(0.03, column1) FROM (VALUES (0.01), (0.03), (NULL), (0.02))", 0.04},
    {"SELECT holm(0.9, column1) FROM (VALUES (0.9), (0.8), (0.9))", 1},
    {"SELECT holm(NULL, column1) FROM (VALUES (0.01), (0.03))", NAN},
    {"SELECT holm(0.5, column1) FROM (VALUES (0.01), (0.03))", NAN},
    {"SELECT holm(0.5, column1) FROM (VALUES (0.5)) WHERE 0", NAN},
    {"SELECT ztest_z(accepted, has_trace) FROM nltk", -4.145122930235921},
    {"SELECT ztest_p(accepted, has_trace) FROM nltk", 3.3963145663793656e-05},
    {"SELECT ztest_z(2 * accepted, 3 * has_trace) FROM nltk", -4.145122930235921},
    {"SELECT ztest_z(1, has_trace) FROM nltk", NAN},
    {"SELECT ztest_p(accepted, 1) FROM nltk", NAN},
    {"SELECT ztest_p(1, 1) FROM nltk WHERE 0", NAN},
    {"SELECT cohens_h(i = 1, i < 3) FROM (SELECT 1 AS i UNION SELECT 2 UNION SELECT 3)",
     1.5707963267948966},
    {"SELECT krippendorff_alpha(unit, name, label) FROM rating", 0.743421052631579},
    {"SELECT krippendorff_alpha(unit, name, 'same') FROM rating", NAN},
    {"SELECT krippendorff_alpha(unit, name, label) FROM rating WHERE name = 'a'", NAN},
    {"SELECT krippendorff_alpha(unit, name, label) FROM rating WHERE 0", NAN},
    {"SELECT krippendorff_alpha(u, c, l) FROM (SELECT 1 AS u, 1 AS c, 1 AS l"
     " UNION ALL SELECT '1', 2, '1' UNION ALL SELECT 2, 1, x'' UNION ALL SELECT 2, 2, '')", 1},
    {"SELECT length(stars(p)) FROM (SELECT 0.0009 AS p)", 3},
    {"SELECT stars(0.01) = '*' AND stars(0.001) = '**'", 1},
    {"SELECT stars(0.05) = 'o' AND stars('0.04') = '*' AND stars(0.009) = '**'", 1},
    {"SELECT stars(NULL)", NAN},
};

/* Statements that fail, and words of their message. */
static const char *const errors[][2] = {
    {"SELECT median('abc')", "median: 'abc' is not a number"},
    {"SELECT median(x'3132')", "median: a blob is not a number"},
    {"SELECT median('')", "median: '' is not a number"},
    {"SELECT median(v) FROM (SELECT 1 AS v UNION ALL SELECT '12 h')", "'12 h' is not a number"},
    {"SELECT mann_whitney_u(1, 'yes')", "mann_whitney_u: 'yes' is not a number"},
    {"SELECT cliffs_delta('x', 1)", "cliffs_delta: 'x' is not a number"},
    {"SELECT ztest_p('true', 1)", "ztest_p: 'true' is not a number"},
    {"SELECT holm('low', 1)", "holm: 'low' is not a number"},
    {"SELECT holm(1, 'low')", "holm: 'low' is not a number"},
    {"SELECT stars('low')", "stars: 'low' is not a number"},
    {"SELECT krippendorff_alpha(1, 2, 3) FROM (SELECT 1 UNION SELECT 2)",
     "krippendorff_alpha: a coder has labelled the same unit twice"},
    {"SELECT median()", "wrong number of arguments"},
    {"SELECT median(replace(hex(zeroblob(50)), '0', 'é'))",
     "median: 'éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé' is not a number"},
};

static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

static double ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    if (sqlite3_step(statement) != SQLITE_ROW)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    bool null = sqlite3_column_type(statement, 0) == SQLITE_NULL;
    double answer = null ? NAN : sqlite3_column_double(statement, 0);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    return answer;
}

static void assert_all_queries(sqlite3 *db)
{
    run(db, schema);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        assert_close(ask(db, queries[i].sql), queries[i].want, 1e-12, queries[i].sql);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        char *message = NULL;
        assert_int_equal(sqlite3_exec(db, errors[i][0], NULL, NULL, &message), SQLITE_ERROR);
        if (!strstr(message, errors[i][1]))
            fail_msg("%s: %s", errors[i][0], message);
        sqlite3_free(message);
    }
}

static sqlite3 *open_registered(void)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(tl_sql_functions_register(db, NULL), TL_OK);
    return db;
}

static void registered(void **state)
{
    (void)state;
    sqlite3 *db = open_registered();
    assert_all_queries(db);
    sqlite3_close(db);
}

/* Innocuous: usable in views of a schema that is not trusted; deterministic: usable
 * in an index. */
static void flags(void **state)
{
    (void)state;
    sqlite3 *db = open_registered();
    run(db, "PRAGMA trusted_schema = OFF; CREATE TABLE t(x); INSERT INTO t VALUES (1), (2), (6);"
            "CREATE VIEW v AS SELECT median(x) FROM t; CREATE INDEX i ON t(stars(x));");
    assert_close(ask(db, "SELECT * FROM v"), 2, 0, "a view");
    sqlite3_close(db);
}

/* The moving median equals the median of the same rows asked for one by one. */
static void median_of_a_window(void **state)
{
    (void)state;
    sqlite3 *db = open_registered();
    tl_random random = seeded(7);
    run(db, "CREATE TABLE t(i INTEGER PRIMARY KEY, x)");
    for (int i = 0; i < 500; i++) {
        char sql[80];
        uint64_t x = tl_random_below(&random, 100);
        snprintf(sql, sizeof sql, "INSERT INTO t VALUES (%d, nullif(%d, 7))", i, (int)x % 50);
        run(db, sql);
    }
    const char *const frames[] = {"90 PRECEDING AND 3 FOLLOWING", "3 PRECEDING AND 90 FOLLOWING",
                                  "0 PRECEDING AND 0 FOLLOWING", "5 FOLLOWING AND 9 FOLLOWING"};
    const char *const bounds[] = {"i - 90 AND t.i + 3", "i - 3 AND t.i + 90", "i AND t.i",
                                  "i + 5 AND t.i + 9"};
    for (int k = 0; k < 4; k++) {
        char sql[400];
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM (SELECT i, median(x) OVER (ORDER BY i ROWS BETWEEN %s)"
                 " AS m FROM t) AS t WHERE m IS NOT"
                 " (SELECT median(x) FROM t AS s WHERE s.i BETWEEN t.%s)", frames[k], bounds[k]);
        assert_close(ask(db, sql), 0, 0, sql);
    }
    sqlite3_close(db);
}

static void registration_fails(void **state)
{
    (void)state;
    sqlite3 *db = open_registered();
    sqlite3_stmt *busy; /* a function in use cannot be replaced */
    tl_error err;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT median(1) UNION ALL SELECT 2", -1, &busy, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(busy), SQLITE_ROW);
    assert_int_equal(tl_sql_functions_register(db, &err), TL_IO);
    assert_non_null(strstr(err.message, "median"));
    sqlite3_finalize(busy);
    sqlite3_close(db);
}

/* ---- the loadable extension ---- */

static const char *extension(void)
{
    const char *path = getenv("TL_EXTENSION");
    if (!path)
        path = "build/tracelode.so";
    if (access(path, R_OK) != 0) {
        print_message("%s is not built: skipped\n", path);
        skip();
    }
    return path;
}

static void extension_here(void **state)
{
    (void)state;
    const char *path = extension();
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
    if (sqlite3_load_extension(db, path, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    assert_all_queries(db);
    sqlite3_close(db);
}

/* Runs a shell command; its output must be `want`. */
static void assert_prints(const char *command, const char *want)
{
    char got[256];
    FILE *f = popen(command, "r");
    assert_non_null(f);
    size_t n = fread(got, 1, sizeof got - 1, f);
    got[n] = '\0';
    assert_int_equal(pclose(f), 0);
    assert_string_equal(got, want);
}

#define ONE_OF_EACH                                                                       \
    "SELECT median(x), mann_whitney_u(x, x > 2), round(mann_whitney_p(x, x > 2), 6), "    \
    "cliffs_delta(x, x > 2), round(ztest_z(x > 1, x > 2), 6), "                           \
    "round(ztest_p(x > 1, x > 2), 6), round(cohens_h(x > 1, x > 2), 6), "                 \
    "krippendorff_alpha(x / 2, x, 1), stars(0.02) "                                       \
    "FROM (SELECT 1 AS x UNION SELECT 2 UNION SELECT 3 UNION SELECT 4)"

static void extension_in_the_shell(void **state)
{
    (void)state;
    char command[1024];
    const char *path = extension();
    if (system("command -v sqlite3 >/dev/null") != 0)
        skip();
    snprintf(command, sizeof command, "sqlite3 -batch :memory: '.load %s' '%s'", path, ONE_OF_EACH);
    assert_prints(command, "2.5|4.0|0.333333|1.0|1.154701|0.248213|1.570796||*\n");
}

/* A Python whose sqlite3 can load extensions; not every build can. */
static const char *python(void)
{
    static const char *const names[] = {"python3", "/usr/bin/python3"};
    for (int i = 0; i < 2; i++) {
        char command[256];
        snprintf(command, sizeof command,
                 "%s -c 'import sqlite3; sqlite3.Connection.enable_load_extension' 2>/dev/null",
                 names[i]);
        if (system(command) == 0)
            return names[i];
    }
    print_message("no Python that loads SQLite extensions: skipped\n");
    skip();
    return NULL;
}

static void extension_in_python(void **state)
{
    (void)state;
    char command[1024];
    const char *path = extension(), *name = python();
    snprintf(command, sizeof command,
             "%s -c 'import sqlite3; c = sqlite3.connect(\":memory:\");"
             " c.enable_load_extension(True); c.load_extension(\"%s\");"
             " print(*c.execute(\"%s\").fetchone())'", name, path, ONE_OF_EACH);
    assert_prints(command, "2.5 4.0 0.333333 1.0 1.154701 0.248213 1.570796 None *\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registered),
        cmocka_unit_test(flags),
        cmocka_unit_test(median_of_a_window),
        cmocka_unit_test(registration_fails),
        cmocka_unit_test(extension_here),
        cmocka_unit_test(extension_in_the_shell),
        cmocka_unit_test(extension_in_python),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
