#include "sql/import.h"

#include "sql/input.h"
#include "sql/patterns.h"
#include "sql/writer.h"

/* v_pattern shows the result with the lowest minimum support, and a result replaces
 * one with the same. */
static int check_own(tl_store *s, const tl_published *patterns, const tl_import *as, tl_error *err)
{
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s,
                              "SELECT min_support FROM mining JOIN library l USING (library_id) "
                              "WHERE l.key = ?1 AND profile = ?2 AND support_kind = ?3 "
                              "AND mining.key = 'stem' AND traces_seen >= 0 AND min_support <= ?4",
                              &stmt, err);
    if (rc)
        return rc;
    tl_bind_str(stmt, 1, tl_str_from(as->library));
    tl_bind_str(stmt, 2, tl_str_from(tl_profile_names[as->profile]));
    tl_bind_str(stmt, 3, tl_str_from(tl_support_names[as->support]));
    sqlite3_bind_int64(stmt, 4, patterns->min_support);
    int step = sqlite3_step(stmt);
    if (step == SQLITE_ROW)
        rc = tl_fail(err, TL_USAGE,
                     "the store has mined patterns of its own for %s (profile %s, by %s, support >= %lld), "
                     "which the imported ones would clash with; import into another store",
                     as->library, tl_profile_names[as->profile], tl_support_names[as->support],
                     (long long)sqlite3_column_int64(stmt, 0));
    else if (step != SQLITE_DONE)
        rc = tl_store_fail(s, step, "reading the mining results", err);
    sqlite3_finalize(stmt);
    return rc;
}

static int find_library(tl_store *s, const tl_import *as, int64_t *library_id, tl_error *err)
{
    tl_writer *w;
    int rc = tl_writer_new(&w, s, err);
    if (rc == TL_OK)
        rc = tl_writer_library(w, as->library, as->library_name, library_id, err);
    tl_writer_free(w);
    return rc;
}

static int write_patterns(tl_pattern_writer *w, const tl_published *patterns, int64_t site_id, tl_error *err)
{
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < patterns->n; i++) {
        const tl_published_pattern *p = &patterns->list[i];
        rc = tl_pattern_writer_add(w, p->frames, p->n_frames, p->support, NULL, 0, err);
        for (size_t k = 0; rc == TL_OK && k < p->n_questions; k++)
            rc = tl_pattern_writer_question(w, site_id, &p->questions[k], err);
    }
    return rc;
}

int tl_import_patterns(tl_store *s, const tl_published *patterns, const tl_import *as, tl_error *err)
{
    tl_mining result = {.library = as->library,
                        .profile = as->profile,
                        .support = as->support,
                        .key = TL_KEY_STEM,
                        .min_support = patterns->min_support,
                        .imported = true};
    int64_t site_id = 0;
    tl_pattern_writer *w = NULL;
    int rc = check_own(s, patterns, as, err);
    if (rc == TL_OK)
        rc = find_library(s, as, &result.library_id, err);
    if (rc == TL_OK)
        rc = tl_input_site(s, as->site, &site_id, err);
    if (rc == TL_OK)
        rc = tl_pattern_writer_new(&w, s, err);
    if (rc == TL_OK)
        rc = tl_pattern_writer_begin(w, &result, err);
    if (rc == TL_OK)
        rc = write_patterns(w, patterns, site_id, err);
    tl_pattern_writer_free(w);
    return rc;
}
