/* classifier.h: the type of an exception, from its frames.
 *
 * A multinomial logistic model of our own.  Its features are what stands at the
 * innermost, the next and the outermost frame and anywhere in the pattern (frame,
 * file, function, words of the function's name), which rules of the taxonomy match
 * there, and the length.  The score of a type is the sum of two parts: the rules' own
 * votes, with the fixed strengths of classifier.c, and weights that were learned from
 * labels (classifier_learn.h).  So a rule that is added to the taxonomy counts at once, and a
 * type that no label was seen for can still be found.  The exception's class and
 * message vote where they are known.
 *
 * The confidence is the model's probability of the type.  Below TL_CONFIDENT, and for
 * frames of which neither rules nor weights know any, the type is unknown.
 */
#ifndef TL_REPORTS_CLASSIFIER_H
#define TL_REPORTS_CLASSIFIER_H

#include "reports/taxonomy.h"

#define TL_CONFIDENT 0.15

/* corpus/taxonomy-weights.ini, embedded at build time. */
extern const char tl_taxonomy_weights_ini[];
extern const size_t tl_taxonomy_weights_ini_len;

typedef struct tl_classifier tl_classifier;

typedef struct tl_classified {
    int type;          /* of the taxonomy; -1: unknown */
    double confidence; /* of the best type, unknown or not */
} tl_classified;

/* Makes a classifier of `taxonomy`, which must outlive it, and of the weights in the
 * INI text `weights` (classifier_learn.h describes it; it may be empty).  Weights of types that
 * the taxonomy does not have are left out.  TL_BAD_INPUT with the line for a text that
 * is none, TL_NO_MEMORY.  A classifier belongs to one thread. */
int tl_classifier_new(tl_classifier **out, const tl_taxonomy *taxonomy, tl_str weights, const char *name,
                      tl_error *err) TL_MUST_CHECK;

/* The classifier that ships, with a taxonomy of its own. */
int tl_classifier_shipped(tl_classifier **out, tl_error *err) TL_MUST_CHECK;
void tl_classifier_free(tl_classifier *c);

const tl_taxonomy *tl_classifier_taxonomy(const tl_classifier *c);

/* Classifies frames, outermost first; of each, `file` and `function` are looked at, and
 * `package` if it is there.  `exception` and `message` may be absent.  Fails with
 * TL_NO_MEMORY. */
int tl_classify(tl_classifier *c, const tl_frame *frames, size_t n, tl_str exception, tl_str message,
                tl_classified *out, tl_error *err) TL_MUST_CHECK;

/* Frames from a pattern's text in the store, "file:function > file:function"; at most
 * `room` of them, the innermost ones; a dotted module gives file and package. */
size_t tl_pattern_frames(tl_str text, tl_frame *frames, size_t room);

#endif
