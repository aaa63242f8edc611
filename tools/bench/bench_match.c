/* bench_match: how well `match` finds questions with the same problem.
 *
 *     bench_match STUDY.db [MOST]       STUDY.db is extracted with --all and mined
 *
 * Hides each question with a trace in turn (all of its traces), matches its last trace
 * and asks whether the first 1, 5, 10 questions found have a trace
 *     T  with the same exception class and message template,
 *     F  with the same innermost library frame,
 *     E  with either, B  with both in one trace,
 * as a share of the hidden questions for which some other question has one.  All
 * questions may be found, accepted answer or not.  Compared with
 *     words     full text: bm25 of the message's words in titles and messages
 *     frame     questions with the same innermost library frame, oldest first
 *     edit      weighted edit distance of the library frames, after TraceSim (Vasiliev
 *               et al., "TraceSim: a method for calculating stack trace similarity",
 *               2020): a frame weighs (1 / depth)^alpha times a sigmoid of its rarity
 * MOST limits the hidden questions, taken evenly from all.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/array.h"
#include "reports/match.h"

enum { TOP = 10, MAX_FRAMES = 64, METHODS = 4, MEASURES = 4 };

typedef struct trace {
    int64_t question, id;
    tl_trace value; /* outermost first, as `match` takes it */
    int64_t symbols[MAX_FRAMES]; /* library frames, innermost first */
    double weights[MAX_FRAMES];
    int n;
} trace;

typedef struct bench {
    tl_store *store;
    tl_trace_matcher *matcher;
    tl_arena arena;
    trace *traces; /* by question, then position */
    size_t n, cap;
} bench;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "bench_match: %s: %s\n", what, why);
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- reading --------------------------------------------------------------------- */

static tl_str column(bench *b, sqlite3_stmt *stmt, int c)
{
    const char *text = (const char *)sqlite3_column_text(stmt, c);
    return text ? tl_arena_copy(&b->arena, (tl_str){text, (size_t)sqlite3_column_bytes(stmt, c)}) : (tl_str){0};
}

static void read_frames(bench *b, sqlite3_stmt *stmt, trace *t)
{
    size_t room = t->value.n_frames;
    t->value.frames = tl_arena_calloc(&b->arena, room + 1, sizeof *t->value.frames);
    t->value.n_frames = 0;
    sqlite3_bind_int64(stmt, 1, t->id);
    while (sqlite3_step(stmt) == SQLITE_ROW && t->value.n_frames < room) {
        tl_frame *f = &t->value.frames[t->value.n_frames++];
        *f = (tl_frame){.file = column(b, stmt, 1), .function = column(b, stmt, 2), .package = column(b, stmt, 3),
                        .own_code = sqlite3_column_int(stmt, 4), .line = TL_UNKNOWN};
        if (f->own_code)
            continue;
        if (t->n == MAX_FRAMES) /* the outermost goes */
            memmove(t->symbols, t->symbols + 1, (size_t)(--t->n) * sizeof *t->symbols);
        t->symbols[t->n++] = sqlite3_column_int64(stmt, 0);
    }
    sqlite3_reset(stmt);
    for (int i = 0, k = t->n - 1; i < k; i++, k--) {
        int64_t swap = t->symbols[i];
        t->symbols[i] = t->symbols[k];
        t->symbols[k] = swap;
    }
}

static void read_traces(bench *b)
{
    sqlite3_stmt *traces, *frames;
    tl_error err;
    if (tl_store_prepare(b->store,
                         "SELECT trace_id, question_key, frames, exception, message, template FROM trace "
                         "WHERE profile = 'full' ORDER BY question_key, position",
                         &traces, &err) ||
        tl_store_prepare(b->store,
                         "SELECT symbol_id, file, function, package, own_code FROM frame JOIN symbol USING (symbol_id) "
                         "WHERE trace_id = ?1 ORDER BY depth",
                         &frames, &err))
        die("store", err.message);
    while (sqlite3_step(traces) == SQLITE_ROW) {
        trace *grown = tl_array_room(b->traces, b->n, &b->cap, sizeof *grown);
        if (!grown)
            die("store", "out of memory");
        b->traces = grown;
        trace *t = &b->traces[b->n++];
        *t = (trace){.id = sqlite3_column_int64(traces, 0), .question = sqlite3_column_int64(traces, 1)};
        t->value = (tl_trace){.n_frames = (size_t)sqlite3_column_int64(traces, 2),
                              .exception = column(b, traces, 3),
                              .message = column(b, traces, 4),
                              .template = column(b, traces, 5)};
        read_frames(b, frames, t);
    }
    sqlite3_finalize(traces);
    sqlite3_finalize(frames);
}

/* ---- what is relevant --------------------------------------------------------------- */

static bool same_error(const trace *a, const trace *b)
{
    return a->value.template.len && b->value.template.len && tl_str_eq(a->value.template, b->value.template) &&
           tl_str_eq(a->value.exception, b->value.exception);
}

static bool same_frame(const trace *a, const trace *b)
{
    return a->n && b->n && a->symbols[0] == b->symbols[0];
}

/* The measures that trace `t` fulfils for `probe`, as bits T, F, E, B. */
static unsigned relevance(const trace *probe, const trace *t)
{
    unsigned error = same_error(probe, t), frame = same_frame(probe, t);
    return error | frame << 1 | (error | frame) << 2 | (error & frame) << 3;
}

static unsigned of_question(const bench *b, const trace *probe, int64_t question)
{
    unsigned bits = 0;
    size_t low = 0, high = b->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (b->traces[middle].question < question)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < b->n && b->traces[low].question == question; low++)
        bits |= relevance(probe, &b->traces[low]);
    return bits;
}

/* ---- the methods ---------------------------------------------------------------------- */

typedef struct ranking {
    int64_t questions[TOP];
    size_t n;
    int64_t hidden;
} ranking;

static void add_question(ranking *r, int64_t question)
{
    bool known = question == r->hidden || r->n == TOP;
    for (size_t i = 0; i < r->n && !known; i++)
        known = r->questions[i] == question;
    if (!known)
        r->questions[r->n++] = question;
}

static void rank_match(bench *b, const trace *probe, ranking *r)
{
    tl_arena arena = {0};
    tl_match match;
    tl_error err;
    tl_match_options how = {.unsolved = true, .questions = TOP, .hide = probe->question};
    if (tl_match_trace(b->matcher, &probe->value, &how, &arena, &match, &err))
        die("match", err.message);
    for (size_t i = 0; i < match.n_questions; i++)
        add_question(r, match.questions[i].key);
    tl_arena_free(&arena);
}

static int on_question(void *ctx, int64_t question, double weight, tl_error *err)
{
    (void)weight, (void)err;
    add_question(ctx, question);
    return 0;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void rank_words(bench *b, const trace *probe, ranking *r)
{
    tl_buf expression = {0};
    tl_str m = probe->value.message;
    tl_error err;
    for (size_t i = 0, words = 0; i < m.len && words < 40; i++) {
        size_t begin = i;
        while (i < m.len && is_letter(m.data[i]))
            i++;
        if (i - begin > 1)
            tl_buf_printf(&expression, "%s\"%.*s\"", words++ ? " OR " : "", (int)(i - begin), m.data + begin);
    }
    if (expression.len && tl_search_by_text(tl_trace_matcher_search(b->matcher), tl_buf_str(&expression), 2 * TOP,
                                            on_question, r, &err))
        die("words", err.message);
    tl_buf_free(&expression);
}

static void rank_frame(bench *b, const trace *probe, ranking *r)
{
    for (size_t i = 0; i < b->n; i++)
        if (same_frame(probe, &b->traces[i]))
            add_question(r, b->traces[i].question);
}

/* One minus the weight of the frames that must be deleted, inserted or exchanged to turn
 * one trace into the other, as a share of all weight. */
static double edit_similarity(const trace *a, const trace *b)
{
    double row[MAX_FRAMES + 1] = {0}, total = 0;
    for (int k = 0; k < b->n; k++)
        row[k + 1] = row[k] + b->weights[k];
    total = row[b->n];
    for (int i = 0; i < a->n; i++) {
        double corner = row[0];
        row[0] += a->weights[i];
        total += a->weights[i];
        for (int k = 0; k < b->n; k++) {
            double exchange = corner + (a->symbols[i] == b->symbols[k] ? fabs(a->weights[i] - b->weights[k])
                                                                       : a->weights[i] + b->weights[k]);
            double drop = row[k + 1] + a->weights[i], take = row[k] + b->weights[k];
            corner = row[k + 1];
            row[k + 1] = fmin(exchange, fmin(drop, take));
        }
    }
    return total > 0 ? 1 - row[b->n] / total : 0;
}

static void rank_edit(bench *b, const trace *probe, ranking *r)
{
    struct {
        double similarity;
        int64_t question;
    } best[TOP];
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        double s = b->traces[i].question == probe->question ? 0 : edit_similarity(probe, &b->traces[i]);
        size_t at = n, same = 0;
        while (same < n && best[same].question != b->traces[i].question)
            same++;
        if (s <= 0 || (same < n && best[same].similarity >= s))
            continue;
        if (same < n) { /* the question's better trace */
            memmove(&best[same], &best[same + 1], (n - same - 1) * sizeof *best);
            at = --n;
        }
        while (at > 0 && best[at - 1].similarity < s)
            at--;
        if (at == TOP)
            continue;
        size_t last = n < TOP ? n++ : TOP - 1;
        memmove(&best[at + 1], &best[at], (last - at) * sizeof *best);
        best[at].similarity = s;
        best[at].question = b->traces[i].question;
    }
    for (size_t i = 0; i < n; i++)
        add_question(r, best[i].question);
}

/* (1 / depth)^alpha, and sigmoid((rarity - half) / 10), with alpha and the middle as in
 * the paper's order of size. */
static void weigh(bench *b)
{
    tl_error err;
    for (size_t i = 0; i < b->n; i++) {
        trace *t = &b->traces[i];
        size_t library = 0;
        for (size_t k = t->value.n_frames; k-- > 0 && library < (size_t)t->n;) {
            const tl_frame *f = &t->value.frames[k];
            int64_t symbol, traces = 0;
            if (f->own_code)
                continue;
            if (tl_search_symbol(tl_trace_matcher_search(b->matcher), f->file, f->function, &symbol, &traces, &err) < 0)
                die("weights", err.message);
            double share = 100.0 * (double)(traces > 0 ? traces : 1) / (double)b->n;
            t->weights[library] = pow(1 / (double)(library + 1), 0.5) / (1 + exp(0.5 * (share - 10)));
            library++;
        }
    }
}

/* ---- counting -------------------------------------------------------------------------- */

typedef struct method {
    const char *name;
    void (*rank)(bench *b, const trace *probe, ranking *r);
    size_t hits[MEASURES][3];
    double seconds, slowest;
} method;

static const size_t depths[3] = {1, 5, 10};

static void judge(bench *b, method *m, const trace *probe, unsigned possible)
{
    ranking r = {.hidden = probe->question};
    size_t first[MEASURES] = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    double begun = now(), took;
    m->rank(b, probe, &r);
    took = now() - begun;
    m->seconds += took;
    m->slowest = took > m->slowest ? took : m->slowest;
    for (size_t i = r.n; i-- > 0;) {
        unsigned bits = of_question(b, probe, r.questions[i]);
        for (int k = 0; k < MEASURES; k++)
            if (bits >> k & 1)
                first[k] = i;
    }
    for (int k = 0; k < MEASURES; k++)
        for (int d = 0; d < 3; d++)
            m->hits[k][d] += (possible >> k & 1) && first[k] < depths[d];
}

static void print(const method *m, const size_t possible[MEASURES], size_t hidden)
{
    static const char names[MEASURES] = {'T', 'F', 'E', 'B'};
    printf("%-8s", m->name);
    for (int k = 0; k < MEASURES; k++) {
        printf("  %c", names[k]);
        for (int d = 0; d < 3; d++)
            printf(" %5.1f", possible[k] ? 100.0 * (double)m->hits[k][d] / (double)possible[k] : 0);
    }
    printf("   %.2f ms, at most %.1f\n", 1000 * m->seconds / (double)(hidden ? hidden : 1), 1000 * m->slowest);
}

static void run(bench *b, size_t most)
{
    static method methods[METHODS] = {
        {.name = "match", .rank = rank_match}, {.name = "words", .rank = rank_words},
        {.name = "frame", .rank = rank_frame}, {.name = "edit", .rank = rank_edit}};
    size_t possible[MEASURES] = {0}, hidden = 0, questions = 0, seen = 0;
    for (size_t i = 0; i < b->n; i++)
        questions += i + 1 == b->n || b->traces[i + 1].question != b->traces[i].question;
    size_t stride = most && questions > most ? questions / most : 1;
    for (size_t i = 0; i < b->n; i++) {
        if ((i + 1 < b->n && b->traces[i + 1].question == b->traces[i].question) || seen++ % stride)
            continue;
        const trace *probe = &b->traces[i];
        unsigned bits = 0;
        for (size_t k = 0; k < b->n; k++)
            if (b->traces[k].question != probe->question)
                bits |= relevance(probe, &b->traces[k]);
        hidden++;
        for (int k = 0; k < MEASURES; k++)
            possible[k] += bits >> k & 1;
        for (int k = 0; k < METHODS; k++)
            judge(b, &methods[k], probe, bits);
    }
    printf("%zu questions hidden in turn; another one has the same\n"
           "  T error template: %zu   F innermost library frame: %zu   E either: %zu   B both: %zu\n"
           "share of these found among the first 1, 5, 10, in %%:\n",
           hidden, possible[0], possible[1], possible[2], possible[3]);
    for (int k = 0; k < METHODS; k++)
        print(&methods[k], possible, hidden);
}

int main(int argc, char **argv)
{
    bench b = {0};
    tl_error err;
    if (argc < 2 || argc > 3)
        die("usage", "bench_match STUDY.db [MOST]");
    if (tl_store_open(&b.store, argv[1], TL_STORE_READ, &err) || tl_trace_matcher_new(&b.matcher, b.store, &err))
        die(argv[1], err.message);
    read_traces(&b);
    weigh(&b);
    run(&b, argc == 3 ? strtoul(argv[2], NULL, 10) : 0);
    free(b.traces);
    tl_arena_free(&b.arena);
    tl_trace_matcher_free(b.matcher);
    tl_store_close(b.store);
    return 0;
}
