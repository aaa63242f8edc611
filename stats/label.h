/* label.h: texts turned into small numbers, for what only asks whether two are equal. */
#ifndef TL_STATS_LABEL_H
#define TL_STATS_LABEL_H

#include "base/error.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

/* Writes into ids[i] the rank of texts[i] among the distinct texts in byte order,
 * counted from 0: equal texts get equal numbers and the numbers have no gaps.
 * Fails with TL_NO_MEMORY, or TL_USAGE for more than 2^32 - 1 texts. */
int tl_label_ids(const tl_str *texts, size_t n, uint32_t *ids, tl_error *err) TL_MUST_CHECK;

#endif
