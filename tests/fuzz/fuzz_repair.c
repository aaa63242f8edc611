/* Any bytes as text that wants repair, and as UTF-16.  What comes out is valid UTF-8
 * without control characters, repairing it again changes nothing, the number of
 * replacements is right, and UTF-16 reads the same in pieces of any size. */
#include "tests/fuzz/fuzz.h"
#include "tests/support/feed.h"

#include "extract/repair.h"
#include "extract/utf16.h"
#include "tests/support/cells.h"

/* Every character is one that XML 1.0 allows (production 2). */
static void check_characters(tl_str s)
{
    for (size_t at = 0; at < s.len;) {
        uint32_t c = test_next(s, &at); /* which takes valid UTF-8 only */
        require(c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF));
    }
}

static size_t replacements(tl_str s)
{
    size_t n = 0;
    for (size_t at = 0; (at = tl_str_find(s, TL_STR("\xEF\xBF\xBD"), at)) != SIZE_MAX; at += 3)
        n++;
    return n;
}

static void check_repair(tl_str s, bool references)
{
    static tl_buf repaired, again;
    size_t n = tl_repair(s, references, &repaired);
    tl_str out = n > 0 ? tl_buf_str(&repaired) : s;
    require(!repaired.failed);
    check_characters(out);
    require(tl_text_valid(out, 0) == out.len && (n > 0 || tl_text_valid(s, 0) == s.len));
    require(tl_repair(out, references, &again) == 0);
    require(replacements(out) == replacements(s) + n);
}

static void convert(tl_str s, size_t chunk, tl_buf *out)
{
    test_feed in = {.bytes = s, .chunk = chunk};
    tl_utf16 *u;
    char part[4096];
    ssize_t n;
    tl_buf_clear(out);
    require(tl_utf16_new(&u, s, test_feed_read, &in, NULL) == TL_OK);
    while ((n = tl_utf16_read(u, part, sizeof part, NULL)) > 0)
        tl_buf_add(out, part, (size_t)n);
    require(n == 0 && !out->failed);
    tl_utf16_free(u);
}

static void check_utf16(tl_str s)
{
    static tl_buf whole, pieces, repaired;
    convert(s, SIZE_MAX, &whole);
    convert(s, 1 + s.len % 5, &pieces);
    require(tl_str_eq(tl_buf_str(&whole), tl_buf_str(&pieces)));
    tl_buf_clear(&repaired);
    test_repaired(&repaired, tl_buf_str(&whole));
    require(tl_str_eq(tl_buf_str(&repaired), tl_buf_str(&whole)));
    require(whole.len <= s.len * 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tl_str s = {(const char *)data, size};
    check_repair(s, false);
    check_repair(s, true);
    if (size >= 2)
        check_utf16(s);
    return 0;
}
