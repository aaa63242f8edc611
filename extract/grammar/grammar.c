#include "extract/grammar/grammar.h"

#include <stdlib.h>

#include "extract/grammar/lanes.h"

struct tl_grammar {
    tl_lanes lanes;
    tl_buf partial; /* the beginning of a line whose end was not fed yet */
    bool after_cr;  /* the last byte fed was a carriage return */
};

int tl_grammar_new(tl_grammar **out, tl_error *err)
{
    *out = NULL;
    tl_grammar *g = calloc(1, sizeof *g);
    if (!g)
        return tl_fail_memory(err, "the grammar");
    int rc = tl_lanes_init(&g->lanes, err);
    if (rc != TL_OK) {
        tl_grammar_free(g);
        return rc;
    }
    *out = g;
    return TL_OK;
}

void tl_grammar_free(tl_grammar *g)
{
    if (!g)
        return;
    tl_lanes_destroy(&g->lanes);
    tl_buf_free(&g->partial);
    free(g);
}

void tl_grammar_begin(tl_grammar *g, tl_trace_fn *deliver, void *ctx)
{
    tl_lanes_begin(&g->lanes, deliver, ctx);
    tl_buf_clear(&g->partial);
    g->after_cr = false;
}

/* Adds to the partial line no more than will be looked at. */
static void hold(tl_grammar *g, tl_str part)
{
    size_t room = TL_GRAMMAR_MAX_LINE - g->partial.len;
    tl_buf_add(&g->partial, part.data, part.len < room ? part.len : room);
}

static int line_done(tl_grammar *g, tl_str part, tl_error *err)
{
    if (g->partial.len == 0)
        return tl_lanes_line(&g->lanes, part, err);
    hold(g, part);
    if (g->partial.failed)
        return tl_fail_memory(err, "a line");
    int rc = tl_lanes_line(&g->lanes, tl_buf_str(&g->partial), err);
    tl_buf_clear(&g->partial);
    return rc;
}

/* A line ends with \n, \r\n or a lone \r (progress bars). */
int tl_grammar_feed(tl_grammar *g, tl_str chunk, tl_error *err)
{
    size_t begin = 0;
    if (g->after_cr && chunk.len > 0) {
        begin = chunk.data[0] == '\n';
        g->after_cr = false;
    }
    while (begin < chunk.len) {
        const char *at = chunk.data + begin;
        size_t left = chunk.len - begin;
        const char *nl = memchr(at, '\n', left);
        size_t n = nl ? (size_t)(nl - at) : left;
        const char *cr = memchr(at, '\r', n);
        if (cr)
            n = (size_t)(cr - at);
        if (!nl && !cr) {
            hold(g, (tl_str){at, left});
            break;
        }
        int rc = line_done(g, (tl_str){at, n}, err);
        if (rc != TL_OK)
            return rc;
        begin += n + 1;
        if (cr && begin < chunk.len && chunk.data[begin] == '\n')
            begin++;
        else if (cr && begin == chunk.len)
            g->after_cr = true;
    }
    return g->partial.failed ? tl_fail_memory(err, "a line") : TL_OK;
}

int tl_grammar_border(tl_grammar *g, const tl_part *next, tl_error *err)
{
    int rc = g->partial.len > 0 ? line_done(g, TL_STR(""), err) : TL_OK;
    g->after_cr = false;
    return rc == TL_OK ? tl_lanes_border(&g->lanes, next, err) : rc;
}

int tl_grammar_end(tl_grammar *g, tl_error *err)
{
    int rc = g->partial.len > 0 ? line_done(g, TL_STR(""), err) : TL_OK;
    return rc == TL_OK ? tl_lanes_end(&g->lanes, err) : rc;
}

/* --- all traces at once -------------------------------------------------- */

typedef struct collection {
    tl_arena *arena;
    tl_trace *traces;
    size_t n, cap;
} collection;

static bool copy(tl_arena *a, tl_str *s)
{
    if (!s->data)
        return true;
    *s = tl_arena_copy(a, *s);
    return s->data != NULL;
}

static bool copy_frames(tl_arena *a, tl_trace *t)
{
    const tl_frame *from = t->frames;
    tl_frame *to = tl_arena_calloc(a, t->n_frames + 1, sizeof *to);
    if (!to)
        return false;
    t->frames = to;
    for (size_t i = 0; i < t->n_frames; i++) {
        to[i] = from[i];
        if (!copy(a, &to[i].file) || !copy(a, &to[i].function) || !copy(a, &to[i].path) ||
            !copy(a, &to[i].package) || !copy(a, &to[i].source))
            return false;
    }
    return true;
}

static int collect(void *ctx, const tl_trace *trace, tl_error *err)
{
    collection *c = ctx;
    if (c->n == c->cap) {
        /* The arena keeps the old arrays: less than what the last one holds. */
        size_t cap = c->cap ? 2 * c->cap : 4;
        tl_trace *more = tl_arena_calloc(c->arena, cap, sizeof *more);
        if (!more)
            return tl_fail_memory(err, "the traces");
        if (c->n > 0)
            memcpy(more, c->traces, c->n * sizeof *more);
        c->traces = more;
        c->cap = cap;
    }
    tl_trace *t = &c->traces[c->n];
    *t = *trace;
    if (!copy_frames(c->arena, t) || !copy(c->arena, &t->exception) ||
        !copy(c->arena, &t->message) || !copy(c->arena, &t->template))
        return tl_fail_memory(err, "the traces");
    c->n++;
    return TL_OK;
}

int tl_grammar_read_parts(tl_grammar *g, const tl_part *parts, size_t n_parts, tl_arena *arena,
                          tl_trace **traces, size_t *n, tl_error *err)
{
    collection c = {.arena = arena};
    *traces = NULL;
    *n = 0;
    tl_grammar_begin(g, collect, &c);
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < n_parts; i++) {
        rc = tl_grammar_border(g, &parts[i], err);
        if (rc == TL_OK)
            rc = tl_grammar_feed(g, parts[i].text, err);
    }
    if (rc == TL_OK)
        rc = tl_grammar_end(g, err);
    if (rc != TL_OK)
        return rc;
    *traces = c.traces;
    *n = c.n;
    return TL_OK;
}

int tl_grammar_read(tl_grammar *g, tl_str text, tl_arena *arena, tl_trace **traces, size_t *n,
                    tl_error *err)
{
    tl_part part = {.text = text};
    return tl_grammar_read_parts(g, &part, 1, arena, traces, n, err);
}
