/* paper_words.h: the number of words of a body in profile `paper` (METHOD.md,
 * section 2).
 *
 * No HTML parse: the sections from <p>, <ul> or <ol> without attributes (any case)
 * to the nearest closing tag of the same name count, code in them too.  From a
 * section, its own tags included, exactly <p> <strong> <ol> <ul> <li>, their
 * closing tags and <br> are deleted, in lower case only, in one pass from left to
 * right and without anything in their place.  Tokens between white space count
 * when ASCII punctuation around letters (Unicode) is all they hold.
 */
#ifndef TL_EXTRACT_PAPER_WORDS_H
#define TL_EXTRACT_PAPER_WORDS_H

#include "extract/paper_chars.h"

int64_t tl_paper_words(tl_chars *c, tl_str body);

#endif
