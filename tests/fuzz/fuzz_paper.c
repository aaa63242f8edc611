/* Any bytes as the body of a question in profile paper.  What comes back must hold
 * together; the fuzzer's own time limit watches the scans. */
#include "tests/fuzz/fuzz.h"

#include "extract/paper.h"

static bool in_text(tl_str s, size_t body)
{
    return s.data != NULL && s.len <= body;
}

static void check_reading(const tl_reading *r, size_t body)
{
    require(r->available);
    require(r->has_trace == (r->os != TL_OS_UNKNOWN));
    require(r->has_code || !r->has_trace);
    require(r->has_code == (r->code_lines != TL_UNKNOWN));
    require(r->words >= 0 && (uint64_t)r->words <= body);
    require(r->has_trace || r->n_traces == 0);
    require(r->has_code || r->n_errors == 0);
    for (size_t i = 0; i < r->n_traces; i++) {
        const tl_trace *t = &r->traces[i];
        require(t->n_frames > 0);
        for (size_t k = 0; k < t->n_frames; k++) {
            require(in_text(t->frames[k].file, body) && in_text(t->frames[k].function, body));
            require(t->frames[k].function.len > 0);
        }
    }
    for (size_t i = 0; i < r->n_errors; i++) {
        require(in_text(r->errors[i].exception, body) && in_text(r->errors[i].message, body));
        require(r->errors[i].exception.len > 6);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tl_paper *paper;
    static tl_arena arena;
    tl_str text = {(const char *)data, size};
    if (!paper)
        require(tl_paper_new(&paper, NULL) == TL_OK);

    tl_reading r;
    require(tl_paper_read(paper, text, &arena, &r, NULL) == TL_OK);
    check_reading(&r, size);
    tl_arena_reset(&arena);
    return 0;
}
