/* machine.h: the state machine that turns named lines into traces.
 *
 *     IDLE     no trace is open; a header or a frame opens one
 *     FRAMES   frames and their source lines; an exception line leads on
 *     MESSAGE  further lines of the exception's message; then the trace is done
 *
 * One line goes in at a time and nothing is looked at twice, so time is linear.
 * A trace is delivered once it has enough evidence: a frame line of CPython's own
 * wording or an explicit header is enough; weaker forms (a path followed by "in
 * f(a)") must be confirmed by a source line or an exception.
 */
#ifndef TL_EXTRACT_GRAMMAR_MACHINE_H
#define TL_EXTRACT_GRAMMAR_MACHINE_H

#include "extract/grammar/draft.h"
#include "extract/grammar/grammar.h"
#include "extract/grammar/lines.h"
#include "extract/grammar/undress.h"

enum { TL_MAX_GROUP_DEPTH = 32, TL_ENOUGH_EVIDENCE = 2 };

typedef enum tl_state { TL_IDLE, TL_FRAMES, TL_MESSAGE } tl_state;

/* Whose way of printing the last frame or header follows. */
typedef enum tl_dialect { TL_CPYTHON, TL_IPYTHON, TL_PYTEST, TL_RICH, TL_STACK } tl_dialect;

/* pytest prints the code first and the place after it: what to remember. */
typedef struct tl_pytest {
    tl_buf function, source, error;
    bool has_function, has_source, has_error;
    unsigned age; /* lines since something was remembered */
} tl_pytest;

/* An open exception group: its members stand below rules at column `column`. */
typedef struct tl_group {
    size_t column, trace;
} tl_group;

typedef struct tl_machine {
    tl_lines *lines; /* shared with other machines */
    tl_buf held;     /* the beginning of a frame that was broken over lines */
    size_t held_indent;
    unsigned held_lines;
    bool held_frame; /* it was a frame by itself */
    tl_draft draft;
    tl_pytest pytest;

    tl_state state;
    tl_dialect dialect;
    tl_prefix prefix;
    bool prefix_tried;   /* a line after the header was seen: the prefix stays or goes */
    bool header;         /* the trace has an explicit header */
    bool user_code;      /* TensorFlow: the message carries the traceback of its cause */
    bool member;         /* below a rule of an exception group */
    bool inside;         /* the line bore the prefix */
    bool stamped;        /* the line bore a collector's time */
    bool box_closed;     /* rich: only the exception can follow */
    bool boxed;          /* in a box that is no traceback */
    bool border;         /* a border of the text lies before the next line */
    bool merged;         /* lines of the trace had lost their newlines */
    bool prose;          /* the text is prose */
    bool needs_header;   /* only a header opens a trace */
    unsigned evidence;
    unsigned noise;      /* lines in a row that belong to no trace */
    unsigned blanks;     /* blank lines in a row */
    bool announced;      /* the exception line ends with a colon */
    size_t message_indent; /* of the exception's line */
    size_t sure_message; /* bytes of the message that surely are its own */
    unsigned loose;      /* message lines that are not indented */
    size_t frame_indent; /* of the last frame */
    tl_line_kind last_kind; /* the last frame's */
    bool nameless;          /* it stands right above and ends with "in" */

    bool any;            /* a trace was delivered, the last one `since` lines ago */
    unsigned since;
    size_t last_trace;   /* its number */
    size_t *delivered;   /* traces so far, of all machines */
    tl_trace_link link;  /* what a chain phrase or a rule said of the next trace */
    size_t link_target;
    tl_group groups[TL_MAX_GROUP_DEPTH];
    size_t n_groups;

    tl_trace_fn *deliver;
    void *ctx;
} tl_machine;

void tl_machine_destroy(tl_machine *m);

/* Makes ready for a text.  `lines` and `delivered`, the number of traces so far, are
 * shared by the machines that read it; a zeroed machine may begin. */
void tl_machine_begin(tl_machine *m, tl_lines *lines, size_t *delivered, tl_trace_fn *deliver,
                      void *ctx);

/* One cleaned line; `header` is what tl_find_header says of it. */
int tl_machine_line(tl_machine *m, tl_str line, size_t header, tl_error *err) TL_MUST_CHECK;

/* A border of the text (a code fence, the next block): an open trace goes on only
 * where its next line clearly continues it. */
int tl_machine_border(tl_machine *m, const tl_part *next, tl_error *err) TL_MUST_CHECK;

/* Finishes the open trace. */
int tl_machine_end(tl_machine *m, tl_error *err) TL_MUST_CHECK;

/* --- between the machine's own files ------------------------------------- */

enum { TL_CHAIN_REACH = 12 }; /* lines between a trace, its chain phrase and the next one */

/* machine.c */
int tl_machine_read(tl_machine *m, tl_str text, unsigned scopes, tl_line *out, tl_error *err);
void tl_machine_open(tl_machine *m, tl_dialect dialect);
/* Delivers the open trace if there is enough evidence of it; IDLE follows.  Lines that
 * only may belong to the message are dropped, unless keep_message was called. */
int tl_machine_finish(tl_machine *m, tl_error *err);
void tl_machine_keep_message(tl_machine *m);
/* "During handling of the above exception": the next trace hangs on the last. */
int tl_machine_chain(tl_machine *m, tl_trace_link link, tl_error *err);
/* Gives a line without its prefix to the state that the machine is in. */
int tl_machine_dispatch(tl_machine *m, tl_str line, tl_error *err);
/* Takes the prefix off; the first line after a header says whether there is one. */
tl_str tl_machine_strip(tl_machine *m, tl_str line);
bool tl_is_blank(tl_str s);

/* idle.c, frames.c, message.c: one line in each state. */
int tl_state_idle(tl_machine *m, tl_str line, tl_error *err);
int tl_state_frames(tl_machine *m, tl_str line, tl_error *err);
int tl_state_message(tl_machine *m, tl_str line, tl_error *err);

/* idle.c: learns the prefix of a frame whose header is lost and strips the line;
 * false where prose stands before the frame. */
bool tl_learn_from_frame(tl_machine *m, tl_str *line);

/* frames.c: whether a line that has the form of an exception is one here. */
bool tl_is_exception(const tl_machine *m, const tl_line *l);

/* message.c: whether the message so far ends with a colon; whether a line begins as
 * records of logs do. */
bool tl_message_announces(const tl_machine *m);
bool tl_is_log_record(tl_str s);

/* take.c */
bool tl_is_frame(tl_line_kind k);
int64_t tl_line_number(tl_str s);
void tl_add_frame(tl_machine *m, const tl_line *l);  /* to the open trace */
void tl_take_frame(tl_machine *m, const tl_line *l); /* opens one where none is */
/* Source that stands on the frame's line, with or without the exception behind it. */
void tl_add_rest(tl_machine *m, tl_str rest);
void tl_take_exception(tl_machine *m, tl_str name, tl_str message);

/* opening.c */
int tl_on_header(tl_machine *m, tl_str line, size_t at, tl_error *err);
int tl_on_merged(tl_machine *m, tl_str line, size_t at, tl_error *err);
int tl_on_group_rule(tl_machine *m, tl_str line, size_t at, tl_error *err);
size_t tl_find_group_rule(const tl_machine *m, tl_str line);

/* broken.c: keeps the beginning of a frame that goes on in the next line, and joins
 * that line to it; *taken says whether it belonged there. */
void tl_hold(tl_machine *m, const tl_line *l);
bool tl_begins_frame(tl_str text);
bool tl_hold_broken(tl_machine *m, const tl_line *l);
int tl_join_broken(tl_machine *m, tl_str line, bool *taken, tl_error *err);

/* pytest.c: remembers what pytest printed before a place; forget drops it.  A place
 * with a class, and an error below a short frame, end the trace. */
void tl_pytest_remember(tl_pytest *p, const tl_line *l);
void tl_pytest_forget(tl_pytest *p);
int tl_pytest_place(tl_machine *m, const tl_line *l, tl_error *err);
int tl_pytest_error(tl_machine *m, tl_str text, tl_str fallback, tl_error *err);

/* header.c: where in `line` a traceback's header begins (after its prefix), or
 * SIZE_MAX. */
size_t tl_find_header(tl_str line);

/* header.c: where in `line` the first of several lines begins that lost their
 * newlines, or SIZE_MAX: it holds two frames of CPython's form, or, inside of an
 * open trace, text before a frame. */
size_t tl_lost_newlines(tl_str line, bool open);

/* header.c: a text on one line that once was many; calls `line` for each. */
int tl_explode(tl_machine *m, tl_str text, int (*line)(tl_machine *, tl_str, tl_error *),
               tl_error *err);

/* header.c: splits "foo() ValueError: x" before the exception; false for none. */
bool tl_split_exception(tl_str text, tl_str *source, tl_str *exception);

#endif
