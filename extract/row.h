/* row.h: one <row .../> -> its attributes.
 *
 * Two readers.  tl_row_scan walks the raw bytes and costs next to nothing; it
 * vouches only for what it understands and says "unusual" otherwise.
 * tl_row_parse is libxml2: it decides what is well-formed and resolves entities.
 */
#ifndef TL_EXTRACT_ROW_H
#define TL_EXTRACT_ROW_H

#include "base/arena.h"
#include "base/error.h"

/* The attributes that any of a dump's files give us, by their name in Posts.xml. */
typedef enum tl_attr {
    TL_ATTR_ID,
    TL_ATTR_POST_TYPE,
    TL_ATTR_HISTORY_TYPE,
    TL_ATTR_PARENT, /* PostId in the files that speak of posts */
    TL_ATTR_ACCEPTED,
    TL_ATTR_CREATED,
    TL_ATTR_SCORE, /* Count of a tag */
    TL_ATTR_VIEWS,
    TL_ATTR_BODY,  /* Text of a revision or comment */
    TL_ATTR_TITLE, /* TagName */
    TL_ATTR_TAGS,
    TL_ATTR_ANSWERS,
    TL_ATTR_COMMENTS,
    TL_ATTRS
} tl_attr;

typedef struct tl_row {
    tl_str attr[TL_ATTRS]; /* data NULL: not there */
} tl_row;

/* Walks the raw row and fills `row` with undecoded values that point into it.
 * Stops early where the row is plainly of no use (neither question nor answer, a
 * revision of something else than a body), or is an answer or a revision whose Id
 * and post have been seen.  The type of a post and that of a revision both stop it,
 * so a caller must not trust a row that has the other file's.  False: unusual (single
 * quotes, an attribute twice, a reference in a field that is read raw, bad syntax), ask
 * tl_row_parse. */
bool tl_row_scan(tl_str raw, tl_row *row);

typedef struct tl_row_parser tl_row_parser;

int tl_row_parser_new(tl_row_parser **out, tl_error *err) TL_MUST_CHECK;
void tl_row_parser_free(tl_row_parser *p);

/* Parses one row; the values are decoded copies in `arena`.  *repairs is the number
 * of bad bytes or references that were replaced first (see repair.h).  TL_BAD_INPUT
 * with libxml2's reason if the row is not well-formed; TL_NO_MEMORY. */
int tl_row_parse(tl_row_parser *p, tl_str raw, tl_arena *arena, tl_row *row, size_t *repairs,
                 tl_error *err) TL_MUST_CHECK;

#endif
