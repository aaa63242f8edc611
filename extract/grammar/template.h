/* template.h: the part of an error message that does not change.
 *
 * Values are replaced by what they are, so that the same error with other values
 * has the same template and different errors keep different ones:
 *     NUM    numbers, versions, times, sizes with their unit
 *     SHAPE  three and more numbers in brackets, dimensions with None or "?",
 *            and 3x224x224
 *     STR    quoted text, and devices (cpu, cuda:0)
 *     HEX    addresses, hashes, UUIDs
 *     PATH   paths, file names, URLs
 * "Incompatible shapes: [32,784] vs. [32,2352]" becomes
 * "Incompatible shapes: [NUM,NUM] vs. [NUM,NUM]".
 *
 * A message of several lines is known by its first line that says something.
 */
#ifndef TL_EXTRACT_GRAMMAR_TEMPLATE_H
#define TL_EXTRACT_GRAMMAR_TEMPLATE_H

#include "base/arena.h"
#include "base/buf.h"

enum { TL_TEMPLATE_MAX = 600 }; /* bytes of a message that are looked at */

/* Appends the template of `message` to *out (check it with tl_buf_check). */
void tl_template(tl_str message, tl_buf *out);

/* The template in `arena`, written in *scratch first; data NULL when out of memory. */
tl_str tl_template_in(tl_arena *arena, tl_buf *scratch, tl_str message);

#endif
