#include "extract/grammar/lines.h"

#include <stdio.h>
#include <stdlib.h>

#include "extract/grammar/utf8.h"
#include "extract/regex.h"

enum {
    PATTERN_BYTES = 2048, /* no form is longer but for its message or source */
    PATTERN_MAX = 2048    /* bytes of a pattern */
};

/* A path of a Python source: rooted ones may hold spaces, others may not. */
#define EXT "\\.(?:py[xcwi]?|pxd|pxi|ipynb)"
#define NUMBER "(\\d{1,9})"
#define ANGLED "<[^<>\"]{1,200}>"
#define ROOTED "(?:[A-Za-z]:[\\\\/]|~[\\\\/]|\\.{0,2}[\\\\/])[^:<>\"|?*]{1,500}?" EXT
#define WORD_PATH "[\\w.-][^\\s:<>\"'|?*(),]{0,300}?" EXT
#define PATH "(" ANGLED "|" ROOTED "|" WORD_PATH ")"
/* A function: f, <module>, pkg.mod.Class.f, f.<locals>.<lambda>, and IPython's "?". */
#define DOTTED "[^\\W\\d][\\w.$]{0,300}(?:<[a-z]{1,20}>[\\w.]{0,300}){0,20}"
#define NAME "(\\?|top-level template code|<[^<>]{1,80}>|" DOTTED ")"
/* An exception class: ValueError, pkg.mod.Error, f.<locals>.Error, RayTaskError(KeyError). */
#define WORD "[^\\W\\d]\\w{0,120}"
#define CLASS "(" WORD "(?:\\.(?:<locals>|" WORD ")){0,20}(?:\\(\\w{1,80}\\))?)"

typedef struct line_form {
    tl_line_kind kind;
    unsigned scope;
    const char *first;  /* bytes the text can begin with, NULL for any */
    const char *needle; /* a literal that the text holds, NULL for none */
    const char *pattern;
} line_form;

#define ANY TL_SCOPE_ANY
#define OPEN TL_SCOPE_OPEN

/* The first entry that matches names the line.  Patterns are anchored at both ends
 * where they can be, and every repetition is bounded by the entry's own literals. */
static const line_form forms[] = {
    {TL_LINE_IPYTHON_HEADER, ANY, NULL, "Traceback (most recent",
     "()()" CLASS "\\s+Traceback \\(most recent call last\\)(?!:)\\s*(.*)"},
    {TL_LINE_HEADER, ANY, NULL, "(most recent call last)",
     "()()()(?:Original |Exception Group )?Traceback (?:of TorchScript )?"
     "\\(most recent call last\\)\\s*:?\\s*(.*)"},
    {TL_LINE_STACK_HEADER, ANY, NULL, "(most recent call last)",
     "(?:Stack|.{0,300}\\bdefined at) \\(most recent call last\\)\\s*:?\\s*$"},
    {TL_LINE_REVERSE_HEADER, ANY, NULL, "(most recent call first)",
     "(?:Current thread|Thread|Stack|Traceback)\\b.{0,80}\\(most recent call first\\)\\s*:?$"},
    {TL_LINE_STACK_HEADER, ANY, "C", "all stack", "Call stack:$"},
    {TL_LINE_STACK_HEADER, ANY, "C", "Caused by op", "Caused by op .{1,300} defined at:$"},
    {TL_LINE_STACK_HEADER, ANY, "O", "stack trace for", "Original stack trace for .{1,300}:$"},

    {TL_LINE_FRAME, ANY, "F>", "File ",
     "(?:>\\s)?File [\"'“”]([^\"“”]{0,1000})[\"'“”]?,? line " NUMBER ",? in\\b"
     "(?: " NAME ")?(?:\\(\\))?[ ]*(.*)$"},
    {TL_LINE_SYNTAX_FRAME, ANY, "F", "File ",
     "File [\"“”]([^\"“”]{0,1000})[\"“”], line " NUMBER "()()$"},
    {TL_LINE_FRAME, OPEN, "F", "File ", /* Django's page */
     "File \"([^\"]{1,1000})\"() in " NAME "()$"},
    {TL_LINE_CELL_FRAME, ANY, "CI", "In",
     "((?:Cell|Input) In ?\\[[\\d*]{1,9}\\]), "
     "(?|line " NUMBER "(?:, in " NAME "(?:\\(.*)?)?|()in " NAME "(?:\\(.*)?)$"},
    {TL_LINE_CELL_FRAME, ANY, NULL, ".ipynb Cell ", /* Visual Studio Code's */
     "([^<>\"|?*]{1,600}\\.ipynb Cell \\d{1,9})'?"
     "(?|() in " NAME "(?:\\(.*)?| (?:in|line) " NUMBER ")$"},
    {TL_LINE_CELL_FRAME, ANY, "I", "Input",
     "(Input In ?\\[[\\d*]{1,9}\\])()()()$"},
    {TL_LINE_IPYTHON_FRAME, ANY, "F", "File ",
     "File (" ANGLED "|[^\"<>|?*]{1,600}):" NUMBER "(?:, in " NAME "(?:\\(.*)?)?()$"},
    {TL_LINE_IPYTHON_FRAME, ANY, NULL, " in",
     PATH "() in(?: " NAME "| (?=\\()|$)(?:\\(.*)?()$"},
    {TL_LINE_IPYTHON_FRAME, TL_SCOPE_IPYTHON, "i", "in", /* a renderer ate <module> */
     "()()in(?:(?: " NAME ")? ?\\(.*|)()$"},
    {TL_LINE_FUNCTION, TL_SCOPE_NAMELESS, NULL, "(", "()()" NAME "\\(()"},
    {TL_LINE_RICH_FRAME, TL_SCOPE_RICH, NULL, " in ",
     "([^\"<>|?*]{1,600}|" ANGLED "):" NUMBER " in " NAME "()$"},
    {TL_LINE_RICH_FRAME, TL_SCOPE_RICH, "i", "in ", 
     "()(?=.*:" NUMBER "$)in " NAME ":\\d+()$"},
    {TL_LINE_AUTOGRAPH_FRAME, TL_SCOPE_AUTOGRAPH, NULL, ".py:",
     PATH ":" NUMBER " " NAME "(?:\\s+\\*{1,2})?()$"},
    {TL_LINE_PYTEST_FRAME, ANY, NULL, ": in ", PATH ":" NUMBER ": in " NAME "()$"},
    {TL_LINE_PYTEST_PLACE, TL_SCOPE_PYTEST, NULL, ".py",
     PATH ":" NUMBER ":(?: " CLASS ")? ?()$"},
    {TL_LINE_PYTEST_ERROR, TL_SCOPE_PYTEST, "E", NULL, "()()()E(?| {2,}(.*)|())$"},
    {TL_LINE_PYTEST_SOURCE, TL_SCOPE_PYTEST, ">", NULL, "()()()> {2,}(.*)$"},
    {TL_LINE_PYTEST_RULE, TL_SCOPE_PYTEST, "_", "_ ",
     "_{3,} .{1,300} _{3,}$|(?:_ ){10,}_?$"},
    {TL_LINE_DEF, TL_SCOPE_PYTEST, "da", "def ", "()()(?:async )?def (\\w{1,200})\\s*\\("},

    {TL_LINE_DOCTEST, OPEN, "F", "Failed example", "Failed example:$"},
    {TL_LINE_ARROW, OPEN, "->\xE2", NULL, "()(?:-*>|❱)\\s*" NUMBER "()(?:\\s(.*))?$"},
    {TL_LINE_CARETS, OPEN, "^~", NULL, "[~^]+$"},
    {TL_LINE_REPEATED, OPEN, "[", "repeated",
     "\\[Previous line repeated \\d{1,9} more times?\\]$"},
    {TL_LINE_STAMP, OPEN, "0123456789\xEE\xEF", NULL,
     "(?:[\\x{E000}-\\x{F8FF}]|(?:\\d{4}-\\d\\d-\\d\\d[T ])?\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?Z?)$"},
    {TL_LINE_LISTING, OPEN, "0123456789(", NULL, "\\d{1,9}(?:\\s.*)?$|\\(\\.\\.\\.\\)"},
    {TL_LINE_CUT, OPEN, ".[<(-\xE2", NULL,
     "[\\s<(\\[*-]{0,20}(?:\\.{2,}|…|(?i:snip|cut|truncated|omitted)\\w{0,10})[\\s.…>)\\]*-]{0,20}$"},
    {TL_LINE_CONTEXT, ANY, NULL, "During handling of the above",
     ".{0,240}?During handling of the above"},
    {TL_LINE_CAUSE, ANY, NULL, "The above exception was the",
     ".{0,240}?The above exception was the"},
    {TL_LINE_GROUP_RULE, ANY, "+", "-----",
     "\\+(?:-\\+)?-{10,}(?: (?:\\d{1,9}|\\.\\.\\.) -{10,}|-*)$"},
    {TL_LINE_RULE, OPEN, "-=*\xE2+", NULL, "[-=*]{10,}$|╰─{10,}╯$|\\+-{10,}\\+$"},
    {TL_LINE_EXCEPTION, OPEN, NULL, NULL,
     "()()[*`]{0,3}" CLASS "(?::(?!:)|(?= ?\\(see above|`{3,}$)|$)()"},
};

enum { FORMS = sizeof forms / sizeof *forms };

struct tl_lines {
    tl_matcher *matcher;
    tl_regex *patterns[FORMS];
    size_t needle[FORMS]; /* length of each needle */
    uint64_t first[256];  /* forms that can begin with a byte, a bit each */
};

_Static_assert(FORMS <= 64, "forms are bits of a word");

int tl_lines_new(tl_lines **out, tl_error *err)
{
    *out = NULL;
    tl_lines *l = calloc(1, sizeof *l);
    if (!l)
        return tl_fail_memory(err, "the line patterns");
    int rc = tl_matcher_new(&l->matcher, err);
    for (size_t i = 0; rc == TL_OK && i < FORMS; i++) {
        char pattern[PATTERN_MAX];
        snprintf(pattern, sizeof pattern, "(?-x)%s", forms[i].pattern);
        rc = tl_regex_new(&l->patterns[i], pattern, TL_REGEX_ANCHORED, err);
        l->needle[i] = forms[i].needle ? strlen(forms[i].needle) : 0;
        for (int c = 1; c < 256; c++)
            if (!forms[i].first || strchr(forms[i].first, c))
                l->first[c] |= UINT64_C(1) << i;
    }
    if (rc != TL_OK) {
        tl_lines_free(l);
        return rc;
    }
    *out = l;
    return TL_OK;
}

void tl_lines_free(tl_lines *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < FORMS; i++)
        tl_regex_free(l->patterns[i]);
    tl_matcher_free(l->matcher);
    free(l);
}

/* What follows the class of an exception line may be longer than patterns see. */
static tl_str after_class(tl_str text, tl_str class_name)
{
    tl_str rest = tl_str_range(class_name.data + class_name.len, text.data + text.len);
    if (rest.len > 0 && rest.data[0] == ':')
        rest.data++, rest.len--;
    while (rest.len > 0 && rest.data[0] == ' ')
        rest.data++, rest.len--;
    /* **ValueError: ...**, as people emphasise it */
    if (text.data != class_name.data)
        while (rest.len > 0 && rest.data[rest.len - 1] == text.data[0])
            rest.len--;
    return rest;
}

static int try_form(tl_lines *l, size_t i, tl_str part, tl_line *out)
{
    int rc = tl_regex_find(l->patterns[i], l->matcher, part, 0);
    if (rc <= 0)
        return rc;
    out->kind = forms[i].kind;
    out->path = tl_matcher_group(l->matcher, 1);
    out->number = tl_matcher_group(l->matcher, 2);
    out->name = tl_matcher_group(l->matcher, 3);
    out->rest = tl_matcher_group(l->matcher, 4);
    if (out->kind == TL_LINE_EXCEPTION)
        out->rest = after_class(out->text, out->name);
    return 1;
}

int tl_lines_read(tl_lines *l, tl_str text, unsigned scopes, tl_line *out)
{
    const char *begin = text.data, *end = text.data + text.len;
    while (begin < end && (*begin == ' ' || *begin == '\t'))
        begin++;
    while (begin < end && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *out = (tl_line){.kind = TL_LINE_TEXT, .indent = (size_t)(begin - text.data)};
    out->text = tl_str_range(begin, end);
    if (begin == end) {
        out->kind = TL_LINE_BLANK;
        return TL_OK;
    }
    tl_str part = tl_utf8_cut(out->text, PATTERN_BYTES);
    uint64_t left = l->first[(unsigned char)*begin];
    for (size_t i = 0; left; i++, left >>= 1) {
        if (!(left & 1) || !(forms[i].scope & scopes))
            continue;
        if (l->needle[i] && !memmem(part.data, part.len, forms[i].needle, l->needle[i]))
            continue;
        int rc = try_form(l, i, part, out);
        if (rc != 0)
            return rc < 0 ? rc : TL_OK;
    }
    return TL_OK;
}

bool tl_error_like(tl_str name)
{
    static const char *const ends[] = {"Error", "Exception", "Warning", "Interrupt", "Exit",
                                       "Failure", "Failed", "Iteration", "Timeout", "Expired",
                                       "NotFound", "ExceptionGroup", "Fault", "Abort", "Skipped",
                                       "DoesNotExist"};
    static const char *const whole[] = {"error", "timeout", "Empty", "Full"};
    const char *paren = name.len > 0 ? memchr(name.data, '(', name.len) : NULL;
    if (paren) /* RayTaskError(ValueError) */
        name = tl_str_range(name.data, paren);
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        size_t n = strlen(whole[i]);
        if (name.len >= n && memcmp(name.data + name.len - n, whole[i], n) == 0 &&
            name.len > n && name.data[name.len - n - 1] == '.')
            return true; /* cv2.error, socket.timeout, queue.Empty */
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i]);
        if (name.len >= n && memcmp(name.data + name.len - n, ends[i], n) == 0)
            return true;
    }
    return false;
}

tl_str tl_without_fence(tl_str message)
{
    size_t len = message.len;
    while (len > 0 && message.data[len - 1] == '`')
        len--;
    if (message.len - len < 3 || memmem(message.data, len, "```", 3))
        return message;
    while (len > 0 && (message.data[len - 1] == ' ' || message.data[len - 1] == '\n'))
        len--;
    return (tl_str){message.data, len};
}
