/* paper_chars.h: Unicode classes of the characters of a UTF-8 text, as the study's
 * method means them (METHOD.md, section 3: "Word, digit and space are Unicode's").
 *
 *   letter  general category L
 *   digit   general category Nd
 *   word    a letter, any number (N) or the underscore
 *   space   White_Space, and the separators U+001C to U+001F, which are white space
 *           by their bidirectional class; they stand in no well-formed XML
 *
 * ASCII is answered from a table, other letters and numbers by PCRE2, so that the
 * program has one source of Unicode data.  One thread at a time.
 */
#ifndef TL_EXTRACT_PAPER_CHARS_H
#define TL_EXTRACT_PAPER_CHARS_H

#include "base/error.h"
#include "base/str.h"

enum {
    TL_CHAR_LETTER = 1,
    TL_CHAR_DIGIT = 2,
    TL_CHAR_WORD = 4,
    TL_CHAR_SPACE = 8
};

typedef struct tl_chars tl_chars;

/* One character of a text: its class (TL_CHAR_... or'ed) and its bytes.  A byte
 * that is not part of well-formed UTF-8 is a character of one byte, no class. */
typedef struct tl_char {
    unsigned class;
    unsigned len;
} tl_char;

int tl_chars_new(tl_chars **out, tl_error *err) TL_MUST_CHECK;
void tl_chars_free(tl_chars *c);

/* The character that begins at byte `at` < text.len. */
tl_char tl_chars_at(tl_chars *c, tl_str text, size_t at);

/* The first position at or after `at` whose character has (`wanted` true) or has
 * not (false) one of the classes in `mask`; text.len if there is none. */
size_t tl_chars_find(tl_chars *c, tl_str text, size_t at, unsigned mask, bool wanted);

/* `s` without white space at both ends. */
tl_str tl_chars_trim(tl_chars *c, tl_str s);

/* TL_OK, or the failure of any look-up since the last call: that look-up answered
 * "no class", so what was read with it is not to be trusted. */
int tl_chars_check(tl_chars *c, tl_error *err) TL_MUST_CHECK;

/* ASCII tests, free of the locale. */
static inline bool tl_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool tl_ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

#endif
