/* batch.h: what travels through the pipeline.
 *
 * A batch owns its bytes, its arena and its results, and exactly one thread owns a
 * batch: the one that reads it and works on it, then the one that writes it; then its
 * memory is used again.
 */
#ifndef TL_EXTRACT_BATCH_H
#define TL_EXTRACT_BATCH_H

#include "base/arena.h"
#include "base/model.h"
#include "extract/rows.h"

/* The four numbers of which the store keeps a histogram over all questions. */
typedef enum tl_measure { TL_SCORE, TL_VIEWS, TL_COMMENTS, TL_ANSWERS, TL_MEASURES } tl_measure;

/* A question that may be kept, or an answer whose question may be; or a revision or
 * comment of a question that the store has (post.parent), or a tag (post.title, and
 * post.score is its count). */
typedef struct tl_record {
    tl_post post;
    const char *revision; /* "initial", "edit", "rollback"; NULL: not told */
    size_t row;         /* in rows.rows */
    bool parsed;        /* by libxml2; else only an answer's id and parent are known */
    uint64_t libraries; /* bit set of the libraries it belongs to */
    bool in_all;        /* kept under the library `all` */
    tl_reading readings[TL_PROFILES];
} tl_record;

enum { TL_BATCH_FAULTS = 1000 }; /* faults that a batch describes */

/* A row that could not be read. */
typedef struct tl_fault {
    size_t row;
    const char *reason; /* static, or in the arena */
} tl_fault;

typedef struct tl_batch {
    tl_row_batch rows;
    size_t known;   /* so many of its bytes are in the store, and hashed */
    tl_arena arena; /* holds what the records point to */
    tl_record *records;
    size_t n_records, cap_records;
    tl_fault *faults;
    size_t n_faults, cap_faults;
    int64_t more_faults; /* beyond TL_BATCH_FAULTS: counted, not described */
    int64_t (*measures)[TL_MEASURES]; /* one for each question, kept or not */
    size_t n_measures, cap_measures;
    int64_t repaired, unmatched, orphans;
    bool replay; /* of a log: its traces are in the store, but what follows needs its context */
    int64_t taken; /* bytes of the input file read when this batch was full */
} tl_batch;

/* A zeroed batch is empty. */
void tl_batch_free(tl_batch *b);

/* Forgets the results, keeps the memory. */
void tl_batch_reset(tl_batch *b);

/* Append; NULL or false when out of memory. */
tl_record *tl_batch_add_record(tl_batch *b);
bool tl_batch_add_fault(tl_batch *b, size_t row, const char *reason); /* names the row's line */
bool tl_batch_add_measures(tl_batch *b, const tl_post *question);

#endif
