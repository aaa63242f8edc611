/* The taxonomy, the classifier and what it learns (METHOD.md, section 6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "reports/classifier.h"
#include "reports/classifier_input.h"
#include "reports/classifier_learn.h"
#include "stats/random.h"

static tl_taxonomy *parse(const char *text)
{
    tl_error err;
    tl_taxonomy *t;
    if (tl_taxonomy_new(&t, tl_str_from(text), "test.ini", &err) != TL_OK)
        fail_msg("%s", err.message);
    return t;
}

static tl_taxonomy *shipped(void)
{
    tl_error err;
    tl_taxonomy *t;
    if (tl_taxonomy_new(&t, (tl_str){tl_taxonomy_ini, tl_taxonomy_ini_len}, "taxonomy.ini", &err) != TL_OK)
        fail_msg("%s", err.message);
    return t;
}

static tl_frame frame(const char *file, const char *function)
{
    return (tl_frame){.file = tl_str_from(file), .function = tl_str_from(function), .line = TL_UNKNOWN};
}

/* The section of the type that `label` means, or "none". */
static const char *meaning(const tl_taxonomy *t, const char *label)
{
    int type = tl_taxonomy_label(t, tl_str_from(label));
    return type < 0 ? "none" : tl_taxonomy_type(t, type)->section;
}

static void test_shipped_types(void **state)
{
    (void)state;
    static const char *const study[] = {
        "MOD training/learning", "MOD training/construction", "MOD saving/loading", "MOD validation",
        "MOD conversion", "MOD copy", "MOD hyperparameter tuning", "DAT transformation", "DAT operation",
        "DAT saving/pickle", "DAT validation", "DAT creation", "DAT conversion", "DAT loading",
        "SYN basic syntax", "SYN method wrapper", "SYN attribute extraction", "SYN object copy",
        "SYN argument validation", "EXT module execution", "EXT remote API call", "EXT file operation",
        "EXT package installation", "MLT parallelization", "MLT subprocess invocation"};
    tl_taxonomy *t = shipped();
    assert_int_equal(tl_taxonomy_n_types(t), 25);
    for (int i = 0; i < 25; i++) {
        assert_string_equal(tl_taxonomy_type(t, i)->section, study[i]);
        assert_memory_equal(tl_taxonomy_type(t, i)->category, study[i], 3);
        assert_true(tl_taxonomy_type(t, i)->description[0]);
    }
    assert_string_equal(tl_taxonomy_type(t, 24)->category_name, "multi-process");
    tl_taxonomy_free(t);
}

static void test_labels(void **state)
{
    (void)state;
    static const char *const study[][2] = {{"python basic syntax", "SYN basic syntax"},
                                           {"module dependency", "SYN basic syntax"},
                                           {"syntax/attribute extraction", "SYN attribute extraction"},
                                           {"external module execution", "EXT module execution"},
                                           {"external module execution/java", "EXT module execution"},
                                           {"api call/http request", "EXT remote API call"},
                                           {"model saving", "MOD saving/loading"},
                                           {"model saving/loading", "MOD saving/loading"},
                                           {"model validation", "MOD validation"},
                                           {"data validation", "DAT validation"},
                                           {"data conversion", "DAT conversion"},
                                           {"model copy", "MOD copy"},
                                           {"object copy", "SYN object copy"},
                                           {"hyperparameter tuning", "MOD hyperparameter tuning"},
                                           {" Parallelization ", "MLT parallelization"},
                                           {"MLT subprocess invocation", "MLT subprocess invocation"},
                                           {"ignore", "none"},
                                           {"security/ssl", "none"},
                                           {"optimization/objective function", "none"},
                                           {"compatibilaty check", "none"},
                                           {"validation", "none"},
                                           {"model", "none"},
                                           {"", "none"}};
    tl_taxonomy *t = shipped();
    for (size_t i = 0; i < sizeof study / sizeof *study; i++)
        assert_string_equal(meaning(t, study[i][0]), study[i][1]);
    tl_taxonomy_free(t);
}

#define HEAD "[categories]\nA = first\nB = second\n"

static void test_bad_text(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "names no type"},
        {"x = 1\n", "line 1"},
        {HEAD "[A one]\nr = a:b\n", "has no category"},
        {HEAD "[A one]\ncategory = C\n", "line 5: there is no category 'C'"},
        {HEAD "[A one]\ncategory = A\n[B two]\ncategory = B\n[A one]\nr = a:b\n", "line 9: section [A one]"},
        {HEAD "[one]\ncategory = A\n", "line 5: section [one]"},
        {HEAD "[A one]\ncategory = A\nr = nothing\n", "line 6: 'nothing' is no file:function"},
        {HEAD "[A one]\ncategory = A\nr = a:\n", "line 6"},
        {HEAD "[A one]\ncategory = A\nr = a:b\ns = c:d\nr = e:f\n", "line 8: rule r is there twice"},
        {HEAD "[A one]\ncategory = A\nr! = a:b\n", "line 6: 'r!' is no name"},
        {HEAD "[A one]\ncategory = A\nnonsense\n", "line 6: neither"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tl_error err;
        tl_taxonomy *t;
        assert_int_equal(tl_taxonomy_new(&t, tl_str_from(cases[i][0]), "test.ini", &err), TL_BAD_INPUT);
        assert_null(t);
        assert_memory_equal(err.message, "test.ini: ", 10);
        if (!strstr(err.message, cases[i][1]))
            fail_msg("expected '%s' in '%s'", cases[i][1], err.message);
    }
    tl_error err;
    tl_taxonomy *t;
    static const char with_nul[] = HEAD "[A one]\0\n";
    assert_int_equal(tl_taxonomy_new(&t, (tl_str){with_nul, sizeof with_nul - 1}, "x", &err), TL_BAD_INPUT);
    char line[1000];
    memset(line, 'x', sizeof line);
    assert_int_equal(tl_taxonomy_new(&t, (tl_str){line, sizeof line}, "x", &err), TL_BAD_INPUT);
}

/* The names of the rules that match, with blanks between. */
static const char *matching(const tl_taxonomy *t, tl_frame f)
{
    static char names[1000];
    uint16_t rules[TL_MAX_RULES];
    int n = tl_taxonomy_match(t, &f, rules);
    names[0] = '\0';
    for (int i = 0; i < n; i++)
        sprintf(names + strlen(names), "%s%s", i ? " " : "", tl_taxonomy_rule(t, rules[i])->name);
    return names;
}

static void test_rules(void **state)
{
    (void)state;
    tl_taxonomy *t = parse(HEAD "[A one]\ncategory = A\nexact = base:fit\nfile = base:* copy:*\n part:x?z\n"
                                "[B two]\ncategory = B\nfunction = *:fit *:module *:listcomp\n"
                                "boot = _bootstrap:*\npackage = torch/base:fit py*/any:*\n");
    assert_string_equal(matching(t, frame("base", "fit")), "exact");
    assert_string_equal(matching(t, frame("base", "predict")), "file");
    assert_string_equal(matching(t, frame("other", "fit")), "function");
    assert_string_equal(matching(t, frame("base", "module")), "file function"); /* as special */
    assert_string_equal(matching(t, frame("part", "xyz")), "file");
    assert_string_equal(matching(t, frame("part", "xyyz")), "");
    assert_string_equal(matching(t, frame("x", "<module>")), "function");
    assert_string_equal(matching(t, frame("x", "<listcomp>")), "function");
    assert_string_equal(matching(t, frame("<frozen importlib._bootstrap>", "_load")), "boot");
    assert_string_equal(matching(t, frame("x", "fit.inner")), "function");
    assert_string_equal(matching(t, frame("", "")), "");
    tl_frame f = frame("base", "fit");
    f.package = TL_STR("torch");
    assert_string_equal(matching(t, f), "package");
    f = frame("any", "thing");
    f.package = TL_STR("pytest");
    assert_string_equal(matching(t, f), "package");
    tl_taxonomy_free(t);
}

/* * and ? mean what they mean to fnmatch. */
static void test_wildcards(void **state)
{
    (void)state;
    const char *text = getenv("TL_SEED");
    tl_random random = {text ? strtoull(text, NULL, 10) : 1};
    print_message("TL_SEED=%llu\n", (unsigned long long)random.state);
    for (int round = 0; round < 500; round++) {
        char ini[200], pattern[9] = "", name[13] = "";
        size_t n = 1 + (size_t)tl_random_below(&random, 8), m = 1 + (size_t)tl_random_below(&random, 12);
        for (size_t i = 0; i < n; i++)
            pattern[i] = "aab*?"[tl_random_below(&random, 5)];
        for (size_t i = 0; i < m; i++)
            name[i] = "aab"[tl_random_below(&random, 3)];
        snprintf(ini, sizeof ini, HEAD "[A one]\ncategory = A\nr = file:%s\n", pattern);
        tl_taxonomy *t = parse(ini);
        bool ours = strcmp(matching(t, frame("file", name)), "r") == 0;
        if (ours != (fnmatch(pattern, name, 0) == 0))
            fail_msg("%s and %s: %s", pattern, name, ours ? "match" : "no match");
        tl_taxonomy_free(t);
    }
}

static void test_pattern_frames(void **state)
{
    (void)state;
    tl_frame f[4];
    assert_int_equal(tl_pattern_frames(TL_STR("a:b > keras.engine.training:<module> > fit"), f, 4), 3);
    assert_true(tl_str_eq(f[0].file, TL_STR("a")) && tl_str_eq(f[0].function, TL_STR("b")) && !f[0].package.data);
    assert_true(tl_str_eq(f[1].file, TL_STR("training")) && tl_str_eq(f[1].package, TL_STR("keras")));
    assert_true(tl_str_eq(f[1].function, TL_STR("<module>")));
    assert_true(tl_str_eq(f[2].file, TL_STR("")) && tl_str_eq(f[2].function, TL_STR("fit")));
    assert_int_equal(tl_pattern_frames(TL_STR("a:b > c:d > e:f"), f, 2), 2);
    assert_true(tl_str_eq(f[0].file, TL_STR("c")) && tl_str_eq(f[1].file, TL_STR("e")));
    assert_int_equal(tl_pattern_frames(TL_STR(""), f, 4), 1);
}

/* "MOD training/learning" or "unknown". */
static const char *type_of(tl_classifier *c, const tl_frame *frames, size_t n, const char *exception,
                           const char *message)
{
    tl_error err;
    tl_classified found;
    if (tl_classify(c, frames, n, tl_str_from(exception), tl_str_from(message), &found, &err) != TL_OK)
        fail_msg("%s", err.message);
    assert_true(found.confidence > 0 && found.confidence <= 1);
    return found.type < 0 ? "unknown" : tl_taxonomy_type(tl_classifier_taxonomy(c), found.type)->section;
}

static void test_shipped_classifier(void **state)
{
    (void)state;
    tl_error err;
    tl_classifier *c;
    assert_int_equal(tl_classifier_shipped(&c, &err), TL_OK);
    tl_frame dump[] = {frame("store", "save"), frame("pickle", "dump")};
    tl_frame copying[] = {frame("copy", "deepcopy"), frame("copy", "_reconstruct")};
    tl_frame fitting[] = {frame("<ipython-input>", "<module>"), frame("training", "fit")};
    tl_frame nobody[] = {frame("zork", "frobnicate")};
    assert_string_equal(type_of(c, dump, 2, NULL, NULL), "DAT saving/pickle");
    assert_string_equal(type_of(c, copying, 2, NULL, NULL), "SYN object copy");
    assert_string_equal(type_of(c, fitting, 2, NULL, NULL), "MOD training/learning");
    assert_string_equal(type_of(c, nobody, 1, NULL, NULL), "unknown");
    assert_string_equal(type_of(c, NULL, 0, NULL, NULL), "unknown");
    assert_string_equal(type_of(c, nobody, 1, "requests.exceptions.ConnectionError", "Max retries exceeded"),
                        "EXT remote API call");
    assert_string_equal(type_of(c, nobody, 1, "TypeError", "f() GOT AN UNEXPECTED keyword argument 'x'"),
                        "SYN argument validation");
    tl_classifier_free(c);
}

/* ---- learning ------------------------------------------------------------------------ */

static const char two_types[] = HEAD "[A one]\ncategory = A\n[B two]\ncategory = B\n";

/* 40 patterns whose last file tells the type, but for `slips` of the first type. */
static tl_buf learn(const tl_taxonomy *t, int slips)
{
    static tl_frame frames[40][2];
    tl_labelled examples[40];
    tl_buf out = {0};
    tl_error err;
    for (int i = 0; i < 40; i++) {
        frames[i][0] = frame("main", "run");
        frames[i][1] = frame(i % 2 ? "red" : "blue", i % 3 ? "go" : "stop");
        examples[i] = (tl_labelled){frames[i], 2, i % 2};
        if (i % 2 == 0 && i / 2 < slips)
            examples[i].type = 1;
    }
    if (tl_learn(t, examples, 40, NULL, &out, &err) != TL_OK)
        fail_msg("%s", err.message);
    return out;
}

static void test_learning(void **state)
{
    (void)state;
    tl_error err;
    tl_taxonomy *t = parse(two_types);
    tl_frame blue[] = {frame("other", "thing"), frame("blue", "walk")};
    tl_frame red[] = {frame("red", "go")};
    for (int slips = 0; slips <= 4; slips += 4) {
        tl_buf weights = learn(t, slips), again = learn(t, slips);
        assert_true(tl_str_eq(tl_buf_str(&weights), tl_buf_str(&again)));
        tl_classifier *c;
        assert_int_equal(tl_classifier_new(&c, t, tl_buf_str(&weights), "weights", &err), TL_OK);
        assert_string_equal(type_of(c, blue, 2, NULL, NULL), "A one");
        assert_string_equal(type_of(c, red, 1, NULL, NULL), "B two");
        tl_classifier_free(c);
        tl_buf_free(&weights);
        tl_buf_free(&again);
    }
    tl_buf out = {0};
    assert_int_equal(tl_learn(t, NULL, 0, NULL, &out, &err), TL_USAGE);
    tl_cancel cancel = {true};
    tl_labelled one = {blue, 2, 0};
    assert_int_equal(tl_learn(t, &one, 1, &cancel, &out, &err), TL_INTERRUPTED);
    tl_buf_free(&out);
    tl_taxonomy_free(t);
}

static void test_bad_weights(void **state)
{
    (void)state;
    static const char *const cases[] = {"[A one]\nx = last a:b\n", "[A one]\nnonsense\n", "[A one]\n0.5 =\n",
                                        "[A one]\nnan = last a:b\n", "[A one]\n1e999 = last a:b\n"};
    tl_taxonomy *t = parse(two_types);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tl_error err;
        tl_classifier *c;
        assert_int_equal(tl_classifier_new(&c, t, tl_str_from(cases[i]), "w.ini", &err), TL_BAD_INPUT);
        assert_null(c);
        assert_non_null(strstr(err.message, "w.ini: line 2"));
    }
    tl_error err;
    tl_classifier *c;
    assert_int_equal(tl_classifier_new(&c, t, TL_STR("[Z gone]\n0.5 = last a:b\n"), "w", &err), TL_OK);
    tl_classifier_free(c);
    tl_taxonomy_free(t);
}

/* ---- the study's labels ---------------------------------------------------------------- */

typedef struct score {
    tl_classifier *classifier;
    size_t n, types, categories;
} score;

static int count_label(void *ctx, tl_pattern_line *p, tl_error *err)
{
    score *s = ctx;
    const tl_taxonomy *t = tl_classifier_taxonomy(s->classifier);
    int type = tl_taxonomy_label(t, p->label);
    tl_classified found;
    int rc = tl_classify(s->classifier, p->frames, p->n_frames, p->exception, p->message, &found, err);
    if (rc || type < 0)
        return rc;
    s->n++;
    s->types += found.type == type;
    s->categories += found.type >= 0 && strcmp(tl_taxonomy_type(t, found.type)->category,
                                               tl_taxonomy_type(t, type)->category) == 0;
    return TL_OK;
}

/* Not a judgement of the classifier, which has seen them (tools/bench/bench_taxonomy.c
 * is), but of the weights that ship. */
static void test_study_labels(void **state)
{
    (void)state;
    FILE *file = fopen("../shared/data/ghadesi2022/labels-train.jsonl", "rb");
    if (!file) {
        print_message("skipped: no ../shared/data/ghadesi2022\n");
        skip();
    }
    score s = {0};
    tl_error err;
    tl_arena arena = {0};
    size_t n;
    assert_int_equal(tl_classifier_shipped(&s.classifier, &err), TL_OK);
    assert_int_equal(tl_pattern_lines_read(file, "labels", &arena, false, count_label, &s, &n, &err), TL_OK);
    assert_int_equal(n, 660);
    assert_int_equal(s.n, 653);
    assert_true(100 * s.types >= 60 * s.n);
    assert_true(100 * s.categories >= 75 * s.n);
    tl_classifier_free(s.classifier);
    tl_arena_free(&arena);
    fclose(file);
}

static int read_one(const char *line, size_t *n_frames)
{
    tl_pattern_line p;
    tl_arena arena = {0};
    tl_error err;
    int rc = tl_pattern_line_read(&p, tl_str_from(line), &arena, &err);
    *n_frames = p.n_frames;
    tl_pattern_line_free(&p);
    tl_arena_free(&arena);
    return rc;
}

static void test_lines(void **state)
{
    (void)state;
    size_t n;
    assert_int_equal(read_one("{\"frames\": [[\"a\", \"b\"], [\"c\", \"d\", \"p\"]]}", &n), TL_OK);
    assert_int_equal(n, 2);
    assert_int_equal(read_one("{\"frames\": []}", &n), TL_OK);
    static const char *const bad[] = {"",           "[]",          "{}",
                                      "{\"frames\": 1}", "{\"frames\": [1]}", "{\"frames\": [[\"a\"]]}",
                                      "{\"frames\": [[\"a\", 1]]}", "{\"frames\": [[\"a\", \"b\", \"c\", \"d\"]]}",
                                      "{\"frames\": [[\"a\", \"b\"]]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(read_one(bad[i], &n), TL_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_types), cmocka_unit_test(test_labels),
        cmocka_unit_test(test_bad_text),      cmocka_unit_test(test_rules),
        cmocka_unit_test(test_wildcards),     cmocka_unit_test(test_pattern_frames),
        cmocka_unit_test(test_shipped_classifier), cmocka_unit_test(test_learning),
        cmocka_unit_test(test_bad_weights),   cmocka_unit_test(test_study_labels),
        cmocka_unit_test(test_lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
