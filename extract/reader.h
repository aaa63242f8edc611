/* reader.h: bytes of an input -> rows, whatever holds them.
 *
 * Looks at the first bytes to tell XML, CSV, JSONL and plain text apart and hands over
 * to the framer of that container.  UTF-16 is converted first; offsets are then those
 * of the converted text.  What a file is called matters only where its content
 * does not tell: a .xml that is none is an error, not a log.
 */
#ifndef TL_EXTRACT_READER_H
#define TL_EXTRACT_READER_H

#include "extract/format.h"
#include "extract/rows.h"

typedef struct tl_reader tl_reader;

/* A reader for the input called `name`, at whose first byte `read` stands.  `container`
 * other than TL_CONTAINER_AUTO is believed without looking. */
int tl_reader_new(tl_reader **out, const char *name, tl_container container, tl_read_fn *read, void *ctx,
                  tl_error *err) TL_MUST_CHECK;
void tl_reader_free(tl_reader *r);

/* Recognises the input and reads up to its first row.  TL_BAD_INPUT if it is nothing
 * that we know. */
int tl_reader_start(tl_reader *r, tl_error *err) TL_MUST_CHECK;

/* What it is, known after tl_reader_start, and the same as a short text for the store:
 * an XML file's root element, "csv posts", "jsonl", "text", ... */
const tl_format *tl_reader_format(const tl_reader *r);
const char *tl_reader_kind(const tl_reader *r);

/* Can reading go on in the middle?  Else the input has to be read from its start. */
bool tl_reader_can_jump(const tl_reader *r);

/* Goes on at byte `offset`, where `read` now stands and a row begins, of a reader that can
 * jump.  False when out of memory. */
bool tl_reader_jump(tl_reader *r, uint64_t offset);

/* Fills the batch with the next rows, about 1 MB of them.  Returns 1 with at least one
 * row; 0 at the regular end.  When the input is cut off or goes wrong, the rows before
 * are delivered first, and the call after them fails. */
int tl_reader_fill(tl_reader *r, tl_row_batch *b, tl_error *err) TL_MUST_CHECK;

#endif
