/* sheet.h: the coding sheets of the study's two rounds.
 *
 * A row for each pattern, and empty columns in which people write what it is about:
 *
 *   pattern_id, round, library, support, length, frames, post1, ..., CODER, ..., label
 *
 * Round 1 has the patterns that at least three libraries share, Round 2 a sample of each
 * library (sample.h).  A pattern of Round 1 goes by its pattern_id and support in the
 * library in which that is largest, and `library` names all of them.  The posts are
 * drawn from all questions that hold the pattern.  The column `label` is for what the
 * coders agree on.  coding.h reads the sheet back.
 */
#ifndef TL_REPORTS_SHEET_H
#define TL_REPORTS_SHEET_H

#include "base/model.h"
#include "reports/grid.h"

enum { TL_SHEET_MAX_POSTS = 100, TL_SHEET_MAX_CODERS = 100, TL_SHEET_MAX_NAME = 60 };

typedef struct tl_sheet_options {
    int round; /* 1 or 2 */
    tl_profile profile;
    tl_support_kind support;
    uint64_t seed;
    size_t posts;       /* for each pattern, up to TL_SHEET_MAX_POSTS */
    const char *coders; /* their names, separated by commas; NULL for none */
} tl_sheet_options;

/* Fills the empty `out`.  TL_USAGE if the store has no such mining result or a coder's
 * name will not do; TL_NOTHING if no pattern is there for that round. */
int tl_sheet_make(tl_store *store, const tl_sheet_options *o, tl_grid *out, tl_error *err) TL_MUST_CHECK;

/* The coders' names, in an array of TL_SHEET_MAX_CODERS; how many there are, or TL_USAGE
 * for a name that is empty, there twice, too long, the name of another column, or has
 * other than letters, digits, blanks and . _ - in it. */
int tl_sheet_coders(const char *list, tl_str *coders, tl_error *err) TL_MUST_CHECK;

/* True for the columns of a sheet that hold no labels: pattern_id to frames, and posts. */
bool tl_sheet_is_fixed(tl_str column);

#endif
