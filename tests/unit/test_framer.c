/* The framer: bytes -> rows, whatever the bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "extract/framer.h"
#include "tests/support/databases.h"
#include "tests/support/feed.h"

#define TOP "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<posts>\n"
#define ROW1 "<row Id=\"1\" Body=\"a &lt; b > c\" />"
#define ROW2 "<row Id=\"2\"\tBody='say \"/>\"'/>"
#define ROW3 "<row Id=\"3\"></row>"

/* ---- feeding ------------------------------------------------------------ */

/* What came out: "offset fault row\n" for every row, and how it ended. */
typedef struct framed {
    tl_buf text;
    size_t rows, faults;
    uint64_t next; /* of the last batch */
    int status;
    tl_error err;
} framed;

static void take_batch(framed *out, const tl_row_batch *b)
{
    assert_true(b->n_rows > 0);
    for (size_t i = 0; i < b->n_rows; i++) {
        const tl_row_at *r = &b->rows[i];
        assert_true(r->begin + r->len <= b->bytes.len);
        tl_buf_printf(&out->text, "%llu %s ", (unsigned long long)(b->offset + r->begin),
                      r->fault ? r->fault : "-");
        if (!r->fault)
            tl_buf_add(&out->text, b->bytes.data + r->begin, r->len);
        tl_buf_add_char(&out->text, '\n');
        out->rows++;
        out->faults += r->fault != NULL;
    }
    assert_true(b->next > b->offset);
    out->next = b->next;
}

static framed frame_on(tl_read_fn *read, void *ctx, const char *root, uint64_t offset)
{
    framed out = {0};
    tl_framer *f;
    tl_row_batch b = {0};
    assert_int_equal(tl_framer_new(&f, "dump", read, ctx, root, offset, &out.err), TL_OK);
    out.status = tl_framer_start(f, &out.err);
    if (out.status == TL_OK)
        while ((out.status = tl_framer_fill(f, &b, &out.err)) == 1)
            take_batch(&out, &b);
    tl_row_batch_free(&b);
    tl_framer_free(f);
    assert_false(out.text.failed);
    return out;
}

static framed frame_chunks(tl_str bytes, size_t chunk)
{
    test_feed f = {.bytes = bytes, .chunk = chunk};
    return frame_on(test_feed_read, &f, NULL, 0);
}

static framed frame(const char *text)
{
    return frame_chunks(tl_str_from(text), SIZE_MAX);
}

static void free_framed(framed *out)
{
    tl_buf_free(&out->text);
}

/* `text` is read to its end and gives these rows ("offset fault row\n"). */
static void expect(const char *text, const char *rows)
{
    framed out = frame(text);
    if (out.status)
        fail_msg("%s\nin %s", out.err.message, text);
    assert_string_equal(tl_buf_str(&out.text).data, rows);
    free_framed(&out);
}

/* `text` gives `rows` rows and then fails with `words` in the message. */
static void expect_failure(const char *text, size_t rows, const char *words)
{
    framed out = frame(text);
    assert_int_equal(out.status, TL_BAD_INPUT);
    assert_int_equal(out.err.status, TL_BAD_INPUT);
    assert_int_equal(out.rows, rows);
    if (!strstr(out.err.message, words))
        fail_msg("\"%s\" does not say \"%s\"", out.err.message, words);
    free_framed(&out);
}

/* ---- well-formed dumps -------------------------------------------------- */

static void test_rows_are_cut_out(void **state)
{
    (void)state;
    expect(TOP ROW1 "\n  " ROW2 ROW3 "\n</posts>\n",
           "47 - " ROW1 "\n84 - " ROW2 "\n113 - " ROW3 "\n");
    expect("<posts>" ROW1 "</posts>", "7 - " ROW1 "\n");
    expect("<Tags x='1' >\r\n" ROW1 "\r\n</Tags>", "15 - " ROW1 "\n");
    expect("<posthistory><row/><row\n/></posthistory>", "13 - <row/>\n19 - <row\n/>\n");
    expect(TOP "</posts>", "");
    expect("<posts/>", "");
    expect("\n<posts></posts >\n", "");
    expect("<posts>\t" ROW1 "\t \t" ROW3 "\t</posts>\t", "8 - " ROW1 "\n45 - " ROW3 "\n");
}

static void test_what_may_stand_around_rows(void **state)
{
    (void)state;
    expect("\xEF\xBB\xBF<posts>" ROW1 "</posts>", "10 - " ROW1 "\n");
    expect("\xEF\xBB\xBF" TOP ROW1 "</posts>", "50 - " ROW1 "\n");
    expect("<!-- <row/> --><?style x?><posts><!-- <row/> -->" ROW1 "<?p <row/> ?><!----></posts><!-- --> <?e?>\n",
           "48 - " ROW1 "\n");
    expect("<posts>" ROW1 "<!-- a -- > --> " ROW3 "</posts>", "7 - " ROW1 "\n57 - " ROW3 "\n");
}

static void test_names_of_rows(void **state)
{
    (void)state;
    expect("<posts><row a='1'/><rows/><row-x/></posts>", "7 - <row a='1'/>\n19 not a row \n");
    expect("<posts><x/>" ROW1 "</posts>", "7 not a row \n11 - " ROW1 "\n");
    expect("<posts>junk " ROW1 " more</posts>", "7 not a row \n12 - " ROW1 " more\n");
    for (int c = 1; c < 256; c++) {
        static const char in_names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-:.";
        char text[40];
        snprintf(text, sizeof text, "<posts><row%c a='1'/></posts>", c);
        framed out = frame(text);
        assert_int_equal(out.status, TL_OK);
        assert_int_equal(out.rows, 1);
        assert_int_equal(out.faults, strchr(in_names, c) != NULL);
        free_framed(&out);
    }
}

static void test_size_of_reads_does_not_matter(void **state)
{
    (void)state;
    tl_str text = TL_STR("\xEF\xBB\xBF<?xml version='1.0'?><!-- c --><posts>" ROW1 "<!-- <row/> -->\n" ROW2
                         "<row Id='9' Body='broken>" ROW3 "junk<?pi?>" ROW1 "\n</posts>\n<!-- end -->");
    framed whole = frame_chunks(text, SIZE_MAX);
    assert_int_equal(whole.status, 0);
    assert_int_equal(whole.rows, 5);
    const size_t chunks[] = {1, 2, 3, 7, 4096};
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
        framed part = frame_chunks(text, chunks[i]);
        assert_int_equal(part.status, 0);
        assert_string_equal(part.text.data, whole.text.data);
        free_framed(&part);
    }
    free_framed(&whole);
}

/* ---- a block's end at every byte of a row -------------------------------- */

static void add_rows(tl_buf *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tl_buf_printf(b, "<row Id=\"%zu\" Body=\"", i);
        for (size_t k = 0; k < 20 + i % 50; k++)
            tl_buf_add_cstr(b, "lorem '/> ipsum ");
        tl_buf_add_cstr(b, i % 100 == 3 ? "\" ></row>\n<!-- <row/> -->" : i % 7 ? "\" />\n" : "\" />");
    }
}

/* The framer hands out about a megabyte at a time: moving the rows byte by byte puts
 * the end of a block at every place of a row. */
static void test_block_may_end_anywhere(void **state)
{
    (void)state;
    tl_buf rows = {0}, expected = {0};
    add_rows(&rows, 1500); /* about 1.1 MB */
    tl_buf_add_cstr(&rows, "</posts>");
    for (size_t shift = 0; shift < 1400; shift++) {
        tl_buf text = {0};
        tl_buf_printf(&text, "<posts>%*s", (int)shift, "");
        const size_t start = text.len;
        tl_buf_add_str(&text, tl_buf_str(&rows));
        test_feed f = {.bytes = tl_buf_str(&text), .chunk = SIZE_MAX};
        framed out = frame_on(test_feed_read, &f, NULL, 0);
        assert_int_equal(out.status, 0);
        assert_int_equal(out.rows, 1500);
        assert_int_equal(out.faults, 0);
        tl_buf plain = {0}; /* the rows without their offsets */
        for (const char *line = out.text.data, *end; *line; line = end + 1) {
            const char *dash = strchr(line, ' ');
            const uint64_t offset = strtoull(line, NULL, 10);
            end = strchr(line, '\n');
            assert_memory_equal(rows.data + (offset - start), dash + 3, (size_t)(end - dash - 3));
            tl_buf_add(&plain, dash, (size_t)(end - dash));
        }
        if (shift == 0)
            tl_buf_add_str(&expected, tl_buf_str(&plain));
        assert_true(tl_str_eq(tl_buf_str(&plain), tl_buf_str(&expected)));
        tl_buf_free(&plain);
        free_framed(&out);
        tl_buf_free(&text);
    }
    tl_buf_free(&expected);
    tl_buf_free(&rows);
}

/* ---- resuming ----------------------------------------------------------- */

/* From every batch's `next`, a framer that knows only the root element gives the same
 * rest, and the same ending. */
static void check_resume(tl_str text, int status)
{
    tl_framer *f;
    tl_row_batch b = {0};
    tl_error err;
    test_feed in = {.bytes = text, .chunk = SIZE_MAX};
    framed all = frame_chunks(text, SIZE_MAX);
    assert_int_equal(all.status, status);
    assert_int_equal(tl_framer_new(&f, "dump", test_feed_read, &in, NULL, 0, &err), TL_OK);
    assert_int_equal(tl_framer_start(f, &err), TL_OK);
    size_t passed = 0;
    while (tl_framer_fill(f, &b, &err) == 1) {
        for (size_t i = 0; i < b.n_rows; i++)
            passed = (size_t)(strchr(all.text.data + passed, '\n') + 1 - all.text.data);
        test_feed rest = {.bytes = {text.data + b.next, text.len - b.next}, .chunk = SIZE_MAX};
        framed resumed = frame_on(test_feed_read, &rest, tl_framer_root(f), b.next);
        assert_int_equal(resumed.status, status);
        assert_string_equal(tl_buf_str(&resumed.text).data, all.text.data + passed);
        free_framed(&resumed);
    }
    tl_row_batch_free(&b);
    tl_framer_free(f);
    free_framed(&all);
}

static void test_any_batch_can_be_resumed(void **state)
{
    (void)state;
    tl_buf text = {0};
    tl_buf_add_cstr(&text, "<posts>");
    add_rows(&text, 6000);
    tl_buf_add_cstr(&text, "<row Id='x' Body='");
    for (int i = 0; i < 1200000; i++)
        tl_buf_add_cstr(&text, "too long ");
    tl_buf_add_cstr(&text, "'/>");
    add_rows(&text, 3000);
    check_resume(tl_buf_str(&text), TL_BAD_INPUT); /* cut off */
    tl_buf_add_cstr(&text, "</posts>");
    check_resume(tl_buf_str(&text), TL_OK);
    tl_buf_free(&text);
}

/* ---- dumps that end too early ------------------------------------------- */

static void test_truncation_at_every_byte(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF" TOP ROW1 "\n  " ROW2 "<!-- <row/> --> " ROW3 "\n</posts>\n";
    size_t ends[3], complete = (size_t)(strstr(text, "</posts>") + 8 - text);
    const char *rows[3] = {ROW1, ROW2, ROW3};
    for (int i = 0; i < 3; i++)
        ends[i] = (size_t)(strstr(text, rows[i]) - text) + strlen(rows[i]);
    for (size_t cut = 0; cut < sizeof text - 1; cut++) {
        framed out = frame_chunks((tl_str){text, cut}, 3);
        size_t whole = 0;
        while (whole < 3 && ends[whole] <= cut)
            whole++;
        assert_int_equal(out.rows, whole);
        assert_int_equal(out.faults, 0);
        assert_int_equal(out.status, cut >= complete ? TL_OK : TL_BAD_INPUT);
        if (cut < complete) {
            const char *byte = strstr(out.err.message, "byte ");
            if (!byte)
                fail_msg("cut at %zu: \"%s\" names no byte", cut, out.err.message);
            assert_true(strtoull(byte + 5, NULL, 10) <= cut);
            if (cut > 0 && whole > 0 && whole < 3) /* the byte after the last good row, or later */
                assert_true(strtoull(byte + 5, NULL, 10) >= ends[whole - 1]);
        }
        free_framed(&out);
    }
}

static void test_broken_stream_gives_what_came_before(void **state)
{
    (void)state;
    test_feed f = {.bytes = TL_STR(TOP ROW1 ROW2 "<row Id=\"3\" Bo"), .chunk = 5, .failure = TL_BAD_INPUT};
    framed out = frame_on(test_feed_read, &f, NULL, 0);
    assert_int_equal(out.rows, 2);
    assert_int_equal(out.status, TL_BAD_INPUT);
    assert_string_equal(out.err.message, "the stream broke");
    free_framed(&out);
    /* An error of the disk may pass: nothing is concluded from it. */
    f = (test_feed){.bytes = TL_STR(TOP ROW1 ROW2 "<row Id=\"3\" Bo"), .chunk = 5, .failure = TL_IO};
    out = frame_on(test_feed_read, &f, NULL, 0);
    assert_int_equal(out.status, TL_IO);
    free_framed(&out);
}

/* ---- what is no dump ---------------------------------------------------- */

static void test_other_content_is_refused(void **state)
{
    (void)state;
    expect_failure("hello", 0, "not a Stack Exchange dump");
    expect_failure("<html><body/></html>", 0, "not a Stack Exchange dump");
    expect_failure("{\"id\": 1}", 0, "not a Stack Exchange dump");
    expect_failure("<postsx></postsx>", 0, "not a Stack Exchange dump");
    expect_failure("", 0, "byte 0");
    expect_failure("   ", 0, "byte 3");
    expect_failure("<!-- unending", 0, "byte 0");
    expect_failure("<posts", 0, "cut off");
    expect_failure("\x7F\x01~<posts>", 0, "found \"..~<posts>\"");
    expect_failure("<posts></posts ", 0, "byte 7: the file is cut off inside its last tag");
    expect_failure("<posts><row Id=\"</posts ", 0, "byte 7: the file is cut off here, inside a row");
    expect_failure("<posts>" ROW1 "</posts>" ROW3, 1, "byte 49: content after the end");
    expect_failure("<posts>" ROW1 "</posts>x", 1, "content after the end");
    expect_failure("<posts/>" ROW1, 0, "content after the end");
}

static void test_document_types_are_refused(void **state)
{
    (void)state;
    expect_failure("<?xml version='1.0'?><!DOCTYPE posts [<!ENTITY a 'b'>]><posts>" ROW1 "</posts>", 0,
                   "byte 21: a document type declaration");
    expect_failure("<posts>" ROW1 "<!DOCTYPE posts>" ROW3 "</posts>", 1, "document type declaration");
    expect_failure("<posts></posts><!DOCTYPE posts>", 0, "byte 15");
}

static void test_encodings(void **state)
{
    (void)state;
    static const char *const good[] = {"utf-8", "UTF-8", "Utf-8", "US-ASCII", "ASCII"};
    static const char *const foreign[] = {"iso-8859-1", "windows-1252", "utf-16", "UTF-7", "utf-88", ""};
    char text[200];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(text, sizeof text, "<?xml version='1.0' encoding = \"%s\"?><posts>" ROW1 "</posts>", good[i]);
        framed out = frame(text);
        assert_int_equal(out.status, TL_OK);
        assert_int_equal(out.rows, 1);
        free_framed(&out);
    }
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        snprintf(text, sizeof text, "<?xml version='1.0' encoding='%s'?><posts>" ROW1 "</posts>", foreign[i]);
        expect_failure(text, 0, "encoded in");
    }
}

static void test_utf16_is_named(void **state)
{
    (void)state;
    static const char ascii[] = "<posts></posts>";
    for (int form = 0; form < 4; form++) { /* bit 0: big-endian; bit 1: without a mark */
        char text[64];
        size_t n = 0;
        for (const char *p = ascii; *p; p++) {
            text[n++] = form & 1 ? '\0' : *p;
            text[n++] = form & 1 ? *p : '\0';
        }
        tl_buf b = {0};
        if (!(form & 2))
            tl_buf_add(&b, form & 1 ? "\xFE\xFF" : "\xFF\xFE", 2);
        tl_buf_add(&b, text, n);
        framed out = frame_chunks(tl_buf_str(&b), SIZE_MAX);
        assert_int_equal(out.status, TL_BAD_INPUT);
        assert_non_null(strstr(out.err.message, "UTF-16"));
        free_framed(&out);
        tl_buf_free(&b);
    }
}

/* ---- one bad row -------------------------------------------------------- */

/* Whatever one row holds, its neighbours come out whole. */
static void test_only_the_bad_row_is_lost(void **state)
{
    (void)state;
    static const char *const inside[] = {
        "<", "<b>", "<row ", "<row Id=\"5\" />", "<!--", "<!-- x -->", "<?php", "<?php ?>", "<!DOCTYPE html>",
        "<![CDATA[", "</posts>", "</posts", "</row>", "</", "<!", "\"", "'", "\" '", "\" />", "/>", "&", "<<<<",
    };
    static const char *const ends[] = {"\" />", "", "\"", "/>", ">"};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
            for (int last = 0; last < 2; last++) {
                char text[300];
                snprintf(text, sizeof text, "<posts>" ROW1 "\n<row Id=\"2\" Body=\"%s%s\n%s</posts>\n", inside[i],
                         ends[k], last ? "" : ROW3 "\n");
                framed out = frame(text);
                if (out.status != TL_OK)
                    fail_msg("%s\nin %s", out.err.message, text);
                assert_memory_equal(out.text.data, "7 - " ROW1 "\n", strlen("7 - " ROW1 "\n"));
                if (!last && !strstr(out.text.data, " - " ROW3 "\n"))
                    fail_msg("the row after is lost in %s", text);
                free_framed(&out);
            }
}

static void test_nul_bytes_are_bytes(void **state)
{
    (void)state;
    tl_str text = TL_STR("<posts><row Id=\"1\" Body=\"\0\"/>\0<row Id=\"2\"/></posts>");
    framed out = frame_chunks(text, 1);
    assert_int_equal(out.status, TL_OK);
    assert_int_equal(out.rows, 2);
    free_framed(&out);
}

/* ---- long rows ---------------------------------------------------------- */

/* "<posts>", then rows of given lengths between rows "<row Id="n"/>", then the end. */
typedef struct generator {
    const uint64_t *lengths; /* 0 ends the list */
    uint64_t at;             /* within the current piece */
    char piece;              /* '(' top, 'r' small row, 'L' long row, ')' end */
} generator;

static tl_str piece_text(const generator *g)
{
    switch (g->piece) {
    case '(':
        return TL_STR("<posts>");
    case 'r':
        return TL_STR("<row Id=\"7\"/>");
    case 'L':
        return TL_STR("<row Body=\"");
    default:
        return TL_STR("</posts>");
    }
}

static void next_piece(generator *g)
{
    g->at = 0;
    if (g->piece == 'L')
        g->lengths++;
    g->piece = g->piece == '(' || g->piece == 'L' ? 'r' : g->piece == 'r' && *g->lengths ? 'L' : g->piece == 'r' ? ')' : '.';
}

static ssize_t read_generated(void *ctx, void *to, size_t cap, tl_error *err)
{
    generator *g = ctx;
    (void)err;
    if (g->piece == '.')
        return 0;
    tl_str text = piece_text(g);
    uint64_t length = g->piece == 'L' ? *g->lengths : text.len, left = length - g->at;
    size_t n = left < cap ? (size_t)left : cap;
    memset(to, 'x', n);
    for (size_t i = 0; i < n && g->at + i < text.len; i++)
        ((char *)to)[i] = text.data[g->at + i];
    if (g->piece == 'L') /* ends in "/> */
        for (size_t i = n > 3 ? n - 3 : 0; i < n; i++)
            if (g->at + i >= length - 3)
                ((char *)to)[i] = "\"/>"[g->at + i - (length - 3)];
    g->at += n;
    if (g->at == length)
        next_piece(g);
    return (ssize_t)n;
}

/* Frames what the generator makes and checks the number of rows, faults, and that the
 * memory stays bounded. */
static void check_long(const uint64_t *lengths, size_t rows, size_t faults)
{
    generator g = {.lengths = lengths, .piece = '('};
    tl_framer *f;
    tl_row_batch b = {0};
    tl_error err;
    framed out = {0};
    assert_int_equal(tl_framer_new(&f, "dump", read_generated, &g, NULL, 0, &err), TL_OK);
    assert_int_equal(tl_framer_start(f, &err), TL_OK);
    uint64_t offset = 7;
    while ((out.status = tl_framer_fill(f, &b, &err)) == 1)
        for (size_t i = 0; i < b.n_rows; i++) {
            const bool small = out.rows % 2 == 0; /* they alternate */
            assert_int_equal(b.offset + b.rows[i].begin, offset);
            assert_true(b.bytes.cap <= 32 * 1024 * 1024);
            if (small)
                assert_memory_equal(b.bytes.data + b.rows[i].begin, "<row Id=\"7\"/>", 13);
            if (b.rows[i].fault) {
                assert_non_null(strstr(b.rows[i].fault, "10,000,000 bytes"));
                out.faults++;
            }
            offset += small ? 13 : lengths[out.rows / 2];
            out.rows++;
        }
    assert_int_equal(out.status, TL_OK);
    assert_int_equal(out.rows, rows);
    assert_int_equal(out.faults, faults);
    tl_row_batch_free(&b);
    tl_framer_free(f);
}

static void test_rows_up_to_the_cap(void **state)
{
    (void)state;
    check_long((uint64_t[]){TL_ROW_CAP, 100, TL_ROW_CAP - 1, 0}, 7, 0);
}

static void test_rows_over_the_cap_are_left_out(void **state)
{
    (void)state;
    check_long((uint64_t[]){TL_ROW_CAP + 1, 100, 12345678, 11000000, 0}, 9, 3);
}

static void test_row_of_two_gigabytes(void **state)
{
    (void)state;
    check_long((uint64_t[]){UINT64_C(2) << 30, 50, 0}, 5, 1);
}

static void test_long_row_at_the_end_of_a_cut_file(void **state)
{
    (void)state;
    tl_buf text = {0};
    tl_buf_add_cstr(&text, "<posts>" ROW1 "<row Body=\"");
    for (int i = 0; i < 1500000; i++)
        tl_buf_add_cstr(&text, "0123456789");
    framed out = frame_chunks(tl_buf_str(&text), SIZE_MAX);
    assert_int_equal(out.status, TL_BAD_INPUT);
    assert_true(out.rows >= 1);
    assert_memory_equal(out.text.data, "7 - " ROW1 "\n", strlen("7 - " ROW1 "\n"));
    free_framed(&out);
    tl_buf_free(&text);
}

/* "<posts>", `blanks` blanks, a row, as many again, "</posts>". */
typedef struct blank_feed {
    size_t blanks, at;
    int piece;
} blank_feed;

static ssize_t read_blanks(void *ctx, void *to, size_t cap, tl_error *err)
{
    static const char *const pieces[] = {"<posts>", NULL, ROW1, NULL, "</posts>"};
    blank_feed *f = ctx;
    (void)err;
    if (f->piece == 5)
        return 0;
    tl_str text = tl_str_from(pieces[f->piece]);
    size_t length = text.data ? text.len : f->blanks, n = length - f->at < cap ? length - f->at : cap;
    if (text.data)
        memcpy(to, text.data + f->at, n);
    else
        memset(to, ' ', n);
    f->at += n;
    if (f->at == length) {
        f->piece++;
        f->at = 0;
    }
    return (ssize_t)n;
}

static void test_blanks_need_no_memory(void **state)
{
    (void)state;
    blank_feed in = {.blanks = 50 * 1000 * 1000};
    tl_framer *f;
    tl_row_batch b = {0};
    tl_error err;
    assert_int_equal(tl_framer_new(&f, "dump", read_blanks, &in, NULL, 0, &err), TL_OK);
    assert_int_equal(tl_framer_start(f, &err), TL_OK);
    assert_int_equal(tl_framer_fill(f, &b, &err), 1);
    assert_int_equal(b.n_rows, 1);
    assert_int_equal(b.offset + b.rows[0].begin, 7 + in.blanks);
    assert_int_equal(tl_framer_fill(f, &b, &err), 0);
    assert_true(b.bytes.cap <= 8 * 1024 * 1024);
    tl_row_batch_free(&b);
    tl_framer_free(f);
}

static void test_blanks_after_the_end(void **state)
{
    (void)state;
    tl_buf text = {0};
    tl_buf_add_cstr(&text, "<posts>" ROW1 "</posts>");
    for (int i = 0; i < 300000; i++)
        tl_buf_add_cstr(&text, "          ");
    framed out = frame_chunks(tl_buf_str(&text), SIZE_MAX);
    if (out.status)
        fail_msg("%s", out.err.message);
    assert_int_equal(out.rows, 1);
    free_framed(&out);
    tl_buf_add_char(&text, 'x');
    out = frame_chunks(tl_buf_str(&text), SIZE_MAX);
    assert_int_equal(out.status, TL_BAD_INPUT);
    free_framed(&out);
    tl_buf_free(&text);
}

/* ---- random dumps ------------------------------------------------------- */

/* Pieces of markup in any order: no crash, no endless loop, and the size of the reads
 * does not matter. */
static void test_any_bytes(void **state)
{
    (void)state;
    static const char *const pieces[] = {"<posts>", "</posts>", "<row ", "<row", "/>", "\"", "'", "<!--", "-->", "<?", "?>",
                                         "<!DOCTYPE", " ", "\n", "a=", "<", ">", "</row>", "\xEF\xBB\xBF", "x", "&lt;"};
    test_random random = test_random_new("test_any_bytes", 1);
    for (int round = 0; round < 20000; round++) {
        tl_buf text = {0};
        if (test_random_below(&random, 4))
            tl_buf_add_cstr(&text, "<posts>");
        for (uint32_t n = test_random_below(&random, 25); n > 0; n--)
            tl_buf_add_cstr(&text, pieces[test_random_below(&random, sizeof pieces / sizeof *pieces)]);
        framed a = frame_chunks(tl_buf_str(&text), SIZE_MAX), b = frame_chunks(tl_buf_str(&text), 1);
        assert_int_equal(a.status, b.status);
        assert_true(tl_str_eq(tl_buf_str(&a.text), tl_buf_str(&b.text)));
        if (a.status)
            assert_string_equal(a.err.message, b.err.message);
        free_framed(&a);
        free_framed(&b);
        tl_buf_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_cut_out),
        cmocka_unit_test(test_what_may_stand_around_rows),
        cmocka_unit_test(test_names_of_rows),
        cmocka_unit_test(test_size_of_reads_does_not_matter),
        cmocka_unit_test(test_block_may_end_anywhere),
        cmocka_unit_test(test_any_batch_can_be_resumed),
        cmocka_unit_test(test_truncation_at_every_byte),
        cmocka_unit_test(test_broken_stream_gives_what_came_before),
        cmocka_unit_test(test_other_content_is_refused),
        cmocka_unit_test(test_document_types_are_refused),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_utf16_is_named),
        cmocka_unit_test(test_only_the_bad_row_is_lost),
        cmocka_unit_test(test_nul_bytes_are_bytes),
        cmocka_unit_test(test_rows_up_to_the_cap),
        cmocka_unit_test(test_rows_over_the_cap_are_left_out),
        cmocka_unit_test(test_row_of_two_gigabytes),
        cmocka_unit_test(test_long_row_at_the_end_of_a_cut_file),
        cmocka_unit_test(test_blanks_need_no_memory),
        cmocka_unit_test(test_blanks_after_the_end),
        cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
