#include "extract/csv.h"

#include <csv.h>
#include <stdlib.h>

#include "base/buf.h"
#include "extract/repair.h"

enum { FIELD_BLOCK = 64 * 1024 }; /* by which libcsv's buffer grows */

struct tl_csv {
    struct csv_parser parser;
    tl_buf repaired;
    /* of the row being parsed */
    const tl_csv_layout *layout;
    tl_csv_layout *header;
    tl_arena *arena;
    tl_row *row;
    size_t fields;
    bool no_memory;
};

static void reset(tl_csv *c)
{
    csv_free(&c->parser);
    csv_init(&c->parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_blk_size(&c->parser, FIELD_BLOCK);
}

int tl_csv_new(tl_csv **out, tl_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return tl_fail_memory(err, "a CSV parser");
    reset(*out);
    return TL_OK;
}

void tl_csv_free(tl_csv *c)
{
    if (!c)
        return;
    csv_free(&c->parser);
    tl_buf_free(&c->repaired);
    free(c);
}

/* Parses all of `raw` as one row; on_field has taken the fields. */
static int parse_row(tl_csv *c, char delimiter, tl_str raw, void (*on_field)(void *, size_t, void *),
                     tl_error *err)
{
    c->fields = 0;
    c->no_memory = false;
    csv_set_delim(&c->parser, (unsigned char)delimiter);
    bool good = csv_parse(&c->parser, raw.data, raw.len, on_field, NULL, c) == raw.len &&
                csv_fini(&c->parser, on_field, NULL, c) == 0;
    int why = csv_error(&c->parser);
    if (!good)
        reset(c);
    if (c->no_memory || (!good && why != CSV_EPARSE))
        return tl_fail_memory(err, "a CSV row");
    return good ? TL_OK : tl_fail(err, TL_BAD_INPUT, "not well-formed: a quote is missing or stands in the wrong place");
}

/* ---- the header --------------------------------------------------------- */

static const struct {
    const char *name;
    unsigned char attr[TL_CSV_TABLES]; /* what the column is in each table; TL_ATTRS: nothing */
} columns[] = {
    {"id", {TL_ATTR_ID, TL_ATTR_ID, TL_ATTRS}},
    {"posttypeid", {TL_ATTR_POST_TYPE, TL_ATTRS, TL_ATTRS}},
    {"parentid", {TL_ATTR_PARENT, TL_ATTRS, TL_ATTRS}},
    {"acceptedanswerid", {TL_ATTR_ACCEPTED, TL_ATTRS, TL_ATTRS}},
    {"creationdate", {TL_ATTR_CREATED, TL_ATTR_CREATED, TL_ATTRS}},
    {"score", {TL_ATTR_SCORE, TL_ATTRS, TL_ATTRS}},
    {"viewcount", {TL_ATTR_VIEWS, TL_ATTRS, TL_ATTRS}},
    {"body", {TL_ATTR_BODY, TL_ATTRS, TL_ATTRS}},
    {"title", {TL_ATTR_TITLE, TL_ATTRS, TL_ATTRS}},
    {"tags", {TL_ATTR_TAGS, TL_ATTRS, TL_ATTRS}},
    {"answercount", {TL_ATTR_ANSWERS, TL_ATTRS, TL_ATTRS}},
    {"commentcount", {TL_ATTR_COMMENTS, TL_ATTRS, TL_ATTRS}},
    {"postid", {TL_ATTRS, TL_ATTR_PARENT, TL_ATTR_PARENT}},
    {"posthistorytypeid", {TL_ATTRS, TL_ATTR_HISTORY_TYPE, TL_ATTRS}},
    {"text", {TL_ATTRS, TL_ATTR_BODY, TL_ATTRS}},
    {"posthistoryid", {TL_ATTRS, TL_ATTRS, TL_ATTR_ID}},
    {"postblocktypeid", {TL_ATTRS, TL_ATTRS, TL_ATTR_HISTORY_TYPE}},
    {"content", {TL_ATTRS, TL_ATTRS, TL_ATTR_BODY}},
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

/* Columns without which a file is not that table, as bits 1 << tl_attr. */
static const unsigned required[TL_CSV_TABLES] = {
    [TL_CSV_POSTS] = 1u << TL_ATTR_ID | 1u << TL_ATTR_BODY,
    [TL_CSV_HISTORY] = 1u << TL_ATTR_ID | 1u << TL_ATTR_PARENT | 1u << TL_ATTR_HISTORY_TYPE | 1u << TL_ATTR_BODY,
    [TL_CSV_BLOCKS] = 1u << TL_ATTR_ID | 1u << TL_ATTR_PARENT | 1u << TL_ATTR_HISTORY_TYPE | 1u << TL_ATTR_BODY,
};

/* Equal but for case, underscores and spaces? */
static bool same_name(const char *data, size_t len, const char *name)
{
    for (size_t i = 0; i < len; i++) {
        char c = data[i] >= 'A' && data[i] <= 'Z' ? (char)(data[i] + 'a' - 'A') : data[i];
        if (c == '_' || c == ' ')
            continue;
        if (c == '\0' || c != *name)
            return false;
        name++;
    }
    return *name == '\0';
}

/* Notes the number of the known name in `columns`; make_layout translates it. */
static void on_name(void *data, size_t len, void *ctx)
{
    tl_csv *c = ctx;
    size_t column = c->fields++, i = 0;
    while (i < N_COLUMNS && !same_name(data, len, columns[i].name))
        i++;
    if (column < TL_CSV_COLUMNS)
        c->header->attr[column] = (unsigned char)i;
}

static bool make_layout(const tl_csv_layout *names, tl_csv_table table, tl_csv_layout *to)
{
    unsigned seen = 0;
    *to = *names;
    to->table = table;
    for (size_t i = 0; i < to->columns; i++) {
        unsigned name = names->attr[i];
        unsigned attr = name < N_COLUMNS ? columns[name].attr[table] : TL_ATTRS;
        if (attr < TL_ATTRS && seen >> attr & 1) /* the same column twice */
            return false;
        to->attr[i] = (unsigned char)attr;
        seen |= attr < TL_ATTRS ? 1u << attr : 0;
    }
    to->typed = seen >> TL_ATTR_POST_TYPE & 1;
    return (seen & required[table]) == required[table];
}

int tl_csv_header(tl_csv *c, tl_str line, tl_csv_layout *layout)
{
    static const char delimiters[] = {',', ';', '\t'};
    tl_csv_layout names;
    for (size_t d = 0; d < sizeof delimiters; d++) {
        names = (tl_csv_layout){.delimiter = delimiters[d]};
        c->header = &names;
        tl_error ignored;
        int rc = parse_row(c, delimiters[d], line, on_name, &ignored);
        if (rc == TL_NO_MEMORY)
            return rc;
        if (rc || c->fields > TL_CSV_COLUMNS)
            continue;
        names.columns = c->fields;
        for (int t = 0; t < TL_CSV_TABLES; t++)
            if (make_layout(&names, (tl_csv_table)t, layout))
                return 1;
    }
    return 0;
}

/* ---- rows --------------------------------------------------------------- */

static void on_field(void *data, size_t len, void *ctx)
{
    tl_csv *c = ctx;
    size_t column = c->fields++;
    unsigned attr = column < c->layout->columns ? c->layout->attr[column] : TL_ATTRS;
    if (attr == TL_ATTRS || len == 0)
        return;
    c->row->attr[attr] = tl_arena_copy(c->arena, (tl_str){data, len});
    if (!c->row->attr[attr].data)
        c->no_memory = true;
}

int tl_csv_parse(tl_csv *c, const tl_csv_layout *layout, tl_str raw, tl_arena *arena, tl_row *row,
                 size_t *repairs, tl_error *err)
{
    *row = (tl_row){0};
    *repairs = tl_repair(raw, false, &c->repaired);
    if (*repairs) {
        int rc = tl_buf_check(&c->repaired, "a repaired row", err);
        if (rc)
            return rc;
        raw = tl_buf_str(&c->repaired);
    }
    c->layout = layout;
    c->arena = arena;
    c->row = row;
    int rc = parse_row(c, layout->delimiter, raw, on_field, err);
    if (rc == TL_OK && c->fields != layout->columns)
        return tl_fail(err, TL_BAD_INPUT, "has %zu fields where the header has %zu", c->fields, layout->columns);
    return rc;
}
