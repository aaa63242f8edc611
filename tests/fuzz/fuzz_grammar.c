/* The grammar on any bytes: nothing out of bounds, the same traces however the text is
 * fed, line numbers that stand in the text, links that point back, lengths within their
 * limits. */
#include "tests/fuzz/fuzz.h"

#include "extract/grammar/grammar.h"
#include "extract/grammar/utf8.h"

typedef struct seen {
    tl_str text;
    size_t n;
    uint64_t hash;
} seen;

/* Touches every byte, so that a sanitizer sees where a string points. */
static void take(seen *s, tl_str text)
{
    for (size_t i = 0; i < text.len; i++)
        s->hash = (s->hash ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
    for (size_t i = 0; i < text.len;) {
        size_t n = tl_utf8_length(text, i);
        require(n > 0);
        i += n;
    }
    s->hash = (s->hash ^ text.len) * UINT64_C(1099511628211);
}

/* Is there a sign that the grammar takes away or decodes before it looks? */
static bool is_decorated(tl_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        bool plain = (c >= ' ' && c <= '~' && c != '&' && c != '\\') || c == '\t' || c == '\n' || c == '\r';
        if (!plain)
            return true;
    }
    return false;
}

/* Do the digits stand at byte `at`, but for breaks of lines and the margins after them? */
static bool spells(tl_str text, size_t at, const char *digits)
{
    bool broken = false;
    for (; *digits && at < text.len; at++) {
        char c = text.data[at];
        broken = broken || c == '\n' || c == '\r';
        if (c == *digits)
            digits++;
        else if (!broken || !strchr("\r\n\t |>", c))
            return false;
    }
    return *digits == '\0';
}

/* A line number stands in the text, digit after digit; a line may have been broken between
 * them, or there is decoration. */
static bool has_number(tl_str text, int64_t line)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)line), found = 0;
    for (size_t i = 0; i < text.len; i++)
        if (spells(text, i, digits))
            return true;
    if (!is_decorated(text))
        return false;
    for (size_t i = 0; i < text.len && found < n; i++)
        found += text.data[i] == digits[found];
    return found == n;
}

static int check(void *ctx, const tl_trace *t, tl_error *err)
{
    seen *s = ctx;
    (void)err;
    require(t->link == TL_LINK_NONE ? t->linked_to == 0 : t->linked_to < s->n);
    require(t->n_frames > 0 || t->exception.data);
    require(t->n_frames <= TL_GRAMMAR_MAX_FRAMES && t->message.len <= TL_GRAMMAR_MAX_MESSAGE);
    for (size_t i = 0; i < t->n_frames; i++) {
        const tl_frame *f = &t->frames[i];
        require(f->file.data && f->function.data && f->path.data);
        require(f->line == TL_UNKNOWN || (f->line >= 0 && has_number(s->text, f->line)));
        require(!f->own_code || !f->package.data);
        take(s, f->file);
        take(s, f->function);
        take(s, f->path);
        take(s, f->package);
        take(s, f->source);
    }
    take(s, t->exception);
    take(s, t->message);
    take(s, t->template);
    s->n++;
    return TL_OK;
}

static seen run(tl_grammar *g, tl_str text, size_t step)
{
    seen s = {.text = text};
    tl_error err;
    tl_grammar_begin(g, check, &s);
    for (size_t at = 0; at < text.len; at += step) {
        size_t n = text.len - at < step ? text.len - at : step;
        require(tl_grammar_feed(g, (tl_str){text.data + at, n}, &err) == TL_OK);
    }
    require(tl_grammar_end(g, &err) == TL_OK);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tl_grammar *g;
    tl_error err;
    if (!g)
        require(tl_grammar_new(&g, &err) == TL_OK);
    tl_str text = {(const char *)data, size};
    seen whole = run(g, text, size + 1);
    seen parts = run(g, text, 1 + size / 7);
    require(whole.n == parts.n && whole.hash == parts.hash);

    tl_arena arena = {0};
    tl_trace *traces;
    size_t n;
    require(tl_grammar_read(g, text, &arena, &traces, &n, &err) == TL_OK);
    require(n == whole.n);
    seen copied = {.text = text};
    for (size_t i = 0; i < n; i++)
        check(&copied, &traces[i], &err);
    require(copied.hash == whole.hash);
    tl_arena_free(&arena);
    return 0;
}
