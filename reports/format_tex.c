/* LaTeX: a table that fits the text of a plain article (345 pt wide), with no package but
 * booktabs.  It takes the largest size in which it fits.  If it fits in none, long texts
 * are wrapped; what is still too wide is cut between groups of columns into tabulars one
 * below the other, which repeat the first columns.  A table longer than a page goes on in
 * another. */
#include "reports/format_part.h"

#include <math.h>
#include <stdlib.h>

#include "reports/escape.h"
#include "reports/number.h"

enum { TEXT_WIDTH = 342, TEXT_HEIGHT = 500, LEAST_WRAPPED = 40, LONGEST_PART = 8, LEAST_LONG = 18 };

static const struct size {
    const char *command;
    double separation; /* on either side of a column, pt */
    double letter;     /* width of a digit, pt */
    double line;       /* from one to the next, pt */
} sizes[] = {{"\\small", 4, 4.63, 11}, {"\\footnotesize", 3, 4.25, 9.5}, {"\\scriptsize", 2, 3.99, 8},
             {"\\tiny", 1.5, 3.4, 6}};

enum { SIZES = sizeof sizes / sizeof *sizes };

typedef struct layout {
    const tl_grid *grid;
    tl_column_style *styles;
    double *widths; /* of each column's cells and heading, in digits */
    double *wrapped; /* the width in pt of a column whose texts are wrapped, or 0 */
    const struct size *size;
    size_t keys; /* columns before the first group: each part begins with them */
    tl_buf *out;
} layout;

/* -------------------------------------------------------------------- measuring ---- */

/* Of a letter of Computer Modern, in digits, a little more than it is. */
static double letter_width(uint32_t c)
{
    if (c < 0x80 && strchr(".,:;il'|!", (int)c))
        return 0.6;
    if (c < 0x80 && strchr("fjrst()[]- ", (int)c))
        return 0.8;
    if (c > 0x7F || strchr("mwMW%&@<>=+~", (int)c))
        return 1.8;
    return c >= 'A' && c <= 'Z' ? 1.5 : 1.08;
}

static double text_width(tl_str s)
{
    double width = 0;
    for (size_t at = 0; at < s.len;)
        width += letter_width(tl_utf8_next(s, &at));
    return width;
}

static double longest_word(tl_str s)
{
    double longest = 0;
    for (size_t from = 0, at = 0; at <= s.len; at++)
        if (at == s.len || s.data[at] == ' ') {
            double width = text_width((tl_str){s.data + from, at - from});
            longest = width > longest ? width : longest;
            from = at + 1;
        }
    return longest;
}

static double cell_width(const layout *l, size_t r, size_t c, tl_buf *scratch)
{
    const tl_cell *cell = &tl_grid_row(l->grid, r)[c];
    if (cell->type == TL_CELL_TEXT)
        return text_width(cell->text);
    if (cell->type == TL_CELL_NULL)
        return 1;
    scratch->len = 0; /* keeps a failure in mind, as tl_buf_clear would not */
    tl_format_number(scratch, cell, &l->styles[c]);
    tl_str number = tl_buf_str(scratch);
    return text_width(number) + (number.len && number.data[0] == '-'); /* a true minus is wide */
}

static void measure(layout *l)
{
    tl_buf scratch = {0};
    for (size_t c = 0; c < l->grid->n_columns; c++) {
        l->widths[c] = longest_word(tl_str_from(tl_column_label(&l->grid->columns[c])));
        for (size_t r = 0; r < l->grid->n_rows; r++) {
            double width = cell_width(l, r, c, &scratch);
            l->widths[c] = width > l->widths[c] ? width : l->widths[c];
        }
    }
    l->out->failed |= scratch.failed;
    tl_buf_free(&scratch);
}

/* Of columns [from, to), which are one group or no group, in pt. */
static double points(const layout *l, size_t from, size_t to)
{
    double sum = 0, label = 0;
    for (size_t c = from; c < to; c++)
        sum += 2 * l->size->separation + (l->wrapped[c] > 0 ? l->wrapped[c] : l->widths[c] * l->size->letter);
    if (to > from && l->grid->columns[from].group)
        label = text_width(tl_str_from(l->grid->columns[from].group)) * l->size->letter + 2 * l->size->separation;
    return sum > label ? sum : label;
}

/* The end of the part whose columns behind the keys begin with `from`. */
static size_t part_end(const layout *l, size_t from)
{
    double used = points(l, 0, l->keys);
    size_t end = from;
    while (end < l->grid->n_columns) {
        size_t next = tl_group_end(l->grid, end);
        used += points(l, end, next);
        if (used > TEXT_WIDTH && end > from)
            break;
        end = next;
    }
    return end;
}

static bool fits(const layout *l)
{
    return part_end(l, l->keys) == l->grid->n_columns &&
           (l->keys < l->grid->n_columns || points(l, 0, l->keys) <= TEXT_WIDTH);
}

static double row_height(const layout *l, size_t r)
{
    double lines = 1;
    for (size_t c = 0; c < l->grid->n_columns; c++)
        if (l->wrapped[c] > 0 && tl_grid_row(l->grid, r)[c].type == TL_CELL_TEXT)
            lines = fmax(lines, ceil(text_width(tl_grid_row(l->grid, r)[c].text) * l->size->letter * 1.1 /
                                     l->wrapped[c]));
    return lines * l->size->line;
}

/* The end of the rows that stand on one page from `begin` on, in so many parts. */
static size_t page_end(const layout *l, size_t begin, size_t parts)
{
    double used = 0;
    size_t end = begin;
    while (end < l->grid->n_rows) {
        used += row_height(l, end) * (double)parts;
        if (used + 5 * l->size->line * (double)parts > TEXT_HEIGHT && end > begin)
            break;
        end++;
    }
    return end;
}

static size_t count_parts(const layout *l)
{
    size_t n = 0, from = l->keys;
    do {
        from = part_end(l, from);
        n++;
    } while (from < l->grid->n_columns);
    return n;
}

/* ------------------------------------------------------------------ choosing a size ---- */

/* The widest column of texts of more than a few words that is not wrapped yet, or
 * SIZE_MAX. */
static size_t widest_text(const layout *l)
{
    size_t widest = SIZE_MAX;
    for (size_t c = 0; c < l->grid->n_columns; c++)
        if (l->wrapped[c] == 0 && !l->styles[c].number && l->widths[c] > LEAST_LONG &&
            (widest == SIZE_MAX || l->widths[c] > l->widths[widest]))
            widest = c;
    return widest;
}

/* Wraps one more column and shares the room that the others leave among the wrapped ones,
 * by the square root of what they hold.  False if there is none to wrap. */
static bool wrap_widest(layout *l)
{
    size_t widest = widest_text(l);
    if (widest == SIZE_MAX)
        return false;
    l->wrapped[widest] = LEAST_WRAPPED; /* as the others are, or there would be room */
    double rest = TEXT_WIDTH - 1, shares = 0;
    for (size_t c = 0; c < l->grid->n_columns; c = tl_group_end(l->grid, c))
        rest -= points(l, c, tl_group_end(l->grid, c));
    for (size_t c = 0; c < l->grid->n_columns; c++)
        shares += l->wrapped[c] > 0 ? sqrt(l->widths[c]) : 0;
    for (size_t c = 0; c < l->grid->n_columns; c++)
        if (l->wrapped[c] > 0)
            l->wrapped[c] = LEAST_WRAPPED + fmax(0, rest) * sqrt(l->widths[c]) / shares;
    return true;
}

static void choose(layout *l)
{
    /* Without groups every column is a key, and the table is never cut. */
    while (l->keys < l->grid->n_columns && !l->grid->columns[l->keys].group)
        l->keys++;
    for (l->size = sizes; l->size < sizes + SIZES - 1; l->size++)
        if (fits(l))
            return;
    for (l->size = sizes + SIZES - 2; l->size < sizes + SIZES; l->size++) {
        memset(l->wrapped, 0, l->grid->n_columns * sizeof *l->wrapped);
        while (wrap_widest(l))
            if (fits(l))
                return;
    }
    l->size = sizes + SIZES - 2;
    if (page_end(l, 0, count_parts(l)) < l->grid->n_rows)
        l->size++;
}

/* ------------------------------------------------------------------------ writing ---- */

/* A bracket or star at the start of a line, after any blanks, would be taken for an
 * argument of the command that ends the line before. */
static void guard_start(tl_buf *out, tl_str s)
{
    uint32_t c = ' ';
    for (size_t at = 0; at < s.len && (c <= ' ' || (c >= 0x7F && c < 0xA0));)
        c = tl_utf8_next(s, &at);
    tl_buf_add_cstr(out, c == '[' || c == '*' ? "{}" : "");
}

/* A heading, in lines no wider than the cells below it. */
static void heading(const layout *l, size_t c)
{
    tl_str rest = tl_str_from(tl_column_label(&l->grid->columns[c]));
    bool stacked = text_width(rest) > l->widths[c] && l->wrapped[c] == 0;
    if (stacked)
        tl_buf_printf(l->out, "\\shortstack[%c]{", l->styles[c].number ? 'r' : 'l');
    for (double used = 0; rest.len;) {
        size_t n = tl_str_find(rest, TL_STR(" "), 0);
        tl_str word = {rest.data, n == SIZE_MAX ? rest.len : n};
        double width = text_width(word);
        if (used > 0)
            tl_buf_add_cstr(l->out, stacked && used + 1 + width > l->widths[c] ? "\\\\" : " ");
        used = used > 0 && !(stacked && used + 1 + width > l->widths[c]) ? used + 1 + width : width;
        guard_start(l->out, word);
        tl_escape_tex(l->out, word);
        size_t step = word.len + (n != SIZE_MAX);
        rest.data += step, rest.len -= step;
    }
    tl_buf_add_cstr(l->out, stacked ? "}" : "");
}

/* A long text: it may break behind each sign, and within what has no sign for long. */
static void wrapped_text(const layout *l, tl_str s, double width)
{
    tl_buf_printf(l->out, "\\parbox[t]{%.0fpt}{\\raggedright ", floor(width));
    size_t run = 0;
    for (size_t at = 0, from = 0; at < s.len; from = at) {
        uint32_t c = tl_utf8_next(s, &at);
        bool letter = c > 0x7F || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
        run = letter ? run + 1 : 0;
        tl_escape_tex(l->out, (tl_str){s.data + from, at - from});
        if (at < s.len && ((!letter && c != ' ') || run == LONGEST_PART)) {
            tl_buf_add_cstr(l->out, run ? "\\penalty900{}" : "\\penalty500{}");
            run = 0;
        }
    }
    tl_buf_add_cstr(l->out, "\\strut}");
}

static void cell(const layout *l, size_t r, size_t c)
{
    const tl_cell *it = &tl_grid_row(l->grid, r)[c];
    if (it->type == TL_CELL_TEXT && l->wrapped[c] > 0) {
        wrapped_text(l, it->text, l->wrapped[c]);
    } else if (it->type == TL_CELL_TEXT) {
        guard_start(l->out, it->text);
        tl_escape_tex(l->out, it->text);
    } else if (it->type == TL_CELL_NULL) {
        tl_buf_add_cstr(l->out, "--");
    } else {
        const char *math = l->styles[c].p_value ? "" : "$"; /* for a true minus sign */
        tl_buf_add_cstr(l->out, math);
        tl_format_number(l->out, it, &l->styles[c]);
        tl_buf_add_cstr(l->out, math);
    }
}

/* The columns of a part: the keys, then [from, to).  Returns the one after `c`. */
static size_t next_column(const layout *l, size_t c, size_t from)
{
    return c + 1 == l->keys ? from : c + 1;
}

/* The groups over their columns, each with a rule under it. */
static void groups(const layout *l, size_t from, size_t to)
{
    for (size_t c = 0; c < l->keys; c++)
        tl_buf_add_cstr(l->out, c ? " & " : "");
    for (size_t c = from; c < to; c = tl_group_end(l->grid, c)) {
        tl_buf_add_cstr(l->out, c > from || l->keys ? " & " : "");
        if (!l->grid->columns[c].group)
            continue;
        tl_buf_printf(l->out, "\\multicolumn{%zu}{c}{", tl_group_end(l->grid, c) - c);
        tl_escape_tex(l->out, tl_str_from(l->grid->columns[c].group));
        tl_buf_add_char(l->out, '}');
    }
    tl_buf_add_cstr(l->out, " \\\\\n");
    for (size_t c = from; c < to; c = tl_group_end(l->grid, c))
        if (l->grid->columns[c].group)
            tl_buf_printf(l->out, "\\cmidrule(lr){%zu-%zu}", l->keys + c - from + 1,
                          l->keys + tl_group_end(l->grid, c) - from);
    tl_buf_add_char(l->out, '\n');
}

/* Rows [begin, end) of the keys and of columns [from, to). */
static void part(const layout *l, size_t from, size_t to, size_t begin, size_t end)
{
    const tl_grid *g = l->grid;
    size_t first = l->keys ? 0 : from;
    tl_buf_add_cstr(l->out, "\\begin{tabular}{");
    for (size_t c = first; c < to; c = next_column(l, c, from))
        tl_buf_add_char(l->out, l->styles[c].number ? 'r' : 'l');
    tl_buf_add_cstr(l->out, "}\n\\toprule\n");
    if (tl_grid_has_groups(g))
        groups(l, from, to);
    for (size_t c = first; c < to; c = next_column(l, c, from)) {
        tl_buf_add_cstr(l->out, c > first ? " & " : "");
        heading(l, c);
    }
    tl_buf_add_cstr(l->out, " \\\\\n\\midrule\n");
    for (size_t r = begin; r < end; r++) {
        /* A rule between the profiles. */
        if (r > begin && tl_grid_find(g, "profile") == 0 && !tl_cell_eq(tl_grid_row(g, r - 1), tl_grid_row(g, r)))
            tl_buf_add_cstr(l->out, "\\midrule\n");
        for (size_t c = first; c < to; c = next_column(l, c, from)) {
            tl_buf_add_cstr(l->out, c > first ? " & " : "");
            cell(l, r, c);
        }
        tl_buf_add_cstr(l->out, " \\\\\n");
    }
    tl_buf_add_cstr(l->out, "\\bottomrule\n\\end{tabular}\n");
}

static void write_page(const layout *l, const tl_format_options *o, size_t begin, size_t end)
{
    tl_buf_printf(l->out, "\\begin{table}\n\\centering%s\\setlength{\\tabcolsep}{%gpt}\n", l->size->command,
                  l->size->separation);
    if (o->caption) {
        tl_buf_add_cstr(l->out, "\\caption{");
        tl_escape_tex(l->out, tl_str_from(o->caption));
        tl_buf_add_cstr(l->out, begin ? " (continued)}\n" : "}\n");
    }
    if (o->label && begin == 0)
        tl_buf_printf(l->out, "\\label{tab:%s}\n", o->label);
    size_t from = l->keys;
    do {
        size_t to = part_end(l, from);
        if (from > l->keys)
            tl_buf_add_cstr(l->out, "\n\\medskip\n");
        part(l, from, to, begin, end);
        from = to;
    } while (from < l->grid->n_columns);
    tl_buf_add_cstr(l->out, "\\end{table}\n");
}

void tl_format_tex(const tl_grid *g, const tl_format_options *o, tl_buf *out)
{
    layout l = {.grid = g, .out = out, .styles = tl_column_styles(g, out)};
    l.widths = calloc(g->n_columns + 1, sizeof *l.widths);
    l.wrapped = calloc(g->n_columns + 1, sizeof *l.wrapped);
    if (l.styles && l.widths && l.wrapped) {
        measure(&l);
        choose(&l);
        size_t begin = 0, parts = count_parts(&l);
        do {
            size_t end = page_end(&l, begin, parts);
            tl_buf_add_cstr(out, begin ? "\\clearpage\n" : "");
            write_page(&l, o, begin, end);
            begin = end;
        } while (begin < g->n_rows);
    } else {
        out->failed = true;
    }
    free(l.styles);
    free(l.widths);
    free(l.wrapped);
}
