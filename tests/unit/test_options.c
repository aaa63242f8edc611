/* Option tables: parsing and help. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/options.h"

static bool quiet, help;
static const char *db;
static int64_t number;
static int format;
static const char *const formats[] = {"table", "csv", "jsonl", NULL};

static const tl_option options[] = {
    {.name = "db", .letter = 'd', .kind = TL_OPTION_TEXT, .arg = "FILE", .value = &db, .help = "the store"},
    {.name = "number", .letter = 'n', .kind = TL_OPTION_INT, .arg = "N", .value = &number, .low = -5, .high = 100, .help = "how many"},
    {.name = "format", .kind = TL_OPTION_CHOICE, .arg = "F", .value = &format, .choices = formats, .help = "how to print"},
    {.name = "quiet", .letter = 'q', .kind = TL_OPTION_FLAG, .value = &quiet, .help = "say nothing"},
    {.name = "help", .letter = 'h', .kind = TL_OPTION_FLAG, .value = &help,
     .help = "a long explanation that must be broken into several lines since a terminal of eighty columns cannot hold all of it"},
    {.name = NULL},
};

enum { MAX_WORDS = 16 };
static char text[512];
static char *argv[MAX_WORDS + 1];
static int argc, n_operands;
static tl_error err;

/* Parses a command line whose words are separated by one blank. */
static int parse(const char *line)
{
    quiet = help = false;
    db = NULL;
    number = 0;
    format = 0;
    argc = 0;
    argv[argc++] = (char *)"program";
    strcpy(text, line);
    char *rest = text;
    for (char *word; *line && argc < MAX_WORDS && (word = strsep(&rest, " ")) != NULL;)
        argv[argc++] = word;
    argv[argc] = NULL;
    return tl_options_parse(options, argc, argv, &n_operands, &err);
}

static void expect_usage(const char *line, const char *words)
{
    int rc = parse(line);
    if (rc != TL_USAGE || !strstr(err.message, words))
        fail_msg("%s: status %d, \"%s\"; expected \"%s\"", line, rc, err.message, words);
}

static void test_nothing(void **state)
{
    (void)state;
    assert_int_equal(parse(""), TL_OK);
    assert_int_equal(n_operands, 0);
}

static void test_every_form(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "--db=a.db --number=-5 --format=csv --quiet x y", "--db a.db --number -5 --format csv -q x y",
        "x -d a.db -n -5 --format csv -q y",              "-qda.db x y -n-5 --format=csv",
        "-q -d a.db -n -5 --format csv -- x y",           "-n 7 -n -5 --db b.db --db a.db --format table --format csv -qq x y",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (parse(lines[i]) != TL_OK)
            fail_msg("%s: %s", lines[i], err.message);
        assert_string_equal(db, "a.db");
        assert_int_equal(number, -5);
        assert_int_equal(format, 1);
        assert_true(quiet && !help);
        assert_int_equal(n_operands, 2);
        assert_string_equal(argv[1], "x");
        assert_string_equal(argv[2], "y");
    }
}

static void test_operands_that_look_like_options(void **state)
{
    (void)state;
    assert_int_equal(parse("- -q -- -d --quiet --"), TL_OK);
    assert_int_equal(n_operands, 4);
    assert_string_equal(argv[1], "-");
    assert_string_equal(argv[2], "-d");
    assert_string_equal(argv[3], "--quiet");
    assert_string_equal(argv[4], "--");
    assert_true(quiet);
    assert_null(db);
}

static void test_values_that_look_like_options(void **state)
{
    (void)state;
    assert_int_equal(parse("--db --quiet x"), TL_OK);
    assert_string_equal(db, "--quiet");
    assert_false(quiet);
    assert_int_equal(parse("--db="), TL_OK);
    assert_string_equal(db, "");
}

static void test_bounds_are_allowed(void **state)
{
    (void)state;
    assert_int_equal(parse("--number 100"), TL_OK);
    assert_int_equal(number, 100);
    assert_int_equal(parse("--number -5"), TL_OK);
    assert_int_equal(number, -5);
}

static void test_mistakes_are_named(void **state)
{
    (void)state;
    expect_usage("--wrong", "--wrong");
    expect_usage("--wrong=1", "--wrong");
    expect_usage("--d a.db", "--d");
    expect_usage("-x", "-x");
    expect_usage("-qx", "-x");
    expect_usage("--db", "--db");
    expect_usage("x -d", "-d");
    expect_usage("--quiet=yes", "--quiet");
    expect_usage("--number x", "--number x");
    expect_usage("--number 101", "from -5 to 100");
    expect_usage("--number -6", "from -5 to 100");
    expect_usage("--number=", "--number");
    expect_usage("-n 99999999999999999999", "--number");
    expect_usage("--format xml", "table, csv, jsonl");
    expect_usage("--format CSV", "--format CSV");
}

static void test_help_is_aligned(void **state)
{
    (void)state;
    tl_buf out = {0};
    tl_options_help(options, &out);
    assert_false(out.failed);
    size_t lines = 0;
    for (const char *line = out.data, *end; *line; line = end + 1, lines++) {
        end = strchr(line, '\n');
        assert_non_null(end);
        assert_true(end - line <= 80);
        assert_true(end[-1] != ' ');
    }
    assert_true(lines > 5); /* the long one is broken */
    for (const tl_option *o = options; o->name; o++)
        assert_non_null(strstr(out.data, o->name));
    assert_non_null(strstr(out.data, "  -d, --db FILE  "));
    assert_non_null(strstr(out.data, "      --format F  "));
    tl_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_every_form),
        cmocka_unit_test(test_operands_that_look_like_options),
        cmocka_unit_test(test_values_that_look_like_options),
        cmocka_unit_test(test_bounds_are_allowed),
        cmocka_unit_test(test_mistakes_are_named),
        cmocka_unit_test(test_help_is_aligned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
