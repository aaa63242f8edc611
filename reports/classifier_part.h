/* classifier_part.h: what classifying and learning share; private to reports/.
 *
 * A pattern becomes a sparse vector of named features.  Names are numbered by a table
 * that grows while learning and is fixed afterwards.
 */
#ifndef TL_REPORTS_CLASSIFIER_PART_H
#define TL_REPORTS_CLASSIFIER_PART_H

#include "base/buf.h"
#include "base/map.h"
#include "reports/classifier.h"

typedef struct tl_feature {
    uint32_t id;
    float value;
} tl_feature;

typedef struct tl_feature_table {
    const tl_taxonomy *taxonomy;
    tl_map ids;      /* name -> id */
    bool grows;      /* new names get an id; else they are passed over */
    tl_buf name;     /* scratch */
    tl_map symbols;  /* "package/file:function" -> where its rules stand in `rules` */
    uint16_t *rules; /* for each symbol: number of rules, then the rules */
    size_t n_rules, cap_rules;
} tl_feature_table;

/* The features of one pattern and the votes of its rules.  Zeroed it is empty; reuse
 * it from pattern to pattern. */
typedef struct tl_features {
    tl_feature *list;
    size_t n, cap;
    double votes[TL_MAX_TYPES]; /* by type: what the rules say */
    bool known;                 /* a rule or a known feature spoke */
} tl_features;

void tl_feature_table_free(tl_feature_table *t);
void tl_features_free(tl_features *f);

/* Fills *out (overwritten).  Fails with TL_NO_MEMORY. */
int tl_features_of(tl_feature_table *t, const tl_frame *frames, size_t n, tl_features *out, tl_error *err)
    TL_MUST_CHECK;

/* Turns scores of n types into probabilities, in place. */
void tl_softmax(double *scores, int n);

#endif
