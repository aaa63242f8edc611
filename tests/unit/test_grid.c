/* Tables in memory and the formats they are written in. */
#include "test_report_store.h"

#include <math.h>

#include "reports/escape.h"
#include "reports/format.h"
#include "reports/number.h"

static void load(tl_grid *g, const char *sql)
{
    scratch s;
    sqlite3_stmt *stmt;
    tl_error err;
    scratch_open(&s);
    assert_int_equal(tl_store_prepare(s.store, sql, &stmt, &err), TL_OK);
    if (tl_grid_load(g, s.store, stmt, &err) != TL_OK)
        fail_msg("%s", err.message);
    sqlite3_finalize(stmt);
    scratch_close(&s);
}

static void assert_format(const char *sql, tl_format f, const tl_format_options *o, const char *want)
{
    tl_grid g = {0};
    tl_buf out = {0};
    load(&g, sql);
    assert_int_equal(tl_format_grid(&g, f, o, &out, NULL), TL_OK);
    assert_string_equal(out.data, want);
    tl_buf_free(&out);
    tl_grid_free(&g);
}

static void every_type(void **state)
{
    (void)state;
    tl_grid g = {0};
    load(&g, "SELECT 1 AS a, 2.5 AS b, 'x' AS c, NULL AS d, x'00ff' AS e, '' AS f"
             " UNION ALL SELECT -9223372036854775808, 1e300, 'y', 3, x'', char(0)");
    assert_int_equal(g.n_columns, 6);
    assert_int_equal(g.n_rows, 2);
    assert_string_equal(g.columns[4].name, "e");
    const tl_cell *row = tl_grid_row(&g, 0);
    assert_int_equal(row[0].integer, 1);
    assert_true(row[1].real == 2.5);
    assert_int_equal(row[3].type, TL_CELL_NULL);
    assert_true(tl_str_eq(row[4].text, TL_STR("00ff")));
    assert_int_equal(row[5].text.len, 0);
    assert_true(tl_grid_row(&g, 1)[0].integer == INT64_MIN);
    assert_int_equal(tl_grid_row(&g, 1)[5].text.len, 1);
    assert_int_equal(tl_grid_find(&g, "d"), 3);
    assert_true(tl_grid_find(&g, "z") == SIZE_MAX);
    assert_false(tl_cell_eq(&row[0], &row[1]));
    tl_grid_free(&g);
}

static void two_statements_in_one(void **state)
{
    (void)state;
    scratch s;
    tl_grid g = {0};
    sqlite3_stmt *stmt;
    tl_error err;
    scratch_open(&s);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(tl_store_prepare(s.store, "SELECT 1 AS a, 2 AS b", &stmt, &err), TL_OK);
        assert_int_equal(tl_grid_load(&g, s.store, stmt, &err), TL_OK);
        sqlite3_finalize(stmt);
    }
    assert_int_equal(g.n_rows, 2);
    assert_int_equal(tl_store_prepare(s.store, "SELECT 1 AS a", &stmt, &err), TL_OK);
    assert_int_equal(tl_grid_load(&g, s.store, stmt, &err), TL_USAGE);
    sqlite3_finalize(stmt);
    assert_int_equal(tl_store_prepare(s.store, "SELECT median('x') AS a, 2 AS b", &stmt, &err), TL_OK);
    assert_true(tl_grid_load(&g, s.store, stmt, &err) < 0);
    assert_non_null(strstr(err.message, "running a query"));
    sqlite3_finalize(stmt);
    tl_grid_free(&g);
    scratch_close(&s);
}

static void csv(void **state)
{
    (void)state;
    const tl_format_options guard = {.guard_formulas = true};
    assert_format("SELECT 'a,b' AS x, 'say \"hi\"' AS \"y,z\", 'two' || char(10) || 'lines' AS n, NULL AS o",
                  TL_FORMAT_CSV, NULL, "x,\"y,z\",n,o\n\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\n");
    assert_format("SELECT 0.1 AS a, 1.0 / 3 AS b, -5 AS c, 1e-300 AS d, 9e999 AS e", TL_FORMAT_CSV, &guard,
                  "a,b,c,d,e\n0.1,0.3333333333333333,-5,1e-300,inf\n");
    /* Only text can be a formula, and only when it is asked for. */
    assert_format("SELECT '=1+1' AS a, '+x' AS b, '-x' AS c, '@x' AS d, char(9) || 'x' AS e, 'a=b' AS f,"
                  " char(13) AS g",
                  TL_FORMAT_CSV, &guard, "a,b,c,d,e,f,g\n'=1+1,'+x,'-x,'@x,'\tx,a=b,\"'\r\"\n");
    assert_format("SELECT '=cmd|'' /C calc''!A0,' AS a", TL_FORMAT_CSV, &guard,
                  "a\n\"'=cmd|' /C calc'!A0,\"\n");
    assert_format("SELECT '=1+1' AS a, '-x' AS b", TL_FORMAT_CSV, NULL, "a,b\n=1+1,-x\n");
    assert_format("SELECT NULL AS a UNION ALL SELECT 1", TL_FORMAT_CSV, NULL, "a\n\"\"\n1\n");
    assert_format("SELECT 1 AS a WHERE 0", TL_FORMAT_CSV, NULL, "a\n");
}

static void json(void **state)
{
    (void)state;
    assert_format("SELECT 1 AS a, 0.1 AS b, 'q\"\\' || char(10, 1) AS c, NULL AS d, 9e999 AS e"
                  " UNION ALL SELECT 2, 3.0, '</script>', 'é', -1.5",
                  TL_FORMAT_JSON, NULL,
                  "[{\"a\":1,\"b\":0.1,\"c\":\"q\\\"\\\\\\n\\u0001\",\"d\":null,\"e\":null},\n"
                  " {\"a\":2,\"b\":3,\"c\":\"\\u003c/script>\",\"d\":\"é\",\"e\":-1.5}]\n");
    assert_format("SELECT 1 AS a UNION ALL SELECT 2", TL_FORMAT_JSONL, NULL, "{\"a\":1}\n{\"a\":2}\n");
    assert_format("SELECT 1 AS a WHERE 0", TL_FORMAT_JSON, NULL, "[]\n");
    assert_format("SELECT CAST(x'c328' AS TEXT) AS a", TL_FORMAT_JSONL, NULL, "{\"a\":\"\xEF\xBF\xBD(\"}\n");
}

static void markdown(void **state)
{
    (void)state;
    assert_format("SELECT 'a|b' AS name, 10 AS n, '***' AS stars, 1 AS one"
                  " UNION ALL SELECT '<script>' || char(10) || '[x](javascript:y)', 2.5, NULL, 22",
                  TL_FORMAT_MD, NULL,
                  "| name | n | stars | one |\n|---|---:|---|---:|\n"
                  "| a\\|b | 10 | \\*\\*\\* | 1 |\n"
                  "| &lt;script\\> \\[x\\](javascript:y) | 2.5 |  | 22 |\n");
}

static void tex(void **state)
{
    (void)state;
    assert_format("SELECT '\\input{/etc/passwd} 50% $x_1^2$ #1 & ~' AS a, -1.5 AS n, 3.4e-5 AS x_p, NULL AS z",
                  TL_FORMAT_TEX, &(tl_format_options){.caption = "A & B", .label = "t"},
                  "\\begin{table}\n\\centering\\small\\setlength{\\tabcolsep}{4pt}\n"
                  "\\caption{A \\& B}\n\\label{tab:t}\n\\begin{tabular}{lrrr}\n\\toprule\n"
                  "a & n & x\\_p & z \\\\\n\\midrule\n"
                  "\\textbackslash{}input\\{/etc/passwd\\} 50\\% \\$x\\_1\\textasciicircum{}2\\$ \\#1 \\& "
                  "\\textasciitilde{} & $-1.5$ & 3.40e-05 & -- \\\\\n"
                  "\\bottomrule\n\\end{tabular}\n\\end{table}\n");
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

/* What is too wide is wrapped or cut between groups, what is too long goes on. */
static void tex_fits_a_page(void **state)
{
    (void)state;
    static const tl_format_options o = {.caption = "A", .label = "t"};
    tl_grid g = {0};
    tl_buf out = {0};
    load(&g, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
             " SELECT 'full' AS profile, i, printf('%.300c', 'x') AS message FROM n");
    assert_int_equal(tl_format_grid(&g, TL_FORMAT_TEX, &o, &out, NULL), TL_OK);
    assert_non_null(strstr(out.data, "\\parbox[t]{"));
    assert_non_null(strstr(out.data, "xxxxxxxx\\penalty"));
    assert_true(count(out.data, "\\begin{table}") > 1);
    assert_int_equal(count(out.data, "\\label{tab:t}"), 1);
    assert_int_equal(count(out.data, "(continued)}"), count(out.data, "\\clearpage"));
    assert_int_equal(count(out.data, "full & "), 100);
    tl_grid_free(&g);
    tl_buf_clear(&out);
    load(&g, "SELECT 'keras' AS library, 1234567890123 AS a1, 1234567890123 AS a2, 1234567890123 AS b1,"
             " 1234567890123 AS b2, 1234567890123 AS c1, 1234567890123 AS c2");
    for (size_t c = 1; c < 7; c++)
        g.columns[c].group = c < 3 ? "First" : c < 5 ? "Second" : "Third";
    assert_int_equal(tl_format_grid(&g, TL_FORMAT_TEX, &o, &out, NULL), TL_OK);
    assert_int_equal(count(out.data, "\\begin{table}"), 1);
    assert_int_equal(count(out.data, "\\begin{tabular}"), 2);
    assert_int_equal(count(out.data, "library & "), 2);
    assert_int_equal(count(out.data, "\\multicolumn"), 3);
    tl_buf_free(&out);
    tl_grid_free(&g);
}

static void html(void **state)
{
    (void)state;
    assert_format("SELECT '<script>alert(1)</script>' AS a, '\" onload=''x''' AS b, 39690 AS n, NULL AS z",
                  TL_FORMAT_HTML, &(tl_format_options){.caption = "A < B"},
                  "<table>\n<caption>A &lt; B</caption>\n<thead>\n"
                  "<tr><th scope=\"col\" class=\"t\">a</th><th scope=\"col\" class=\"t\">b</th>"
                  "<th scope=\"col\" class=\"n\">n</th><th scope=\"col\" class=\"n\">z</th></tr>\n</thead>\n"
                  "<tbody>\n<tr><th scope=\"row\" class=\"t\">&lt;script&gt;alert(1)&lt;/script&gt;</th>"
                  "<td class=\"t\">&quot; onload=&#39;x&#39;</td><td class=\"n\">39,690</td>"
                  "<td class=\"n\"><span class=\"none\">\xE2\x80\x93</span></td></tr>\n</tbody>\n</table>\n");
}

static void groups(void **state)
{
    (void)state;
    tl_grid g = {0};
    tl_buf out = {0};
    load(&g, "SELECT 'keras' AS library, 1 AS w, 2 AS o, 3 AS n");
    g.columns[1].group = g.columns[2].group = "Words";
    g.columns[1].label = "with";
    g.columns[2].label = "without";
    assert_int_equal(tl_format_grid(&g, TL_FORMAT_MD, NULL, &out, NULL), TL_OK);
    assert_non_null(strstr(out.data, "| library | Words: with | Words: without | n |"));
    tl_buf_clear(&out);
    assert_int_equal(tl_format_grid(&g, TL_FORMAT_TEX, NULL, &out, NULL), TL_OK);
    assert_non_null(strstr(out.data, " & \\multicolumn{2}{c}{Words} &  \\\\\n\\cmidrule(lr){2-3}\n"));
    tl_buf_clear(&out);
    assert_int_equal(tl_format_grid(&g, TL_FORMAT_HTML, NULL, &out, NULL), TL_OK);
    assert_non_null(strstr(out.data, "<th scope=\"colgroup\" colspan=\"2\" class=\"group\">Words</th>"));
    assert_non_null(strstr(out.data, "<th scope=\"col\" rowspan=\"2\">library</th>"));
    /* For programs the names stay. */
    tl_buf_clear(&out);
    assert_int_equal(tl_format_grid(&g, TL_FORMAT_CSV, NULL, &out, NULL), TL_OK);
    assert_string_equal(out.data, "library,w,o,n\nkeras,1,2,3\n");
    tl_buf_free(&out);
    tl_grid_free(&g);
}

static void terminal(void **state)
{
    (void)state;
    assert_format("SELECT 'keras' AS library, 21568 AS n UNION ALL SELECT 'nltk', NULL", TL_FORMAT_TABLE, NULL,
                  "library      n\n-------  -----\nkeras    21568\nnltk\n");
    /* Escape codes, C1 controls, overrides and broken UTF-8 cannot act. */
    assert_format("SELECT 'a' || char(27) || '[31m' || char(7, 155, 8238) || CAST(x'ff' AS TEXT) AS t",
                  TL_FORMAT_TABLE, NULL,
                  "t\n----------\na\xE2\x90\x9B[31m\xE2\x90\x87\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n");
    /* Wide characters take two columns, and the widest text is cut first. */
    assert_format("SELECT '日本' AS a, 'b' AS b", TL_FORMAT_TABLE, NULL, "a     b\n----  -\n日本  b\n");
    assert_format("SELECT 'abcdefghijklmnopqrstuvwxyz' AS long, 'short' AS s, 123456 AS n", TL_FORMAT_TABLE,
                  &(tl_format_options){.width = 30},
                  "long             s           n\n---------------  -----  ------\n"
                  "abcdefghijklmn\xE2\x80\xA6  short  123456\n");
    /* Nothing is cut below a readable width, and numbers never. */
    assert_format("SELECT 'abcdefghijkl' AS t, 1234567890123 AS n", TL_FORMAT_TABLE,
                  &(tl_format_options){.width = 5},
                  "t                     n\n--------  -------------\nabcdefg\xE2\x80\xA6  1234567890123\n");
}

static void cutting(void **state)
{
    (void)state;
    tl_buf out = {0};
    assert_int_equal(tl_escape_terminal(&out, TL_STR("abc"), 3), 3);
    assert_string_equal(out.data, "abc");
    tl_buf_clear(&out);
    assert_int_equal(tl_escape_terminal(&out, TL_STR("日本語"), 5), 5);
    assert_string_equal(out.data, "日本…");
    tl_buf_clear(&out);
    assert_int_equal(tl_escape_terminal(&out, TL_STR("日本語"), 4), 3);
    assert_string_equal(out.data, "日…");
    tl_buf_clear(&out);
    assert_int_equal(tl_escape_terminal(&out, TL_STR("日本"), 1), 1);
    assert_string_equal(out.data, "…");
    tl_buf_free(&out);
}

static void assert_number(void (*add)(tl_buf *, double), double v, const char *want)
{
    tl_buf out = {0};
    add(&out, v);
    assert_string_equal(out.data, want);
    tl_buf_free(&out);
}

static void two_decimals(tl_buf *out, double v)
{
    tl_number_fixed(out, v, 2);
}

static void numbers(void **state)
{
    (void)state;
    assert_number(tl_number_exact, 0.1, "0.1");
    assert_number(tl_number_exact, 0.30000000000000004, "0.30000000000000004");
    assert_number(tl_number_exact, 2, "2");
    assert_number(tl_number_exact, 2.316447289429593e-45, "2.316447289429593e-45");
    assert_number(tl_number_exact, -INFINITY, "-inf");
    assert_number(tl_number_exact, NAN, "nan");
    assert_number(two_decimals, -0.001, "0.00");
    assert_number(two_decimals, -1.5, "-1.50");
    assert_number(tl_number_p, 0.0421, "0.042");
    assert_number(tl_number_p, 3.4e-45, "3.40e-45");
    assert_number(tl_number_p, 0, "0.000");
    tl_buf out = {0};
    tl_number_grouped(&out, -1234567);
    tl_number_grouped(&out, 999);
    tl_number_grouped(&out, -100);
    assert_string_equal(out.data, "-1,234,567999-100");
    tl_buf_free(&out);
}

static void comma_locale(void **state)
{
    scratch s;
    scratch_open(&s);
    bool set = set_comma_locale(&s);
    if (set) {
        numbers(state);
        csv(state);
    }
    unset_comma_locale();
    scratch_close(&s);
    if (!set) {
        print_message("no locale with a decimal comma can be made: skipped\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type), cmocka_unit_test(two_statements_in_one),
        cmocka_unit_test(csv),        cmocka_unit_test(json),
        cmocka_unit_test(markdown),   cmocka_unit_test(tex), cmocka_unit_test(tex_fits_a_page),
        cmocka_unit_test(html),       cmocka_unit_test(groups),
        cmocka_unit_test(terminal),   cmocka_unit_test(cutting),
        cmocka_unit_test(numbers),    cmocka_unit_test(comma_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
