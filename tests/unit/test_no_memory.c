/* Every allocation of the framers, the parsers, the statistics and the formats fails once: TL_NO_MEMORY,
 * and nothing is lost (the leaks are for a sanitizer to see).
 *
 * The linker sends allocations through here, by --wrap: see the Makefile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <csv.h>
#include <stdlib.h>

#include "extract/csv_framer.h"
#include "extract/framer.h"
#include "extract/html_blocks.h"
#include "extract/line_framer.h"
#include "extract/row.h"
#include "reports/format.h"
#include "stats/agreement.h"
#include "stats/correction.h"
#include "stats/effect.h"
#include "stats/label.h"
#include "stats/mann_whitney.h"
#include "stats/quantile.h"

/* ---- failing allocations ------------------------------------------------------------ */

static bool armed;  /* allocations are counted */
static size_t left; /* so many of them succeed before one fails */
static bool failed; /* it has */

static bool fails(void)
{
    if (!armed || left-- > 0)
        return false;
    armed = false;
    failed = true;
    return true;
}

#define WEAK __attribute__((weak)) /* NULL where the linker was not asked to */
void *__real_malloc(size_t n) WEAK;
void *__real_calloc(size_t n, size_t size) WEAK;
void *__real_realloc(void *p, size_t n) WEAK;
char *__real_strdup(const char *s) WEAK;
size_t __real_csv_parse(struct csv_parser *p, const void *s, size_t n, void (*field)(void *, size_t, void *),
                        void (*row)(int, void *), void *ctx) WEAK;
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *s);
size_t __wrap_csv_parse(struct csv_parser *p, const void *s, size_t n, void (*field)(void *, size_t, void *),
                        void (*row)(int, void *), void *ctx);

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
}

char *__wrap_strdup(const char *s)
{
    return fails() ? NULL : __real_strdup(s);
}

/* libcsv, which allocates on its own. */
size_t __wrap_csv_parse(struct csv_parser *p, const void *s, size_t n, void (*field)(void *, size_t, void *),
                        void (*row)(int, void *), void *ctx)
{
    if (!fails())
        return __real_csv_parse(p, s, n, field, row, ctx);
    p->status = CSV_ENOMEM;
    return 0;
}

/* Runs `job` until none of its allocations fails. */
static void expect_no_memory(int (*job)(tl_error *err))
{
    if (!__real_malloc) {
        print_message("linked without --wrap=malloc: skipped\n");
        skip();
    }
    for (size_t n = 0;; n++) {
        tl_error err = {0};
        left = n;
        failed = false;
        armed = true;
        int rc = job(&err);
        armed = false;
        if (!failed) {
            assert_int_equal(rc, TL_OK);
            assert_true(n > 0);
            return;
        }
        if (rc != TL_NO_MEMORY)
            fail_msg("allocation %zu: status %d: %s", n, rc, err.message);
        assert_int_equal(err.status, TL_NO_MEMORY);
        assert_true(err.message[0] != '\0');
    }
}

/* ---- framers ------------------------------------------------------------------------ */

typedef struct feed {
    const char *begin, *end;
    size_t run; /* so many 'x' between them */
    size_t at;
} feed;

static ssize_t read_feed(void *ctx, void *to, size_t cap, tl_error *err)
{
    feed *f = ctx;
    size_t first = strlen(f->begin), last = strlen(f->end), n = 0;
    (void)err;
    for (; n < cap && f->at < first + f->run + last; n++, f->at++)
        ((char *)to)[n] = f->at < first         ? f->begin[f->at]
                          : f->at < first + f->run ? 'x'
                                                   : f->end[f->at - first - f->run];
    return (ssize_t)n;
}

static int frame_dump(feed f, tl_error *err)
{
    tl_framer *framer;
    tl_row_batch b = {0};
    int rc = tl_framer_new(&framer, "x", read_feed, &f, NULL, 0, err);
    if (rc)
        return rc;
    rc = tl_framer_start(framer, err);
    while (rc >= 0 && (rc = tl_framer_fill(framer, &b, err)) == 1)
        ;
    tl_row_batch_free(&b);
    tl_framer_free(framer);
    return rc;
}

static int short_rows(tl_error *err)
{
    return frame_dump((feed){"<posts><row/><row/>", "</posts>", 0, 0}, err);
}

static int long_row(tl_error *err)
{
    return frame_dump((feed){"<posts><row/><row a='", "'/><row/></posts>", TL_ROW_CAP + 3 * TL_BLOCK_BYTES, 0}, err);
}

static int long_row_first(tl_error *err)
{
    return frame_dump((feed){"<posts><row a='", "'/></posts>", TL_ROW_CAP + 3 * TL_BLOCK_BYTES, 0}, err);
}

static int frame_csv(feed f, tl_error *err)
{
    tl_csv_framer *framer;
    tl_csv_layout layout;
    tl_row_batch b = {0};
    int rc = tl_csv_framer_new(&framer, "x", read_feed, &f, err);
    if (rc)
        return rc;
    rc = tl_csv_framer_start(framer, &layout, err);
    while (rc >= 0 && (rc = tl_csv_framer_fill(framer, &b, err)) == 1)
        ;
    tl_row_batch_free(&b);
    tl_csv_framer_free(framer);
    return rc;
}

static int csv_rows(tl_error *err)
{
    return frame_csv((feed){"Id,Title,Body\n1,a,b\n2,a\"b,c\n", "3,d,e\n", 0, 0}, err);
}

static int bad_csv_row_first(tl_error *err)
{
    return frame_csv((feed){"Id,Title,Body\n1,a\"b,c\n", "2,d,e\n", 0, 0}, err);
}

static int long_csv_row(tl_error *err)
{
    return frame_csv((feed){"Id,Title,Body\n1,a,\"", "\"\n2,b,c\n", TL_ROW_CAP + 3 * TL_BLOCK_BYTES, 0}, err);
}

static int frame_lines(bool chunks, tl_error *err)
{
    feed f = {"{}\n{}\n", "{}\n", 0, 0};
    tl_line_framer *framer;
    tl_row_batch b = {0};
    int rc = tl_line_framer_new(&framer, "x", chunks, read_feed, &f, err);
    if (rc)
        return rc;
    while ((rc = tl_line_framer_fill(framer, &b, err)) == 1)
        ;
    tl_row_batch_free(&b);
    tl_line_framer_free(framer);
    return rc;
}

static int lines(tl_error *err)
{
    return frame_lines(false, err);
}

static int chunks(tl_error *err)
{
    return frame_lines(true, err);
}

static void test_framers(void **state)
{
    (void)state;
    expect_no_memory(short_rows);
    expect_no_memory(long_row);
    expect_no_memory(long_row_first);
    expect_no_memory(csv_rows);
    expect_no_memory(bad_csv_row_first);
    expect_no_memory(long_csv_row);
    expect_no_memory(lines);
    expect_no_memory(chunks);
}

/* ---- libxml2 ------------------------------------------------------------------------ */

static tl_buf text; /* what is parsed: made before, for its allocations are nobody's */

static void add_times(const char *part, int n)
{
    for (int i = 0; i < n; i++)
        tl_buf_add_cstr(&text, part);
}

static void make_html(void)
{
    tl_buf_clear(&text);
    add_times("<p>caf\xC3\xA9 &amp; &#x20AC; &nosuch; a &lt b<br/>", 20);
    add_times("<!-- a comment --><pre class=\"lang-py\"><code>x = 1\n</code></pre>", 5);
    tl_buf_add_cstr(&text, "<a href=\"");
    add_times("http://example.org/?q=1&amp;r=2 ", 100);
    tl_buf_add_cstr(&text, "\"><");
    add_times("name", 100);
    tl_buf_add_cstr(&text, "><!--");
    add_times("comment ", 200);
    tl_buf_add_cstr(&text, "--><script>");
    add_times("if (a < b) c();\n", 50);
    tl_buf_add_cstr(&text, "</script><style>p {}</style><?pi ?><ul><li>one<li>two</ul><pre>");
    add_times("y = 2\n", 2000);
}

static void make_row(void)
{
    tl_buf_clear(&text);
    tl_buf_add_cstr(&text, "<row Id=\"1\" PostTypeId=\"1\" Body=\"");
    add_times("&lt;p&gt;caf\xC3\xA9 &amp;amp; &#xA; \x01", 300);
    tl_buf_add_cstr(&text, "\"");
    for (int i = 0; i < 40; i++)
        tl_buf_printf(&text, " a%d='v%d'", i, i);
    tl_buf_add_cstr(&text, "/>");
}

static int parse_html(tl_error *err)
{
    tl_html *h;
    tl_arena arena = {0};
    tl_blocks blocks;
    int rc = tl_html_new(&h, err);
    for (int again = 0; rc == TL_OK && again < 2; again++)
        rc = tl_html_blocks(h, tl_buf_str(&text), &arena, &blocks, err);
    if (h)
        tl_html_free(h);
    tl_arena_free(&arena);
    return rc;
}

static int parse_row(tl_error *err)
{
    tl_row_parser *p;
    tl_arena arena = {0};
    tl_row row;
    size_t repairs;
    int rc = tl_row_parser_new(&p, err);
    for (int again = 0; rc == TL_OK && again < 2; again++)
        rc = tl_row_parse(p, tl_buf_str(&text), &arena, &row, &repairs, err);
    if (p)
        tl_row_parser_free(p);
    tl_arena_free(&arena);
    return rc;
}

static void test_parsers(void **state)
{
    (void)state;
    tl_error err;
    make_html();
    assert_int_equal(parse_html(&err), TL_OK); /* what libxml2 sets up but once is not tried here */
    expect_no_memory(parse_html);
    make_row();
    expect_no_memory(parse_row);
    tl_buf_free(&text);
}

/* ---- statistics --------------------------------------------------------------------- */

static const double some[] = {3, 1, 2, 5}, more[] = {4, 6, 8, 7};

static int ranks(tl_error *err)
{
    tl_mann_whitney_result r;
    return tl_mann_whitney(some, 4, more, 4, &r, err);
}

static int delta(tl_error *err)
{
    double d;
    return tl_cliffs_delta(some, 4, more, 4, &d, err);
}

static int quantile(tl_error *err)
{
    double q;
    return tl_quantile(some, 4, 0.3, &q, err);
}

static int holm(tl_error *err)
{
    double adjusted[2];
    return tl_holm((const double[]){0.1, 0.2}, 2, adjusted, err);
}

static int hochberg(tl_error *err)
{
    double adjusted[2];
    return tl_benjamini_hochberg((const double[]){0.1, 0.2}, 2, adjusted, err);
}

static int labels(tl_error *err)
{
    uint32_t ids[2];
    return tl_label_ids((const tl_str[]){TL_STR("a"), TL_STR("b")}, 2, ids, err);
}

static int interval(tl_error *err)
{
    static const tl_rating ratings[] = {{1, 1, 1}, {1, 2, 1}, {2, 1, 2}, {2, 2, 1}};
    tl_alpha_interval out;
    return tl_krippendorff_interval(ratings, 4, 0.95, 10, 1, &out, err);
}

static void test_statistics(void **state)
{
    (void)state;
    int (*const jobs[])(tl_error *) = {ranks, delta, quantile, holm, hochberg, labels, interval};
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        expect_no_memory(jobs[i]);
}

/* ---- formats ------------------------------------------------------------------------ */

static tl_grid grid;
static tl_format format;

static int write_grid(tl_error *err)
{
    tl_buf out = {0};
    int rc = tl_format_grid(&grid, format, NULL, &out, err);
    tl_buf_free(&out);
    return rc;
}

static void test_formats(void **state)
{
    (void)state;
    assert_int_equal(tl_grid_columns(&grid, (const char *const[]){"name", "n"}, 2, NULL), TL_OK);
    tl_cell *row = tl_grid_add_row(&grid);
    assert_non_null(row);
    assert_true(tl_grid_set_text(&grid, &row[0], TL_STR("keras")));
    row[1] = (tl_cell){.type = TL_CELL_REAL, .real = -1.5};
    for (format = TL_FORMAT_TABLE; format <= TL_FORMAT_HTML; format++)
        expect_no_memory(write_grid);
    tl_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_framers),
        cmocka_unit_test(test_parsers),
        cmocka_unit_test(test_statistics),
        cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
