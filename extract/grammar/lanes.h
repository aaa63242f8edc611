/* lanes.h: several processes that write into one log at the same time.
 *
 * Where the prefix of a traceback names who wrote it ("(pid=12) ", "[rank 3]: ",
 * "[1,0]<stderr>:"), a trace that another writer begins meanwhile gets a state
 * machine of its own, and lines of other writers do not disturb either.
 */
#ifndef TL_EXTRACT_GRAMMAR_LANES_H
#define TL_EXTRACT_GRAMMAR_LANES_H

#include "extract/grammar/machine.h"

enum { TL_MAX_LANES = 16, TL_MAX_WRITER = 96 };

/* Who wrote a line, as its prefix says; empty where it does not. */
typedef struct tl_writer {
    char name[TL_MAX_WRITER];
    size_t len;
} tl_writer;

typedef struct tl_lanes {
    tl_lines *lines;
    tl_buf broken;                    /* a line that ends within a header */
    tl_buf clean;                     /* the line without colours */
    bool stamped;                     /* the last line bore a collector's time */
    tl_machine machines[TL_MAX_LANES];
    unsigned silent[TL_MAX_LANES];    /* lines of others since a lane's last one */
    size_t n;                         /* machines in use */
    size_t last;                      /* the machine that took the last line */
    size_t delivered;                 /* traces so far, of all lanes */
} tl_lanes;

int tl_lanes_init(tl_lanes *l, tl_error *err) TL_MUST_CHECK;
void tl_lanes_destroy(tl_lanes *l);

void tl_lanes_begin(tl_lanes *l, tl_trace_fn *deliver, void *ctx);

/* One line without its newline; bytes beyond TL_GRAMMAR_MAX_LINE are not looked at. */
int tl_lanes_line(tl_lanes *l, tl_str raw, tl_error *err) TL_MUST_CHECK;
int tl_lanes_border(tl_lanes *l, const tl_part *next, tl_error *err) TL_MUST_CHECK;
int tl_lanes_end(tl_lanes *l, tl_error *err) TL_MUST_CHECK;

/* The writer that the prefix names: its brackets that hold a digit and no time. */
tl_writer tl_writer_of(tl_str prefix);

#endif
