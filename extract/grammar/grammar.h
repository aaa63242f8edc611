/* grammar.h: Python tracebacks in any text.
 *
 * A state machine over lines.  Decoration around a line (terminal colours, log
 * prefixes, quoting, boxes) is taken off, the bare line is named by one table of
 * line patterns (lines.h), and the machine turns the names into traces.  A new
 * form is a new entry in that table and a fixture in tests/fixtures/grammar/.
 *
 * What a trace holds is described in base/model.h.  Beyond that:
 *   - frames stand outermost first, as printed; "[Previous line repeated N more
 *     times]" adds none: a frame counts as often as it is printed;
 *   - a notebook cell's file stem is "<ipython-input>" however the cell was named
 *     (<ipython-input-5-0a1b...>, Cell In[5], Input In [5], a.ipynb Cell 5, a
 *     temporary file of ipykernel or Colab), so that the same code in two posts is one symbol;
 *   - frames of the standard library have package "python";
 *   - a trace has at least one frame, or an explicit header and an exception.
 *
 * A tl_grammar belongs to one thread.  Time is linear in the text; what is kept
 * of one line and of one trace is bounded (TL_GRAMMAR_* below).
 */
#ifndef TL_EXTRACT_GRAMMAR_GRAMMAR_H
#define TL_EXTRACT_GRAMMAR_GRAMMAR_H

#include "base/arena.h"
#include "base/error.h"
#include "base/model.h"

typedef struct tl_grammar tl_grammar;

enum {
    TL_GRAMMAR_MAX_LINE = 16 * 1024,    /* bytes of a line that are looked at */
    TL_GRAMMAR_MAX_MESSAGE = 64 * 1024, /* bytes of a message that are kept */
    TL_GRAMMAR_MAX_FRAMES = 100 * 1000  /* frames of a trace that are kept */
};

/* Fails with TL_NO_MEMORY. */
int tl_grammar_new(tl_grammar **out, tl_error *err) TL_MUST_CHECK;
void tl_grammar_free(tl_grammar *g);

/* All traces of `text` in order; `linked_to` is a position in that array.  The
 * array and every string lie in `arena`.  Fails with TL_NO_MEMORY, TL_BAD_INPUT
 * where a pattern hit its match limit. */
int tl_grammar_read(tl_grammar *g, tl_str text, tl_arena *arena, tl_trace **traces, size_t *n,
                    tl_error *err) TL_MUST_CHECK;

/* A part of a text that was marked up: a code block, or prose between them. */
typedef struct tl_part {
    tl_str text;
    bool prose;        /* not code: a line after an exception is rarely its message */
    bool needs_header; /* traces begin at an explicit header only */
} tl_part;

/* tl_grammar_read for a text in parts: a trace passes the border between two of
 * them only where the next line clearly continues it. */
int tl_grammar_read_parts(tl_grammar *g, const tl_part *parts, size_t n_parts, tl_arena *arena,
                          tl_trace **traces, size_t *n, tl_error *err) TL_MUST_CHECK;

/* Takes one finished trace of a stream; what it points to is valid during the
 * call.  Traces are numbered from 0 in the order of the calls, and `linked_to` is
 * such a number.  A result other than TL_OK stops the stream and is passed on. */
typedef int tl_trace_fn(void *ctx, const tl_trace *trace, tl_error *err);

/* The same for text that is never held whole: begin, any number of feeds cut at
 * any byte, end.  A border says that the part `next` begins (its text is not looked
 * at).  A chain's traces are delivered one by one.  After a failure begin anew. */
void tl_grammar_begin(tl_grammar *g, tl_trace_fn *deliver, void *ctx);
int tl_grammar_border(tl_grammar *g, const tl_part *next, tl_error *err) TL_MUST_CHECK;
int tl_grammar_feed(tl_grammar *g, tl_str chunk, tl_error *err) TL_MUST_CHECK;
int tl_grammar_end(tl_grammar *g, tl_error *err) TL_MUST_CHECK;

#endif
