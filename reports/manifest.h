/* manifest.h: what a report was made from.
 *
 * The program's version, the options that change results, the inputs by base name and
 * hash, the mining results and counters.  No path, no time, no thread count: the
 * same store gives the same manifest anywhere.
 */
#ifndef TL_REPORTS_MANIFEST_H
#define TL_REPORTS_MANIFEST_H

#include "base/buf.h"
#include "reports/report.h"

/* Appends the manifest, a JSON object. */
int tl_manifest(tl_store *s, const tl_report_options *o, tl_buf *out, tl_error *err) TL_MUST_CHECK;

#endif
