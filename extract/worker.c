#include "extract/worker.h"

#include <stdlib.h>

#include "extract/full.h"
#include "extract/jsonl.h"
#include "extract/paper.h"
#include "extract/posts.h"
#include "extract/repair.h"
#include "extract/row.h"

struct tl_worker {
    const tl_selection *selection;
    tl_row_parser *parser;
    tl_csv *csv;
    tl_jsonl jsonl;
    tl_buf repaired;
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
        rc = tl_csv_new(&w->csv, err);
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
    tl_csv_free(w->csv);
    tl_jsonl_free(&w->jsonl);
    tl_buf_free(&w->repaired);
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

/* Notes `why` as the fault of row `i` if it is one, and returns 1; else passes it on. */
static int reject(tl_batch *b, size_t i, int rc, const tl_error *why, tl_error *err)
{
    if (rc == TL_BAD_INPUT)
        return tl_batch_add_fault(b, i, why->message) ? 1 : no_memory(err);
    *err = *why;
    return rc;
}

/* Parses row `i` of XML or CSV.  1: it went into quarantine. */
static int parse_row(tl_worker *w, const tl_task *task, tl_batch *b, size_t i, tl_row *row, tl_error *err)
{
    const tl_csv_layout *csv = &task->format->csv;
    bool is_csv = task->format->container == TL_CONTAINER_CSV;
    tl_error why;
    size_t repairs;
    int rc = is_csv ? tl_csv_parse(w->csv, csv, raw_row(b, i), &b->arena, row, &repairs, &why)
                    : tl_row_parse(w->parser, raw_row(b, i), &b->arena, row, &repairs, &why);
    b->repaired += (int64_t)repairs;
    if (rc)
        return reject(b, i, rc, &why, err);
    if (is_csv && csv->table == TL_CSV_POSTS && !csv->typed)
        row->attr[TL_ATTR_POST_TYPE] = TL_STR("1");
    return 0;
}

typedef int post_of_row(const tl_row *row, tl_post *post, tl_error *err);

/* parse_row, then `convert`, with the same result. */
static int parse_post(tl_worker *w, const tl_task *task, tl_batch *b, size_t i, post_of_row *convert,
                      tl_post *post, tl_error *err)
{
    tl_row row;
    tl_error why;
    int rc = parse_row(w, task, b, i, &row, err);
    if (rc)
        return rc;
    rc = convert(&row, post, &why);
    return rc ? reject(b, i, rc, &why, err) : 0;
}

/* Reads what the prefilter needs of row `i` of XML, with tl_row_scan alone.  The type that
 * only the other kind of file has may have stopped the scan too early. */
static bool scan_row(const tl_task *task, const tl_batch *b, size_t i, tl_row *row)
{
    tl_attr foreign = task->format->content == TL_CONTENT_POSTS ? TL_ATTR_HISTORY_TYPE : TL_ATTR_POST_TYPE;
    return task->format->container == TL_CONTAINER_XML && tl_row_scan(raw_row(b, i), row) &&
           !row->attr[foreign].data;
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

/* ---- posts --------------------------------------------------------------- */

/* A question whose fields are known; `parsed` tells whether its texts are too. */
static int take_question(tl_worker *w, const tl_task *task, tl_batch *b, size_t i, tl_post *post, bool parsed,
                         tl_error *err)
{
    if (!tl_batch_add_measures(b, post))
        return no_memory(err);
    uint64_t libraries = post->tags.data ? tl_libraries_match(w->selection->libraries, post->tags) : 0;
    if (!libraries && !w->selection->all)
        return TL_OK;
    if (!parsed) {
        int rc = parse_post(w, task, b, i, tl_post_from_row, post, err);
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

static int take_post(tl_worker *w, const tl_task *task, tl_batch *b, size_t i, tl_error *err)
{
    tl_row row;
    tl_post post;
    bool scanned = scan_row(task, b, i, &row) && tl_post_from_scan(&row, &post);
    bool parsed = w->selection->no_prefilter || !scanned;
    if (parsed) {
        bool counts = scanned && post.kind == TL_QUESTION && !task->answers_only;
        tl_post scan = post;
        int rc = parse_post(w, task, b, i, tl_post_from_row, &post, err);
        /* A question that can be scanned counts in the histograms though its body
         * is broken, as it would with the prefilter. */
        if (rc == 1 && counts && !tl_batch_add_measures(b, &scan))
            return no_memory(err);
        if (rc)
            return rc < 0 ? rc : TL_OK;
    }
    if (post.kind == TL_QUESTION && !task->answers_only)
        return take_question(w, task, b, i, &post, parsed, err);
    if (post.kind != TL_ANSWER)
        return TL_OK;
    tl_record *r = tl_batch_add_record(b);
    if (!r)
        return no_memory(err);
    *r = (tl_record){.post = post, .row = i, .parsed = parsed};
    return TL_OK;
}

static int take_line(tl_worker *w, const tl_task *task, tl_batch *b, size_t i, tl_error *err)
{
    tl_post post;
    tl_error why;
    size_t repairs;
    int rc = tl_jsonl_parse(&w->jsonl, raw_row(b, i), task->name, b->rows.rows[i].line, &b->arena, &post,
                            &repairs, &why);
    b->repaired += (int64_t)repairs;
    if (rc == TL_OK)
        return take_question(w, task, b, i, &post, true, err);
    rc = reject(b, i, rc, &why, err);
    return rc < 0 ? rc : TL_OK;
}

/* Bad bytes of a log; terminal colours are not worth counting. */
static int64_t count_bad_bytes(tl_str text)
{
    int64_t n = 0;
    for (size_t at = 0; (at = tl_text_valid(text, at)) < text.len; at++)
        n += !tl_is_terminal_code(text.data[at]);
    return n;
}

static int take_chunk(tl_worker *w, const tl_task *task, tl_batch *b, size_t i, tl_error *err)
{
    (void)task;
    tl_str text = raw_row(b, i);
    tl_record *r = tl_batch_add_record(b);
    if (tl_repair(text, false, &w->repaired) > 0) {
        b->repaired += count_bad_bytes(text);
        text = w->repaired.failed ? (tl_str){NULL, 0} : tl_arena_copy(&b->arena, tl_buf_str(&w->repaired));
    }
    if (!r || !text.data)
        return no_memory(err);
    *r = (tl_record){.post = {.body = text}, .row = i, .parsed = true};
    return TL_OK;
}

/* ---- what is said of posts ------------------------------------------------ */

/* Is a comment, revision or block of no use: no body's, or of no question in the store? */
static bool is_unwanted(const tl_task *task, tl_batch *b, const tl_row *row)
{
    tl_post post;
    if (task->format->content == TL_CONTENT_REVISIONS && !tl_revision_kind(row))
        return true;
    if (tl_remark_from_row(row, &post, NULL) || tl_map_get(task->questions, tl_map_int_key(&post.parent)))
        return false;
    b->orphans++;
    return true;
}

static int read_revision(tl_worker *w, tl_batch *b, tl_record *r, tl_error *err)
{
    tl_reading *reading = &r->readings[TL_FULL];
    int rc = tl_full_read(w->full, &r->post, &b->arena, reading, err);
    if (rc != TL_BAD_INPUT)
        return rc;
    b->unmatched++;
    *reading = (tl_reading){.words = TL_UNKNOWN, .code_lines = TL_UNKNOWN};
    return TL_OK;
}

static int take_remark(tl_worker *w, const tl_task *task, tl_batch *b, size_t i, tl_error *err)
{
    const tl_content content = task->format->content;
    tl_row row;
    tl_post post;
    tl_error why;
    if (!w->selection->no_prefilter && scan_row(task, b, i, &row) && is_unwanted(task, b, &row))
        return TL_OK;
    int rc = parse_row(w, task, b, i, &row, err);
    if (rc)
        return rc < 0 ? rc : TL_OK;
    if (is_unwanted(task, b, &row))
        return TL_OK;
    rc = content == TL_CONTENT_BLOCKS ? tl_block_from_row(&row, &b->arena, &post, &why)
                                      : tl_remark_from_row(&row, &post, &why);
    if (rc) {
        rc = reject(b, i, rc, &why, err);
        return rc < 0 ? rc : TL_OK;
    }
    tl_record *r = tl_batch_add_record(b);
    if (!r)
        return no_memory(err);
    *r = (tl_record){.post = post, .row = i, .parsed = true};
    if (content == TL_CONTENT_COMMENTS)
        return TL_OK;
    r->revision = content == TL_CONTENT_REVISIONS ? tl_revision_kind(&row) : NULL;
    return read_revision(w, b, r, err);
}

static int take_tag(tl_worker *w, const tl_task *task, tl_batch *b, size_t i, tl_error *err)
{
    tl_post post;
    int rc = parse_post(w, task, b, i, tl_tag_from_row, &post, err);
    if (rc)
        return rc < 0 ? rc : TL_OK;
    tl_record *r = tl_batch_add_record(b);
    if (!r)
        return no_memory(err);
    *r = (tl_record){.post = post, .row = i, .parsed = true};
    return TL_OK;
}

/* Files of which nothing is kept: is the row well-formed? */
static int check_row(tl_worker *w, const tl_task *task, tl_batch *b, size_t i, tl_error *err)
{
    tl_row row;
    int rc = parse_row(w, task, b, i, &row, err);
    return rc < 0 ? rc : TL_OK;
}

/* ---- batches ------------------------------------------------------------- */

typedef int take_row(tl_worker *w, const tl_task *task, tl_batch *b, size_t i, tl_error *err);

int tl_worker_read(tl_worker *w, const tl_task *task, tl_batch *b, tl_error *err)
{
    static take_row *const takes[] = {
        [TL_CONTENT_POSTS] = take_post,       [TL_CONTENT_REVISIONS] = take_remark,
        [TL_CONTENT_BLOCKS] = take_remark,    [TL_CONTENT_COMMENTS] = take_remark,
        [TL_CONTENT_TAGS] = take_tag,         [TL_CONTENT_OTHER] = check_row,
    };
    const tl_container container = task->format->container;
    take_row *take = container == TL_CONTAINER_TEXT    ? take_chunk
                     : container == TL_CONTAINER_JSONL ? take_line
                                                       : takes[task->format->content];
    for (size_t i = 0; i < b->rows.n_rows; i++) {
        const char *fault = b->rows.rows[i].fault;
        if (fault && !tl_batch_add_fault(b, i, fault))
            return no_memory(err);
        int rc = fault ? TL_OK : take(w, task, b, i, err);
        if (rc)
            return rc;
    }
    return TL_OK;
}

int tl_worker_parse_answer(tl_worker *w, const tl_task *task, tl_batch *b, tl_record *r, tl_error *err)
{
    int rc = parse_post(w, task, b, r->row, tl_post_from_row, &r->post, err);
    r->parsed = rc == 0;
    return rc;
}
