/* report.h: the folder that a study ends in.
 *
 *   index.html                      the report to read, self-contained
 *   tables/NAME.{csv,md,tex,json}   the tables of the study, both profiles
 *   figures/figN.{csv,gp,svg}       data, gnuplot script and drawing
 *   manifest.json                   what it was made from
 *
 * The same store and options give the same bytes, in any locale and time zone.
 * Every file is written under a temporary name and renamed, so a reader never sees
 * half a file.  The store is only read.
 */
#ifndef TL_REPORTS_REPORT_H
#define TL_REPORTS_REPORT_H

#include "base/cancel.h"
#include "base/model.h"
#include "sql/store.h"

typedef struct tl_report_options {
    tl_profile profile;      /* printed first; the one of summary and explorer */
    tl_support_kind support; /* of the explorer and of Figures 4 to 7 */
    tl_key key;              /* which mining results are read */
    bool figures;            /* also draw figN.svg with gnuplot */
    const tl_cancel *cancel; /* may be NULL */
} tl_report_options;

typedef struct tl_report_summary {
    int files;              /* written */
    int figures;            /* drawn by gnuplot */
    bool gnuplot_missing;   /* figures were wanted, but there is no gnuplot */
    int64_t questions;      /* in the profile, each counted once */
    int64_t with_trace;     /* of these */
    int64_t patterns;       /* of support >= 2 in the explorer */
} tl_report_summary;

/* Writes the report into `folder`, which is made if it is not there (its parent must
 * be).  Existing files of a report are replaced, others are left alone.  Fails with
 * TL_IO naming the path, TL_NO_MEMORY or TL_INTERRUPTED; what was written before
 * stays. */
int tl_report_write(tl_store *store, const char *folder, const tl_report_options *o,
                    tl_report_summary *out, tl_error *err) TL_MUST_CHECK;

#endif
