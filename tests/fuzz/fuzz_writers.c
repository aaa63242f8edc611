/* Any texts through the formats for programs (CSV, JSON, JSON lines), read back by
 * libcsv and jansson: the same texts, cell by cell. */
#include "tests/fuzz/fuzz.h"

#include <csv.h>
#include <jansson.h>

#include "reports/format.h"
#include "tests/support/cells.h"

static void write_grid(const tl_grid *g, tl_format f, bool guard, tl_buf *out)
{
    tl_format_options o = {.guard_formulas = guard};
    tl_buf_clear(out);
    require(tl_format_grid(g, f, &o, out, NULL) == TL_OK);
}

/* ---- CSV ---------------------------------------------------------------------- */

typedef struct csv_check {
    const tl_grid *g;
    bool guard;
    size_t row, column; /* row 0 is the header */
} csv_check;

static void on_cell(void *text, size_t n, void *ctx)
{
    csv_check *k = ctx;
    tl_str s = {text ? text : "", n}, wanted;
    require(k->column < k->g->n_columns && k->row <= k->g->n_rows);
    wanted = k->row ? tl_grid_row(k->g, k->row - 1)[k->column].text : tl_str_from(k->g->columns[k->column].name);
    k->column++;
    if (k->guard && wanted.len > 0 && memchr("=+-@\t\r", wanted.data[0], 6)) {
        require(s.len > 0 && s.data[0] == '\'');
        s = (tl_str){s.data + 1, s.len - 1};
    }
    require(tl_str_eq(s, wanted));
}

static void on_row(int end, void *ctx)
{
    csv_check *k = ctx;
    (void)end;
    require(k->column == k->g->n_columns);
    k->column = 0;
    k->row++;
}

static int no_space(unsigned char c)
{
    (void)c;
    return 0;
}

/* libcsv takes blanks off unless told not to; RFC 4180 counts them as text. */
static void check_csv(const tl_grid *g, bool guard, tl_buf *text)
{
    struct csv_parser p;
    csv_check k = {g, guard, 0, 0};
    write_grid(g, TL_FORMAT_CSV, guard, text);
    require(csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) == 0);
    csv_set_space_func(&p, no_space);
    require(csv_parse(&p, text->data, text->len, on_cell, on_row, &k) == text->len);
    require(csv_fini(&p, on_cell, on_row, &k) == 0);
    require(k.row == g->n_rows + 1);
    csv_free(&p);
}

/* ---- JSON ---------------------------------------------------------------------- */

static void check_value(const json_t *object, const char *name, tl_str wanted)
{
    tl_buf key = {0}, value = {0};
    test_repaired(&key, tl_str_from(name));
    test_repaired(&value, wanted);
    const json_t *found = json_object_get(object, key.data);
    require(json_is_string(found));
    require(tl_str_eq((tl_str){json_string_value(found), json_string_length(found)}, tl_buf_str(&value)));
    tl_buf_free(&key);
    tl_buf_free(&value);
}

static void check_object(const tl_grid *g, size_t r, const json_t *object)
{
    require(json_object_size(object) == g->n_columns);
    for (size_t c = 0; c < g->n_columns; c++)
        check_value(object, g->columns[c].name, tl_grid_row(g, r)[c].text);
}

static json_t *load(tl_str text)
{
    /* It may stand inside a script element. */
    require(!memchr(text.data, '<', text.len));
    for (size_t i = 0; i < text.len; i++)
        require((unsigned char)text.data[i] >= 0x20 || text.data[i] == '\n');
    json_t *value = json_loadb(text.data, text.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    require(value);
    return value;
}

static void check_json(const tl_grid *g, tl_buf *text)
{
    write_grid(g, TL_FORMAT_JSON, false, text);
    json_t *rows = load(tl_buf_str(text));
    require(json_array_size(rows) == g->n_rows);
    for (size_t r = 0; r < g->n_rows; r++)
        check_object(g, r, json_array_get(rows, r));
    json_decref(rows);
}

static void check_jsonl(const tl_grid *g, tl_buf *text)
{
    write_grid(g, TL_FORMAT_JSONL, false, text);
    size_t r = 0;
    for (size_t at = 0; at < text->len; r++) {
        size_t end = tl_str_find(tl_buf_str(text), TL_STR("\n"), at);
        require(end != SIZE_MAX && r < g->n_rows);
        json_t *object = load((tl_str){text->data + at, end - at});
        check_object(g, r, object);
        json_decref(object);
        at = end + 1;
    }
    require(r == g->n_rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tl_buf text;
    tl_grid g = {0};
    test_cells(&g, (tl_str){(const char *)data, size});
    check_csv(&g, false, &text);
    check_csv(&g, true, &text);
    check_json(&g, &text);
    check_jsonl(&g, &text);
    tl_grid_free(&g);
    return 0;
}
