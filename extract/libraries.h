/* libraries.h: the software libraries a study looks at, and which of them a
 * question belongs to by its tags (METHOD.md, section 1).
 *
 * The list comes from an INI text: corpus/libraries.ini, which ships inside the
 * program and describes the form in its comments, or a file of the user's own.
 * A list is immutable after tl_libraries_new and tl_libraries_narrow, so threads
 * may share it.  Library number i of the list is bit i of every bit set.
 */
#ifndef TL_EXTRACT_LIBRARIES_H
#define TL_EXTRACT_LIBRARIES_H

#include "base/error.h"
#include "base/str.h"

enum { TL_MAX_LIBRARIES = 64 };

typedef struct tl_libraries tl_libraries;

/* corpus/libraries.ini, embedded at build time (build/gen/libraries_ini.h). */
extern const char tl_libraries_ini[];
extern const size_t tl_libraries_ini_len;

/* Reads a list from `text`, which need not outlive the call; `name` says in
 * messages where the text came from.  Fails with TL_BAD_INPUT, the message
 * giving the line, where the text is not a list of 1 to 64 libraries;
 * TL_NO_MEMORY. */
int tl_libraries_new(tl_libraries **out, tl_str text, const char *name, tl_error *err)
    TL_MUST_CHECK;
void tl_libraries_free(tl_libraries *libs);

size_t tl_libraries_count(const tl_libraries *libs);

/* Key ("scikit-learn") and display name ("Scikit-learn") of library `i`; owned by
 * the list, NUL-terminated. */
const char *tl_libraries_key(const tl_libraries *libs, size_t i);
const char *tl_libraries_name(const tl_libraries *libs, size_t i);

/* The tag of library `i`, and the tag of the language (empty if any will do): what a
 * selection depends on beside the keys.  Lower case; owned by the list. */
tl_str tl_libraries_tag(const tl_libraries *libs, size_t i);
tl_str tl_libraries_language(const tl_libraries *libs);

/* Keeps only the libraries named in `keys`, separated by commas ("keras,nltk"),
 * in the order of the list, so that numbers change.  Fails with TL_USAGE for an
 * unknown or empty key (the message lists the known ones) and leaves the list
 * as it was. */
int tl_libraries_narrow(tl_libraries *libs, const char *keys, tl_error *err) TL_MUST_CHECK;

/* The libraries to which a question with these tags ("<a><b>" or "|a|b|", any
 * case) belongs, as a bit set; 0 for none.  Needs no memory and cannot fail. */
uint64_t tl_libraries_match(const tl_libraries *libs, tl_str tags);

#endif
