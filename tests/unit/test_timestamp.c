/* Dates of dumps and exports, beside the C library's calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <time.h>

#include "base/model.h"
#include "extract/timestamp.h"
#include "tests/support/databases.h"

static void expect(const char *text, int64_t ms)
{
    int64_t found = tl_timestamp_parse(tl_str_from(text));
    if (found != ms)
        fail_msg("\"%s\" gives %lld, not %lld", text, (long long)found, (long long)ms);
}

static void test_forms(void **state)
{
    (void)state;
    expect("1970-01-01T00:00:00.000", 0);
    expect("2019-05-16T20:52:18.000", 1558039938000);
    expect("2019-05-16T20:52:18.123", 1558039938123);
    expect("2019-05-16T20:52:18", 1558039938000);
    expect("2019-05-16T20:52:18Z", 1558039938000);
    expect("2019-05-16 20:52:18", 1558039938000);
    expect("2019-05-16 20:52:18.5", 1558039938500);
    expect("2019-05-16T20:52:18.123456Z", 1558039938123);
    expect("2019-05-16", 1557964800000);
    expect("1969-12-31T23:59:59.999", -1);
    expect("2016-12-31T23:59:60", 1483228800000); /* a leap second is the first of the next day */
    expect("2000-02-29T00:00:00", 951782400000);
    expect("0001-01-01", -62135596800000);
    expect("9999-12-31T23:59:59.999", 253402300799999);
}

static void test_what_is_no_date(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "2019", "2019-05", "2019-5-16", "19-05-16", "2019/05/16", "2019-05-16T", "2019-05-16T20", "2019-05-16T20:52",
        "2019-05-16T20:52:", "2019-05-16T20:52:1", "2019-05-16T20:52:18.", "2019-05-16T20:52:18.x", "2019-05-16T20:52:18.000ZZ",
        "2019-05-16T20:52:18+02:00", "2019-13-01", "2019-00-01", "2019-01-00", "2019-01-32", "2019-04-31", "2019-02-29",
        "1900-02-29", "0000-01-01", "2019-05-16T24:00:00", "2019-05-16T20:60:00", "2019-05-16T20:52:61", " 2019-05-16",
        "2019-05-16 ", "-019-05-16", "2019-05-16x20:52:18", "+2019-05-16", "2019-05-1\xB2",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect(bad[i], TL_UNKNOWN);
    assert_int_equal(tl_timestamp_parse(TL_STR("2019-05-16\0")), TL_UNKNOWN);
}

static void test_agrees_with_the_calendar(void **state)
{
    (void)state;
    test_random random = test_random_new("test_agrees_with_the_calendar", 1);
    for (int round = 0; round < 100000; round++) {
        /* 1600 to 3600 */
        int64_t s = (int64_t)test_random_below(&random, 2000u * 366) * 86400 + test_random_below(&random, 86400) - 11676096000;
        int ms = (int)test_random_below(&random, 1000);
        time_t t = (time_t)s;
        struct tm tm;
        char day[64], text[80];
        assert_non_null(gmtime_r(&t, &tm));
        strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
        snprintf(text, sizeof text, "%s.%03d", day, ms);
        expect(text, s * 1000 + ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_what_is_no_date),
        cmocka_unit_test(test_agrees_with_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
