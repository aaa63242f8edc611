/* kernels.cuh: the steps of one level of CC-Span on the GPU.
 *
 * State: the live positions of the database, those where a frequent k-gram begins, in
 * ascending order, each with the name of its k-gram.  A level makes the (k+1)-grams of
 * neighbours: tl_name_pairs inserts the pairs of names into a table and counts,
 * tl_count_repeats counts what may occur more than once in a sequence, tl_judge drops
 * what is infrequent and marks the k-grams that are not closed, tl_resolve gives every
 * position its new name, compact.cuh moves the live ones together and tl_emit gathers
 * the k-grams that remained closed.
 *
 * Support by sequences.  A gram that occurs once in its sequence counts where it stands.
 * The flag TL_FLAG on a name says that the gram may occur again in its sequence; a
 * longer gram can only do so if both of its parts do.  Flagged ones are compared with
 * their neighbours where the sequence is short and go to the table of repeats where it
 * is long; the first to come counts.  By occurrences nothing is flagged.
 *
 * Whole sequences.  Identical sequences are merged after the first level (tl_trim,
 * tl_merge).  A longer gram that was then counted once, in sequence q, has the weight
 * of q as its support, and so has all that lies between it and the whole of q, if q is
 * not cut by infrequent symbols.  So of these the whole is closed and nothing else: q
 * is noted and the gram dropped.  No closure mark is lost: what contains a dropped gram
 * has the same support, and every gram that stays has more.  This is what keeps minimum
 * support 1, and long sequences, from costing a level for every frame.
 *
 * Every thread of a warp goes through every loop as often as its neighbours, so that
 * votes and shuffles always have all lanes.
 */
#ifndef TL_CUDA_KERNELS_CUH
#define TL_CUDA_KERNELS_CUH

#include "cuda/library.h"
#include "cuda/scan.cuh"
#include "cuda/table.cuh"

#define TL_FLAG 0x80000000u       /* on a name: may occur again in its sequence */
#define TL_NOT_CLOSED 0x80000000u /* on the first position of a gram */

/* A sequence of so many frames is searched for repeats symbol by symbol. */
#define TL_SHORT 64u

/* The sequences of the database; what follows `offsets` is by sequence but `sequence`. */
typedef struct tl_text {
    uint32_t frames, sequences;
    const uint32_t *offsets; /* sequences + 1 */
    uint32_t *sequence;      /* by position */
    uint32_t *weight;        /* identical sequences it stands for; 0: merged into another */
    uint32_t *begin, *length; /* without infrequent symbols at its ends */
    uint32_t *hash;          /* of that part */
    uint32_t *uncut;         /* 1: no infrequent symbol inside */
    uint32_t *whole;         /* 1: is a pattern as a whole */
} tl_text;

typedef struct tl_live {
    uint32_t *position, *name;
    uint32_t n;
} tl_live;

/* The frequent grams of one length, by name. */
typedef struct tl_grams {
    uint32_t *support, *first;
} tl_grams;

typedef struct tl_counters {
    uint32_t grams, live; /* of the level that is being made */
    uint32_t found;       /* patterns so far */
} tl_counters;

/* Every position is live and belongs to its sequence.  A warp for a sequence. */
static __global__ void tl_open(tl_text text, tl_live live)
{
    for (uint32_t q = tl_warp_base() / 32; q < text.sequences; q += tl_stride() / 32) {
        uint32_t end = text.offsets[q + 1];
        for (uint32_t i = text.offsets[q] + tl_lane(); i < end; i += 32) {
            text.sequence[i] = q;
            live.position[i] = i;
        }
        if (tl_lane() == 0)
            text.weight[q] = 1;
    }
}

/* The first level: words[i] = slot of symbols[i]. */
static __global__ void tl_name_symbols(const uint32_t *symbols, uint32_t n, tl_table table,
                                       uint32_t flag, uint32_t *words)
{
    for (uint32_t base = tl_warp_base(); base < n; base += tl_stride()) {
        uint32_t i = base + tl_lane();
        tl_u64 key = i < n ? (tl_u64)symbols[i] + 1 : 0;
        uint32_t slot = tl_count_key(table, key, i, flag ? 0 : 1);
        if (i < n)
            words[i] = slot | flag;
    }
}

/* words[j] = slot of the gram that begins at live position j and is one symbol longer,
 * with TL_FLAG if it is not counted yet; TL_NONE if there is none. */
static __global__ void tl_name_pairs(tl_live live, tl_text text, tl_table table, uint32_t *words)
{
    for (uint32_t base = tl_warp_base(); base < live.n; base += tl_stride()) {
        uint32_t j = base + tl_lane(), position = 0, weight = 0, flag = 0;
        tl_u64 key = 0;
        if (j + 1 < live.n) {
            position = live.position[j];
            uint32_t q = text.sequence[position];
            if (live.position[j + 1] == position + 1 && text.sequence[position + 1] == q) {
                uint32_t prefix = live.name[j], suffix = live.name[j + 1];
                flag = prefix & suffix & TL_FLAG;
                key = ((tl_u64)(prefix & ~TL_FLAG) << 32 | (suffix & ~TL_FLAG)) + 1;
                weight = flag ? 0 : text.weight[q];
            }
        }
        uint32_t slot = tl_count_key(table, key, position, weight);
        if (j < live.n)
            words[j] = key != 0 ? slot | flag : TL_NONE;
    }
}

/* Searches the neighbours of live position j in its sequence, which is short, for the
 * same word.  Returns whether it comes earlier; *repeated whether it comes at all. */
static __device__ __forceinline__ bool tl_comes_earlier(tl_live live, const uint32_t *words,
                                                        uint32_t j, uint32_t begin, uint32_t end,
                                                        bool *repeated)
{
    uint32_t word = words[j];
    bool earlier = false, later = false;
    for (uint32_t i = j; i > 0 && !earlier && live.position[i - 1] >= begin; i--)
        earlier = words[i - 1] == word;
    for (uint32_t i = j + 1; i < live.n && !earlier && !later && live.position[i] < end; i++)
        later = words[i] == word;
    *repeated = earlier || later;
    return earlier;
}

/* Counts the flagged words.  live.name[j] becomes what tl_resolve needs to know whether
 * the gram repeats: 0 or 1 in a short sequence, a slot of `repeats` in a long one. */
static __global__ void tl_count_repeats(tl_live live, tl_text text, tl_table table,
                                        tl_repeats repeats, const uint32_t *words)
{
    for (uint32_t base = tl_warp_base(); base < live.n; base += tl_stride()) {
        uint32_t j = base + tl_lane(), weight = 0;
        uint32_t word = j < live.n ? words[j] : TL_NONE, slot = word & ~TL_FLAG;
        if (word != TL_NONE && (word & TL_FLAG)) {
            uint32_t q = text.sequence[live.position[j]];
            uint32_t begin = text.offsets[q], end = text.offsets[q + 1];
            bool counts;
            if (end - begin <= TL_SHORT) {
                bool repeated;
                counts = !tl_comes_earlier(live, words, j, begin, end, &repeated);
                live.name[j] = repeated;
            } else {
                uint32_t at = tl_find_or_insert(repeats.key, 1, repeats.capacity,
                                                ((tl_u64)q << 32 | slot) + 1, &counts);
                if (!counts && !repeats.again[at])
                    atomicExch(&repeats.again[at], 1u);
                live.name[j] = at;
            }
            weight = counts ? text.weight[q] : 0;
        }
        uint32_t peers = __match_any_sync(TL_ALL_LANES, weight > 0 ? slot : TL_NONE);
        tl_add_support(table.slots, slot, peers, weight);
    }
}

static __device__ __forceinline__ void tl_mark(tl_grams grams, uint32_t name, uint32_t support)
{
    if (grams.support[name] == support && !(grams.first[name] & TL_NOT_CLOSED))
        atomicOr(&grams.first[name], TL_NOT_CLOSED);
}

/* Goes over the table: a frequent gram marks its prefix and suffix, which are in `parts`
 * (NULL arrays on the first level), and gets a name, which replaces its tally; dropped
 * ones get TL_NONE. */
static __global__ void tl_judge(tl_table table, tl_text text, tl_grams parts, tl_grams grams,
                                uint32_t min_support, tl_counters *counters)
{
    __shared__ uint32_t sums[TL_BLOCK / 32];
    for (uint32_t base = blockIdx.x * TL_BLOCK; base < table.capacity; base += tl_stride()) {
        uint32_t h = base + threadIdx.x, first = 0, support = 0;
        tl_slot slot = {0, 0};
        bool keep = false;
        if (h < table.capacity)
            slot = table.slots[h];
        if (slot.key != 0) {
            tl_u64 pair = slot.key - 1;
            support = (uint32_t)(slot.tally >> 32);
            first = table.first[h];
            keep = support >= min_support;
            if (keep && parts.first) {
                tl_mark(parts, (uint32_t)(pair >> 32), support);
                tl_mark(parts, (uint32_t)pair, support);
                uint32_t q = text.sequence[first];
                if ((uint32_t)slot.tally == 1 && text.uncut[q]) {
                    keep = false;
                    if (!text.whole[q])
                        atomicExch(&text.whole[q], 1u);
                }
            }
        }
        uint32_t name = tl_take_place(&counters->grams, keep, sums);
        if (keep) {
            grams.support[name] = support;
            grams.first[name] = first;
        }
        if (slot.key != 0)
            table.slots[h].tally = keep ? name : TL_NONE;
    }
}

/* words[j], a slot, becomes the name of the gram, with TL_FLAG if it repeats in its
 * sequence; TL_NONE if it was dropped. */
static __global__ void tl_resolve(tl_live live, tl_text text, tl_table table, tl_repeats repeats,
                                  uint32_t *words)
{
    for (uint32_t base = tl_warp_base(); base < live.n; base += tl_stride()) {
        uint32_t j = base + tl_lane();
        if (j >= live.n || words[j] == TL_NONE)
            continue;
        uint32_t name = (uint32_t)table.slots[words[j] & ~TL_FLAG].tally;
        if (name != TL_NONE && (words[j] & TL_FLAG)) {
            uint32_t q = text.sequence[live.position[j]];
            bool is_short = text.offsets[q + 1] - text.offsets[q] <= TL_SHORT;
            if (is_short ? live.name[j] : repeats.again[live.name[j]])
                name |= TL_FLAG;
        }
        words[j] = name;
    }
}

/* After the first level: what is left of every sequence when infrequent symbols are cut
 * off its ends.  A warp for a sequence. */
static __global__ void tl_trim(tl_text text, const uint32_t *words)
{
    for (uint32_t q = tl_warp_base() / 32; q < text.sequences; q += tl_stride() / 32) {
        uint32_t end = text.offsets[q + 1], first = TL_NONE, last = 0, count = 0, hash = 0;
        for (uint32_t base = text.offsets[q]; base < end; base += 32) {
            uint32_t i = base + tl_lane();
            uint32_t word = i < end ? words[i] : TL_NONE;
            uint32_t vote = __ballot_sync(TL_ALL_LANES, word != TL_NONE);
            if (vote == 0)
                continue;
            if (first == TL_NONE)
                first = base + (uint32_t)__ffs((int)vote) - 1;
            last = base + 31 - (uint32_t)__clz((int)vote);
            count += (uint32_t)__popc(vote);
            if (word != TL_NONE) /* a sum, so that lanes may add in any order */
                hash += (uint32_t)tl_mix((tl_u64)(i - first) << 32 | word);
        }
        for (int d = 16; d > 0; d /= 2)
            hash += __shfl_xor_sync(TL_ALL_LANES, hash, d);
        if (tl_lane() == 0) {
            uint32_t length = first == TL_NONE ? 0 : last - first + 1;
            text.begin[q] = first;
            text.length[q] = length;
            text.hash[q] = hash;
            text.uncut[q] = count == length;
            text.weight[q] = 0;
            text.whole[q] = 0;
        }
    }
}

/* Whether two sequences are the same.  All lanes of the warp must call it, with the same
 * arguments. */
static __device__ __forceinline__ bool tl_same(tl_text text, const uint32_t *words, uint32_t q,
                                               uint32_t r)
{
    uint32_t n = text.length[q];
    if (text.hash[q] != text.hash[r] || n != text.length[r])
        return false;
    const uint32_t *a = words + text.begin[q], *b = words + text.begin[r];
    for (uint32_t base = 0; base < n; base += 32) {
        uint32_t i = base + tl_lane();
        if (__any_sync(TL_ALL_LANES, i < n && a[i] != b[i]))
            return false;
    }
    return true;
}

/* Merges identical sequences: the first to come to table[0 .. capacity), which is all
 * zero, stands for the others.  A warp for a sequence. */
static __global__ void tl_merge(tl_text text, const uint32_t *words, uint32_t *table,
                                uint32_t capacity)
{
    for (uint32_t q = tl_warp_base() / 32; q < text.sequences; q += tl_stride() / 32) {
        if (text.length[q] == 0)
            continue;
        uint32_t h = tl_home((tl_u64)text.hash[q] << 32 | text.length[q], capacity), r;
        for (;; h = h + 1 < capacity ? h + 1 : 0) {
            uint32_t found = 0;
            if (tl_lane() == 0)
                found = atomicCAS(&table[h], 0u, q + 1);
            found = __shfl_sync(TL_ALL_LANES, found, 0);
            r = found ? found - 1 : q;
            if (found == 0 || tl_same(text, words, q, r))
                break;
        }
        if (tl_lane() == 0)
            atomicAdd(&text.weight[r], 1u);
    }
}

/* The positions of sequences that were merged into another are not live. */
static __global__ void tl_drop_merged(tl_text text, uint32_t *words)
{
    for (uint32_t base = tl_warp_base(); base < text.frames; base += tl_stride()) {
        uint32_t i = base + tl_lane();
        if (i < text.frames && text.weight[text.sequence[i]] == 0)
            words[i] = TL_NONE;
    }
}

/* The grams that are still closed. */
static __global__ void tl_emit(tl_grams grams, uint32_t n, uint32_t length, tl_cuda_pattern *found,
                               tl_counters *counters)
{
    __shared__ uint32_t sums[TL_BLOCK / 32];
    for (uint32_t base = blockIdx.x * TL_BLOCK; base < n; base += tl_stride()) {
        uint32_t name = base + threadIdx.x;
        uint32_t first = name < n ? grams.first[name] : TL_NOT_CLOSED;
        bool closed = !(first & TL_NOT_CLOSED);
        uint32_t to = tl_take_place(&counters->found, closed, sums);
        if (closed) {
            tl_cuda_pattern p = {first, length, grams.support[name]};
            found[to] = p;
        }
    }
}

/* The sequences that are patterns as a whole, if their length is wanted. */
static __global__ void tl_emit_whole(tl_text text, uint32_t min_length, uint32_t max_length,
                                     tl_cuda_pattern *found, tl_counters *counters)
{
    __shared__ uint32_t sums[TL_BLOCK / 32];
    for (uint32_t base = blockIdx.x * TL_BLOCK; base < text.sequences; base += tl_stride()) {
        uint32_t q = base + threadIdx.x;
        bool closed = q < text.sequences && text.whole[q] && text.length[q] >= min_length &&
                      text.length[q] <= max_length;
        uint32_t to = tl_take_place(&counters->found, closed, sums);
        if (closed) {
            tl_cuda_pattern p = {text.begin[q], text.length[q], text.weight[q]};
            found[to] = p;
        }
    }
}

/* What the CPU needs to know of the positions that are left to it. */
static __global__ void tl_gather(tl_live live, tl_text text, uint32_t *sequences,
                                 uint32_t *weights, uint32_t *uncut)
{
    for (uint32_t base = tl_warp_base(); base < live.n; base += tl_stride()) {
        uint32_t j = base + tl_lane();
        if (j >= live.n)
            continue;
        uint32_t q = text.sequence[live.position[j]];
        sequences[j] = q;
        weights[j] = text.weight[q];
        uncut[j] = text.uncut[q];
        live.name[j] &= ~TL_FLAG;
    }
}

/* The sequences that the CPU noted. */
static __global__ void tl_note_whole(tl_text text, const uint32_t *sequences, uint32_t n)
{
    for (uint32_t base = tl_warp_base(); base < n; base += tl_stride())
        if (base + tl_lane() < n)
            atomicExch(&text.whole[sequences[base + tl_lane()]], 1u);
}

#endif
