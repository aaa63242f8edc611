#include "reports/query.h"

#include "base/buf.h"
#include "reports/explorer.h"
#include "reports/names.h"

static const char *const column_names[] = {"pattern_id", "library",    "support", "questions",  "unanswered",
                                           "views",      "libraries",  "category", "type",      "confidence",
                                           "length",     "frames",     "posts"};
enum { COLUMNS = 13, POSTS = COLUMNS - 1 };

/* Of each library the first patterns are taken apart, so that for the order by support,
 * which is that of the index pattern_recurrent, only those are read; the other orders
 * read nothing but that index.  `support >= 2` stands there in so many words, or SQLite
 * does not use it. */
static const char find_sql[] =
    "WITH mined AS MATERIALIZED ("
    " SELECT m.mining_id, l.library_id, l.key AS library FROM mining m JOIN library l USING (library_id)"
    " WHERE m.profile = ?1 AND m.support_kind = ?2 AND m.key = ?3 AND (?4 IS NULL OR l.key = ?4)"
    "   AND m.min_support = (SELECT min(o.min_support) FROM mining o WHERE o.library_id = m.library_id"
    "     AND o.profile = m.profile AND o.support_kind = m.support_kind AND o.key = m.key)) "
    "SELECT p.pattern_id, m.library, p.support, p.questions, p.unanswered, p.views, p.libraries, p.category,"
    " p.type, p.confidence, p.length, p.frames, NULL, p.pattern_key "
    "FROM mined m CROSS JOIN pattern p ON p.pattern_key IN ("
    " SELECT f.pattern_key FROM pattern f INDEXED BY pattern_recurrent"
    " WHERE f.mining_id = m.mining_id AND f.support >= 2 AND f.support >= ?5"
    "   AND (?6 IS NULL OR (instr(f.frames, ?11) AND holds_frame(f.frames, ?6)))"
    "   AND (?7 IS NULL OR f.category = ?7 COLLATE NOCASE)"
    "   AND (?8 IS NULL OR f.type = ?8 COLLATE NOCASE)"
    "   AND (?9 <= 0 OR f.libraries >= ?9)"
    " ORDER BY %1$s f.support DESC, f.length DESC, f.frames LIMIT ?10) "
    "ORDER BY %2$s p.support DESC, p.length DESC, p.frames, m.library_id LIMIT ?10";

/* NULL is the least value: unknown comes last. */
static const char *const inner_order[] = {
    [TL_SORT_SUPPORT] = "", [TL_SORT_UNANSWERED] = "f.unanswered DESC,", [TL_SORT_VIEWS] = "f.views DESC,"};
static const char *const outer_order[] = {
    [TL_SORT_SUPPORT] = "", [TL_SORT_UNANSWERED] = "p.unanswered DESC,", [TL_SORT_VIEWS] = "p.views DESC,"};

static const char posts_sql[] =
    "SELECT s.name, q.id FROM pattern_example JOIN question q USING (question_key) JOIN site s USING (site_id) "
    "WHERE pattern_key = ?1 ORDER BY place";

void tl_question_address(tl_buf *out, tl_str site, tl_str id)
{
    if (!tl_site_address(out, site)) {
        tl_buf_add_str(out, site);
        tl_buf_add_char(out, ' ');
    }
    tl_buf_add_str(out, id);
}

bool tl_answer_address(tl_buf *out, tl_str site, int64_t id)
{
    const bool failed = out->failed; /* what is forgotten here the caller would miss */
    tl_buf_clear(out);
    out->failed = failed;
    if (id == TL_UNKNOWN || !tl_site_address(out, site) || out->failed)
        return false;
    out->len -= 2; /* "q/" */
    tl_buf_printf(out, "a/%lld", (long long)id);
    return !out->failed;
}

static const char arrow[] = " > "; /* between two frames */

/* Whether `text` begins with what `wanted` says, up to the end of a frame; a * stands for
 * any text within a frame, the last one for as much as it must. */
static bool begins_with(const char *text, const char *wanted)
{
    const size_t n = sizeof arrow - 1;
    const char *star = NULL, *from = NULL; /* what follows the last *, and where it was tried */
    for (;;) {
        if (*wanted == '*') {
            star = ++wanted;
            from = text;
        } else if (!*wanted && (!*text || strncmp(text, arrow, n) == 0)) {
            return true;
        } else if (*text && *wanted == *text) {
            wanted++, text++;
        } else if (star && *from && strncmp(from, arrow, n) != 0) {
            wanted = star;
            text = ++from;
        } else {
            return false;
        }
    }
}

/* holds_frame(frames, wanted): whether any of the frames is the wanted one. */
static void holds_frame(sqlite3_context *ctx, int n_args, sqlite3_value **args)
{
    const char *text = (const char *)sqlite3_value_text(args[0]);
    const char *wanted = (const char *)sqlite3_value_text(args[1]);
    bool found = false;
    (void)n_args;
    if (!text || !wanted) {
        sqlite3_result_error_nomem(ctx); /* neither is NULL */
        return;
    }
    while (text && !found) {
        found = begins_with(text, wanted);
        text = strstr(text, arrow);
        text = text ? text + sizeof arrow - 1 : NULL;
    }
    sqlite3_result_int(ctx, found);
}

static int add_function(tl_store *s, tl_error *err)
{
    int rc = sqlite3_create_function(tl_store_db(s), "holds_frame", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                     holds_frame, NULL, NULL);
    return rc == SQLITE_OK ? TL_OK : tl_store_fail(s, rc, "preparing a query", err);
}

static int check_contains(const tl_query *q, tl_error *err)
{
    const char *colon = q->contains ? strchr(q->contains, ':') : NULL;
    if (!q->contains || (colon && colon[1]) || q->key == TL_KEY_FUNCTION)
        return TL_OK;
    return tl_fail(err, TL_USAGE, "--contains %s: expected FILE:FUNCTION, such as training:fit or pickle:*",
                   q->contains);
}

/* The longest part without *: most patterns do not hold it, which is soon seen. */
static tl_str longest_literal(const char *contains)
{
    tl_str longest = {contains, 0};
    for (const char *p = contains; *p;) {
        size_t n = strcspn(p, "*");
        if (n > longest.len)
            longest = (tl_str){p, n};
        p += n + (p[n] == '*');
    }
    return longest;
}

/* Why nothing was found. */
static int explain(tl_store *s, const tl_query *q, tl_error *err)
{
    int rc = tl_name_check(s, TL_NAME_LIBRARY, q->library, err);
    if (rc == TL_OK)
        rc = tl_name_check(s, TL_NAME_CATEGORY, q->category, err);
    if (rc == TL_OK)
        rc = tl_name_check(s, TL_NAME_TYPE, q->type, err);
    if (rc == TL_OK)
        rc = tl_fail(err, TL_NOTHING,
                     "no pattern matches; patterns are there after 'tracelode mine', with support 2 or more");
    return rc;
}

static int add_posts(tl_store *s, tl_grid *g, tl_cell *cell, sqlite3_stmt *posts, int64_t pattern_key, tl_error *err)
{
    tl_buf text = {0};
    int step;
    sqlite3_bind_int64(posts, 1, pattern_key);
    while ((step = sqlite3_step(posts)) == SQLITE_ROW) {
        if (text.len)
            tl_buf_add_char(&text, ' ');
        tl_question_address(&text, tl_str_from((const char *)sqlite3_column_text(posts, 0)),
                            tl_str_from((const char *)sqlite3_column_text(posts, 1)));
    }
    int rc = step == SQLITE_DONE ? tl_buf_check(&text, "addresses", err)
                                 : tl_store_fail(s, step, "reading example posts", err);
    sqlite3_reset(posts);
    if (rc == TL_OK && !tl_grid_set_text(g, cell, tl_buf_str(&text)))
        rc = tl_fail_memory(err, "a table");
    tl_buf_free(&text);
    return rc;
}

/* Turns the rows with a pattern_key behind them into those of `out`. */
static int take_rows(tl_store *s, const tl_grid *found, tl_grid *out, tl_error *err)
{
    sqlite3_stmt *posts = NULL;
    int rc = tl_grid_columns(out, column_names, COLUMNS, err);
    if (rc == TL_OK)
        rc = tl_store_prepare(s, posts_sql, &posts, err);
    for (size_t r = 0; rc == TL_OK && r < found->n_rows; r++) {
        const tl_cell *from = tl_grid_row(found, r);
        tl_cell *to = tl_grid_add_row(out);
        if (!to) {
            rc = tl_fail_memory(err, "a table");
            break;
        }
        for (int c = 0; rc == TL_OK && c < POSTS; c++)
            if (from[c].type != TL_CELL_TEXT)
                to[c] = from[c];
            else if (!tl_grid_set_text(out, &to[c], from[c].text))
                rc = tl_fail_memory(err, "a table");
        if (rc == TL_OK)
            rc = add_posts(s, out, &to[POSTS], posts, from[COLUMNS].integer, err);
    }
    sqlite3_finalize(posts);
    return rc;
}

static void bind(sqlite3_stmt *stmt, const tl_query *q)
{
    tl_bind_str(stmt, 1, tl_str_from(tl_profile_names[q->profile]));
    tl_bind_str(stmt, 2, tl_str_from(tl_support_names[q->support]));
    tl_bind_str(stmt, 3, tl_str_from(tl_key_names[q->key]));
    tl_bind_str(stmt, 4, tl_str_from(q->library));
    sqlite3_bind_int64(stmt, 5, q->min_support);
    tl_bind_str(stmt, 6, tl_str_from(q->contains));
    tl_bind_str(stmt, 7, tl_str_from(q->category));
    tl_bind_str(stmt, 8, tl_str_from(q->type));
    sqlite3_bind_int64(stmt, 9, q->shared);
    sqlite3_bind_int64(stmt, 10, q->limit);
    tl_bind_str(stmt, 11, q->contains ? longest_literal(q->contains) : (tl_str){0});
}

int tl_query_patterns(tl_store *s, const tl_query *q, tl_grid *out, tl_error *err)
{
    tl_buf sql = {0};
    tl_grid found = {0};
    sqlite3_stmt *stmt = NULL;
    tl_buf_printf(&sql, find_sql, inner_order[q->sort], outer_order[q->sort]);
    int rc = tl_buf_check(&sql, "a query", err);
    if (rc == TL_OK)
        rc = check_contains(q, err);
    if (rc == TL_OK)
        rc = add_function(s, err);
    if (rc == TL_OK)
        rc = tl_store_prepare(s, sql.data, &stmt, err);
    if (rc == TL_OK) {
        bind(stmt, q);
        rc = tl_grid_load(&found, s, stmt, err);
    }
    if (rc == TL_OK && found.n_rows == 0)
        rc = explain(s, q, err);
    if (rc == TL_OK)
        rc = take_rows(s, &found, out, err);
    sqlite3_finalize(stmt);
    tl_grid_free(&found);
    tl_buf_free(&sql);
    return rc;
}
