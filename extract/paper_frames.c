#include "extract/paper_frames.h"

/* What follows `.py` in a frame, from the "one or more characters other than digits
 * and newline" to the function, depends on nothing before it.  Those characters
 * end in a stretch that runs from `begin` up to, not including, the digit or
 * newline at `end`; for every `.py` inside one stretch the same last `in` wins, so
 * it is looked for once.  `tried` is the lowest end of the free characters that has
 * been tried; end + 1 says none yet. */
typedef struct stretch {
    size_t begin, end, tried;
    bool found;
    size_t in; /* where the free characters end for the winning `in` */
    size_t function, function_end;
} stretch;

typedef struct scan {
    tl_chars *chars;
    tl_str text;
    tl_os os;
    stretch last;
} scan;

typedef struct match {
    tl_str file, function;
    size_t end;
} match;

static scan scan_start(tl_chars *c, tl_str text, tl_os os)
{
    /* A stretch that holds no position. */
    return (scan){c, text, os, {.begin = SIZE_MAX}};
}

/* ---- after `.py` ------------------------------------------------------- */

static bool starts_identifier(tl_str text, size_t at)
{
    return at < text.len &&
           (tl_ascii_letter(text.data[at]) || text.data[at] == '_' || text.data[at] == '$');
}

/* Looks for the function whose identifier comes after non-word characters (and,
 * for Unix, digits) at `at`, of which at least `least` must be passed over. */
static bool find_function(const scan *s, size_t at, size_t least, stretch *out)
{
    tl_str text = s->text;
    size_t word = tl_chars_find(s->chars, text, at, TL_CHAR_WORD, true);
    size_t name = word;
    if (s->os == TL_OS_UNIX)
        name = tl_chars_find(s->chars, text, word, TL_CHAR_DIGIT, false);
    if (word - at < least)
        return false;
    if (!starts_identifier(text, name)) {
        /* The dollar is a non-word character that may begin an identifier: give
         * back non-word characters down to the last one. */
        at += least;
        const char *dollar = word > at ? memrchr(text.data + at, '$', word - at) : NULL;
        if (!dollar)
            return false;
        name = (size_t)(dollar - text.data);
    }
    out->function = name;
    while (starts_identifier(text, name) || (name < text.len && tl_ascii_digit(text.data[name])))
        name++;
    out->function_end = name;
    return true;
}

/* Is there `in` at `at`, and behind it what leads to a function? */
static bool in_leads_on(const scan *s, size_t at, stretch *out)
{
    tl_str text = s->text;
    if (text.len - at < 3 || memcmp(text.data + at, "in", 2) != 0)
        return false;
    at += 2;
    if (s->os == TL_OS_WINDOWS)
        return find_function(s, at, 1, out);
    tl_char space = tl_chars_at(s->chars, text, at);
    return (space.class & TL_CHAR_SPACE) && find_function(s, at + space.len, 0, out);
}

/* Makes s->last the stretch that holds `from`. */
static void enter_stretch(scan *s, size_t from)
{
    stretch *last = &s->last;
    if (from >= last->begin && from <= last->end)
        return;
    size_t at = from;
    while (at < s->text.len && at != last->begin && s->text.data[at] != '\n') {
        tl_char ch = tl_chars_at(s->chars, s->text, at);
        if (ch.class & TL_CHAR_DIGIT)
            break;
        at += ch.len;
    }
    if (at == last->begin)
        last->begin = from;
    else
        *last = (stretch){.begin = from, .end = at, .tried = at + 1};
}

/* Does a function follow the `.py` that ends at `from`?  Leaves it in s->last. */
static bool find_rest(scan *s, size_t from)
{
    enter_stretch(s, from);
    stretch *last = &s->last;
    while (!last->found && last->tried > from + 1) {
        last->in = --last->tried;
        size_t in = last->in;
        if (in == last->end) {
            in = tl_chars_find(s->chars, s->text, in, TL_CHAR_DIGIT, false);
            in = tl_chars_find(s->chars, s->text, in, TL_CHAR_WORD, true);
        }
        last->found = in_leads_on(s, in, last);
    }
    return last->found && last->in > from;
}

/* ---- paths ------------------------------------------------------------- */

/* The components of a path after each separator in [begin, end), the last one
 * first; within a component the last `.py` first.  The file name may not hold the
 * `barred` character. */
static bool find_file(scan *s, size_t begin, size_t end, char separator, char barred, match *out)
{
    const char *text = s->text.data;
    while (end > begin) {
        const char *before = memrchr(text + begin, separator, end - begin);
        if (!before)
            return false;
        const char *name = before + 1;
        const char *stop = memchr(name, barred, (size_t)(text + end - name));
        stop = stop ? stop : text + end;
        for (const char *dot = stop; dot > name + 1;) {
            dot = memrchr(name + 1, '.', (size_t)(dot - name - 1));
            if (!dot)
                break;
            if (stop - dot < 3 || memcmp(dot, ".py", 3) != 0)
                continue;
            if (find_rest(s, (size_t)(dot + 3 - text))) {
                out->file = tl_chars_trim(s->chars, tl_str_range(name, dot));
                out->function = tl_str_range(text + s->last.function, text + s->last.function_end);
                out->end = s->last.function_end;
                return true;
            }
        }
        end = (size_t)(before - text);
    }
    return false;
}

/* Where a path that begins at `at` ends: at the first character that no component
 * may hold, or at a second separator in a row.  `at` is taken to follow one. */
static size_t path_end(tl_str text, size_t at, char separator, const bool *barred)
{
    for (bool empty = true; at < text.len; at++) {
        char c = text.data[at];
        if (barred[(unsigned char)c] || (empty && c == separator))
            break;
        empty = c == separator;
    }
    return at;
}

/* A path may begin with an empty component, that is, at any slash.  If the path that
 * begins at the first slash of a chain leads to no frame, those that begin later in
 * the chain offer a part of the same files: the search goes on behind the chain. */
static bool next_unix(scan *s, size_t at, match *out)
{
    static const bool barred[256] = {['\n'] = true, ['&'] = true, [':'] = true,
                                     ['|'] = true,  ['>'] = true, ['<'] = true};
    tl_str text = s->text;
    while (at < text.len) {
        const char *slash = memchr(text.data + at, '/', text.len - at);
        if (!slash)
            return false;
        size_t begin = (size_t)(slash - text.data) + 1;
        at = path_end(text, begin, '/', barred);
        if (find_file(s, begin, at, '/', '\\', out))
            return true;
    }
    return false;
}

/* As next_unix.  The optional backslash must be passed over, as no component is
 * empty; the optional slash need not be, as a component may begin with one. */
static bool next_windows(scan *s, size_t at, match *out)
{
    static const bool barred[256] = {['\n'] = true, ['<'] = true, ['>'] = true, [':'] = true,
                                     ['"'] = true,  ['|'] = true, ['?'] = true, ['*'] = true};
    tl_str text = s->text;
    while (at < text.len) {
        size_t begin = at + 1;
        if (tl_ascii_letter(text.data[at]) && begin < text.len && text.data[begin] == ':') {
            begin++;
        } else if (text.data[at] != '~') {
            at++;
            continue;
        }
        if (begin < text.len && text.data[begin] == '\\')
            begin++;
        size_t end = path_end(text, begin, '\\', barred);
        if (find_file(s, begin, end, '\\', '/', out))
            return true;
        /* The last letter of a path that ends at a colon is a drive's. */
        at = end > at + 1 ? end - 1 : at + 1;
    }
    return false;
}

static bool next_frame(scan *s, size_t at, match *out)
{
    return s->os == TL_OS_UNIX ? next_unix(s, at, out) : next_windows(s, at, out);
}

bool tl_paper_has_frame(tl_chars *c, tl_str text, tl_os os)
{
    match m;
    scan s = scan_start(c, text, os);
    return tl_str_find(text, TL_STR(".py"), 0) != SIZE_MAX && next_frame(&s, 0, &m);
}

int tl_paper_frames(tl_chars *c, tl_str text, tl_os os, tl_arena *arena, tl_frame **frames,
                    size_t *n, tl_error *err)
{
    *frames = NULL;
    *n = 0;
    match m = {.end = 0};
    scan s = scan_start(c, text, os);
    while (next_frame(&s, m.end, &m))
        (*n)++;
    if (*n == 0)
        return TL_OK;
    tl_frame *list = tl_arena_calloc(arena, *n, sizeof *list);
    if (!list)
        return tl_fail_memory(err, "frames");
    m.end = 0;
    s = scan_start(c, text, os);
    for (size_t i = 0; i < *n && next_frame(&s, m.end, &m); i++)
        list[i] = (tl_frame){.file = m.file, .function = m.function, .line = TL_UNKNOWN};
    *frames = list;
    return TL_OK;
}
