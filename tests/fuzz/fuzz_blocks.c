/* Whole bodies in profile `full`: the first byte chooses the format, the rest is the
 * body.  No crash, counts that fit, strings inside of the arena. */
#include "tests/fuzz/fuzz.h"

#include "extract/full.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tl_full *f;
    tl_error err;
    if (!f)
        require(tl_full_new(&f, &err) == TL_OK);
    if (size == 0)
        return 0;
    static const tl_body_format formats[] = {TL_HTML, TL_MARKDOWN, TL_TEXT};
    /* A copy, so that nothing can keep pointing into the body unseen. */
    char *body = malloc(size);
    require(body != NULL);
    memcpy(body, data + 1, size - 1);
    tl_post post = {.body = {body, size - 1}, .format = formats[data[0] % 3]};
    tl_arena arena = {0};
    tl_reading r;
    require(tl_full_read(f, &post, &arena, &r, &err) == TL_OK);
    free(body);

    require(r.words >= 0 && r.words <= (int64_t)size);
    require(r.has_code ? r.code_lines >= 0 && r.code_lines <= (int64_t)size
                       : r.code_lines == TL_UNKNOWN);
    require(r.has_trace == (r.n_traces > 0));
    for (size_t i = 0; i < r.n_errors; i++) {
        fuzz_touch(r.errors[i].exception);
        fuzz_touch(r.errors[i].message);
    }
    for (size_t i = 0; i < r.n_traces; i++) {
        const tl_trace *t = &r.traces[i];
        require(t->link == TL_LINK_NONE || t->linked_to < i);
        fuzz_touch(t->exception);
        fuzz_touch(t->message);
        fuzz_touch(t->template);
        for (size_t k = 0; k < t->n_frames; k++) {
            fuzz_touch(t->frames[k].file);
            fuzz_touch(t->frames[k].source);
            fuzz_touch(t->frames[k].path);
        }
    }
    tl_arena_free(&arena);
    return 0;
}
