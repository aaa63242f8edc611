/* loader.h: the GPU engine, if this machine can run it.
 *
 * The engine is a library of its own, libtracelode_cuda.so, which is looked for the first
 * time it is asked for:
 *   - if the environment variable TL_CUDA_LIBRARY is set and not empty, in that file only;
 *   - beside the program, and in ../lib/tracelode from there;
 *   - on the dynamic linker's path.
 * Once loaded it stays until the program ends.  Without the library, a driver or a device
 * everything here fails with TL_UNAVAILABLE and says which of them is missing.  May be
 * called from several threads at once.
 */
#ifndef TL_CUDA_LOADER_H
#define TL_CUDA_LOADER_H

#include "cuda/library.h"
#include "miner/miner.h"

/* *out becomes the engine `cuda`, on the first GPU; it lives as long as the program. */
int tl_cuda_engine(const tl_engine **out, tl_error *err) TL_MUST_CHECK;

/* Lists the GPUs: *n of them, at least 1 and at most `cap`. */
int tl_cuda_devices(tl_cuda_device *list, size_t cap, size_t *n, tl_error *err) TL_MUST_CHECK;

#endif
