/* cuda_runtime.h: a model of a CUDA device, for tests on machines without one.
 *
 * Put this folder in front of the include path and compile .cu files as C++: kernels run
 * on the CPU, under any sanitizer.  Every lane is a coroutine with a stack of its own;
 * lanes of a block take turns in a random order, switch at every vote, shuffle, match and
 * barrier and now and then at an atomic, and blocks run in a random order.  Votes and the
 * like follow the rules of the hardware: all lanes of the mask must arrive at the same
 * one, else the model stops the program.  Device memory is host memory, but a copy must say
 * which is which, and what is copied to the host arrives when the program waits; what lies
 * between arrays is poisoned.  Only what the project uses is modelled.
 *
 * fake_cuda.h steers it.
 */
#ifndef TL_TESTS_FAKE_CUDA_RUNTIME_H
#define TL_TESTS_FAKE_CUDA_RUNTIME_H

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>

#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static /* one block runs at a time */

/* ---- the runtime ---- */

enum cudaError_t {
    cudaSuccess = 0,
    cudaErrorMemoryAllocation = 2,
    cudaErrorInsufficientDriver = 35,
    cudaErrorNoDevice = 100,
    cudaErrorLaunchFailure = 719
};
enum cudaMemcpyKind { cudaMemcpyHostToDevice = 1, cudaMemcpyDeviceToHost, cudaMemcpyDeviceToDevice };

typedef struct fake_stream *cudaStream_t;
typedef struct fake_event *cudaEvent_t;
struct cudaDeviceProp {
    char name[256];
    size_t totalGlobalMem;
    int major, minor, multiProcessorCount;
};

const char *cudaGetErrorString(cudaError_t error);
cudaError_t cudaGetLastError(void);
cudaError_t cudaDriverGetVersion(int *version);
cudaError_t cudaRuntimeGetVersion(int *version);
cudaError_t cudaGetDeviceCount(int *count);
cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int device);
cudaError_t cudaSetDevice(int device);
cudaError_t cudaMemGetInfo(size_t *available, size_t *total);
cudaError_t cudaMalloc(void **pointer, size_t bytes);
cudaError_t cudaFree(void *pointer);
cudaError_t cudaMallocHost(void **pointer, size_t bytes);
cudaError_t cudaFreeHost(void *pointer);
cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream);
cudaError_t cudaMemsetAsync(void *to, int byte, size_t bytes, cudaStream_t stream);
cudaError_t cudaStreamCreate(cudaStream_t *stream);
cudaError_t cudaStreamDestroy(cudaStream_t stream);
cudaError_t cudaStreamSynchronize(cudaStream_t stream);
cudaError_t cudaEventCreate(cudaEvent_t *event);
cudaError_t cudaEventDestroy(cudaEvent_t event);
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream);
cudaError_t cudaEventSynchronize(cudaEvent_t event);
cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t begin, cudaEvent_t end);

void fake_launch(unsigned blocks, unsigned threads, const std::function<void()> &lane);
void fake_redzone(void *pointer, size_t bytes, size_t room);

#define TL_LAUNCH(kernel, blocks, stream, ...) \
    ((void)(stream), fake_launch((blocks), TL_BLOCK, [&] { kernel(__VA_ARGS__); }))
#define TL_REDZONE(pointer, bytes, room) fake_redzone((pointer), (bytes), (room))

/* ---- what a lane sees ---- */

struct fake_index {
    unsigned x;
};
extern fake_index threadIdx, blockIdx, blockDim, gridDim;

enum fake_operation { FAKE_BALLOT, FAKE_MATCH, FAKE_SHUFFLE, FAKE_SHUFFLE_UP, FAKE_SHUFFLE_XOR };

/* Waits until all lanes of `mask` are at the same operation and returns its result. */
uint64_t fake_warp(fake_operation operation, unsigned mask, uint64_t value, unsigned argument);
/* Waits for all threads of the block; returns for how many `predicate` holds. */
int fake_barrier(bool predicate);
/* Lets other lanes go on, now and then. */
void fake_pause(void);

static inline unsigned __ballot_sync(unsigned mask, bool predicate)
{
    return (unsigned)fake_warp(FAKE_BALLOT, mask, predicate, 0);
}

static inline int __any_sync(unsigned mask, bool predicate)
{
    return fake_warp(FAKE_BALLOT, mask, predicate, 1) != 0;
}

template <typename T> static inline unsigned __match_any_sync(unsigned mask, T value)
{
    return (unsigned)fake_warp(FAKE_MATCH, mask, (uint64_t)value, sizeof(T));
}

template <typename T> static inline T __shfl_sync(unsigned mask, T value, int source)
{
    return (T)fake_warp(FAKE_SHUFFLE, mask, (uint64_t)value, (unsigned)source);
}

template <typename T> static inline T __shfl_up_sync(unsigned mask, T value, unsigned delta)
{
    return (T)fake_warp(FAKE_SHUFFLE_UP, mask, (uint64_t)value, delta);
}

template <typename T> static inline T __shfl_xor_sync(unsigned mask, T value, int bits)
{
    return (T)fake_warp(FAKE_SHUFFLE_XOR, mask, (uint64_t)value, (unsigned)bits);
}

static inline void __syncthreads(void)
{
    fake_barrier(false);
}

static inline int __syncthreads_count(bool predicate)
{
    return fake_barrier(predicate);
}

static inline void __syncwarp(void)
{
    fake_warp(FAKE_BALLOT, 0xffffffffu, 0, 2);
}

template <typename T> static inline T atomicAdd(T *at, T value)
{
    fake_pause();
    T old = *at;
    *at = old + value;
    return old;
}

template <typename T> static inline T atomicOr(T *at, T value)
{
    fake_pause();
    T old = *at;
    *at = old | value;
    return old;
}

template <typename T> static inline T atomicExch(T *at, T value)
{
    fake_pause();
    T old = *at;
    *at = value;
    return old;
}

template <typename T> static inline T atomicCAS(T *at, T compare, T value)
{
    fake_pause();
    T old = *at;
    if (old == compare)
        *at = value;
    return old;
}

static inline int __popc(unsigned x)
{
    return __builtin_popcount(x);
}

static inline int __ffs(int x)
{
    return __builtin_ffs(x);
}

static inline int __clz(int x)
{
    return x ? __builtin_clz((unsigned)x) : 32;
}

static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b)
{
    return (unsigned long long)((unsigned __int128)a * b >> 64);
}

#endif
