#include "tests/cuda/cases.h"

#include "cuda/lab/lab.h"
#include "cuda/lab/traces.h"
#include "tests/support/naive.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void cases_result(cases *c, bool ok, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf(ok ? "ok    " : "FAIL  ");
    vprintf(fmt, ap);
    printf("\n");
    fflush(stdout);
    va_end(ap);
    *(ok ? &c->passed : &c->failed) += 1;
}

static tl_patterns *mine(const tl_sequences *db, tl_mine_options options, const tl_engine *engine)
{
    tl_error err;
    tl_patterns *found;
    options.engine = engine;
    if (tl_mine(&found, db, &options, &err) != TL_OK)
        printf("      %s: %s\n", tl_engine_name(engine), err.message);
    return found;
}

static tl_patterns *mine_on_gpu(cases *c, const tl_sequences *db, const tl_mine_options *options)
{
    if (c->before)
        c->before();
    return mine(db, *options, &c->gpu.engine);
}

static bool same_patterns(const tl_patterns *a, const tl_patterns *b)
{
    size_t n = tl_patterns_count(a);
    if (n != tl_patterns_count(b)) {
        printf("      %zu patterns instead of %zu\n", n, tl_patterns_count(b));
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        tl_pattern p = tl_patterns_get(a, i), q = tl_patterns_get(b, i);
        if (p.length != q.length || p.support != q.support ||
            memcmp(tl_patterns_symbols(a, i), tl_patterns_symbols(b, i),
                   p.length * sizeof(uint32_t)) != 0) {
            printf("      pattern %zu: length %u, support %u instead of length %u, support %u\n", i,
                   p.length, p.support, q.length, q.support);
            return false;
        }
    }
    return true;
}

bool cases_agree(cases *c, const tl_sequences *db, const tl_mine_options *options,
                 const tl_engine *other)
{
    tl_patterns *found = mine_on_gpu(c, db, options), *expected = mine(db, *options, other);
    bool ok = found && expected && same_patterns(found, expected);
    tl_patterns_free(found);
    tl_patterns_free(expected);
    return ok;
}

/* ---- random databases ---- */

static tl_mine_options random_options(test_random *r, tl_support_kind kind)
{
    tl_mine_options o = tl_mine_defaults();
    o.support = kind;
    o.threads = 1;
    o.min_support = 1 + test_random_below(r, 5);
    if (test_random_below(r, 3) == 0)
        o.min_length = test_random_below(r, 4);
    if (test_random_below(r, 3) == 0)
        o.max_length = o.min_length + 1 + test_random_below(r, 4);
    return o;
}

/* Mostly everything is done on the GPU, sometimes the last or all levels on the CPU. */
static void random_limits(cases *c, test_random *r)
{
    c->gpu.limits.max_blocks = 1 + test_random_below(r, 4);
    c->gpu.limits.finish_below = test_random_below(r, 3) ? 0 : test_random_below(r, 64);
}

static bool equals_oracle(cases *c, const tl_sequences *db, const tl_mine_options *o)
{
    naive_result expected =
        naive_mine(db, o->support, o->min_support, o->min_length, o->max_length);
    tl_patterns *found = mine_on_gpu(c, db, o);
    bool ok = found && naive_difference(&expected, db, found) == SIZE_MAX;
    tl_patterns_free(found);
    naive_free(&expected);
    if (!ok) {
        printf("      %s, minimum support %u, length %u to %u, of:\n",
               tl_support_names[o->support], o->min_support, o->min_length, o->max_length);
        test_print_database(db);
    }
    return ok;
}

void cases_random(cases *c, int databases)
{
    test_random r = test_random_new("random databases", 1);
    tl_cuda_limits limits = c->gpu.limits;
    int bad = 0;
    for (int i = 0; i < databases && bad == 0; i++) {
        tl_sequences *db = test_random_database(&r);
        for (int kind = 0; kind < TL_SUPPORT_KINDS; kind++) {
            tl_mine_options o = random_options(&r, (tl_support_kind)kind);
            random_limits(c, &r);
            bad += !equals_oracle(c, db, &o);
            if (i % 8 == 0)
                bad += !cases_agree(c, db, &o, &tl_engine_suffix) +
                       !cases_agree(c, db, &o, &tl_engine_ccspan);
        }
        tl_sequences_free(db);
    }
    c->gpu.limits = limits;
    cases_result(c, bad == 0, "%d random databases, as naive, suffix and ccspan find them", databases);
}

/* ---- degenerate databases ---- */

static void append(tl_sequences *db, const uint32_t *symbols, size_t n)
{
    if (!db || tl_sequences_append(db, symbols, n, NULL) != TL_OK)
        abort();
}

/* A sequence of n symbols: number i is `from` plus i modulo `period`. */
static void append_periodic(tl_sequences *db, uint32_t from, uint32_t period, size_t n)
{
    uint32_t *symbols = malloc((n + 1) * sizeof *symbols);
    if (!symbols)
        abort();
    for (size_t i = 0; i < n; i++)
        symbols[i] = from + (uint32_t)(i % period);
    append(db, symbols, n);
    free(symbols);
}

/* Both kinds of support, several minimum supports, all on the GPU and left to the CPU. */
static void check_all_ways(cases *c, const char *name, tl_sequences *db)
{
    bool ok = true;
    tl_cuda_limits limits = c->gpu.limits;
    for (int kind = 0; kind < TL_SUPPORT_KINDS; kind++)
        for (uint32_t min_support = 1; min_support <= 3; min_support++)
            for (int finish = 0; finish < 2; finish++) {
                tl_mine_options o = tl_mine_defaults();
                o.support = (tl_support_kind)kind;
                o.min_support = min_support;
                c->gpu.limits.finish_below = finish ? limits.finish_below : 0;
                ok = ok && cases_agree(c, db, &o, &tl_engine_suffix) &&
                     cases_agree(c, db, &o, &tl_engine_ccspan);
            }
    c->gpu.limits = limits;
    cases_result(c, ok, "%s", name);
    tl_sequences_free(db);
}

void cases_degenerate(cases *c)
{
    tl_sequences *db = tl_sequences_new(NULL);
    check_all_ways(c, "no sequence", db);
    db = tl_sequences_new(NULL);
    for (int i = 0; i < 100; i++)
        append_periodic(db, 0, 1, 0);
    check_all_ways(c, "empty sequences", db);
    db = tl_sequences_new(NULL);
    append_periodic(db, UINT32_MAX, 1, 1);
    check_all_ways(c, "one symbol, the largest", db);
    db = tl_sequences_new(NULL);
    for (int i = 0; i < 50; i++)
        append_periodic(db, 7, 1, 3);
    check_all_ways(c, "all equal", db);
    db = tl_sequences_new(NULL);
    for (uint32_t i = 0; i < 50; i++)
        append_periodic(db, 10 * i, 10, 10);
    check_all_ways(c, "all distinct", db);
    db = tl_sequences_new(NULL);
    for (uint32_t i = 1; i <= 6; i++)
        append_periodic(db, i % 2, i, 30 * i);
    check_all_ways(c, "periodic, shorter and longer than is searched symbol by symbol", db);
    db = tl_sequences_new(NULL);
    for (int i = 0; i < 3; i++)
        append_periodic(db, 3, 1, 90);
    append_periodic(db, 3, 1, 89);
    check_all_ways(c, "one symbol repeated", db);
    db = tl_sequences_new(NULL);
    for (uint32_t i = 0; i < 20; i++) {
        uint32_t cut[] = {1, 2, 100 + i, 1, 2, 3, 200 + i, 1, 2, i % 2};
        append(db, cut, 10);
    }
    check_all_ways(c, "identical but for infrequent symbols inside", db);
}

/* ---- large databases ---- */

void cases_traces(cases *c, size_t frames)
{
    tl_sequences *db = lab_traces(frames / 10 + 1, 7);
    tl_cuda_limits limits = c->gpu.limits;
    if (!db)
        abort();
    for (int kind = 0; kind < TL_SUPPORT_KINDS; kind++)
        for (uint32_t min_support = 1; min_support <= 2; min_support++) {
            tl_mine_options o = tl_mine_defaults();
            o.support = (tl_support_kind)kind;
            o.min_support = min_support;
            /* All on the GPU, or the end on the CPU. */
            c->gpu.limits.finish_below = min_support == 1 ? 0 : limits.finish_below;
            bool ok = cases_agree(c, db, &o, &tl_engine_suffix) &&
                      cases_agree(c, db, &o, &tl_engine_ccspan);
            cases_result(c, ok, "%zu traces, %zu frames, by %s, minimum support %u",
                         tl_sequences_count(db), tl_sequences_total(db), tl_support_names[kind],
                         min_support);
        }
    c->gpu.limits = limits;
    tl_sequences_free(db);
}

/* Pieces of 1 to 50 frames of the sequence that the database begins with. */
static void append_pieces(tl_sequences *db, test_random *r, int pieces)
{
    uint32_t length = tl_sequences_offsets(db)[1], piece[50];
    for (int i = 0; i < pieces; i++) {
        uint32_t n = 1 + test_random_below(r, 50), at = test_random_below(r, length - 50);
        memcpy(piece, tl_sequences_symbols(db) + at, n * sizeof *piece);
        append(db, piece, n);
    }
}

void cases_long(cases *c, size_t frames)
{
    static const uint32_t alphabets[] = {1, 2, 20, 5000};
    test_random r = test_random_new("long sequences", 2);
    const int most = frames / 10 < 400 ? (int)(frames / 10) : 400;
    uint32_t *symbols = malloc(frames * sizeof *symbols);
    for (size_t a = 0; symbols && a < sizeof alphabets / sizeof *alphabets; a++) {
        tl_sequences *db = tl_sequences_new(NULL);
        for (size_t i = 0; i < frames; i++)
            symbols[i] = test_random_below(&r, alphabets[a]);
        append(db, symbols, frames);
        bool ok = true;
        for (int pieces = 0; pieces <= most; pieces += most) {
            append_pieces(db, &r, pieces);
            for (uint32_t min_support = 1; min_support <= 2; min_support++) {
                tl_mine_options o = tl_mine_defaults();
                o.min_support = min_support;
                ok = ok && cases_agree(c, db, &o, &tl_engine_suffix);
            }
        }
        cases_result(c, ok, "one sequence of %zu frames, %u symbols, alone and with pieces of it",
                     frames, alphabets[a]);
        tl_sequences_free(db);
    }
    free(symbols);
}

/* ---- posting lists ---- */

static uint32_t *coverage(const tl_sequences *db, const tl_patterns *found)
{
    uint32_t *first = malloc((tl_sequences_count(db) + 1) * sizeof *first);
    if (!first || !found || tl_patterns_coverage(found, first, NULL) != TL_OK) {
        free(first);
        return NULL;
    }
    return first;
}

void cases_postings(cases *c, size_t frames)
{
    tl_sequences *db = lab_traces(frames / 10 + 1, 8);
    if (!db)
        abort();
    tl_mine_options o = tl_mine_defaults();
    o.want_postings = true;
    tl_patterns *found = mine_on_gpu(c, db, &o), *expected = mine(db, o, &tl_engine_suffix);
    uint32_t *first = coverage(db, found), *right = coverage(db, expected);
    bool ok = first && right && memcmp(first, right, tl_sequences_count(db) * sizeof *first) == 0;
    cases_result(c, ok, "coverage of %zu traces", tl_sequences_count(db));
    free(first);
    free(right);
    tl_patterns_free(found);
    tl_patterns_free(expected);
    tl_sequences_free(db);
}

/* ---- the ladder ---- */

/* Keys of which few values are frequent: the product of small numbers. */
static uint64_t random_key(test_random *r, uint32_t spread)
{
    uint64_t key = 1;
    for (uint32_t i = 0; i < spread; i++)
        key *= 1 + test_random_below(r, 1 + test_random_below(r, 40));
    return key;
}

void cases_ladder(cases *c, uint32_t keys)
{
    test_random r = test_random_new("ladder", 3);
    uint64_t *key = malloc((keys + 1) * sizeof *key);
    uint32_t *names = malloc((keys + 1) * sizeof *names), *counts = malloc((keys + 1) * sizeof *counts);
    if (!key || !names || !counts)
        abort();
    for (int v = 0; v < LAB_VERSIONS; v++) {
        bool ok = true;
        for (uint32_t n = 0, spread = 0; n <= keys; n = n < 2 ? n + 1 : 3 * n, spread++) {
            double milliseconds;
            tl_error err = {0};
            for (uint32_t i = 0; i < n; i++)
                key[i] = random_key(&r, spread % 13);
            if (c->before)
                c->before();
            int rc = lab_name_keys((lab_version)v, key, n, 1, names, counts, &milliseconds, &err);
            if (rc != TL_OK)
                printf("      %s\n", err.message);
            ok = ok && rc == TL_OK && lab_check_names(key, n, names, counts);
        }
        cases_result(c, ok, "ladder: %s, up to %u keys", lab_version_names[v], keys);
    }
    free(key);
    free(names);
    free(counts);
}

/* ---- limits ---- */

static bool fails_with(cases *c, const tl_sequences *db, int status, const char *text)
{
    tl_mine_options o = tl_mine_defaults();
    tl_error err = {0};
    tl_patterns *found;
    o.engine = &c->gpu.engine;
    int rc = tl_mine(&found, db, &o, &err);
    bool ok = rc == status && !found && strstr(err.message, text);
    if (!ok)
        printf("      status %d: %s\n", rc, err.message);
    tl_patterns_free(found);
    return ok;
}

void cases_limits(cases *c)
{
    tl_cuda_limits limits = c->gpu.limits;
    tl_sequences *db = tl_sequences_new(NULL);
    for (int i = 0; i < 10; i++)
        append_periodic(db, 0, 5, 10);
    c->gpu.limits.max_frames = 99;
    cases_result(c, fails_with(c, db, TL_UNAVAILABLE, "100 frames are more than the GPU"),
                 "one frame more than the limit is refused");
    c->gpu.limits.max_frames = 100;
    tl_mine_options o = tl_mine_defaults();
    cases_result(c, cases_agree(c, db, &o, &tl_engine_suffix), "as many frames as the limit are not");
    c->gpu.limits.max_memory = 1000;
    cases_result(c, fails_with(c, db, TL_NO_MEMORY, "MiB of GPU memory"),
                 "too little memory is told before anything is done");
    tl_sequences_free(db);
    c->gpu.limits = limits;
}
