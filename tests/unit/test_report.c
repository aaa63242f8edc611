/* The report's folder: what is in it, that it is the same again, how it fails. */
#include "test_report_store.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include <jansson.h>

#include "reports/explorer.h"
#include "reports/report.h"
#include "reports/sha256.h"

/* Two questions of two libraries with one trace each, and a pattern in both; titles and
 * frames of a hostile kind. */
static const char posts[] =
    "INSERT INTO question VALUES"
    " (1, 1, 1, 11, '</script><script>alert(1)</script>', 0, 1, 500, 0, 1, 7),"
    " (2, 1, 1, 12, '=cmd() \" onload=\"x', 0, 2, 900, 0, 0, NULL);"
    "INSERT INTO answer VALUES (1, 7, 1, 3600000, 0);"
    "INSERT INTO question_library VALUES (1, 1), (2, 1), (2, 2);"
    "INSERT INTO reading SELECT question_key, profile, 1, 1, 'unix', 10, 5"
    " FROM question, (SELECT 'paper' AS profile UNION SELECT 'full');"
    "INSERT INTO trace(trace_id, question_key, profile, position, frames, exception, template) VALUES"
    " (1, 1, 'full', 0, 2, '=HYPERLINK(1)', '<img src=x>'), (2, 2, 'full', 0, 2, 'E\\input', '| a');"
    "INSERT INTO mining (mining_id, library_id, profile, support_kind, key, min_support, sequences, traces_seen) "
    "VALUES (1, 1, 'full', 'sequences', 'stem', 1, 2, 2),"
    " (2, 2, 'full', 'sequences', 'stem', 1, 1, 2), (3, 1, 'full', 'occurrences', 'stem', 1, 2, 2);"
    "INSERT INTO pattern(pattern_key, mining_id, pattern_id, support, length, frames, category, type)"
    " VALUES (1, 1, 'p1', 2, 2, 'a:f > b:<b>&', 'model', 'training'),"
    "        (2, 2, 'p2', 2, 2, 'a:f > b:<b>&', NULL, NULL), (3, 3, 'p3', 2, 1, 'a:f', NULL, NULL);"
    "INSERT INTO pattern_trace VALUES (1, 1), (1, 2), (2, 2), (3, 1), (3, 2);";

static int open_hostile(void **state)
{
    scratch *s = calloc(1, sizeof *s);
    assert_non_null(s);
    scratch_open(s);
    add_frame_of_store(s, "stackoverflow.com", "keras nltk");
    run_sql(s, "UPDATE library SET name = '<i>Keras</i>' WHERE key = 'keras'");
    run_sql(s, posts);
    fill_recurring(s);
    *state = s;
    return 0;
}

static int close_hostile(void **state)
{
    scratch_close(*state);
    free(*state);
    return 0;
}

static tl_report_summary write_report(scratch *s, const char *folder, bool figures)
{
    const tl_report_options o = {.profile = TL_FULL, .figures = figures};
    tl_report_summary done;
    tl_error err;
    if (tl_report_write(s->store, folder, &o, &done, &err) != TL_OK)
        fail_msg("%s", err.message);
    return done;
}

/* The file folder/name, to be freed. */
static char *slurp(const char *folder, const char *name)
{
    const char *path = test_path(folder, name);
    if (access(path, R_OK) != 0)
        fail_msg("%s is missing", path);
    tl_buf all = test_file_read(path);
    tl_buf_reserve(&all, 0); /* of an empty file too */
    return all.data;
}

/* No temporary file is left. */
static void assert_no_part(const char *folder)
{
    assert_int_equal(test_shell("test -z \"$(find '%s' -name '*.part')\"", folder), 0);
}

static void assert_holds(const char *folder, const char *name, const char *want)
{
    char *text = slurp(folder, name);
    if (!strstr(text, want))
        fail_msg("%s does not hold: %s", name, want);
    free(text);
}

static void assert_lacks(const char *folder, const char *name, const char *unwanted)
{
    char *text = slurp(folder, name);
    if (strstr(text, unwanted))
        fail_msg("%s holds: %s", name, unwanted);
    free(text);
}

static void every_file(void **state)
{
    scratch *s = *state;
    static const char *const endings[] = {"csv", "md", "tex", "json"};
    char name[64];
    const char *folder = test_path(s->folder, "report");
    run_sql(s, "INSERT INTO pattern (mining_id, pattern_id, support, length, frames) VALUES (1, 'p9', 1, 1, 'z:z')");
    tl_report_summary done = write_report(s, folder, true);
    assert_int_equal(done.questions, 2);
    assert_int_equal(done.with_trace, 2);
    assert_int_equal(done.patterns, 2); /* that recur */
    int files = 2; /* the page and the manifest */
    for (const tl_table *t = tl_tables; t->name; t++)
        for (size_t i = 0; i < 4; i++, files++) {
            snprintf(name, sizeof name, "tables/%s.%s", t->name, endings[i]);
            free(slurp(folder, name));
        }
    for (int i = 4; i <= 7; i++, files += 2) {
        snprintf(name, sizeof name, "figures/fig%d.csv", i);
        free(slurp(folder, name));
        snprintf(name, sizeof name, "figures/fig%d.gp", i);
        free(slurp(folder, name));
    }
    assert_int_equal(done.files, files);
    assert_int_equal(done.figures, done.gnuplot_missing ? 0 : 4);
    assert_no_part(folder);
}

static void both_profiles_in_a_table(void **state)
{
    scratch *s = *state;
    const char *folder = test_path(s->folder, "report");
    write_report(s, folder, false);
    assert_holds(folder, "tables/table1.csv",
                 "profile,library,questions,with_code,with_code_pct,with_trace,with_trace_pct,unix_pct,"
                 "windows_pct\nfull,keras,2,2,100,2,100,100,0\nfull,nltk,1,1,100,1,100,100,0\npaper,keras,");
    assert_holds(folder, "tables/table1.json", "\"profile\":\"full\",\"library\":\"keras\",\"questions\":2,");
    assert_holds(folder, "tables/table1.md", "| full | &lt;i\\>Keras&lt;/i\\> | 2 |");
    assert_holds(folder, "tables/table1.tex", "full & \\textless{}i\\textgreater{}Keras");
    for (const tl_table *t = tl_tables; t->name; t++) {
        char name[64];
        json_error_t error;
        snprintf(name, sizeof name, "tables/%s.json", t->name);
        json_t *root = json_load_file(test_path(folder, name), 0, &error);
        if (!json_is_array(root))
            fail_msg("%s: %s", name, error.text);
        json_decref(root);
    }
}

static void hostile_text(void **state)
{
    scratch *s = *state;
    const char *folder = test_path(s->folder, "report");
    write_report(s, folder, true);
    assert_lacks(folder, "index.html", "<script>alert");
    assert_lacks(folder, "index.html", "<i>Keras");
    assert_lacks(folder, "index.html", "<img");
    assert_lacks(folder, "index.html", "\" onload=\"x");
    assert_holds(folder, "index.html", "\\u003c/script>\\u003cscript>alert(1)\\u003c/script>");
    assert_holds(folder, "index.html", "=cmd() \\\" onload=\\\"x");
    assert_holds(folder, "tables/error-types.csv", "full,keras,'=HYPERLINK(1),1,1,50");
    assert_holds(folder, "tables/error-types.tex", "E\\textbackslash{}input");
    assert_holds(folder, "tables/error-templates.md", "| \\| a |");
}

/* The policy names the hash of just the style and the script that are in the page. */
static void policy(void **state)
{
    scratch *s = *state;
    const char *folder = test_path(s->folder, "report");
    write_report(s, folder, false);
    char *page = slurp(folder, "index.html");
    static const char *const parts[][2] = {{"<style>", "</style>"}, {"<script>", "</script>"}};
    for (size_t i = 0; i < 2; i++) {
        const char *from = strstr(page, parts[i][0]);
        assert_non_null(from);
        from += strlen(parts[i][0]);
        tl_buf hash = {0};
        tl_sha256_source(&hash, tl_str_range(from, strstr(from, parts[i][1])));
        const char *named = strstr(page, hash.data);
        assert_non_null(named);
        assert_true(named < strstr(page, "<style>"));
        tl_buf_free(&hash);
    }
    assert_non_null(strstr(page, "default-src 'none'"));
    assert_null(strstr(page, "unsafe-inline"));
    assert_null(strstr(page, " style=\""));
    assert_null(strstr(page, "{{"));
    free(page);
}

static void hashes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } known[] = {
        {"", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
        {"abc", "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "sha256-JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE="},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        tl_buf out = {0};
        tl_sha256_source(&out, tl_str_from(known[i].text));
        assert_string_equal(out.data, known[i].want);
        tl_buf_free(&out);
    }
}

static void same_bytes_again(void **state)
{
    scratch *s = *state;
    const char *one = test_path(s->folder, "one"), *two = test_path(s->folder, "two");
    write_report(s, one, true);
    setenv("TZ", "Asia/Kathmandu", 1);
    tzset();
    setenv("LC_ALL", "de_DE.UTF-8", 1); /* for gnuplot */
    if (!set_comma_locale(s))
        print_message("no locale with a decimal comma can be made\n");
    write_report(s, two, true);
    unset_comma_locale();
    unsetenv("LC_ALL");
    unsetenv("TZ");
    tzset();
    assert_int_equal(test_shell("diff -r '%s' '%s'", one, two), 0);
    /* Over an older report too. */
    write_report(s, two, true);
    assert_int_equal(test_shell("diff -r '%s' '%s'", one, two), 0);
}

static void manifest(void **state)
{
    scratch *s = *state;
    const char *folder = test_path(s->folder, "report");
    write_report(s, folder, false);
    json_t *root = json_load_file(test_path(folder, "manifest.json"), 0, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "version")), TL_VERSION);
    json_t *input = json_array_get(json_object_get(root, "inputs"), 0);
    assert_string_equal(json_string_value(json_object_get(input, "name")), "Posts.xml");
    assert_string_equal(json_string_value(json_object_get(input, "xxh3_128")),
                        "00112233445566778899aabbccddeeff");
    assert_int_equal(json_array_size(json_object_get(root, "mining")), 3);
    assert_string_equal(json_string_value(json_object_get(json_object_get(root, "options"), "profile")), "full");
    json_decref(root);
    assert_lacks(folder, "manifest.json", s->folder);
}

static void the_explorer_names_posts(void **state)
{
    scratch *s = *state;
    const tl_report_options o = {.profile = TL_FULL};
    tl_buf out = {0};
    assert_int_equal(tl_explorer_write(s->store, &o, &out, NULL), TL_OK);
    json_t *root = json_loads(out.data, 0, NULL);
    assert_non_null(root);
    json_t *first = json_array_get(json_object_get(root, "patterns"), 0);
    assert_int_equal(json_integer_value(json_array_get(first, 0)), 2); /* support */
    assert_int_equal(json_integer_value(json_array_get(first, 3)), 2); /* questions */
    assert_int_equal(json_integer_value(json_array_get(first, 4)), 1); /* accepted */
    json_t *symbol = json_array_get(json_object_get(root, "symbols"), 1);
    assert_string_equal(json_string_value(symbol), "b:<b>&");
    json_t *post = json_array_get(json_object_get(root, "posts"), 0);
    assert_int_equal(json_integer_value(json_array_get(post, 1)), 12); /* the most viewed first */
    assert_int_equal(json_integer_value(json_array_get(post, 3)), 0);
    json_t *site = json_array_get(json_object_get(root, "sites"), 0);
    assert_string_equal(json_string_value(json_array_get(site, 1)), "https://stackoverflow.com/q/");
    json_decref(root);
    tl_buf_free(&out);
}

static void more_patterns_than_a_page_takes(void **state)
{
    scratch *s = *state;
    run_sql(s, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
               " INSERT INTO pattern(mining_id, pattern_id, support, length, frames)"
               " SELECT 1, 'n' || i, i + 2, 1, 'f:' || i FROM n");
    const tl_report_options o = {.profile = TL_FULL};
    tl_buf out = {0};
    assert_int_equal(tl_explorer_write(s->store, &o, &out, NULL), TL_OK);
    json_t *root = json_loads(out.data, 0, NULL);
    json_t *patterns = json_object_get(root, "patterns");
    assert_int_equal(json_array_size(patterns), TL_EXPLORER_MOST);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(patterns, 0), 0)), 20002);
    json_decref(root);
    tl_buf_free(&out);
    const char *folder = test_path(s->folder, "report");
    write_report(s, folder, false);
    assert_holds(folder, "index.html", "The 20000 most frequent of 20002 are here");
}

#define LETTERS "abcdefghijklmnopqrstuvwxyz"

static void addresses(void **state)
{
    (void)state;
    static const struct {
        const char *site, *want;
    } sites[] = {
        {"stackoverflow", "https://stackoverflow.com/q/"},
        {"stackoverflow.com", "https://stackoverflow.com/q/"},
        {"ai.stackexchange.com", "https://ai.stackexchange.com/q/"},
        {"askubuntu.com", "https://askubuntu.com/q/"},
        {"so-pytorch", NULL},
        {"evil.com/.stackexchange.com", NULL},
        {"a@b.stackexchange.com", NULL},
        {".stackexchange.com", NULL},
        {"stackexchange.com.evil.com", NULL},
        {LETTERS LETTERS LETTERS LETTERS ".stackexchange.com", NULL}, /* too long for a host's name */
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
        tl_buf out = {0};
        bool known = tl_site_address(&out, tl_str_from(sites[i].site));
        assert_int_equal(known, sites[i].want != NULL);
        if (known)
            assert_string_equal(out.data, sites[i].want);
        tl_buf_free(&out);
    }
}

static void assert_fails(scratch *s, const char *folder, int status, const char *part)
{
    const tl_report_options o = {.profile = TL_FULL};
    tl_report_summary done;
    tl_error err;
    assert_int_equal(tl_report_write(s->store, folder, &o, &done, &err), status);
    if (!strstr(err.message, part))
        fail_msg("%s does not hold %s", err.message, part);
}

static void failures(void **state)
{
    scratch *s = *state;
    assert_fails(s, test_path(s->folder, "none/report"), TL_IO, "none/report: cannot make the folder: No such file");
    assert_fails(s, s->path, TL_IO, "study.db: cannot make the folder: Not a directory");
    /* A folder where a file should be. */
    const char *folder = test_path(s->folder, "report");
    assert_int_equal(test_shell("mkdir -p '%s/index.html'", folder), 0);
    assert_fails(s, folder, TL_IO, "report/index.html: cannot write: ");
    assert_no_part(folder);
}

/* A file that may not grow fails like one on a full disk; the older one stays whole. */
static void failed_write(void **state)
{
    scratch *s = *state;
    struct rlimit old;
    const char *folder = test_path(s->folder, "report");
    write_report(s, folder, false);
    char *before = slurp(folder, "index.html");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){16 * 1024, old.rlim_max}), 0);
    assert_fails(s, folder, TL_IO, "index.html: cannot write: File too large");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    char *after = slurp(folder, "index.html");
    assert_string_equal(before, after);
    free(before);
    free(after);
    assert_no_part(folder);
}

/* All tables, hostile text included, in a document that loads booktabs only. */
static void latex_compiles(void **state)
{
    scratch *s = *state;
    if (!test_have("pdflatex")) {
        print_message("there is no pdflatex: skipped\n");
        skip();
    }
    const char *folder = test_path(s->folder, "report");
    write_report(s, folder, false);
    int rc = test_shell("cd '%s/tables' && { printf '%%s\\n' '\\documentclass{article}' '\\usepackage{booktabs}'"
                        " '\\begin{document}'; for f in *.tex; do printf '\\\\input{%%s}\\n' \"$f\"; done;"
                        " printf '%%s\\n' '\\end{document}'; } >all.latex &&"
                        " pdflatex -interaction=nonstopmode -halt-on-error all.latex >log &&"
                        " grep -q 'Output written' log || { grep -A 2 '^!' log; false; }",
                        folder);
    assert_int_equal(rc, 0);
}

/* To gnuplot the name of a library is data, whatever it holds. */
static void hostile_names_in_figures(void **state)
{
    static const char *const names[] = {"`touch pwned`", "$(touch pwned)", "'.system(\"touch pwned\").'",
                                        "\"; system \"touch pwned\" #", "a\nsystem 'touch pwned'", "%s%n{/:Bold x}_2"};
    scratch *s = *state;
    if (!test_have("gnuplot")) {
        print_message("there is no gnuplot: skipped\n");
        skip();
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *sql = sqlite3_mprintf("UPDATE library SET key = %Q, name = %Q WHERE library_id = 1", names[i], names[i]);
        run_sql(s, sql);
        sqlite3_free(sql);
        char name[32];
        snprintf(name, sizeof name, "report%zu", i);
        const char *folder = test_path(s->folder, name);
        const tl_report_options o = {.profile = TL_FULL, .figures = true};
        tl_report_summary done;
        /* gnuplot may refuse such data (libraries.ini allows no such key), not obey it. */
        int rc = tl_report_write(s->store, folder, &o, &done, NULL);
        assert_true(rc == TL_OK || rc == TL_IO);
        assert_int_not_equal(access(test_path(folder, "figures/pwned"), F_OK), 0);
        assert_int_not_equal(access("pwned", F_OK), 0);
    }
}

static void interrupted(void **state)
{
    scratch *s = *state;
    tl_cancel cancel;
    atomic_init(&cancel.requested, true);
    const tl_report_options o = {.profile = TL_FULL, .cancel = &cancel};
    tl_report_summary done;
    tl_error err;
    const char *folder = test_path(s->folder, "report");
    assert_int_equal(tl_report_write(s->store, folder, &o, &done, &err), TL_INTERRUPTED);
}

/* write_report with a $PATH that holds nothing but `gnuplot`, or not even that. */
static int draw_with(scratch *s, const char *gnuplot, tl_report_summary *done, tl_error *err)
{
    const char *bin = test_path(s->folder, "bin"), *program = test_path(bin, "gnuplot");
    assert_int_equal(test_shell("mkdir -p '%s' && rm -f '%s'", bin, program), 0);
    if (gnuplot) {
        test_file_write(program, tl_str_from(gnuplot));
        assert_int_equal(chmod(program, 0700), 0);
    }
    char *path = strdup(getenv("PATH"));
    setenv("PATH", bin, 1);
    const tl_report_options o = {.profile = TL_FULL, .figures = true};
    int rc = tl_report_write(s->store, test_path(s->folder, "report"), &o, done, err);
    setenv("PATH", path, 1);
    free(path);
    return rc;
}

#define DRAWS "#!/bin/sh\nout=${3#*\\'}\nprintf '<svg>%099d" /* an "out = 'FILE'" is the third argument */
#define TO_FILE "' 0 >\"${out%%\\'*}\"\n"

/* A drawing counts when it is whole, and an older one does not stay beside new data. */
static void drawings(void **state)
{
    scratch *s = *state;
    const char *folder = test_path(s->folder, "report"), *drawing = test_path(folder, "figures/fig4.svg");
    tl_report_summary done;
    tl_error err;
    assert_int_equal(draw_with(s, DRAWS "</svg>" TO_FILE, &done, &err), TL_OK);
    assert_int_equal(done.figures, 4);
    assert_int_equal(access(drawing, F_OK), 0);
    assert_int_equal(draw_with(s, DRAWS TO_FILE, &done, &err), TL_IO);
    assert_non_null(strstr(err.message, "fig4.svg: gnuplot could not write it"));
    assert_int_not_equal(access(drawing, F_OK), 0);
    assert_no_part(folder);
    assert_int_equal(draw_with(s, "#!/bin/sh\nexit 1\n", &done, &err), TL_IO);
    assert_non_null(strstr(err.message, "gnuplot could not draw fig4"));

    assert_int_equal(draw_with(s, DRAWS "</svg>" TO_FILE, &done, &err), TL_OK);
    assert_int_equal(draw_with(s, NULL, &done, &err), TL_OK);
    assert_true(done.gnuplot_missing);
    assert_int_equal(done.figures, 0);
    assert_int_not_equal(access(drawing, F_OK), 0);
    assert_holds(folder, "index.html", "gnuplot was not installed");
    assert_holds(folder, "figures/fig4.csv",
                 "profile,support_kind,library,support,patterns_pct\nfull,sequences,keras,2,100\n");
}

static void nothing_in_the_store(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    const char *folder = test_path(s.folder, "report");
    tl_report_summary done = write_report(&s, folder, true);
    assert_int_equal(done.questions, 0);
    assert_int_equal(done.figures, 0);
    assert_holds(folder, "index.html", "there is nothing to draw");
    assert_holds(folder, "tables/table3.csv", "full,Baseline,");
    scratch_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_file, open_hostile, close_hostile),
        cmocka_unit_test_setup_teardown(both_profiles_in_a_table, open_hostile, close_hostile),
        cmocka_unit_test_setup_teardown(hostile_text, open_hostile, close_hostile),
        cmocka_unit_test_setup_teardown(policy, open_hostile, close_hostile),
        cmocka_unit_test(hashes),
        cmocka_unit_test_setup_teardown(same_bytes_again, open_hostile, close_hostile),
        cmocka_unit_test_setup_teardown(manifest, open_hostile, close_hostile),
        cmocka_unit_test_setup_teardown(the_explorer_names_posts, open_hostile, close_hostile),
        cmocka_unit_test_setup_teardown(more_patterns_than_a_page_takes, open_hostile, close_hostile),
        cmocka_unit_test(addresses),
        cmocka_unit_test_setup_teardown(failures, open_hostile, close_hostile),
        cmocka_unit_test_setup_teardown(failed_write, open_hostile, close_hostile),
        cmocka_unit_test_setup_teardown(latex_compiles, open_hostile, close_hostile),
        cmocka_unit_test_setup_teardown(hostile_names_in_figures, open_hostile, close_hostile),
        cmocka_unit_test_setup_teardown(interrupted, open_hostile, close_hostile),
        cmocka_unit_test_setup_teardown(drawings, open_hostile, close_hostile),
        cmocka_unit_test(nothing_in_the_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
