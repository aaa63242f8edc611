/* plan.h: paths on the command line -> inputs to read, in order.
 *
 * An archive may hold several files: those of a dump, if it has any, else all
 * whose name does not say that they are something else.  Posts are read before
 * the files that speak of them, whatever the order of the arguments.
 */
#ifndef TL_EXTRACT_PLAN_H
#define TL_EXTRACT_PLAN_H

#include "base/arena.h"
#include "base/cancel.h"
#include "base/error.h"
#include "extract/format.h"

typedef struct tl_plan_item {
    const char *path; /* as given */
    size_t member;    /* number within an archive, from 0 */
    const char *name; /* what the store calls it: "Posts.xml", "site.7z/Posts.xml" */
    const char *site;
    int rank; /* files of posts before the others */
} tl_plan_item;

typedef struct tl_plan {
    tl_plan_item *items;
    size_t n;
} tl_plan;

/* Opens every path once, so that a missing file is told before any work is done.
 * Items and their texts live in `arena`.  `site` NULL: an archive named like a
 * host (ai.stackexchange.com.7z, stackoverflow.com-Posts.7z) gives that, any other
 * file its folder's name, standard input "stdin". */
int tl_plan_make(tl_plan *plan, const char *const *paths, size_t n, const char *site,
                 tl_container container, tl_arena *arena, const tl_cancel *cancel, tl_error *err) TL_MUST_CHECK;

#endif
