/* writer.h: puts posts and traces into the store.
 *
 * The only module that writes them.  All calls stand inside a transaction of the
 * caller's (tl_store_begin); ids are given out in the order of the calls, so the
 * same posts in the same order give the same store.
 */
#ifndef TL_SQL_WRITER_H
#define TL_SQL_WRITER_H

#include "base/model.h"
#include "sql/store.h"

typedef struct tl_writer tl_writer;

int tl_writer_new(tl_writer **out, tl_store *s, tl_error *err) TL_MUST_CHECK;
void tl_writer_free(tl_writer *w);

/* The id of the library with that key, which is made if need be. */
int tl_writer_library(tl_writer *w, const char *key, const char *name, int64_t *library_id,
                      tl_error *err) TL_MUST_CHECK;

/* Adds a question with its libraries and what the profiles read in it; *key is its
 * question_key.  Returns 1 and adds nothing if (site, id) is in the store already,
 * and 0 else. */
int tl_writer_question(tl_writer *w, int64_t site_id, int64_t input_id, const tl_post *post,
                       const int64_t *library_ids, size_t n_libraries,
                       const tl_reading readings[TL_PROFILES], int64_t *key, tl_error *err) TL_MUST_CHECK;

/* Adds an answer to the question `key`.  Returns 1 if it was there, else 0. */
int tl_writer_answer(tl_writer *w, int64_t key, int64_t input_id, const tl_post *post, tl_error *err)
    TL_MUST_CHECK;

/* Keeps an answer whose question has not come yet, and hands those of `parent`
 * over to the question `key`; *moved is their number. */
int tl_writer_pending(tl_writer *w, int64_t site_id, int64_t input_id, const tl_post *post,
                      tl_error *err) TL_MUST_CHECK;
int tl_writer_adopt(tl_writer *w, int64_t site_id, int64_t parent, int64_t key, int64_t *moved,
                    tl_error *err) TL_MUST_CHECK;

/* How many answers of an input wait for their question. */
int tl_writer_count_pending(tl_writer *w, int64_t input_id, int64_t *n, tl_error *err) TL_MUST_CHECK;

/* What becomes of a question whose traces arrive one by one (a log, added with an empty
 * reading): the key of the one called `id` that came from this input (1, else 0); its
 * trace number `position`; the rest of what `profile` reads in it, which replaces
 * what was there. */
int tl_writer_find_question(tl_writer *w, int64_t site_id, int64_t input_id, const char *id, int64_t *key,
                            tl_error *err) TL_MUST_CHECK;
int tl_writer_trace(tl_writer *w, int64_t key, tl_profile profile, size_t position, const tl_trace *t,
                    tl_error *err) TL_MUST_CHECK;
int tl_writer_reading(tl_writer *w, int64_t key, tl_profile profile, const tl_reading *r, tl_error *err)
    TL_MUST_CHECK;

/* Adds a comment to the question `key`.  Returns 1 if it was there, else 0. */
int tl_writer_comment(tl_writer *w, int64_t key, int64_t input_id, const tl_post *post, tl_error *err)
    TL_MUST_CHECK;

/* Adds what profile full reads in a revision of the question `key`; `kind` is "initial",
 * "edit", "rollback" or NULL.  Returns 1 if it was there, else 0; what is there is left
 * alone unless `part` says that this is a further part of the same revision. */
int tl_writer_revision(tl_writer *w, int64_t key, int64_t input_id, const tl_post *post, const char *kind,
                       bool part, const tl_reading *r, tl_error *err) TL_MUST_CHECK;

/* Adds a tag and how many questions have it.  Returns 1 if it was there, else 0. */
int tl_writer_tag(tl_writer *w, int64_t site_id, int64_t input_id, tl_str name, int64_t count, tl_error *err)
    TL_MUST_CHECK;

/* Notes a row that could not be read.  Returns 1 if it was noted before, else 0. */
int tl_writer_quarantine(tl_writer *w, int64_t input_id, int64_t offset, const char *reason,
                         tl_error *err) TL_MUST_CHECK;

/* How many questions have this value. */
typedef struct tl_bar {
    int64_t value, n;
} tl_bar;

enum { TL_BARS = 32 }; /* are written together in less than half of the time */

/* Adds `n_bars`, at most TL_BARS, to a histogram's counts; measure is "score", "views",
 * "comments" or "answers". */
int tl_writer_histogram(tl_writer *w, int64_t input_id, const char *measure, const tl_bar *bars,
                        size_t n_bars, tl_error *err) TL_MUST_CHECK;

/* Calls back with (id, question_key) for every question of a site whose id is an
 * integer; stops at the first nonzero return, which is returned. */
int tl_writer_each_question(tl_writer *w, int64_t site_id,
                            int (*each)(void *ctx, int64_t id, int64_t key), void *ctx, tl_error *err)
    TL_MUST_CHECK;

#endif
