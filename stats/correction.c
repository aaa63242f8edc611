#include "stats/correction.h"

#include <math.h>
#include <stdlib.h>

typedef struct test {
    double p;
    size_t index; /* of the test in the caller's array */
} test;

static int compare_tests(const void *pa, const void *pb)
{
    double a = ((const test *)pa)->p, b = ((const test *)pb)->p;
    return (a > b) - (a < b);
}

/* The tests that were made, by rising p; the caller frees *out. */
static int sort_tests(const double *p, size_t n, test **out, size_t *made, tl_error *err)
{
    *made = 0;
    *out = malloc((n ? n : 1) * sizeof **out);
    if (!*out)
        return tl_fail_memory(err, "corrected p-values");
    for (size_t i = 0; i < n; i++)
        if (!isnan(p[i]))
            (*out)[(*made)++] = (test){p[i], i};
    qsort(*out, *made, sizeof **out, compare_tests);
    return TL_OK;
}

int tl_holm(const double *p, size_t n, double *adjusted, tl_error *err)
{
    test *tests;
    size_t m;
    int rc = sort_tests(p, n, &tests, &m, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++)
        adjusted[i] = NAN;
    double largest = 0; /* a corrected p is never below that of a smaller p */
    for (size_t i = 0; i < m; i++) {
        largest = fmax(largest, fmin(1, tests[i].p * (double)(m - i)));
        adjusted[tests[i].index] = largest;
    }
    free(tests);
    return TL_OK;
}

int tl_benjamini_hochberg(const double *p, size_t n, double *adjusted, tl_error *err)
{
    test *tests;
    size_t m;
    int rc = sort_tests(p, n, &tests, &m, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++)
        adjusted[i] = NAN;
    double smallest = 1; /* a corrected p is never above that of a larger p */
    for (size_t i = m; i-- > 0;) {
        smallest = fmin(smallest, tests[i].p * (double)m / (double)(i + 1));
        adjusted[tests[i].index] = smallest;
    }
    free(tests);
    return TL_OK;
}
