#define XXH_STATIC_LINKING_ONLY /* the size and layout of the state */
#include "extract/hash.h"

#include <stdlib.h>
#include <xxhash.h>

/* The library's plain functions use SSE2 on x86; these what the processor has. */
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif

struct tl_hash {
    XXH3_state_t state; /* 64-byte aligned */
};

tl_hash *tl_hash_new(void)
{
    tl_hash *h = aligned_alloc(_Alignof(tl_hash), sizeof *h);
    if (h) {
        memset(h, 0, sizeof *h);
        tl_hash_reset(h);
    }
    return h;
}

void tl_hash_free(tl_hash *h)
{
    free(h);
}

void tl_hash_reset(tl_hash *h)
{
    XXH3_128bits_reset(&h->state);
}

void tl_hash_add(tl_hash *h, const void *bytes, size_t n)
{
    if (n)
        XXH3_128bits_update(&h->state, bytes, n);
}

void tl_hash_digest(const tl_hash *h, unsigned char digest[TL_HASH_DIGEST])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&h->state));
    memcpy(digest, canonical.digest, TL_HASH_DIGEST);
}

/* A saved state begins with the library's version: its layout may change. */
size_t tl_hash_save(const tl_hash *h, void *to, size_t cap)
{
    unsigned version = XXH_versionNumber();
    XXH3_state_t state = h->state;
    if (sizeof version + sizeof state > cap)
        return 0;
    state.extSecret = NULL; /* an address of this process */
    memcpy(to, &version, sizeof version);
    memcpy((char *)to + sizeof version, &state, sizeof state);
    return sizeof version + sizeof state;
}

bool tl_hash_restore(tl_hash *h, const void *from, size_t n)
{
    unsigned version;
    if (n != sizeof version + sizeof h->state)
        return false;
    memcpy(&version, from, sizeof version);
    if (version != XXH_versionNumber())
        return false;
    tl_hash_reset(h);
    const unsigned char *secret = h->state.extSecret;
    memcpy(&h->state, (const char *)from + sizeof version, sizeof h->state);
    h->state.extSecret = secret;
    return true;
}
