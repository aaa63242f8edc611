/* ini.h: a text in memory, for inih to read line by line.
 *
 * inih cuts a line that is too long and stops at a NUL byte without a word; this
 * reader refuses both, and keeps the first problem of a file with its line:
 *
 *     tl_ini in = {.text = text};
 *     int line = ini_parse_stream(tl_ini_line, &in, handler, reader);
 *     rc = tl_ini_end(&in, line, name, "the list of libraries", err);
 */
#ifndef TL_BASE_INI_H
#define TL_BASE_INI_H

#include "base/error.h"
#include "base/str.h"

typedef struct tl_ini {
    tl_str text; /* what inih has not seen yet */
    int line;    /* number of the line it saw last */
    int status;
    char problem[200]; /* with that line; nothing is read after it */
} tl_ini;

/* Gives inih its next line, as fgets would; ends the text at a problem.  `ini` is a tl_ini. */
char *tl_ini_line(char *out, int room, void *ini);

/* The line is wrong: keeps why, if it is the first.  Returns 0, which tells inih so. */
int tl_ini_refuse(tl_ini *in, const char *fmt, ...) TL_PRINTF(2, 3);

/* The same for want of memory. */
int tl_ini_no_memory(tl_ini *in);

/* What came of it: `line` is what ini_parse_stream returned, `name` the file's, `what` is
 * being read.  Fails with TL_BAD_INPUT, naming the line, or TL_NO_MEMORY. */
int tl_ini_end(const tl_ini *in, int line, const char *name, const char *what, tl_error *err) TL_MUST_CHECK;

#endif
