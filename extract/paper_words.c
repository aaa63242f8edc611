#include "extract/paper_words.h"

#include "extract/paper_blocks.h"

/* The tags that vanish from a section. */
static const tl_str vanishing[] = {
    {"<p>", 3},  {"</p>", 4},  {"<strong>", 8}, {"</strong>", 9}, {"<ol>", 4}, {"</ol>", 5},
    {"<ul>", 4}, {"</ul>", 5}, {"<li>", 4},     {"</li>", 5},     {"<br>", 4},
};

static size_t vanishing_tag(tl_str section, size_t at)
{
    for (size_t i = 0; i < sizeof vanishing / sizeof vanishing[0]; i++) {
        tl_str t = vanishing[i];
        if (section.len - at >= t.len && memcmp(section.data + at, t.data, t.len) == 0)
            return t.len;
    }
    return 0;
}

/* How far a token has come on its way to be punctuation, letters, punctuation. */
typedef enum token { TOKEN_OPENING, TOKEN_LETTERS, TOKEN_CLOSING, TOKEN_NO_WORD } token;

static token token_after(token t, tl_str section, size_t at, tl_char ch)
{
    if (ch.class & TL_CHAR_LETTER)
        return t == TOKEN_OPENING || t == TOKEN_LETTERS ? TOKEN_LETTERS : TOKEN_NO_WORD;
    char c = section.data[at];
    bool punctuation = c > ' ' && c < 0x7f && !tl_ascii_digit(c);
    if (!punctuation)
        return TOKEN_NO_WORD;
    return t == TOKEN_LETTERS ? TOKEN_CLOSING : t;
}

static int64_t section_words(tl_chars *c, tl_str section)
{
    int64_t words = 0;
    token t = TOKEN_OPENING;
    for (size_t i = 0; i < section.len;) {
        size_t tag = section.data[i] == '<' ? vanishing_tag(section, i) : 0;
        if (tag) {
            i += tag;
            continue;
        }
        tl_char ch = tl_chars_at(c, section, i);
        if (ch.class & TL_CHAR_SPACE) {
            words += t == TOKEN_LETTERS || t == TOKEN_CLOSING;
            t = TOKEN_OPENING;
        } else {
            t = token_after(t, section, i, ch);
        }
        i += ch.len;
    }
    return words + (t == TOKEN_LETTERS || t == TOKEN_CLOSING);
}

int64_t tl_paper_words(tl_chars *c, tl_str body)
{
    static const char *const opening[] = {"<p>", "<ul>", "<ol>"};
    static const char *const closing[] = {"</p>", "</ul>", "</ol>"};
    /* A closing tag that is not found once is not found further on either. */
    bool open_ended[3] = {false};
    int64_t words = 0;
    for (size_t at = 0; (at = tl_paper_find_nocase(body, "<", at)) != SIZE_MAX;) {
        size_t end = SIZE_MAX;
        for (int k = 0; k < 3 && end == SIZE_MAX; k++) {
            size_t n = strlen(opening[k]);
            if (open_ended[k] || body.len - at < n ||
                !tl_str_eq_nocase((tl_str){body.data + at, n}, opening[k]))
                continue;
            end = tl_paper_find_nocase(body, closing[k], at + n);
            if (end == SIZE_MAX)
                open_ended[k] = true;
            else
                end += strlen(closing[k]);
        }
        if (end == SIZE_MAX) {
            at++;
            continue;
        }
        words += section_words(c, tl_str_range(body.data + at, body.data + end));
        at = end;
    }
    return words;
}
