/* --no-prefilter parses every row and gives the same store, but for quarantine and
 * counters: on random dumps full of odd rows, and on every real one at hand. */
#include "tests/unit/test_input.h"

#include <glob.h>

#define DATA "../shared/data/"

/* Extracts with and without the prefilter and compares; the number of questions. */
static int64_t compare_on(const char *path, const char *library, bool all)
{
    const char *with = test_path(folder, "with.db"), *without = test_path(folder, "without.db");
    unlink(with);
    unlink(without);
    test_run run = {.db = with, .paths = {path}, .library = library, .all = all};
    tl_error a = {0}, b = {0};
    int rc = test_extract(&run, NULL, &a);
    run.db = without;
    run.no_prefilter = true;
    assert_int_equal(rc, test_extract(&run, NULL, &b));
    if (rc)
        assert_string_equal(a.message, b.message);
    tl_buf fast = test_store_dump(with, TEST_POSTS_ONLY), slow = test_store_dump(without, TEST_POSTS_ONLY);
    test_assert_same_dump(&slow, &fast, path);
    tl_buf_free(&fast);
    tl_buf_free(&slow);
    return test_store_int(with, "SELECT count(*) FROM question");
}

static void test_fixtures(void **state)
{
    (void)state;
    glob_t found;
    assert_int_equal(glob("tests/fixtures/dumps/*.xml", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        compare_on(found.gl_pathv[i], NULL, false);
    globfree(&found);
}

static void test_sample(void **state)
{
    (void)state;
    assert_true(compare_on("corpus/sample/Posts.xml", NULL, false) > 100);
    assert_true(compare_on("corpus/sample/Posts.xml", "nltk,keras", false) > 10);
    assert_true(compare_on("corpus/sample/Posts.xml", NULL, true) > 100);
}

static void test_random_dumps(void **state)
{
    (void)state;
    test_random random = test_random_new("test_random_dumps", 1);
    int64_t questions = 0;
    for (int round = 0; round < 30; round++) {
        tl_buf text = {0};
        test_dump_random(&text, &random, 1 + test_random_below(&random, 600), round % 3 ? 'o' : 's');
        test_file_write(test_path(folder, "Posts.xml"), tl_buf_str(&text));
        questions += compare_on(test_path(folder, "Posts.xml"), NULL, round % 5 == 0);
        tl_buf_free(&text);
    }
    assert_true(questions > 100);
}

static void test_real_dumps(void **state)
{
    (void)state;
    glob_t found;
    if (access(DATA, R_OK) != 0) {
        print_message("no " DATA ": nothing to compare\n");
        skip();
    }
    assert_int_equal(glob(DATA "*/*.xml", 0, NULL, &found), 0);
    glob(DATA "*/*/*.xml", GLOB_APPEND, NULL, &found);
    assert_true(found.gl_pathc > 5);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        int64_t n = compare_on(found.gl_pathv[i], NULL, false), all = compare_on(found.gl_pathv[i], NULL, true);
        print_message("%s: the same %lld questions, and %lld with --all\n", found.gl_pathv[i], (long long)n, (long long)all);
    }
    globfree(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixtures),
        cmocka_unit_test(test_sample),
        cmocka_unit_test(test_random_dumps),
        cmocka_unit_test(test_real_dumps),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
