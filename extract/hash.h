/* hash.h: the running hash of an input.
 *
 * XXH3-128 over its bytes from the first row on, but for blanks that fill a block and
 * for the inside of rows over the cap; it does not depend on how the input was cut into
 * blocks.  The state can be saved and go on in another process, so that a resumed run need
 * not read again what is in the store.
 */
#ifndef TL_EXTRACT_HASH_H
#define TL_EXTRACT_HASH_H

#include "base/str.h"

enum { TL_HASH_DIGEST = 16 };

typedef struct tl_hash tl_hash;

/* A fresh hash, or NULL when out of memory. */
tl_hash *tl_hash_new(void);
void tl_hash_free(tl_hash *h);

void tl_hash_reset(tl_hash *h);
void tl_hash_add(tl_hash *h, const void *bytes, size_t n);

/* The digest of what was added so far, big-endian as xxhsum prints it. */
void tl_hash_digest(const tl_hash *h, unsigned char digest[TL_HASH_DIGEST]);

/* Saves the state in at most `cap` bytes and returns how many (0: they do not
 * fit); restores it, false if the bytes are no state of this library's. */
size_t tl_hash_save(const tl_hash *h, void *to, size_t cap);
bool tl_hash_restore(tl_hash *h, const void *from, size_t n);

#endif
