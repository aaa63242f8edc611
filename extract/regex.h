/* regex.h: PCRE2 as tracelode uses it.
 *
 * A tl_regex is compiled once (UTF-8, Unicode classes, JIT where the library has
 * it), is immutable and may be shared by threads.  A tl_matcher holds what one
 * match needs (match data, limits, a JIT stack of its own, since a valid long
 * trace overflows PCRE2's default one) and belongs to one thread.
 *
 * A match that hits a limit is an error, never "no match": the caller counts it.
 */
#ifndef TL_EXTRACT_REGEX_H
#define TL_EXTRACT_REGEX_H

#include "base/error.h"
#include "base/str.h"

typedef struct tl_regex tl_regex;
typedef struct tl_matcher tl_matcher;

enum { TL_MAX_GROUPS = 16 }; /* groups a pattern may have, the whole match included */

typedef enum tl_regex_flags {
    TL_REGEX_CASELESS = 1,
    TL_REGEX_MULTILINE = 2, /* ^ and $ match at newlines too */
    TL_REGEX_ANCHORED = 4   /* match at the given offset only */
} tl_regex_flags;

/* Compiles `pattern` (extended syntax: white space and # comments are ignored).
 * Fails with TL_USAGE for a bad pattern, TL_NO_MEMORY. */
int tl_regex_new(tl_regex **out, const char *pattern, unsigned flags, tl_error *err) TL_MUST_CHECK;
void tl_regex_free(tl_regex *re);

int tl_matcher_new(tl_matcher **out, tl_error *err) TL_MUST_CHECK;
void tl_matcher_free(tl_matcher *m);

/* Looks for `re` in `subject` (valid UTF-8) from byte `from` on.  Returns 1 for a
 * match, 0 for none, TL_BAD_INPUT where a match limit was hit, TL_NO_MEMORY. */
int tl_regex_find(const tl_regex *re, tl_matcher *m, tl_str subject, size_t from);

/* Group `i` of the last match (0 is the whole): borrowed from its subject; data
 * NULL where the group took no part. */
tl_str tl_matcher_group(const tl_matcher *m, int i);

#endif
