#include "miner/spmf.h"
#include "miner/sequences.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    BUFFER = 1 << 18,
    MAX_ITEM = 0x7fffffff
};

typedef enum form { FORM_UNKNOWN, FORM_SPMF, FORM_PLAIN } form;

/* What is known between two tokens; buffers end anywhere between them. */
typedef struct reader {
    tl_sequences *db;
    const char *name;
    tl_error *err;
    size_t line;       /* number of the current line, from 1 */
    form form;
    bool line_begun;   /* something other than blanks stood in this line */
    bool skipping;     /* in a metadata line */
    bool item_open;    /* SPMF: an item waits for its -1 */
    bool sequence_open; /* an item since the last end of a sequence */
} reader;

static int expected(const reader *r, const char *what)
{
    return tl_fail(r->err, TL_BAD_INPUT, "%s: line %zu: %s", r->name, r->line, what);
}

/* An unknown form is settled by the first -1 or -2, or by the end of the first line. */
static int take_item(reader *r, uint32_t item)
{
    if (r->item_open && r->form == FORM_SPMF)
        return tl_fail(r->err, TL_BAD_INPUT,
                       "%s: line %zu: itemset with more than one item (%u after %u): contiguous "
                       "mining needs one item per itemset, so end every item with -1",
                       r->name, r->line, item, r->db->symbols[r->db->total - 1]);
    r->item_open = r->sequence_open = true;
    int rc = tl_sequences_push(r->db, item, r->err);
    return rc == TL_BAD_INPUT ? tl_fail_prefix(r->err, "%s: line %zu: ", r->name, r->line) : rc;
}

static int end_sequence(reader *r)
{
    r->sequence_open = r->item_open = false;
    int rc = tl_sequences_end(r->db, r->err);
    return rc == TL_BAD_INPUT ? tl_fail_prefix(r->err, "%s: line %zu: ", r->name, r->line) : rc;
}

static int take_item_end(reader *r)
{
    if (r->form == FORM_PLAIN)
        return expected(r, "-1 in a file of plain lines: either every sequence is written as "
                           "\"1 -1 2 -1 -2\" or none holds -1 and -2");
    /* The items before the first -1 were read as if the line was plain. */
    size_t items = r->db->total - r->db->offsets[r->db->count];
    if (r->form == FORM_UNKNOWN && items > 1)
        return expected(r, "itemset with more than one item: contiguous mining needs one item per "
                           "itemset, so end every item with -1");
    if (!r->item_open)
        return expected(r, "-1 without an item before it: expected an item or -2");
    r->form = FORM_SPMF;
    r->item_open = false;
    return TL_OK;
}

static int take_sequence_end(reader *r)
{
    if (r->form == FORM_PLAIN)
        return expected(r, "-2 in a file of plain lines: either every sequence is written as "
                           "\"1 -1 2 -1 -2\" or none holds -1 and -2");
    if (r->item_open)
        return expected(r, "-2 right after an item: expected -1, then -2");
    r->form = FORM_SPMF;
    return end_sequence(r);
}

static int take_line_end(reader *r)
{
    int rc = TL_OK;
    if (!r->skipping && r->line_begun && r->form != FORM_SPMF) {
        r->form = FORM_PLAIN;
        rc = end_sequence(r);
    }
    r->line++;
    r->line_begun = r->skipping = false;
    return rc;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool begins_metadata(const reader *r, char c)
{
    return !r->line_begun && (c == '@' || c == '#' || c == '%');
}

/* Says what is wrong with the token that begins at `p`; `end` is the buffer's. */
static int bad_token(const reader *r, const char *p, const char *end)
{
    char text[32];
    size_t n = 0;
    for (; p < end && !is_space(*p) && n < sizeof text - 1; p++) {
        if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7e)
            return tl_fail(r->err, TL_BAD_INPUT,
                           "%s: line %zu: byte 0x%02x: expected integers as text; is this a "
                           "compressed or binary file?",
                           r->name, r->line, (unsigned char)*p);
        text[n++] = *p;
    }
    text[n] = '\0';
    if (n > 0 && strspn(text, "0123456789") == n)
        return tl_fail(r->err, TL_BAD_INPUT,
                       "%s: line %zu: item %s is too large: items are 0 to %d; number them anew",
                       r->name, r->line, text, MAX_ITEM);
    if (n > 1 && text[0] == '-' && strspn(text + 1, "0123456789") == n - 1)
        return tl_fail(r->err, TL_BAD_INPUT,
                       "%s: line %zu: negative item %s: items are 0 to %d, -1 ends an item, -2 a "
                       "sequence",
                       r->name, r->line, text, MAX_ITEM);
    return tl_fail(r->err, TL_BAD_INPUT,
                   "%s: line %zu: \"%s\": expected integers separated by spaces", r->name, r->line,
                   text);
}

/* Reads up to seven digits at `p` into *value without a branch for each; 8 if there are
 * more.  Eight bytes from `p` on must be readable. */
static inline unsigned short_number(const char *p, uint32_t *value)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    const uint64_t high = UINT64_C(0xf0f0f0f0f0f0f0f0), zeros = UINT64_C(0x3030303030303030);
    /* A byte is a digit if its high half is 3, and still is when 6 is added. */
    uint64_t other = (x & high) ^ zeros;
    other |= ((x + UINT64_C(0x0606060606060606)) & high) ^ zeros;
    if (other == 0)
        return 8;
    unsigned n = (unsigned)__builtin_ctzll(other) / 8;
    if (n == 0)
        return 0;
    /* The digits, led by zeros, as eight bytes; then pairs, fours and all are joined. */
    x = (x << (64 - 8 * n)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    x = (x * 10 + (x >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    x = (x * 100 + (x >> 16)) & UINT64_C(0x0000ffff0000ffff);
    *value = (uint32_t)(x * 10000 + (x >> 32));
    return n;
}

/* The number at `p`, which begins with a digit; *p moves behind it.  More than MAX_ITEM
 * if it is too large. */
static uint64_t long_number(const char **p)
{
    uint64_t item = 0;
    for (unsigned digit; (digit = (unsigned)(**p - '0')) < 10 && item <= MAX_ITEM; ++*p)
        item = 10 * item + digit;
    return item;
}

/* Takes the tokens in [p, end), which ends after a space and is followed by eight bytes
 * that may be read. */
static int take_tokens(reader *r, const char *p, const char *end)
{
    int rc = TL_OK;
    while (p < end && !rc) {
        const char *token = p;
        uint32_t item = 0;
        unsigned digits = short_number(p, &item);
        if (r->skipping && *p != '\n') {
            const char *newline = memchr(p, '\n', (size_t)(end - p));
            p = newline ? newline : end;
        } else if (digits > 0) {
            p += digits;
            if (digits == 8) {
                p = token;
                uint64_t large = long_number(&p);
                if (large > MAX_ITEM)
                    return bad_token(r, token, end);
                item = (uint32_t)large;
            }
            if (!is_space(*p))
                return bad_token(r, token, end);
            r->line_begun = true;
            rc = take_item(r, item);
            p += *p == ' ';
        } else if (*p == '\n') {
            rc = take_line_end(r);
            p++;
        } else if (is_space(*p)) {
            p++;
        } else if (*p == '-' && (p[1] == '1' || p[1] == '2') && is_space(p[2])) {
            r->line_begun = true;
            rc = p[1] == '1' ? take_item_end(r) : take_sequence_end(r);
            p += 2;
        } else if (begins_metadata(r, *p)) {
            r->skipping = true;
        } else {
            return bad_token(r, token, end);
        }
    }
    return rc;
}

static int take_end_of_input(reader *r)
{
    if (r->form == FORM_SPMF && r->sequence_open)
        return expected(r, "the input ends inside a sequence: expected -2; is the file complete?");
    return TL_OK;
}

/* Fills buffer[have ..); the number of bytes now in it, or a negative status. */
static ssize_t fill(int fd, char *buffer, size_t have, const char *name, tl_error *err)
{
    ssize_t got;
    do
        got = read(fd, buffer + have, BUFFER - have);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return tl_fail(err, TL_IO, "%s: cannot read: %s", name, strerror(errno));
    return (ssize_t)have + got;
}

static int read_all(reader *r, int fd, char *buffer, const tl_cancel *cancel)
{
    size_t kept = 0; /* the beginning of a token that goes on in the next block */
    for (;;) {
        if (tl_cancelled(cancel))
            return tl_fail(r->err, TL_INTERRUPTED, "%s: reading was interrupted", r->name);
        ssize_t have = fill(fd, buffer, kept, r->name, r->err);
        if (have < 0)
            return (int)have;
        bool at_end = (size_t)have == kept;
        if (at_end) /* a last line may lack its newline */
            buffer[have++] = '\n';
        size_t whole = (size_t)have;
        while (whole > 0 && !is_space(buffer[whole - 1]))
            whole--;
        if (whole == 0 && (r->skipping || begins_metadata(r, buffer[0])))
            whole = (size_t)have; /* no token: a long metadata line */
        else if (whole == 0 && have == BUFFER)
            return bad_token(r, buffer, buffer + have);
        int rc = take_tokens(r, buffer, buffer + whole);
        if (rc || at_end)
            return rc ? rc : take_end_of_input(r);
        kept = (size_t)have - whole;
        memmove(buffer, buffer + whole, kept);
    }
}

int tl_spmf_read(tl_sequences *db, int fd, const char *name, const tl_cancel *cancel,
                 tl_error *err)
{
    reader r = {.db = db, .name = name, .err = err, .line = 1};
    char *buffer = calloc(1, BUFFER + 16); /* see take_tokens */
    if (!buffer)
        return tl_fail_memory(err, "the read buffer");
    int rc = read_all(&r, fd, buffer, cancel);
    free(buffer);
    return rc;
}

/* Writes `n` in decimal and moves *end behind it. */
static void put_number(char **end, uint32_t n)
{
    char digits[10];
    int k = 0;
    do
        digits[k++] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    while (k > 0)
        *(*end)++ = digits[--k];
}

static void put_text(char **end, const char *text, size_t n)
{
    memcpy(*end, text, n);
    *end += n;
}

static void write_pattern(const tl_patterns *found, size_t i, FILE *out)
{
    tl_pattern p = tl_patterns_get(found, i);
    const uint32_t *symbols = tl_patterns_symbols(found, i);
    char text[4096], *end = text;
    for (uint32_t k = 0; k < p.length; k++) {
        if (end > text + sizeof text - 64) {
            fwrite(text, 1, (size_t)(end - text), out);
            end = text;
        }
        put_number(&end, symbols[k]);
        put_text(&end, " -1 ", 4);
    }
    put_text(&end, "#SUP: ", 6);
    put_number(&end, p.support);
    *end++ = '\n';
    fwrite(text, 1, (size_t)(end - text), out);
}

int tl_spmf_write(const tl_patterns *found, FILE *out, const char *name, tl_error *err)
{
    errno = 0;
    size_t n = tl_patterns_count(found);
    for (size_t i = 0; i < n && !ferror(out); i++)
        write_pattern(found, i, out);
    if (fflush(out) != 0 || ferror(out))
        return tl_fail(err, TL_IO, "%s: cannot write: %s", name,
                       errno ? strerror(errno) : "the stream failed");
    return TL_OK;
}
