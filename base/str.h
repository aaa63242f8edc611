/* str.h: a borrowed run of bytes.
 *
 * tl_str points into memory that somebody else owns (a batch's buffer, an
 * arena, a literal) and is not NUL-terminated.  The empty string is {any, 0};
 * `data` NULL means "absent" where a field can be absent.
 */
#ifndef TL_BASE_STR_H
#define TL_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct tl_str {
    const char *data;
    size_t len;
} tl_str;

#define TL_STR(literal) ((tl_str){(literal), sizeof(literal) - 1})
#define TL_STR_FMT "%.*s"
#define TL_STR_ARG(s) (int)(s).len, (s).data ? (s).data : ""

static inline tl_str tl_str_from(const char *cstr)
{
    return (tl_str){cstr, cstr ? strlen(cstr) : 0};
}

static inline tl_str tl_str_range(const char *begin, const char *end)
{
    return (tl_str){begin, (size_t)(end - begin)};
}

static inline bool tl_str_eq(tl_str a, tl_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Bytewise order, a proper prefix first: negative, 0 or positive. */
int tl_str_cmp(tl_str a, tl_str b);

/* True when `s` is `literal` but for the case of ASCII letters. */
bool tl_str_eq_nocase(tl_str s, const char *literal);

/* The first position of `needle` in `s` at or after `from`, or SIZE_MAX. */
size_t tl_str_find(tl_str s, tl_str needle, size_t from);

/* Reads a whole run of ASCII decimal digits with an optional leading '-' into
 * *value.  False for anything else, the empty string and overflow. */
bool tl_str_to_int64(tl_str s, int64_t *value);

#endif
