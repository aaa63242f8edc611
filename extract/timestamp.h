/* timestamp.h: the dates of dumps and exports.
 *
 * Dumps write "2019-05-16T20:52:18.000", exports "2019-05-16 20:52:18",
 * "2019-05-16 20:52:18.000 UTC" or "2019-05-16T20:52:18Z"; all are UTC.
 */
#ifndef TL_EXTRACT_TIMESTAMP_H
#define TL_EXTRACT_TIMESTAMP_H

#include "base/str.h"

/* Milliseconds since 1970-01-01T00:00:00 UTC, or TL_UNKNOWN for anything that is
 * not a date of one of these forms (a day alone is midnight). */
int64_t tl_timestamp_parse(tl_str s);

#endif
