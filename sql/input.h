/* input.h: what the store knows of the files that were read into it.
 *
 * An input is identified by its site and name.  Its cursor is committed in the
 * same transaction as the rows before it, so that a run that was killed goes on
 * where the store ends.
 */
#ifndef TL_SQL_INPUT_H
#define TL_SQL_INPUT_H

#include "sql/store.h"

enum { TL_HASH_BYTES = 16, TL_HASH_STATE_MAX = 1024, TL_SELECTION_MAX = 256 };

typedef struct tl_input_counts {
    int64_t rows;        /* rows read */
    int64_t questions;   /* questions kept */
    int64_t answers;     /* answers kept */
    int64_t duplicates;  /* posts that were in the store before */
    int64_t orphans;     /* answers, comments and revisions whose question is not kept */
    int64_t repaired;    /* bad bytes and references replaced */
    int64_t quarantined; /* rows that could not be read */
    int64_t unmatched;   /* bodies on which a pattern hit its match limit */
    int64_t kept;        /* revisions, comments or tags kept */
} tl_input_counts;

typedef struct tl_input {
    int64_t input_id, site_id;
    char kind[16];
    int64_t size, mtime;
    char selection[TL_SELECTION_MAX];
    int pass;       /* 1, or 2 for the answers of a file out of order; 0: outdated */
    int64_t cursor; /* decompressed byte after the last row that is in the store */
    unsigned char hash[TL_HASH_BYTES];            /* of the bytes before the cursor */
    unsigned char hash_state[TL_HASH_STATE_MAX];  /* ready to go on */
    size_t hash_state_len;
    int64_t last_orphan; /* largest id of an answer that was left out; INT64_MIN: none */
    bool disorder;       /* a question came after an answer to it may have been left out */
    bool complete;
    tl_input_counts counts;
} tl_input;

/* The id of the site called `name`, which is made if need be (in a transaction). */
int tl_input_site(tl_store *s, const char *name, int64_t *site_id, tl_error *err) TL_MUST_CHECK;

/* Finds the input of that site and name: 1 and *in filled, or 0. */
int tl_input_find(tl_store *s, int64_t site_id, const char *name, tl_input *in, tl_error *err)
    TL_MUST_CHECK;

/* Adds *in as a new input called `name` and sets its input_id. */
int tl_input_add(tl_store *s, const char *name, tl_input *in, tl_error *err) TL_MUST_CHECK;

/* Writes pass, cursor, hash, complete and counts of *in. */
int tl_input_save(tl_store *s, const tl_input *in, tl_error *err) TL_MUST_CHECK;

/* The first row of the input that was quarantined, and why; TL_IO if there is none. */
int tl_input_first_fault(tl_store *s, int64_t input_id, int64_t *offset, char *reason, size_t cap,
                         tl_error *err) TL_MUST_CHECK;

/* The site's questions have changed: marks its inputs that speak of posts (comments,
 * revisions) as outdated.  They are not complete and must be read again from their start;
 * until then what they gave stays. */
int tl_input_outdate(tl_store *s, int64_t site_id, tl_error *err) TL_MUST_CHECK;

/* Deletes the input with all that came from it.  If it had questions, all mining results are
 * deleted too, and the site's inputs that speak of posts are outdated. */
int tl_input_delete(tl_store *s, int64_t input_id, tl_error *err) TL_MUST_CHECK;

/* Calls back with every outdated input, by site and name. */
int tl_input_each_outdated(tl_store *s, void (*each)(void *ctx, const char *name, const char *site), void *ctx,
                           tl_error *err) TL_MUST_CHECK;

#endif
