/* The two readers of a row: libxml2, and the scan that must never contradict it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "extract/posts.h"
#include "extract/row.h"
#include "tests/support/databases.h"

static tl_row_parser *parser;
static tl_arena arena;

static int set_up(void **state)
{
    (void)state;
    return tl_row_parser_new(&parser, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    tl_row_parser_free(parser);
    tl_arena_free(&arena);
    return 0;
}

static tl_row parse(const char *text)
{
    tl_row row;
    tl_error err;
    size_t repairs;
    if (tl_row_parse(parser, tl_str_from(text), &arena, &row, &repairs, &err) != TL_OK)
        fail_msg("%s\nin %s", err.message, text);
    return row;
}

static void expect_attr(const tl_row *row, tl_attr a, const char *value)
{
    assert_int_equal(row->attr[a].data != NULL, value != NULL);
    if (value && !tl_str_eq(row->attr[a], tl_str_from(value)))
        fail_msg("\"" TL_STR_FMT "\" is not \"%s\"", TL_STR_ARG(row->attr[a]), value);
}

static void expect_bad(tl_str text)
{
    tl_row row;
    tl_error err;
    size_t repairs;
    assert_int_equal(tl_row_parse(parser, text, &arena, &row, &repairs, &err), TL_BAD_INPUT);
    assert_true(strlen(err.message) > 0);
    assert_null(strchr(err.message, '\n'));
}

/* ---- libxml2 ------------------------------------------------------------ */

static void test_parse_decodes(void **state)
{
    (void)state;
    tl_row r = parse("<row Id=\"12\" PostTypeId='1' Body=\"&lt;p&gt; a &amp;amp; b&#xA;c &quot;d&quot;\" Tags=\"\" />");
    expect_attr(&r, TL_ATTR_ID, "12");
    expect_attr(&r, TL_ATTR_POST_TYPE, "1");
    expect_attr(&r, TL_ATTR_BODY, "<p> a &amp; b\nc \"d\"");
    expect_attr(&r, TL_ATTR_TAGS, "");
    expect_attr(&r, TL_ATTR_TITLE, NULL);
    r = parse("<row Id = \"1\"\n\tScore=\"-3\" Other=\"x\"></row>");
    expect_attr(&r, TL_ATTR_ID, "1");
    expect_attr(&r, TL_ATTR_SCORE, "-3");
}

static void test_parse_repairs(void **state)
{
    (void)state;
    tl_row row;
    tl_error err;
    size_t repairs;
    tl_str text = TL_STR("<row Id=\"1\" Body=\"a&#x0E;b\x01 \xFF\0\" />");
    assert_int_equal(tl_row_parse(parser, text, &arena, &row, &repairs, &err), TL_OK);
    assert_int_equal(repairs, 4);
    expect_attr(&row, TL_ATTR_BODY, "a\xEF\xBF\xBD" "b\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD");
}

static void test_parse_rejects(void **state)
{
    (void)state;
    expect_bad(TL_STR("<row"));
    expect_bad(TL_STR("<row Id=\"1\""));
    expect_bad(TL_STR("<row Id=\"1\" />x"));
    expect_bad(TL_STR("<row Id=\"1\" Id=\"2\" />"));
    expect_bad(TL_STR("<row Id=\"1 />"));
    expect_bad(TL_STR("<row Id=1 />"));
    expect_bad(TL_STR("<row Id=\"<\" />"));
    expect_bad(TL_STR("<row Id=\"&nbsp;\" />"));
    expect_bad(TL_STR("<row Id=\"& \" />"));
    expect_bad(TL_STR("<row><a/></row>"));
    expect_bad(TL_STR("<row/><row/>"));
    expect_bad(TL_STR(""));
    expect_bad(TL_STR("   "));
}

/* Entities need a document type, and none is accepted. */
static void test_entities_are_not_expanded(void **state)
{
    (void)state;
    expect_bad(TL_STR("<!DOCTYPE row [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><row Body=\"&b;\" />"));
    expect_bad(TL_STR("<!DOCTYPE row SYSTEM \"file:///etc/passwd\"><row />"));
    expect_bad(TL_STR("<!DOCTYPE row [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><row Body=\"&x;\"/>"));
    tl_row r = parse("<row Id=\"7\" />"); /* the parser goes on */
    expect_attr(&r, TL_ATTR_ID, "7");
}

static void test_a_row_of_ten_megabytes(void **state)
{
    (void)state;
    tl_buf text = {0};
    tl_buf_add_cstr(&text, "<row Id=\"1\" Body=\"");
    while (text.len < 9900000)
        tl_buf_add_cstr(&text, "0123456789 &lt;p&gt; ");
    tl_buf_add_cstr(&text, "\" />");
    tl_row r = parse(text.data);
    assert_true(r.attr[TL_ATTR_BODY].len > 6000000);
    tl_buf_free(&text);
}

/* ---- the scan ----------------------------------------------------------- */

static void test_scan_of_a_question(void **state)
{
    (void)state;
    tl_row r;
    assert_true(tl_row_scan(TL_STR("<row Id=\"12\" PostTypeId=\"1\" Score=\"-4\" ViewCount=\"9\" Body=\"&lt;p&gt;&amp;\" "
                                   "Title=\"&quot;\" Tags=\"&lt;python&gt;\" AnswerCount=\"0\" CommentCount=\"3\" />"),
                            &r));
    expect_attr(&r, TL_ATTR_ID, "12");
    expect_attr(&r, TL_ATTR_SCORE, "-4");
    expect_attr(&r, TL_ATTR_VIEWS, "9");
    expect_attr(&r, TL_ATTR_TAGS, "&lt;python&gt;");
    expect_attr(&r, TL_ATTR_ANSWERS, "0");
    expect_attr(&r, TL_ATTR_COMMENTS, "3");
    expect_attr(&r, TL_ATTR_PARENT, NULL);
}

static void test_scan_of_an_answer(void **state)
{
    (void)state;
    tl_row r;
    assert_true(tl_row_scan(TL_STR("<row Id=\"12\" PostTypeId=\"2\" ParentId=\"7\" Body=\"x\" />"), &r));
    expect_attr(&r, TL_ATTR_ID, "12");
    expect_attr(&r, TL_ATTR_PARENT, "7");
}

static void test_scan_says_unusual(void **state)
{
    (void)state;
    static const char *const unusual[] = {
        "<row Id='1' PostTypeId=\"1\" />",
        "<row Id=\"1\" PostTypeId=\"1\" Id=\"2\" />",
        "<row Id=\"&#49;\" PostTypeId=\"1\" />",
        "<row PostTypeId=\"&#x31;\" Id=\"1\" />",
        "<row Id=\"1\" PostTypeId=\"1\" Tags=\"&#60;python&#62;\" />",
        "<row Id=\"1\" PostTypeId=\"1\" Tags=\"&lt;c&amp;c&gt;\" />",
        "<row Id=\"1\" PostTypeId=\"1\"",
        "<row Id=\"1\" PostTypeId=\"1",
        "<row Id=\"1\" PostTypeId=\"1\"></row>",
        "<row Id=\"1\"PostTypeId=\"1\" />",
        "<row Id = \"1\" />",
        "<row Id />",
        "<row",
        "<row ",
        "<row Id=\"1\" PostTypeId=\"1\" / >",
        "<row Id=\"1\" PostTypeId=\"1\" Tags=\"py\xFEthon\" />",
        "<row Id=\"1\" PostTypeId=\"1\" Tags=\"py\x01thon\" />",
    };
    for (size_t i = 0; i < sizeof unusual / sizeof *unusual; i++) {
        tl_row r;
        if (tl_row_scan(tl_str_from(unusual[i]), &r))
            fail_msg("vouched for %s", unusual[i]);
    }
}

/* ---- the scan beside the parser ------------------------------------------ */

static const char *pick(test_random *random, const char *const *list, uint32_t n)
{
    return list[test_random_below(random, n)];
}

#define PICK(list) pick(random, list, sizeof(list) / sizeof *(list))

static tl_str random_row(test_random *random, tl_buf *b)
{
    static const char *const names[] = {"Id", "PostTypeId", "ParentId", "AcceptedAnswerId", "CreationDate", "Score",
                                        "ViewCount", "Body", "Title", "Tags", "AnswerCount", "CommentCount", "OwnerUserId",
                                        "id", "x:Id", "Tag", "PostType", "xml:lang", "xmlns", "Id2", "1x", ""};
    static const char *const values[] = {"1", "2", "3", "5", "01", "02", "10", "-1", "", " 1", "1 ", "1\n", "\t2", "9223372036854775808",
                                         "&#49;", "&#x32;", "&lt;python&gt;&lt;keras&gt;", "|python|nltk|", "&amp;", "&lt;&#62;", "&quot;", "a'b",
                                         "a>b", "a<b", "\x0E", "&#x0E;", "\xFF", "\xC3\xA4", "&bad;", "&lt", "2019-05-16T20:52:18.000", "/>", "\r\n"};
    static const char *const gaps[] = {" ", " ", " ", " ", " ", "\n", "\t", "  ", ""};
    static const char *const ends[] = {" />", "/>", " />", "></row>", "", ">", " / >", "/> x", "\n/>"};
    static const char *const equals[] = {"=", "=", "=", "=", "=", "=", " =", "= ", ""};
    tl_buf_clear(b);
    tl_buf_add_cstr(b, "<row");
    bool clean = test_random_below(random, 2); /* half of the rows: known names and good syntax */
    for (uint32_t n = test_random_below(random, 9), first = 0; first < n; first++) {
        char quote = clean || test_random_below(random, 8) ? '"' : '\'';
        const char *name = clean ? names[(first * 5 + n) % 12] : PICK(names);
        tl_buf_printf(b, "%s%s%s%c%s%c", clean ? " " : PICK(gaps), name, clean ? "=" : PICK(equals), quote, PICK(values), quote);
    }
    tl_buf_add_cstr(b, clean ? " />" : PICK(ends));
    assert_false(b->failed);
    return tl_buf_str(b);
}

/* A raw value decoded as far as the scan lets it need decoding. */
static tl_str decode_angles(tl_str raw)
{
    tl_buf out = {0};
    for (size_t i = 0; i < raw.len;) {
        bool lt = raw.len - i >= 4 && memcmp(raw.data + i, "&lt;", 4) == 0;
        bool gt = raw.len - i >= 4 && memcmp(raw.data + i, "&gt;", 4) == 0;
        tl_buf_add_char(&out, lt ? '<' : gt ? '>' : raw.data[i]);
        i += lt || gt ? 4 : 1;
    }
    tl_str copy = tl_arena_copy(&arena, tl_buf_str(&out));
    tl_buf_free(&out);
    return copy;
}

static void compare_readers(tl_str text, size_t *agreed)
{
    tl_row scanned, parsed;
    tl_post a, b;
    size_t repairs;
    if (!tl_row_scan(text, &scanned) ||
        tl_row_parse(parser, text, &arena, &parsed, &repairs, NULL) != TL_OK)
        return;
    bool stopped = false; /* the scan may stop once it knows that the row goes no further */
    int rc_a = tl_post_from_row(&scanned, &a, NULL), rc_b = tl_post_from_row(&parsed, &b, NULL);
    stopped = a.kind == TL_OTHER_POST || (a.kind == TL_ANSWER && rc_a == TL_OK);
    if (a.kind != b.kind || (!stopped && rc_a != rc_b))
        fail_msg("the readers disagree on the kind of " TL_STR_FMT, TL_STR_ARG(text));
    if (a.kind == TL_OTHER_POST)
        return;
    if (rc_a == TL_OK && (rc_b != TL_OK || a.id.number != b.id.number || (a.kind == TL_ANSWER && a.parent != b.parent)))
        fail_msg("the readers disagree on the ids of " TL_STR_FMT, TL_STR_ARG(text));
    for (int i = 0; i < TL_ATTRS; i++) {
        if (i == TL_ATTR_BODY || i == TL_ATTR_TITLE || (stopped && !scanned.attr[i].data))
            continue;
        if ((scanned.attr[i].data != NULL) != (parsed.attr[i].data != NULL) ||
            (scanned.attr[i].data && !tl_str_eq(decode_angles(scanned.attr[i]), parsed.attr[i])))
            fail_msg("the readers disagree on attribute %d of " TL_STR_FMT, i, TL_STR_ARG(text));
    }
    ++*agreed;
}

static void test_scan_never_contradicts_the_parser(void **state)
{
    (void)state;
    test_random random = test_random_new("test_scan_never_contradicts_the_parser", 1);
    tl_buf text = {0};
    size_t agreed = 0;
    for (int round = 0; round < 200000; round++) {
        compare_readers(random_row(&random, &text), &agreed);
        tl_arena_reset(&arena);
    }
    assert_true(agreed > 1000); /* the test did compare */
    tl_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_decodes),
        cmocka_unit_test(test_parse_repairs),
        cmocka_unit_test(test_parse_rejects),
        cmocka_unit_test(test_entities_are_not_expanded),
        cmocka_unit_test(test_a_row_of_ten_megabytes),
        cmocka_unit_test(test_scan_of_a_question),
        cmocka_unit_test(test_scan_of_an_answer),
        cmocka_unit_test(test_scan_says_unusual),
        cmocka_unit_test(test_scan_never_contradicts_the_parser),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
