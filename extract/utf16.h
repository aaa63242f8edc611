/* utf16.h: UTF-16 -> UTF-8, as a stream.
 *
 * Dumps and exports have been published in UTF-16.  What is no character becomes
 * U+FFFD.
 */
#ifndef TL_EXTRACT_UTF16_H
#define TL_EXTRACT_UTF16_H

#include "extract/rows.h"

typedef struct tl_utf16 tl_utf16;

/* Is that how UTF-16 begins: with a byte-order mark, or "<" of two bytes? */
bool tl_looks_utf16(tl_str first);

/* Converts what `read` gives, which begins with `first` (at least two bytes). */
int tl_utf16_new(tl_utf16 **out, tl_str first, tl_read_fn *read, void *ctx, tl_error *err) TL_MUST_CHECK;
void tl_utf16_free(tl_utf16 *u);

/* Reads the UTF-8 text, as a tl_read_fn. */
ssize_t tl_utf16_read(tl_utf16 *u, void *to, size_t cap, tl_error *err) TL_MUST_CHECK;

#endif
