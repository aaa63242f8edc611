/* query.h: the patterns of a store that somebody asks for.
 *
 * Only patterns with support 2 or more are found, and only after mining, which makes
 * what is looked up (sql/search_index.h).
 */
#ifndef TL_REPORTS_QUERY_H
#define TL_REPORTS_QUERY_H

#include "base/buf.h"
#include "base/model.h"
#include "reports/grid.h"

typedef enum tl_query_sort { TL_SORT_SUPPORT, TL_SORT_UNANSWERED, TL_SORT_VIEWS } tl_query_sort;

typedef struct tl_query {
    const char *library;  /* its key; NULL: any */
    const char *contains; /* "file:function", in which * stands for any text of the frame; NULL: any */
    const char *category; /* code or "unknown", any case; NULL: any */
    const char *type;     /* its name or "unknown", any case; NULL: any */
    int64_t min_support;  /* at least 2 */
    int64_t shared;       /* found in at least so many libraries; 0: any */
    tl_profile profile;
    tl_support_kind support;
    tl_key key;
    tl_query_sort sort; /* the largest first; then by support, length, frames */
    int64_t limit;      /* so many patterns at most; -1: all */
} tl_query;

/* Appends the patterns to `out` (empty), one a row: pattern_id, library, support,
 * questions, unanswered, views (median), libraries, category, type, confidence,
 * length, frames, posts (addresses of the most viewed questions, a blank between).
 * TL_NOTHING, with what to do in *err, if there is none; TL_USAGE for a library,
 * category or type that the store does not have or a `contains` that is no frame. */
int tl_query_patterns(tl_store *s, const tl_query *q, tl_grid *out, tl_error *err) TL_MUST_CHECK;

/* Appends what tl_query_patterns found as a list for people, each pattern a few lines. */
void tl_query_text(tl_buf *out, const tl_grid *patterns);

/* Appends the address of a question, or "site id" for a site that has none. */
void tl_question_address(tl_buf *out, tl_str site, tl_str id);

/* Sets *out to the address of an answer; false if it has none (TL_UNKNOWN, or a site
 * that is not of the Stack Exchange network). */
bool tl_answer_address(tl_buf *out, tl_str site, int64_t id);

#endif
