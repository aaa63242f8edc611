/* Framers where bytes end for now, in the middle of something: at the end of what is read
 * at a time, at a long row's cap, or because the stream broke. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "extract/csv_framer.h"
#include "extract/framer.h"
#include "extract/line_framer.h"
#include "tests/support/feed.h"

enum { FIRST_LOOK = 256 * 1024 /* bytes of a dump in which the framer looks first */ };

#define ROW1 "<row Id=\"1\"/>"

/* ---- what is read, and what comes out -------------------------------------------- */

typedef struct feed {
    tl_buf bytes;
    int failure; /* returned at the end of the bytes, unless 0 */
} feed;

static void add(feed *f, const char *text)
{
    tl_buf_add_cstr(&f->bytes, text);
}

/* `n` times the character. */
static void add_run(feed *f, char c, size_t n)
{
    assert_true(tl_buf_reserve(&f->bytes, n));
    memset(f->bytes.data + f->bytes.len, c, n);
    f->bytes.len += n;
    f->bytes.data[f->bytes.len] = '\0';
}

typedef enum kind { XML, CSV, LINES, CHUNKS } kind;

/* Frames the feed, which it frees, and checks that the rows are those of `rows`, each as
 * "offset+length fault\n", and the end: TL_OK, or a failure of which the message holds
 * `words`. */
static void expect(kind k, feed f, const char *rows, int status, const char *words)
{
    tl_framer *xml = NULL;
    tl_csv_framer *csv = NULL;
    tl_line_framer *lines = NULL;
    tl_csv_layout layout;
    tl_row_batch b = {0};
    tl_buf found = {0};
    tl_error err = {0};
    test_feed from = {.bytes = tl_buf_str(&f.bytes), .chunk = SIZE_MAX, .failure = f.failure};
    int rc = k == XML   ? tl_framer_new(&xml, "x", test_feed_read, &from, NULL, 0, &err)
             : k == CSV ? tl_csv_framer_new(&csv, "x", test_feed_read, &from, &err)
                        : tl_line_framer_new(&lines, "x", k == CHUNKS, test_feed_read, &from, &err);
    if (rc == TL_OK && k <= CSV)
        rc = k == XML ? tl_framer_start(xml, &err) : tl_csv_framer_start(csv, &layout, &err);
    if (rc == TL_OK)
        while ((rc = k == XML   ? tl_framer_fill(xml, &b, &err)
                     : k == CSV ? tl_csv_framer_fill(csv, &b, &err)
                                : tl_line_framer_fill(lines, &b, &err)) == 1)
            for (size_t i = 0; i < b.n_rows; i++)
                tl_buf_printf(&found, "%llu+%zu %s\n", (unsigned long long)(b.offset + b.rows[i].begin),
                              b.rows[i].len, b.rows[i].fault ? b.rows[i].fault : "-");
    assert_string_equal(tl_buf_str(&found).data, rows);
    if (rc != status || !strstr(err.message, words))
        fail_msg("ended with %d: \"%s\", not %d: \"%s\"", rc, err.message, status, words);
    tl_framer_free(xml);
    tl_csv_framer_free(csv);
    tl_line_framer_free(lines);
    tl_row_batch_free(&b);
    tl_buf_free(&found);
    tl_buf_free(&f.bytes);
}

/* ---- dumps -------------------------------------------------------------------------- */

/* "<posts>", and blanks up to `inside` bytes before the end of the first look. */
static feed up_to_first_look(size_t inside)
{
    feed f = {0};
    add(&f, "<posts>");
    add_run(&f, ' ', FIRST_LOOK - inside);
    return f;
}

static void test_first_look_may_end_in_any_markup(void **state)
{
    (void)state;
    static const char *const markups[] = {"<!-- <row/> -->", "<?p <row/> ?>", "<rows/>", "<!ELEMENT>"};
    for (size_t i = 0; i < sizeof markups / sizeof *markups; i++)
        for (size_t inside = 0; inside <= strlen(markups[i]); inside++) {
            char rows[100];
            int n = 0;
            size_t at = 7 + FIRST_LOOK - inside;
            if (i >= 2)
                n = snprintf(rows, sizeof rows, "%zu+%zu not a row\n", at, strlen(markups[i]));
            snprintf(rows + n, sizeof rows - (size_t)n, "%zu+13 -\n", at + strlen(markups[i]));
            feed f = up_to_first_look(inside);
            add(&f, markups[i]);
            add(&f, ROW1 "</posts>");
            expect(XML, f, rows, TL_OK, "");
        }
    for (size_t inside = 0; inside <= strlen("</posts >"); inside++) {
        feed f = up_to_first_look(inside);
        add(&f, "</posts >");
        expect(XML, f, "", TL_OK, "");
        f = up_to_first_look(inside);
        add(&f, "<!DOCTYPE p>");
        expect(XML, f, "", TL_BAD_INPUT, "document type declaration");
    }
}

static void test_failure_before_any_row(void **state)
{
    (void)state;
    feed f = {0};
    add(&f, "<posts><!DOCTYPE posts>");
    add_run(&f, ' ', 2 * FIRST_LOOK);
    expect(XML, f, "", TL_BAD_INPUT, "byte 7: a document type declaration");
}

/* The same for what is read later, in blocks: after a row, so that a batch has begun. */
static void test_block_may_end_in_any_markup(void **state)
{
    (void)state;
    static const char *const markups[] = {"<!-- c -->", "<?p ?>", "<row/>", "</posts >"};
    for (size_t end = FIRST_LOOK; end <= 2 * TL_BLOCK_BYTES; end += FIRST_LOOK)
        for (size_t i = 0; i < sizeof markups / sizeof *markups; i++)
            for (size_t inside = 0; inside <= strlen(markups[i]); inside++) {
                char rows[100];
                feed f = {0};
                add(&f, "<posts>" ROW1);
                add_run(&f, ' ', end - inside - f.bytes.len);
                int n = snprintf(rows, sizeof rows, "7+13 -\n");
                if (i == 2)
                    snprintf(rows + n, sizeof rows - (size_t)n, "%zu+6 -\n", f.bytes.len);
                add(&f, markups[i]);
                if (i < 3)
                    add(&f, "</posts>");
                expect(XML, f, rows, TL_OK, "");
            }
}

/* Nothing but comments: every look ends in one of them. */
static void test_comments_without_end(void **state)
{
    (void)state;
    for (size_t pad = 0; pad < 10; pad++) {
        feed f = {0};
        char rows[100];
        add(&f, "<posts>" ROW1);
        add_run(&f, ' ', pad);
        for (size_t i = 0; i < 3 * TL_BLOCK_BYTES / 10; i++)
            add(&f, "<!-- c -->");
        snprintf(rows, sizeof rows, "7+13 -\n%zu+13 -\n", f.bytes.len);
        add(&f, ROW1 "</posts>");
        expect(XML, f, rows, TL_OK, "");
    }
}

static void test_file_may_end_in_any_markup(void **state)
{
    (void)state;
    static const char *const cuts[] = {"<", "<r", "<row", "<!", "<!-", "</", "</po", "</posts"};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        feed f = {0};
        add(&f, "<posts>" ROW1);
        add(&f, cuts[i]);
        expect(XML, f, "7+13 -\n", TL_BAD_INPUT, "what came before is kept");
    }
}

/* What does not end within the cap is given up: it may never end. */
static void test_endless_markup(void **state)
{
    (void)state;
    static const char *const markups[] = {"<!--", "<?x", "</posts"};
    for (size_t i = 0; i < sizeof markups / sizeof *markups; i++) {
        feed f = {0};
        add(&f, "<posts>");
        add(&f, markups[i]);
        add_run(&f, ' ', 3 * TL_BLOCK_BYTES + TL_ROW_CAP);
        add(&f, "-->?></posts>");
        expect(XML, f, "", TL_BAD_INPUT, i < 2 ? "byte 7: a comment or instruction does not end" : "byte 7: the file is cut off");
    }
}

/* Rows of which the rest does not go into the next first look. */
static void test_rows_longer_than_a_look(void **state)
{
    (void)state;
    feed f = {0};
    add(&f, "<posts><row a='");
    add_run(&f, 'x', 300000);
    add(&f, "'/><row a='");
    add_run(&f, 'x', 800000);
    add(&f, "'/></posts>");
    expect(XML, f, "7+300011 -\n300018+800011 -\n", TL_OK, "");
}

static void test_end_of_a_row_over_the_cap(void **state)
{
    (void)state;
    static const struct {
        size_t plain, angles; /* the row's value: so many letters, then so many times "<ro" */
    } values[] = {{TL_ROW_CAP, 0}, {TL_ROW_CAP + 500000, 700000}};
    for (size_t i = 0; i < 2; i++) {
        feed f = {0};
        char rows[100];
        size_t begin = strlen("<posts>" ROW1);
        add(&f, "<posts>" ROW1 "<row a='");
        add_run(&f, 'x', values[i].plain);
        for (size_t k = 0; k < values[i].angles; k++)
            add(&f, "<ro");
        add(&f, "'/>");
        size_t end = f.bytes.len;
        add(&f, i ? ROW1 "</posts>" : "</posts>");
        int n = snprintf(rows, sizeof rows, "7+13 -\n%zu+1 longer than 10,000,000 bytes\n", begin);
        if (i)
            snprintf(rows + n, sizeof rows - (size_t)n, "%zu+13 -\n", end);
        expect(XML, f, rows, TL_OK, "");
    }
    /* The whole file is at hand when the row proves too long. */
    feed f = {0};
    add(&f, "<posts><row a='");
    add_run(&f, 'x', TL_ROW_CAP + 1000);
    expect(XML, f, "7+1 longer than 10,000,000 bytes\n", TL_BAD_INPUT, "its last tag is missing");
}

/* ---- streams that break ------------------------------------------------------------- */

static void expect_broken(kind k, const char *text, const char *rows)
{
    static const int failures[] = {TL_BAD_INPUT, TL_IO};
    for (size_t i = 0; i < 2; i++) {
        feed f = {.failure = failures[i]};
        add(&f, text);
        expect(k, f, rows, failures[i], "the stream broke");
    }
}

static void test_stream_that_breaks_is_the_reason(void **state)
{
    (void)state;
    expect_broken(XML, "", "");
    expect_broken(XML, "<?xml version='1.0'?><!-- half a co", "");
    expect_broken(XML, "<pos", "");
    expect_broken(XML, "<posts><!-- half a co", "");
    expect_broken(XML, "<posts>" ROW1 "<row a", "7+13 -\n");
    expect_broken(CSV, "", "");
    expect_broken(CSV, "Id,Ti", "");
    expect_broken(CSV, "Id,Title,Body\n1,a,b\n2,c", "14+5 -\n");
    expect_broken(LINES, "{\"id\": 1}\n{\"id\"", "0+9 -\n");
    expect_broken(CHUNKS, "", "");
    expect_broken(CHUNKS, "text", "0+4 -\n");
    expect_broken(CHUNKS, "\x80", "0+1 -\n"); /* ends before it can be a character */
}

static void test_stream_that_breaks_in_a_long_row(void **state)
{
    (void)state;
    feed f = {.failure = TL_IO};
    add(&f, "<posts><row a='");
    add_run(&f, 'x', 2 * TL_BLOCK_BYTES + TL_ROW_CAP);
    expect(XML, f, "", TL_IO, "the stream broke");
}

/* A caller that does not want the text gets the status all the same. */
static void test_no_text_of_a_failure(void **state)
{
    (void)state;
    test_feed none = {.chunk = SIZE_MAX, .failure = TL_IO};
    test_feed some = {.bytes = TL_STR("<posts>" ROW1 "<row "), .chunk = SIZE_MAX, .failure = TL_IO};
    tl_framer *f;
    tl_row_batch b = {0};
    assert_int_equal(tl_framer_new(&f, "x", test_feed_read, &none, NULL, 0, NULL), TL_OK);
    assert_int_equal(tl_framer_start(f, NULL), TL_IO);
    tl_framer_free(f);
    assert_int_equal(tl_framer_new(&f, "x", test_feed_read, &some, NULL, 0, NULL), TL_OK);
    assert_int_equal(tl_framer_start(f, NULL), TL_OK);
    assert_int_equal(tl_framer_fill(f, &b, NULL), 1);
    assert_int_equal(tl_framer_fill(f, &b, NULL), TL_IO);
    assert_int_equal(tl_framer_fill(f, &b, NULL), TL_IO);
    tl_framer_free(f);
    tl_row_batch_free(&b);
}

/* ---- CSV ----------------------------------------------------------------------------- */

static feed csv_feed(void)
{
    feed f = {0};
    add(&f, "Id,Title,Body\n"); /* 14 bytes */
    return f;
}

static void test_csv_of_no_size(void **state)
{
    (void)state;
    feed f = {0};
    add(&f, "Id");
    expect(CSV, f, "", TL_BAD_INPUT, "line 1: is not the header");
}

static void test_csv_blank_lines_without_end(void **state)
{
    (void)state;
    feed f = csv_feed();
    add_run(&f, '\n', 3 * TL_BLOCK_BYTES);
    add(&f, "1,a,b\n");
    expect(CSV, f, "3145742+5 -\n", TL_OK, "");
}

/* After a bad row: a line, and then a row, of which more is to come. */
static void test_csv_seeks_over_blocks(void **state)
{
    (void)state;
    feed f = csv_feed();
    add(&f, "1,a\"b,");
    add_run(&f, 'x', 2 * TL_BLOCK_BYTES);
    size_t line = f.bytes.len;
    add(&f, "\n2,c,\"");
    add_run(&f, 'y', 2 * TL_BLOCK_BYTES);
    add(&f, "\"\n3,d,e\n");
    char rows[200];
    snprintf(rows, sizeof rows, "14+3 not well-formed: a quote is missing or stands in the wrong place\n%zu+%d -\n%zu+5 -\n",
             line + 1, 2 * TL_BLOCK_BYTES + 6, line + 2 * TL_BLOCK_BYTES + 8);
    expect(CSV, f, rows, TL_OK, "");
}

/* What follows a bad row may be megabytes of one that is not at its end either: here all
 * from its second line on, read with the other quotes. */
static void test_csv_much_is_left_of_a_bad_row(void **state)
{
    (void)state;
    feed f = csv_feed();
    char rows[200];
    add(&f, "1,\"a\n\",");
    add_run(&f, 'y', 3 * TL_BLOCK_BYTES);
    add(&f, "\",\"");
    add_run(&f, 'z', 3 * TL_BLOCK_BYTES);
    add(&f, "\",c");
    snprintf(rows, sizeof rows, "14+4 not well-formed: a quote is missing or stands in the wrong place\n19+%zu -\n",
             f.bytes.len - 19);
    expect(CSV, f, rows, TL_OK, "");
}

static void test_csv_seeks_no_further_than_the_cap(void **state)
{
    (void)state;
    feed f = csv_feed();
    add(&f, "1,a\"b,c\n2,c,\"");
    add_run(&f, 'y', TL_ROW_CAP + 2 * TL_BLOCK_BYTES);
    add(&f, "\n3,d,e\n");
    expect(CSV, f, "14+3 not well-formed: a quote is missing or stands in the wrong place\n", TL_BAD_INPUT,
           "line 2 (byte 14): a row is not well-formed, and none can be made out after it");
}

/* A row over the cap that breaks, or that the file ends in, behind it. */
static void test_csv_rest_of_a_long_row(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        char rows[100];
        feed f = csv_feed();
        add(&f, "1,a,\"");
        add_run(&f, 'x', TL_ROW_CAP + 3 * TL_BLOCK_BYTES);
        if (i == 0)
            add(&f, "\"y,");
        else
            f.bytes.len -= 1;
        add(&f, i ? "x" : "\n2,c,d\n");
        size_t at_hand = (TL_ROW_CAP / TL_BLOCK_BYTES + 1) * TL_BLOCK_BYTES;
        int n = snprintf(rows, sizeof rows, "14+%zu longer than 10,000,000 bytes\n", at_hand);
        if (i == 0)
            snprintf(rows + n, sizeof rows - (size_t)n, "%zu+5 -\n", f.bytes.len - 6);
        expect(CSV, f, rows, i ? TL_BAD_INPUT : TL_OK, i ? "the file is cut off here, inside a row" : "");
    }
}

/* ---- lines and logs -------------------------------------------------------------------- */

static void test_lines(void **state)
{
    (void)state;
    feed f = {0};
    add(&f, "\t {\"id\": 1}\t\r\n \t\r\n{}");
    expect(LINES, f, "2+9 -\n18+2 -\n", TL_OK, "");
    f = (feed){0};
    add(&f, "\xEF\xBB\xBF{}\n");
    expect(LINES, f, "3+2 -\n", TL_OK, "");
    f = (feed){0};
    add(&f, "{}");
    expect(LINES, f, "0+2 -\n", TL_OK, "");
}

static void test_line_over_the_cap(void **state)
{
    (void)state;
    feed f = {0};
    add(&f, "{}\n");
    add_run(&f, 'x', TL_ROW_CAP + 4 * TL_BLOCK_BYTES);
    add(&f, "\n{}\n");
    char rows[100];
    size_t at_hand = (TL_ROW_CAP / TL_BLOCK_BYTES + 1) * TL_BLOCK_BYTES;
    snprintf(rows, sizeof rows, "0+2 -\n3+%zu longer than 10,000,000 bytes\n%zu+2 -\n", at_hand, f.bytes.len - 3);
    expect(LINES, f, rows, TL_OK, "");
}

/* A chunk of a log does not end inside a character, wherever in it the block ends. */
static void test_chunks_hold_whole_characters(void **state)
{
    (void)state;
    static const char *const texts[] = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x90\x8D"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t inside = 0; inside <= strlen(texts[i]); inside++) {
            feed f = {0};
            char rows[100];
            bool whole = inside == strlen(texts[i]);
            size_t first = TL_BLOCK_BYTES - (whole ? 0 : inside);
            add_run(&f, 'a', TL_BLOCK_BYTES - inside);
            add(&f, texts[i]);
            add(&f, "z");
            snprintf(rows, sizeof rows, "0+%zu -\n%zu+%zu -\n", first, first, f.bytes.len - first);
            expect(CHUNKS, f, rows, TL_OK, "");
        }
    /* Four bytes that only ever continue a character are none. */
    feed f = {0};
    add_run(&f, 'a', TL_BLOCK_BYTES - 4);
    add(&f, "\x80\x80\x80\x80z");
    expect(CHUNKS, f, "0+1048576 -\n1048576+1 -\n", TL_OK, "");
    f = (feed){0};
    add(&f, "ab");
    expect(CHUNKS, f, "0+2 -\n", TL_OK, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_look_may_end_in_any_markup),
        cmocka_unit_test(test_block_may_end_in_any_markup),
        cmocka_unit_test(test_comments_without_end),
        cmocka_unit_test(test_file_may_end_in_any_markup),
        cmocka_unit_test(test_failure_before_any_row),
        cmocka_unit_test(test_endless_markup),
        cmocka_unit_test(test_rows_longer_than_a_look),
        cmocka_unit_test(test_end_of_a_row_over_the_cap),
        cmocka_unit_test(test_stream_that_breaks_is_the_reason),
        cmocka_unit_test(test_stream_that_breaks_in_a_long_row),
        cmocka_unit_test(test_no_text_of_a_failure),
        cmocka_unit_test(test_csv_of_no_size),
        cmocka_unit_test(test_csv_blank_lines_without_end),
        cmocka_unit_test(test_csv_seeks_over_blocks),
        cmocka_unit_test(test_csv_much_is_left_of_a_bad_row),
        cmocka_unit_test(test_csv_seeks_no_further_than_the_cap),
        cmocka_unit_test(test_csv_rest_of_a_long_row),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_line_over_the_cap),
        cmocka_unit_test(test_chunks_hold_whole_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
