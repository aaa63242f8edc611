#include "tests/support/cells.h"

#include <stdlib.h>

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* The text at *at, up to the next `between`. */
static tl_str next_text(tl_str s, size_t *at, char between)
{
    size_t begin = *at;
    const char *end = begin < s.len ? memchr(s.data + begin, between, s.len - begin) : NULL;
    tl_str text = {s.data + begin, (end ? (size_t)(end - s.data) : s.len) - begin};
    *at = begin + text.len + 1;
    return text;
}

void test_cells(tl_grid *g, tl_str data)
{
    enum { MAX_ROWS = 50 };
    size_t n = data.len > 0 ? 1 + (unsigned char)data.data[0] % 4 : 1, at = 2;
    char between = data.len > 1 ? data.data[1] : 0;
    const char *names[4];
    tl_arena arena = {0};
    for (size_t c = 0; c < n; c++) {
        tl_buf name = {0};
        tl_buf_add_str(&name, at < data.len ? next_text(data, &at, between) : TL_STR(""));
        tl_buf_printf(&name, "%zu", c);
        for (size_t i = 0; i < name.len; i++)
            name.data[i] = name.data[i] ? name.data[i] : '0';
        names[c] = tl_arena_copy(&arena, tl_buf_str(&name)).data;
        must(names[c] != NULL);
        tl_buf_free(&name);
    }
    must(tl_grid_columns(g, names, n, NULL) == TL_OK);
    tl_arena_free(&arena);
    while (at < data.len && g->n_rows < MAX_ROWS) {
        tl_cell *row = tl_grid_add_row(g);
        must(row);
        for (size_t c = 0; c < n; c++)
            must(tl_grid_set_text(g, &row[c], at < data.len ? next_text(data, &at, between) : TL_STR("")));
    }
}

void test_add(tl_buf *out, uint32_t c)
{
    static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
    int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    tl_buf_add_char(out, (char)(lead[more] | c >> (6 * more)));
    while (more-- > 0)
        tl_buf_add_char(out, (char)(0x80 | (c >> (6 * more) & 0x3F)));
}

/* Is s[at .. at + n) the encoding of some character?  Decodes it as if it were, encodes
 * that again, and compares. */
static bool is_character(tl_str s, size_t at, size_t n)
{
    static const uint32_t bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    if (s.len - at < n)
        return false;
    uint32_t c = (unsigned char)s.data[at] & bits[n];
    for (size_t i = 1; i < n; i++)
        c = c << 6 | ((unsigned char)s.data[at + i] & 0x3F);
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return false;
    tl_buf again = {0};
    test_add(&again, c);
    bool same = tl_str_eq(tl_buf_str(&again), (tl_str){s.data + at, n});
    tl_buf_free(&again);
    return same;
}

void test_repaired(tl_buf *out, tl_str s)
{
    for (size_t at = 0, n; at < s.len; at += n) {
        for (n = 4; n > 0 && !is_character(s, at, n); n--)
            ;
        if (n > 0)
            tl_buf_add(out, s.data + at, n);
        else
            tl_buf_add_cstr(out, "\xEF\xBF\xBD");
        n = n ? n : 1;
    }
}

uint32_t test_next(tl_str s, size_t *at)
{
    size_t n = 1;
    uint32_t c = (unsigned char)s.data[*at];
    while (*at + n < s.len && ((unsigned char)s.data[*at + n] & 0xC0) == 0x80)
        n++;
    must(is_character(s, *at, n));
    if (n > 1)
        c &= 0x7Fu >> n;
    for (size_t i = 1; i < n; i++)
        c = c << 6 | ((unsigned char)s.data[*at + i] & 0x3F);
    *at += n;
    return c;
}
