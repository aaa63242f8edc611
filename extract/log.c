#include "extract/log.h"

#include <stdlib.h>

#include "extract/full.h"
#include "extract/grammar/grammar.h"

struct tl_log {
    tl_writer *writer;
    tl_grammar *grammar;
    char *name;
    int64_t key;   /* of the post; TL_UNKNOWN: not ours to write */
    tl_input_counts *counts; /* of the input */
    bool replay;
    bool refused;  /* the store did not take a trace */
    bool ink;      /* the line that is being read is not blank */
    int64_t lines; /* that ended in the last chunk */
    size_t traces; /* delivered so far, ... */
    size_t first;  /* ... and before the grammar last began */
    tl_reading reading;
};

int tl_log_new(tl_log **out, tl_writer *writer, const char *name, tl_error *err)
{
    *out = NULL;
    tl_log *l = calloc(1, sizeof *l);
    if (!l)
        return tl_fail_memory(err, "reading a log");
    l->writer = writer;
    l->key = TL_UNKNOWN;
    l->name = strdup(name);
    int rc = l->name ? tl_grammar_new(&l->grammar, err) : tl_fail_memory(err, "reading a log");
    if (rc) {
        tl_log_free(l);
        return rc;
    }
    *out = l;
    return TL_OK;
}

void tl_log_free(tl_log *l)
{
    if (!l)
        return;
    tl_grammar_free(l->grammar);
    free(l->name);
    free(l);
}

static int deliver(void *ctx, const tl_trace *trace, tl_error *err)
{
    tl_log *l = ctx;
    size_t position = l->traces++;
    l->reading.has_trace = true;
    if (l->reading.os == TL_OS_UNKNOWN)
        l->reading.os = tl_full_os(trace, 1);
    if (l->replay || l->key == TL_UNKNOWN)
        return TL_OK;
    tl_trace t = *trace;
    t.linked_to += l->first;
    int rc = tl_writer_trace(l->writer, l->key, TL_FULL, position, &t, err);
    l->refused = rc != TL_OK;
    return rc;
}

/* After `rc` of the grammar: a line on which a pattern gave up is counted, and what follows
 * it is read afresh. */
static int go_on(tl_log *l, int rc)
{
    if (rc != TL_BAD_INPUT || l->refused)
        return rc;
    l->counts->unmatched += !l->replay;
    l->first = l->traces;
    tl_grammar_begin(l->grammar, deliver, l);
    return TL_OK;
}

int tl_log_open(tl_log *l, tl_input *in, int64_t library_id, tl_error *err)
{
    tl_grammar_begin(l->grammar, deliver, l);
    l->counts = &in->counts;
    l->reading = (tl_reading){.available = true, .code_lines = TL_UNKNOWN};
    int rc = tl_writer_find_question(l->writer, in->site_id, in->input_id, l->name, &l->key, err);
    if (rc != 0 || in->cursor > 0) /* found, failed, or not ours before */
        return rc < 0 ? rc : TL_OK;
    tl_reading readings[TL_PROFILES] = {[TL_FULL] = l->reading};
    tl_post post = {.kind = TL_QUESTION,
                    .id.text = tl_str_from(l->name),
                    .accepted = TL_UNKNOWN,
                    .created = TL_UNKNOWN,
                    .score = TL_UNKNOWN,
                    .views = TL_UNKNOWN,
                    .answers = TL_UNKNOWN,
                    .comments = TL_UNKNOWN};
    rc = tl_writer_question(l->writer, in->site_id, in->input_id, &post, &library_id, 1, readings, &l->key, err);
    in->counts.questions += rc == 0;
    in->counts.duplicates += rc == 1;
    if (rc == 1)
        l->key = TL_UNKNOWN;
    return rc < 0 ? rc : TL_OK;
}

static void count_line(tl_log *l)
{
    l->reading.code_lines = (l->reading.has_code ? l->reading.code_lines : 0) + 1;
    l->reading.has_code = true;
    l->ink = false;
}

/* Counts the lines that are not blank, over the borders of chunks. */
static void count_lines(tl_log *l, tl_str chunk)
{
    l->lines = 0;
    for (size_t i = 0; i < chunk.len; i++) {
        char c = chunk.data[i];
        l->lines += c == '\n';
        if (c == '\n' && l->ink)
            count_line(l);
        else if (c != ' ' && (c < '\t' || c > '\r')) {
            l->ink = true;
            const char *nl = memchr(chunk.data + i, '\n', chunk.len - i);
            i = nl ? (size_t)(nl - chunk.data) - 1 : chunk.len;
        }
    }
}

int64_t tl_log_lines(const tl_log *l)
{
    return l->lines;
}

static int write_reading(tl_log *l, tl_error *err)
{
    if (l->replay || l->key == TL_UNKNOWN)
        return TL_OK;
    return tl_writer_reading(l->writer, l->key, TL_FULL, &l->reading, err);
}

int tl_log_feed(tl_log *l, tl_str chunk, bool replay, tl_error *err)
{
    l->replay = replay;
    count_lines(l, chunk);
    int rc = TL_OK;
    while (rc == TL_OK && chunk.len > 0) { /* line by line, so that what follows a lost one is read */
        const char *nl = memchr(chunk.data, '\n', chunk.len);
        size_t n = nl ? (size_t)(nl - chunk.data) + 1 : chunk.len;
        rc = go_on(l, tl_grammar_feed(l->grammar, (tl_str){chunk.data, n}, err));
        chunk.data += n;
        chunk.len -= n;
    }
    return rc ? rc : write_reading(l, err);
}

int tl_log_end(tl_log *l, tl_error *err)
{
    l->replay = false;
    if (l->ink)
        count_line(l);
    int rc = go_on(l, tl_grammar_end(l->grammar, err));
    return rc ? rc : write_reading(l, err);
}
