/* order.h: the order in which patterns are reported: falling support, falling length,
 * then symbol by symbol. */
#ifndef TL_MINER_ORDER_H
#define TL_MINER_ORDER_H

#include "miner/miner.h"

/* Sorts patterns[0 .. n) of a database with these symbols.  `in_symbol_order` says that
 * patterns of equal support and length already stand in the order of their symbols. */
int tl_order_patterns(tl_pattern *patterns, size_t n, const uint32_t *symbols,
                      bool in_symbol_order, tl_error *err) TL_MUST_CHECK;

#endif
