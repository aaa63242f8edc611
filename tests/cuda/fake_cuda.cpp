/* The model of a CUDA device: lanes as coroutines, and the runtime's functions. */
#include "tests/cuda/fake_cuda.h"

#include <cuda_runtime.h>

#include <cstdio>
#include <map>
#include <memory>
#include <ucontext.h>
#include <vector>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 /* as gcc says it */
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define FAKE_ASAN 1
#endif

fake_index threadIdx, blockIdx, blockDim, gridDim;

namespace {

enum { STACK = 128 << 10, WARP = 32 };
enum lane_state { READY, AT_WARP, AT_BARRIER, DONE };

struct lane {
    ucontext_t context;
    std::unique_ptr<char[]> stack;
    void *asan_stack;
    lane_state state;
    fake_operation operation;
    unsigned mask, argument;
    uint64_t value, result;
};

uint64_t random_state = 1;
std::vector<lane> lanes; /* of the block that runs; they keep their stacks */
unsigned n_lanes, current;
ucontext_t scheduler;
const void *scheduler_stack;
size_t scheduler_size;
const std::function<void()> *body;
uint64_t blocks_run;

[[noreturn]] void stop(const char *why)
{
    fprintf(stderr, "model of the GPU: block %u, lane %u: %s\n", blockIdx.x, current, why);
    abort();
}

uint32_t random_below(uint32_t bound)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * 0x2545f4914f6cdd1dull >> 32) * bound >> 32);
}

/* ---- switching ---- */

void to_scheduler()
{
    lane &l = lanes[current];
#ifdef FAKE_ASAN
    __sanitizer_start_switch_fiber(l.state == DONE ? nullptr : &l.asan_stack, scheduler_stack,
                                   scheduler_size);
#endif
    swapcontext(&l.context, &scheduler);
#ifdef FAKE_ASAN
    __sanitizer_finish_switch_fiber(l.asan_stack, &scheduler_stack, &scheduler_size);
#endif
}

void start_lane()
{
#ifdef FAKE_ASAN
    __sanitizer_finish_switch_fiber(nullptr, &scheduler_stack, &scheduler_size);
#endif
    (*body)();
    lanes[current].state = DONE;
    to_scheduler();
}

void run_lane(unsigned number)
{
    current = number;
    threadIdx.x = number;
    lane &l = lanes[number];
#ifdef FAKE_ASAN
    void *own;
    __sanitizer_start_switch_fiber(&own, l.stack.get(), STACK);
#endif
    swapcontext(&scheduler, &l.context);
#ifdef FAKE_ASAN
    __sanitizer_finish_switch_fiber(own, nullptr, nullptr);
#endif
}

/* ---- lanes that wait for each other ---- */

uint64_t result_for(const lane *warp, const lane &l, unsigned number)
{
    unsigned source = l.argument;
    uint64_t set = 0;
    switch (l.operation) {
    case FAKE_SHUFFLE_UP:
        if (number < source)
            return l.value;
        source = number - source;
        break;
    case FAKE_SHUFFLE_XOR:
        source ^= number;
        break;
    case FAKE_SHUFFLE:
        break;
    default:
        for (unsigned i = 0; i < WARP; i++)
            if (l.mask >> i & 1 &&
                (l.operation == FAKE_BALLOT ? warp[i].value != 0 : warp[i].value == l.value))
                set |= 1ull << i;
        return set;
    }
    if (source >= WARP || !(l.mask >> source & 1))
        stop("a shuffle reads a lane outside its mask");
    return warp[source].value;
}

/* If all lanes that `l` waits for have come to the same operation they go on. */
void release_warp(unsigned first, const lane &l)
{
    lane *warp = &lanes[first];
    unsigned mask = l.mask;
    for (unsigned i = 0; i < WARP; i++) {
        const lane &other = warp[i];
        if (!(mask >> i & 1) || (other.state == READY))
            continue;
        if (other.state != AT_WARP || other.operation != l.operation || other.mask != mask)
            stop("lanes of one mask are at different operations");
        if (l.operation != FAKE_SHUFFLE && other.argument != l.argument)
            stop("lanes of one mask differ in an argument");
    }
    for (unsigned i = 0; i < WARP; i++)
        if (mask >> i & 1 && warp[i].state == READY)
            return;
    for (unsigned i = 0; i < WARP; i++)
        if (mask >> i & 1)
            warp[i].result = result_for(warp, warp[i], i);
    for (unsigned i = 0; i < WARP; i++)
        if (mask >> i & 1)
            warp[i].state = READY;
}

void release_barrier()
{
    uint64_t count = 0;
    for (unsigned i = 0; i < n_lanes; i++) {
        if (lanes[i].state != AT_BARRIER)
            stop("a barrier that not all threads of the block reach");
        count += lanes[i].value;
    }
    for (unsigned i = 0; i < n_lanes; i++) {
        lanes[i].result = count;
        lanes[i].state = READY;
    }
}

/* ---- blocks ---- */

void make_ready(lane &l)
{
    if (!l.stack)
        l.stack.reset(new char[STACK]);
    getcontext(&l.context);
    l.context.uc_stack.ss_sp = l.stack.get();
    l.context.uc_stack.ss_size = STACK;
    l.context.uc_link = nullptr;
    makecontext(&l.context, start_lane, 0);
    l.state = READY;
}

void run_block(unsigned number)
{
    blockIdx.x = number;
    blocks_run++;
    for (unsigned i = 0; i < n_lanes; i++)
        make_ready(lanes[i]);
    for (;;) {
        /* The first that is ready from a random one on. */
        unsigned begin = random_below(n_lanes), at = n_lanes, done = 0;
        for (unsigned i = 0; i < n_lanes && at == n_lanes; i++) {
            unsigned number_here = begin + i < n_lanes ? begin + i : begin + i - n_lanes;
            if (lanes[number_here].state == READY)
                at = number_here;
            done += lanes[number_here].state == DONE;
        }
        if (at < n_lanes)
            run_lane(at);
        else if (done == n_lanes)
            return;
        else
            release_barrier();
    }
}

} // namespace

uint64_t fake_warp(fake_operation operation, unsigned mask, uint64_t value, unsigned argument)
{
    lane &l = lanes[current];
    unsigned number = current;
    if (!(mask >> number % WARP & 1))
        stop("a lane outside the mask of its own operation");
    l.state = AT_WARP;
    l.operation = operation;
    l.mask = mask;
    l.value = value;
    l.argument = argument;
    release_warp(number - number % WARP, l);
    to_scheduler();
    return lanes[number].result;
}

int fake_barrier(bool predicate)
{
    lane &l = lanes[current];
    unsigned number = current;
    l.state = AT_BARRIER;
    l.value = predicate;
    to_scheduler();
    return (int)lanes[number].result;
}

void fake_pause(void)
{
    if (random_below(4) == 0)
        to_scheduler();
}

/* ---- the runtime ---- */

namespace {

long calls, fail_at, open_things;
int n_devices = 1, driver_version = 13000;
size_t available_memory = (size_t)1 << 30;
cudaError_t pending;

/* What is on the device, and what is on its way to the host: it arrives when the program
 * waits, so that a read which does not wait finds something old. */
std::map<char *, size_t> on_device;
struct copy {
    void *to;
    std::vector<char> bytes;
};
std::vector<copy> under_way;

bool is_on_device(const void *pointer, size_t bytes)
{
    char *begin = (char *)pointer;
    auto after = on_device.upper_bound(begin);
    if (after == on_device.begin())
        return false;
    auto found = std::prev(after);
    return begin + bytes <= found->first + found->second;
}

cudaError_t outcome();

/* The program waits. */
cudaError_t arrive()
{
    for (const copy &c : under_way)
        memcpy(c.to, c.bytes.data(), c.bytes.size());
    under_way.clear();
    return outcome();
}

bool fails()
{
    return ++calls == fail_at;
}

cudaError_t outcome()
{
    return fails() ? cudaErrorLaunchFailure : cudaSuccess;
}

/* Something to give back. */
template <typename T> cudaError_t made(T *out)
{
    if (fails())
        return cudaErrorLaunchFailure;
    *out = (T)malloc(1);
    open_things++;
    return cudaSuccess;
}

cudaError_t given_back(void *thing)
{
    open_things -= thing != nullptr;
    free(thing);
    return outcome();
}

} // namespace

void fake_launch(unsigned blocks, unsigned threads, const std::function<void()> &lane_body)
{
    if (fails()) {
        pending = cudaErrorLaunchFailure;
        return;
    }
    if (blocks == 0 || threads == 0 || threads % WARP != 0 || threads > 1024)
        stop("a launch that CUDA would refuse");
    if (lanes.size() < threads)
        lanes.resize(threads);
    n_lanes = threads;
    gridDim.x = blocks;
    blockDim.x = threads;
    body = &lane_body;
    std::vector<unsigned> order(blocks);
    for (unsigned i = 0; i < blocks; i++) {
        unsigned j = random_below(i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    for (unsigned b : order)
        run_block(b);
}

void fake_redzone(void *pointer, size_t bytes, size_t room)
{
#ifdef FAKE_ASAN
    ASAN_UNPOISON_MEMORY_REGION(pointer, bytes);
    ASAN_POISON_MEMORY_REGION((char *)pointer + bytes, room - bytes);
#else
    (void)pointer, (void)bytes, (void)room;
#endif
}

const char *cudaGetErrorString(cudaError_t error)
{
    return error == cudaErrorMemoryAllocation ? "out of memory" : "unspecified launch failure";
}

cudaError_t cudaGetLastError(void)
{
    cudaError_t last = pending;
    pending = cudaSuccess;
    return last;
}

cudaError_t cudaDriverGetVersion(int *version)
{
    *version = driver_version;
    return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int *version)
{
    *version = 13000;
    return cudaSuccess;
}

cudaError_t cudaGetDeviceCount(int *count)
{
    *count = n_devices;
    if (fails() || driver_version < 13000)
        return cudaErrorInsufficientDriver;
    return n_devices ? cudaSuccess : cudaErrorNoDevice;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int device)
{
    *properties = {};
    snprintf(properties->name, sizeof properties->name, "model of a GPU %d", device);
    properties->totalGlobalMem = available_memory;
    properties->major = 9;
    properties->multiProcessorCount = 1;
    return outcome();
}

cudaError_t cudaSetDevice(int)
{
    return outcome();
}

cudaError_t cudaMemGetInfo(size_t *available, size_t *total)
{
    *available = *total = available_memory;
    return outcome();
}

/* Filled with garbage: nothing may rely on what is there. */
cudaError_t cudaMallocHost(void **pointer, size_t bytes)
{
    *pointer = fails() ? nullptr : malloc(bytes);
    if (!*pointer)
        return cudaErrorMemoryAllocation;
    memset(*pointer, 0xa5, bytes);
    open_things++;
    return cudaSuccess;
}

cudaError_t cudaFreeHost(void *pointer)
{
    return given_back(pointer);
}

cudaError_t cudaMalloc(void **pointer, size_t bytes)
{
    cudaError_t result = cudaMallocHost(pointer, bytes);
    if (result == cudaSuccess)
        on_device[(char *)*pointer] = bytes;
    return result;
}

cudaError_t cudaFree(void *pointer)
{
    on_device.erase((char *)pointer);
    return given_back(pointer);
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind kind, cudaStream_t)
{
    if (fails())
        return cudaErrorLaunchFailure;
    if (is_on_device(to, bytes) != (kind != cudaMemcpyDeviceToHost) ||
        is_on_device(from, bytes) != (kind != cudaMemcpyHostToDevice))
        stop("a copy between other memories than it says");
    if (kind == cudaMemcpyDeviceToHost)
        under_way.push_back({to, {(const char *)from, (const char *)from + bytes}});
    else
        memcpy(to, from, bytes);
    return cudaSuccess;
}

cudaError_t cudaMemsetAsync(void *to, int byte, size_t bytes, cudaStream_t)
{
    if (fails())
        return cudaErrorLaunchFailure;
    if (!is_on_device(to, bytes))
        stop("memory is set that is not the device's");
    memset(to, byte, bytes);
    return cudaSuccess;
}

cudaError_t cudaStreamCreate(cudaStream_t *stream)
{
    return made(stream);
}

cudaError_t cudaStreamDestroy(cudaStream_t stream)
{
    return given_back(stream);
}

cudaError_t cudaStreamSynchronize(cudaStream_t)
{
    return arrive();
}

cudaError_t cudaEventCreate(cudaEvent_t *event)
{
    return made(event);
}

cudaError_t cudaEventDestroy(cudaEvent_t event)
{
    return given_back(event);
}

cudaError_t cudaEventRecord(cudaEvent_t, cudaStream_t)
{
    return outcome();
}

cudaError_t cudaEventSynchronize(cudaEvent_t)
{
    return arrive();
}

cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t, cudaEvent_t)
{
    *milliseconds = 0.5;
    return outcome();
}

void fake_cuda_seed(uint64_t seed)
{
    random_state = seed * 0x9e3779b97f4a7c15ull + 1;
}

void fake_cuda_fail_at(long n)
{
    calls = 0;
    fail_at = n;
}

long fake_cuda_calls(void)
{
    return calls;
}

void fake_cuda_memory(size_t available)
{
    available_memory = available;
}

void fake_cuda_devices(int count, int driver)
{
    n_devices = count;
    driver_version = driver;
}

long fake_cuda_open(void)
{
    return open_things;
}

uint64_t fake_cuda_blocks(void)
{
    return blocks_run;
}
