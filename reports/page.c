#include "reports/page.h"

#include "reports/escape.h"
#include "reports/explorer.h"
#include "reports/figures.h"
#include "reports/format.h"
#include "reports/sha256.h"

extern const char tl_page_html[], tl_page_css[], tl_page_js[];

static void add_files(tl_buf *out, const char *folder, const char *name, const char *const *endings)
{
    tl_buf_add_cstr(out, "<p class=\"files\">Beside this page:");
    for (size_t i = 0; endings[i]; i++)
        tl_buf_printf(out, "%s <a href=\"%s/%s.%s\">%s</a>", i ? "," : "", folder, name, endings[i],
                      endings[i]);
    tl_buf_add_cstr(out, "</p>\n");
}

static int write_table(const tl_page *p, size_t i, tl_buf *out, tl_error *err)
{
    const tl_table *t = &tl_tables[i];
    const tl_format_options o = {.caption = t->reading};
    tl_grid shown = {0};
    tl_buf_printf(out, "<section id=\"%s\">\n<h3><span>%s</span> %s</h3>\n", t->name, t->number, t->title);
    int rc = tl_table_show_paired(&shown, t, &p->tables[i], p->libraries, err);
    if (rc == TL_OK && shown.n_rows == 0) {
        tl_buf_printf(out, "<p class=\"how\">%s Nothing to show: the store has none.</p>\n", t->reading);
    } else if (rc == TL_OK) {
        tl_buf_printf(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n", t->number);
        rc = tl_format_grid(&shown, TL_FORMAT_HTML, &o, out, err);
        tl_buf_add_cstr(out, "</div>\n");
        if (t->most)
            tl_buf_printf(out, "<p class=\"files\">The first %zu of each library.</p>\n", t->most);
    }
    add_files(out, "tables", t->name, (const char *[]){"csv", "md", "tex", "json", NULL});
    tl_buf_add_cstr(out, "</section>\n");
    tl_grid_free(&shown);
    return rc;
}

static int write_tables(const tl_page *p, tl_buf *out, tl_error *err)
{
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && tl_tables[i].name; i++)
        rc = write_table(p, i, out, err);
    return rc;
}

static void write_figure(const tl_page *p, const tl_figure *f, const tl_grid *data, tl_buf *out)
{
    bool paper = p->options->profile == TL_PAPER;
    tl_buf_printf(out, "<figure id=\"%s\">\n", f->name);
    if (f->chart.title)
        tl_chart_lines(out, &f->chart, data, p->libraries);
    else
        tl_chart_heat(out, data, p->libraries);
    tl_buf_printf(out, "<figcaption><b>%s.</b> %s%s</figcaption>\n", f->number, f->reading,
                  f->chart.title || paper ? "" : " After \xE2\x80\x9Cof\xE2\x80\x9D: in at least these two.");
    add_files(out, "figures", f->name, (const char *[]){"csv", "gp", "svg", NULL});
    tl_buf_add_cstr(out, "</figure>\n");
}

static int write_figures(const tl_page *p, tl_buf *out, tl_error *err)
{
    (void)err;
    if (!p->figures || p->figures[0].n_rows == 0) {
        tl_buf_printf(out, "<p class=\"about\">%s</p>\n",
                      p->figures ? "No patterns were mined, so there is nothing to draw."
                                 : "This report was written without figures.");
        return TL_OK;
    }
    tl_buf_printf(out,
                  "<p class=\"about\">Profile %s, support by %s. The data files hold the other profile and "
                  "the other meaning of support too.%s</p>\n",
                  tl_profile_names[p->options->profile], tl_support_names[p->options->support],
                  p->gnuplot_missing ? " The svg files are missing: gnuplot was not installed when this "
                                       "report was written. The gp files draw them."
                                     : "");
    tl_chart_legend(out, &p->figures[0], p->libraries);
    tl_buf_add_cstr(out, "<div class=\"charts\">\n");
    for (size_t i = 0; i < TL_FIGURES; i++)
        if (p->figures[i].n_rows)
            write_figure(p, &tl_figures[i], &p->figures[i], out);
    tl_buf_add_cstr(out, "</div>\n");
    return TL_OK;
}

static int write_explorer_intro(const tl_page *p, tl_buf *out, tl_error *err)
{
    (void)err;
    tl_buf_printf(out,
                  "<p class=\"about\">The call chains that recur: found in at least two traces of their "
                  "library (profile %s, support by %s). Open one to see its frames and the most viewed of "
                  "the questions that hold it.",
                  tl_profile_names[p->options->profile], tl_support_names[p->options->support]);
    int64_t all = tl_grid_row(p->summary, 0)[tl_grid_find(p->summary, "patterns")].integer;
    if (all > TL_EXPLORER_MOST)
        tl_buf_printf(out, " The %d most frequent of %lld are here; the store has all.", TL_EXPLORER_MOST,
                      (long long)all);
    tl_buf_add_cstr(out, "</p>\n");
    return TL_OK;
}

static int write_data(const tl_page *p, tl_buf *out, tl_error *err)
{
    (void)err;
    tl_buf_add_str(out, p->explorer);
    return TL_OK;
}

static int write_title(const tl_page *p, tl_buf *out, tl_error *err)
{
    tl_buf title = {0};
    int rc = tl_page_title(p, &title, err);
    tl_escape_html(out, tl_buf_str(&title));
    tl_buf_free(&title);
    return rc;
}

static int write_style(const tl_page *p, tl_buf *out, tl_error *err)
{
    (void)p, (void)err;
    tl_buf_add_cstr(out, tl_page_css);
    return TL_OK;
}

static int write_script(const tl_page *p, tl_buf *out, tl_error *err)
{
    (void)p, (void)err;
    tl_buf_add_cstr(out, tl_page_js);
    return TL_OK;
}

static int write_style_hash(const tl_page *p, tl_buf *out, tl_error *err)
{
    (void)p, (void)err;
    tl_sha256_source(out, tl_str_from(tl_page_css));
    return TL_OK;
}

static int write_script_hash(const tl_page *p, tl_buf *out, tl_error *err)
{
    (void)p, (void)err;
    tl_sha256_source(out, tl_str_from(tl_page_js));
    return TL_OK;
}

/* What stands in the template for {{name}}. */
static const struct {
    const char *name;
    int (*write)(const tl_page *p, tl_buf *out, tl_error *err);
} parts[] = {
    {"title", write_title},           {"style", write_style},
    {"style-hash", write_style_hash}, {"script", write_script},
    {"script-hash", write_script_hash}, {"summary", tl_page_summary},
    {"figures", write_figures},       {"tables", write_tables},
    {"explorer", write_explorer_intro}, {"method", tl_page_method},
    {"data", write_data},
};

static int write_part(const tl_page *p, tl_str name, tl_buf *out, tl_error *err)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (tl_str_eq(name, tl_str_from(parts[i].name)))
            return parts[i].write(p, out, err);
    return tl_fail(err, TL_USAGE, "page.html: there is no part " TL_STR_FMT, TL_STR_ARG(name));
}

int tl_page_write(const tl_page *p, tl_buf *out, tl_error *err)
{
    const tl_str page = tl_str_from(tl_page_html);
    size_t at = 0;
    for (;;) {
        size_t open = tl_str_find(page, TL_STR("{{"), at);
        if (open == SIZE_MAX)
            break;
        size_t close = tl_str_find(page, TL_STR("}}"), open);
        if (close == SIZE_MAX)
            return tl_fail(err, TL_USAGE, "page.html: {{ without }}");
        tl_buf_add_str(out, tl_str_range(page.data + at, page.data + open));
        int rc = write_part(p, tl_str_range(page.data + open + 2, page.data + close), out, err);
        if (rc)
            return rc;
        at = close + 2;
    }
    tl_buf_add_str(out, tl_str_range(page.data + at, page.data + page.len));
    return tl_buf_check(out, "the page", err);
}
