#include "extract/paper.h"

#include <stdlib.h>

#include "extract/grammar/template.h"
#include "extract/paper_blocks.h"
#include "extract/paper_chars.h"
#include "extract/paper_errors.h"
#include "extract/paper_frames.h"
#include "extract/paper_words.h"

struct tl_paper {
    tl_chars *chars;
    tl_buf template;
};

int tl_paper_new(tl_paper **out, tl_error *err)
{
    *out = NULL;
    tl_paper *p = calloc(1, sizeof *p);
    if (!p)
        return tl_fail_memory(err, "the reader of profile paper");
    int rc = tl_chars_new(&p->chars, err);
    if (rc != TL_OK) {
        free(p);
        return rc;
    }
    *out = p;
    return TL_OK;
}

void tl_paper_free(tl_paper *p)
{
    if (!p)
        return;
    tl_chars_free(p->chars);
    tl_buf_free(&p->template);
    free(p);
}

/* Reads from the raw blocks whether there is code and a trace, of which system, and
 * the lines of code; returns the number of blocks. */
static size_t read_raw(tl_chars *c, tl_str body, tl_reading *out)
{
    size_t blocks = 0;
    int64_t all_lines = 0, trace_lines = 0;
    tl_str block;
    for (size_t at = 0; tl_paper_next_block(body, &at, &block); blocks++) {
        int64_t lines = tl_paper_lines(block);
        tl_os os = TL_OS_UNKNOWN;
        if (tl_paper_has_frame(c, block, TL_OS_UNIX))
            os = TL_OS_UNIX;
        else if (tl_paper_has_frame(c, block, TL_OS_WINDOWS))
            os = TL_OS_WINDOWS;
        if (out->os == TL_OS_UNKNOWN)
            out->os = os;
        all_lines += lines;
        trace_lines += os != TL_OS_UNKNOWN ? lines : 0;
    }
    out->has_code = blocks > 0;
    out->has_trace = out->os != TL_OS_UNKNOWN;
    out->code_lines = !out->has_code ? TL_UNKNOWN : out->has_trace ? trace_lines : all_lines;
    return blocks;
}

/* The text in which the frames of a block are looked for; `decoded` has newlines for
 * literal backslash-n already, which is right for Unix only. */
static int trace_text(tl_str block, tl_str decoded, tl_os os, tl_arena *arena, tl_str *out,
                      tl_error *err)
{
    *out = decoded;
    return os == TL_OS_UNIX ? TL_OK : tl_paper_decode(block, false, arena, out, err);
}

static int read_traces(tl_chars *c, tl_str body, const tl_str *decoded, size_t blocks,
                       tl_arena *arena, tl_reading *out, tl_error *err)
{
    out->traces = tl_arena_calloc(arena, blocks, sizeof *out->traces);
    if (!out->traces)
        return tl_fail_memory(err, "traces");
    tl_str block, text;
    for (size_t at = 0, i = 0; tl_paper_next_block(body, &at, &block); i++) {
        tl_trace *t = &out->traces[out->n_traces];
        int rc = trace_text(block, decoded[i], out->os, arena, &text, err);
        if (rc == TL_OK)
            rc = tl_paper_frames(c, text, out->os, arena, &t->frames, &t->n_frames, err);
        if (rc != TL_OK)
            return rc;
        out->n_traces += t->n_frames > 0;
    }
    return TL_OK;
}

/* Adds the error lines of one decoded block to `list`, or only counts them where
 * that is NULL. */
static void read_block_errors(tl_chars *c, tl_str text, tl_error_line *list, size_t *n)
{
    tl_error_line line;
    for (size_t at = 0, run_end = 0; tl_paper_next_error(c, text, &at, &run_end, &line); (*n)++)
        if (list)
            list[*n] = line;
}

static int read_errors(tl_paper *p, const tl_str *decoded, size_t blocks, tl_arena *arena,
                       tl_reading *out, tl_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < blocks; i++)
        read_block_errors(p->chars, decoded[i], NULL, &n);
    if (n == 0)
        return TL_OK;
    out->errors = tl_arena_calloc(arena, n, sizeof *out->errors);
    if (!out->errors)
        return tl_fail_memory(err, "error lines");
    for (size_t i = 0; i < blocks; i++)
        read_block_errors(p->chars, decoded[i], out->errors, &out->n_errors);
    for (size_t i = 0; i < n; i++) {
        out->errors[i].template = tl_template_in(arena, &p->template, out->errors[i].message);
        if (!out->errors[i].template.data)
            return tl_fail_memory(err, "error lines");
    }
    return TL_OK;
}

/* Reads what needs the decoded text of the `blocks` code blocks. */
static int read_decoded(tl_paper *p, tl_str body, size_t blocks, tl_arena *arena, tl_reading *out,
                        tl_error *err)
{
    tl_str *decoded = tl_arena_calloc(arena, blocks, sizeof *decoded);
    if (!decoded)
        return tl_fail_memory(err, "code blocks");
    tl_str block;
    for (size_t at = 0, i = 0; tl_paper_next_block(body, &at, &block); i++) {
        int rc = tl_paper_decode(block, true, arena, &decoded[i], err);
        if (rc != TL_OK)
            return rc;
    }
    int rc = TL_OK;
    if (out->has_trace)
        rc = read_traces(p->chars, body, decoded, blocks, arena, out, err);
    return rc == TL_OK ? read_errors(p, decoded, blocks, arena, out, err) : rc;
}

int tl_paper_read(tl_paper *p, tl_str body, tl_arena *arena, tl_reading *out, tl_error *err)
{
    *out = (tl_reading){.available = true, .code_lines = TL_UNKNOWN};
    out->words = tl_paper_words(p->chars, body);
    size_t blocks = read_raw(p->chars, body, out);
    int rc = blocks ? read_decoded(p, body, blocks, arena, out, err) : TL_OK;
    return rc == TL_OK ? tl_chars_check(p->chars, err) : rc;
}
