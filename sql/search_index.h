/* search_index.h: what `query` and `match` look things up in.
 *
 * Made in one go after every mining, so that it fits the patterns of the store:
 *   - columns of each pattern with support >= 2: `libraries` (how many have the same
 *     frames, in the same profile, support kind and key; the group `all` does not
 *     count), `questions` that hold it, how many of them are `unanswered` (no answer at
 *     all; NULL where the input does not tell), and the median of their `views`;
 *   - pattern_example, its most viewed questions;
 *   - search_frame, search_symbol: the traces of profile `full` that hold a frame of a
 *     library (not of the user's own code);
 *   - search_text: FTS5 over each question's title and its traces' messages.
 */
#ifndef TL_SQL_SEARCH_INDEX_H
#define TL_SQL_SEARCH_INDEX_H

#include "base/cancel.h"
#include "sql/store.h"

enum { TL_PATTERN_EXAMPLES = 3 };

/* Takes away the indexes that slow whoever writes many patterns down: before mining, in the same transaction.  tl_search_index makes it again. */
int tl_search_index_drop(tl_store *s, tl_error *err) TL_MUST_CHECK;

/* Inside a transaction of the caller's.  Fails as the store does, or with
 * TL_INTERRUPTED. */
int tl_search_index(tl_store *s, const tl_cancel *cancel, tl_error *err) TL_MUST_CHECK;

#endif
