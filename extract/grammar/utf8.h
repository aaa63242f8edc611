/* utf8.h: well-formed UTF-8 (RFC 3629), for text that nobody checked. */
#ifndef TL_EXTRACT_GRAMMAR_UTF8_H
#define TL_EXTRACT_GRAMMAR_UTF8_H

#include "base/str.h"

/* Length of the well-formed sequence at s.data[at] (at < s.len), 0 where there is
 * none. */
size_t tl_utf8_length(tl_str s, size_t at);

/* The first `max` bytes of `s`, or fewer: never cut inside of a character. */
tl_str tl_utf8_cut(tl_str s, size_t max);

#endif
