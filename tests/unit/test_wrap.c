/* Text for a terminal of 80 columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reports/wrap.h"

static void expect(const char *text, int indent, int more, const char *want)
{
    tl_buf out = {0};
    tl_wrap(&out, tl_str_from(text), indent, more);
    assert_string_equal(tl_buf_str(&out).data, want);
    tl_buf_free(&out);
}

#define TEN(s) s s s s s s s s s s
#define LETTERS_39 TEN("abc") "abcabcabc"
#define UMLAUTS_41 TEN("\xC3\xA4\xC3\xB6\xC3\xBC") TEN("\xC3\xA4") "x" /* of 81 bytes */

static void test_lines(void **state)
{
    (void)state;
    expect("", 2, 2, "  \n");
    expect("one two", 2, 2, "  one two\n");
    expect(LETTERS_39 " " LETTERS_39 "x", 0, 0, LETTERS_39 " " LETTERS_39 "x\n"); /* 80 columns */
    expect(LETTERS_39 " " LETTERS_39 "xy", 0, 4, LETTERS_39 "\n    " LETTERS_39 "xy\n");
    expect(LETTERS_39 " " LETTERS_39 "x", 1, 4, " " LETTERS_39 "\n     " LETTERS_39 "x\n");
    expect(TEN(LETTERS_39), 0, 0, TEN(LETTERS_39) "\n"); /* there is no blank to break at */
}

/* A column is a character, not a byte. */
static void test_columns(void **state)
{
    (void)state;
    expect(UMLAUTS_41 " " TEN("abc") "abcabcab", 0, 0, UMLAUTS_41 " " TEN("abc") "abcabcab\n"); /* 41 + 1 + 38 */
    expect(UMLAUTS_41 " " LETTERS_39, 0, 0, UMLAUTS_41 "\n" LETTERS_39 "\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines), cmocka_unit_test(test_columns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
