/* Every recorded text in tests/fixtures/grammar gives the traces written beside it,
 * and every near-miss gives none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <dirent.h>

#include "base/buf.h"
#include "extract/grammar/grammar.h"

#define FOLDER "tests/fixtures/grammar/"

static const char *const links[] = {"none", "context", "cause", "group"};

/* Text on one line: what has no place there is written \n. */
static void add_line(tl_buf *b, const char *label, tl_str s)
{
    if (!s.data)
        return;
    tl_buf_printf(b, "  %s ", label);
    for (size_t i = 0; i < s.len; i++)
        if (s.data[i] == '\n')
            tl_buf_add_cstr(b, "\\n");
        else
            tl_buf_add_char(b, s.data[i]);
    tl_buf_add_char(b, '\n');
}

static void render_frame(tl_buf *b, const tl_frame *f)
{
    tl_buf_printf(b, "  frame " TL_STR_FMT ":" TL_STR_FMT, TL_STR_ARG(f->file),
                  TL_STR_ARG(f->function));
    if (f->line == TL_UNKNOWN)
        tl_buf_add_cstr(b, " -");
    else
        tl_buf_printf(b, " %lld", (long long)f->line);
    tl_str package = f->package.data ? f->package : TL_STR("-");
    tl_buf_printf(b, " " TL_STR_FMT " %s\n", TL_STR_ARG(package), f->own_code ? "own" : "lib");
}

/* The traces as the .expect files write them. */
static int render(void *ctx, const tl_trace *t, tl_error *err)
{
    tl_buf *b = ctx;
    tl_buf_printf(b, "trace");
    if (t->link != TL_LINK_NONE)
        tl_buf_printf(b, " %s %zu", links[t->link], t->linked_to);
    tl_buf_add_char(b, '\n');
    for (size_t i = 0; i < t->n_frames; i++) {
        render_frame(b, &t->frames[i]);
        add_line(b, "  |", t->frames[i].source);
    }
    add_line(b, "exception", t->exception);
    add_line(b, "message", t->message);
    add_line(b, "template", t->template);
    return tl_buf_check(b, "the traces", err);
}

static tl_str read_file(tl_buf *b, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return (tl_str){NULL, 0};
    char part[4096];
    size_t n;
    tl_buf_clear(b);
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        tl_buf_add(b, part, n);
    fclose(f);
    return tl_buf_str(b);
}

/* Reads `text` fed in pieces of `step` bytes. */
static void traces_of(tl_grammar *g, tl_str text, size_t step, tl_buf *out)
{
    tl_error err = {0};
    tl_buf_clear(out);
    tl_grammar_begin(g, render, out);
    for (size_t at = 0; at < text.len; at += step) {
        size_t n = text.len - at < step ? text.len - at : step;
        assert_int_equal(tl_grammar_feed(g, (tl_str){text.data + at, n}, &err), TL_OK);
    }
    assert_int_equal(tl_grammar_end(g, &err), TL_OK);
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

typedef struct state {
    tl_grammar *g;
    tl_buf text, expected, got;
} state;

static int setup(void **s)
{
    state *st = calloc(1, sizeof *st);
    tl_error err;
    *s = st;
    return !st || tl_grammar_new(&st->g, &err) != TL_OK;
}

static int teardown(void **s)
{
    state *st = *s;
    tl_grammar_free(st->g);
    tl_buf_free(&st->text);
    tl_buf_free(&st->expected);
    tl_buf_free(&st->got);
    free(st);
    return 0;
}

/* Calls check(st, name) for every file of the folder that ends with `end`. */
static size_t for_each(state *st, const char *end, void (*check)(state *, const char *))
{
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    size_t n = 0;
    for (struct dirent *e; (e = readdir(folder)); ) {
        if (!ends_with(e->d_name, end))
            continue;
        char path[512];
        snprintf(path, sizeof path, FOLDER "%s", e->d_name);
        check(st, path);
        n++;
    }
    closedir(folder);
    return n;
}

static void check_recorded(state *st, const char *path)
{
    char text[600];
    assert_true(read_file(&st->expected, path).data != NULL);
    snprintf(text, sizeof text, "%.*s.txt", (int)(strlen(path) - strlen(".expect")), path);
    assert_true(read_file(&st->text, text).data != NULL);
    static const size_t steps[] = {SIZE_MAX / 2, 1, 7, 4096};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        traces_of(st->g, tl_buf_str(&st->text), steps[i], &st->got);
        if (!tl_str_eq(tl_buf_str(&st->got), tl_buf_str(&st->expected)))
            fail_msg("%s in steps of %zu:\n--- expected\n%s--- got\n%s", path, steps[i],
                     st->expected.data, st->got.len ? st->got.data : "");
    }
}

static void check_miss(state *st, const char *path)
{
    read_file(&st->text, path);
    assert_true(st->text.len > 0);
    traces_of(st->g, tl_buf_str(&st->text), SIZE_MAX / 2, &st->got);
    if (st->got.len > 0)
        fail_msg("%s is no traceback, but gave:\n%s", path, st->got.data);
}

static void recorded_texts_give_their_traces(void **s)
{
    assert_true(for_each(*s, ".expect", check_recorded) >= 60);
}

static void near_misses_give_none(void **s)
{
    assert_true(for_each(*s, ".miss.txt", check_miss) >= 60);
}

static void check_partners(state *st, const char *path)
{
    static const char *const partners[] = {".txt", ".miss.txt"};
    char other[600];
    for (size_t i = 0; i < 2; i++) {
        snprintf(other, sizeof other, "%.*s%s", (int)(strlen(path) - strlen(".expect")), path,
                 partners[i]);
        if (!read_file(&st->text, other).data)
            fail_msg("%s is missing", other);
    }
}

static void every_form_has_a_near_miss(void **s)
{
    assert_true(for_each(*s, ".expect", check_partners) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(recorded_texts_give_their_traces, setup, teardown),
        cmocka_unit_test_setup_teardown(near_misses_give_none, setup, teardown),
        cmocka_unit_test_setup_teardown(every_form_has_a_near_miss, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
