#include <errno.h>
#include <stdlib.h>

#include "cuda/auto.h"
#include "reports/classifier_store.h"
#include "reports/names.h"
#include "sql/patterns.h"
#include "sql/search_index.h"
#include "sql/sequences.h"
#include "tools/cli/steps.h"

typedef struct mining_job {
    tl_store *store;
    const tl_mine_step *step;
    tl_mine_options options;
    tl_pattern_writer *writer;
    tl_mining result;
    tl_buf line;      /* what is told of a library and profile */
    tl_error *err;
} mining_job;

static void on_stage(void *arg, const char *stage, size_t done, size_t total)
{
    (void)arg;
    tl_cli_stage("mining", stage, done, total);
}

static void tell(const char *line)
{
    tl_cli_note("%s", line);
}

int tl_mine_step_options(const tl_mine_step *o, tl_mine_options *to, tl_error *err)
{
    *to = tl_mine_defaults();
    const char *text = o->min_support;
    size_t n = strlen(text);
    int64_t support = 0;
    if (n > 1 && text[n - 1] == '%') {
        char *end;
        to->min_percent = strtod(text, &end);
        if (end != text + n - 1 || !(to->min_percent > 0 && to->min_percent <= 100))
            return tl_fail(err, TL_USAGE,
                           "--min-support %s: expected a percentage above 0 and up to 100", text);
    } else if (!tl_str_to_int64(tl_str_from(text), &support) || support < 1 || support > UINT32_MAX)
        return tl_fail(err, TL_USAGE,
                       "--min-support %s: expected a whole number from 1 on, or a percentage like 5%%", text);
    else
        to->min_support = (uint32_t)support;
    if (o->max_length > 0 && o->max_length < o->min_length)
        return tl_fail(err, TL_USAGE, "--max-length %lld is less than --min-length %lld",
                       (long long)o->max_length, (long long)o->min_length);
    to->min_length = (uint32_t)o->min_length;
    to->max_length = (uint32_t)o->max_length;
    to->threads = tl_cli_threads(o->threads);
    to->engine = o->engine ? o->engine : tl_engine_auto(tell);
    to->cancel = &tl_cli_cancel;
    to->progress = on_stage;
    return TL_OK;
}

static int write_pattern(mining_job *j, const tl_patterns *found, tl_postings *postings, size_t i,
                         const tl_store_sequences *q, tl_str *frames, int64_t *traces)
{
    tl_pattern p = tl_patterns_get(found, i);
    const uint32_t *symbols = tl_patterns_symbols(found, i), *holders;
    size_t n;
    for (uint32_t k = 0; k < p.length; k++)
        frames[k] = q->texts[symbols[k]];
    tl_postings_get(postings, i, &holders, &n);
    for (size_t k = 0; k < n; k++)
        traces[k] = q->trace_ids[holders[k]];
    return tl_pattern_writer_add(j->writer, frames, p.length, p.support, traces, n, j->err);
}

static int write_patterns(mining_job *j, const tl_patterns *found, const tl_store_sequences *q)
{
    tl_postings *postings;
    int rc = tl_postings_new(&postings, found, j->err);
    if (rc)
        return rc;
    size_t longest = 1;
    for (size_t i = 0; i < tl_patterns_count(found); i++)
        if (tl_patterns_get(found, i).length > longest)
            longest = tl_patterns_get(found, i).length;
    tl_str *frames = calloc(longest, sizeof *frames);
    int64_t *traces = calloc(q->n + 1, sizeof *traces);
    rc = frames && traces ? tl_pattern_writer_begin(j->writer, &j->result, j->err)
                          : tl_fail_memory(j->err, "writing patterns");
    for (size_t i = 0; rc == TL_OK && i < tl_patterns_count(found); i++) {
        tl_cli_stage(j->result.library, "writing patterns", i, tl_patterns_count(found));
        rc = write_pattern(j, found, postings, i, q, frames, traces);
        if (rc == TL_OK && tl_cancelled(&tl_cli_cancel))
            rc = tl_fail(j->err, TL_INTERRUPTED, "interrupted; the store is as it was before");
    }
    free(frames);
    free(traces);
    tl_postings_free(postings);
    return rc;
}

/* Mines one support kind of the sequences at hand. */
static int mine_kind(mining_job *j, const tl_sequences *db, const tl_store_sequences *q)
{
    tl_patterns *found;
    j->options.support = j->result.support;
    j->options.want_postings = true;
    int rc = tl_mine(&found, db, &j->options, j->err);
    if (rc)
        return rc;
    j->result.min_support = tl_patterns_min_support(found);
    j->result.min_length = j->options.min_length;
    j->result.max_length = j->options.max_length;
    j->result.sequences = (int64_t)tl_sequences_non_empty(db);
    rc = write_patterns(j, found, q);
    size_t recurrent = 0;
    for (size_t i = 0; i < tl_patterns_count(found); i++)
        recurrent += tl_patterns_get(found, i).support >= 2;
    tl_buf_printf(&j->line, "; by %s %zu closed patterns, %zu recur", tl_support_names[j->result.support],
                  tl_patterns_count(found), recurrent);
    tl_patterns_free(found);
    return rc;
}

static int mine_profile(mining_job *j)
{
    tl_store_sequences q;
    tl_sequences *db = NULL;
    int rc = tl_store_sequences_read(j->store, j->result.library_id, j->result.profile, j->result.key,
                                     &q, j->err);
    if (rc == TL_OK && !(db = tl_sequences_new(j->err)))
        rc = TL_NO_MEMORY;
    for (size_t i = 0, begin = 0; rc == TL_OK && i < q.n; begin = q.ends[i++])
        rc = tl_sequences_append(db, q.symbols + begin, q.ends[i] - begin, j->err);
    tl_buf_clear(&j->line);
    tl_buf_printf(&j->line, "%s (%s): %zu traces", j->result.library, tl_profile_names[j->result.profile], q.n);
    for (int k = 0; rc == TL_OK && k < TL_SUPPORT_KINDS; k++) {
        if (j->step->support >= 0 && j->step->support != k)
            continue;
        j->result.support = (tl_support_kind)k;
        rc = mine_kind(j, db, &q);
    }
    if (rc == TL_OK && q.n > 0 && !j->line.failed)
        tl_cli_note("%s", j->line.data);
    tl_sequences_free(db);
    tl_store_sequences_free(&q);
    return rc;
}

static int mine_library(void *ctx, int64_t library_id, const char *key)
{
    mining_job *j = ctx;
    if (j->step->library && strcmp(j->step->library, key) != 0)
        return TL_OK;
    j->result.library_id = library_id;
    j->result.library = key;
    int rc = TL_OK;
    for (int p = 0; rc == TL_OK && p < TL_PROFILES; p++) {
        if (j->step->profile >= 0 && j->step->profile != p)
            continue;
        j->result.profile = (tl_profile)p;
        rc = mine_profile(j);
    }
    return rc;
}

int tl_step_mine(tl_store *store, const tl_mine_step *o, tl_error *err)
{
    mining_job j = {.store = store, .step = o, .result = {.key = (tl_key)o->key}, .err = err};
    int rc = tl_mine_step_options(o, &j.options, err);
    if (rc == TL_OK)
        rc = tl_pattern_writer_new(&j.writer, store, err);
    if (rc == TL_OK)
        rc = tl_store_begin(store, err);
    if (rc == TL_OK)
        rc = tl_name_check(store, TL_NAME_LIBRARY, o->library, err);
    if (rc == TL_OK)
        rc = tl_search_index_drop(store, err);
    if (rc == TL_OK)
        rc = tl_store_each_library(store, mine_library, &j, err);
    if (rc == TL_OK)
        rc = tl_classify_store(store, NULL, err);
    if (rc == TL_OK)
        rc = tl_search_index(store, &tl_cli_cancel, err);
    if (rc == TL_OK)
        rc = tl_store_commit(store, err);
    if (rc)
        tl_store_rollback(store);
    tl_pattern_writer_free(j.writer);
    tl_buf_free(&j.line);
    return rc;
}
