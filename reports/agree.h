/* agree.h: how far coders agree, from a table with a column for each coder.
 */
#ifndef TL_REPORTS_AGREE_H
#define TL_REPORTS_AGREE_H

#include "base/buf.h"
#include "reports/grid.h"

typedef struct tl_agree_options {
    const char *table;   /* in the store: a row a unit, a column a coder, NULL for no label */
    const char *columns; /* the coders' columns separated by commas; NULL: all */
    double level;        /* of the interval, 0.95 */
    size_t resamples;    /* of the bootstrap */
    uint64_t seed;
} tl_agree_options;

/* Fills `out` (empty) with one row: coders, units (with two labels or more), labels,
 * alpha (Krippendorff's, nominal; NULL where undefined), low, high.  TL_USAGE for an
 * unknown column or fewer than two. */
int tl_agree(tl_store *store, const tl_agree_options *o, tl_grid *out, tl_error *err) TL_MUST_CHECK;

#endif
