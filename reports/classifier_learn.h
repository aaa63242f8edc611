/* classifier_learn.h: fits the weights of the classifier to labelled patterns.
 *
 * Minimises the log loss of the labels plus an L2 penalty on the weights, which lie on
 * top of the rules' fixed votes: where labels say nothing, the rules decide.  Coders'
 * sheets hold slips (rows that moved, say), so each label counts by the probability
 * that it is none: the model of Bootkrajang and Kaban, "Label-noise robust logistic
 * regression and its applications" (ECML PKDD 2012), simplified to slips that follow
 * the labels' overall frequency, fitted by expectation maximisation.  Batch descent
 * with Nesterov's momentum, no randomness: the same labels in the same order give the
 * same text.
 *
 * The text is an INI: a section for each type ("[MOD training/learning]"), in it lines
 * "weight = feature", such as "0.53 = last-file pickle".  The kinds of features are
 * listed in classifier.h.
 */
#ifndef TL_REPORTS_CLASSIFIER_LEARN_H
#define TL_REPORTS_CLASSIFIER_LEARN_H

#include "base/buf.h"
#include "base/cancel.h"
#include "reports/taxonomy.h"

typedef struct tl_labelled {
    const tl_frame *frames;
    size_t n_frames;
    int type; /* of the taxonomy, not -1 */
} tl_labelled;

/* Appends the weights to *out.  TL_USAGE without any label, TL_NO_MEMORY,
 * TL_INTERRUPTED. */
int tl_learn(const tl_taxonomy *taxonomy, const tl_labelled *examples, size_t n, const tl_cancel *cancel,
             tl_buf *out, tl_error *err) TL_MUST_CHECK;

#endif
