#define PCRE2_CODE_UNIT_WIDTH 8
#include "extract/regex.h"

#include <pcre2.h>
#include <stdlib.h>

enum {
    JIT_STACK_START = 32 * 1024,
    JIT_STACK_MAX = 8 * 1024 * 1024,
    MATCH_LIMIT = 10 * 1000 * 1000,
    HEAP_LIMIT_KIB = 64 * 1024
};

struct tl_regex {
    pcre2_code *code;
};

struct tl_matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    tl_str subject;
    int groups; /* of the last match that may have taken part; those after have no place */
};

int tl_regex_new(tl_regex **out, const char *pattern, unsigned flags, tl_error *err)
{
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_EXTENDED | PCRE2_NEVER_BACKSLASH_C;
    if (flags & TL_REGEX_CASELESS)
        options |= PCRE2_CASELESS;
    if (flags & TL_REGEX_MULTILINE)
        options |= PCRE2_MULTILINE;
    if (flags & TL_REGEX_ANCHORED)
        options |= PCRE2_ANCHORED;

    *out = NULL;
    tl_regex *re = calloc(1, sizeof *re);
    if (!re)
        return tl_fail_memory(err, "a pattern");
    int code;
    PCRE2_SIZE at;
    re->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &code, &at, NULL);
    if (!re->code) {
        PCRE2_UCHAR text[128] = "";
        pcre2_get_error_message(code, text, sizeof text);
        free(re);
        if (code == PCRE2_ERROR_HEAP_FAILED)
            return tl_fail_memory(err, "a pattern");
        return tl_fail(err, TL_USAGE, "bad pattern at character %zu: %s", (size_t)at, (char *)text);
    }
    /* Without JIT (an unusual processor) matching is slower, not different. */
    pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE);
    *out = re;
    return TL_OK;
}

void tl_regex_free(tl_regex *re)
{
    if (!re)
        return;
    pcre2_code_free(re->code);
    free(re);
}

int tl_matcher_new(tl_matcher **out, tl_error *err)
{
    *out = NULL;
    tl_matcher *m = calloc(1, sizeof *m);
    if (!m)
        return tl_fail_memory(err, "a matcher");
    m->data = pcre2_match_data_create(TL_MAX_GROUPS, NULL);
    m->context = pcre2_match_context_create(NULL);
    m->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
    if (!m->data || !m->context || !m->stack) {
        tl_matcher_free(m);
        return tl_fail_memory(err, "a matcher");
    }
    pcre2_set_match_limit(m->context, MATCH_LIMIT);
    pcre2_set_heap_limit(m->context, HEAP_LIMIT_KIB);
    pcre2_jit_stack_assign(m->context, NULL, m->stack);
    *out = m;
    return TL_OK;
}

void tl_matcher_free(tl_matcher *m)
{
    if (!m)
        return;
    pcre2_match_data_free(m->data);
    pcre2_match_context_free(m->context);
    pcre2_jit_stack_free(m->stack);
    free(m);
}

int tl_regex_find(const tl_regex *re, tl_matcher *m, tl_str subject, size_t from)
{
    m->subject = subject;
    m->groups = 0;
    /* Posts are repaired to valid UTF-8 before they come here, so PCRE2 need not
     * check again for every search. */
    int rc = pcre2_match(re->code, (PCRE2_SPTR)subject.data, subject.len, from,
                         PCRE2_NO_UTF_CHECK, m->data, m->context);
    if (rc == PCRE2_ERROR_NOMATCH)
        return 0;
    if (rc == PCRE2_ERROR_NOMEMORY)
        return TL_NO_MEMORY;
    if (rc < 0)
        return TL_BAD_INPUT;
    m->groups = rc > 0 ? rc : TL_MAX_GROUPS; /* 0: the pattern has more than there is room for */
    return 1;
}

tl_str tl_matcher_group(const tl_matcher *m, int i)
{
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(m->data);
    if (i >= m->groups || at[2 * i] == PCRE2_UNSET)
        return (tl_str){NULL, 0};
    return tl_str_range(m->subject.data + at[2 * i], m->subject.data + at[2 * i + 1]);
}
