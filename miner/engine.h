/* engine.h: what an engine is, for those who write one.
 *
 * An engine is a function that, given a run, adds every frequent closed pattern to
 * it exactly once, at any place where it occurs and in any order; tl_mine sorts.  It
 * must be deterministic in the patterns, must look at tl_run_stage's answer, and
 * leaves nothing behind on failure.  An engine that lives elsewhere (on a GPU, say)
 * defines its own const tl_engine and is chosen through tl_mine_options.engine.
 *
 * miner/compact.h gives an engine the database with dense symbols, infrequent
 * symbols cut out and identical sequences merged.
 */
#ifndef TL_MINER_ENGINE_H
#define TL_MINER_ENGINE_H

#include "miner/miner.h"

typedef struct tl_suffix_index tl_suffix_index;

/* One call of tl_mine. */
typedef struct tl_run {
    const tl_sequences *db;
    const tl_mine_options *options; /* as given: the fields below are resolved */
    uint32_t min_support;           /* at least 1 */
    uint32_t max_length;            /* UINT32_MAX if not bounded */
    int threads;                    /* at least 1 */

    tl_pattern *patterns; /* what was found so far; owned by the run */
    size_t n_patterns, cap_patterns;

    /* The suffix structure of the database, if an engine built it and was asked to
     * keep it (options->want_postings); owned by the run. */
    tl_suffix_index *index;

    tl_mine_stats stats;
    double stage_began; /* monotonic seconds */
} tl_run;

struct tl_engine {
    const char *name;

    /* Patterns of equal support and length come in the order of their symbols, so
     * that tl_mine need not compare them. */
    bool in_symbol_order;

    /* TL_OK, TL_NO_MEMORY, TL_INTERRUPTED, or the engine's own failure. */
    int (*mine)(tl_run *run, tl_error *err);
};

/* Says that `stage` begins (a string that lives for ever): closes the books of the one
 * before and reports progress.  TL_INTERRUPTED if the run was cancelled. */
int tl_run_stage(tl_run *run, const char *stage, tl_error *err) TL_MUST_CHECK;

/* Reports progress within the stage.  TL_INTERRUPTED if the run was cancelled. */
int tl_run_progress(tl_run *run, size_t done, size_t total, tl_error *err) TL_MUST_CHECK;

/* Adds a closed frequent pattern that occurs at `position` of the database's symbols;
 * the length filters are applied here. */
int tl_run_add(tl_run *run, uint32_t position, uint32_t length, uint32_t support,
               tl_error *err) TL_MUST_CHECK;

#endif
