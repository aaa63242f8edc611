/* Any bytes as a line of JSONL, and as a file of them.  A post that comes out is one that
 * the store can hold. */
#include "tests/fuzz/fuzz.h"
#include "tests/support/feed.h"

#include "extract/jsonl.h"
#include "extract/line_framer.h"
#include "extract/repair.h"

static bool storable(tl_str s)
{
    return s.data == NULL || tl_text_valid(s, 0) == s.len;
}

static void check_line(tl_str line)
{
    static tl_jsonl scratch;
    static tl_arena arena;
    tl_post post;
    size_t repairs;
    tl_error err;
    int rc = tl_jsonl_parse(&scratch, line, "name", 3, &arena, &post, &repairs, &err);
    require(rc == TL_OK || rc == TL_BAD_INPUT);
    if (rc == TL_OK) {
        require(post.kind == TL_QUESTION && post.parent == TL_UNKNOWN);
        require(storable(post.id.text) && storable(post.title) && storable(post.tags) && storable(post.body));
        require(!post.id.text.data || post.id.text.len > 0);
    } else
        require(err.message[0] != '\0' && !strchr(err.message, '\n'));
    tl_arena_reset(&arena);
}

/* Sums up the rows, and how it ended. */
static uint64_t frame(tl_str bytes, size_t chunk, bool chunks)
{
    test_feed f = {.bytes = bytes, .chunk = chunk};
    tl_line_framer *framer;
    tl_row_batch b = {0};
    uint64_t sum = 0;
    int rc;
    require(tl_line_framer_new(&framer, "fuzz", chunks, test_feed_read, &f, NULL) == TL_OK);
    while ((rc = tl_line_framer_fill(framer, &b, NULL)) == 1)
        for (size_t i = 0; i < b.n_rows; i++) {
            tl_row_at row = b.rows[i];
            require(row.len > 0 && row.begin + row.len <= b.bytes.len);
            sum = sum * 31 + (b.offset + row.begin) * 7 + row.len * 3 + row.line;
            if (!chunks && chunk == SIZE_MAX)
                check_line((tl_str){b.bytes.data + row.begin, row.len});
        }
    require(rc == TL_OK || (rc == TL_BAD_INPUT && !chunks));
    tl_row_batch_free(&b);
    tl_line_framer_free(framer);
    return sum * 31 + (uint64_t)-rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tl_str text = {(const char *)data, size};
    check_line(text);
    for (int chunks = 0; chunks < 2; chunks++)
        require(frame(text, SIZE_MAX, chunks) == frame(text, 1 + size % 5, chunks));
    return 0;
}
