/* Any bytes as a CSV file.  How they are read must not matter, rows come in order, and
 * what the framer takes for a row the parser takes for one too. */
#include "tests/fuzz/fuzz.h"
#include "tests/support/feed.h"

#include "extract/reader.h"

static void check_row(tl_csv *csv, const tl_csv_layout *layout, tl_str raw)
{
    static tl_arena arena;
    tl_row row;
    size_t repairs;
    tl_error err;
    int rc = tl_csv_parse(csv, layout, raw, &arena, &row, &repairs, &err);
    require(rc == TL_OK || (rc == TL_BAD_INPUT && strncmp(err.message, "has ", 4) == 0));
    for (int a = 0; a < TL_ATTRS; a++)
        require(row.attr[a].data == NULL || (row.attr[a].len > 0 && row.attr[a].len <= raw.len * 3));
    tl_arena_reset(&arena);
}

/* Appends the rows to `out`, and how it ended. */
static void frame(tl_str bytes, size_t chunk, tl_csv *csv, tl_buf *out)
{
    test_feed f = {.bytes = bytes, .chunk = chunk};
    tl_reader *r;
    tl_row_batch b = {0};
    uint64_t next = 0;
    tl_error err;
    require(tl_reader_new(&r, "fuzz", TL_CONTAINER_CSV, test_feed_read, &f, &err) == TL_OK);
    int rc = tl_reader_start(r, &err);
    while (rc == TL_OK && (rc = tl_reader_fill(r, &b, &err)) == 1) {
        for (size_t i = 0; i < b.n_rows; i++) {
            tl_row_at row = b.rows[i];
            require(row.begin + row.len <= b.bytes.len && row.line >= 1 && b.offset + row.begin >= next);
            next = b.offset + row.begin + row.len;
            require(next <= bytes.len);
            require(memcmp(bytes.data + b.offset + row.begin, b.bytes.data + row.begin, row.len) == 0);
            tl_buf_printf(out, "%d %d %d %s\n", (int)row.line, (int)(b.offset + row.begin), (int)row.len,
                          row.fault ? row.fault : "");
            if (!row.fault)
                check_row(csv, &tl_reader_format(r)->csv, (tl_str){b.bytes.data + row.begin, row.len});
        }
        rc = TL_OK;
    }
    require(rc == TL_OK || rc == TL_BAD_INPUT);
    tl_buf_printf(out, "%d %s\n", rc, rc ? err.message : "");
    require(!out->failed);
    tl_row_batch_free(&b);
    tl_reader_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char header[] = "id,title,body\n";
    static tl_csv *csv;
    tl_buf text = {0}, whole = {0}, bytes = {0};
    if (!csv)
        require(tl_csv_new(&csv, NULL) == TL_OK);
    for (int with_header = 0; with_header < 2; with_header++) {
        tl_buf_clear(&text);
        tl_buf_clear(&whole);
        tl_buf_clear(&bytes);
        tl_buf_add_cstr(&text, with_header ? header : "");
        tl_buf_add(&text, data, size);
        frame(tl_buf_str(&text), SIZE_MAX, csv, &whole);
        frame(tl_buf_str(&text), 1 + size % 5, csv, &bytes);
        require(tl_str_eq(tl_buf_str(&whole), tl_buf_str(&bytes)));
    }
    tl_buf_free(&text);
    tl_buf_free(&whole);
    tl_buf_free(&bytes);
    return 0;
}
