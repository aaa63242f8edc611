/* types.h: what patterns of the store are called.
 */
#ifndef TL_SQL_TYPES_H
#define TL_SQL_TYPES_H

#include "sql/store.h"

typedef struct tl_pattern_type {
    const char *category, *type;
    double confidence;
} tl_pattern_type;

typedef struct tl_stored_type {
    const char *category, *category_name, *name, *description;
} tl_stored_type;

/* The types themselves, for the tables of the study: tl_types_define replaces those of
 * the store, numbered from 0; tl_types_label adds a label that means type `type`, unless
 * it is there.  Inside a transaction of the caller's. */
int tl_types_define(tl_store *s, const tl_stored_type *types, size_t n, tl_error *err) TL_MUST_CHECK;
int tl_types_label(tl_store *s, tl_str label, int64_t type, tl_error *err) TL_MUST_CHECK;

/* Says what a pattern is, from its frames ("file:function > file:function"). */
typedef int tl_type_fn(void *ctx, tl_str frames, tl_pattern_type *out, tl_error *err);

/* Asks for the type of every pattern that has none yet and writes it.  Inside a
 * transaction of the caller's.  Fails as the store does, or with what `type_of`
 * returns. */
int tl_types_write(tl_store *s, tl_type_fn *type_of, void *ctx, tl_error *err) TL_MUST_CHECK;

#endif
