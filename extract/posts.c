#include "extract/posts.h"

#include "extract/timestamp.h"

static int64_t to_number(tl_str text)
{
    int64_t value;
    return text.data && tl_str_to_int64(text, &value) ? value : TL_UNKNOWN;
}

/* A row of a type that nobody knows may be a question: it is no other post. */
static bool is_typed(const tl_row *row)
{
    return to_number(row->attr[TL_ATTR_POST_TYPE]) != TL_UNKNOWN;
}

/* By the text of its type, which is how tl_row_scan compares it too. */
static tl_post_kind kind_of(tl_str type)
{
    char c = type.len == 1 ? type.data[0] : '\0';
    return c == '1' ? TL_QUESTION : c == '2' ? TL_ANSWER : TL_OTHER_POST;
}

bool tl_post_from_scan(const tl_row *row, tl_post *post)
{
    const tl_str *a = row->attr;
    *post = (tl_post){.kind = kind_of(a[TL_ATTR_POST_TYPE])};
    if (post->kind == TL_OTHER_POST)
        return is_typed(row);
    post->id.number = to_number(a[TL_ATTR_ID]);
    if (post->kind == TL_ANSWER) {
        post->parent = to_number(a[TL_ATTR_PARENT]);
        return post->id.number != TL_UNKNOWN && post->parent != TL_UNKNOWN;
    }
    post->score = to_number(a[TL_ATTR_SCORE]);
    post->views = to_number(a[TL_ATTR_VIEWS]);
    post->answers = to_number(a[TL_ATTR_ANSWERS]);
    post->comments = to_number(a[TL_ATTR_COMMENTS]);
    post->tags = a[TL_ATTR_TAGS];
    return post->id.number != TL_UNKNOWN;
}

int tl_post_from_row(const tl_row *row, tl_post *post, tl_error *err)
{
    const tl_str *a = row->attr;
    *post = (tl_post){
        .kind = kind_of(a[TL_ATTR_POST_TYPE]),
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
    if (!is_typed(row))
        return tl_fail(err, TL_BAD_INPUT, "a post whose PostTypeId is no number");
    if (post->kind != TL_OTHER_POST && post->id.number == TL_UNKNOWN)
        return tl_fail(err, TL_BAD_INPUT, "a post whose Id is no number");
    if (post->kind == TL_ANSWER && post->parent == TL_UNKNOWN)
        return tl_fail(err, TL_BAD_INPUT, "an answer whose ParentId is no number");
    return TL_OK;
}

int tl_remark_from_row(const tl_row *row, tl_post *post, tl_error *err)
{
    const tl_str *a = row->attr;
    *post = (tl_post){
        .kind = TL_OTHER_POST,
        .id.number = to_number(a[TL_ATTR_ID]),
        .parent = to_number(a[TL_ATTR_PARENT]),
        .created = a[TL_ATTR_CREATED].data ? tl_timestamp_parse(a[TL_ATTR_CREATED]) : TL_UNKNOWN,
        .score = to_number(a[TL_ATTR_SCORE]),
        .body = a[TL_ATTR_BODY],
        .format = TL_MARKDOWN,
    };
    if (post->id.number == TL_UNKNOWN || post->parent == TL_UNKNOWN)
        return tl_fail(err, TL_BAD_INPUT, "a row whose Id or PostId is no number");
    return TL_OK;
}

const char *tl_revision_kind(const tl_row *row)
{
    switch (to_number(row->attr[TL_ATTR_HISTORY_TYPE])) {
    case 2:
        return "initial";
    case 5:
        return "edit";
    case 8:
        return "rollback";
    default:
        return NULL;
    }
}

/* SOTorrent writes newlines as references, and nothing else. */
static bool decode_newlines(tl_arena *arena, tl_str *s)
{
    static const tl_str cr = {"&#xD;", 5}, lf = {"&#xA;", 5};
    char *to = tl_arena_alloc(arena, s->len + 1);
    size_t n = 0;
    if (!to)
        return false;
    for (size_t i = 0; i < s->len;) {
        tl_str at = {s->data + i, s->len - i < 5 ? s->len - i : 5};
        bool newline = tl_str_eq(at, lf);
        if (newline || tl_str_eq(at, cr))
            i += 5;
        else
            to[n++] = s->data[i++];
        if (newline)
            to[n++] = '\n';
    }
    *s = (tl_str){to, n};
    return true;
}

int tl_block_from_row(const tl_row *row, tl_arena *arena, tl_post *post, tl_error *err)
{
    int rc = tl_remark_from_row(row, post, err);
    if (rc)
        return rc;
    int64_t type = to_number(row->attr[TL_ATTR_HISTORY_TYPE]);
    if (type != 1 && type != 2)
        return tl_fail(err, TL_BAD_INPUT, "a block whose PostBlockTypeId is neither 1 nor 2");
    post->format = type == 2 ? TL_TEXT : TL_MARKDOWN;
    return decode_newlines(arena, &post->body) ? TL_OK : tl_fail_memory(err, "a block of a post");
}

int tl_tag_from_row(const tl_row *row, tl_post *post, tl_error *err)
{
    *post = (tl_post){.kind = TL_OTHER_POST,
                      .title = row->attr[TL_ATTR_TITLE],
                      .score = to_number(row->attr[TL_ATTR_SCORE])};
    return post->title.data ? TL_OK : tl_fail(err, TL_BAD_INPUT, "a tag without TagName");
}
