#include "extract/timestamp.h"

#include "base/model.h"

/* Reads `digits` digits at *at, which moves on; -1 if they are not there. */
static int number(tl_str s, size_t *at, int digits)
{
    int v = 0;
    if (s.len - *at < (size_t)digits)
        return -1;
    for (int i = 0; i < digits; i++) {
        int d = s.data[(*at)++] - '0';
        if (d < 0 || d > 9)
            return -1;
        v = v * 10 + d;
    }
    return v;
}

static bool literal(tl_str s, size_t *at, char c)
{
    if (*at >= s.len || s.data[*at] != c)
        return false;
    ++*at;
    return true;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar: years begin in March,
 * so that the leap day is the last day of a year. */
static int64_t days_from_civil(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era_day = 365 * y + y / 4 - y / 100 + y / 400;
    int64_t year_day = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era_day + year_day - 719468;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

int64_t tl_timestamp_parse(tl_str s)
{
    size_t at = 0;
    int year = number(s, &at, 4);
    if (year < 1 || !literal(s, &at, '-'))
        return TL_UNKNOWN;
    int month = number(s, &at, 2);
    if (month < 1 || month > 12 || !literal(s, &at, '-'))
        return TL_UNKNOWN;
    int day = number(s, &at, 2);
    if (day < 1 || day > days_in_month(year, month))
        return TL_UNKNOWN;
    int64_t ms = days_from_civil(year, month, day) * 86400000;
    if (at == s.len)
        return ms;
    if (!literal(s, &at, 'T') && !literal(s, &at, ' '))
        return TL_UNKNOWN;
    int hour = number(s, &at, 2);
    if (hour < 0 || hour > 23 || !literal(s, &at, ':'))
        return TL_UNKNOWN;
    int minute = number(s, &at, 2);
    if (minute < 0 || minute > 59 || !literal(s, &at, ':'))
        return TL_UNKNOWN;
    int second = number(s, &at, 2);
    if (second < 0 || second > 60)
        return TL_UNKNOWN;
    ms += ((hour * 60 + minute) * 60 + second) * 1000;
    if (literal(s, &at, '.')) {
        int scale = 100, digits = 0;
        for (; at < s.len && s.data[at] >= '0' && s.data[at] <= '9'; at++, digits++, scale /= 10)
            ms += (s.data[at] - '0') * scale;
        if (digits == 0)
            return TL_UNKNOWN;
    }
    if (s.len - at == 4 && memcmp(s.data + at, " UTC", 4) == 0)
        return ms;
    literal(s, &at, 'Z');
    return at == s.len ? ms : TL_UNKNOWN;
}
