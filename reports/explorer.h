/* explorer.h: the patterns as data for the page.
 *
 * One JSON object, read by reports/html/page.js:
 *   symbols    "file:function" texts that frames point to
 *   libraries  names; types  [category, type] pairs; sites  [name, address or null]
 *   posts      [site, id, title, answered, views]; answered is 0 for no answer, 1 for
 *              answers none of which is accepted, 2 for an accepted one
 *   patterns   [support, library, type, questions, accepted, [symbol...], [post...]]
 * with positions for what the other lists hold.  Patterns are those of support 2 or
 * more, the most frequent first and at most TL_EXPLORER_MOST; each names its most viewed
 * questions.
 */
#ifndef TL_REPORTS_EXPLORER_H
#define TL_REPORTS_EXPLORER_H

#include "base/buf.h"
#include "reports/report.h"

/* So many patterns a browser still sorts at once. */
enum { TL_EXPLORER_MOST = 20000 };

/* Appends the object; nothing in it can end a script element. */
int tl_explorer_write(tl_store *s, const tl_report_options *o, tl_buf *out, tl_error *err) TL_MUST_CHECK;

/* Appends the address that the ids of a site's questions are appended to, if the site is
 * of the Stack Exchange network (by its host name); false and nothing if not. */
bool tl_site_address(tl_buf *out, tl_str site);

#endif
