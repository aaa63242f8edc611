/* repair.h: what real dumps hold that XML does not allow.
 *
 * Dumps have been published with bad UTF-8, raw control characters and references
 * to characters that XML 1.0 forbids (&#x0E;).  Each is replaced by U+FFFD and
 * counted; a row without any is left alone.
 */
#ifndef TL_EXTRACT_REPAIR_H
#define TL_EXTRACT_REPAIR_H

#include "base/buf.h"

/* Bytes from `from` on that are valid UTF-8 (RFC 3629: no surrogates, no overlong
 * forms) and hold no control character but tab, newline and return: the position
 * of the first that is not, or s.len. */
size_t tl_text_valid(tl_str s, size_t from);

/* A control character that terminals are sent: of colours, bells, progress bars. */
static inline bool tl_is_terminal_code(char c)
{
    return c == '\x1B' || c == '\a' || c == '\b' || c == '\f';
}

/* Replaces bad bytes and control characters, and, when `references` is set, numeric
 * character references that XML forbids.  Returns the number of replacements; if
 * that is 0, `to` was not touched and `s` stands as it is, else `to` holds the
 * repaired text (check it with tl_buf_check). */
size_t tl_repair(tl_str s, bool references, tl_buf *to);

#endif
