/* patterns.h: the inside of a tl_patterns. */
#ifndef TL_MINER_PATTERNS_H
#define TL_MINER_PATTERNS_H

#include "miner/postings.h"

struct tl_patterns {
    tl_run run; /* without what the caller lent for the call */
    bool has_postings;
    tl_posting_index postings;
};

#endif
