/* search.h: looks up what a traceback has in common with those of a store.
 *
 * Reads the search index (search_index.h); every call has a bound on the rows it
 * touches, so that a question to a store of any size takes bounded time.
 */
#ifndef TL_SQL_SEARCH_H
#define TL_SQL_SEARCH_H

#include "base/arena.h"
#include "base/model.h"
#include "sql/store.h"

typedef struct tl_search tl_search;

/* TL_USAGE, with what to do, if the store has no search index yet.  The store must
 * outlive it; until it is closed it is one transaction of reading. */
int tl_search_open(tl_search **out, tl_store *s, tl_error *err) TL_MUST_CHECK;
void tl_search_close(tl_search *s);

/* Number of traces in the index, and whether traces came after it was made. */
int64_t tl_search_traces(const tl_search *s);
bool tl_search_stale(const tl_search *s);

/* The id of a symbol and how many traces hold it in a library's frame (0: none). Returns
 * 1, or 0 if the store does not have it. */
int tl_search_symbol(tl_search *s, tl_str file, tl_str function, int64_t *id, int64_t *traces, tl_error *err)
    TL_MUST_CHECK;

/* How many questions hold a word; 0 if none. */
int tl_search_word(tl_search *s, tl_str word, int64_t *questions, tl_error *err) TL_MUST_CHECK;

/* Takes a trace or question and a weight; nonzero stops and is passed on. */
typedef int tl_search_fn(void *ctx, int64_t key, double weight, tl_error *err);

/* Up to `limit` traces: that hold the symbol; whose message has that template (weight
 * 1 if the exception is the same, else 0); of one question.  Weights are else 0. */
int tl_search_by_symbol(tl_search *s, int64_t symbol, int64_t limit, tl_search_fn *take, void *ctx, tl_error *err)
    TL_MUST_CHECK;
int tl_search_by_template(tl_search *s, tl_str template, tl_str exception, int64_t limit, tl_search_fn *take,
                          void *ctx, tl_error *err) TL_MUST_CHECK;
int tl_search_by_question(tl_search *s, int64_t question, int64_t limit, tl_search_fn *take, void *ctx,
                          tl_error *err) TL_MUST_CHECK;

/* Up to `limit` questions that match an FTS5 expression, best first; the weight is
 * -bm25 (larger is better). */
int tl_search_by_text(tl_search *s, tl_str expression, int64_t limit, tl_search_fn *take, void *ctx, tl_error *err)
    TL_MUST_CHECK;

typedef struct tl_found_frame {
    int64_t symbol;
    int64_t traces; /* that hold it */
} tl_found_frame;

typedef struct tl_found_trace {
    int64_t question;
    bool accepted; /* the question has an accepted answer */
    tl_str exception, template;
    tl_found_frame *frames; /* of libraries only, innermost first */
    size_t n_frames;
} tl_found_trace;

enum { TL_SEARCH_FRAMES = 64 }; /* of a trace that are read, the innermost ones */

/* Reads a trace; texts and frames lie in `arena`. */
int tl_search_trace(tl_search *s, int64_t trace, tl_arena *arena, tl_found_trace *out, tl_error *err)
    TL_MUST_CHECK;

typedef struct tl_found_question {
    tl_str site, id, title;
    int64_t score, views, answers; /* TL_UNKNOWN where the input does not tell */
    int64_t accepted;              /* id of the accepted answer, or TL_UNKNOWN */
} tl_found_question;

int tl_search_question(tl_search *s, int64_t question, tl_arena *arena, tl_found_question *out, tl_error *err)
    TL_MUST_CHECK;

/* True (1) if the question belongs to the library with that key. */
int tl_search_in_library(tl_search *s, int64_t question, const char *library, tl_error *err) TL_MUST_CHECK;

typedef struct tl_found_pattern {
    int64_t support, questions, unanswered; /* the last two TL_UNKNOWN before the index was made */
    tl_str category, type;
    double confidence;
} tl_found_pattern;

/* The libraries that were mined in profile `full` by sequences and stem; calls back with
 * each key. */
int tl_search_libraries(tl_search *s, int (*each)(void *ctx, const char *key), void *ctx, tl_error *err)
    TL_MUST_CHECK;

/* The pattern of that id (patterns.h), if it was mined as above and has support 2 or
 * more: 1, or 0. */
int tl_search_pattern(tl_search *s, const char *id, tl_arena *arena, tl_found_pattern *out, tl_error *err)
    TL_MUST_CHECK;

#endif
