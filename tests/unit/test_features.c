/* What the rules of a taxonomy say of a pattern: how its frames vote for types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "reports/classifier_part.h"

static const char rules[] = "[categories]\nA = first\n[A one]\ncategory = A\nr = one:*\n[A two]\ncategory = A\nr = two:*\n";

static tl_taxonomy *taxonomy;
static tl_feature_table table;
static tl_features features;

static int set_up(void **state)
{
    (void)state;
    assert_int_equal(tl_taxonomy_new(&taxonomy, tl_str_from(rules), "test.ini", NULL), TL_OK);
    table.taxonomy = taxonomy;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tl_features_free(&features);
    tl_feature_table_free(&table);
    tl_taxonomy_free(taxonomy);
    return 0;
}

/* Frames of the files named 1, 2 and anything else, outermost first, vote like this. */
static void expect(const char *files, double one, double two)
{
    size_t n = strlen(files);
    tl_frame *frames = calloc(n, sizeof *frames);
    for (size_t i = 0; i < n; i++)
        frames[i] = (tl_frame){.file = files[i] == '1' ? TL_STR("one") : files[i] == '2' ? TL_STR("two") : TL_STR("none"),
                               .function = TL_STR("f"), .line = TL_UNKNOWN};
    assert_int_equal(tl_features_of(&table, frames, n, &features, NULL), TL_OK);
    free(frames);
    if (fabs(features.votes[0] - one) > 1e-12 || fabs(features.votes[1] - two) > 1e-12)
        fail_msg("%s: %g and %g, expected %g and %g", files, features.votes[0], features.votes[1], one, two);
    assert_int_equal(features.known, one + two > 0);
}

/* A vote for all frames together, one for the innermost, one for the innermost that a rule knows. */
static void test_votes(void **state)
{
    (void)state;
    expect("1", 3, 0);
    expect("112", 2 / 3.0, 1 / 3.0 + 2);
    expect("112.", 1 / 2.0, 1 / 4.0 + 1);
    expect("1.1.", 1 / 2.0 + 1, 0);
    expect("..", 0, 0);
}

/* Of a long pattern the innermost frames count. */
static void test_long(void **state)
{
    (void)state;
    char files[101];
    memset(files, '1', 100);
    files[99] = '2';
    files[100] = '\0';
    expect(files, 63 / 64.0, 1 / 64.0 + 2);
    files[0] = '2';
    expect(files, 63 / 64.0, 1 / 64.0 + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_votes), cmocka_unit_test(test_long)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
