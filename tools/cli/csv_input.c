#include "tools/cli/csv_input.h"

#include <errno.h>

#include "sql/csv.h"

int tl_csv_input(tl_store **out, const char *path, bool numbers, tl_error *err)
{
    bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? "standard input" : path;
    *out = NULL;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file)
        return tl_fail(err, TL_IO, "%s: cannot open: %s", path, strerror(errno));
    int rc = tl_store_open_scratch(out, name, err);
    if (rc == TL_OK)
        rc = tl_csv_load(*out, "data", file, name, numbers, err);
    if (rc) {
        tl_store_close(*out);
        *out = NULL;
    }
    if (!standard)
        fclose(file);
    return rc;
}
