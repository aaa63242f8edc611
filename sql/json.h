/* json.h: JSON that tells when there was no memory for it.
 *
 * jansson says neither how it failed nor always that it did: a text that grows past its
 * buffer while there is no memory loses a byte in silence.
 */
#ifndef TL_SQL_JSON_H
#define TL_SQL_JSON_H

#include <jansson.h>

#include "base/str.h"

/* json_loadb, but NULL with an empty why->text whenever an allocation failed. */
json_t *tl_json_load(tl_str text, size_t flags, json_error_t *why);

#endif
