#include "cuda/adapter.h"
#include "cuda/finish.h"

static int take_patterns(void *ctx, const uint32_t *positions, const uint32_t *supports,
                         const uint32_t *lengths, uint32_t length, size_t n, tl_error *err)
{
    for (size_t i = 0; i < n; i++) {
        int rc = tl_run_add(ctx, positions[i], lengths ? lengths[i] : length, supports[i], err);
        if (rc)
            return rc;
    }
    return TL_OK;
}

static int begin_level(void *ctx, uint32_t length, tl_error *err)
{
    return tl_run_progress(ctx, length, 0, err);
}

static int finish_levels(void *ctx, tl_cuda_rest *rest, tl_error *err)
{
    return tl_cuda_finish(ctx, rest, err);
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
        .max_length = run->max_length,
        .by_sequences = run->options->support == TL_SEQUENCES,
        .limits = a->limits,
        .profile = a->profile,
        .ctx = run,
        .patterns = take_patterns,
        .finish = finish_levels,
        .level = begin_level,
    };
    int rc = tl_run_stage(run, "gpu", err);
    return rc ? rc : a->library->mine(&job, err);
}

tl_cuda_adapter tl_cuda_adapter_to(const tl_cuda_library *library)
{
    return (tl_cuda_adapter){
        .engine = {.name = "cuda", .mine = mine_on_gpu},
        .library = library,
        .limits = tl_cuda_limits_default(),
    };
}
