/* Code blocks, words and error lines in profile paper (METHOD.md, sections 2 and 3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/buf.h"
#include "extract/paper_blocks.h"
#include "extract/paper_errors.h"
#include "extract/paper_words.h"
#include "extract/regex.h"

typedef struct example {
    const char *text, *want;
} example;

static int set_up(void **state)
{
    tl_error err;
    return tl_chars_new((tl_chars **)state, &err);
}

static int tear_down(void **state)
{
    tl_chars_free(*state);
    return 0;
}

static void check(const char *text, tl_buf *got, const char *want)
{
    assert_int_equal(tl_buf_check(got, "text", NULL), TL_OK);
    if (strcmp(tl_buf_str(got).data, want) != 0)
        fail_msg("%s\ngives %s\nnot   %s", text, tl_buf_str(got).data, want);
    tl_buf_clear(got);
}

static void test_blocks(void **state)
{
    (void)state;
    /* Each block in square brackets. */
    static const example examples[] = {
        {"", ""},
        {"x <code>y</code> z", ""},
        {"<pre><code>a\nb</code></pre>", "[a\nb]"},
        {"<p>q</p><pre><code>a</code></pre>\n<pre><code>b</code></pre>", "[a][b]"},
        {"<pre class=\"lang-py prettyprint-override\"><code>a</code></pre>", "[a]"},
        {"<pre\nclass=x><code>a</code></pre>", "[a]"},
        {"<PRE><Code>a</CODE></Pre>", "[a]"},
        /* the three openings */
        {"<pre>a</code></pre>", "[a]"},
        {"<pre lang=\"py\">a</code></pre>", "[a]"},
        {"<pre> <code>a</code></pre>", "[ <code>a]"},
        {"<pre><code class=\"x\">a</code></pre>", "[<code class=\"x\">a]"},
        {"<preview>a</code></pre>", ""},
        {"<pre-x>a</code></pre>", ""},
        {"<pre/>a</code></pre>", ""},
        {"< pre>a</code></pre>", ""},
        {"<pre", ""},
        {"<pre>", ""},
        {"<pre class=", ""},
        {"<pre><pre><code>a</code></pre>", "[<pre><code>a]"},
        /* the three closings: the nearest; a lone </pre> stays in the text */
        {"<pre><code>a</pre></code>b", "[a]"},
        {"<pre><code>a</pre>b</code></pre>", "[a</pre>]"},
        {"<pre>a</PRE>", "[a</PRE>]"},
        {"<pre>a</code>b</pre>", "[a</code>b</pre>]"},
        {"<pre>a</code> </pre>", "[a</code> </pre>]"},
        {"<pre>a</pre> </code>", "[a</pre>]"},
        {"<pre>a</code></pre></code>", "[a]"},
        {"<pre></code></pre>", "[]"},
        {"<pre><code></code></pre>", "[]"},
        {"<pre></pre>", "[</pre>]"},
        {"<pre><code>a</code></pre><pre><code>b", "[a]"},
        {"</pre><pre>a</pre>", "[a</pre>]"},
        /* raw: nothing is decoded, no other tag matters */
        {"<pre><code>&lt;/pre&gt;<b>x</b></code></pre>", "[&lt;/pre&gt;<b>x</b>]"},
    };
    tl_buf got = {0};
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        tl_str block, body = tl_str_from(examples[i].text);
        for (size_t at = 0; tl_paper_next_block(body, &at, &block);) {
            tl_buf_add_char(&got, '[');
            tl_buf_add_str(&got, block);
            tl_buf_add_char(&got, ']');
        }
        check(examples[i].text, &got, examples[i].want);
    }
    tl_buf_free(&got);
}

static void test_lines(void **state)
{
    (void)state;
    assert_int_equal(tl_paper_lines(TL_STR("")), 0);
    assert_int_equal(tl_paper_lines(TL_STR("\n\n\n")), 0);
    assert_int_equal(tl_paper_lines(TL_STR("a")), 1);
    assert_int_equal(tl_paper_lines(TL_STR("a\nb")), 2);
    assert_int_equal(tl_paper_lines(TL_STR("\na\n\nb\n")), 2);
    assert_int_equal(tl_paper_lines(TL_STR("a\n \n\t\nb")), 4); /* blanks count */
    assert_int_equal(tl_paper_lines(TL_STR("a\r\n\r\nb")), 3);  /* so does a lone return */
    assert_int_equal(tl_paper_lines(TL_STR("a\\nb&#xA;c")), 1); /* undecoded */
    assert_int_equal(tl_paper_lines(TL_STR("\na\n</pre>")), 2); /* the closing that stays */
}

static void test_decode(void **state)
{
    (void)state;
    static const struct {
        const char *text, *with, *without;
    } cases[] = {
        {"", "", ""},
        {"&lt;a&gt; &quot;b&quot;", "<a> \"b\"", "<a> \"b\""},
        {"a\\nb\\\\nc\\N", "a\nb\\\nc\\N", "a\\nb\\\\nc\\N"},
        {"&amp;lt; &amp; &#60; &LT; &lt &quot", "&amp;lt; &amp; &#60; &LT; &lt &quot",
         "&amp;lt; &amp; &#60; &LT; &lt &quot"},
        {"&&lt;t;\\&gt;\\", "&<t;\\>\\", "&<t;\\>\\"},
    };
    tl_arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tl_str text = tl_str_from(cases[i].text), out;
        assert_int_equal(tl_paper_decode(text, true, &arena, &out, NULL), TL_OK);
        assert_string_equal(out.data, cases[i].with);
        assert_int_equal(out.len, strlen(cases[i].with));
        assert_int_equal(tl_paper_decode(text, false, &arena, &out, NULL), TL_OK);
        assert_string_equal(out.data, cases[i].without);
    }
    tl_arena_free(&arena);
}

static void test_words(void **state)
{
    static const struct {
        const char *text;
        int words;
    } cases[] = {
        {"", 0},
        {"one two three", 0}, /* outside of any section */
        {"<p>one two three</p>", 3},
        {"<p>one</p>two<p>three four</p>", 3},
        {"<p>one</p><p>two</p>", 2},
        /* the sections: p, ul, ol without attributes, any case, nearest closing */
        {"<p class=\"x\">one</p>", 0},
        {"<p >one</p>", 0},
        {"<pre>one</p>", 0},
        {"<ol start=\"2\"><li>one</li></ol>", 0},
        {"<ul><li>one</li>\n<li>two</li></ol> three</ul>", 3},
        {"<ol>\n<li>one</li>\n<li><p>two</p></li>\n</ol>", 2},
        {"<ul><li>one<ul><li> two</li></ul> three</li></ul> four", 2},
        {"<p>one", 0},
        {"<p>one<p> two</p> three</p>", 2},
        {"<P> one two </P>", 4}, /* the section's own tags stay, two words P */
        {"<P>one two</P>", 0},   /* <P>one and two</P> */
        {"<UL>\n<li>one</li>\n</UL>", 3},
        {"<ul>one</ul><p>two", 1},
        {"<ol>one<ul>two</ul>", 1},
        {"<h1>one</h1><blockquote>two</blockquote>", 0},
        /* anything inside counts, code too */
        {"<p>call <code>main</code> now</p>", 2},
        {"<p>call <code> main </code> now</p>", 5},
        {"<p>one\n<pre><code>two three\n</code></pre>\nfour</p>", 3},
        /* deleted tags leave nothing; others stay */
        {"<p>on<strong>e</strong>s <br>two<br>three</p>", 2},
        {"<ul><li>one</li><li>two</li></ul>", 1},
        {"<p>one<br/>two three<br />four five</br>six</p>", 1}, /* />four */
        {"<p><em>one</em> two</p>", 1},
        {"<p><STRONG>one</STRONG> two</p>", 1},
        {"<p><strong class=x>one two</strong></p>", 2}, /* strong, two */
        {"<p>a<</p>", 1},
        {"<p>x <<p>p> y</p>", 3}, /* one pass: what is left is <p>, the word p */
        /* tokens: ASCII punctuation stripped at both ends, then letters only */
        {"<p>(one), \"two\"! three... don't x2 2 a_b -- _c_ &amp; e-mail</p>", 5},
        {"<p>&lt;one&gt; &amp; &#39;</p>", 1}, /* amp only */
        {"<p>see <a href=\"http://x.y/z\">this text</a></p>", 2}, /* see, a */
        {"<p>$one$ {two} ~three` [four]; ?five%</p>", 5},
        {"<p>\xc3\xa9t\xc3\xa9 \xd0\xbf\xd1\x80\xd0\xb8 \xe4\xb8\xad\xe6\x96\x87</p>", 3},
        {"<p>\xe2\x80\x9cone\xe2\x80\x9d two\xe2\x80\xa6 caf\x65\xcc\x81</p>", 0},
        {"<p>one\xc2\xa0two\xe3\x80\x80three\tfour\rfive\x0csix</p>", 6},
        {"<p>one\xe2\x80\x8btwo</p>", 0}, /* a zero width space is no space */
        {"<p>\xd9\xa3 \xe2\x85\xa7 \xc2\xb2</p>", 0},
        {"<p>one \xff two\x80 \xc3</p>", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t got = tl_paper_words(*state, tl_str_from(cases[i].text));
        if (got != cases[i].words)
            fail_msg("%s\ngives %d words, not %d", cases[i].text, (int)got, cases[i].words);
    }
}

static void add_error(tl_buf *b, tl_str exception, tl_str message)
{
    tl_buf_add_char(b, '[');
    tl_buf_add_str(b, exception);
    tl_buf_add_char(b, '|');
    tl_buf_add_str(b, message);
    tl_buf_add_char(b, ']');
}

static void add_errors(tl_chars *c, tl_str text, tl_buf *out)
{
    tl_error_line e;
    for (size_t at = 0, run_end = 0; tl_paper_next_error(c, text, &at, &run_end, &e);)
        add_error(out, e.exception, e.message);
}

static void test_errors(void **state)
{
    static const example examples[] = {
        {"", ""},
        {"ValueError: bad shape", "[ValueError|bad shape]"},
        {"x\nValueError: bad\nKeyError: 'a'\n", "[ValueError|bad][KeyError|'a']"},
        /* at a line start */
        {" ValueError: bad", ""},
        {"x ValueError: bad", ""},
        {"mod.ValueError: bad", ""},
        {"\rValueError: bad", ""},
        /* a capital, at least one word character, Error */
        {"valueError: bad", ""},
        {"VError: bad", ""},
        {"Error: bad", ""},
        {"VxError: bad", "[VxError|bad]"},
        {"V_Error: bad", "[V_Error|bad]"},
        {"V\xc3\xa9" "Error: bad", "[V\xc3\xa9" "Error|bad]"},
        {"\xc3\x89" "xError: bad", ""},
        {"V-Error: bad", ""},
        {"Valueerror: bad", ""},
        {"KeyboardInterrupt: bad", ""},
        /* then word characters, white space, parentheses */
        {"ValueErrors: bad", "[ValueError|bad]"},
        {"HTTPErrorErrorX: bad", "[HTTPErrorError|bad]"},
        {"ValueError (again) 12 _: bad", "[ValueError|bad]"},
        {"ValueError\n  in\nmain(): bad", "[ValueError|bad]"},
        {"ValueError, x: bad", ""},
        {"ValueError x. y: bad", ""},
        {"ValueError\xe2\x80\x94: bad", ""},
        {"ValueError\nKeyError: bad", "[ValueError|bad]"},
        {"ValueError.\nKeyError: bad", "[KeyError|bad]"},
        /* a colon, exactly one white space, perhaps a newline */
        {"ValueError bad", ""},
        {"ValueError:bad", ""},
        {"ValueError:", ""},
        {"ValueError: ", "[ValueError|]"},
        {"ValueError:\nbad\nx", "[ValueError|bad]"},
        {"ValueError:\n\nbad", "[ValueError|]"},
        {"ValueError: \nbad", "[ValueError|]"},
        {"ValueError:\xc2\xa0" "bad", "[ValueError|bad]"},
        {"ValueError:\xe2\x80\x8b" "bad", ""},
        {"ValueError::  bad", ""},
        /* the rest of that line, trimmed; the search goes on behind it */
        {"ValueError:   a: b \t\r\nKeyError: c", "[ValueError|a: b][KeyError|c]"},
        {"ValueError:\nKeyError: c", "[ValueError|KeyError: c]"},
        {"ValueError:\n\nKeyError: c", "[ValueError|][KeyError|c]"},
        {"ValueError: a KeyError: b", "[ValueError|a KeyError: b]"},
        {"ValueError: a\xe3\x80\x80", "[ValueError|a]"},
        {"ValueError: a\x80", "[ValueError|a\x80]"},
    };
    tl_buf got = {0};
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        add_errors(*state, tl_str_from(examples[i].text), &got);
        check(examples[i].text, &got, examples[i].want);
    }
    tl_buf_free(&got);
}

static void test_errors_against_regex(void **state)
{
    static const char *const words[] = {
        "\n", "\n", "\n", "ValueError", "Ab", "Error", "Error: ", ": ", ":", ":\n", "(", ")", " ",
        "x", "E", "\xc3\xa9", "\xd9\xa3", "\xe2\x80\x94", "\xc2\xa0", ".", "_", "\t"};
    const size_t n = sizeof words / sizeof words[0];
    tl_regex *re;
    tl_matcher *m;
    assert_int_equal(tl_matcher_new(&m, NULL), TL_OK);
    assert_int_equal(tl_regex_new(&re, "^ ([A-Z]\\w+Error) [\\w\\s()]* : \\s ([^\\n]*)",
                                  TL_REGEX_MULTILINE, NULL),
                     TL_OK);
    const char *given = getenv("TL_SEED");
    unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : 20201231;
    print_message("TL_SEED=%u\n", seed);
    srand(seed);
    tl_buf text = {0}, got = {0}, want = {0};
    size_t found = 0;
    for (int i = 0; i < 20000; i++) {
        tl_buf_clear(&text);
        for (int k = 3 + rand() % 30; k > 0; k--)
            tl_buf_add_cstr(&text, words[(size_t)rand() % n]);
        tl_str s = tl_buf_str(&text);
        tl_buf_clear(&want);
        for (size_t at = 0; tl_regex_find(re, m, s, at) == 1; found++) {
            tl_str all = tl_matcher_group(m, 0);
            add_error(&want, tl_matcher_group(m, 1),
                      tl_chars_trim(*state, tl_matcher_group(m, 2)));
            at = (size_t)(all.data + all.len - s.data);
        }
        add_errors(*state, s, &got);
        check(s.data, &got, tl_buf_str(&want).data);
    }
    assert_true(found > 1000);
    tl_buf_free(&text);
    tl_buf_free(&got);
    tl_buf_free(&want);
    tl_regex_free(re);
    tl_matcher_free(m);
}

/* Long texts on which a naive scan is quadratic: this test fails by not ending. */
static void test_hostile(void **state)
{
    static const char *const pieces[] = {
        "<p>", "<p><ul><ol>", "</p>", "<pre", "<pre>", "<pre ", "<pre></pre>", "<", "&", "\\",
        "ValueError\n", "ValueError", "Error", "A", "\x80", "V:\n", "<p></p>"};
    tl_buf text = {0}, got = {0};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        tl_buf_clear(&text);
        while (text.len < 300 * 1000)
            tl_buf_add_cstr(&text, pieces[i]);
        tl_str block, body = tl_buf_str(&text);
        tl_paper_words(*state, body);
        for (size_t at = 0; tl_paper_next_block(body, &at, &block);)
            assert_true(block.data >= body.data && at <= body.len);
        tl_buf_clear(&got);
        add_errors(*state, body, &got);
    }
    tl_buf_free(&text);
    tl_buf_free(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),  cmocka_unit_test(test_lines),
        cmocka_unit_test(test_decode),  cmocka_unit_test(test_words),
        cmocka_unit_test(test_errors),  cmocka_unit_test(test_errors_against_regex),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
