/* taxonomy_input.h: the taxonomy and the weights that the command line asks for.
 */
#ifndef TL_CLI_TAXONOMY_INPUT_H
#define TL_CLI_TAXONOMY_INPUT_H

#include "reports/classifier.h"
#include "tools/cli/cli.h"

/* The taxonomy in `file`, or the one that ships (NULL).  The caller frees it. */
int tl_taxonomy_input(tl_taxonomy **out, const char *file, tl_error *err) TL_MUST_CHECK;

/* The classifier of `taxonomy` with the weights in `file`, or those that ship (NULL). */
int tl_classifier_input(tl_classifier **out, const tl_taxonomy *taxonomy, const char *file, tl_error *err)
    TL_MUST_CHECK;

#endif
