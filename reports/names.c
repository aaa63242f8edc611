#include "reports/names.h"

#include "base/buf.h"

static const struct {
    const char *option, *word, *sql; /* the statement gives the names, for ?1 whether each is it */
} kinds[] = {
    [TL_NAME_LIBRARY] = {"--library", "library", "SELECT key, key = ?1 FROM library ORDER BY library_id"},
    [TL_NAME_CATEGORY] = {"--category", "category",
                          "SELECT category, category = ?1 COLLATE NOCASE FROM type GROUP BY 1 UNION ALL "
                          "SELECT 'unknown', ?1 = 'unknown' COLLATE NOCASE WHERE EXISTS (SELECT 1 FROM type)"},
    [TL_NAME_TYPE] = {"--type", "type",
                      "SELECT name, name = ?1 COLLATE NOCASE FROM type GROUP BY 1 UNION ALL "
                      "SELECT 'unknown', ?1 = 'unknown' COLLATE NOCASE WHERE EXISTS (SELECT 1 FROM type)"}};

enum { MAX_NAME = 64 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* Letters to insert, delete or exchange to turn one name into the other, in any case. */
static size_t distance(const char *a, tl_str b)
{
    size_t row[MAX_NAME + 1];
    for (size_t k = 0; k <= b.len; k++)
        row[k] = k;
    for (size_t i = 0; a[i]; i++) {
        size_t corner = row[0]++;
        for (size_t k = 0; k < b.len; k++) {
            size_t exchange = corner + (lower(a[i]) != lower(b.data[k]));
            size_t least = row[k] < row[k + 1] ? row[k] + 1 : row[k + 1] + 1;
            corner = row[k + 1];
            row[k + 1] = exchange < least ? exchange : least;
        }
    }
    return row[b.len];
}

/* How far a known name, or a part of it between slashes, is from what was typed. */
static size_t farness(const char *typed, const char *known)
{
    size_t least = strlen(known) > MAX_NAME ? SIZE_MAX : distance(typed, tl_str_from(known));
    while (*known && least > 1) {
        size_t n = strcspn(known, "/"), far = n > MAX_NAME ? SIZE_MAX : 1 + distance(typed, (tl_str){known, n});
        least = far < least ? far : least;
        known += n + (known[n] == '/');
    }
    return least;
}

int tl_name_check(tl_store *s, tl_name_kind kind, const char *name, tl_error *err)
{
    sqlite3_stmt *stmt;
    tl_buf names = {0}, closest = {0};
    size_t least = name ? strlen(name) / 3 + 2 : 0; /* as far as this is not close */
    bool known = !name;
    int step, rc = known ? TL_OK : tl_store_prepare(s, kinds[kind].sql, &stmt, err);
    if (rc || known)
        return rc;
    tl_bind_str(stmt, 1, tl_str_from(name));
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *candidate = (const char *)sqlite3_column_text(stmt, 0);
        size_t far = candidate ? farness(name, candidate) : SIZE_MAX;
        known |= sqlite3_column_int(stmt, 1);
        tl_buf_printf(&names, "%s%s", names.len ? ", " : "", candidate ? candidate : "");
        if (far < least) {
            least = far;
            tl_buf_clear(&closest);
            tl_buf_printf(&closest, "%s", candidate);
        }
    }
    names.failed |= closest.failed;
    rc = step == SQLITE_DONE ? tl_buf_check(&names, "names", err) : tl_store_fail(s, step, "reading names", err);
    sqlite3_finalize(stmt);
    if (rc == TL_OK && !known && (names.len || kind == TL_NAME_LIBRARY))
        rc = tl_fail(err, TL_USAGE, "%s %.100s: the store has no such %s%s%s%s has %s", kinds[kind].option, name,
                     kinds[kind].word, closest.len ? ", did you mean '" : "; it", closest.len ? closest.data : "",
                     closest.len ? "'? It" : "", names.len ? names.data : "none");
    tl_buf_free(&names);
    tl_buf_free(&closest);
    return rc;
}
