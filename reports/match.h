/* match.h: a new traceback against a store: its type, the patterns it contains, and
 * the most similar questions.
 *
 * The score of a question is that of its best trace, between 0 and 1:
 *
 *     0.45 frames + 0.35 error + 0.20 text
 *
 *   frames  weighted Jaccard similarity of the library frames (not the user's own code).
 *           A frame weighs ln((N + 1) / n), n of N traces of the store holding it, times
 *           0.8^d, d frames away from the innermost one: rare and inner frames count
 *           most.
 *   error   1 for the same message template and exception class, 0.85 for the template
 *           alone; else, of the same class, 0.15 + 0.65 of the share of words that the
 *           two templates have in common, and of another class half that share.
 *   text    bm25 of the message's rarest words in the question's title and messages
 *           (FTS5), divided by the best one found.
 *
 * Candidates are traces that hold one of the rarest frames, that have the same
 * template, and questions that the words find; each source has a bound, so that any
 * paste and any store take bounded time.
 */
#ifndef TL_REPORTS_MATCH_H
#define TL_REPORTS_MATCH_H

#include "base/buf.h"
#include "reports/classifier.h"
#include "reports/grid.h"
#include "sql/search.h"

typedef struct tl_trace_matcher tl_trace_matcher;

typedef struct tl_match_options {
    const char *library; /* only questions of this library; NULL: any */
    bool unsolved;       /* also questions without an accepted answer */
    size_t patterns;     /* at most so many of a trace */
    size_t questions;
    int64_t hide;        /* a question that is not to be found, 0 for none */
} tl_match_options;

typedef struct tl_match_pattern {
    tl_str id, frames;
    tl_str libraries; /* "keras, pytorch"; support and so on are of the first */
    size_t length;
    tl_found_pattern found;
} tl_match_pattern;

typedef struct tl_match_question {
    int64_t key;
    double score, frames, error, text;
    tl_found_question found;
    tl_str why; /* "innermost frame functional:linear; 5 of 6 frames; same message" */
} tl_match_question;

typedef struct tl_match {
    tl_classified type;
    tl_match_pattern *patterns; /* longest first, of equal length the rarer first */
    size_t n_patterns;
    tl_match_question *questions; /* best first */
    size_t n_questions;
} tl_match;

/* TL_USAGE if the store was not mined.  The store must outlive it. */
int tl_trace_matcher_new(tl_trace_matcher **out, tl_store *store, tl_error *err) TL_MUST_CHECK;
void tl_trace_matcher_free(tl_trace_matcher *m);
const tl_taxonomy *tl_trace_matcher_taxonomy(const tl_trace_matcher *m);
tl_search *tl_trace_matcher_search(const tl_trace_matcher *m);

/* Matches one trace; everything in *out lies in `arena`. */
int tl_match_trace(tl_trace_matcher *m, const tl_trace *trace, const tl_match_options *o, tl_arena *arena,
                   tl_match *out, tl_error *err) TL_MUST_CHECK;

/* Appends to `out` (empty, or from a call before) the rows of one trace, number `n` from
 * 1: columns trace, kind ("trace", "pattern", "question"), rank, score, title (the
 * exception, the pattern's frames, the question's title), why, support, questions,
 * unanswered, library, type, category, confidence, votes, answers, link, accepted_link,
 * id. */
int tl_match_rows(tl_grid *out, int64_t n, const tl_trace *trace, const tl_match *match,
                  const tl_taxonomy *taxonomy, tl_error *err) TL_MUST_CHECK;

/* Appends the same for a person to read. */
void tl_match_text(tl_buf *out, int64_t n, const tl_trace *trace, const tl_match *match,
                   const tl_taxonomy *taxonomy, bool markdown);

#endif
