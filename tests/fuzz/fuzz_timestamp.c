/* Any bytes as a date, and any date in every form that dumps and exports write: read as
 * the C library counts, or not at all. */
#include "tests/fuzz/fuzz.h"

#include <time.h>

#include "base/model.h"
#include "extract/timestamp.h"

/* What is read, written again, is what was read, as far as it says. */
static void check_text(tl_str s)
{
    int64_t ms = tl_timestamp_parse(s);
    if (ms == TL_UNKNOWN)
        return;
    time_t t = (time_t)(ms >= 0 ? ms / 1000 : -((999 - ms) / 1000));
    struct tm tm;
    char padded[80];
    require(gmtime_r(&t, &tm));
    snprintf(padded, sizeof padded, "%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
             tm.tm_hour, tm.tm_min, tm.tm_sec);
    require(s.len >= 10);
    bool leap_second = s.len >= 19 && memcmp(s.data + 17, "60", 2) == 0;
    if (leap_second)
        return; /* counts as the second after it */
    require(memcmp(s.data, padded, 10) == 0);
    require(s.len == 10 ? memcmp(padded + 11, "00:00:00", 8) == 0
                        : s.len >= 19 && memcmp(s.data + 11, padded + 11, 8) == 0);
}

/* A time of the years 1 to 9999 in each form. */
static void check_time(uint64_t random)
{
    const int64_t first = -62135596800, last = 253402300799;
    time_t t = (time_t)(first + (int64_t)(random % (uint64_t)(last - first + 1)));
    int millis = (int)(random >> 40 & 1023) % 1000;
    struct tm tm;
    require(gmtime_r(&t, &tm));
    static const struct {
        const char *form;
        bool has_millis;
    } forms[] = {{"%04d-%02d-%02dT%02d:%02d:%02d.%03d", true},  {"%04d-%02d-%02d %02d:%02d:%02d", false},
                 {"%04d-%02d-%02d %02d:%02d:%02d.%03d UTC", true}, {"%04d-%02d-%02dT%02d:%02d:%02dZ", false}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char text[128];
        snprintf(text, sizeof text, forms[i].form, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                 tm.tm_min, tm.tm_sec, millis);
        require(tl_timestamp_parse(tl_str_from(text)) == (int64_t)t * 1000 + (forms[i].has_millis ? millis : 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t random = 0;
    check_text((tl_str){(const char *)data, size});
    if (size >= sizeof random) {
        memcpy(&random, data, sizeof random);
        check_time(random);
    }
    return 0;
}
