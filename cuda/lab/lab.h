/* lab.h: the ladder of ways to name and count keys on a GPU, and what memory can do.
 *
 * The heart of a level is: give equal keys the same name and count them.  Every version
 * here does just that, so that they can be checked against a plain reference and timed
 * against each other; the engine uses the one that won (cuda/README.md).
 */
#ifndef TL_CUDA_LAB_LAB_H
#define TL_CUDA_LAB_LAB_H

#include "cuda/library.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum lab_version {
    LAB_PLAIN,      /* hash table, every lane for itself: two atomics a key */
    LAB_AGGREGATED, /* hash table, equal keys of a warp together: the engine's way */
    LAB_SORTED,     /* radix sort of keys and places, then runs */
    LAB_VERSIONS
} lab_version;

extern const char *const lab_version_names[LAB_VERSIONS];

/* Names keys[0 .. n), none of which is 0: keys[i] == keys[k] if and only if names[i] ==
 * names[k], and counts[i] is how many keys equal keys[i].  *milliseconds is the device's
 * time without copies, the median of `repeats` runs.  n at most 2^30. */
int lab_name_keys(lab_version version, const uint64_t *keys, uint32_t n, int repeats,
                  uint32_t *names, uint32_t *counts, double *milliseconds, tl_error *err);

/* Bytes a second, in units of 10^9: read plus written by copies on the device, from and
 * to ordinary host memory, and from pinned memory. */
typedef struct lab_bandwidth {
    double device, upload, download, pinned;
} lab_bandwidth;

int lab_measure_bandwidth(lab_bandwidth *out, size_t bytes, tl_error *err);

/* True if names and counts are right; prints what is wrong. */
bool lab_check_names(const uint64_t *keys, uint32_t n, const uint32_t *names,
                     const uint32_t *counts);

#ifdef __cplusplus
}
#endif

#endif
