/* table.cuh: open-addressing hash tables on the GPU.
 *
 * A key is a 64-bit number that is not 0; 0 marks a free slot, so that a table is
 * emptied by zeroing it.  Keys are only ever added: once a slot has a key it keeps it,
 * which is what makes a plain read before the compare-and-swap safe.  A table must have
 * more slots than there are different keys.
 */
#ifndef TL_CUDA_TABLE_CUH
#define TL_CUDA_TABLE_CUH

#include "cuda/device.cuh"

/* Key and counts of a gram stand together: they are read together, by one load. */
typedef struct alignas(16) tl_slot {
    tl_u64 key;
    tl_u64 tally; /* support << 32 | how often it was counted, weights left aside */
} tl_slot;

typedef struct tl_table {
    tl_slot *slots;
    uint32_t *first; /* by slot: a position where the gram occurs */
    uint32_t capacity;
} tl_table;

/* Grams that occur more than once in one sequence. */
typedef struct tl_repeats {
    tl_u64 *key;     /* sequence << 32 | slot of the gram, plus 1 */
    uint32_t *again; /* 1 where the key came a second time */
    uint32_t capacity;
} tl_repeats;

/* Every key bit reaches the high bits, which choose the slot: the finalizer of
 * MurmurHash3 (A. Appleby). */
static __device__ __forceinline__ tl_u64 tl_mix(tl_u64 k)
{
    k ^= k >> 33;
    k *= 0xff51afd7ed558ccdull;
    k ^= k >> 33;
    k *= 0xc4ceb9fe1a85ec53ull;
    return k ^ k >> 33;
}

/* The slot at which the search for `key` begins: any capacity will do, not only powers
 * of two (D. Lemire: Fast random integer generation in an interval, 2019). */
static __device__ __forceinline__ uint32_t tl_home(tl_u64 key, uint32_t capacity)
{
    return (uint32_t)__umul64hi(tl_mix(key), capacity);
}

/* The slot of `key`; *fresh says whether this call put it there.  Keys stand `step`
 * 64-bit words apart. */
static __device__ __forceinline__ uint32_t tl_find_or_insert(tl_u64 *keys, uint32_t step,
                                                             uint32_t capacity, tl_u64 key,
                                                             bool *fresh)
{
    uint32_t h = tl_home(key, capacity);
    for (;;) {
        tl_u64 *at = keys + (size_t)h * step, found = *at;
        if (found == 0)
            found = atomicCAS(at, 0ull, key);
        *fresh = found == 0;
        if (found == 0 || found == key)
            return h;
        h = h + 1 < capacity ? h + 1 : 0;
    }
}

/* The sum of `value` over the lanes in `peers`, for every such group at once: one vote
 * for each binary digit.  Weights are small, so this is few votes, and unlike a sum by
 * shuffles it needs no loop in which the groups part ways. */
static __device__ __forceinline__ uint32_t tl_sum_over(uint32_t peers, uint32_t value)
{
    uint32_t sum = 0;
    for (uint32_t bit = 0; bit < 32 && __any_sync(TL_ALL_LANES, value >> bit != 0); bit++)
        sum += (uint32_t)__popc(__ballot_sync(TL_ALL_LANES, value >> bit & 1u) & peers) << bit;
    return sum;
}

/* Adds the weights of the lanes in `peers`, which have the same slot, by one atomic; a
 * lane with weight 0 does not count.  All lanes of the warp must call it. */
static __device__ __forceinline__ void tl_add_support(tl_slot *slots, uint32_t slot,
                                                      uint32_t peers, uint32_t weight)
{
    uint32_t sum = tl_sum_over(peers, weight);
    uint32_t count = (uint32_t)__popc(__ballot_sync(TL_ALL_LANES, weight > 0) & peers);
    if (count > 0 && tl_lane() == (uint32_t)__ffs((int)peers) - 1)
        atomicAdd(&slots[slot].tally, (tl_u64)sum << 32 | count);
}

/* Finds or makes the slot of the lane's key (0: the lane has none) and adds its weight.
 * Equal keys of a warp, frequent because the frames at the top of traces are Zipf
 * distributed, go to the table once.  All lanes of the warp must call it. */
static __device__ __forceinline__ uint32_t tl_count_key(tl_table table, tl_u64 key,
                                                        uint32_t position, uint32_t weight)
{
    uint32_t peers = __match_any_sync(TL_ALL_LANES, key);
    int leader = __ffs((int)peers) - 1;
    uint32_t slot = TL_NONE;
    if (key != 0 && tl_lane() == (uint32_t)leader) {
        bool fresh;
        slot = tl_find_or_insert(&table.slots->key, sizeof(tl_slot) / sizeof(tl_u64),
                                 table.capacity, key, &fresh);
        if (fresh)
            table.first[slot] = position;
    }
    slot = __shfl_sync(TL_ALL_LANES, slot, leader);
    tl_add_support(table.slots, slot, peers, key != 0 ? weight : 0);
    return slot;
}

#endif
