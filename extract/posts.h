/* posts.h: a row's attributes -> a post.
 */
#ifndef TL_EXTRACT_POSTS_H
#define TL_EXTRACT_POSTS_H

#include "base/error.h"
#include "base/model.h"
#include "extract/row.h"

/* Fills *post from a row of Posts.xml; its texts are the row's.  Rows of other types
 * than question and answer become TL_OTHER_POST.  TL_BAD_INPUT, with the reason, for
 * a question or answer without a usable Id, or an answer without ParentId.  A number
 * or date that cannot be read is TL_UNKNOWN. */
int tl_post_from_row(const tl_row *row, tl_post *post, tl_error *err) TL_MUST_CHECK;

#endif
