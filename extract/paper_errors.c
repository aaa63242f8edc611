#include "extract/paper_errors.h"

/* The end of the last "Error" in the word that goes from `at` to `end`, after its
 * capital and at least one more character; SIZE_MAX for none. */
static size_t last_error(tl_str text, size_t at, size_t end)
{
    const size_t n = strlen("Error");
    /* Fewer than two characters before it are fewer than two bytes, and two bytes
     * are one capital and one character of one byte or part of a longer one: then
     * "Error" does not begin there. */
    for (size_t i = end; i >= at + 2 + n; i--)
        if (memcmp(text.data + i - n, "Error", n) == 0)
            return i;
    return SIZE_MAX;
}

/* Where the run of word characters, white space and parentheses that holds `at`
 * ends. */
static size_t find_run_end(tl_chars *c, tl_str text, size_t at)
{
    for (;;) {
        at = tl_chars_find(c, text, at, TL_CHAR_WORD | TL_CHAR_SPACE, false);
        if (at == text.len || (text.data[at] != '(' && text.data[at] != ')'))
            return at;
        at++;
    }
}

/* Reads the error line that begins at `at`, the start of a line; its end in *end. */
static bool read_error(tl_chars *c, tl_str text, size_t at, size_t *run_end, tl_error_line *line,
                       size_t *end)
{
    if (text.data[at] < 'A' || text.data[at] > 'Z')
        return false;
    size_t word = tl_chars_find(c, text, at, TL_CHAR_WORD, false);
    size_t name = last_error(text, at, word);
    if (name == SIZE_MAX)
        return false;
    /* Many lines may share one run without a colon: walk it once. */
    if (*run_end < word)
        *run_end = find_run_end(c, text, word);
    size_t colon = *run_end;
    if (colon + 1 >= text.len || text.data[colon] != ':')
        return false;
    tl_char space = tl_chars_at(c, text, colon + 1);
    if (!(space.class & TL_CHAR_SPACE))
        return false;
    const char *message = text.data + colon + 1 + space.len;
    const char *stop = memchr(message, '\n', (size_t)(text.data + text.len - message));
    if (!stop)
        stop = text.data + text.len;
    line->exception = tl_str_range(text.data + at, text.data + name);
    line->message = tl_chars_trim(c, tl_str_range(message, stop));
    *end = (size_t)(stop - text.data);
    return true;
}

bool tl_paper_next_error(tl_chars *c, tl_str text, size_t *at, size_t *run_end,
                         tl_error_line *line)
{
    size_t i = *at;
    while (i < text.len) {
        bool line_start = i == 0 || text.data[i - 1] == '\n';
        if (line_start && read_error(c, text, i, run_end, line, at))
            return true;
        const char *newline = memchr(text.data + i, '\n', text.len - i);
        if (!newline)
            break;
        i = (size_t)(newline - text.data) + 1;
    }
    *at = text.len;
    return false;
}
