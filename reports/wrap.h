/* wrap.h: text for a terminal of 80 columns. */
#ifndef TL_REPORTS_WRAP_H
#define TL_REPORTS_WRAP_H

#include "base/buf.h"

/* Appends `text` (escaped already, UTF-8, one line) as lines of up to 80 columns where it
 * has blanks to break at, the first after `indent` blanks, the others after `more` blanks
 * more, and a newline at the end. */
void tl_wrap(tl_buf *out, tl_str text, int indent, int more);

#endif
