#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/match_part.h"

enum {
    MAX_SCORED = 300,  /* candidates whose traces are read */
    MAX_LOOKED = 3000, /* candidates looked at, those that options rule out included */
    TYPE_FRAMES = 64   /* innermost frames that the type is told from */
};

/* Questions below this have nothing to do with the trace. */
static const double least_score = 0.08;

struct tl_trace_matcher {
    tl_search *search;
    tl_classifier *classifier;
};

int tl_trace_matcher_new(tl_trace_matcher **out, tl_store *store, tl_error *err)
{
    *out = NULL;
    tl_trace_matcher *m = calloc(1, sizeof *m);
    if (!m)
        return tl_fail_memory(err, "matching");
    int rc = tl_search_open(&m->search, store, err);
    if (rc == TL_OK)
        rc = tl_classifier_shipped(&m->classifier, err);
    if (rc)
        tl_trace_matcher_free(m);
    else
        *out = m;
    return rc;
}

void tl_trace_matcher_free(tl_trace_matcher *m)
{
    if (!m)
        return;
    tl_search_close(m->search);
    tl_classifier_free(m->classifier);
    free(m);
}

const tl_taxonomy *tl_trace_matcher_taxonomy(const tl_trace_matcher *m)
{
    return tl_classifier_taxonomy(m->classifier);
}

tl_search *tl_trace_matcher_search(const tl_trace_matcher *m)
{
    return m->search;
}

/* ---- the probe --------------------------------------------------------------------- */

static int add_frame(tl_probe *p, tl_search *s, const tl_frame *f, tl_arena *arena, tl_error *err)
{
    tl_probe_frame frame = {.symbol = -1};
    int rc = tl_search_symbol(s, f->file, f->function, &frame.symbol, &frame.traces, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; rc > 0 && i < p->n_frames; i++)
        if (p->frames[i].symbol == frame.symbol)
            return TL_OK;
    tl_buf name = {0};
    tl_buf_printf(&name, TL_STR_FMT ":" TL_STR_FMT, TL_STR_ARG(f->file), TL_STR_ARG(f->function));
    frame.name = name.failed ? (tl_str){0} : tl_arena_copy(arena, tl_buf_str(&name));
    tl_buf_free(&name);
    if (!frame.name.data)
        return tl_fail_memory(err, "a frame");
    frame.weight = tl_match_weight(tl_search_traces(s), frame.traces, p->n_frames);
    p->weight += frame.weight;
    p->frames[p->n_frames++] = frame;
    return TL_OK;
}

int tl_probe_make(tl_probe *p, tl_search *s, const tl_trace *trace, tl_arena *arena, tl_error *err)
{
    *p = (tl_probe){.exception = trace->exception, .template = trace->template, .message = trace->message};
    int rc = TL_OK;
    size_t looked = 0;
    for (size_t i = trace->n_frames; rc == TL_OK && i-- > 0 && p->n_frames < TL_SEARCH_FRAMES;) {
        if (trace->frames[i].own_code)
            continue;
        if (looked++ == 4 * TL_SEARCH_FRAMES) /* of a deep recursion the same few */
            break;
        rc = add_frame(p, s, &trace->frames[i], arena, err);
    }
    return rc;
}

/* ---- scoring ------------------------------------------------------------------------ */

typedef struct scoring {
    tl_trace_matcher *m;
    const tl_match_options *o;
    const tl_probe *probe;
    tl_arena *scratch;
    tl_map questions; /* question -> position in `best` */
    tl_candidate *best;
    size_t n;
} scoring;

/* 1 if the options let the candidate's question through. */
static int is_wanted(const scoring *x, int64_t question, bool accepted, tl_error *err)
{
    if (question == x->o->hide || (!accepted && !x->o->unsolved))
        return 0;
    return x->o->library ? tl_search_in_library(x->m->search, question, x->o->library, err) : 1;
}

/* Reads and scores one candidate: 1 if its question is wanted. */
static int score_one(scoring *x, tl_candidate *c, tl_error *err)
{
    tl_found_trace found = {0};
    tl_found_question question;
    int rc;
    tl_arena_reset(x->scratch);
    if (c->trace) {
        rc = tl_search_trace(x->m->search, c->trace, x->scratch, &found, err);
    } else {
        rc = tl_search_question(x->m->search, c->question, x->scratch, &question, err);
        found.question = c->question;
        found.accepted = rc == TL_OK && question.accepted != TL_UNKNOWN;
    }
    if (rc == TL_OK)
        rc = is_wanted(x, found.question, found.accepted, err);
    if (rc <= 0)
        return rc;
    c->question = found.question;
    tl_match_score(x->probe, tl_search_traces(x->m->search), &found, c);
    return 1;
}

static int keep_best(scoring *x, const tl_candidate *c, tl_error *err)
{
    int64_t *at = tl_map_put(&x->questions, tl_map_int_key(&c->question), (int64_t)x->n);
    if (!at)
        return tl_fail_memory(err, "questions");
    if ((size_t)*at == x->n)
        x->best[x->n++] = *c;
    else if (c->score > x->best[*at].score)
        x->best[*at] = *c;
    return TL_OK;
}

static int score_candidates(scoring *x, tl_candidate *list, size_t n, tl_error *err)
{
    size_t scored = 0;
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < n && i < MAX_LOOKED && scored < MAX_SCORED; i++) {
        rc = score_one(x, &list[i], err);
        if (rc > 0) {
            scored++;
            rc = keep_best(x, &list[i], err);
        }
    }
    return rc;
}

static int by_score(const void *a, const void *b)
{
    const tl_candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->question < y->question ? -1 : x->question > y->question;
}

/* ---- saying why ------------------------------------------------------------------------ */

static void add_reason(tl_buf *why, const char *fmt, ...) TL_PRINTF(2, 3);

static void add_reason(tl_buf *why, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    tl_buf_printf(why, "%s%s", why->len ? "; " : "", text);
}

static void explain(const tl_probe *p, const tl_candidate *c, tl_buf *why)
{
    if (c->same_innermost)
        add_reason(why, "same innermost library frame %.200s", p->frames[0].name.data);
    if (c->shared)
        add_reason(why, "%zu of %zu library frames", c->shared, p->n_frames);
    if (c->same_template && p->message.len && c->same_exception)
        add_reason(why, "same " TL_STR_FMT " with the same message", TL_STR_ARG(tl_match_class(p->exception)));
    else if (c->same_template)
        add_reason(why, "same message");
    else if (c->same_exception)
        add_reason(why, "same " TL_STR_FMT, TL_STR_ARG(tl_match_class(p->exception)));
    if (!c->same_template && c->text >= 0.2)
        add_reason(why, "words of the message");
}

static int write_questions(scoring *x, tl_arena *arena, tl_match *out, tl_error *err)
{
    size_t n = x->n < x->o->questions ? x->n : x->o->questions;
    out->questions = tl_arena_calloc(arena, n + 1, sizeof *out->questions);
    if (!out->questions)
        return tl_fail_memory(err, "questions");
    int rc = TL_OK;
    tl_buf why = {0};
    for (size_t i = 0; rc == TL_OK && i < n && x->best[i].score >= least_score; i++) {
        const tl_candidate *c = &x->best[i];
        tl_match_question *q = &out->questions[out->n_questions++];
        *q = (tl_match_question){.key = c->question, .score = c->score, .frames = c->frames, .error = c->error,
                                 .text = c->text};
        tl_buf_clear(&why);
        explain(x->probe, c, &why);
        q->why = why.failed ? (tl_str){0} : tl_arena_copy(arena, tl_buf_str(&why));
        rc = q->why.data ? tl_search_question(x->m->search, c->question, arena, &q->found, err)
                         : tl_fail_memory(err, "questions");
    }
    tl_buf_free(&why);
    return rc;
}

static int match_questions(tl_trace_matcher *m, const tl_trace *trace, const tl_match_options *o, tl_arena *arena,
                           tl_match *out, tl_error *err)
{
    tl_probe probe;
    tl_candidate *list = NULL;
    size_t n = 0;
    tl_arena scratch = {0};
    int rc = tl_probe_make(&probe, m->search, trace, arena, err);
    if (rc == TL_OK)
        rc = tl_match_candidates(m->search, &probe, &list, &n, err);
    scoring x = {.m = m, .o = o, .probe = &probe, .scratch = &scratch};
    if (rc == TL_OK && list && !(x.best = calloc(MAX_SCORED, sizeof *x.best)))
        rc = tl_fail_memory(err, "questions");
    if (rc == TL_OK && list)
        rc = score_candidates(&x, list, n, err);
    if (rc == TL_OK && x.n)
        qsort(x.best, x.n, sizeof *x.best, by_score);
    if (rc == TL_OK)
        rc = write_questions(&x, arena, out, err);
    tl_map_free(&x.questions);
    tl_arena_free(&scratch);
    free(x.best);
    free(list);
    return rc;
}

int tl_match_trace(tl_trace_matcher *m, const tl_trace *trace, const tl_match_options *o, tl_arena *arena,
                   tl_match *out, tl_error *err)
{
    *out = (tl_match){0};
    size_t skip = trace->n_frames > TYPE_FRAMES ? trace->n_frames - TYPE_FRAMES : 0;
    int rc = tl_classify(m->classifier, trace->frames + skip, trace->n_frames - skip, trace->exception,
                         trace->message, &out->type, err);
    if (rc == TL_OK && o->patterns)
        rc = tl_match_patterns(m->search, trace, o->patterns, arena, out, err);
    if (rc == TL_OK && o->questions)
        rc = match_questions(m, trace, o, arena, out, err);
    return rc;
}
