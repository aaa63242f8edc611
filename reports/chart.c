#include "reports/chart.h"

#include <math.h>

#include "reports/escape.h"
#include "reports/number.h"

/* In the units of the drawing. */
enum { WIDTH = 480, HEIGHT = 300, LEFT = 44, RIGHT = 468, TOP = 12, BOTTOM = 252, COLOURS = 8 };

/* The columns of the data. */
enum { LIBRARY = 2, X = 3, Y = 4, OTHER = 3, EXACTLY = 4, AT_LEAST = 5 };

static double number_of(const tl_cell *cell)
{
    return cell->type == TL_CELL_INT ? (double)cell->integer : cell->type == TL_CELL_REAL ? cell->real : 0;
}

/* The position of a library in `libraries`, or 0. */
static size_t place_of(const tl_cell *library, const tl_grid *libraries)
{
    for (size_t r = 0; r < libraries->n_rows; r++)
        if (tl_cell_eq(tl_grid_row(libraries, r), library))
            return r;
    return 0;
}

typedef struct scale {
    bool log;
    double from, to;
} scale;

static double x_of(const scale *s, double v)
{
    double part = s->log ? log(v / s->from) / log(s->to / s->from) : (v - s->from) / (s->to - s->from);
    return LEFT + part * (RIGHT - LEFT);
}

static double y_of(double percent)
{
    return BOTTOM - percent / 100 * (BOTTOM - TOP);
}

static void add_coordinate(tl_buf *out, double v)
{
    tl_number_fixed(out, v, 1);
}

static void add_point(tl_buf *out, char command, double x, double y)
{
    tl_buf_add_char(out, command);
    add_coordinate(out, x);
    tl_buf_add_char(out, ' ');
    add_coordinate(out, y);
}

static void add_text(tl_buf *out, double x, double y, const char *anchor, const char *text)
{
    tl_buf_add_cstr(out, "<text x=\"");
    add_coordinate(out, x);
    tl_buf_add_cstr(out, "\" y=\"");
    add_coordinate(out, y);
    tl_buf_printf(out, "\" text-anchor=\"%s\">", anchor);
    tl_escape_html(out, tl_str_from(text));
    tl_buf_add_cstr(out, "</text>\n");
}

static void add_x_tick(tl_buf *out, const scale *s, double v)
{
    tl_buf label = {0};
    tl_buf_add_cstr(out, "<path class=\"axis\" d=\"");
    add_point(out, 'M', x_of(s, v), BOTTOM);
    tl_buf_add_cstr(out, "v5\"/>\n");
    tl_number_grouped(&label, (int64_t)v);
    if (label.data)
        add_text(out, x_of(s, v), BOTTOM + 20, "middle", label.data);
    out->failed = out->failed || label.failed;
    tl_buf_free(&label);
}

static void x_axis(tl_buf *out, const scale *s)
{
    static const int mantissas[] = {1, 2, 5};
    if (!s->log) {
        for (int v = 0; v <= 100; v += 25)
            add_x_tick(out, s, v);
        return;
    }
    /* 1, 10, 100, ...; with 2 and 5 between them where there is room. */
    bool room = s->to <= 1000;
    for (double power = 1; power <= s->to; power *= 10)
        for (int i = 0; i < (room ? 3 : 1); i++)
            if (power * mantissas[i] <= s->to)
                add_x_tick(out, s, power * mantissas[i]);
}

static void axes(tl_buf *out, const tl_chart *chart, const scale *s)
{
    static const char *const labels[] = {"0", "25", "50", "75", "100 %"};
    for (int i = 0; i < 5; i++) {
        tl_buf_printf(out, "<path class=\"%s\" d=\"", i ? "grid" : "axis");
        add_point(out, 'M', LEFT, y_of(25 * i));
        tl_buf_printf(out, "H%d\"/>\n", RIGHT);
        add_text(out, LEFT - 8, y_of(25 * i) + 4, "end", labels[i]);
    }
    x_axis(out, s);
    add_text(out, (LEFT + RIGHT) / 2.0, HEIGHT - 6, "middle", chart->x_label);
}

static scale scale_of(const tl_chart *chart, const tl_grid *data)
{
    scale s = {.log = chart->log_x, .from = chart->log_x ? 1 : 0, .to = chart->log_x ? 10 : 100};
    for (size_t r = 0; chart->log_x && r < data->n_rows; r++)
        s.to = fmax(s.to, number_of(&tl_grid_row(data, r)[X]));
    return s;
}

/* The line of rows [from, to); points closer than a third of a unit are one. */
static void add_line(tl_buf *out, const tl_chart *chart, const scale *s, const tl_grid *data, size_t from,
                     size_t to)
{
    double last_x = -1, last_y = -1;
    for (size_t r = from; r < to; r++) {
        double x = x_of(s, number_of(&tl_grid_row(data, r)[X]));
        double y = y_of(number_of(&tl_grid_row(data, r)[Y]));
        if (r > from && r + 1 < to && fabs(x - last_x) + fabs(y - last_y) < 0.33)
            continue;
        if (r == from) {
            add_point(out, 'M', x, y);
        } else {
            bool down = chart->step == TL_STEP_DOWN;
            tl_buf_add_char(out, down ? 'V' : 'H');
            add_coordinate(out, down ? y : x);
            tl_buf_add_char(out, down ? 'H' : 'V');
            add_coordinate(out, down ? x : y);
        }
        last_x = x;
        last_y = y;
    }
    if (chart->step == TL_STEP_UP)
        tl_buf_printf(out, "H%d", RIGHT);
}

static bool same_library(const tl_grid *data, size_t a, size_t b)
{
    return tl_cell_eq(&tl_grid_row(data, a)[LIBRARY], &tl_grid_row(data, b)[LIBRARY]);
}

void tl_chart_lines(tl_buf *out, const tl_chart *chart, const tl_grid *data, const tl_grid *libraries)
{
    const scale s = scale_of(chart, data);
    tl_buf_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH, HEIGHT);
    tl_escape_html(out, tl_str_from(chart->title));
    tl_buf_add_cstr(out, "\">\n");
    axes(out, chart, &s);
    for (size_t from = 0; from < data->n_rows;) {
        size_t to = from + 1;
        while (to < data->n_rows && same_library(data, from, to))
            to++;
        size_t place = place_of(&tl_grid_row(data, from)[LIBRARY], libraries);
        tl_buf_printf(out, "<path class=\"series s%zu\" d=\"", place % COLOURS);
        add_line(out, chart, &s, data, from, to);
        tl_buf_add_cstr(out, "\"><title>");
        tl_escape_html(out, tl_grid_row(libraries, place)[1].text);
        tl_buf_add_cstr(out, "</title></path>\n");
        from = to;
    }
    tl_buf_add_cstr(out, "</svg>\n");
}

static bool occurs(const tl_cell *library, const tl_grid *data)
{
    for (size_t r = 0; r < data->n_rows; r++)
        if (tl_cell_eq(library, &tl_grid_row(data, r)[LIBRARY]))
            return true;
    return false;
}

void tl_chart_legend(tl_buf *out, const tl_grid *data, const tl_grid *libraries)
{
    tl_buf_add_cstr(out, "<ul class=\"legend\">");
    for (size_t r = 0; r < libraries->n_rows; r++) {
        const tl_cell *library = tl_grid_row(libraries, r);
        if (!occurs(library, data))
            continue;
        tl_buf_printf(out,
                      "<li><svg viewBox=\"0 0 32 10\" aria-hidden=\"true\">"
                      "<path class=\"series s%zu\" d=\"M0 5H32\"/></svg>",
                      r % COLOURS);
        tl_escape_html(out, library[1].text);
        tl_buf_add_cstr(out, "</li>");
    }
    tl_buf_add_cstr(out, "</ul>\n");
}

/* --------------------------------------------------------------------- heat map ---- */

/* The row of `data` for a pair, or NULL. */
static const tl_cell *pair_of(const tl_grid *data, const tl_cell *a, const tl_cell *b)
{
    for (size_t r = 0; r < data->n_rows; r++) {
        const tl_cell *row = tl_grid_row(data, r);
        if (tl_cell_eq(&row[LIBRARY], a) && tl_cell_eq(&row[OTHER], b))
            return row;
    }
    return NULL;
}

static void heat_cell(tl_buf *out, const tl_cell *pair, int64_t most)
{
    if (!pair) {
        tl_buf_add_cstr(out, "<td></td>");
        return;
    }
    int64_t n = pair[EXACTLY].integer;
    int level = n == 0 || most == 0 ? 0 : 1 + (int)(4 * log1p((double)n) / log1p((double)most));
    tl_buf_printf(out, "<td class=\"h%d\">%lld", level, (long long)n);
    if (pair[AT_LEAST].type == TL_CELL_INT)
        tl_buf_printf(out, " <small>of %lld</small>", (long long)pair[AT_LEAST].integer);
    tl_buf_add_cstr(out, "</td>");
}

static void heat_name(tl_buf *out, const char *scope, const tl_cell *library)
{
    tl_buf_printf(out, "<th scope=\"%s\">", scope);
    tl_escape_html(out, library[1].text);
    tl_buf_add_cstr(out, "</th>");
}

void tl_chart_heat(tl_buf *out, const tl_grid *data, const tl_grid *libraries)
{
    int64_t most = 0;
    for (size_t r = 0; r < data->n_rows; r++)
        if (tl_grid_row(data, r)[EXACTLY].integer > most)
            most = tl_grid_row(data, r)[EXACTLY].integer;
    tl_buf_add_cstr(out, "<div class=\"scroll\"><table class=\"heat\">\n<thead><tr><td></td>");
    for (size_t r = 0; r < libraries->n_rows; r++)
        if (occurs(tl_grid_row(libraries, r), data))
            heat_name(out, "col", tl_grid_row(libraries, r));
    tl_buf_add_cstr(out, "</tr></thead>\n<tbody>\n");
    for (size_t r = 0; r < libraries->n_rows; r++) {
        if (!occurs(tl_grid_row(libraries, r), data))
            continue;
        tl_buf_add_cstr(out, "<tr>");
        heat_name(out, "row", tl_grid_row(libraries, r));
        for (size_t c = 0; c < libraries->n_rows; c++)
            if (occurs(tl_grid_row(libraries, c), data))
                heat_cell(out, pair_of(data, tl_grid_row(libraries, r), tl_grid_row(libraries, c)), most);
        tl_buf_add_cstr(out, "</tr>\n");
    }
    tl_buf_add_cstr(out, "</tbody>\n</table></div>\n");
}
