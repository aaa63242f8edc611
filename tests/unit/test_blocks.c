/* HTML and markdown bodies cut into code blocks and prose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "extract/html_blocks.h"
#include "extract/markdown_blocks.h"

typedef struct state {
    tl_html *html;
    tl_arena arena;
    tl_buf text;
} state;

static int setup(void **s)
{
    state *st = calloc(1, sizeof *st);
    tl_error err;
    *s = st;
    return !st || tl_html_new(&st->html, &err) != TL_OK;
}

static int teardown(void **s)
{
    state *st = *s;
    tl_html_free(st->html);
    tl_arena_free(&st->arena);
    tl_buf_free(&st->text);
    free(st);
    return 0;
}

/* The blocks as "code{...}" and "prose{...}". */
static void render(state *st, const tl_blocks *b)
{
    tl_buf_clear(&st->text);
    for (size_t i = 0; i < b->n; i++) {
        tl_buf_add_cstr(&st->text, b->at[i].code ? "code{" : "prose{");
        tl_buf_add_str(&st->text, b->at[i].text);
        tl_buf_add_char(&st->text, '}');
    }
}

static void check_html(state *st, tl_str body, const char *expected)
{
    tl_error err;
    tl_blocks b;
    assert_int_equal(tl_html_blocks(st->html, body, &st->arena, &b, &err), TL_OK);
    render(st, &b);
    assert_string_equal(st->text.data ? st->text.data : "", expected);
    tl_arena_reset(&st->arena);
}

static void html(state *st, const char *body, const char *expected)
{
    check_html(st, tl_str_from(body), expected);
}

static void html_has_code_and_prose_in_order(void **s)
{
    html(*s, "<p>One <code>x</code></p><pre><code>a &lt; b\nc</code></pre><p>Two</p>",
         "prose{One x\n\n}code{a < b\nc}prose{Two\n\n}");
    html(*s, "<pre class=\"lang-py prettyprint-override\"><code>a\n</code></pre>", "code{a\n}");
    html(*s, "<ul><li>a</li><li>b</li></ul><p>x<br>y<br/>z</p>", "prose{a\nb\n\nx\ny\nz\n\n}");
    html(*s, "<pre>a<br>b</pre>", "code{a\nb}");
    html(*s, "<p>&amp;lt; &eacute; &#233; &nbsp;</p>",
         "prose{&lt; \xC3\xA9 \xC3\xA9 \xC2\xA0\n\n}");
}

static void malformed_html_is_read_as_browsers_do(void **s)
{
    html(*s, "<pre><code>never closed", "code{never closed}");
    html(*s, "<p>a</pre>b</p>", "prose{ab\n\n}");
    html(*s, "<p>a<p>b", "prose{a\n\nb\n\n}");
    html(*s, "<p>1 < 2 && 3 > 2</p>", "prose{1 < 2 && 3 > 2\n\n}");
    html(*s, "<script>var x = 1;</script><style>p {}</style><p>y</p>", "prose{y\n\n}");
    html(*s, "<!-- <pre>no</pre> --><p>yes</p>", "prose{yes\n\n}");
    html(*s, "", "");
}

static void html_bytes_are_repaired(void **s)
{
    check_html(*s, TL_STR("<p>a\xFF" "b</p>"), "prose{a\xEF\xBF\xBD" "b\n\n}");
    check_html(*s, TL_STR("<p>a\0b</p>"), "prose{a\xEF\xBF\xBD" "b\n\n}");
    check_html(*s, TL_STR("<p>\xED\xA0\x80</p>"),
               "prose{\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n\n}");
}

static void deep_html_ends_the_reading(void **s)
{
    state *st = *s;
    tl_buf body = {0};
    tl_buf_add_cstr(&body, "<p>before</p>");
    for (int i = 0; i < 100000; i++)
        tl_buf_add_cstr(&body, "<b>");
    tl_buf_add_cstr(&body, "deep");
    tl_error err;
    tl_blocks b;
    assert_int_equal(tl_html_blocks(st->html, tl_buf_str(&body), &st->arena, &b, &err), TL_OK);
    render(st, &b);
    assert_non_null(strstr(st->text.data, "before"));
    assert_null(strstr(st->text.data, "deep"));
    tl_buf_free(&body);
}

static void entity_bombs_stay_small(void **s)
{
    state *st = *s;
    tl_buf body = {0};
    tl_error err;
    tl_blocks b;
    tl_buf_add_cstr(&body, "<!DOCTYPE x [<!ENTITY a0 \"aaaaaaaaaa\">");
    for (int i = 1; i < 30; i++)
        tl_buf_printf(&body, "<!ENTITY a%d \"&a%d;&a%d;\">", i, i - 1, i - 1);
    tl_buf_add_cstr(&body, "]><p>&a29;</p>");
    assert_int_equal(tl_html_blocks(st->html, tl_buf_str(&body), &st->arena, &b, &err), TL_OK);
    render(st, &b);
    assert_true(st->text.len < 2 * body.len);
    tl_buf_free(&body);
}

static void markdown(state *st, const char *body, const char *expected)
{
    tl_error err;
    tl_blocks b;
    assert_int_equal(tl_markdown_blocks(tl_str_from(body), &st->arena, &b, &err), TL_OK);
    render(st, &b);
    assert_string_equal(st->text.data ? st->text.data : "", expected);
    tl_arena_reset(&st->arena);
}

static void fences(void **s)
{
    markdown(*s, "a\n```python\nx = 1\n```\nb\n", "prose{a\n}code{x = 1\n}prose{b\n}");
    markdown(*s, "~~~\n```\n~~~\n", "code{```\n}");
    markdown(*s, "````\n```\n````\n", "code{```\n}");
    markdown(*s, "```\nnever closed\n\nend", "code{never closed\n\nend\n}");
    markdown(*s, "   ```\n   a\n     b\n   ```\n", "code{a\n  b\n}");
    markdown(*s, "```a`b`` is no fence\n", "prose{```a`b`` is no fence\n}");
    markdown(*s, "``\nno fence\n``\n", "prose{``\nno fence\n``\n}");
    markdown(*s, "```\r\na\r\n```\r\nb", "code{a\n}prose{b\n}");
    markdown(*s, "```\na\n``` x\n```\n", "code{a\n``` x\n}");
}

static void indented_code(void **s)
{
    markdown(*s, "a\n\n    x\n      y\n\nb\n", "prose{a\n\n}code{x\n  y\n\n}prose{b\n}");
    markdown(*s, "a\n    goes on\n", "prose{a\n    goes on\n}");
    markdown(*s, "\tx\n", "code{x\n}");
    markdown(*s, "    x\n\n    y\n", "code{x\n\ny\n}");
}

static void quotes_and_lists(void **s)
{
    markdown(*s, "> a\n> > b\n", "prose{a\nb\n}");
    markdown(*s, "> ```\n> x\n> ```\nb\n", "code{x\n}prose{b\n}");
    markdown(*s, "> ```\n> x\nb\n", "code{x\n}prose{b\n}");
    markdown(*s, "- a\n  ```\n  x\n  ```\n- b\n", "prose{- a\n}code{x\n}prose{- b\n}");
    markdown(*s, "1. ```\n   x\n   ```\n", "code{x\n}");
    markdown(*s, "- a\n\n      x\n", "prose{- a\n\n}code{x\n}");
}

static void html_in_markdown(void **s)
{
    markdown(*s, "a\n<pre>\nx\n</pre>\nb\n", "prose{a\n}code{\nx\n\n}prose{\nb\n}");
    markdown(*s, "<pre>x</pre>\n", "code{x\n}prose{\n}");
    markdown(*s, "<present>\n", "prose{<present>\n}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(html_has_code_and_prose_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(malformed_html_is_read_as_browsers_do, setup, teardown),
        cmocka_unit_test_setup_teardown(html_bytes_are_repaired, setup, teardown),
        cmocka_unit_test_setup_teardown(deep_html_ends_the_reading, setup, teardown),
        cmocka_unit_test_setup_teardown(entity_bombs_stay_small, setup, teardown),
        cmocka_unit_test_setup_teardown(fences, setup, teardown),
        cmocka_unit_test_setup_teardown(indented_code, setup, teardown),
        cmocka_unit_test_setup_teardown(quotes_and_lists, setup, teardown),
        cmocka_unit_test_setup_teardown(html_in_markdown, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
