/* types.h: what patterns of the store are called.
 */
#ifndef TL_SQL_TYPES_H
#define TL_SQL_TYPES_H

#include "sql/store.h"

typedef struct tl_pattern_type {
    const char *category, *type;
    double confidence;
} tl_pattern_type;

/* Says what a pattern is, from its frames ("file:function > file:function"). */
typedef int tl_type_fn(void *ctx, tl_str frames, tl_pattern_type *out, tl_error *err);

/* Asks for the type of every pattern that has none yet and writes it.  Inside a
 * transaction of the caller's.  Fails as the store does, or with what `type_of`
 * returns. */
int tl_types_write(tl_store *s, tl_type_fn *type_of, void *ctx, tl_error *err) TL_MUST_CHECK;

#endif
