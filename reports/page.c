#include "reports/page.h"

#include "reports/escape.h"
#include "reports/format.h"

extern const char tl_page_css[];

static int add_table(const tl_page *p, size_t i, tl_buf *out, tl_error *err)
{
    const tl_table *t = &tl_tables[i];
    tl_grid shown = {0};
    int rc = tl_table_show_paired(&shown, t, &p->tables[i], p->libraries, err);
    tl_buf_printf(out, "<section id=\"%s\">\n<h3><span>%s</span> %s</h3>\n<div class=\"scroll\">\n", t->name,
                  t->number, t->title);
    if (rc == TL_OK)
        rc = tl_format_grid(&shown, TL_FORMAT_HTML, &(tl_format_options){.caption = t->reading}, out, err);
    tl_buf_add_cstr(out, "</div>\n</section>\n");
    tl_grid_free(&shown);
    return rc;
}

int tl_page_write(const tl_page *p, tl_buf *out, tl_error *err)
{
    tl_buf_add_cstr(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                         "<title>Stack traces</title>\n<h1>Stack traces</h1>\n");
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && tl_tables[i].name; i++)
        rc = add_table(p, i, out, err);
    tl_buf_add_cstr(out, "</html>\n");
    return rc ? rc : tl_buf_check(out, "the page", err);
}
