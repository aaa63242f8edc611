/* names.h: names that people type and a store knows.
 */
#ifndef TL_REPORTS_NAMES_H
#define TL_REPORTS_NAMES_H

#include "sql/store.h"

typedef enum tl_name_kind { TL_NAME_LIBRARY, TL_NAME_CATEGORY, TL_NAME_TYPE } tl_name_kind;

/* TL_OK if `name` is NULL or a name of that kind which the store has (libraries in
 * their own case, the others in any); categories and types pass in a store that has
 * none yet, as before mining.  Else TL_USAGE: the message tells the closest name, if
 * one is close, and all of them. */
int tl_name_check(tl_store *s, tl_name_kind kind, const char *name, tl_error *err) TL_MUST_CHECK;

#endif
