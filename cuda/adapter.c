#include "cuda/adapter.h"
#include "cuda/finish.h"

#include <stdlib.h>

/* The library writes the run's patterns in place. */
_Static_assert(sizeof(tl_pattern) == sizeof(tl_cuda_pattern) &&
                   offsetof(tl_pattern, position) == offsetof(tl_cuda_pattern, position) &&
                   offsetof(tl_pattern, length) == offsetof(tl_cuda_pattern, length) &&
                   offsetof(tl_pattern, support) == offsetof(tl_cuda_pattern, support),
               "a pattern is the same to the miner and to the library");

static int begin_level(void *ctx, uint32_t length, tl_error *err)
{
    return tl_run_progress(ctx, length, 0, err);
}

static int finish_levels(void *ctx, tl_cuda_rest *rest, tl_error *err)
{
    return tl_cuda_finish(ctx, rest, err);
}

static int make_room(void *ctx, size_t more, tl_cuda_pattern **patterns, size_t *n, tl_error *err)
{
    tl_run *run = ctx;
    size_t all = run->n_patterns + more;
    if (all > run->cap_patterns) {
        tl_pattern *grown = realloc(run->patterns, all * sizeof *grown);
        if (!grown)
            return tl_fail_memory(err, "the patterns");
        run->patterns = grown;
        run->cap_patterns = all;
    }
    *patterns = (tl_cuda_pattern *)run->patterns;
    *n = run->n_patterns;
    run->n_patterns = all;
    return TL_OK;
}

static int mine_on_gpu(tl_run *run, tl_error *err)
{
    const tl_cuda_adapter *a = (const tl_cuda_adapter *)run->stats.engine;
    tl_cuda_job job = {
        .symbols = tl_sequences_symbols(run->db),
        .offsets = tl_sequences_offsets(run->db),
        .frames = tl_sequences_total(run->db),
        .sequences = tl_sequences_count(run->db),
        .min_support = run->min_support,
        .min_length = run->options->min_length,
        .max_length = run->max_length,
        .by_sequences = run->options->support == TL_SEQUENCES,
        .limits = a->limits,
        .profile = a->profile,
        .ctx = run,
        .finish = finish_levels,
        .level = begin_level,
        .found = make_room,
    };
    int rc = tl_run_stage(run, "gpu", err);
    return rc ? rc : a->library->mine(&job, err);
}

tl_cuda_adapter tl_cuda_adapter_to(const tl_cuda_library *library)
{
    return (tl_cuda_adapter){
        .engine = {.name = "cuda", .in_symbol_order = true, .mine = mine_on_gpu},
        .library = library,
        .limits = tl_cuda_limits_default(),
    };
}
