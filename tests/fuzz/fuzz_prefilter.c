/* Any bytes as rows of a dump, with and without the prefilter: the same posts, revisions
 * or comments are kept, with the same fields, and the histograms are the same.  The first
 * byte says what the rows are. */
#include "tests/fuzz/fuzz.h"

#include "extract/worker.h"
#include "tests/support/dumps.h"

/* The rows stand one after the other, each from "<row" to the next. */
static void cut(tl_batch *b, tl_str text)
{
    tl_buf_clear(&b->rows.bytes);
    tl_buf_add_str(&b->rows.bytes, text);
    b->rows.n_rows = 0;
    for (size_t at = 0; at < text.len;) {
        size_t end = tl_str_find(text, TL_STR("<row"), at + 1);
        end = end == SIZE_MAX ? text.len : end;
        require(tl_row_batch_add(&b->rows, (tl_row_at){.begin = at, .len = end - at}, NULL) == TL_OK);
        at = end;
    }
}

static void check_post(const tl_post *a, const tl_post *b)
{
    require(a->kind == b->kind && a->id.number == b->id.number && a->parent == b->parent);
    require(a->accepted == b->accepted && a->created == b->created && a->score == b->score);
    require(a->views == b->views && a->answers == b->answers && a->comments == b->comments);
    require(tl_str_eq(a->title, b->title) && tl_str_eq(a->tags, b->tags) && tl_str_eq(a->body, b->body));
}

/* The questions that remarks may speak of. */
static const tl_map *questions(void)
{
    static tl_map known;
    for (int64_t id = 1; known.count < 20; id++)
        require(tl_map_put(&known, tl_map_int_key(&id), id));
    return &known;
}

/* Reads `text` both ways and compares. */
static void compare(tl_worker *fast, tl_worker *slow, tl_str text, tl_content content, bool answers_only)
{
    static tl_batch a, b;
    const tl_format format = {.container = TL_CONTAINER_XML, .content = content};
    const tl_task task = {
        .name = "fuzz", .format = &format, .questions = questions(), .answers_only = answers_only};
    tl_error err;
    tl_batch_reset(&a);
    tl_batch_reset(&b);
    cut(&a, text);
    cut(&b, text);
    require(tl_worker_read(fast, &task, &a, &err) == TL_OK);
    require(tl_worker_read(slow, &task, &b, &err) == TL_OK);
    require(a.n_measures == b.n_measures);
    for (size_t i = 0; i < a.n_measures; i++)
        require(memcmp(a.measures[i], b.measures[i], sizeof a.measures[i]) == 0);
    size_t k = 0;
    for (size_t i = 0; i < a.n_records; i++) {
        tl_record *r = &a.records[i];
        if (!r->parsed && tl_worker_parse_answer(fast, &task, &a, r, &err) == 1)
            continue; /* broken: quarantined when its question is known */
        require(k < b.n_records && b.records[k].row == r->row && b.records[k].libraries == r->libraries);
        require(b.records[k].in_all == r->in_all && b.records[k].revision == r->revision);
        check_post(&r->post, &b.records[k++].post);
    }
    require(k == b.n_records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tl_worker *workers[2][2];
    static tl_selection how[2][2]; /* [all][no_prefilter] */
    for (int i = 0; !workers[1][1] && i < 4; i++) {
        how[i / 2][i % 2] = (tl_selection){test_libraries(NULL), .all = i / 2, .no_prefilter = i % 2};
        require(tl_worker_new(&workers[i / 2][i % 2], &how[i / 2][i % 2], NULL) == TL_OK);
    }
    if (size == 0)
        return 0;
    tl_buf text = {0};
    tl_buf_add_cstr(&text, "<row");
    tl_buf_add(&text, data + 1, size - 1);
    require(!text.failed);
    static const tl_content contents[] = {TL_CONTENT_POSTS, TL_CONTENT_REVISIONS, TL_CONTENT_COMMENTS};
    tl_worker *const *w = workers[data[0] & 1];
    compare(w[0], w[1], tl_buf_str(&text), contents[data[0] / 4 % 3], data[0] & 2);
    tl_buf_free(&text);
    return 0;
}
