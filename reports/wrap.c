#include "reports/wrap.h"

enum { COLUMNS = 80 };

/* Columns of a text, a code point each. */
static size_t width_of(tl_str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    return n;
}

void tl_wrap(tl_buf *out, tl_str text, int indent, int more)
{
    size_t column = (size_t)indent;
    tl_buf_printf(out, "%*s", indent, "");
    for (size_t i = 0; i < text.len;) {
        size_t end = tl_str_find(text, TL_STR(" "), i);
        tl_str word = {text.data + i, (end == SIZE_MAX ? text.len : end) - i};
        size_t width = width_of(word);
        if (i > 0 && column + 1 + width > COLUMNS) {
            tl_buf_printf(out, "\n%*s", indent + more, "");
            column = (size_t)(indent + more);
        } else if (i > 0) {
            tl_buf_add_char(out, ' ');
            column++;
        }
        tl_buf_add_str(out, word);
        column += width;
        i += word.len + 1;
    }
    tl_buf_add_char(out, '\n');
}
