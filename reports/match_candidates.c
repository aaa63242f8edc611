#include <stdlib.h>

#include "base/array.h"
#include "reports/match_part.h"

/* Bounds on what each source gives. */
enum {
    MAX_POSTINGS = 20 * 1000, /* rows of all frames together */
    MAX_TEMPLATE = 2000,      /* traces with the same template */
    MAX_QUESTIONS = 200,      /* that the words find */
    MAX_OF_QUESTION = 10,     /* traces of each */
    MAX_WORDS = 8,            /* the rarest of the message */
    MAX_WORD_ROWS = 30 * 1000,
    MESSAGE_WORDS = 100, /* looked at */
    MESSAGE_BYTES = 1000
};

typedef struct gathering {
    tl_search *search;
    const tl_probe *probe;
    tl_map at; /* trace id, or minus the id of a question without trace -> position */
    tl_candidate *list;
    size_t n, cap;
    double gain;      /* what the source at hand adds to the guess */
    double best_text; /* bm25 of the best question */
    double text;      /* of the question at hand, by the best */
    bool has_trace;   /* the question at hand */
} gathering;

static tl_candidate *candidate(gathering *g, int64_t key, tl_error *err)
{
    int64_t *at = tl_map_put(&g->at, tl_map_int_key(&key), (int64_t)g->n);
    tl_candidate *grown = at ? tl_array_room(g->list, g->n, &g->cap, sizeof *grown) : NULL;
    if (!grown) {
        tl_fail_memory(err, "candidates");
        return NULL;
    }
    g->list = grown;
    if ((size_t)*at == g->n)
        g->list[g->n++] = (tl_candidate){.trace = key > 0 ? key : 0, .question = key < 0 ? -key : 0};
    return &g->list[*at];
}

static int on_frame(void *ctx, int64_t trace, double weight, tl_error *err)
{
    gathering *g = ctx;
    (void)weight;
    tl_candidate *c = candidate(g, trace, err);
    if (!c)
        return TL_NO_MEMORY;
    c->guess += g->gain;
    return TL_OK;
}

static int on_template(void *ctx, int64_t trace, double same_exception, tl_error *err)
{
    gathering *g = ctx;
    tl_candidate *c = candidate(g, trace, err);
    if (!c)
        return TL_NO_MEMORY;
    c->guess += 0.3 + 0.05 * same_exception;
    return TL_OK;
}

static int on_text_trace(void *ctx, int64_t trace, double weight, tl_error *err)
{
    gathering *g = ctx;
    (void)weight;
    tl_candidate *c = candidate(g, trace, err);
    if (!c)
        return TL_NO_MEMORY;
    g->has_trace = true;
    c->text = g->text;
    c->guess += 0.2 * g->text;
    return TL_OK;
}

/* ---- frames ------------------------------------------------------------------- */

static int by_rarity(const void *a, const void *b)
{
    const tl_probe_frame *x = *(const tl_probe_frame *const *)a, *y = *(const tl_probe_frame *const *)b;
    if (x->traces != y->traces)
        return x->traces < y->traces ? -1 : 1;
    return x < y ? -1 : x > y;
}

static int gather_frames(gathering *g, tl_error *err)
{
    const tl_probe_frame *order[TL_SEARCH_FRAMES];
    size_t n = 0;
    for (size_t i = 0; i < g->probe->n_frames; i++)
        if (g->probe->frames[i].traces > 0)
            order[n++] = &g->probe->frames[i];
    qsort(order, n, sizeof *order, by_rarity);
    int64_t room = MAX_POSTINGS;
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < n && room > 0; i++) {
        g->gain = 0.45 * order[i]->weight / g->probe->weight;
        rc = tl_search_by_symbol(g->search, order[i]->symbol, room, on_frame, g, err);
        room -= order[i]->traces;
    }
    return rc;
}

/* ---- words --------------------------------------------------------------------- */

typedef struct rare_word {
    tl_str text;
    int64_t questions;
} rare_word;

/* Keeps the MAX_WORDS rarest, each once, rarest first. */
static void keep_word(rare_word *words, size_t *n, rare_word w)
{
    size_t at = *n;
    for (size_t i = 0; i < *n; i++)
        if (tl_str_eq(words[i].text, w.text))
            return;
    while (at > 0 && words[at - 1].questions > w.questions)
        at--;
    if (at == MAX_WORDS)
        return;
    size_t last = *n < MAX_WORDS ? (*n)++ : MAX_WORDS - 1;
    memmove(&words[at + 1], &words[at], (last - at) * sizeof *words);
    words[at] = w;
}

static bool only_digits(tl_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
    return true;
}

static int rare_words(gathering *g, tl_str message, rare_word *words, size_t *n, tl_error *err)
{
    tl_str word;
    *n = 0;
    for (int i = 0; i < MESSAGE_WORDS && tl_match_word(&message, &word); i++) {
        int64_t questions;
        if (word.len < 2 || word.len > 60 || only_digits(word))
            continue;
        int rc = tl_search_word(g->search, word, &questions, err);
        if (rc)
            return rc;
        if (questions > 0)
            keep_word(words, n, (rare_word){word, questions});
    }
    return TL_OK;
}

static int on_text(void *ctx, int64_t question, double weight, tl_error *err)
{
    gathering *g = ctx;
    if (g->best_text <= 0)
        g->best_text = weight > 1e-9 ? weight : 1e-9;
    g->text = weight / g->best_text;
    g->has_trace = false;
    int rc = tl_search_by_question(g->search, question, MAX_OF_QUESTION, on_text_trace, g, err);
    if (rc || g->has_trace)
        return rc;
    tl_candidate *c = candidate(g, -question, err);
    if (!c)
        return TL_NO_MEMORY;
    c->text = g->text;
    c->guess = 0.2 * g->text;
    return TL_OK;
}

/* Words are handed over in lower case, as the index has them. */
static int gather_text(gathering *g, tl_error *err)
{
    rare_word words[MAX_WORDS + 1];
    size_t n;
    tl_buf message = {0}, expression = {0};
    size_t length = g->probe->message.len < MESSAGE_BYTES ? g->probe->message.len : MESSAGE_BYTES;
    for (size_t i = 0; i < length; i++) {
        char c = g->probe->message.data[i];
        tl_buf_add_char(&message, c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c);
    }
    int rc = tl_buf_check(&message, "a message", err);
    if (rc == TL_OK)
        rc = rare_words(g, tl_buf_str(&message), words, &n, err);
    int64_t rows = 0;
    for (size_t i = 0; rc == TL_OK && i < n && (i == 0 || rows + words[i].questions <= MAX_WORD_ROWS); i++) {
        rows += words[i].questions;
        tl_buf_printf(&expression, "%s\"" TL_STR_FMT "\"", i ? " OR " : "", TL_STR_ARG(words[i].text));
    }
    if (rc == TL_OK)
        rc = tl_buf_check(&expression, "a search", err);
    if (rc == TL_OK && expression.len)
        rc = tl_search_by_text(g->search, tl_buf_str(&expression), MAX_QUESTIONS, on_text, g, err);
    tl_buf_free(&message);
    tl_buf_free(&expression);
    return rc;
}

/* ---- together -------------------------------------------------------------------- */

static int by_guess(const void *a, const void *b)
{
    const tl_candidate *x = a, *y = b;
    if (x->guess != y->guess)
        return x->guess > y->guess ? -1 : 1;
    if (x->trace != y->trace)
        return x->trace < y->trace ? -1 : 1;
    return x->question < y->question ? -1 : x->question > y->question;
}

int tl_match_candidates(tl_search *s, const tl_probe *p, tl_candidate **list, size_t *n, tl_error *err)
{
    gathering g = {.search = s, .probe = p};
    int rc = gather_frames(&g, err);
    if (rc == TL_OK && p->template.len)
        rc = tl_search_by_template(s, p->template, p->exception, MAX_TEMPLATE, on_template, &g, err);
    if (rc == TL_OK && p->message.len)
        rc = gather_text(&g, err);
    if (g.n)
        qsort(g.list, g.n, sizeof *g.list, by_guess);
    tl_map_free(&g.at);
    if (rc) {
        free(g.list);
        g.list = NULL;
        g.n = 0;
    }
    *list = g.list;
    *n = g.n;
    return rc;
}
