/* Which posts are kept, matched and counted, in whatever order they come. */
#include "tests/unit/test_input.h"

#define KERAS "&lt;python&gt;&lt;keras&gt;"

static tl_buf text;

static int free_all(void **state)
{
    tl_buf_free(&text);
    return tear_down(state);
}

/* A fresh store and the beginning of a dump. */
static void begin(void)
{
    unlink(db);
    tl_buf_clear(&text);
    test_dump_begin(&text);
}

/* Ends the dump, writes it as site/name and reads it into the store. */
static void read_as(const char *site, const char *name)
{
    test_dump_end(&text);
    test_file_write(test_path(folder, name), tl_buf_str(&text));
    test_run run = {.db = db, .paths = {test_path(folder, name)}, .site = site};
    if (test_extract(&run, &last, &err) != TL_OK)
        fail_msg("%s", err.message);
}

static void test_answers_go_to_their_questions(void **state)
{
    (void)state;
    begin();
    test_dump_question(&text, 1, KERAS, "");
    test_dump_question(&text, 2, "&lt;java&gt;", "");
    test_dump_answer(&text, 3, 1);
    test_dump_answer(&text, 4, 2);
    test_dump_answer(&text, 5, 1);
    test_dump_answer(&text, 6, 77);
    read_as("s", "Posts.xml");
    expect("SELECT count(*) FROM question", 1);
    expect("SELECT group_concat(id, '') FROM (SELECT id FROM answer ORDER BY id)", 35);
    assert_int_equal(last.counts.rows, 6);
    assert_int_equal(last.counts.questions, 1);
    assert_int_equal(last.counts.answers, 2);
    assert_int_equal(last.counts.orphans, 2);
    assert_int_equal(last.counts.duplicates, 0);
    expect("SELECT pass FROM input", 1);
}

static void test_answer_with_a_smaller_id_waits(void **state)
{
    (void)state;
    begin();
    test_dump_answer(&text, 3, 10);
    test_dump_answer(&text, 4, 10);
    test_dump_answer(&text, 5, 11); /* its question is not kept */
    test_dump_answer(&text, 6, 99); /* nor is there one */
    test_dump_question(&text, 10, KERAS, "");
    test_dump_question(&text, 11, "&lt;java&gt;", "");
    test_dump_answer(&text, 12, 10);
    read_as("s", "Posts.xml");
    expect("SELECT count(*) FROM answer", 3);
    expect("SELECT count(*) FROM pending_answer WHERE parent = 10", 0);
    assert_int_equal(last.counts.answers, 3);
    expect("SELECT pass FROM input", 1);
}

static void test_file_out_of_order_is_read_twice(void **state)
{
    (void)state;
    begin();
    test_dump_answer(&text, 12, 10);
    test_dump_answer(&text, 13, 2);
    test_dump_question(&text, 10, KERAS, "");
    test_dump_answer(&text, 14, 10);
    read_as("s", "Posts.xml");
    expect("SELECT count(*) FROM answer", 2);
    expect("SELECT pass FROM input", 2);
    expect("SELECT sum(n) FROM histogram WHERE measure = 'score'", 1); /* not counted twice */
    assert_int_equal(last.counts.rows, 4);
    assert_int_equal(last.counts.answers, 2);
    assert_int_equal(last.counts.orphans, 1);
    assert_int_equal(last.counts.duplicates, 0);
}

static void test_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    test_random random = test_random_new("test_order_of_rows_does_not_matter", 1);
    tl_buf expected = {0};
    for (int round = 0; round < 20; round++) {
        int order[60];
        begin();
        for (int i = 0; i < 60; i++) {
            int k = round ? (int)test_random_below(&random, (uint32_t)i + 1) : i;
            order[i] = order[k];
            order[k] = i;
        }
        for (int i = 0; i < 60; i++)
            if (order[i] % 3 == 0)
                test_dump_question(&text, order[i] + 1, order[i] % 2 ? KERAS : "&lt;java&gt;", "");
            else
                test_dump_answer(&text, order[i] + 1, (order[i] * 7 % 66) / 3 * 3 + 1);
        read_as("s", "Posts.xml");
        tl_buf found = {0};
        expect("SELECT count(*) FROM pending_answer p JOIN question q ON q.id = p.parent", 0);
        tl_buf_printf(&found, "%lld %lld %lld %lld", (long long)test_store_int(db, "SELECT count(*) FROM question"),
                      (long long)test_store_int(db, "SELECT sum(q.id * 1000 + a.id) FROM answer a JOIN question q USING (question_key)"),
                      (long long)test_store_int(db, "SELECT count(*) FROM answer"), (long long)last.counts.answers);
        if (round == 0)
            tl_buf_add_str(&expected, tl_buf_str(&found));
        assert_string_equal(found.data, expected.data);
        tl_buf_free(&found);
    }
    assert_true(test_store_int(db, "SELECT count(*) FROM answer") > 5);
    tl_buf_free(&expected);
}

static void test_first_copy_wins(void **state)
{
    (void)state;
    begin();
    test_dump_question(&text, 1, KERAS, "first");
    test_dump_question(&text, 1, KERAS, "&lt;pre&gt;&lt;code&gt;second&lt;/code&gt;&lt;/pre&gt;");
    test_dump_answer(&text, 2, 1);
    test_dump_answer(&text, 2, 1);
    read_as("s", "Posts.xml");
    assert_int_equal(last.counts.duplicates, 2);
    assert_int_equal(last.counts.answers, 1);
    expect("SELECT count(*) FROM question", 1);
    expect("SELECT max(has_code) FROM reading", 0);

    tl_buf_clear(&text); /* another file of the same site */
    test_dump_begin(&text);
    test_dump_question(&text, 1, KERAS, "third");
    test_dump_question(&text, 5, KERAS, "new");
    test_dump_answer(&text, 6, 1); /* to the question of the first file */
    read_as("s", "Posts-later.xml");
    assert_int_equal(last.counts.duplicates, 1);
    assert_int_equal(last.counts.questions, 1);
    expect("SELECT count(*) FROM question", 2);
    expect("SELECT count(*) FROM answer WHERE question_key = (SELECT question_key FROM question WHERE id = 1)", 2);
}

static void test_sites_are_apart(void **state)
{
    (void)state;
    begin();
    for (int site = 1; site <= 2; site++) {
        tl_buf_clear(&text);
        test_dump_begin(&text);
        test_dump_question(&text, 1, KERAS, "");
        test_dump_answer(&text, 2, 1);
        read_as(site == 1 ? "one" : "two", "Posts.xml");
    }
    assert_int_equal(last.counts.duplicates, 0);
    expect("SELECT count(*) FROM question", 2);
    expect("SELECT count(*) FROM answer", 2);
    expect("SELECT count(DISTINCT site) FROM v_question WHERE question_id = 1", 2);
    expect("SELECT count(*) FROM answer a JOIN question q USING (question_key) JOIN input i ON i.input_id = a.input_id "
           "WHERE i.site_id <> q.site_id", 0);
}

static void test_fields_reach_the_store(void **state)
{
    (void)state;
    begin();
    tl_buf_add_cstr(&text,
                    "<row Id=\"7\" PostTypeId=\"1\" AcceptedAnswerId=\"9\" CreationDate=\"1970-01-01T00:00:10.500\" Score=\"-3\" "
                    "ViewCount=\"1234567\" Body=\"b\" Title=\"a &amp;lt;b&amp;gt; &quot;c&quot; \xC3\xA4\" Tags=\"" KERAS "\" AnswerCount=\"1\" "
                    "CommentCount=\"2\" />"
                    "<row Id=\"9\" PostTypeId=\"2\" ParentId=\"7\" CreationDate=\"1970-01-01T01:00:10.500\" Score=\"5\" Body=\"b\" />"
                    "<row Id=\"10\" PostTypeId=\"1\" Body=\"b\" Tags=\"" KERAS "\" Score=\"x\" />");
    read_as("s", "Posts.xml");
    expect("SELECT count(*) FROM question WHERE id = 7 AND created = 10500 AND score = -3 AND views = 1234567 AND comments = 2 "
           "AND answers = 1 AND accepted = 9 AND title = 'a &lt;b&gt; \"c\" ' || char(228)", 1);
    expect("SELECT count(*) FROM v_question WHERE question_id = 7 AND first_answer_hours = 1.0 AND accepted_answer_hours = 1.0 "
           "AND profile = 'full' AND library = 'keras'", 1);
    expect("SELECT count(*) FROM answer WHERE id = 9 AND created = 3610500 AND score = 5", 1);
    expect("SELECT count(*) FROM question WHERE id = 10 AND created IS NULL AND score IS NULL AND views IS NULL AND title IS NULL "
           "AND accepted IS NULL", 1);
    expect("SELECT count(*) FROM question WHERE typeof(id) = 'integer'", 2);
}

static void test_histograms_count_all_questions(void **state)
{
    (void)state;
    begin();
    for (int id = 1; id <= 300; id++)
        if (id % 3)
            test_dump_question(&text, id, id % 30 == 1 ? KERAS : "&lt;java&gt;", "");
        else
            test_dump_answer(&text, id, id - 1);
    read_as("s", "Posts.xml");
    expect("SELECT count(*) FROM question", 10);
    expect("SELECT sum(n) FROM histogram WHERE measure = 'score'", 200);
    expect("SELECT sum(n) FROM histogram WHERE measure = 'views'", 200);
    expect("SELECT count(*) FROM histogram WHERE measure = 'views'", 200);
    int64_t n = 0;
    for (int id = 1; id <= 300; id++)
        n += id % 3 && id % 7 - 2 == -1;
    expect("SELECT n FROM histogram WHERE measure = 'score' AND value = -1", n);
    expect("SELECT count(*) FROM histogram WHERE measure = 'answers' AND value NOT IN (1, 2)", 0);
}

static void test_bad_rows_are_quarantined(void **state)
{
    (void)state;
    unlink(db);
    tl_buf fixture = test_file_read("tests/fixtures/dumps/hostile.xml");
    test_run run = {.db = db, .paths = {"tests/fixtures/dumps/hostile.xml"}};
    assert_int_equal(test_extract(&run, &last, &err), TL_OK);
    expect("SELECT group_concat(id, '') FROM (SELECT id FROM question ORDER BY id)", 14510);
    expect("SELECT count(*) FROM quarantine", 7);
    assert_int_equal(last.counts.quarantined, 7);
    assert_int_equal(last.counts.repaired, 2);
    assert_int_equal(last.counts.duplicates, 1);
    /* Every offset is where that row begins. */
    static const char *const bad[] = {"<row Id=\"2\"", "<row Id=\"3\"", "<row Id=\"6\"",     "<row Id=\"7\"",
                                      "<row Id=\"8\"", "<row PostTypeId=", "<row Id=\"9\""};
    for (size_t i = 0; i < 7; i++) {
        char sql[200];
        const char *at = strstr(fixture.data, bad[i]);
        snprintf(sql, sizeof sql, "SELECT count(*) FROM quarantine WHERE offset = %lld AND length(reason) > 5", (long long)(at - fixture.data));
        expect(sql, 1);
    }
    tl_buf_free(&fixture);
}

/* More than are described in the store, in a file that is read twice: each counts once.
 * They are long, since of the bad rows of one batch only the first thousand are described. */
static void test_many_bad_rows(void **state)
{
    (void)state;
    enum { BAD = 10020 };
    begin();
    for (int i = 0; i < BAD; i++)
        tl_buf_printf(&text, "<row Id=\"5\" PostTypeId=\"2\" ParentId=\"x\" Body=\"%01100d\" />\n", 0);
    test_dump_answer(&text, 9, 8);
    test_dump_question(&text, 8, KERAS, "");
    read_as("s", "Posts.xml");
    expect("SELECT pass FROM input", 2);
    expect("SELECT count(*) FROM answer", 1);
    expect("SELECT count(*) FROM quarantine", 10000);
    assert_int_equal(last.counts.quarantined, BAD);
}

static void test_all_keeps_what_has_something(void **state)
{
    (void)state;
    begin();
    test_dump_question(&text, 1, "&lt;java&gt;", "nothing");
    test_dump_question(&text, 2, "&lt;java&gt;", "&lt;pre&gt;&lt;code&gt;x&lt;/code&gt;&lt;/pre&gt;");
    test_dump_question(&text, 3, "&lt;java&gt;", test_traceback_body);
    test_dump_question(&text, 4, KERAS, "nothing");
    test_dump_answer(&text, 5, 1);
    test_dump_answer(&text, 6, 2);
    test_dump_end(&text);
    test_file_write(test_path(folder, "Posts.xml"), tl_buf_str(&text));
    test_run run = {.db = db, .paths = {test_path(folder, "Posts.xml")}, .all = true};
    assert_int_equal(test_extract(&run, NULL, &err), TL_OK);
    expect("SELECT group_concat(id, '') FROM (SELECT id FROM question ORDER BY id)", 234);
    expect("SELECT count(*) FROM v_question WHERE library = 'all' AND profile = 'full'", 2);
    expect("SELECT count(*) FROM v_question WHERE library = 'keras' AND profile = 'full'", 1);
    expect("SELECT id FROM answer", 6);
    expect("SELECT count(*) FROM v_trace WHERE question_id = 3 AND profile = 'full' AND exception = 'ValueError'", 1);
    expect("SELECT count(*) FROM v_trace WHERE question_id = 3 AND profile = 'paper' AND frames = 2", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_go_to_their_questions),
        cmocka_unit_test(test_answer_with_a_smaller_id_waits),
        cmocka_unit_test(test_file_out_of_order_is_read_twice),
        cmocka_unit_test(test_order_of_rows_does_not_matter),
        cmocka_unit_test(test_first_copy_wins),
        cmocka_unit_test(test_sites_are_apart),
        cmocka_unit_test(test_fields_reach_the_store),
        cmocka_unit_test(test_histograms_count_all_questions),
        cmocka_unit_test(test_bad_rows_are_quarantined),
        cmocka_unit_test(test_many_bad_rows),
        cmocka_unit_test(test_all_keeps_what_has_something),
    };
    return cmocka_run_group_tests(tests, set_up, free_all);
}
