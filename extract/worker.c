#include "extract/worker.h"

#include <stdlib.h>

#include "extract/full.h"
#include "extract/paper.h"
#include "extract/posts.h"
#include "extract/row.h"

struct tl_worker {
    const tl_selection *selection;
    tl_row_parser *parser;
    tl_paper *paper;
    tl_full *full;
};

int tl_worker_new(tl_worker **out, const tl_selection *selection, tl_error *err)
{
    *out = NULL;
    tl_worker *w = calloc(1, sizeof *w);
    if (!w)
        return tl_fail_memory(err, "a worker");
    w->selection = selection;
    int rc = tl_row_parser_new(&w->parser, err);
    if (rc == TL_OK)
        rc = tl_paper_new(&w->paper, err);
    if (rc == TL_OK)
        rc = tl_full_new(&w->full, err);
    if (rc) {
        tl_worker_free(w);
        return rc;
    }
    *out = w;
    return TL_OK;
}

void tl_worker_free(tl_worker *w)
{
    if (!w)
        return;
    tl_row_parser_free(w->parser);
    tl_paper_free(w->paper);
    tl_full_free(w->full);
    free(w);
}

static int no_memory(tl_error *err)
{
    return tl_fail_memory(err, "a block of posts");
}

static tl_str raw_row(const tl_batch *b, size_t row)
{
    return (tl_str){b->rows.bytes.data + b->rows.rows[row].begin, b->rows.rows[row].len};
}

/* Parses row `i`.  1: it went into quarantine. */
static int parse_row(tl_worker *w, tl_batch *b, size_t i, tl_row *row, tl_error *err)
{
    tl_error why;
    size_t repairs;
    int rc = tl_row_parse(w->parser, raw_row(b, i), &b->arena, row, &repairs, &why);
    b->repaired += (int64_t)repairs;
    if (rc == TL_OK)
        return 0;
    if (rc != TL_BAD_INPUT) {
        *err = why;
        return rc;
    }
    return tl_batch_add_fault(b, i, why.message) ? 1 : no_memory(err);
}

/* parse_row, then tl_post_from_row with the same result. */
static int parse_post(tl_worker *w, tl_batch *b, size_t i, tl_post *post, tl_error *err)
{
    tl_row row;
    tl_error why;
    int rc = parse_row(w, b, i, &row, err);
    if (rc)
        return rc;
    if (tl_post_from_row(&row, post, &why) == TL_OK)
        return 0;
    return tl_batch_add_fault(b, i, why.message) ? 1 : no_memory(err);
}

/* Both profiles of a question.  A profile on which a pattern gave up is counted and
 * left without traces: the question itself is kept. */
static int read_profiles(tl_worker *w, tl_batch *b, const tl_post *post, tl_reading *readings, tl_error *err)
{
    for (int p = 0; p < TL_PROFILES; p++) {
        tl_reading *r = &readings[p];
        int rc = TL_OK;
        if (p == TL_FULL)
            rc = tl_full_read(w->full, post, &b->arena, r, err);
        else if (post->format == TL_HTML)
            rc = tl_paper_read(w->paper, post->body, &b->arena, r, err);
        else
            continue;
        if (rc == TL_BAD_INPUT) {
            b->unmatched++;
            *r = (tl_reading){.words = TL_UNKNOWN, .code_lines = TL_UNKNOWN};
        } else if (rc)
            return rc;
        r->available = true;
    }
    return TL_OK;
}

static bool has_something(const tl_reading *readings)
{
    for (int p = 0; p < TL_PROFILES; p++)
        if (readings[p].available && (readings[p].has_code || readings[p].has_trace))
            return true;
    return false;
}

/* A question whose fields are known; `parsed` tells whether its texts are too. */
static int take_question(tl_worker *w, tl_batch *b, size_t i, tl_post *post, bool parsed, tl_error *err)
{
    if (!tl_batch_add_measures(b, post))
        return no_memory(err);
    uint64_t libraries = post->tags.data ? tl_libraries_match(w->selection->libraries, post->tags) : 0;
    if (!libraries && !w->selection->all)
        return TL_OK;
    if (!parsed) {
        int rc = parse_post(w, b, i, post, err);
        if (rc)
            return rc < 0 ? rc : TL_OK;
    }
    tl_reading readings[TL_PROFILES] = {0};
    int rc = read_profiles(w, b, post, readings, err);
    if (rc)
        return rc;
    bool in_all = w->selection->all && has_something(readings);
    if (!libraries && !in_all)
        return TL_OK;
    tl_record *r = tl_batch_add_record(b);
    if (!r)
        return no_memory(err);
    *r = (tl_record){.post = *post, .row = i, .parsed = true, .libraries = libraries, .in_all = in_all};
    memcpy(r->readings, readings, sizeof readings);
    return TL_OK;
}

static int take_row(tl_worker *w, tl_batch *b, size_t i, bool answers_only, tl_error *err)
{
    tl_row row;
    tl_post post;
    tl_error ignored;
    bool scanned = tl_row_scan(raw_row(b, i), &row) && tl_post_from_row(&row, &post, &ignored) == TL_OK;
    bool parsed = w->selection->no_prefilter || !scanned;
    if (parsed) {
        bool counts = scanned && post.kind == TL_QUESTION && !answers_only;
        tl_post scan = post;
        int rc = parse_post(w, b, i, &post, err);
        /* A question that can be scanned counts in the histograms though its body
         * is broken, as it would with the prefilter. */
        if (rc == 1 && counts && !tl_batch_add_measures(b, &scan))
            return no_memory(err);
        if (rc)
            return rc < 0 ? rc : TL_OK;
    }
    if (post.kind == TL_QUESTION && !answers_only)
        return take_question(w, b, i, &post, parsed, err);
    if (post.kind != TL_ANSWER)
        return TL_OK;
    tl_record *r = tl_batch_add_record(b);
    if (!r)
        return no_memory(err);
    *r = (tl_record){.post = post, .row = i, .parsed = parsed};
    return TL_OK;
}

int tl_worker_posts(tl_worker *w, tl_batch *b, bool answers_only, tl_error *err)
{
    for (size_t i = 0; i < b->rows.n_rows; i++) {
        const char *fault = b->rows.rows[i].fault;
        if (fault && !tl_batch_add_fault(b, i, fault))
            return no_memory(err);
        int rc = fault ? TL_OK : take_row(w, b, i, answers_only, err);
        if (rc)
            return rc;
    }
    return TL_OK;
}

int tl_worker_check(tl_worker *w, tl_batch *b, tl_error *err)
{
    for (size_t i = 0; i < b->rows.n_rows; i++) {
        const char *fault = b->rows.rows[i].fault;
        if (fault && !tl_batch_add_fault(b, i, fault))
            return no_memory(err);
        tl_row row;
        int rc = fault ? TL_OK : parse_row(w, b, i, &row, err);
        if (rc < 0)
            return rc;
    }
    return TL_OK;
}

int tl_worker_parse_answer(tl_worker *w, tl_batch *b, tl_record *r, tl_error *err)
{
    int rc = parse_post(w, b, r->row, &r->post, err);
    r->parsed = rc == 0;
    return rc;
}
