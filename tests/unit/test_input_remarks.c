/* Files that speak of posts: revisions, comments, tags; and those of which nothing is kept. */
#include "tests/unit/test_input.h"

#include "sql/store.h"

#define SITE "tests/fixtures/inputs/site/"
#define AI "../shared/data/stackexchange/ai.stackexchange.com-2017-03/"
#define SOTORRENT "../shared/data/sotorrent/"

static void expect_input(const char *name, int64_t rows, int64_t kept, int64_t orphans, int64_t quarantined)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM input WHERE name = '%s' AND rows = %d AND kept = %d AND orphans = %d AND "
             "quarantined = %d AND complete", name, (int)rows, (int)kept, (int)orphans, (int)quarantined);
    expect(sql, 1);
}

/* Posts are read first, though they are named last. */
#define ALL_FILES {SITE "Tags.xml", SITE "Votes.xml", SITE "Comments.xml", SITE "PostHistory.xml", SITE "Posts.xml"}

static void test_whole_site(void **state)
{
    (void)state;
    extract((test_run){.db = db, .paths = ALL_FILES});
    expect_input("Posts.xml", 4, 0, 0, 0);
    expect_input("Tags.xml", 3, 2, 0, 1);
    expect_input("Votes.xml", 2, 0, 0, 1);
    expect_input("Comments.xml", 6, 3, 1, 1);
    expect_input("PostHistory.xml", 12, 6, 1, 2);
    expect("SELECT duplicates FROM input WHERE name = 'Comments.xml'", 1);
    expect("SELECT duplicates FROM input WHERE name = 'PostHistory.xml'", 1);
    expect("SELECT count FROM v_tag WHERE site = 'site' AND tag = 'python'", 33);
}

static void test_comments(void **state)
{
    (void)state;
    extract((test_run){.db = db, .paths = {SITE "Posts.xml"}});
    expect("SELECT comments FROM v_question WHERE question_id = 1", 9);
    expect("SELECT count(*) FROM v_question WHERE question_id > 1 AND comments IS NOT NULL", 0);
    extract((test_run){.db = db, .paths = {SITE "Comments.xml", SITE "Posts.xml"}});
    expect("SELECT comments FROM v_question WHERE question_id = 1", 9); /* the dump's own count stands */
    expect("SELECT comments FROM v_question WHERE question_id = 2", 2);
    expect("SELECT comments FROM v_question WHERE question_id = 3 AND comments IS NOT NULL", 0);
}

static void test_revisions(void **state)
{
    (void)state;
    extract((test_run){.db = db, .paths = ALL_FILES});
    expect("SELECT count(*) FROM v_revision WHERE question_id = 1 AND revision_id = 11 AND kind = 'initial' AND has_trace", 1);
    expect("SELECT count(*) FROM v_revision WHERE question_id = 2 AND kind = 'initial' AND NOT has_trace", 1);
    expect("SELECT count(*) FROM v_revision WHERE question_id = 2 AND kind = 'edit' AND has_trace AND "
           "created = '2020-01-01T01:00:00.000Z'", 1);
    expect("SELECT count(*) FROM v_revision WHERE question_id = 3 AND kind = 'rollback' AND NOT has_trace", 1);
    expect("SELECT trace_from_start FROM v_question WHERE question_id = 1 AND profile = 'full'", 1);
    expect("SELECT trace_from_start FROM v_question WHERE question_id = 2 AND profile = 'full'", 0);
    /* No trace now, or no first revision: nothing to tell. */
    expect("SELECT count(*) FROM v_question WHERE question_id IN (3, 4) AND trace_from_start IS NOT NULL", 0);
}

/* SOTorrent's tables say the same as PostHistory.xml. */
static void test_sotorrent(void **state)
{
    (void)state;
    extract((test_run){.db = db, .paths = {SITE "history.csv", SITE "Posts.xml"}});
    expect_input("history.csv", 4, 3, 1, 0);
    expect("SELECT count(*) FROM v_revision WHERE kind = 'initial'", 2);
    expect("SELECT trace_from_start FROM v_question WHERE question_id = 1 AND profile = 'full'", 1);
    expect("SELECT trace_from_start FROM v_question WHERE question_id = 2 AND profile = 'full'", 0);
    extract((test_run){.db = db, .paths = {SITE "PostBlockVersion.csv", SITE "Posts.xml"}});
    expect_input("PostBlockVersion.csv", 8, 3, 1, 1);
    expect("SELECT duplicates FROM input WHERE name = 'PostBlockVersion.csv'", 0); /* a revision has many blocks */
    expect("SELECT count(*) FROM v_revision WHERE question_id = 2 AND revision_id = 13 AND has_code AND has_trace", 1);
    expect("SELECT count(*) FROM v_revision WHERE question_id = 2 AND revision_id = 12 AND NOT has_code", 1);
    expect("SELECT trace_from_start FROM v_question WHERE question_id = 1 AND profile = 'full'", 1);
    expect("SELECT trace_from_start FROM v_question WHERE question_id = 2 AND profile = 'full'", 0);
}

static void test_without_posts(void **state)
{
    (void)state;
    extract((test_run){.db = db, .paths = {SITE "PostHistory.xml", SITE "Comments.xml"}});
    expect_input("PostHistory.xml", 12, 0, 9, 1);
    expect_input("Comments.xml", 6, 0, 5, 1);
}

static void test_same_whatever_the_way(void **state)
{
    (void)state;
    test_run run = {.db = db, .paths = ALL_FILES, .workers = 1};
    extract(run);
    tl_buf expected = test_store_dump(db, TEST_POSTS_ONLY);
    run.db = other;
    run.workers = 3;
    for (int i = 0; i < 2; i++) {
        run.no_prefilter = i;
        extract(run);
        tl_buf found = test_store_dump(other, TEST_POSTS_ONLY);
        test_assert_same_dump(&expected, &found, i ? "no prefilter" : "3 workers");
        tl_buf_free(&found);
    }
    run.no_prefilter = false;
    assert_int_equal(test_extract(&run, &last, &err), TL_OK);
    assert_int_equal(last.outcome, TL_ALREADY_COMPLETE);
    run.force = true; /* what is read again replaces what was there */
    assert_int_equal(test_extract(&run, &last, &err), TL_OK);
    assert_int_equal(test_store_int(other, "SELECT count(*) FROM revision"), 6);
    assert_int_equal(test_store_int(other, "SELECT count(*) FROM comment"), 3);
    assert_int_equal(test_store_int(other, "SELECT count(*) FROM tag"), 2);
    tl_buf_free(&expected);
}

/* ---- in several runs -------------------------------------------------------- */

/* What a store says of posts and inputs, whatever their keys in it. */
static char *logical(const char *path)
{
    static const char sql[] =
        "SELECT group_concat(line, char(10)) FROM ("
        "SELECT 'comment ' || q.id || ' ' || c.id || ' ' || c.created || ' ' || i.name AS line FROM comment c "
        "JOIN question q USING (question_key) JOIN input i ON i.input_id = c.input_id UNION ALL "
        "SELECT 'revision ' || q.id || ' ' || r.id || ' ' || ifnull(r.kind, '') || r.has_code || r.has_trace || i.name "
        "FROM revision r JOIN question q USING (question_key) JOIN input i ON i.input_id = r.input_id UNION ALL "
        "SELECT 'question ' || question_id || profile || ifnull(comments, '') || ' ' || ifnull(trace_from_start, '') "
        "FROM v_question UNION ALL "
        "SELECT 'input ' || name || complete || ' ' || pass || ' ' || cursor || ' ' || rows || ' ' || questions || ' ' || "
        "answers || ' ' || duplicates || ' ' || orphans || ' ' || quarantined || ' ' || kept || hex(hash) FROM input "
        "ORDER BY 1)";
    tl_store *store;
    sqlite3_stmt *stmt;
    assert_int_equal(tl_store_open(&store, path, TL_STORE_READ, &err), TL_OK);
    assert_int_equal(tl_store_prepare(store, sql, &stmt, &err), TL_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    char *text = strdup((const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    tl_store_close(store);
    assert_non_null(text);
    return text;
}

static void extract_more(test_run run, tl_outcome outcome)
{
    if (test_extract(&run, &last, &err) != TL_OK)
        fail_msg("%s", err.message);
    assert_int_equal(last.outcome, outcome);
}

static void expect_as_one_run(const char *found_db)
{
    char *one = logical(db), *found = logical(found_db);
    assert_string_equal(found, one);
    free(one);
    free(found);
}

/* Comments and revisions read before their posts are read again once the posts are there,
 * though their inputs were complete. */
static void test_posts_come_later(void **state)
{
    (void)state;
    const test_run posts = {.db = other, .paths = {SITE "Posts.xml"}};
    const test_run rest = {.db = other, .paths = {SITE "PostHistory.xml", SITE "Comments.xml"}};
    extract((test_run){.db = db, .paths = {SITE "PostHistory.xml", SITE "Comments.xml", SITE "Posts.xml"}});
    extract(rest);
    extract_more(rest, TL_ALREADY_COMPLETE);
    extract_more(posts, TL_READ);
    assert_int_equal(test_store_int(other, "SELECT count(*) FROM input WHERE pass = 0 AND NOT complete"), 2);
    extract_more(posts, TL_ALREADY_COMPLETE);
    extract_more(rest, TL_READ);
    expect_as_one_run(other);
    extract_more(rest, TL_ALREADY_COMPLETE);
}

/* --force on the posts takes what speaks of them away; giving that again, without --force,
 * brings it back. */
static void test_forced_posts(void **state)
{
    (void)state;
    test_run posts = {.db = other, .paths = {SITE "Posts.xml"}};
    test_run all = {.db = other, .paths = ALL_FILES};
    extract((test_run){.db = db, .paths = ALL_FILES});
    extract(all);
    posts.force = true;
    extract_more(posts, TL_READ);
    assert_int_equal(test_store_int(other, "SELECT count(*) FROM input WHERE pass = 0"), 2);
    assert_int_equal(test_store_int(other, "SELECT count(*) FROM tag"), 2); /* tags do not depend on posts */
    assert_int_equal(test_extract(&all, &last, &err), TL_OK);
    expect_as_one_run(other);
    all.force = true;
    assert_int_equal(test_extract(&all, &last, &err), TL_OK);
    expect_as_one_run(other);
}

/* Another site's posts do not matter, and logs and issues of the same site do not either. */
static void test_other_posts(void **state)
{
    (void)state;
    const char *issues = test_path(folder, "issues.jsonl");
    extract((test_run){.db = other, .paths = ALL_FILES});
    test_file_write(issues, TL_STR("{\"id\": \"i-1\", \"format\": \"text\", \"body\": \"x\"}\n"));
    extract_more((test_run){.db = other, .paths = {SITE "Posts.xml"}, .site = "elsewhere"}, TL_READ);
    extract_more((test_run){.db = other, .paths = {issues}, .site = "site"}, TL_READ);
    assert_int_equal(last.counts.questions, 1);
    assert_int_equal(test_store_int(other, "SELECT count(*) FROM input WHERE pass = 0 OR NOT complete"), 0);
}

static void test_real_site(void **state)
{
    (void)state;
    if (access(AI "PostHistory.xml", R_OK) != 0) {
        print_message("no ../shared/data/stackexchange here\n");
        skip();
    }
    extract((test_run){.db = db, .all = true,
                       .paths = {AI "PostHistory.xml", AI "Comments.xml", AI "Tags.xml", AI "Votes.xml", AI "Posts.xml"}});
    expect("SELECT rows FROM input WHERE name = 'PostHistory.xml'", 4846);
    expect("SELECT rows FROM input WHERE name = 'Comments.xml'", 1700);
    expect("SELECT kept FROM input WHERE name = 'Tags.xml'", 158);
    expect("SELECT sum(quarantined) FROM input", 0);
    /* Every question has its first revision, and the dump's own counts of comments hold. */
    expect("SELECT count(*) FROM question WHERE question_key NOT IN (SELECT question_key FROM revision WHERE kind = 'initial')", 0);
    expect("SELECT count(*) FROM question q WHERE comments <> (SELECT count(*) FROM comment c WHERE c.question_key = q.question_key)", 0);
}

static void test_real_sotorrent(void **state)
{
    (void)state;
    if (access(SOTORRENT "46695379.csv", R_OK) != 0) {
        print_message("no ../shared/data/sotorrent here\n");
        skip();
    }
    tl_buf text = {0};
    test_dump_begin(&text);
    test_dump_question(&text, 46695379, "&lt;python&gt;&lt;keras&gt;", test_traceback_body);
    test_dump_end(&text);
    const char *posts = test_path(folder, "Posts.xml");
    test_file_write(posts, tl_buf_str(&text));
    tl_buf_free(&text);
    extract((test_run){.db = db, .site = "s",
                       .paths = {SOTORRENT "46695379.csv", SOTORRENT "29443655.csv", SOTORRENT "41480290.csv",
                                 SOTORRENT "7016109.csv", posts}});
    expect("SELECT sum(rows) FROM input WHERE kind = 'csv posthistory'", 41);
    expect("SELECT sum(quarantined) FROM input", 0);
    expect("SELECT kept FROM input WHERE name = '46695379.csv'", 6);
    expect("SELECT trace_from_start FROM v_question WHERE profile = 'full'", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_site),
        cmocka_unit_test(test_comments),
        cmocka_unit_test(test_revisions),
        cmocka_unit_test(test_sotorrent),
        cmocka_unit_test(test_without_posts),
        cmocka_unit_test(test_same_whatever_the_way),
        cmocka_unit_test(test_posts_come_later),
        cmocka_unit_test(test_forced_posts),
        cmocka_unit_test(test_other_posts),
        cmocka_unit_test(test_real_site),
        cmocka_unit_test(test_real_sotorrent),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
