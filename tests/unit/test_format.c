/* The formats at their edges: tables of no column, names, widths, and what LaTeX needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reports/format.h"

enum { FORMATS = TL_FORMAT_HTML + 1 };

/* A table of texts: "a|b\nc|d\n", the first line the names; "-" is NULL, and a number
 * what reads as one. */
static tl_grid table(const char *text)
{
    tl_grid g = {0};
    tl_arena arena = {0};
    const char *names[16];
    size_t n = 0;
    for (bool header = true; *text; header = false) {
        tl_cell *row = header ? NULL : tl_grid_add_row(&g);
        for (size_t c = 0, more = 1; more; c++) {
            tl_str s = {text, strcspn(text, "|\n")};
            int64_t number;
            more = s.data[s.len] == '|';
            text += s.len + 1;
            if (header) {
                names[n++] = tl_arena_copy(&arena, s).data;
            } else if (tl_str_to_int64(s, &number)) {
                row[c] = (tl_cell){.type = TL_CELL_INT, .integer = number};
            } else if (!tl_str_eq(s, TL_STR("-"))) {
                assert_true(tl_grid_set_text(&g, &row[c], s));
            }
        }
        if (header)
            assert_int_equal(tl_grid_columns(&g, names, n, NULL), TL_OK);
    }
    tl_arena_free(&arena);
    return g;
}

/* Writes the table; the caller frees both. */
static tl_buf written(const tl_grid *g, tl_format f, const tl_format_options *o)
{
    tl_buf out = {0};
    assert_int_equal(tl_format_grid(g, f, o, &out, NULL), TL_OK);
    return out;
}

static void expect(tl_grid g, tl_format f, const tl_format_options *o, const char *want)
{
    tl_buf out = written(&g, f, o);
    assert_string_equal(out.data, want);
    tl_buf_free(&out);
    tl_grid_free(&g);
}

static void expect_part(tl_grid g, tl_format f, const char *want)
{
    tl_buf out = written(&g, f, NULL);
    if (!strstr(out.data, want))
        fail_msg("\"%s\" is not in\n%s", want, out.data);
    tl_buf_free(&out);
    tl_grid_free(&g);
}

static void test_names_of_formats(void **state)
{
    (void)state;
    static const char *const names[FORMATS] = {"table", "csv", "jsonl", "md", "json", "tex", "html"};
    tl_format f;
    for (int i = 0; i < FORMATS; i++) {
        assert_true(tl_format_from_name(names[i], &f));
        assert_int_equal(f, i);
    }
    assert_false(tl_format_from_name("xml", &f));
    assert_false(tl_format_from_name("", &f));
}

static void test_no_column(void **state)
{
    (void)state;
    static const char *const want[FORMATS] = {
        [TL_FORMAT_TABLE] = "\n\n\n",
        [TL_FORMAT_CSV] = "\"\"\n\"\"\n",
        [TL_FORMAT_JSONL] = "{}\n",
        [TL_FORMAT_JSON] = "[{}]\n",
    };
    for (int f = 0; f < FORMATS; f++) {
        tl_grid g = {0};
        assert_int_equal(tl_grid_columns(&g, NULL, 0, NULL), TL_OK);
        assert_non_null(tl_grid_add_row(&g));
        tl_buf out = written(&g, (tl_format)f, &(tl_format_options){.width = 20});
        if (want[f])
            assert_string_equal(out.data, want[f]);
        tl_buf_free(&out);
        tl_grid_free(&g);
    }
}

static void test_csv_text(void **state)
{
    (void)state;
    tl_grid g = table("a|b\n|x\n");
    assert_true(tl_grid_set_text(&g, &tl_grid_row(&g, 0)[1], TL_STR("\0=")));
    tl_buf out = written(&g, TL_FORMAT_CSV, &(tl_format_options){.guard_formulas = true});
    assert_true(tl_str_eq(tl_buf_str(&out), TL_STR("a,b\n,\0=\n")));
    tl_buf_free(&out);
    tl_grid_free(&g);
}

static void test_p_values_by_name(void **state)
{
    (void)state;
    static const char *const yes[] = {"p", "p_holm", "words_p", "words_p_holm"}, *const no[] = {"_p", "pp", "p_x", "holm"};
    for (size_t i = 0; i < 8; i++) {
        const char *name = i < 4 ? yes[i] : no[i - 4];
        tl_grid g = {0};
        assert_int_equal(tl_grid_columns(&g, &name, 1, NULL), TL_OK);
        *tl_grid_add_row(&g) = (tl_cell){.type = TL_CELL_REAL, .real = 0.00034};
        expect_part(g, TL_FORMAT_MD, i < 4 ? "| 3.40e-04 |" : "| 0.00 |");
    }
}

static void test_width_of_a_terminal(void **state)
{
    (void)state;
    /* The widest text is cut down to the next, then both in turn; none below 8 columns. */
    const char *text = "a|b|c|n\nabcdefghijklmnopqrst|abcdefghijklmnop|abcdefghi|1\n";
    expect(table(text), TL_FORMAT_TABLE, &(tl_format_options){.width = 48},
           "a                 b                 c          n\n----------------  ----------------  ---------  -\n"
           "abcdefghijklmno\xE2\x80\xA6  abcdefghijklmnop  abcdefghi  1\n");
    expect(table(text), TL_FORMAT_TABLE, &(tl_format_options){.width = 45},
           "a               b                c          n\n--------------  ---------------  ---------  -\n"
           "abcdefghijklm\xE2\x80\xA6  abcdefghijklmn\xE2\x80\xA6  abcdefghi  1\n");
    expect(table(text), TL_FORMAT_TABLE, &(tl_format_options){.width = 10},
           "a         b         c         n\n--------  --------  --------  -\n"
           "abcdefg\xE2\x80\xA6  abcdefg\xE2\x80\xA6  abcdefg\xE2\x80\xA6  1\n");
}

static void test_group_without_labels(void **state)
{
    (void)state;
    tl_grid g = table("a|b\n1|2\n");
    g.columns[0].group = "Only";
    g.columns[0].label = "";
    expect(g, TL_FORMAT_MD, NULL, "| Only | b |\n|---:|---:|\n| 1 | 2 |\n");
}

/* ---- LaTeX ---------------------------------------------------------------------------- */

/* A bracket or a star, after whatever else is a blank there, is no argument of "\\". */
static void test_tex_starts_of_cells(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{"[x]", " \\\\\n\\midrule\n{}[x] "}, {" \x01\x7F\xC2\x85*", "{}    * "},
                                           {"x[", "\\midrule\nx[ "}, {" \x01", "\\midrule\n   "},
                                           {"\xC2\xA9[", "\\midrule\n?[ "}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tl_grid g = table("a\nx\n");
        assert_true(tl_grid_set_text(&g, tl_grid_row(&g, 0), tl_str_from(texts[i][0])));
        expect_part(g, TL_FORMAT_TEX, texts[i][1]);
    }
}

static void test_tex_headings(void **state)
{
    (void)state;
    tl_grid g = table("a|b|c\nx|1|abcdefghijklmnop\n");
    g.columns[0].label = "as of now";    /* stacked, to the left */
    g.columns[1].label = "as of now";    /* to the right */
    g.columns[2].label = "as of now or"; /* on one line: the cells are wide */
    expect_part(g, TL_FORMAT_TEX,
                "\\shortstack[l]{as\\\\of\\\\now} & \\shortstack[r]{as\\\\of\\\\now} & as of now or \\\\\n");
}

static void test_tex_begins_with_a_group(void **state)
{
    (void)state;
    tl_grid g = table("a|b|c\n1|2|3\n");
    g.columns[0].group = g.columns[1].group = "One";
    g.columns[2].group = "Two";
    expect_part(g, TL_FORMAT_TEX,
                "\\begin{tabular}{rrr}\n\\toprule\n\\multicolumn{2}{c}{One} & \\multicolumn{1}{c}{Two} \\\\\n"
                "\\cmidrule(lr){1-2}\\cmidrule(lr){3-3}\n");
}

/* A rule where the first column, the profile, changes; not where another does. */
static void test_tex_rules(void **state)
{
    (void)state;
    expect_part(table("profile|n\nfull|1\nfull|2\npaper|3\n"), TL_FORMAT_TEX,
                "full & $1$ \\\\\nfull & $2$ \\\\\n\\midrule\npaper & $3$ \\\\\n");
    expect_part(table("n|profile\n1|full\n2|paper\n"), TL_FORMAT_TEX, "$1$ & full \\\\\n$2$ & paper \\\\\n");
}

/* Adds a row of a text repeated `n` times in each of the columns. */
static void add_long(tl_grid *g, const char *word, size_t n)
{
    tl_cell *row = tl_grid_add_row(g);
    tl_buf text = {0};
    for (size_t i = 0; i < n; i++)
        tl_buf_add_cstr(&text, word);
    for (size_t c = 0; c < g->n_columns; c++)
        assert_true(tl_grid_set_text(g, &row[c], tl_buf_str(&text)));
    tl_buf_free(&text);
}

static void test_tex_wraps_columns(void **state)
{
    (void)state;
    tl_grid g = table("first|second|third column of three\n-|-|short\n");
    add_long(&g, "Ab1_@`{^\xC3\xA9 ", 20);
    tl_buf out = written(&g, TL_FORMAT_TEX, NULL);
    size_t wrapped = 0;
    for (const char *p = out.data; (p = strstr(p, "\\parbox[t]{")); p++)
        wrapped++;
    assert_int_equal(wrapped, 4); /* the long ones, and the short one beside them */
    assert_non_null(strstr(out.data, "Ab1\\_\\penalty500{}@\\penalty500{}`\\penalty500{}\\{\\penalty500{}"));
    assert_non_null(strstr(out.data, "-- & -- & \\parbox[t]{"));
    tl_buf_free(&out);
    tl_grid_free(&g);
}

/* The widest text is wrapped first, wherever it stands. */
static void test_tex_wraps_the_widest(void **state)
{
    (void)state;
    expect_part(table("a|b|c\nsome words but not so many|"
                      "many words that are so many that they fit on no line of a page, even in the least of the sizes, "
                      "and then some more|1\n"),
                TL_FORMAT_TEX, "\nsome words but not so many & \\parbox[t]{");
}

/* Twelve columns of numbers after a text, in groups of two: too wide for anything. */
static tl_grid wide_numbers(size_t rows)
{
    tl_grid g = table("t|a|b|c|d|e|f|g|h|i|j|k|l\n");
    for (size_t c = 1; c < g.n_columns; c++)
        g.columns[c].group = c % 4 == 1 || c % 4 == 2 ? "One" : "Two";
    while (rows-- > 0) {
        tl_cell *row = tl_grid_add_row(&g);
        assert_true(tl_grid_set_text(&g, &row[0], TL_STR("a text of a few words")));
        for (size_t c = 1; c < g.n_columns; c++)
            row[c] = (tl_cell){.type = TL_CELL_INT, .integer = 1234567890123456};
    }
    return g;
}

static void test_tex_heading_over_wrapped_text(void **state)
{
    (void)state;
    tl_grid g = wide_numbers(1);
    g.columns[0].label = "a heading longer than what stands below it";
    expect_part(g, TL_FORMAT_TEX, "\na heading longer than what stands below it & a & b");
}

/* Many parts of many rows get the least letters. */
static void test_tex_of_many_parts(void **state)
{
    (void)state;
    for (size_t rows = 1; rows < 100; rows += 90) {
        tl_grid g = wide_numbers(rows);
        for (size_t r = 0; r < rows; r++)
            tl_grid_row(&g, r)[0].text.len = 6;
        expect_part(g, TL_FORMAT_TEX, rows > 1 ? "\\centering\\tiny" : "\\centering\\scriptsize");
    }
}

/* A row higher than a page stands alone on it. */
static void test_tex_row_of_more_than_a_page(void **state)
{
    (void)state;
    tl_grid g = table("text\nx\n");
    add_long(&g, "many words of text ", 1000);
    add_long(&g, "few ", 1);
    tl_buf out = written(&g, TL_FORMAT_TEX, NULL);
    size_t pages = 0;
    for (const char *p = out.data; (p = strstr(p, "\\begin{table}")); p++)
        pages++;
    assert_int_equal(pages, 3);
    tl_buf_free(&out);
    tl_grid_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_formats),
        cmocka_unit_test(test_no_column),
        cmocka_unit_test(test_csv_text),
        cmocka_unit_test(test_p_values_by_name),
        cmocka_unit_test(test_width_of_a_terminal),
        cmocka_unit_test(test_group_without_labels),
        cmocka_unit_test(test_tex_starts_of_cells),
        cmocka_unit_test(test_tex_headings),
        cmocka_unit_test(test_tex_begins_with_a_group),
        cmocka_unit_test(test_tex_rules),
        cmocka_unit_test(test_tex_wraps_columns),
        cmocka_unit_test(test_tex_wraps_the_widest),
        cmocka_unit_test(test_tex_heading_over_wrapped_text),
        cmocka_unit_test(test_tex_of_many_parts),
        cmocka_unit_test(test_tex_row_of_more_than_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
