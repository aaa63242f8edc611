#include "extract/posts.h"

#include "extract/timestamp.h"

static int64_t to_number(tl_str text)
{
    int64_t value;
    return text.data && tl_str_to_int64(text, &value) ? value : TL_UNKNOWN;
}

int tl_post_from_row(const tl_row *row, tl_post *post, tl_error *err)
{
    const tl_str *a = row->attr;
    tl_str type = a[TL_ATTR_POST_TYPE]; /* as text, which is how tl_row_scan compares it */
    *post = (tl_post){
        .kind = tl_str_eq(type, TL_STR("1"))   ? TL_QUESTION
                : tl_str_eq(type, TL_STR("2")) ? TL_ANSWER
                                               : TL_OTHER_POST,
        .id.number = to_number(a[TL_ATTR_ID]),
        .parent = to_number(a[TL_ATTR_PARENT]),
        .accepted = to_number(a[TL_ATTR_ACCEPTED]),
        .created = a[TL_ATTR_CREATED].data ? tl_timestamp_parse(a[TL_ATTR_CREATED]) : TL_UNKNOWN,
        .score = to_number(a[TL_ATTR_SCORE]),
        .views = to_number(a[TL_ATTR_VIEWS]),
        .answers = to_number(a[TL_ATTR_ANSWERS]),
        .comments = to_number(a[TL_ATTR_COMMENTS]),
        .title = a[TL_ATTR_TITLE],
        .tags = a[TL_ATTR_TAGS],
        .body = a[TL_ATTR_BODY],
        .format = TL_HTML,
    };
    if (post->kind != TL_OTHER_POST && post->id.number == TL_UNKNOWN)
        return tl_fail(err, TL_BAD_INPUT, "a post whose Id is no number");
    if (post->kind == TL_ANSWER && post->parent == TL_UNKNOWN)
        return tl_fail(err, TL_BAD_INPUT, "an answer whose ParentId is no number");
    return TL_OK;
}
