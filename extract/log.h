/* log.h: a plain text or log on its way into the store.
 *
 * The whole file is one post, whose id is the file's name, read in profile full as one
 * block of code: its traces, code_lines and system, but no error lines.  It is never
 * held in memory: chunks come in order and traces go out as the grammar
 * finishes them.  A line on which a pattern hits its match limit is counted as unmatched and
 * is lost with the trace that it stands in.
 *
 * A run that goes on after an interruption reads the log again from its start, so that
 * the grammar sees what came before; it writes only what is not in the store yet.
 */
#ifndef TL_EXTRACT_LOG_H
#define TL_EXTRACT_LOG_H

#include "sql/input.h"
#include "sql/writer.h"

typedef struct tl_log tl_log;

/* A log called `name`.  The writer must outlive it. */
int tl_log_new(tl_log **out, tl_writer *writer, const char *name, tl_error *err) TL_MUST_CHECK;
void tl_log_free(tl_log *l);

/* Finds the log's post, or adds it to the library: call it once in a transaction before
 * the first chunk.  Where another input has brought a post of that name, nothing is
 * written. */
int tl_log_open(tl_log *l, tl_input *in, int64_t library_id, tl_error *err) TL_MUST_CHECK;

/* Reads a chunk; `replay`: what it holds is in the store. */
int tl_log_feed(tl_log *l, tl_str chunk, bool replay, tl_error *err) TL_MUST_CHECK;

/* Line ends in the last chunk. */
int64_t tl_log_lines(const tl_log *l);

/* The log has ended: writes the trace that was still open. */
int tl_log_end(tl_log *l, tl_error *err) TL_MUST_CHECK;

#endif
