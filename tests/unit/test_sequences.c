/* Traces of the store as sequences of symbols. */
#include "tests/unit/test_report_store.h"

#include "sql/sequences.h"

static void test_dotted_module(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"/usr/lib/python3/dist-packages/keras/engine/training.py", "keras.engine.training"},
        {"/x/site-packages/tensorflow/python/framework/ops.py", "tensorflow.python.framework.ops"},
        {"C:\\Python37\\lib\\site-packages\\torch\\nn.py", "torch.nn"},
        {"/usr/lib/python3.8/json/decoder.py", "json.decoder"},
        {"/x/site-packages/sklearn/tree/_tree.pyx", "sklearn.tree._tree"},
        {"/x/site-packages/a.pyz/b.py", "a.pyz.b"},
        {"/x/site-packages/odd", "odd"},
        {"/home/me/train.py", "stem"},
        {"/usr/mylib/python3.8/x.py", "stem"},
        {"/usr/lib/python/x.py", "stem"}, /* of no version */
        {"/x/site-packages/pip/site-packages/six.py", "six"},
    };
    tl_arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tl_str module = tl_dotted_module(tl_str_from(cases[i][0]), TL_STR("stem"), &arena);
        if (!tl_str_eq(module, tl_str_from(cases[i][1])))
            fail_msg("%s: " TL_STR_FMT, cases[i][0], TL_STR_ARG(module));
    }
    tl_arena_free(&arena);
}

/* Names that could be read as two frames: no symbol does, so no two sequences have the same
 * text with " > " between their symbols. */
static void test_symbols_are_one(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    run_sql(&s,
            "INSERT INTO site VALUES (1, 's');"
            "INSERT INTO input (input_id, site_id, name, kind, size, mtime, selection, pass, cursor, hash, hash_state,"
            " last_orphan, disorder) VALUES (1, 1, 'x', 'posts', 0, 0, '', 1, 0, x'', x'', 0, 0);"
            "INSERT INTO library VALUES (1, 'all', 'All');"
            "INSERT INTO question (question_key, input_id, site_id, id) VALUES (1, 1, 1, 1);"
            "INSERT INTO question_library VALUES (1, 1);"
            "INSERT INTO trace (trace_id, question_key, profile, position, frames) VALUES (1, 1, 'full', 0, 5);"
            "INSERT INTO symbol VALUES (1, 'a:f > b', 'g'), (2, 'a', 'f >'), (3, '> b', '<module>'),"
            " (4, 'a > > ', 'f > > b'), (5, 'a->b', 'x>y');"
            "INSERT INTO frame (trace_id, depth, symbol_id) SELECT 1, symbol_id - 1, symbol_id FROM symbol;");
    tl_store_sequences q;
    tl_error err;
    if (tl_store_sequences_read(s.store, 1, TL_FULL, TL_KEY_STEM, &q, &err) != TL_OK)
        fail_msg("%s", err.message);
    static const char *const want[] = {"> b:<module>", "a ? ? :f ? ? b", "a->b:x>y", "a:f ?", "a:f ? b:g"};
    assert_int_equal(q.n_texts, 5);
    for (size_t i = 0; i < 5; i++)
        if (!tl_str_eq(q.texts[i], tl_str_from(want[i])))
            fail_msg("'" TL_STR_FMT "', expected '%s'", TL_STR_ARG(q.texts[i]), want[i]);
    tl_store_sequences_free(&q);
    scratch_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_dotted_module), cmocka_unit_test(test_symbols_are_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
