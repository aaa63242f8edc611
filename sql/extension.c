/* The entry point of tracelode.so, which brings the functions of sql/functions.h
 * to any program that can load an SQLite extension.  Not part of the program. */
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

#include "sql/functions.h"

/* sqlite3_create_window_function came with 3.25, SQLITE_INNOCUOUS with 3.31. */
enum { OLDEST_SQLITE = 3031000 };

/* SQLite derives this name from that of the file. */
__attribute__((visibility("default"))) int
sqlite3_tracelode_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);

int sqlite3_tracelode_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
    tl_error err;
    SQLITE_EXTENSION_INIT2(api);
    if (sqlite3_libversion_number() < OLDEST_SQLITE) {
        *message = sqlite3_mprintf("tracelode needs SQLite 3.31 or later");
        return SQLITE_ERROR;
    }
    if (tl_sql_functions_register(db, &err) != TL_OK) {
        *message = sqlite3_mprintf("%s", err.message);
        return SQLITE_ERROR;
    }
    return SQLITE_OK;
}
