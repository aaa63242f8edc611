/* match_part.h: what the parts of match.h share; private to reports/. */
#ifndef TL_REPORTS_MATCH_PART_H
#define TL_REPORTS_MATCH_PART_H

#include "base/buf.h"
#include "base/map.h"
#include "reports/match.h"

/* A frame of the new trace that some library's trace in the store holds. */
typedef struct tl_probe_frame {
    tl_str name;    /* "file:function" */
    int64_t symbol; /* -1: the store does not know it */
    int64_t traces; /* that hold it */
    double weight;
} tl_probe_frame;

/* The new trace, as it is compared: its library frames, each symbol once, innermost
 * first. */
typedef struct tl_probe {
    tl_probe_frame frames[TL_SEARCH_FRAMES];
    size_t n_frames;
    double weight; /* of all frames */
    tl_str exception, template, message;
} tl_probe;

/* A trace of the store, or a question without one (trace 0). */
typedef struct tl_candidate {
    int64_t trace, question;
    double guess; /* what is known before the trace is read */
    double text;
    double frames, error, score;
    size_t shared; /* frames in common */
    bool same_innermost, same_template, same_exception;
} tl_candidate;

double tl_match_weight(int64_t all_traces, int64_t traces, size_t depth);

/* Reads the frames of `trace` as the store knows them. */
int tl_probe_make(tl_probe *p, tl_search *s, const tl_trace *trace, tl_arena *arena, tl_error *err) TL_MUST_CHECK;

/* The candidates, best guess first; the caller frees *list. */
int tl_match_candidates(tl_search *s, const tl_probe *p, tl_candidate **list, size_t *n, tl_error *err)
    TL_MUST_CHECK;

/* Reads the candidate's trace and fills in its score. */
void tl_match_score(const tl_probe *p, int64_t all_traces, const tl_found_trace *found, tl_candidate *c);

/* Patterns that the trace contains. */
int tl_match_patterns(tl_search *s, const tl_trace *trace, size_t most, tl_arena *arena, tl_match *out,
                      tl_error *err) TL_MUST_CHECK;

/* "RuntimeError" of "torch.RuntimeError". */
tl_str tl_match_class(tl_str exception);

/* Takes the next word (letters, digits and _) of *rest; false at the end. */
bool tl_match_word(tl_str *rest, tl_str *word);

#endif
