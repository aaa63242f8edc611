/* miner.h: closed contiguous sequential patterns of a database of sequences.
 *
 * A sequence is a list of symbols (unsigned 32-bit integers); a pattern is a
 * non-empty list of symbols.  A sequence contains a pattern if the symbols of the
 * pattern stand in it one right after the other.  The support of a pattern is
 *   TL_SEQUENCES    the number of sequences that contain it, or
 *   TL_OCCURRENCES  the number of places where it occurs, overlapping ones too.
 * A pattern is frequent if its support is at least the minimum support, and closed
 * if no longer pattern that contains it has the same support.  tl_mine finds all
 * frequent closed patterns; every engine, any number of threads and any order of
 * the sequences give the same patterns in the same order.
 *
 *     tl_error err;
 *     tl_sequences *db = tl_sequences_new(&err);
 *     tl_sequences_append(db, (uint32_t[]){1, 2, 3}, 3, &err);
 *     tl_sequences_append(db, (uint32_t[]){2, 3}, 2, &err);
 *     tl_mine_options options = tl_mine_defaults();
 *     tl_patterns *found;
 *     if (tl_mine(&found, db, &options, &err) == TL_OK)
 *         for (size_t i = 0; i < tl_patterns_count(found); i++) {
 *             tl_pattern p = tl_patterns_get(found, i);     // 2 3, support 2
 *             const uint32_t *symbols = tl_patterns_symbols(found, i);
 *             ...
 *         }
 *     tl_patterns_free(found);
 *     tl_sequences_free(db);
 *
 * Functions that can fail return TL_OK or a negative tl_status and describe the
 * failure in *err (base/error.h); err may be NULL.  The _free functions accept
 * NULL.  Everything but the builder may be used from several threads at once, a
 * tl_postings from one thread at a time.  Needs libc and POSIX threads only.
 */
#ifndef TL_MINER_MINER_H
#define TL_MINER_MINER_H

#include "base/cancel.h"
#include "base/error.h"
#include "base/model.h"

/* ---- the sequence database ------------------------------------------------- */

/* Sequences one after the other in one array of symbols.  Any uint32_t may be a
 * symbol; patterns are ordered by the numbers, so number the symbols in the order
 * in which results are to be sorted.  Sequences may be empty; they are numbered
 * from 0 as appended. */
typedef struct tl_sequences tl_sequences;

/* More symbols than this (2^31 - 1) do not fit in one database. */
#define TL_MAX_SYMBOLS ((size_t)0x7fffffff)

/* An empty database that the caller frees; NULL when out of memory. */
tl_sequences *tl_sequences_new(tl_error *err);
void tl_sequences_free(tl_sequences *db);

/* Appends a copy of symbols[0..n).  TL_BAD_INPUT if the database would get more
 * than TL_MAX_SYMBOLS symbols, or that many sequences; then, and when out of
 * memory, it stays as it was. */
int tl_sequences_append(tl_sequences *db, const uint32_t *symbols, size_t n,
                        tl_error *err) TL_MUST_CHECK;

size_t tl_sequences_count(const tl_sequences *db);     /* sequences, empty ones too */
size_t tl_sequences_non_empty(const tl_sequences *db); /* those with a symbol */
size_t tl_sequences_total(const tl_sequences *db);     /* symbols in all */

/* All symbols, and count + 1 offsets: sequence i is symbols[offsets[i] ..
 * offsets[i + 1]).  Borrowed until the next append. */
const uint32_t *tl_sequences_symbols(const tl_sequences *db);
const uint32_t *tl_sequences_offsets(const tl_sequences *db);

/* ---- mining ----------------------------------------------------------------- */

/* A way to find the patterns; the engines differ in speed and memory only.  Other
 * libraries may bring their own (see miner/engine.h). */
typedef struct tl_engine tl_engine;

/* Suffix array over the trie of reversed sequences: time linear in the number of
 * symbols, at most 40 bytes for each.  The default. */
extern const tl_engine tl_engine_suffix;

/* CC-Span's level-wise growth of snippets, the published algorithm and the
 * reference of the others.  Time is proportional to the total length of all
 * occurrences of frequent patterns: quadratic on long periodic sequences. */
extern const tl_engine tl_engine_ccspan;

/* The engine of that name ("suffix", "ccspan"), or NULL. */
const tl_engine *tl_engine_by_name(const char *name);
const char *tl_engine_name(const tl_engine *engine);

/* Called from the mining thread when a stage begins and now and then within a long
 * one: `done` of `total` steps, total 0 where it is not known. */
typedef void tl_mine_progress(void *arg, const char *stage, size_t done, size_t total);

typedef struct tl_mine_options {
    tl_support_kind support; /* what is counted */
    uint32_t min_support;    /* at least 1; ignored if min_percent > 0 */
    double min_percent;      /* > 0: minimum support is this percentage of the non-empty
                              * sequences, rounded up, at least 1; at most 100 */
    uint32_t min_length;     /* only patterns of this length or longer; 0 or 1: all */
    uint32_t max_length;     /* only patterns of this length or shorter; 0: all.  Both
                              * filter: they do not change what is closed */
    int threads;             /* 0: as many as there are processors */
    const tl_engine *engine; /* NULL: the fastest one */
    bool want_postings;      /* keep what tl_postings_new and tl_patterns_coverage need */
    const tl_cancel *cancel; /* may be NULL */
    tl_mine_progress *progress; /* may be NULL */
    void *progress_arg;
} tl_mine_options;

/* Support by sequences, minimum support 2, everything else 0. */
tl_mine_options tl_mine_defaults(void);

/* ceil(percent / 100 * sequences), at least 1.  A product that is an integer but
 * for the rounding of binary fractions counts as that integer. */
uint32_t tl_percent_support(double percent, size_t sequences);

typedef struct tl_pattern {
    uint32_t position; /* where in the database's symbols one occurrence begins */
    uint32_t length;   /* number of symbols */
    uint32_t support;
} tl_pattern;

/* What tl_mine found: patterns ordered by falling support, then falling length,
 * then symbol by symbol. */
typedef struct tl_patterns tl_patterns;

/* Mines `db`, which must outlive *out and must not change meanwhile.  On success the
 * caller frees *out; on failure it is NULL.  TL_USAGE for options that cannot be,
 * TL_NO_MEMORY, TL_INTERRUPTED if cancelled, or the engine's own failure. */
int tl_mine(tl_patterns **out, const tl_sequences *db, const tl_mine_options *options,
            tl_error *err) TL_MUST_CHECK;
void tl_patterns_free(tl_patterns *found);

size_t tl_patterns_count(const tl_patterns *found);
tl_pattern tl_patterns_get(const tl_patterns *found, size_t i); /* i < count */

/* The symbols of pattern i, tl_patterns_get(found, i).length of them; borrowed from
 * the database. */
const uint32_t *tl_patterns_symbols(const tl_patterns *found, size_t i);

/* The minimum support that was used: the option, or what the percentage came to. */
uint32_t tl_patterns_min_support(const tl_patterns *found);

enum { TL_MAX_STAGES = 16 };

/* How long each stage took, in the order in which they began. */
typedef struct tl_mine_stats {
    const tl_engine *engine;
    int n_stages;
    struct {
        const char *name;
        double seconds; /* wall clock */
    } stage[TL_MAX_STAGES];
} tl_mine_stats;

const tl_mine_stats *tl_patterns_stats(const tl_patterns *found);

/* ---- which sequences hold a pattern ------------------------------------------- */

/* Reads posting lists of a result that was mined with want_postings.  It owns one
 * list at a time and borrows `found`. */
typedef struct tl_postings tl_postings;

/* TL_USAGE if `found` was mined without want_postings.  The caller frees *out. */
int tl_postings_new(tl_postings **out, const tl_patterns *found, tl_error *err) TL_MUST_CHECK;
void tl_postings_free(tl_postings *p);

/* The sequences that contain pattern i, ascending, each once: (*sequences)[0 .. *n),
 * valid until the next call with `p`.  Time is proportional to *n but for logarithms.
 * Cannot fail: all memory was taken by tl_postings_new. */
void tl_postings_get(tl_postings *p, size_t i, const uint32_t **sequences, size_t *n);

#define TL_NOT_COVERED UINT32_MAX

/* first[s], for every sequence s of the database, becomes the lowest index of a
 * pattern that sequence s contains, or TL_NOT_COVERED.  As patterns are ordered by
 * support this answers how many sequences the first k patterns, or all of support x
 * and more, cover.  Linear time.  TL_USAGE without want_postings. */
int tl_patterns_coverage(const tl_patterns *found, uint32_t *first, tl_error *err) TL_MUST_CHECK;

#endif
