/* The page's first screen, in words and numbers, and its last section. */
#include "reports/page.h"

#include <math.h>

#include "reports/escape.h"
#include "reports/number.h"

/* A number of the summary; NAN for NULL. */
static double value(const tl_grid *summary, size_t row, const char *column)
{
    size_t c = tl_grid_find(summary, column);
    if (c == SIZE_MAX || row >= summary->n_rows)
        return NAN;
    const tl_cell *cell = &tl_grid_row(summary, row)[c];
    return cell->type == TL_CELL_INT ? (double)cell->integer : cell->type == TL_CELL_REAL ? cell->real : NAN;
}

static void add_count(tl_buf *out, double n)
{
    tl_number_grouped(out, isnan(n) ? 0 : (int64_t)n);
}

static void add_counted(tl_buf *out, double n, const char *one, const char *many)
{
    add_count(out, n);
    tl_buf_add_cstr(out, n == 1 ? one : many);
}

static void add_percent(tl_buf *out, double part, double whole)
{
    tl_number_fixed(out, whole > 0 ? 100 * part / whole : 0, 1);
    tl_buf_add_cstr(out, "\xC2\xA0%");
}

/* Hours in the unit that a reader would use. */
static void add_hours(tl_buf *out, double hours)
{
    double v = hours < 1 ? hours * 60 : hours < 72 ? hours : hours / 24;
    tl_number_fixed(out, v, v < 10 ? 1 : 0);
    tl_buf_add_cstr(out, hours < 1 ? "\xC2\xA0min" : hours < 72 ? "\xC2\xA0h" : "\xC2\xA0" "days");
}

static int site_names(const tl_page *p, tl_grid *g, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(p->store, "SELECT name FROM site ORDER BY name", &stmt, err);
    if (rc)
        return rc;
    rc = tl_grid_load(g, p->store, stmt, err);
    sqlite3_finalize(stmt);
    return rc;
}

int tl_page_title(const tl_page *p, tl_buf *out, tl_error *err)
{
    tl_grid sites = {0};
    int rc = site_names(p, &sites, err);
    tl_buf_add_cstr(out, "Stack traces in ");
    if (sites.n_rows == 1)
        tl_buf_add_str(out, sites.cells[0].text);
    else
        tl_buf_printf(out, "%zu sites", sites.n_rows);
    tl_grid_free(&sites);
    return rc;
}

/* --------------------------------------------------------------------- first screen ---- */

/* Says whether questions with a trace wait longer, and how sure that is. */
static void add_wait_verdict(tl_buf *out, const tl_grid *s, size_t row)
{
    double p = value(s, row, "hours_p"), delta = value(s, row, "hours_delta");
    if (isnan(p) || p >= 0.05)
        tl_buf_add_cstr(out, "no clear difference in the wait");
    else
        tl_buf_add_cstr(out, delta > 0 ? "answered more slowly" : "answered sooner");
}

static void fact_questions(const tl_page *p, tl_buf *out)
{
    const tl_grid *s = p->summary;
    tl_buf_add_cstr(out, "<div><dt>");
    add_count(out, value(s, 0, "questions"));
    tl_buf_add_cstr(out, "<small>questions</small></dt><dd>about ");
    add_counted(out, value(s, 0, "libraries"), " library", " libraries");
    tl_buf_add_cstr(out, "; ");
    add_count(out, value(s, 0, "with_code"));
    tl_buf_add_cstr(out, " show code.</dd></div>\n");
}

static void fact_traces(const tl_page *p, tl_buf *out)
{
    const tl_grid *s = p->summary;
    tl_buf_add_cstr(out, "<div><dt>");
    add_percent(out, value(s, 0, "with_trace"), value(s, 0, "questions"));
    tl_buf_add_cstr(out, "<small>carry a stack trace</small></dt><dd>");
    add_counted(out, value(s, 0, "with_trace"), " question shows", " questions show");
    tl_buf_add_cstr(out, " at least one Python traceback.</dd></div>\n");
}

static void fact_wait(const tl_page *p, tl_buf *out)
{
    const tl_grid *s = p->summary;
    double with = value(s, 0, "hours_with"), without = value(s, 0, "hours_without");
    tl_buf_add_cstr(out, "<div><dt>");
    if (isnan(with) || isnan(without)) {
        tl_buf_add_cstr(out, "\xE2\x80\x93<small>wait for an answer</small></dt>"
                             "<dd>The input gives no times of answers to compare.</dd></div>\n");
        return;
    }
    add_hours(out, with);
    tl_buf_add_cstr(out, "<small>");
    add_wait_verdict(out, s, 0);
    tl_buf_add_cstr(out, "</small></dt><dd>Median time to the first answer with a trace; without one ");
    add_hours(out, without);
    tl_buf_add_cstr(out, " (p\xC2\xA0= ");
    tl_number_p(out, value(s, 0, "hours_p"));
    tl_buf_add_cstr(out, ", \xCE\xB4\xC2\xA0= ");
    tl_number_fixed(out, value(s, 0, "hours_delta"), 2);
    tl_buf_add_cstr(out, ").");
    double a = value(s, 0, "accepted_with"), b = value(s, 0, "accepted_without");
    if (!isnan(a) && !isnan(b)) {
        tl_buf_add_cstr(out, " An answer is accepted in ");
        add_percent(out, a, 1);
        tl_buf_add_cstr(out, " against ");
        add_percent(out, b, 1);
        tl_buf_add_cstr(out, " of the answered ones.");
    }
    tl_buf_add_cstr(out, "</dd></div>\n");
}

static void fact_patterns(const tl_page *p, tl_buf *out)
{
    const tl_grid *s = p->summary;
    tl_buf_add_cstr(out, "<div><dt>");
    add_percent(out, value(s, 0, "covered"), value(s, 0, "with_trace"));
    tl_buf_add_cstr(out, "<small>follow a pattern</small></dt><dd>");
    add_counted(out, value(s, 0, "distinct_patterns"), " recurrent call chain covers ",
                " recurrent call chains cover ");
    add_count(out, value(s, 0, "covered"));
    tl_buf_add_cstr(out, " of the ");
    add_count(out, value(s, 0, "with_trace"));
    tl_buf_add_cstr(out, " questions with a trace.</dd></div>\n");
}

/* The summary of the other profile in one paragraph. */
static void other_profile(const tl_page *p, tl_buf *out)
{
    const tl_grid *s = p->summary;
    tl_profile other = p->options->profile == TL_PAPER ? TL_FULL : TL_PAPER;
    if (!(value(s, 1, "questions") > 0))
        return;
    tl_buf_printf(out, "<p class=\"other\">Read %s (profile <em>%s</em>): ",
                  other == TL_PAPER ? "as the study did" : "with a full parse of the posts",
                  tl_profile_names[other]);
    add_counted(out, value(s, 1, "with_trace"), " question with a trace", " questions with a trace");
    if (!isnan(value(s, 1, "hours_with")) && !isnan(value(s, 1, "hours_without"))) {
        tl_buf_add_cstr(out, "; ");
        add_wait_verdict(out, s, 1);
        tl_buf_add_cstr(out, ", ");
        add_hours(out, value(s, 1, "hours_with"));
        tl_buf_add_cstr(out, " against ");
        add_hours(out, value(s, 1, "hours_without"));
    }
    tl_buf_add_cstr(out, "; ");
    add_counted(out, value(s, 1, "distinct_patterns"), " recurrent call chain covers ",
                " recurrent call chains cover ");
    add_percent(out, value(s, 1, "covered"), value(s, 1, "with_trace"));
    tl_buf_add_cstr(out, " of them.</p>\n");
}

int tl_page_summary(const tl_page *p, tl_buf *out, tl_error *err)
{
    const tl_grid *s = p->summary;
    tl_buf title = {0};
    int rc = tl_page_title(p, &title, err);
    tl_buf_add_cstr(out, "<header id=\"summary\">\n<h1>");
    tl_escape_html(out, tl_buf_str(&title));
    tl_buf_add_cstr(out, "</h1>\n<p class=\"lead\">Of ");
    add_counted(out, value(s, 0, "questions"), " question, ", " questions, ");
    add_counted(out, value(s, 0, "with_trace"), " carries a stack trace. ", " carry a stack trace. ");
    add_counted(out, value(s, 0, "distinct_patterns"), " call chain recurs", " call chains recur");
    tl_buf_add_cstr(out, " and together cover ");
    add_percent(out, value(s, 0, "covered"), value(s, 0, "with_trace"));
    tl_buf_add_cstr(out, " of these questions.</p>\n<dl class=\"facts\">\n");
    fact_questions(p, out);
    fact_traces(p, out);
    fact_wait(p, out);
    fact_patterns(p, out);
    tl_buf_add_cstr(out, "</dl>\n");
    other_profile(p, out);
    tl_buf_add_cstr(out, "</header>\n");
    tl_buf_free(&title);
    return rc;
}

/* --------------------------------------------------------------------- last section ---- */

static void method_row(tl_buf *out, const char *term, const char *text)
{
    tl_buf_printf(out, "<dt>%s</dt><dd>%s</dd>\n", term, text);
}

static int inputs(const tl_page *p, tl_buf *out, tl_error *err)
{
    tl_grid g = {0};
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(p->store,
                              "SELECT s.name || ': ' || i.name || ', ' || i.rows || ' rows, XXH3-128 '"
                              " || lower(hex(i.hash)) FROM input i JOIN site s USING (site_id)"
                              " ORDER BY s.name, i.name",
                              &stmt, err);
    if (rc)
        return rc;
    rc = tl_grid_load(&g, p->store, stmt, err);
    sqlite3_finalize(stmt);
    tl_buf_add_cstr(out, "<dt>Input</dt><dd>");
    for (size_t r = 0; r < g.n_rows; r++) {
        tl_buf_add_cstr(out, r ? "<br>" : "");
        tl_escape_html(out, tl_grid_row(&g, r)[0].text);
    }
    tl_buf_add_cstr(out, "</dd>\n");
    tl_grid_free(&g);
    return rc;
}

int tl_page_method(const tl_page *p, tl_buf *out, tl_error *err)
{
    tl_buf_add_cstr(out, "<section id=\"method\" aria-labelledby=\"method-title\">\n"
                         "<h2 id=\"method-title\">How this was made</h2>\n<dl class=\"made\">\n");
    method_row(out, "full", "A careful reading: the HTML of each post is parsed, tracebacks are read by a "
                            "grammar that knows chains, IPython and cut traces.");
    method_row(out, "paper", "The reading of Ghadesi, Lamothe and Li, \xE2\x80\x9CWhat Causes Exceptions in "
                             "Machine Learning Applications?\xE2\x80\x9D, with its quirks, so that its tables "
                             "can be compared. Percentages are cut to two decimals, as printed there.");
    method_row(out, "Pattern", "A run of neighbouring frames that is closed: no longer run that contains it is "
                               "as frequent.");
    method_row(out, "Support", "By sequences: the traces that contain the pattern. By occurrences: how often "
                               "it occurs, several times in one trace included.");
    method_row(out, "Tests", "Mann-Whitney U, two-sided, for medians; two-proportion Z for shares; Holm's "
                             "correction over all tests of a table.");
    tl_buf_printf(out, "<dt>Program</dt><dd>tracelode %s; profile %s, support by %s, frames equal by %s. "
                       "<a href=\"manifest.json\">manifest.json</a> lists all that decides the result.</dd>\n",
                  TL_VERSION, tl_profile_names[p->options->profile], tl_support_names[p->options->support],
                  tl_key_names[p->options->key]);
    int rc = inputs(p, out, err);
    tl_buf_add_cstr(out, "</dl>\n</section>\n");
    return rc;
}
