/* intake.h: records -> store, in the order of the input.
 *
 * The one place that knows which questions are kept: it matches answers to them,
 * keeps answers that come before their question, counts what is left out, hands
 * logs to log.h, and commits the cursor together with the rows before it.
 */
#ifndef TL_EXTRACT_INTAKE_H
#define TL_EXTRACT_INTAKE_H

#include "extract/batch.h"
#include "extract/hash.h"
#include "extract/histogram.h"
#include "extract/worker.h"
#include "sql/input.h"
#include "sql/writer.h"

typedef struct tl_intake tl_intake;

/* An intake for `in` (already in the store; updated here and saved with each
 * commit), whose rows are what `task` says.  `worker` parses answers that were only
 * scanned, in the intake's thread.  All of them must outlive the intake. */
int tl_intake_new(tl_intake **out, tl_store *store, const tl_selection *selection, const tl_task *task,
                  tl_worker *worker, tl_input *in, tl_error *err) TL_MUST_CHECK;
void tl_intake_free(tl_intake *k);

/* The questions of the site that the store has: id to question_key.  Only a file of
 * posts changes it. */
const tl_map *tl_intake_questions(const tl_intake *k);

/* Takes one batch; commits now and then.  `hash` is that of the input up to the batch's
 * end.  After a failure nothing more is taken or saved. */
int tl_intake_batch(tl_intake *k, tl_batch *b, const tl_hash *hash, tl_error *err) TL_MUST_CHECK;

/* The input has ended: a log's last trace is written, and answers that still wait for their
 * question are counted as orphans.  Commit it together with `complete`. */
int tl_intake_finish(tl_intake *k, tl_error *err) TL_MUST_CHECK;

/* Commits what has been taken. */
int tl_intake_commit(tl_intake *k, tl_error *err) TL_MUST_CHECK;

#endif
