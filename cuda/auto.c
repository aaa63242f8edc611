#include "cuda/auto.h"
#include "cuda/loader.h"
#include "miner/engine.h"

#include <stdio.h>
#include <stdlib.h>

static void (*tell_caller)(const char *line);

/* From how many frames on the GPU is tried. */
static size_t wins_from(void)
{
    const char *text = getenv("TL_CUDA_FROM");
    int64_t frames;
    if (text && tl_str_to_int64(tl_str_from(text), &frames) && frames >= 0)
        return (size_t)frames;
    return TL_CUDA_WINS_FROM;
}

static int mine_with(tl_run *run, const tl_engine *engine, tl_error *err)
{
    run->stats.engine = engine;
    return engine->mine(run, err);
}

static int mine_auto(tl_run *run, tl_error *err)
{
    const tl_engine *gpu;
    tl_error why = {0};
    if (run->options->want_postings || tl_sequences_total(run->db) < wins_from())
        return mine_with(run, &tl_engine_suffix, err);
    int rc = tl_cuda_engine(&gpu, &why);
    if (rc == TL_OK)
        rc = mine_with(run, gpu, &why);
    if (rc != TL_UNAVAILABLE && rc != TL_NO_MEMORY) {
        if (rc && err)
            *err = why;
        return rc;
    }
    char line[sizeof why.message + 32];
    snprintf(line, sizeof line, "mining on the CPU: %s", why.message);
    if (tell_caller)
        tell_caller(line);
    run->n_patterns = 0; /* what the GPU found before it failed */
    return mine_with(run, &tl_engine_suffix, err);
}

/* Both engines give their patterns in order. */
static const tl_engine engine = {.name = "auto", .in_symbol_order = true, .mine = mine_auto};

const tl_engine *tl_engine_auto(void (*tell)(const char *line))
{
    tell_caller = tell;
    return &engine;
}
