/* Frames in profile paper (METHOD.md, section 3): sentence by sentence, and against
 * the regular expressions of paper_frames.h under PCRE2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "extract/paper_frames.h"
#include "extract/regex.h"

typedef struct fixture {
    tl_chars *chars;
    tl_matcher *matcher;
    tl_regex *unix_frame, *windows_frame;
    tl_arena arena;
    tl_buf got, want;
} fixture;

/* The white space of paper_chars.h, which is not quite PCRE2's. */
#define SPACE "[\\t-\\r\\x{1c}-\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}" \
              "\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}]"
#define IDENTIFIER "([A-Za-z_$][A-Za-z0-9_$]*)"

static int set_up(void **state)
{
    static fixture f;
    tl_error err;
    *state = &f;
    return tl_chars_new(&f.chars, &err) || tl_matcher_new(&f.matcher, &err) ||
           tl_regex_new(&f.unix_frame,
                        "[^\\n&:|></ \";]* (?: / [^\\n&:|></]+ )+ / ([^\\n&:|></\\\\]+) \\.py"
                        "[^\\d\\n]+ \\d* \\W* in " SPACE " \\W* \\d* " IDENTIFIER,
                        0, &err) ||
           tl_regex_new(&f.windows_frame,
                        "(?: [A-Za-z]: | ~ ) \\\\? /? (?: [^\\n<>:\"\\\\|?*]+ \\\\ )+"
                        "([^\\n<>:\"\\\\|?*/]+) \\.py"
                        "[^\\d\\n]+ \\d* \\W* in \\W+ " IDENTIFIER,
                        0, &err);
}

static int tear_down(void **state)
{
    fixture *f = *state;
    tl_chars_free(f->chars);
    tl_matcher_free(f->matcher);
    tl_regex_free(f->unix_frame);
    tl_regex_free(f->windows_frame);
    tl_arena_free(&f->arena);
    tl_buf_free(&f->got);
    tl_buf_free(&f->want);
    return 0;
}

static void add_frame(tl_buf *b, tl_str file, tl_str function)
{
    if (b->len)
        tl_buf_add_cstr(b, " > ");
    tl_buf_add_str(b, file);
    tl_buf_add_cstr(b, ":");
    tl_buf_add_str(b, function);
}

/* "file:function > file:function" */
static const char *frames_of(fixture *f, tl_str text, tl_os os)
{
    tl_error err;
    tl_frame *frames;
    size_t n;
    tl_buf_clear(&f->got);
    tl_arena_reset(&f->arena);
    assert_int_equal(tl_paper_frames(f->chars, text, os, &f->arena, &frames, &n, &err), TL_OK);
    for (size_t i = 0; i < n; i++) {
        assert_null(frames[i].path.data);
        assert_true(frames[i].line == TL_UNKNOWN);
        add_frame(&f->got, frames[i].file, frames[i].function);
    }
    assert_int_equal(tl_paper_has_frame(f->chars, text, os), n > 0);
    assert_int_equal(tl_chars_check(f->chars, &err), TL_OK);
    return tl_buf_str(&f->got).data;
}

static const char *frames_by_regex(fixture *f, tl_str text, tl_os os)
{
    const tl_regex *re = os == TL_OS_UNIX ? f->unix_frame : f->windows_frame;
    tl_buf_clear(&f->want);
    int rc;
    for (size_t at = 0; (rc = tl_regex_find(re, f->matcher, text, at)) == 1;) {
        tl_str all = tl_matcher_group(f->matcher, 0);
        add_frame(&f->want, tl_chars_trim(f->chars, tl_matcher_group(f->matcher, 1)),
                  tl_matcher_group(f->matcher, 2));
        at = (size_t)(all.data + all.len - text.data);
    }
    assert_int_equal(rc, 0);
    return tl_buf_str(&f->want).data;
}

typedef struct example {
    const char *text, *frames;
} example;

static void check(fixture *f, tl_os os, const example *examples, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tl_str text = tl_str_from(examples[i].text);
        const char *got = frames_of(f, text, os);
        if (strcmp(got, examples[i].frames) != 0)
            fail_msg("%s\ngives %s\nnot   %s", examples[i].text, got, examples[i].frames);
        assert_string_equal(frames_by_regex(f, text, os), got);
    }
}

#define CHECK(os, examples) check(*state, os, examples, sizeof examples / sizeof examples[0])

static void test_unix(void **state)
{
    static const example examples[] = {
        /* what CPython prints */
        {"Traceback (most recent call last):\n  File \"/home/u/a.py\", line 3, in <module>\n"
         "    main()\n  File \"/home/u/b/c.py\", line 12, in main\n    x\nValueError: y\n",
         "a:module > c:main"},
        /* path: at least two slashes with components; the first may be empty */
        {"/a/b.py\", line 3, in f", "b:f"},
        {"x/a/b.py\", line 3, in f", "b:f"},
        {"/b.py\", line 3, in f", ""},
        {"x/b.py\", line 3, in f", ""},
        {"a//b.py in f", ""},
        {"/x//b.py in f", ""},
        {"//x/b.py in f", "b:f"},
        /* what no component holds */
        {"/a/b\n.py in f", ""},
        {"/a/b&.py in f", ""},
        {"/a/b:.py in f", ""},
        {"/a/b|.py in f", ""},
        {"/a/b>.py in f", ""},
        {"/a/b<.py in f", ""},
        {"/a/<x>/b.py in f", ""},
        {"/a/<x>/c/b.py in f", "b:f"},
        /* the last one holds no backslash, the others may */
        {"/a/b\\c.py in f", ""},
        {"/a\\x/c.py in f", "c:f"},
        {"/a/b.py\\c in f", "b:f"},
        /* spaces, quotes and commas are allowed: several paths make one */
        {"/my dir/b \"c\", d.py in f", "b \"c\", d:f"},
        {"/a/b.py, /c/d.py in f", "d:f"},
        {"/a/b.py in f, /c/d.py in g", "d:g"},
        {"/a/b.py in f: /c/d.py in g", "b:g"},
        {"/a/b.py in f\n/c/d.py in g", "b:f > d:g"},
        {"/a/b.py 3 in f /c/d.py 3 x", "b:f"},
        /* .py after at least one character; the word need not end there; last wins */
        {"/a/.py in f", ""},
        {"/a/x.py in f", "x:f"},
        {"/a/.py.py in f", ".py:f"},
        {"/a/index.pyx\", line 3, in f", "index:f"},
        {"/a/x.py.py in f", "x.py:f"},
        {"/a/x.py/y.pz in f", "x:f"},
        {"/a/x/y.py/z in f", "y:f"},
        {"/a/x.PY in f", ""},
        {"/a/ x .py in f", "x:f"},
        {"/a/\xc2\xa0x\xe3\x80\x80.py in f", "x:f"},
        {"/a/ .py in f", ":f"},
        /* one or more characters other than digits and newline */
        {"/a/x.pyin f", ""},
        {"/a/x.py in f", "x:f"},
        {"/a/x.py3 in f", ""},
        {"/a/x.py\n in f", ""},
        {"/a/x.py\xd9\xa3 in f", ""},
        /* one run of digits at most */
        {"/a/x.py, line 12, in f", "x:f"},
        {"/a/x.py, line 12, column 3, in f", ""},
        {"/a/x.py, line \xd9\xa3\xd9\xa3, in f", "x:f"},
        {"/a/x.py, line \xe2\x85\xa7, in f", "x:f"}, /* a number, no digit: any character */
        /* non-word characters, newlines too, before in */
        {"/a/x.py, line 12 ,\n\n -- in f", "x:f"},
        {"/a/x.py, line 12, so in f", ""},
        {"/a/x.py, line\n so in f", ""},
        {"/a/x.py, line\n in f", "x:f"},
        {"/a/x.py, line 12in f", "x:f"},
        /* in may end a longer word; the last one wins */
        {"/a/x.py, main f", "x:f"},
        {"/a/x.py, line 12, main f", ""},
        {"/a/x.py in f in g", "x:g"},
        {"/a/x.py in f in 3", "x:f"},
        {"/a/x.py In f", ""},
        {"/a/x.py inn f", ""},
        /* exactly one white space, a newline too, then non-word characters */
        {"/a/x.py in(f)", ""},
        {"/a/x.py in\nf", "x:f"},
        {"/a/x.py in\xc2\xa0" "f", "x:f"},
        {"/a/x.py in\x1c" "f", "x:f"},
        {"/a/x.py in\xe1\xa0\x8e" "f", ""},
        {"/a/x.py in  \n <(f)", "x:f"},
        {"/a/x.py in &lt;module&gt;", "x:lt"},
        {"/a/x.py in", ""},
        {"/a/x.py in ", ""},
        /* optional digits, the identifier */
        {"/a/x.py in 12f3", "x:f3"},
        {"/a/x.py in 12 f", ""},
        {"/a/x.py in \xc3\xa9t\xc3\xa9", ""},
        {"/a/x.py in t\xc3\xa9", "x:t"},
        {"/a/x.py in __init__", "x:__init__"},
        {"/a/x.py in $", "x:$"},
        {"/a/x.py in $f", "x:f"},
        {"/a/x.py in $1", "x:$1"},
        {"/a/x.py in $ $\xc3\xa9", "x:$"},
        {"/a/x.py in f$g-h", "x:f$g"},
        {"/a/x.py in 1$g", "x:$g"},
        /* a match goes on after the end of the one before */
        {"/a/x.py in f/b/c.py 1 in g", "c:g"},
        {"/a/x.py 1 in f/b/c.py\n/d/e.py 2 in g", "x:f > e:g"},
        {"/a/x.py 1 in f/b/c.py in g", "c:g"},
        {"/a/x.py 1 in f\n/c.py in g", "x:f"},
        /* Windows' is none */
        {"C:\\a\\b.py in f", ""},
        {"", ""},
    };
    CHECK(TL_OS_UNIX, examples);
}

static void test_windows(void **state)
{
    static const example examples[] = {
        {"  File \"C:\\Users\\me\\a.py\", line 3, in <module>\n    main()\n"
         "  File \"D:\\b.py\", line 4, in main\n  File \"D:\\x y\\b.py\", line 4, in main",
         "a:module > b:main"},
        /* a letter and colon, or a tilde */
        {"c:\\a\\b.py in f", "b:f"},
        {"~\\a\\b.py in f", "b:f"},
        {"1:\\a\\b.py in f", ""},
        {"\\a\\b.py in f", ""},
        {"xC:\\a\\b.py in f", "b:f"},
        /* optional backslash, optional slash */
        {"C:a\\b.py in f", "b:f"},
        {"C:/a\\b.py in f", "b:f"},
        {"C:\\/a\\b.py in f", "b:f"},
        {"C:\\/\\b.py in f", "b:f"},
        {"C:/\\b.py in f", "b:f"},
        {"C:\\\\a\\b.py in f", ""},
        {"C:\\a\\\\b.py in f", ""},
        /* one or more components; slashes inside, but not in the last */
        {"C:\\b.py in f", ""},
        {"~b.py in f", ""},
        {"C:\\a/x/y\\b.py in f", "b:f"},
        {"C:\\a\\x/b.py in f", ""},
        {"C:\\a\\x.py/b in f", "x:f"},
        {"C:\\a\\x\\.py in f", ""},
        {"C:\\a\\x\\y.pyx in f", "y:f"},
        {"C:\\a\\x.py\\y.pz in f", "x:f"},
        {"C:\\a\\x.py\\y.py in f", "y:f"},
        {"C:\\a\\ x\t.py in f", "x:f"},
        /* what no component holds */
        {"C:\\a\nb\\x.py in f", ""},
        {"C:\\a<b\\x.py in f", ""},
        {"C:\\a>b\\x.py in f", ""},
        {"C:\\a:b\\x.py in f", "x:f"}, /* a: is a drive */
        {"C:\\a3:b\\x.py in f", ""},
        {"C:\\a\"b\\x.py in f", ""},
        {"C:\\a|b\\x.py in f", ""},
        {"C:\\a?b\\x.py in f", ""},
        {"C:\\a*b\\x.py in f", ""},
        {"C:\\a&b, ;c\\x.py in f", "x:f"},
        {"~ ~\\ C:\\a\\x.py in f", "x:f"},
        {"~a~\\\\b ~c\\x.py in f", "x:f"},
        /* up to in as for Unix */
        {"C:\\a\\x.py, line 3, in f", "x:f"},
        {"C:\\a\\x.py, line 3, column 4, in f", ""},
        {"C:\\a\\x.py3 in f", ""},
        {"C:\\a\\x.py, line 3\n in f", "x:f"},
        /* one or more non-word characters of any kind, digits are not skipped */
        {"C:\\a\\base.py in train(self", "base:self"},
        {"C:\\a\\base.py in train (self)", "base:self"},
        {"C:\\a\\base.py in fit (self)", "base:fit"},
        {"C:\\a\\x.py in\n(f)", "x:f"},
        {"C:\\a\\x.py in-f", "x:f"},
        {"C:\\a\\x.py in 1f", ""},
        {"C:\\a\\x.py in f in 1", "x:f"},
        {"C:\\a\\x.py in", ""},
        {"C:\\a\\x.py in$1", ""},
        {"C:\\a\\x.py in $1", "x:$1"},
        {"C:\\a\\x.py in$f", "x:f"},
        {"C:\\a\\x.py in $\xc3\xa9", "x:$"},
        /* the search goes on after a match */
        {"C:\\a\\x.py 3 in f~\\a\\y.py 3 in g", "y:g"},
        {"C:\\a\\x.py 3 in f:~\\a\\y.py 3 in g", "x:f > y:g"},
        {"/a/b/c.py in f", ""},
        {"", ""},
    };
    CHECK(TL_OS_WINDOWS, examples);
}

static void compare_soups(fixture *f, const char *const *words, size_t n_words, int rounds)
{
    tl_buf soup = {0};
    size_t found = 0;
    for (int i = 0; i < rounds; i++) {
        tl_buf_clear(&soup);
        for (int k = 4 + rand() % 50; k > 0; k--)
            tl_buf_add_cstr(&soup, words[(size_t)rand() % n_words]);
        for (tl_os os = TL_OS_UNIX; os <= TL_OS_WINDOWS; os++) {
            tl_str text = tl_buf_str(&soup);
            const char *got = frames_of(f, text, os), *want = frames_by_regex(f, text, os);
            if (strcmp(got, want) != 0)
                fail_msg("%s\ngives %s\nnot   %s", text.data, got, want);
            found += *got != '\0';
        }
    }
    assert_true(found > (size_t)rounds / 20);
    tl_buf_free(&soup);
}

static void test_against_regex(void **state)
{
    static const char *const dense[] = {
        "/a/b", "/",  "C:\\x\\", "~\\", ".py", ".py", ".py", ", line ", "3",    " in ", "in\n",
        "in",   "\n", "f",       "$",   "(",   "\\",  "~",   "\xc3\xa9", "\xd9\xa3", " "};
    static const char *const wide[] = {
        "/",  "/",   "\\",  "\\",  "~",  "C:", ".py", ".py", ".p",   ".",        "a",
        "in", "in ", "in(", "\n",  "3",  "12", "\"",  ",",   "(",    "$",        "_",
        "&",  "<",   ">",   ":",   "|",  "?",  "*",   ";",   "\x1c", "\xe2\x85\xa7", "\xc2\xa0",
        " ",  "x.py", "/b/c", "~\\d\\", "\xe1\xa0\x8e", "\xe2\x80\x94", "in f"};
    const char *given = getenv("TL_SEED");
    unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : 20201231;
    print_message("TL_SEED=%u\n", seed);
    srand(seed);
    compare_soups(*state, dense, sizeof dense / sizeof dense[0], 5000);
    compare_soups(*state, wide, sizeof wide / sizeof wide[0], 5000);
}

/* Reads a text of `before` and many times `piece`: this test fails by not ending. */
static void check_hostile(fixture *f, const char *before, const char *piece)
{
    tl_buf text = {0};
    tl_buf_add_cstr(&text, before);
    while (text.len < 300 * 1000)
        tl_buf_add_cstr(&text, piece);
    assert_int_equal(tl_buf_check(&text, "text", NULL), TL_OK);
    for (tl_os os = TL_OS_UNIX; os <= TL_OS_WINDOWS; os++)
        frames_of(f, tl_buf_str(&text), os);
    tl_buf_free(&text);
}

static void test_hostile(void **state)
{
    static const char *const pieces[] = {
        "/",          "//",       "/a",          "/a.py",      "/a.py ",   "/a.py in ",
        "/a.py 3 ",   "/a.py\n",  "/a.py 3\n",   "/a.py:",     "/a.py in", "in ",
        " ",          "\n",       "$",           "~",          "~\\",      "~\\a.py",
        "~\\a.py in", "\\a.py ",  "C:\\a\\b.py", "C:",         "\\",       "3",
        ".py",        ".py in ",  "\\.py in(",   "\xe2\x80\x94", "\xd9\xa3", "/a.py in \n\n",
        "\x80",       "\xf0\x9f", "in \xc3\xa9 "};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        check_hostile(*state, "", pieces[i]);
        check_hostile(*state, "/a/b.py", pieces[i]);
        check_hostile(*state, "/a/b.py in", pieces[i]);
        check_hostile(*state, "C:\\a\\b.py", pieces[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unix),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_against_regex),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
