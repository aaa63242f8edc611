#include "extract/grammar/template.h"

#include <ctype.h>

#include "extract/grammar/utf8.h"

enum { MAX_QUOTED = 300 }; /* how far a closing quote is looked for */

static bool digit(char c) { return c >= '0' && c <= '9'; }
static bool space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
static bool word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}
static bool at_word_start(tl_str s, size_t i) { return i == 0 || !word(s.data[i - 1]); }

/* Each reader below looks at s[i] and gives the length of what it knows, or 0. */

/* Typographic quotes, of three bytes each, as pages make of '. */
static size_t read_curly(tl_str s, size_t i)
{
    static const char *const pairs[][2] = {{"\xE2\x80\x98", "\xE2\x80\x99"},
                                           {"\xE2\x80\x9C", "\xE2\x80\x9D"}};
    for (size_t p = 0; p < 2; p++) {
        if (s.len - i < 3 || memcmp(s.data + i, pairs[p][0], 3) != 0)
            continue;
        size_t n = s.len - i < MAX_QUOTED ? s.len - i : MAX_QUOTED;
        const char *end = memmem(s.data + i, n, pairs[p][1], 3);
        return end ? (size_t)(end - s.data) + 3 - i : 0;
    }
    return 0;
}

/* 'x', "x", `x`, u'x', with the closing quote before the end of a word. */
static size_t read_quoted(tl_str s, size_t i)
{
    size_t q = i;
    if ((s.data[q] == 'u' || s.data[q] == 'b') && q + 1 < s.len)
        q++;
    char quote = s.data[q];
    if ((quote != '\'' && quote != '"' && quote != '`') || !at_word_start(s, i))
        return 0;
    bool list = q + 1 < s.len && s.data[q + 1] == '['; /* '['make', '-j']' */
    size_t end = s.len - q < MAX_QUOTED ? s.len : q + MAX_QUOTED;
    for (size_t j = q + 1; j < end; j++) {
        if (s.data[j] == '\\' && j + 1 < s.len) {
            j++;
            continue;
        }
        if (list && s.data[j - 1] != ']')
            continue;
        if (s.data[j] == quote && (j + 1 == s.len || !word(s.data[j + 1])))
            return j + 1 - i;
    }
    return 0;
}

static size_t read_hex(tl_str s, size_t i)
{
    if (!at_word_start(s, i))
        return 0;
    if (s.len - i > 2 && s.data[i] == '0' && (s.data[i + 1] | 32) == 'x') {
        size_t j = i + 2;
        while (j < s.len && isxdigit((unsigned char)s.data[j]))
            j++;
        return j > i + 2 ? j - i : 0;
    }
    size_t j = i, digits = 0, letters = 0;
    for (; j < s.len && (isxdigit((unsigned char)s.data[j]) || (s.data[j] == '-' && j > i + 7));
         j++)
        digit(s.data[j]) ? digits++ : letters++;
    bool ends = j == s.len || !word(s.data[j]);
    return ends && digits && letters && j - i >= 8 ? j - i : 0;
}

/* 1, -1.5e-3, 2.0.0rc1, 12:30:01, 1.13.1+cu117; a unit of memory goes with it. */
static size_t read_number(tl_str s, size_t i)
{
    size_t j = i;
    if ((s.data[j] == '-' || s.data[j] == '+') && at_word_start(s, i))
        j++;
    if (j < s.len && s.data[j] == 'v' && at_word_start(s, j) && j + 1 < s.len &&
        digit(s.data[j + 1]))
        j++;
    if (j >= s.len || !digit(s.data[j]) || !at_word_start(s, j))
        return 0;
    bool dotted = false;
    for (; j < s.len; j++) {
        if (digit(s.data[j]))
            continue;
        bool joint = strchr(".:_-", s.data[j]) && j + 1 < s.len && digit(s.data[j + 1]);
        if (!joint)
            break;
        dotted = true;
    }
    if (j < s.len && (s.data[j] | 32) == 'e' && j + 1 < s.len) { /* an exponent */
        size_t k = j + 1;
        if (s.data[k] == '-' || s.data[k] == '+')
            k++;
        if (k < s.len && digit(s.data[k]))
            for (j = k; j < s.len && digit(s.data[j]);)
                j++;
    }
    if (dotted) /* rc1, .dev0, +cu117 */
        while (j < s.len && (word(s.data[j]) || ((s.data[j] == '+' || s.data[j] == '.') &&
                                                 j + 1 < s.len && word(s.data[j + 1]))))
            j++;
    if (j < s.len && s.data[j] == '.' && (j + 1 == s.len || !word(s.data[j + 1])) &&
        j + 1 < s.len && strchr(",]) ", s.data[j + 1]) && !space(s.data[j + 1]))
        j++; /* "1." of an array */
    return j < s.len && word(s.data[j]) && !dotted ? 0 : j - i;
}

/* " MiB" after a number: the same error says KiB or GiB another time. */
static size_t read_unit(tl_str s, size_t i)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "KB", "MB", "GB", "TB", "kB"};
    size_t j = i < s.len && s.data[i] == ' ' ? i + 1 : i;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        size_t n = strlen(units[u]);
        if (s.len - j >= n && memcmp(s.data + j, units[u], n) == 0 &&
            (j + n == s.len || !word(s.data[j + n])))
            return j + n - i;
    }
    return 0;
}

static size_t read_times_shape(tl_str s, size_t i)
{
    size_t j = i, dims = 0;
    if (!at_word_start(s, i))
        return 0;
    while (j < s.len && digit(s.data[j])) {
        while (j < s.len && digit(s.data[j]))
            j++;
        dims++;
        if (j + 1 < s.len && s.data[j] == 'x' && digit(s.data[j + 1]))
            j++;
        else
            break;
    }
    return dims >= 2 && (j == s.len || !word(s.data[j])) ? j - i : 0;
}

/* A bracket of numbers, None and ? alone that counts as a shape. */
static size_t read_bracket_shape(tl_str s, size_t i)
{
    char open = s.data[i], close = open == '(' ? ')' : open == '[' ? ']' : 0;
    if (!close)
        return 0;
    size_t items = 0, unknown = 0, j = i + 1;
    for (; j < s.len && s.data[j] != close; j++) {
        size_t n;
        if (space(s.data[j]) || s.data[j] == ',')
            continue;
        if (s.len - j >= 4 && memcmp(s.data + j, "None", 4) == 0)
            n = 4, unknown++;
        else if (s.data[j] == '?')
            n = 1, unknown++;
        else if (s.len - j >= 3 && memcmp(s.data + j, "...", 3) == 0)
            n = 3, unknown++;
        else if ((n = read_number(s, j)) == 0)
            return 0;
        items++;
        j += n - 1;
    }
    bool closed = j < s.len;
    bool shape = items >= 3 || (unknown > 0 && items >= 2);
    return closed && shape ? j + 1 - i : 0;
}

static bool path_byte(char c)
{
    return word(c) || ((unsigned char)c > 32 && !strchr("\"'`<>()[]{},;|*?=", c));
}

/* True for the extension of a file that errors speak of. */
static bool known_extension(tl_str s)
{
    static const char list[] =
        " py pyc pyx ipynb csv tsv txt json jsonl h5 hdf5 so dll dylib pt pth pkl pickle zip png "
        "jpg"
        " jpeg bmp gif tif tiff yaml yml xml bin npy npz gz tar tgz bz2 log pb pbtxt ckpt model "
        "onnx"
        " mat wav mp3 mp4 avi cfg ini toml cu c cc cpp h hpp jar exe mar params index meta data"
        " parquet feather db sqlite html md sh bat lock safetensors vocab conf tfrecord tfrecords ";
    char padded[32];
    if (s.len == 0 || s.len + 3 > sizeof padded)
        return false;
    padded[0] = ' ';
    for (size_t i = 0; i < s.len; i++)
        padded[i + 1] = (char)tolower((unsigned char)s.data[i]);
    padded[s.len + 1] = ' ';
    padded[s.len + 2] = '\0';
    return strstr(list, padded) != NULL;
}

static size_t read_path(tl_str s, size_t i)
{
    if (!at_word_start(s, i) || (i > 0 && s.data[i - 1] == '.'))
        return 0;
    size_t j = i, slashes = 0, last_dot = 0, name = i;
    for (; j < s.len && path_byte(s.data[j]); j++) {
        if (s.data[j] == '/' || s.data[j] == '\\')
            slashes++, name = j + 1, last_dot = 0;
        else if (s.data[j] == '.' && j + 1 < s.len && word(s.data[j + 1]))
            last_dot = j;
    }
    while (j > i && strchr(".:!", s.data[j - 1])) /* punctuation of the sentence */
        j--;
    size_t n = j - i;
    if (n < 3)
        return 0;
    const char *p = s.data + i;
    bool rooted = ((p[0] == '/' || p[0] == '~') && slashes > 0 && n > 2) ||
                  (isalpha((unsigned char)p[0]) && p[1] == ':' && (p[2] == '\\' || p[2] == '/')) ||
                  (p[0] == '\\' && p[1] == '\\') || (p[0] == '.' && (p[1] == '/' || p[1] == '.'));
    bool url = memmem(p, n < 10 ? n : 10, "://", 3) != NULL;
    size_t ext_end = last_dot ? last_dot + 1 : 0;
    while (ext_end && ext_end < j && word(s.data[ext_end]))
        ext_end++;
    bool file = last_dot > name &&
                known_extension((tl_str){s.data + last_dot + 1, ext_end - last_dot - 1});
    /* libcudnn.so.7 */
    file = file || memmem(p, n, ".so.", 4) != NULL;
    return rooted || url || file || slashes >= 2 ? n : 0;
}

/* cpu, cuda, cuda:0, GPU:1, mps:0 as whole words. */
static size_t read_device(tl_str s, size_t i)
{
    static const char *const names[] = {"cuda", "cpu", "gpu", "mps", "xla", "GPU", "CPU"};
    if (!at_word_start(s, i))
        return 0;
    for (size_t d = 0; d < sizeof names / sizeof *names; d++) {
        size_t n = strlen(names[d]);
        if (s.len - i < n || memcmp(s.data + i, names[d], n) != 0)
            continue;
        size_t j = i + n;
        if (j + 1 < s.len && s.data[j] == ':' && digit(s.data[j + 1])) {
            for (j++; j < s.len && digit(s.data[j]);)
                j++;
            return j - i;
        }
        bool upper = isupper((unsigned char)names[d][0]);
        return upper || (j < s.len && (word(s.data[j]) || s.data[j] == '.')) ? 0 : n;
    }
    return 0;
}

typedef struct placeholder {
    const char *text;
    size_t (*read)(tl_str s, size_t i);
} placeholder;

/* In order of precedence. */
static const placeholder placeholders[] = {
    {"STR", read_quoted}, {"STR", read_curly},         {"PATH", read_path},
    {"HEX", read_hex},    {"SHAPE", read_times_shape}, {"SHAPE", read_bracket_shape},
    {"STR", read_device}, {"NUM", read_number},
};

/* A word with its numbered endings replaced: conv2d_3 -> conv2d_NUM, o46 -> oNUM. */
static size_t add_word(tl_str s, size_t i, tl_buf *out)
{
    size_t j = i;
    while (j < s.len && word(s.data[j]))
        j++;
    if (j - i > 1 && s.data[i] == 'o' && digit(s.data[i + 1])) {
        size_t k = i + 1;
        while (k < j && digit(s.data[k]))
            k++;
        if (k == j) {
            tl_buf_add_cstr(out, "oNUM");
            return j - i;
        }
    }
    for (size_t k = i; k < j;) {
        if (s.data[k] == '_' && k > i && k + 1 < j && digit(s.data[k + 1])) {
            size_t e = k + 1;
            while (e < j && digit(s.data[e]))
                e++;
            if (e == j || s.data[e] == '_') {
                tl_buf_add_cstr(out, "_NUM");
                k = e;
                continue;
            }
        }
        tl_buf_add_char(out, s.data[k++]);
    }
    return j - i;
}

/* --- which part of the message ------------------------------------------ */

static tl_str trim(tl_str s)
{
    while (s.len && space(s.data[0]))
        s.data++, s.len--;
    while (s.len && space(s.data[s.len - 1]))
        s.len--;
    return s;
}

/* First lines that many different errors share: the next line belongs to them. */
static bool says_nothing(tl_str line)
{
    static const char *const phrases[] = {"root error(s) found", "An error occurred while calling",
                                          "Graph execution error", "in user code",
                                          "Exception encountered when calling"};
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (memmem(line.data, line.len, phrases[i], strlen(phrases[i])))
            return true;
    return false;
}

/* Cuts the first line that holds a letter or a digit off *rest. */
static tl_str next_line(tl_str *rest)
{
    while (rest->len > 0) {
        const char *nl = memchr(rest->data, '\n', rest->len);
        size_t n = nl ? (size_t)(nl - rest->data) : rest->len;
        tl_str line = trim((tl_str){rest->data, n});
        size_t step = nl ? n + 1 : n;
        rest->data += step, rest->len -= step;
        for (size_t i = 0; i < line.len; i++)
            if (word(line.data[i]))
                return line;
    }
    return (tl_str){"", 0};
}

static void add_template(tl_str s, tl_buf *out)
{
    for (size_t i = 0; i < s.len;) {
        if (space(s.data[i])) {
            while (i < s.len && space(s.data[i]))
                i++;
            tl_buf_add_char(out, ' ');
            continue;
        }
        size_t n = 0;
        for (size_t p = 0; n == 0 && p < sizeof placeholders / sizeof *placeholders; p++) {
            n = placeholders[p].read(s, i);
            if (n > 0) {
                tl_buf_add_cstr(out, placeholders[p].text);
                if (placeholders[p].read == read_number)
                    n += read_unit(s, i + n);
            }
        }
        if (n == 0 && word(s.data[i]))
            n = add_word(s, i, out);
        if (n == 0) {
            tl_buf_add_char(out, s.data[i]);
            n = 1;
        }
        i += n;
    }
}

void tl_template(tl_str message, tl_buf *out)
{
    tl_str rest = message;
    tl_str line = next_line(&rest);
    add_template(tl_utf8_cut(line, TL_TEMPLATE_MAX), out);
    if (says_nothing(line)) {
        tl_str more = next_line(&rest);
        if (more.len > 0) {
            tl_buf_add_char(out, ' ');
            add_template(tl_utf8_cut(more, TL_TEMPLATE_MAX), out);
        }
    }
}

tl_str tl_template_in(tl_arena *arena, tl_buf *scratch, tl_str message)
{
    tl_buf_clear(scratch);
    tl_template(message, scratch);
    return scratch->failed ? (tl_str){0} : tl_arena_copy(arena, tl_buf_str(scratch));
}
