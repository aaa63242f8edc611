/* What comes to stand in the store of traces, of patterns and of their types. */
#include "tests/unit/test_report_store.h"

#include "sql/input.h"
#include "sql/patterns.h"
#include "sql/types.h"
#include "sql/writer.h"

/* Two questions of one site and library, called 1 and 2, inside a transaction. */
static tl_writer *open_filled(scratch *s)
{
    tl_writer *w;
    tl_error err;
    scratch_open(s);
    add_frame_of_store(s, "s", "keras");
    run_sql(s, "INSERT INTO question (question_key, input_id, site_id, id) VALUES (1, 1, 1, 11), (2, 1, 1, 12);"
               "INSERT INTO question_library VALUES (1, 1), (2, 1)");
    assert_int_equal(tl_store_begin(s->store, &err), TL_OK);
    assert_int_equal(tl_writer_new(&w, s->store, &err), TL_OK);
    return w;
}

static void close_filled(scratch *s, tl_writer *w)
{
    tl_writer_free(w);
    tl_store_rollback(s->store);
    scratch_close(s);
}

/* A frame without a path is nobody's code, not the library's; one without names has
 * empty ones, and the same names are one symbol. */
static void test_frames(void **state)
{
    (void)state;
    scratch s;
    tl_error err;
    tl_writer *w = open_filled(&s);
    tl_frame frames[] = {
        {.file = TL_STR("a"), .function = TL_STR("f"), .path = TL_STR("/x/a.py"), .line = 7, .own_code = true},
        {.file = TL_STR("b"), .function = TL_STR("g"), .path = TL_STR("/lib/b.py"), .package = TL_STR("lib"), .line = TL_UNKNOWN},
        {.file = TL_STR("a"), .function = TL_STR("f"), .line = TL_UNKNOWN, .own_code = true},
        {.file = TL_STR("a"), .line = TL_UNKNOWN},
    };
    tl_trace trace = {.frames = frames, .n_frames = 4, .exception = TL_STR("ValueError")};
    assert_int_equal(tl_writer_trace(w, 1, TL_FULL, 0, &trace, &err), TL_OK);
    expect_rows(&s, "SELECT file, function, path, line, package, own_code FROM v_frame ORDER BY depth",
                "a,f,/x/a.py,7,NULL,1;b,g,/lib/b.py,NULL,lib,0;a,f,NULL,NULL,NULL,NULL;a,,NULL,NULL,NULL,NULL");
    expect_rows(&s, "SELECT count(*) FROM symbol", "3");
    expect_rows(&s, "SELECT frames, exception, message, link, linked_to FROM trace", "4,ValueError,NULL,NULL,NULL");
    close_filled(&s, w);
}

static void add_pattern(tl_pattern_writer *p, const char *frame, int64_t support, const int64_t *traces, size_t n)
{
    tl_error err;
    tl_str text = tl_str_from(frame);
    if (tl_pattern_writer_add(p, &text, 1, support, traces, n, &err) != TL_OK)
        fail_msg("%s", err.message);
}

/* Which traces hold a pattern is kept of every one; that a question or a trace recurs only
 * of patterns with support 2 or more, once for each result. */
static void test_what_recurs(void **state)
{
    (void)state;
    scratch s;
    tl_error err;
    tl_pattern_writer *p;
    tl_trace trace = {0};
    tl_writer *w = open_filled(&s);
    for (size_t i = 0; i < 4; i++) /* 1, 2 and 3 of question 1, 4 of question 2 */
        assert_int_equal(tl_writer_trace(w, i < 3 ? 1 : 2, TL_FULL, i, &trace, &err), TL_OK);
    assert_int_equal(tl_pattern_writer_new(&p, s.store, &err), TL_OK);
    tl_mining m = {.library_id = 1, .library = "keras", .profile = TL_FULL, .min_support = 1, .sequences = 4};
    static const int64_t all[] = {1, 2, 3, 4};
    assert_int_equal(tl_pattern_writer_begin(p, &m, &err), TL_OK);
    add_pattern(p, "rare:f", 1, all + 2, 1);
    expect_rows(&s, "SELECT count(*) FROM recurrent_trace", "0");
    add_pattern(p, "twice:f", 2, all, 2);
    add_pattern(p, "often:f", 3, all + 1, 3);
    m.support = TL_OCCURRENCES;
    assert_int_equal(tl_pattern_writer_begin(p, &m, &err), TL_OK);
    add_pattern(p, "twice:f", 2, all, 1); /* two occurrences in one trace */
    tl_pattern_writer_free(p);
    expect_rows(&s, "SELECT frames, trace_id FROM pattern JOIN pattern_trace USING (pattern_key)"
                    " WHERE mining_id = 1 ORDER BY 1, 2",
                "often:f,2;often:f,3;often:f,4;rare:f,3;twice:f,1;twice:f,2");
    expect_rows(&s, "SELECT mining_id, frames, question_key FROM pattern JOIN pattern_holder USING (pattern_key)"
                    " ORDER BY 1, 2, 3", "1,often:f,1;1,often:f,2;1,twice:f,1;2,twice:f,1");
    expect_rows(&s, "SELECT mining_id, trace_id, question_key FROM recurrent_trace ORDER BY 1, 2",
                "1,1,1;1,2,1;1,3,1;1,4,2;2,1,1");
    close_filled(&s, w);
}

/* A tl_type_fn that gives the type `ctx`. */
static int type_of(void *ctx, tl_str frames, tl_pattern_type *type, tl_error *err)
{
    (void)err;
    *type = (tl_pattern_type){.category = "CAT", .type = ctx, .confidence = 0.5};
    return tl_str_eq(frames, TL_STR("typed:f")) ? TL_USAGE : TL_OK; /* nobody may ask for it */
}

static void test_types(void **state)
{
    (void)state;
    scratch s;
    tl_error err;
    tl_writer *w = open_filled(&s);
    run_sql(&s, "INSERT INTO mining (mining_id, library_id, profile, support_kind, key, min_support, sequences, traces_seen) "
    "VALUES (1, 1, 'full', 'sequences', 'stem', 1, 0, 0);"
                "INSERT INTO pattern (mining_id, pattern_id, support, length, frames, category, type, confidence)"
                " VALUES (1, 'p0', 2, 1, 'typed:f', 'OLD', 'old', 1);"
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
                " INSERT INTO pattern (mining_id, pattern_id, support, length, frames) SELECT 1, 'p' || i, 2, 1, 'f:' || i FROM n");
    char new[] = "new";
    assert_int_equal(tl_types_write(s.store, type_of, new, &err), TL_OK);
    expect_rows(&s, "SELECT category, type, confidence, count(*) FROM pattern GROUP BY 1 ORDER BY 1",
                "CAT,new,0.5,2500;OLD,old,1.0,1");
    close_filled(&s, w);
}

/* What was mined of an input's questions goes with it; the rest stays. */
static void test_deleting_an_input(void **state)
{
    (void)state;
    scratch s;
    tl_error err;
    tl_writer *w = open_filled(&s);
    run_sql(&s, "INSERT INTO input (input_id, site_id, name, kind, size, mtime, selection, pass, cursor, hash, hash_state,"
                " last_orphan, disorder, complete) SELECT 2, 1, 'Tags.xml', 'tags', 9, 9, '', 1, 9, x'', x'', 0, 0, 1"
                " UNION SELECT 3, 1, 'Comments.xml', 'comments', 9, 9, '', 1, 9, x'', x'', 0, 0, 1;"
                "INSERT INTO mining (library_id, profile, support_kind, key, min_support, sequences, traces_seen) "
                " VALUES (1, 'full', 'sequences', 'stem', 1, 0, 0)");
    assert_int_equal(tl_input_delete(s.store, 2, &err), TL_OK); /* no question is of it */
    expect_rows(&s, "SELECT count(*) FROM mining", "1");
    expect_rows(&s, "SELECT complete FROM input WHERE input_id = 3", "1");
    assert_int_equal(tl_input_delete(s.store, 1, &err), TL_OK);
    expect_rows(&s, "SELECT count(*) FROM mining", "0");
    expect_rows(&s, "SELECT count(*) FROM question", "0");
    expect_rows(&s, "SELECT complete FROM input WHERE input_id = 3", "0"); /* it spoke of those questions */
    close_filled(&s, w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_what_recurs),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_deleting_an_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
