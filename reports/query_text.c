#include <math.h>

#include "reports/escape.h"
#include "reports/number.h"
#include "reports/query.h"
#include "reports/wrap.h"

/* The columns of tl_query_patterns. */
enum { ID, LIBRARY, SUPPORT, QUESTIONS, UNANSWERED, VIEWS, LIBRARIES, CATEGORY, TYPE, CONFIDENCE, LENGTH, FRAMES, POSTS };

static void add_cell(tl_buf *out, const char *before, const tl_cell *c, const char *after)
{
    if (c->type == TL_CELL_NULL)
        return;
    tl_buf_add_cstr(out, before);
    if (c->type == TL_CELL_TEXT)
        tl_escape_terminal(out, c->text, 0);
    else if (c->type == TL_CELL_INT)
        tl_buf_printf(out, "%lld", (long long)c->integer);
    else
        tl_number_fixed(out, c->real, 2);
    tl_buf_add_cstr(out, after);
}

static void add_views(tl_buf *out, const tl_cell *c)
{
    if (c->type != TL_CELL_REAL)
        return;
    tl_buf_add_cstr(out, ", median views ");
    tl_number_fixed(out, c->real, c->real != floor(c->real));
}

/* Adds the line and begins the next one. */
static void end_line(tl_buf *out, tl_buf *line, int first, int others)
{
    if (line->len)
        tl_wrap(out, tl_buf_str(line), first, others);
    out->failed |= line->failed; /* which clearing forgets */
    tl_buf_clear(line);
}

static void add_pattern(tl_buf *out, tl_buf *line, const tl_cell *c)
{
    add_cell(line, "", &c[FRAMES], "");
    end_line(out, line, 0, 2);
    add_cell(line, "support ", &c[SUPPORT], "");
    add_cell(line, ", ", &c[LIBRARY], "");
    if (c[LIBRARIES].type == TL_CELL_INT && c[LIBRARIES].integer > 1)
        add_cell(line, ", in ", &c[LIBRARIES], " libraries");
    add_cell(line, "; ", &c[CATEGORY], "");
    add_cell(line, " ", &c[TYPE], "");
    add_cell(line, " (", &c[CONFIDENCE], ")");
    add_cell(line, "; questions ", &c[QUESTIONS], "");
    add_cell(line, ", unanswered ", &c[UNANSWERED], "");
    add_views(line, &c[VIEWS]);
    add_cell(line, "; id ", &c[ID], "");
    end_line(out, line, 4, 0);
    add_cell(line, "", &c[POSTS], "");
    end_line(out, line, 4, 0);
}

void tl_query_text(tl_buf *out, const tl_grid *patterns)
{
    tl_buf line = {0};
    for (size_t r = 0; r < patterns->n_rows; r++)
        add_pattern(out, &line, tl_grid_row(patterns, r));
    tl_buf_free(&line);
}
