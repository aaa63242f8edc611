/* Profile paper as a whole: bodies of our own, and the study's published results on
 * the real posts in ../shared/data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libxml/xmlreader.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "extract/libraries.h"
#include "extract/paper.h"

#define DATA "../shared/data/"

static tl_paper *paper;
static tl_arena arena;

static int set_up(void **state)
{
    (void)state;
    return tl_paper_new(&paper, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    tl_paper_free(paper);
    tl_arena_free(&arena);
    return 0;
}

static tl_reading read_body(tl_str body)
{
    tl_error err;
    tl_reading r;
    int rc = tl_paper_read(paper, body, &arena, &r, &err);
    if (rc != TL_OK)
        fail_msg("%s", err.message);
    return r;
}

static void read_file(const char *path, tl_buf *out)
{
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("cannot open %s", path);
    char part[4096];
    size_t n;
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        tl_buf_add(out, part, n);
    fclose(f);
    assert_int_equal(tl_buf_check(out, path, NULL), TL_OK);
}

static tl_reading read_fixture(const char *path)
{
    tl_buf body = {0};
    read_file(path, &body);
    tl_reading r = read_body(tl_buf_str(&body));
    tl_buf_free(&body); /* a reading lives in its arena alone */
    return r;
}

static void check_trace(const tl_trace *t, const char *want)
{
    tl_buf got = {0};
    for (size_t i = 0; i < t->n_frames; i++)
        tl_buf_printf(&got, "%s" TL_STR_FMT ":" TL_STR_FMT, i ? " > " : "",
                      TL_STR_ARG(t->frames[i].file), TL_STR_ARG(t->frames[i].function));
    assert_string_equal(tl_buf_str(&got).data, want);
    tl_buf_free(&got);
}

static void check_error(const tl_error_line *e, const char *exception, const char *message)
{
    assert_true(tl_str_eq(e->exception, tl_str_from(exception)));
    assert_true(tl_str_eq(e->message, tl_str_from(message)));
}

static void test_unix(void **state)
{
    (void)state;
    tl_reading r = read_fixture("tests/fixtures/paper/unix.html");
    assert_true(r.available && r.has_code && r.has_trace);
    assert_int_equal(r.os, TL_OS_UNIX);
    /* by sections: 11, "the loader" and "the loss amp its weight" 7, 2, 7, 5 */
    assert_int_equal(r.words, 32);
    assert_int_equal(r.code_lines, 6 + 2 + 1); /* with a frame, Windows' too; </pre> */
    assert_int_equal(r.n_traces, 2);
    check_trace(&r.traces[0], "run:module > model:train");
    check_trace(&r.traces[1], "model:train");
    assert_int_equal(r.n_errors, 2);
    check_error(&r.errors[0], "ValueError", "shapes (3, 4) and (5,) differ");
    check_error(&r.errors[1], "KeyError", "'x'");
}

static void test_windows(void **state)
{
    (void)state;
    tl_reading r = read_fixture("tests/fixtures/paper/windows.html");
    assert_true(r.has_code && r.has_trace);
    assert_int_equal(r.os, TL_OS_WINDOWS);
    assert_int_equal(r.words, 5);
    assert_int_equal(r.code_lines, 6);
    /* The Unix block is no instance, and \n in \names is no newline here. */
    assert_int_equal(r.n_traces, 1);
    check_trace(&r.traces[0], "loader:__next__ > names:listcomp");
    assert_int_equal(r.n_errors, 0);
}

static void test_vanishing(void **state)
{
    (void)state;
    tl_reading r = read_fixture("tests/fixtures/paper/vanishing.html");
    assert_true(r.has_trace);
    assert_int_equal(r.os, TL_OS_UNIX);
    assert_int_equal(r.n_traces, 0);
    assert_int_equal(r.code_lines, 2);
}

static void test_without(void **state)
{
    (void)state;
    tl_reading r = read_body((tl_str){NULL, 0});
    assert_true(r.available && !r.has_code && !r.has_trace);
    assert_int_equal(r.os, TL_OS_UNKNOWN);
    assert_int_equal(r.words, 0);
    assert_true(r.code_lines == TL_UNKNOWN);
    assert_int_equal(r.n_traces + r.n_errors, 0);

    r = read_body(TL_STR("<p>See /a/b.py in f</p>"));
    assert_true(!r.has_code && !r.has_trace && r.code_lines == TL_UNKNOWN);

    r = read_body(TL_STR("<pre><code></code></pre>"));
    assert_true(r.has_code && !r.has_trace);
    assert_int_equal(r.code_lines, 0);

    /* all blocks of a question without a trace */
    r = read_body(TL_STR("<pre><code>a\n\nb</code></pre><pre><code>c\n</code></pre>"));
    assert_int_equal(r.code_lines, 3);
}

static void test_system(void **state)
{
    (void)state;
#define UNIX "/a/b.py 1 in f"
#define WINDOWS "C:\\a\\c.py 1 in g"
#define BLOCK(text) "<pre><code>" text "</code></pre>"
    /* Within the first block that has either, Unix is tried first. */
    tl_reading r = read_body(TL_STR(BLOCK(WINDOWS "\n" UNIX)));
    assert_int_equal(r.os, TL_OS_UNIX);
    assert_int_equal(r.n_traces, 1);
    check_trace(&r.traces[0], "b:f");
    r = read_body(TL_STR(BLOCK("x") BLOCK(WINDOWS) BLOCK(UNIX) BLOCK(WINDOWS)));
    assert_int_equal(r.os, TL_OS_WINDOWS);
    assert_int_equal(r.n_traces, 2); /* identical traces are kept */
    check_trace(&r.traces[0], "c:g");
    check_trace(&r.traces[1], "c:g");
    assert_int_equal(r.code_lines, 3);
    /* The deciding look is at the raw text: backslash-n is no newline there ... */
    r = read_body(TL_STR(BLOCK("/a/b.py 1\\n in f")));
    assert_false(r.has_trace);
    /* ... but in the reading that follows. */
    r = read_body(TL_STR(BLOCK("/a/b.py 1\\n in f") BLOCK(UNIX)));
    assert_int_equal(r.n_traces, 2);
    r = read_body(TL_STR(BLOCK(WINDOWS) BLOCK("C:\\a\\c.py 1\\n in f")));
    assert_int_equal(r.n_traces, 1);
}

/* ---- published results ------------------------------------------------- */

typedef struct question {
    int64_t id;
    tl_reading reading; /* only its numbers stay valid */
    bool pytorch;       /* belongs to the library by its tags */
} question;

static question questions[2000];
static size_t n_questions;

static const question *find_question(int64_t id)
{
    for (size_t i = 0; i < n_questions; i++)
        if (questions[i].id == id)
            return &questions[i];
    return NULL;
}

static void add_question(xmlTextReaderPtr xml, const tl_libraries *libs)
{
    char *id = (char *)xmlTextReaderGetAttribute(xml, BAD_CAST "Id");
    char *tags = (char *)xmlTextReaderGetAttribute(xml, BAD_CAST "Tags");
    char *body = (char *)xmlTextReaderGetAttribute(xml, BAD_CAST "Body");
    assert_non_null(id);
    assert_true(n_questions < sizeof questions / sizeof questions[0]);
    question *q = &questions[n_questions++];
    assert_true(tl_str_to_int64(tl_str_from(id), &q->id));
    q->reading = read_body(tl_str_from(body));
    q->pytorch = tl_libraries_match(libs, tl_str_from(tags)) != 0;
    tl_arena_reset(&arena);
    xmlFree(id);
    xmlFree(tags);
    xmlFree(body);
}

/* Reads the questions of so-pytorch once; skips the test where it is not there. */
static void load_questions(void)
{
    if (n_questions > 0)
        return;
    xmlTextReaderPtr xml = access(DATA "so-pytorch/Posts.xml", R_OK) == 0
                               ? xmlReaderForFile(DATA "so-pytorch/Posts.xml", NULL, 0)
                               : NULL;
    if (!xml) {
        print_message("skipped: no " DATA "so-pytorch\n");
        skip();
    }
    tl_libraries *libs;
    tl_str ini = TL_STR("language = python\n[pytorch]\nname = PyTorch\ntag = pytorch\n");
    assert_int_equal(tl_libraries_new(&libs, ini, "test", NULL), TL_OK);
    while (xmlTextReaderRead(xml) == 1) {
        xmlChar *type = xmlTextReaderGetAttribute(xml, BAD_CAST "PostTypeId");
        if (type && xmlStrEqual(type, BAD_CAST "1"))
            add_question(xml, libs);
        xmlFree(type);
    }
    xmlFreeTextReader(xml);
    tl_libraries_free(libs);
}

static void test_published_traces(void **state)
{
    (void)state;
    load_questions();
    FILE *f = fopen(DATA "so-pytorch/published-has-trace.csv", "r");
    assert_non_null(f);
    long long id;
    int has_trace, compared = 0, differ = 0;
    assert_int_equal(fscanf(f, "question_id,has_trace\n"), 0);
    while (fscanf(f, "%lld,%d\n", &id, &has_trace) == 2) {
        const question *q = find_question(id);
        assert_non_null(q);
        /* This one has since lost its python tag; its body counts all the same. */
        assert_int_equal(q->pytorch, id != 57237381);
        compared++;
        if (q->reading.has_trace != has_trace) {
            differ++;
            print_message("question %lld: published %d\n", id, has_trace);
        }
    }
    fclose(f);
    assert_int_equal(compared, 468);
    assert_int_equal(differ, 0);
}

/* One published measure: the i-th row with this has_trace belongs to the i-th such
 * row of the library's questions. */
static int compare_lengths(const char *library, const char *measure, int with_trace)
{
    char path[200];
    snprintf(path, sizeof path, DATA "ghadesi2022/questions-%s.csv", library);
    FILE *q = fopen(path, "r");
    snprintf(path, sizeof path, DATA "ghadesi2022/lengths-%s.csv", library);
    FILE *l = fopen(path, "r");
    assert_true(q && l);
    char row[500], name[20];
    int compared = 0, has_trace;
    while (fgets(row, sizeof row, q)) {
        long long id, value = 0;
        if (sscanf(row, "%lld,%*[^,],%*[^,],%*[^,],%*[^,],%*[^,],%*[0-9.]", &id) != 1)
            continue; /* the header */
        const char *field = row;
        for (int k = 0; k < 7; k++)
            field = strchr(field, ',') + 1;
        if (atoi(field) != with_trace)
            continue;
        do
            assert_non_null(fgets(path, sizeof path, l));
        while (sscanf(path, "%19[^,],%d,%lld", name, &has_trace, &value) != 3 ||
               strcmp(name, measure) != 0 || has_trace != with_trace);
        const question *known = find_question(id);
        if (!known)
            continue;
        compared++;
        assert_int_equal(known->reading.has_trace, with_trace);
        assert_int_equal(
            strcmp(measure, "words") == 0 ? known->reading.words : known->reading.code_lines,
            value);
    }
    fclose(q);
    fclose(l);
    return compared;
}

/* A few PyTorch questions belong to two of the published libraries as well. */
static void test_published_lengths(void **state)
{
    (void)state;
    load_questions();
    assert_int_equal(compare_lengths("huggingface", "words", 1), 2);
    assert_int_equal(compare_lengths("huggingface", "code_lines", 1), 2);
    assert_int_equal(compare_lengths("huggingface", "code_lines", 0), 6);
    assert_int_equal(compare_lengths("keras", "words", 1), 1);
    assert_int_equal(compare_lengths("keras", "code_lines", 1), 1);
    assert_int_equal(compare_lengths("keras", "code_lines", 0), 10);
}

/* Figures of the whole corpus, counted by an independent program that applies the
 * regular expressions of the headers with Python's re. */
static void test_corpus_figures(void **state)
{
    (void)state;
    load_questions();
    int64_t traces = 0, windows = 0, instances = 0, errors = 0, words = 0, lines = 0;
    for (size_t i = 0; i < n_questions; i++) {
        const tl_reading *r = &questions[i].reading;
        traces += r->has_trace;
        windows += r->os == TL_OS_WINDOWS;
        instances += (int64_t)r->n_traces;
        errors += (int64_t)r->n_errors;
        words += r->words;
        lines += r->has_code ? r->code_lines : 0;
    }
    assert_int_equal(n_questions, 942);
    assert_int_equal(traces, 89);
    assert_int_equal(windows, 21);
    assert_int_equal(instances, 93);
    assert_int_equal(errors, 163);
    assert_int_equal(words, 78433);
    assert_int_equal(lines, 19553);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unix),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_vanishing),
        cmocka_unit_test(test_without),
        cmocka_unit_test(test_system),
        cmocka_unit_test(test_published_traces),
        cmocka_unit_test(test_published_lengths),
        cmocka_unit_test(test_corpus_figures),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
