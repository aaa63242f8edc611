/* Repair of text that XML does not allow, beside a slow version of it that follows the
 * definitions of UTF-8 and of an XML character by the letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "extract/repair.h"
#include "tests/support/databases.h"

#define BAD "\xEF\xBF\xBD"

/* ---- the slow version --------------------------------------------------- */

static bool is_xml_char(uint32_t c)
{
    return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
           (c >= 0x10000 && c <= 0x10FFFF);
}

static size_t encode(uint32_t c, char *to)
{
    if (c < 0x80)
        return to[0] = (char)c, 1;
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3F));
    to[0] = (char)((0xF00 >> n & 0xFF) | c);
    return n;
}

/* The length of the XML character at s[at], or 0: the one among the lengths 1 to 4
 * whose bits, written as UTF-8 again, give the same bytes. */
static size_t char_at(tl_str s, size_t at)
{
    for (size_t n = 1; n <= 4 && n <= s.len - at; n++) {
        uint32_t c = (unsigned char)s.data[at];
        if (n > 1)
            c &= 0x7Fu >> n;
        for (size_t i = 1; i < n; i++)
            c = c << 6 | ((unsigned char)s.data[at + i] & 0x3F);
        char again[4];
        if (is_xml_char(c) && encode(c, again) == n && memcmp(again, s.data + at, n) == 0)
            return n;
    }
    return 0;
}

/* The length of a reference to a forbidden character at s[at], or 0. */
static size_t reference_at(tl_str s, size_t at)
{
    char text[64];
    size_t n = s.len - at < sizeof text - 1 ? s.len - at : sizeof text - 1;
    memcpy(text, s.data + at, n);
    text[n] = '\0';
    if (text[0] != '&' || text[1] != '#')
        return 0;
    bool hex = text[2] == 'x';
    char *digits = text + 2 + hex, *end = digits + strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
    if (end == digits || *end != ';')
        return 0;
    unsigned long long c = strtoull(digits, NULL, hex ? 16 : 10);
    return c <= UINT32_MAX && is_xml_char((uint32_t)c) ? 0 : (size_t)(end + 1 - text);
}

static size_t slow_repair(tl_str s, bool references, tl_buf *to)
{
    size_t count = 0;
    tl_buf_clear(to);
    for (size_t i = 0; i < s.len;) {
        size_t bad = references ? reference_at(s, i) : 0, good = char_at(s, i);
        if (bad > 0 || good == 0) {
            tl_buf_add_cstr(to, BAD);
            i += bad > 0 ? bad : 1;
            count++;
        } else {
            tl_buf_add(to, s.data + i, good);
            i += good;
        }
    }
    return count;
}

/* ---- tests -------------------------------------------------------------- */

static void expect_bytes(tl_str from, const char *to, size_t replacements)
{
    tl_buf out = {0};
    assert_int_equal(tl_repair(from, true, &out), replacements);
    assert_int_equal(tl_buf_check(&out, "test", NULL), TL_OK);
    if (replacements > 0)
        assert_string_equal(out.data, to);
    else
        assert_int_equal(out.len, 0);
    tl_buf_free(&out);
}

#define expect(from, to, replacements) expect_bytes(TL_STR(from), to, replacements)

static void test_good_text_is_left_alone(void **state)
{
    (void)state;
    expect("", "", 0);
    expect("plain\ttext\r\n", "", 0);
    expect("\x7F \xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBD \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF", "", 0);
    expect("&amp; &lt; &#9; &#10; &#xA; &#xD; &#x20; &#xFFFD; &#x10FFFF; &#128512;", "", 0);
}

static void test_bad_utf8(void **state)
{
    (void)state;
    expect("a\xFFz", "a" BAD "z", 1);
    expect("\x80", BAD, 1);                             /* continuation alone */
    expect("\xC3", BAD, 1);                             /* cut at the end */
    expect("\xE2\x82", BAD BAD, 2);
    expect("\xF0\x9F\x98", BAD BAD BAD, 3);
    expect("\xC3(", BAD "(", 1);                        /* cut in the middle */
    expect("\xE2\x82(", BAD BAD "(", 2);
    expect("\xC0\xAF", BAD BAD, 2);                     /* overlong */
    expect("\xE0\x80\xAF", BAD BAD BAD, 3);
    expect("\xF0\x80\x80\xAF", BAD BAD BAD BAD, 4);
    expect("\xED\xA0\x80", BAD BAD BAD, 3);             /* surrogate */
    expect("\xF4\x90\x80\x80", BAD BAD BAD BAD, 4);     /* above U+10FFFF */
    expect("\xF8\x88\x80\x80\x80", BAD BAD BAD BAD BAD, 5);
    expect("\xEF\xBF\xBE \xEF\xBF\xBF", BAD BAD BAD " " BAD BAD BAD, 6); /* U+FFFE, U+FFFF */
}

static void test_control_characters(void **state)
{
    (void)state;
    expect("a\x0E" "b", "a" BAD "b", 1);
    expect("\x01\x1F\x0B\x0C", BAD BAD BAD BAD, 4);
    expect("a\0b", "a" BAD "b", 1);
}

static void test_forbidden_references(void **state)
{
    (void)state;
    expect("a&#x0E;b", "a" BAD "b", 1);
    expect("&#0;", BAD, 1);
    expect("&#x0;&#00;&#x1f;", BAD BAD BAD, 3);
    expect("&#xFFFE;&#65535;&#xD800;&#xDFFF;&#x110000;", BAD BAD BAD BAD BAD, 5);
    expect("&#99999999999999999999999999;", BAD, 1);
    expect("&#x100000041;", BAD, 1); /* is not "A" in 32 bits */
    expect("&#0000000000000000000000000000000000065;&#x0E;", "&#0000000000000000000000000000000000065;" BAD, 1);
    /* What is no reference is left for the parser to reject. */
    expect("&# &#; &#x; &#xg; &#14 &#X0E; &#-1; &", "", 0);
    expect("&#&#0;", "&#" BAD, 1);
    expect("&#x0E", "", 0);
}

static void test_references_only_where_wanted(void **state)
{
    (void)state;
    tl_buf out = {0};
    assert_int_equal(tl_repair(TL_STR("&#0;"), false, &out), 0);
    assert_int_equal(tl_repair(TL_STR("&#0;\x01"), false, &out), 1);
    assert_string_equal(out.data, "&#0;" BAD);
    tl_buf_free(&out);
}

static void test_where_text_stops_being_valid(void **state)
{
    (void)state;
    assert_int_equal(tl_text_valid(TL_STR(""), 0), 0);
    assert_int_equal(tl_text_valid(TL_STR("abc\n"), 0), 4);
    assert_int_equal(tl_text_valid(TL_STR("ab\xFF" "c\xFE"), 0), 2);
    assert_int_equal(tl_text_valid(TL_STR("ab\xFF" "c\xFE"), 3), 4);
    assert_int_equal(tl_text_valid(TL_STR("ab\0"), 0), 2);
}

static tl_str random_text(test_random *random, tl_buf *b)
{
    static const char *const pieces[] = {
        "a", "<", "&", "#", "x", ";", "0", "1", "E", "D8", "&#", "&#x", "&#x0E;", "&#0;", "&#xFFFE;", "&lt;", "\n", "\x0E",
        "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\xA0\x80", "\xC0\x80", "\xEF\xBF\xBF", "\xF4\x90", "text",
    };
    tl_buf_clear(b);
    for (uint32_t n = test_random_below(random, 12); n > 0; n--)
        if (test_random_below(random, 3) == 0)
            tl_buf_add_char(b, (char)test_random_below(random, 256));
        else
            tl_buf_add_cstr(b, pieces[test_random_below(random, sizeof pieces / sizeof *pieces)]);
    assert_false(b->failed);
    return tl_buf_str(b);
}

static void test_agrees_with_the_slow_version(void **state)
{
    (void)state;
    test_random random = test_random_new("test_agrees_with_the_slow_version", 1);
    tl_buf text = {0}, fast = {0}, slow = {0}, again = {0};
    for (int round = 0; round < 300000; round++) {
        tl_str s = random_text(&random, &text);
        bool references = test_random_below(&random, 4) > 0;
        size_t n = tl_repair(s, references, &fast);
        assert_int_equal(n, slow_repair(s, references, &slow));
        tl_str repaired = n ? tl_buf_str(&fast) : s;
        assert_true(tl_str_eq(repaired, tl_buf_str(&slow)));
        assert_int_equal(tl_repair(repaired, references, &again), 0);
        assert_int_equal(tl_text_valid(repaired, 0), repaired.len);
    }
    tl_buf_free(&text);
    tl_buf_free(&fast);
    tl_buf_free(&slow);
    tl_buf_free(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_text_is_left_alone),
        cmocka_unit_test(test_bad_utf8),
        cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_forbidden_references),
        cmocka_unit_test(test_references_only_where_wanted),
        cmocka_unit_test(test_where_text_stops_being_valid),
        cmocka_unit_test(test_agrees_with_the_slow_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
