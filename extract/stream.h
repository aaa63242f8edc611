/* stream.h: a file that is one compressed stream (.gz .bz2 .xz .zst) -> its bytes.
 *
 * libarchive reads these too, but keeps the last block that it has decompressed to itself
 * when the file is cut off.  Here every byte comes out that the file gives, and then the
 * failure.  Several streams one after the other are one file, as for gzip and the others.
 */
#ifndef TL_EXTRACT_STREAM_H
#define TL_EXTRACT_STREAM_H

#include "extract/rows.h"

typedef struct tl_stream tl_stream;

/* A decompressor for the bytes that `read` gives, which begin with `head` (not taken from
 * them).  *out stays NULL if that is not how such a stream begins.  TL_NO_MEMORY. */
int tl_stream_new(tl_stream **out, tl_str head, tl_read_fn *read, void *ctx, tl_error *err) TL_MUST_CHECK;
void tl_stream_free(tl_stream *s);

/* Decompresses, as a tl_read_fn: TL_BAD_INPUT, after the bytes before it, where the stream is
 * cut off or damaged. */
ssize_t tl_stream_read(tl_stream *s, void *to, size_t cap, tl_error *err) TL_MUST_CHECK;

#endif
