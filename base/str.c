#include "base/str.h"

int tl_str_cmp(tl_str a, tl_str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.data, b.data, n) : 0;
    if (c)
        return c;
    return a.len < b.len ? -1 : a.len > b.len;
}

static int ascii_lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool tl_str_eq_nocase(tl_str s, const char *literal)
{
    if (s.len != strlen(literal))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (ascii_lower((unsigned char)s.data[i]) != ascii_lower((unsigned char)literal[i]))
            return false;
    return true;
}

size_t tl_str_find(tl_str s, tl_str needle, size_t from)
{
    if (from > s.len)
        return SIZE_MAX;
    if (needle.len == 0)
        return from;
    if (s.len - from < needle.len)
        return SIZE_MAX;
    const char *hit = memmem(s.data + from, s.len - from, needle.data, needle.len);
    return hit ? (size_t)(hit - s.data) : SIZE_MAX;
}

bool tl_str_to_int64(tl_str s, int64_t *value)
{
    size_t i = 0;
    bool negative = s.len > 0 && s.data[0] == '-';
    if (negative)
        i = 1;
    if (i == s.len)
        return false;
    int64_t v = 0; /* accumulated below zero: INT64_MIN has no positive twin */
    for (; i < s.len; i++) {
        int digit = s.data[i] - '0';
        if (digit < 0 || digit > 9)
            return false;
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, digit, &v))
            return false;
    }
    if (!negative && v == INT64_MIN)
        return false;
    *value = negative ? v : -v;
    return true;
}
