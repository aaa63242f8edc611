/* import.h: published patterns as a mining result of the store.
 *
 * They are stored as the result of a mining with the key `stem` and the smallest
 * support among them, so that every table counts them; their questions are shown by
 * v_pattern_question whether the store has them or not.
 */
#ifndef TL_SQL_IMPORT_H
#define TL_SQL_IMPORT_H

#include "base/model.h"
#include "sql/published.h"
#include "sql/store.h"

typedef struct tl_import {
    const char *library;      /* key, added to the store if need be */
    const char *library_name; /* for people */
    const char *site;         /* of the questions */
    tl_profile profile;
    tl_support_kind support;
} tl_import;

/* Stores `patterns` inside a transaction of the caller's; what was imported before for
 * the same library, profile and support kind goes.  TL_USAGE if the store has
 * patterns of its own there that would go too or hide the imported ones. */
int tl_import_patterns(tl_store *s, const tl_published *patterns, const tl_import *as, tl_error *err)
    TL_MUST_CHECK;

#endif
