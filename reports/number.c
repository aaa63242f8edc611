#include "reports/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Appends a number that printf wrote, with '.' for the locale's decimal point. */
static void add_number(tl_buf *out, const char *text)
{
    const char *point = localeconv()->decimal_point;
    const char *at = *point ? strstr(text, point) : NULL;
    if (!at) {
        tl_buf_add_cstr(out, text);
        return;
    }
    tl_buf_add_str(out, tl_str_range(text, at));
    tl_buf_add_char(out, '.');
    tl_buf_add_cstr(out, at + strlen(point));
}

void tl_number_exact(tl_buf *out, double v)
{
    char text[64];
    if (isnan(v)) {
        tl_buf_add_cstr(out, "nan");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    add_number(out, text);
}

void tl_number_fixed(tl_buf *out, double v, int decimals)
{
    char text[512]; /* DBL_MAX has 309 digits */
    snprintf(text, sizeof text, "%.*f", decimals, v);
    bool zero = strspn(text, "-0.,") == strlen(text);
    add_number(out, zero && *text == '-' ? text + 1 : text); /* no -0.00 */
}

void tl_number_p(tl_buf *out, double p)
{
    char text[64];
    if (p >= 0.001 || p == 0)
        snprintf(text, sizeof text, "%.3f", p);
    else
        snprintf(text, sizeof text, "%.2e", p);
    add_number(out, text);
}

void tl_number_grouped(tl_buf *out, int64_t v)
{
    char digits[32];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)v);
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0 && digits[i - 1] != '-')
            tl_buf_add_char(out, ',');
        tl_buf_add_char(out, digits[i]);
    }
}
