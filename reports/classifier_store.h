/* classifier_store.h: types for the patterns of a store.
 */
#ifndef TL_REPORTS_CLASSIFIER_STORE_H
#define TL_REPORTS_CLASSIFIER_STORE_H

#include "reports/classifier.h"
#include "sql/store.h"

/* Writes the taxonomy into the store, and gives category, type and confidence to every
 * pattern that has none yet; both are "unknown" where the classifier does not know.  NULL: the classifier that ships.
 * Inside a transaction of the caller's. */
int tl_classify_store(tl_store *store, tl_classifier *classifier, tl_error *err) TL_MUST_CHECK;

#endif
