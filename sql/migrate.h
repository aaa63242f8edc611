/* migrate.h: stores of older versions.
 *
 * Migration n brings the tables from version n - 1 to n; they run one after the other, in
 * one transaction.  The views are made anew from schema.sql, so a migrated store has
 * those of a new one.
 */
#ifndef TL_SQL_MIGRATE_H
#define TL_SQL_MIGRATE_H

#include "sql/store.h"

/* Brings an open store of version `from` >= 1 to TL_STORE_VERSION.  Fails as the store
 * does, and then leaves it as it was. */
int tl_store_migrate(tl_store *s, int64_t from, tl_error *err) TL_MUST_CHECK;

#endif
