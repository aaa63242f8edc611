/* fake_cuda.h: steers the model of a CUDA device (fake/cuda_runtime.h). */
#ifndef TL_TESTS_FAKE_CUDA_H
#define TL_TESTS_FAKE_CUDA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* From now on lanes and blocks take turns as this seed says. */
void fake_cuda_seed(uint64_t seed);

/* The n-th call of the runtime from now on, counted from 1, fails, and no other one; 0:
 * none.  An allocation fails for want of memory, a query for want of a driver, anything
 * else as if the device were lost. */
void fake_cuda_fail_at(long n);
/* Calls since the last fake_cuda_fail_at. */
long fake_cuda_calls(void);

/* What the device says is free; and, for the query of devices: their number, and the
 * version of the driver (0: there is none). */
void fake_cuda_memory(size_t available);
void fake_cuda_devices(int count, int driver);

/* Allocations, streams and events that were not given back. */
long fake_cuda_open(void);
/* Blocks run so far. */
uint64_t fake_cuda_blocks(void);

#ifdef __cplusplus
}
#endif

#endif
