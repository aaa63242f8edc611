/* extract.h: dumps -> store.
 *
 * The way in for the command line: plans the inputs, reads each through the
 * pipeline into the store, resumes what was interrupted.
 */
#ifndef TL_EXTRACT_EXTRACT_H
#define TL_EXTRACT_EXTRACT_H

#include "base/cancel.h"
#include "base/error.h"
#include "extract/format.h"
#include "extract/worker.h"
#include "sql/input.h"

/* Raised whenever the same bytes would give other rows in the store. */
enum { TL_EXTRACT_VERSION = 3 };

/* What became of one input. */
typedef enum tl_outcome { TL_READ, TL_RESUMED, TL_ALREADY_COMPLETE, TL_FAILED } tl_outcome;

typedef struct tl_input_report {
    const char *name, *site; /* borrowed for the duration of the call */
    char kind[16]; /* see tl_reader_kind; empty if it was not recognised */
    tl_content content;
    tl_outcome outcome;
    tl_error error;         /* of TL_FAILED */
    tl_input_counts counts; /* of the whole input, earlier runs included */
    bool unordered_pipe;    /* out of order, but a pipe cannot be read twice */
} tl_input_report;

typedef struct tl_extract_options {
    const char *const *paths;
    size_t n_paths;
    const char *site; /* NULL: from each input's folder or archive name */
    tl_selection selection;
    tl_container container; /* of all inputs; TL_CONTAINER_AUTO: recognised */
    bool force; /* read again what the store has of these inputs */
    int workers;
    const tl_cancel *cancel;
    void *ctx;
    /* Called now and then with the input's name, the bytes of it read so far and its
     * size (-1: unknown); may be NULL. */
    void (*progress)(void *ctx, const char *name, int64_t taken, int64_t size);
    /* Called after each input; may be NULL. */
    void (*report)(void *ctx, const tl_input_report *r);
    /* Called at the end for each input that speaks of posts and was read before posts of its
     * site came or went: it is read again when it is given again.  May be NULL. */
    void (*outdated)(void *ctx, const char *name, const char *site);
} tl_extract_options;

/* Reads all inputs into the store.  An input that is malformed or cut off does not
 * keep the others from being read; the first such failure is returned at the end.
 * Everything else that fails ends the call; the store is then as of the last
 * commit, and the same call goes on from there. */
int tl_extract(tl_store *store, const tl_extract_options *o, tl_error *err) TL_MUST_CHECK;

#endif
