#define PCRE2_CODE_UNIT_WIDTH 8
#include "reports/manifest.h"

#include <archive.h>
#include <libxml/xmlversion.h>
#include <pcre2.h>

#include "reports/classifier.h"
#include "reports/format.h"
#include "reports/sha256.h"
#include "reports/taxonomy.h"

/* The commit the program was built from, where the Makefile could tell. */
#ifndef TL_COMMIT
#define TL_COMMIT ""
#endif

/* Appends `"name": [rows]`. */
static int add_rows(tl_store *s, const char *name, const char *sql, tl_buf *out, tl_error *err)
{
    tl_grid g = {0};
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s, sql, &stmt, err);
    if (rc)
        return rc;
    rc = tl_grid_load(&g, s, stmt, err);
    sqlite3_finalize(stmt);
    tl_buf_printf(out, ",\n\"%s\": ", name);
    if (rc == TL_OK)
        rc = tl_format_grid(&g, TL_FORMAT_JSON, NULL, out, err);
    if (out->len && out->data[out->len - 1] == '\n')
        out->data[--out->len] = '\0';
    tl_grid_free(&g);
    return rc;
}

/* What a result depends on beside the inputs and options: the libraries that read
 * them, and the rules that type the patterns. */
static void add_makers(tl_buf *out)
{
    char pcre2[64] = "";
    pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
    tl_buf_printf(out,
                  ",\n\"built_with\": {\"sqlite\": \"%s\", \"libxml2\": \"%s\", \"pcre2\": \"%s\", "
                  "\"libarchive\": \"%s\"}",
                  sqlite3_libversion(), LIBXML_DOTTED_VERSION, pcre2, ARCHIVE_VERSION_ONLY_STRING);
    tl_buf_add_cstr(out, ",\n\"rules\": {\"taxonomy.ini\": \"");
    tl_sha256_source(out, (tl_str){tl_taxonomy_ini, tl_taxonomy_ini_len});
    tl_buf_add_cstr(out, "\", \"taxonomy-weights.ini\": \"");
    tl_sha256_source(out, (tl_str){tl_taxonomy_weights_ini, tl_taxonomy_weights_ini_len});
    tl_buf_add_cstr(out, "\"}");
}

int tl_manifest(tl_store *s, const tl_report_options *o, tl_buf *out, tl_error *err)
{
    tl_buf_printf(out,
                  "{\n\"program\": \"tracelode\",\n\"version\": \"%s\",\n\"commit\": \"%s\",\n"
                  "\"store_version\": %d,\n"
                  "\"options\": {\"profile\": \"%s\", \"support\": \"%s\", \"key\": \"%s\"}",
                  TL_VERSION, TL_COMMIT, TL_STORE_VERSION, tl_profile_names[o->profile],
                  tl_support_names[o->support], tl_key_names[o->key]);
    add_makers(out);
    int rc = add_rows(s, "inputs",
                      "SELECT s.name AS site, i.name, i.kind, i.size, lower(hex(i.hash)) AS xxh3_128,"
                      " i.selection, i.complete, i.rows, i.questions, i.answers, i.duplicates, i.orphans,"
                      " i.repaired, i.quarantined, i.unmatched"
                      " FROM input i JOIN site s USING (site_id) ORDER BY s.name, i.name",
                      out, err);
    if (rc == TL_OK)
        rc = add_rows(s, "libraries",
                      "SELECT l.key, l.name, count(ql.question_key) AS questions FROM library l"
                      " LEFT JOIN question_library ql USING (library_id)"
                      " GROUP BY l.library_id ORDER BY l.library_id",
                      out, err);
    if (rc == TL_OK)
        rc = add_rows(s, "mining",
                      "SELECT l.key AS library, m.profile, m.support_kind, m.key, m.min_support, m.min_length,"
                      " m.max_length, m.sequences, count(p.pattern_key) AS patterns FROM mining m"
                      " JOIN library l USING (library_id) LEFT JOIN pattern p USING (mining_id)"
                      " GROUP BY m.mining_id"
                      " ORDER BY l.library_id, m.profile, m.support_kind, m.key, m.min_support",
                      out, err);
    tl_buf_add_cstr(out, "\n}\n");
    return rc;
}
