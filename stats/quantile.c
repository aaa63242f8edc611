#include "stats/quantile.h"

#include "stats/sort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void swap(double *a, double *b)
{
    double t = *a;
    *a = *b;
    *b = t;
}

static double median_of_three(double a, double b, double c)
{
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* Puts the value of rank k (0-based) at x[k], no larger one before it and no
 * smaller one after it.  Partitions in three, so that ties cost nothing, and
 * sorts what is left once the pivots prove bad: O(n log n) on hostile input. */
static void select_rank(double *x, size_t n, size_t k)
{
    size_t low = 0, high = n, rounds = 2;
    for (size_t m = n; m > 1; m /= 2)
        rounds += 2;
    while (high - low > 1) {
        if (rounds-- == 0) {
            tl_sort_doubles(x + low, high - low);
            return;
        }
        /* The quarters: good pivots on sorted, reversed and rising-falling input. */
        size_t quarter = (high - low) / 4;
        const double *from = x + low;
        double pivot = median_of_three(from[quarter], from[2 * quarter], from[3 * quarter]);
        size_t less = low, i = low, more = high;
        while (i < more) {
            if (x[i] < pivot)
                swap(&x[i++], &x[less++]);
            else if (x[i] > pivot)
                swap(&x[i], &x[--more]);
            else
                i++;
        }
        if (k < less)
            high = less;
        else if (k >= more)
            low = more;
        else
            return;
    }
}

static double least(const double *x, size_t n)
{
    double min = x[0];
    for (size_t i = 1; i < n; i++)
        if (x[i] < min)
            min = x[i];
    return min;
}

double tl_quantile_in_place(double *x, size_t n, double q)
{
    if (n == 0 || !(q >= 0 && q <= 1) || tl_has_nan(x, n))
        return NAN;
    double position = (double)(n - 1) * q;
    size_t k = (size_t)position;
    double fraction = position - (double)k;
    select_rank(x, n, k);
    if (fraction == 0) /* as always for the last */
        return x[k];
    double next = least(x + k + 1, n - k - 1);
    if (next == x[k]) /* not an average of itself, rounded */
        return next;
    /* A weighted sum cannot overflow, as x[k] + fraction (next - x[k]) could. */
    return (1 - fraction) * x[k] + fraction * next;
}

double tl_median_in_place(double *x, size_t n)
{
    return tl_quantile_in_place(x, n, 0.5);
}

int tl_quantile(const double *x, size_t n, double q, double *out, tl_error *err)
{
    *out = NAN;
    if (n == 0)
        return TL_OK;
    double *copy = malloc(n * sizeof *copy);
    if (!copy)
        return tl_fail_memory(err, "a quantile");
    memcpy(copy, x, n * sizeof *copy);
    *out = tl_quantile_in_place(copy, n, q);
    free(copy);
    return TL_OK;
}

int tl_median(const double *x, size_t n, double *out, tl_error *err)
{
    return tl_quantile(x, n, 0.5, out, err);
}
