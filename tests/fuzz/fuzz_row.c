/* Any bytes as a row.  The scan never contradicts libxml2, repair leaves nothing to
 * repair, and whatever is parsed is valid text. */
#include "tests/fuzz/fuzz.h"

#include "base/buf.h"
#include "extract/posts.h"
#include "extract/repair.h"
#include "extract/row.h"

static bool is_angle(tl_str s, size_t at)
{
    return s.len - at >= 4 && (memcmp(s.data + at, "&lt;", 4) == 0 || memcmp(s.data + at, "&gt;", 4) == 0);
}

/* Is the raw value the decoded one, but for &lt; and &gt;? */
static bool same_value(tl_str raw, tl_str decoded)
{
    size_t k = 0;
    for (size_t i = 0; i < raw.len; k++) {
        bool angle = is_angle(raw, i);
        char c = !angle ? raw.data[i] : raw.data[i + 1] == 'l' ? '<' : '>';
        if (k >= decoded.len || decoded.data[k] != c)
            return false;
        i += angle ? 4 : 1;
    }
    return k == decoded.len;
}

static void compare(const tl_row *scanned, const tl_row *parsed)
{
    tl_post a, b;
    int rc_a = tl_post_from_row(scanned, &a, NULL), rc_b = tl_post_from_row(parsed, &b, NULL);
    if (scanned->attr[TL_ATTR_HISTORY_TYPE].data) /* no post's: fuzz_prefilter looks at those */
        return;
    require(a.kind == b.kind);
    if (a.kind == TL_OTHER_POST || rc_a != TL_OK)
        return;
    bool stopped = a.kind == TL_ANSWER;
    require(rc_b == TL_OK);
    for (int i = 0; i < TL_ATTRS; i++)
        if (i != TL_ATTR_BODY && i != TL_ATTR_TITLE && !(stopped && !scanned->attr[i].data)) {
            require((scanned->attr[i].data != NULL) == (parsed->attr[i].data != NULL));
            require(!scanned->attr[i].data || same_value(scanned->attr[i], parsed->attr[i]));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tl_row_parser *parser;
    static tl_arena arena;
    static tl_buf text, repaired;
    if (!parser)
        require(tl_row_parser_new(&parser, NULL) == TL_OK);
    tl_buf_clear(&text); /* as the framer hands it over */
    tl_buf_add_cstr(&text, "<row");
    tl_buf_add(&text, data, size);
    tl_str raw = tl_buf_str(&text);

    if (tl_repair(raw, true, &repaired)) {
        tl_buf again = {0};
        require(tl_text_valid(tl_buf_str(&repaired), 0) == repaired.len);
        require(tl_repair(tl_buf_str(&repaired), true, &again) == 0);
        tl_buf_free(&again);
    }
    tl_row scanned, parsed;
    tl_error err;
    size_t repairs;
    bool vouched = tl_row_scan(raw, &scanned);
    int rc = tl_row_parse(parser, raw, &arena, &parsed, &repairs, &err);
    require(rc == TL_OK || rc == TL_BAD_INPUT);
    if (rc == TL_OK)
        for (int i = 0; i < TL_ATTRS; i++)
            require(!parsed.attr[i].data || tl_text_valid(parsed.attr[i], 0) == parsed.attr[i].len);
    if (rc == TL_OK && vouched)
        compare(&scanned, &parsed);
    tl_arena_reset(&arena);
    return 0;
}
