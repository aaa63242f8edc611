/* The published results of the reference study, from its own measures. */
#include "test_stats_golden.h"

#include "stats/mann_whitney.h"
#include "stats/proportions.h"
#include "stats/quantile.h"

#define STUDY "../shared/data/ghadesi2022/"

enum { VIEWS = 2, ANSWERS = 3, ACCEPTED = 6, HAS_TRACE = 7, FIRST_HOURS = 10, COLUMNS = 12 };

/* The next question cut into its columns (none holds a comma); false at the end. */
static bool next_question(FILE *f, char **line, size_t *cap, char **column)
{
    if (getline(line, cap, f) < 0)
        return false;
    char *rest = *line;
    rest[strcspn(rest, "\r\n")] = '\0';
    for (int i = 0; i < COLUMNS; i++) {
        column[i] = strsep(&rest, ",");
        assert_non_null(column[i]);
    }
    assert_null(rest);
    return true;
}

static FILE *open_study(const char *library)
{
    char path[128];
    snprintf(path, sizeof path, STUDY "questions-%s.csv", library);
    FILE *f = fopen(path, "r");
    if (!f) {
        print_message("%s is not there: skipped\n", path);
        skip();
    }
    char *header = NULL;
    size_t cap = 0;
    assert_true(getline(&header, &cap, f) > 0);
    assert_non_null(strstr(header, "answers,comments,score,accepted_answer_id,has_trace"));
    free(header);
    return f;
}

/* One measure of a library's questions; group 1 has a trace. */
static void read_measure(const char *library, int measure, numbers group[2])
{
    FILE *f = open_study(library);
    char *line = NULL, *column[COLUMNS];
    size_t cap = 0;
    while (next_question(f, &line, &cap, column))
        if (column[measure][0])
            numbers_add(&group[column[HAS_TRACE][0] == '1'], strtod(column[measure], NULL));
    free(line);
    fclose(f);
}

static void assert_published(const char *library, int measure, double u, double p)
{
    numbers g[2] = {{0}};
    read_measure(library, measure, g);
    tl_mann_whitney_result r;
    assert_int_equal(tl_mann_whitney(g[1].x, g[1].n, g[0].x, g[0].n, &r, NULL), TL_OK);
    assert_close(r.u, u, 0, library);
    assert_close(r.p, p, 1e-12, library);
    free(g[0].x);
    free(g[1].x);
}

static void hugging_face_hours(void **state)
{
    (void)state;
    assert_published("huggingface", FIRST_HOURS, 91475.5, 0.41748918676789903);
}

static void keras_views(void **state)
{
    (void)state;
    assert_published("keras", VIEWS, 52329726.5, 2.316447289429593e-45);
}

static void spark_ml_hours(void **state)
{
    (void)state;
    assert_published("spark-ml", FIRST_HOURS, 683, 0.9340181712915452);
    numbers g[2] = {{0}};
    read_measure("spark-ml", FIRST_HOURS, g);
    assert_close(tl_median_in_place(g[1].x, g[1].n), 2.4, 1e-15, "with a trace");
    assert_close(tl_median_in_place(g[0].x, g[0].n), 2.4375, 1e-15, "without");
    free(g[0].x);
    free(g[1].x);
}

static void nltk_accepted(void **state)
{
    (void)state;
    double accepted[2] = {0}, answered[2] = {0};
    FILE *f = open_study("nltk");
    char *line = NULL, *column[COLUMNS];
    size_t cap = 0;
    while (next_question(f, &line, &cap, column)) {
        int group = column[HAS_TRACE][0] == '1';
        if (strtod(column[ANSWERS], NULL) > 0) {
            answered[group]++;
            accepted[group] += column[ACCEPTED][0] != '\0';
        }
    }
    free(line);
    fclose(f);
    assert_true(accepted[1] == 251 && answered[1] == 504);
    assert_true(accepted[0] == 2151 && answered[0] == 3614);
    tl_ztest_result r = tl_ztest(accepted[1], answered[1], accepted[0], answered[0]);
    assert_close(r.z, -4.145122930235921, 1e-13, "z");
    assert_close(r.p, 3.3963145663793656e-05, 1e-12, "p");
    r = tl_ztest(accepted[1], answered[1] + 1, accepted[0], answered[0]); /* as published */
    assert_close(r.z, -4.190631545708824, 1e-13, "z");
    assert_close(r.p, 2.7817907977517613e-05, 1e-12, "p");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hugging_face_hours),
        cmocka_unit_test(keras_views),
        cmocka_unit_test(spark_ml_hours),
        cmocka_unit_test(nltk_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
