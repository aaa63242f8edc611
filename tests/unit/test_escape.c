/* Text of strangers, character by character, for every target. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "reports/escape.h"
#include "tests/support/cells.h"

#define REPLACED "\xEF\xBF\xBD" /* U+FFFD */

enum { LAST = 0x10FFFF };

static bool is_character(uint32_t c)
{
    return c < 0xD800 || (c > 0xDFFF && c <= LAST);
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

/* What `escape` makes of one character; valid until the next call. */
static const char *escaped(void (*escape)(tl_buf *, tl_str), uint32_t c)
{
    static char text[64];
    tl_buf in = {0}, out = {0};
    test_add(&in, c);
    escape(&out, tl_buf_str(&in));
    assert_true(out.len < sizeof text);
    memcpy(text, out.data, out.len + 1);
    assert_true(strlen(text) == out.len); /* no escape writes a NUL */
    tl_buf_free(&in);
    tl_buf_free(&out);
    return text;
}

static const char *plain(uint32_t c)
{
    static char text[8];
    tl_buf out = {0};
    test_add(&out, c);
    memcpy(text, out.data, out.len + 1);
    tl_buf_free(&out);
    return text;
}

/* Every character becomes what `want` says, or stays as it is where that is NULL. */
static void expect_every(void (*escape)(tl_buf *, tl_str), const char *(*want)(uint32_t))
{
    for (uint32_t c = 0; c <= LAST; c++) {
        if (!is_character(c))
            continue;
        const char *found = escaped(escape, c), *wanted = want(c);
        if (strcmp(found, wanted ? wanted : plain(c)) != 0)
            fail_msg("U+%04X became \"%s\", not \"%s\"", (unsigned)c, found, wanted ? wanted : plain(c));
    }
}

/* ---- UTF-8 ----------------------------------------------------------------------- */

static void test_every_character_is_read(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= LAST; c++) {
        if (!is_character(c))
            continue;
        tl_buf text = {0};
        size_t at = 0;
        test_add(&text, c);
        assert_int_equal(tl_utf8_next(tl_buf_str(&text), &at), c);
        assert_int_equal(at, text.len);
        for (size_t n = 1; n < text.len; n++) { /* cut short, its first byte is none */
            at = 0;
            assert_int_equal(tl_utf8_next((tl_str){text.data, n}, &at), 0xFFFD);
            assert_int_equal(at, 1);
        }
        tl_buf_free(&text);
    }
}

/* All runs of four of the bytes that matter, against the definition. */
static void test_any_bytes_are_repaired(void **state)
{
    (void)state;
    static const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1,
                                          0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF};
    enum { EDGES = sizeof edges };
    for (int i = 0; i < EDGES * EDGES * EDGES * EDGES; i++) {
        char bytes[4];
        for (int k = 0, rest = i; k < 4; k++, rest /= EDGES)
            bytes[k] = (char)edges[rest % EDGES];
        tl_buf want = {0}, found = {0};
        test_repaired(&want, (tl_str){bytes, 4});
        for (size_t at = 0; at < 4;)
            test_add(&found, tl_utf8_next((tl_str){bytes, 4}, &at));
        if (!tl_str_eq(tl_buf_str(&want), tl_buf_str(&found)))
            fail_msg("%02x %02x %02x %02x", (unsigned char)bytes[0], (unsigned char)bytes[1],
                     (unsigned char)bytes[2], (unsigned char)bytes[3]);
        tl_buf_free(&want);
        tl_buf_free(&found);
    }
}

/* ---- what each target makes of a character ------------------------------------------ */

static const char *html(uint32_t c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\t': case '\n': return NULL;
    default: return is_control(c) ? REPLACED : NULL;
    }
}

static void test_html(void **state)
{
    (void)state;
    expect_every(tl_escape_html, html);
}

static const char *json(uint32_t c)
{
    static char text[8];
    switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    default:
        snprintf(text, sizeof text, "\\u%04x", (unsigned)c & 0xFFFF);
        return is_control(c) || c == '<' || c == 0x2028 || c == 0x2029 ? text : NULL;
    }
}

static void test_json(void **state)
{
    (void)state;
    expect_every(tl_escape_json, json);
}

static const char *tex(uint32_t c)
{
    static const struct {
        uint32_t c;
        const char *text;
    } commands[] = {
        {'\\', "\\textbackslash{}"}, {'{', "\\{"}, {'}', "\\}"}, {'$', "\\$"}, {'&', "\\&"}, {'#', "\\#"},
        {'_', "\\_"}, {'%', "\\%"}, {'^', "\\textasciicircum{}"}, {'~', "\\textasciitilde{}"},
        {'<', "\\textless{}"}, {'>', "\\textgreater{}"}, {'|', "\\textbar{}"}, {'"', "''"},
        {0x3B4, "$\\delta$"}, {0x2013, "--"}, {0x2014, "---"},
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (commands[i].c == c)
            return commands[i].text;
    if (is_control(c))
        return " ";
    /* The letters of Latin-1 but eth, thorn and the two signs among them. */
    static const uint32_t none[] = {0xD0, 0xD7, 0xDE, 0xF0, 0xF7, 0xFE, 0};
    bool letter = c >= 0xC0 && c <= 0xFF;
    for (size_t i = 0; none[i]; i++)
        letter = letter && c != none[i];
    return c < 0x80 || letter ? NULL : "?";
}

static void test_tex(void **state)
{
    (void)state;
    expect_every(tl_escape_tex, tex);
}

static const char *markdown(uint32_t c)
{
    static char text[3] = "\\";
    if (c == '<' || c == '&')
        return c == '<' ? "&lt;" : "&amp;";
    text[1] = (char)c;
    return is_control(c) ? " " : c < 0x80 && strchr("\\`*_[]|~$#>!", (int)c) ? text : NULL;
}

static void test_markdown(void **state)
{
    (void)state;
    expect_every(tl_escape_markdown, markdown);
}

static void escape_terminal(tl_buf *out, tl_str s)
{
    tl_escape_terminal(out, s, 0);
}

static const char *terminal(uint32_t c)
{
    static const uint32_t turning[] = {0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E,
                                       0x2066, 0x2067, 0x2068, 0x2069, 0x2028, 0x2029, 0};
    static char picture[4];
    for (size_t i = 0; turning[i]; i++)
        if (turning[i] == c)
            return REPLACED;
    if (!is_control(c))
        return NULL;
    strcpy(picture, plain(c == 0x7F ? 0x2421 : 0x2400 + (c & 0x1F)));
    return c > 0x7F ? REPLACED : picture;
}

static void test_terminal(void **state)
{
    (void)state;
    expect_every(escape_terminal, terminal);
}

/* Marks take no column, wide characters two; the ellipsis stands in the last. */
static void test_columns_of_a_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t columns;
    } texts[] = {{"", 0}, {"ab", 2}, {"e\xCC\x81", 1}, {"\xE6\x97\xA5", 2}, {"\xF0\x9F\x90\x8D", 2},
                 {"\xEF\xBD\xB1", 1}, {"\xE2\x80\x8B", 0}, {"\x1B", 1}, {"\xFF", 1}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tl_buf out = {0};
        assert_int_equal(tl_escape_terminal(&out, tl_str_from(texts[i].text), 0), texts[i].columns);
        tl_buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_character_is_read),
        cmocka_unit_test(test_any_bytes_are_repaired),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_tex),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_terminal),
        cmocka_unit_test(test_columns_of_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
