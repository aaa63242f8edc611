/* patterns.h: mining results in the store.
 *
 * A result is identified by library, profile, support kind, key and minimum
 * support; writing it again replaces it.  All calls stand inside a transaction of
 * the caller's, so that readers see the old result until the new one is whole.
 */
#ifndef TL_SQL_PATTERNS_H
#define TL_SQL_PATTERNS_H

#include "base/buf.h"
#include "base/model.h"
#include "sql/store.h"

typedef struct tl_mining {
    int64_t library_id;
    const char *library; /* its key */
    tl_profile profile;
    tl_support_kind support;
    tl_key key;
    int64_t min_support;
    int64_t sequences; /* non-empty ones that were mined */
    int64_t min_length, max_length; /* patterns outside were left out; 0: none were */
    bool imported;     /* the patterns are somebody's published ones */
} tl_mining;

typedef struct tl_pattern_writer tl_pattern_writer;

int tl_pattern_writer_new(tl_pattern_writer **out, tl_store *s, tl_error *err) TL_MUST_CHECK;
void tl_pattern_writer_free(tl_pattern_writer *w);

/* Begins a result, deleting the one that it replaces; an imported result replaces every
 * imported one of its library, profile, support kind and key, a mined one every mined one
 * that is older than the newest trace: with a lower support it would hide the new one.  *m
 * is copied but for
 * its library name, which must live until the next begin. */
int tl_pattern_writer_begin(tl_pattern_writer *w, const tl_mining *m, tl_error *err) TL_MUST_CHECK;

/* Adds a pattern, given as its frames' texts in order, and the traces that hold it, by
 * rising id; they are in the store, and no trace comes or goes while `w` lives. */
int tl_pattern_writer_add(tl_pattern_writer *w, const tl_str *frames, size_t n_frames, int64_t support,
                          const int64_t *trace_ids, size_t n_traces, tl_error *err) TL_MUST_CHECK;

/* A pattern's id: sixteen hexadecimal digits that depend on library, profile, support
 * kind and the frames' text ("file:function > file:function") alone.  tl_pattern_identity
 * fills a buffer with what comes before the frames. */
int tl_pattern_identity(tl_buf *identity, const char *library, tl_profile profile, tl_support_kind support,
                        tl_error *err) TL_MUST_CHECK;
int tl_pattern_id(tl_buf *identity, tl_str frames, char id[17], tl_error *err) TL_MUST_CHECK;

/* Adds a question of `site_id` that holds the last pattern, as published. */
int tl_pattern_writer_question(tl_pattern_writer *w, int64_t site_id, const tl_post_id *id, tl_error *err)
    TL_MUST_CHECK;

/* TL_OK if every library's traces were mined as they are now, both profiles by
 * sequences with the key `key`, and no result with that key is older than the newest
 * trace or lacks patterns of support 2; else TL_USAGE with what to do. */
int tl_store_check_mined(tl_store *s, tl_key key, tl_error *err) TL_MUST_CHECK;

/* Whether a mined result of that kind is older than the newest trace: 1 or 0. */
int tl_store_mining_is_old(tl_store *s, tl_profile profile, tl_support_kind support, tl_key key, tl_error *err)
    TL_MUST_CHECK;

/* Of what lengths, in frames, the patterns of all such results are; 0: of any. */
int tl_store_mined_lengths(tl_store *s, tl_profile profile, tl_support_kind support, tl_key key, int64_t *shortest,
                           int64_t *longest, tl_error *err) TL_MUST_CHECK;

/* Calls back with id and key of every library in the store, in their order; stops at
 * the first nonzero return, which is returned. */
int tl_store_each_library(tl_store *s, int (*each)(void *ctx, int64_t library_id, const char *key),
                          void *ctx, tl_error *err) TL_MUST_CHECK;

#endif
