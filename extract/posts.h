/* posts.h: a row's attributes -> a post, or what is said of one.
 */
#ifndef TL_EXTRACT_POSTS_H
#define TL_EXTRACT_POSTS_H

#include "base/error.h"
#include "base/model.h"
#include "extract/row.h"

/* Fills *post from a row of Posts.xml; its texts are the row's.  Rows of other types
 * than question and answer become TL_OTHER_POST.  TL_BAD_INPUT, with the reason, for
 * a post without a usable PostTypeId, a question or answer without a usable Id, or an answer
 * without ParentId.  A number
 * or date that cannot be read is TL_UNKNOWN. */
int tl_post_from_row(const tl_row *row, tl_post *post, tl_error *err) TL_MUST_CHECK;

/* The same for a row that tl_row_scan has read, and only what decides whether the row is
 * kept and what is counted of it: type, id and parent, and of a question the numbers and the
 * tags.  False where tl_post_from_row fails. */
bool tl_post_from_scan(const tl_row *row, tl_post *post);

/* tl_post_from_row for a row that speaks of a post: a comment or a revision.  Its text is
 * the body, in markdown, and the post it speaks of the parent. */
int tl_remark_from_row(const tl_row *row, tl_post *post, tl_error *err) TL_MUST_CHECK;

/* A revision's kind by its PostHistoryTypeId: "initial", "edit" or "rollback" of a
 * body; NULL for all others. */
const char *tl_revision_kind(const tl_row *row);

/* The same for a row of PostBlockVersion: a part of a revision's body, as text if it is code
 * and as markdown if not.  Its newlines are decoded into `arena`. */
int tl_block_from_row(const tl_row *row, tl_arena *arena, tl_post *post, tl_error *err) TL_MUST_CHECK;

/* A tag: its name is the title, its count the score. */
int tl_tag_from_row(const tl_row *row, tl_post *post, tl_error *err) TL_MUST_CHECK;

#endif
