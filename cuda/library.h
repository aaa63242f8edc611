/* library.h: what the GPU library offers to the program.
 *
 * libtracelode_cuda.so is built by nvcc and loaded at run time (cuda/loader.h).  It
 * knows nothing of the miner: it gets arrays and callbacks through the plain C structs
 * here and exports one function, tl_cuda_library_get.  So the program needs no CUDA to
 * build or to run, and the library needs no symbol of the program.
 *
 * Functions return a tl_status and describe a failure in *err.  Statuses:
 *   TL_UNAVAILABLE  no driver, no device, a lost device, or a database over the limits
 *   TL_NO_MEMORY    not enough memory, on the GPU or on the host
 *   and whatever a callback returned.
 */
#ifndef TL_CUDA_LIBRARY_H
#define TL_CUDA_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "base/error.h"

/* Changes with every change of the structs below: program and library must agree. */
#define TL_CUDA_ABI 2

/* Names and table slots are 31-bit numbers on the GPU; a table has 1.5 slots for every
 * frame. */
#define TL_CUDA_MAX_FRAMES ((uint32_t)1 << 30)

typedef struct tl_cuda_device {
    char name[256];
    int major, minor; /* compute capability */
    int multiprocessors;
    size_t memory; /* bytes in all */
} tl_cuda_device;

/* What makes up the time of a run, in the order in which a level does it. */
typedef enum tl_cuda_stage {
    TL_CUDA_UPLOAD,  /* database to the GPU */
    TL_CUDA_CLEAR,   /* tables emptied */
    TL_CUDA_NAME,    /* symbols, then pairs, inserted and counted */
    TL_CUDA_REPEATS, /* repeats within a sequence */
    TL_CUDA_JUDGE,   /* support and closure decided */
    TL_CUDA_MERGE,   /* identical sequences merged, after the first level */
    TL_CUDA_COMPACT, /* live positions moved together */
    TL_CUDA_EMIT,    /* closed grams gathered on the GPU */
    TL_CUDA_ORDER,   /* all patterns put in order, at the end */
    TL_CUDA_DOWNLOAD,/* patterns and counters to the host */
    TL_CUDA_STAGES
} tl_cuda_stage;

/* Filled in when a caller asks for it: a run is then slowed by the measuring. */
typedef struct tl_cuda_profile {
    double milliseconds[TL_CUDA_STAGES]; /* on the device's own clock */
    double bytes[TL_CUDA_STAGES];        /* that had to be read and written, see README.md */
    size_t device_bytes;                 /* memory taken on the GPU */
    uint64_t entries;                    /* live positions, summed over the levels */
    uint32_t levels;                     /* done on the GPU */
    uint32_t rest;                       /* positions left to the CPU */
} tl_cuda_profile;

/* length symbols of the database from `position` on. */
typedef struct tl_cuda_pattern {
    uint32_t position, length, support;
} tl_cuda_pattern;

/* How far the GPU goes.  tl_cuda_limits_default gives the values for use; tests lower
 * them. */
typedef struct tl_cuda_limits {
    int device;            /* number of the GPU */
    uint32_t max_frames;   /* more are refused; at most TL_CUDA_MAX_FRAMES */
    uint32_t max_blocks;   /* of one kernel launch */
    uint32_t finish_below; /* fewer live positions than this are left to the CPU */
    size_t max_memory;     /* bytes to take on the GPU; 0: what is free */
} tl_cuda_limits;

/* The state of the levels that the GPU leaves to the CPU: `live` positions, ascending,
 * at each of which a frequent gram of `length` symbols begins.  As on the GPU (see
 * kernels.cuh) a longer gram that is counted once, in a sequence that is not cut, is
 * dropped and its sequence noted as a pattern. */
typedef struct tl_cuda_rest {
    uint32_t length;
    size_t live;
    const uint32_t *position; /* in the database's symbols */
    const uint32_t *name;     /* of the gram there, below `grams` */
    const uint32_t *sequence; /* that the position belongs to */
    const uint32_t *weight;   /* how many identical sequences that one stands for */
    const uint32_t *uncut;    /* 1: no infrequent symbol is inside that sequence */
    size_t grams;
    const uint32_t *support;  /* of the grams */
    const uint32_t *first;    /* a position where the gram occurs */
    uint32_t *whole; /* for the CPU to fill in: sequences noted; room for `live` */
    size_t n_whole;
} tl_cuda_rest;

/* One database to mine.  Sequence s is symbols[offsets[s] .. offsets[s + 1]). */
typedef struct tl_cuda_job {
    const uint32_t *symbols, *offsets;
    size_t frames, sequences;
    uint32_t min_support;            /* at least 1 */
    uint32_t min_length, max_length; /* of the patterns wanted; max_length at least 1 */
    bool by_sequences;                /* else by occurrences */
    tl_cuda_limits limits;
    tl_cuda_profile *profile; /* may be NULL */

    /* The callbacks get `ctx`; what one returns but TL_OK ends the run. */
    void *ctx;
    int (*finish)(void *ctx, tl_cuda_rest *rest, tl_error *err);
    int (*level)(void *ctx, uint32_t length, tl_error *err); /* one begins */
    /* The last call: makes room for `more` patterns behind the *n that the caller found in
     * `finish`.  The library writes all *n + more of them to *patterns, in the order of
     * results. */
    int (*found)(void *ctx, size_t more, tl_cuda_pattern **patterns, size_t *n, tl_error *err);
} tl_cuda_job;

typedef struct tl_cuda_library {
    uint32_t abi; /* TL_CUDA_ABI */

    /* The GPUs, at most `cap` of them; *n is how many were written, at least 1. */
    int (*devices)(tl_cuda_device *list, size_t cap, size_t *n, tl_error *err);

    /* Every frequent closed pattern of the database, each once. */
    int (*mine)(const tl_cuda_job *job, tl_error *err);
} tl_cuda_library;

/* The one symbol that the library exports. */
const tl_cuda_library *tl_cuda_library_get(void);
typedef const tl_cuda_library *tl_cuda_library_getter(void);

static inline tl_cuda_limits tl_cuda_limits_default(void)
{
    tl_cuda_limits limits = {0, TL_CUDA_MAX_FRAMES, 8192, 4096, 0};
    return limits;
}

#ifdef __cplusplus
}
#endif

#endif
