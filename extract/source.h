/* source.h: where bytes come from.
 *
 * A source is one thing named on the command line: a plain file, an archive that
 * libarchive reads (.7z .zip), a compressed file (stream.h: .gz .zst .xz .bz2), all
 * recognised by content, or "-" for standard input.  It holds one or more members; a plain
 * file is its own only member.  Bytes are streamed, never mapped, and a member's
 * name is only ever text: nothing from an archive reaches the file system.
 */
#ifndef TL_EXTRACT_SOURCE_H
#define TL_EXTRACT_SOURCE_H

#include <sys/types.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/str.h"

typedef struct tl_source tl_source;

/* Opens `path`.  TL_IO if it cannot be opened or is a folder, TL_BAD_INPUT if it
 * looks like an archive that libarchive cannot open.  Waiting for a pipe ends with
 * TL_INTERRUPTED when `cancel` (may be NULL) is requested. */
int tl_source_open(tl_source **out, const char *path, const tl_cancel *cancel, tl_error *err)
    TL_MUST_CHECK;
void tl_source_close(tl_source *s);

/* Moves to the next member.  Returns 1 if there is one, 0 after the last. */
int tl_source_next(tl_source *s, tl_error *err) TL_MUST_CHECK;

/* The current member's base name, for messages and for telling Posts from
 * Comments before they are read, and the same with its folders; owned by the source until the next move. */
const char *tl_source_member(const tl_source *s);
const char *tl_source_member_path(const tl_source *s);

/* Reads up to `cap` bytes of the current member: the number read, 0 at its end,
 * or a negative status (TL_BAD_INPUT for a damaged or encrypted archive). */
ssize_t tl_source_read(tl_source *s, void *to, size_t cap, tl_error *err) TL_MUST_CHECK;

/* Ends a wait for a pipe, from any thread: tl_source_read fails with TL_INTERRUPTED. */
void tl_source_stop(tl_source *s);

/* True for an archive or compressed file. */
bool tl_source_is_archive(const tl_source *s);

/* Leaves out the first `n` bytes of a freshly opened plain file; false if the
 * source cannot jump (the caller then reads and drops them). */
bool tl_source_seek(tl_source *s, uint64_t n);

/* Bytes of the named file taken so far (compressed, if it is), its whole size or
 * -1 (a pipe), and its time of change in nanoseconds (0 for a pipe). */
int64_t tl_source_taken(const tl_source *s);
int64_t tl_source_size(const tl_source *s);
int64_t tl_source_mtime(const tl_source *s);

#endif
