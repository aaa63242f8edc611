#include "miner/order.h"
#include "miner/patterns.h"
#include "base/threads.h"

#include <stdlib.h>
#include <time.h>

static double monotonic_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void end_stage(tl_run *run)
{
    double now = monotonic_seconds();
    if (run->stats.n_stages > 0)
        run->stats.stage[run->stats.n_stages - 1].seconds = now - run->stage_began;
    run->stage_began = now;
}

int tl_run_stage(tl_run *run, const char *stage, tl_error *err)
{
    end_stage(run);
    if (run->stats.n_stages < TL_MAX_STAGES)
        run->stats.stage[run->stats.n_stages++].name = stage;
    return tl_run_progress(run, 0, 0, err);
}

int tl_run_progress(tl_run *run, size_t done, size_t total, tl_error *err)
{
    const tl_mine_options *o = run->options;
    if (o->progress && run->stats.n_stages > 0)
        o->progress(o->progress_arg, run->stats.stage[run->stats.n_stages - 1].name, done, total);
    if (tl_cancelled(o->cancel))
        return tl_fail(err, TL_INTERRUPTED, "mining was interrupted");
    return TL_OK;
}

int tl_run_add(tl_run *run, uint32_t position, uint32_t length, uint32_t support, tl_error *err)
{
    if (length < run->options->min_length || length > run->max_length)
        return TL_OK;
    if (run->n_patterns == run->cap_patterns) {
        size_t cap = run->cap_patterns ? 2 * run->cap_patterns : 1024;
        tl_pattern *grown = realloc(run->patterns, cap * sizeof *grown);
        if (!grown)
            return tl_fail_memory(err, "the patterns");
        run->patterns = grown;
        run->cap_patterns = cap;
    }
    run->patterns[run->n_patterns++] = (tl_pattern){position, length, support};
    return TL_OK;
}

tl_mine_options tl_mine_defaults(void)
{
    return (tl_mine_options){.support = TL_SEQUENCES, .min_support = 2};
}

uint32_t tl_percent_support(double percent, size_t sequences)
{
    double exact = percent * (double)sequences / 100;
    uint32_t up = (uint32_t)exact;
    up += exact - up > 1e-9 * exact;
    return up < 1 ? 1 : up;
}

static const tl_engine *const engines[] = {&tl_engine_suffix, &tl_engine_ccspan};

const tl_engine *tl_engine_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++)
        if (strcmp(engines[i]->name, name) == 0)
            return engines[i];
    return NULL;
}

const char *tl_engine_name(const tl_engine *engine)
{
    return engine->name;
}

/* Checks the options and writes what they come to into the run. */
static int resolve_options(tl_run *run, tl_error *err)
{
    const tl_mine_options *o = run->options;
    if (o->support != TL_SEQUENCES && o->support != TL_OCCURRENCES)
        return tl_fail(err, TL_USAGE, "support kind %d: must be sequences or occurrences",
                       (int)o->support);
    if (!(o->min_percent >= 0 && o->min_percent <= 100))
        return tl_fail(err, TL_USAGE, "minimum support of %g%%: must be from 0 to 100",
                       o->min_percent);
    if (o->min_percent == 0 && o->min_support == 0)
        return tl_fail(err, TL_USAGE, "minimum support 0: must be at least 1");
    if (o->max_length > 0 && o->max_length < o->min_length)
        return tl_fail(err, TL_USAGE, "maximum length %u is less than minimum length %u",
                       o->max_length, o->min_length);
    run->min_support = o->min_percent > 0
                           ? tl_percent_support(o->min_percent, tl_sequences_non_empty(run->db))
                           : o->min_support;
    run->max_length = o->max_length > 0 ? o->max_length : UINT32_MAX;
    run->threads = o->threads > 0 ? o->threads : tl_cpu_count();
    run->stats.engine = o->engine ? o->engine : &tl_engine_suffix;
    return TL_OK;
}

/* The suffix structure, if the engine did not leave one. */
static int build_index(tl_run *run, tl_error *err)
{
    if (run->index)
        return TL_OK;
    run->index = calloc(1, sizeof *run->index);
    return run->index ? tl_suffix_index_build(run->index, run, true, err)
                      : tl_fail_memory(err, "the posting lists");
}

static int make_postings(tl_patterns *found, tl_error *err)
{
    int rc = build_index(&found->run, err);
    if (!rc)
        rc = tl_run_stage(&found->run, "postings", err);
    if (!rc)
        rc = tl_posting_index_init(&found->postings, &found->run, err);
    found->has_postings = true;
    return rc;
}

static int run_engine(tl_run *run, tl_error *err)
{
    int rc = run->stats.engine->mine(run, err);
    if (!rc)
        rc = tl_run_stage(run, "sort", err);
    if (!rc)
        rc = tl_order_patterns(run->patterns, run->n_patterns, tl_sequences_symbols(run->db),
                               run->stats.engine->in_symbol_order, err);
    return rc;
}

static void free_index(tl_run *run)
{
    if (run->index)
        tl_suffix_index_free(run->index);
    free(run->index);
    run->index = NULL;
}

int tl_mine(tl_patterns **out, const tl_sequences *db, const tl_mine_options *options,
            tl_error *err)
{
    *out = NULL;
    tl_patterns *found = calloc(1, sizeof *found);
    if (!found)
        return tl_fail_memory(err, "the result");
    found->run.db = db;
    found->run.options = options;
    int rc = resolve_options(&found->run, err);
    if (!rc)
        rc = run_engine(&found->run, err);
    if (!rc && options->want_postings)
        rc = make_postings(found, err);
    end_stage(&found->run);
    free_index(&found->run);
    if (rc) {
        tl_patterns_free(found);
        return rc;
    }
    found->run.options = NULL; /* the caller's, gone after this call */
    *out = found;
    return TL_OK;
}

void tl_patterns_free(tl_patterns *found)
{
    if (!found)
        return;
    free(found->run.patterns);
    tl_posting_index_free(&found->postings);
    free(found);
}

size_t tl_patterns_count(const tl_patterns *found)
{
    return found->run.n_patterns;
}

tl_pattern tl_patterns_get(const tl_patterns *found, size_t i)
{
    return found->run.patterns[i];
}

const uint32_t *tl_patterns_symbols(const tl_patterns *found, size_t i)
{
    return tl_sequences_symbols(found->run.db) + found->run.patterns[i].position;
}

uint32_t tl_patterns_min_support(const tl_patterns *found)
{
    return found->run.min_support;
}

const tl_mine_stats *tl_patterns_stats(const tl_patterns *found)
{
    return &found->run.stats;
}
