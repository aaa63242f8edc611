/* gen_dump: a Posts.xml of any size, for benchmarks.
 *
 *     gen_dump BYTES [--share N] [--seed N] [SAMPLE.xml] >Posts.xml
 *
 * N of 1000 rows (default 2) are questions of the shipped libraries, whole bodies of
 * the sample's with new ids, dates and scores; the rest are other questions, and answers,
 * three for every two questions, in words of the sample.  A row has about 1.2 KB, as in the
 * large dumps.  The same arguments give the same bytes. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "extract/framer.h"
#include "extract/libraries.h"
#include "extract/row.h"

enum { MAX_TEMPLATES = 4096, MAX_WORDS = 40000, RECENT = 4096, OUT = 1 << 20 };

typedef struct template {
    tl_str body, title, tags; /* raw, as they stand in the XML */
} template;

typedef struct generator {
    template ours[MAX_TEMPLATES];
    size_t n_ours;
    tl_str words[MAX_WORDS]; /* of all bodies, in their order: frequent ones come often */
    size_t n_words;
    int64_t recent[RECENT]; /* ids of the latest questions */
    uint64_t state, questions;
    int64_t id;
    uint32_t share;
    tl_buf out;
    uint64_t written;
} generator;

static void die(const char *what)
{
    fprintf(stderr, "gen_dump: %s\n", what);
    exit(1);
}

static uint32_t below(generator *g, uint32_t bound)
{
    g->state ^= g->state >> 12;
    g->state ^= g->state << 25;
    g->state ^= g->state >> 27;
    return (uint32_t)((g->state * UINT64_C(0x2545f4914f6cdd1d) >> 32) * bound >> 32);
}

/* ---- the sample --------------------------------------------------------- */

static void add_words(generator *g, tl_str body)
{
    for (size_t i = 0; i < body.len && g->n_words < MAX_WORDS;) {
        size_t n = 0;
        while (i + n < body.len && body.data[i + n] != ' ' && body.data[i + n] != '&')
            n++;
        if (n > 0)
            g->words[g->n_words++] = (tl_str){body.data + i, n};
        const char *semicolon = i + n < body.len && body.data[i + n] == '&' ? memchr(body.data + i + n, ';', body.len - i - n) : NULL;
        i = semicolon ? (size_t)(semicolon + 1 - body.data) : i + n + 1;
    }
}

static ssize_t read_stream(void *ctx, void *to, size_t cap, tl_error *err)
{
    (void)err;
    return (ssize_t)fread(to, 1, cap, ctx);
}

/* Leaves the rows' bytes in memory: the templates point into them. */
static void read_sample(generator *g, const char *path)
{
    FILE *f = fopen(path, "r");
    tl_framer *framer;
    tl_libraries *libraries;
    tl_error err = {.message = "cannot open the sample"};
    if (!f || tl_libraries_new(&libraries, (tl_str){tl_libraries_ini, tl_libraries_ini_len}, "libraries.ini", &err) ||
        tl_framer_new(&framer, path, read_stream, f, NULL, 0, &err) || tl_framer_start(framer, &err))
        die(err.message);
    for (;;) {
        tl_row_batch *b = calloc(1, sizeof *b);
        int rc = b ? tl_framer_fill(framer, b, &err) : 0;
        if (rc < 0)
            die(err.message);
        if (rc == 0)
            break;
        for (size_t i = 0; i < b->n_rows; i++) {
            tl_row row;
            tl_str raw = {b->bytes.data + b->rows[i].begin, b->rows[i].len};
            if (b->rows[i].fault || !tl_row_scan(raw, &row) || !row.attr[TL_ATTR_BODY].data)
                continue;
            add_words(g, row.attr[TL_ATTR_BODY]);
            tl_str tags = row.attr[TL_ATTR_TAGS];
            if (tags.data && tl_libraries_match(libraries, tags) && g->n_ours < MAX_TEMPLATES)
                g->ours[g->n_ours++] = (template){row.attr[TL_ATTR_BODY], row.attr[TL_ATTR_TITLE], tags};
        }
    }
    tl_framer_free(framer);
    tl_libraries_free(libraries);
    fclose(f);
    if (g->n_ours == 0 || g->n_words < 100)
        die("the sample has no question of the libraries");
}

/* ---- writing ------------------------------------------------------------ */

static void flush(generator *g)
{
    if (g->out.failed || fwrite(g->out.data, 1, g->out.len, stdout) != g->out.len)
        die("cannot write");
    g->written += g->out.len;
    tl_buf_clear(&g->out);
}

static void add_text(generator *g, size_t length)
{
    for (size_t end = g->out.len + length, sentence = 1; g->out.len < end; sentence++) {
        tl_str word = g->words[below(g, (uint32_t)g->n_words)];
        tl_buf_add_str(&g->out, word);
        tl_buf_add_cstr(&g->out, sentence % 40 ? " " : "&lt;/p&gt;&#xA;&#xA;&lt;p&gt;");
    }
}

/* Body sizes: most are some hundred bytes, one in four up to 4.5 KB. */
static void add_body(generator *g)
{
    tl_buf_add_cstr(&g->out, "&lt;p&gt;");
    add_text(g, 100 + below(g, 550) + (below(g, 4) ? 0 : below(g, 4000)));
    tl_buf_add_cstr(&g->out, "&lt;/p&gt;&#xA;");
}

/* Five posts a minute from the start of 2016. */
static void add_date(generator *g, const char *name, uint32_t later)
{
    int64_t minute = g->id / 5 + later, day = minute / 1440;
    tl_buf_printf(&g->out, " %s=\"%d-%02d-%02dT%02d:%02d:%02d.%03d\"", name, 2016 + (int)(day / 336), (int)(day / 28 % 12) + 1,
                  (int)(day % 28) + 1, (int)(minute / 60 % 24), (int)(minute % 60), (int)below(g, 60), (int)below(g, 1000));
}

static void add_question(generator *g)
{
    static const char *const tags[] = {"java", "javascript", "c#", "php", "android", "html", "jquery", "c++", "css", "ios", "mysql", "sql", "r", "node.js", "arrays", "c", "python", "json", "pandas"};
    enum { TAGS = sizeof tags / sizeof *tags };
    const template *t = below(g, 1000 * 2 / 5) < g->share ? &g->ours[below(g, (uint32_t)g->n_ours)] : NULL;
    tl_buf *out = &g->out;
    tl_buf_printf(out, "  <row Id=\"%lld\" PostTypeId=\"1\"", (long long)g->id);
    if (below(g, 2))
        tl_buf_printf(out, " AcceptedAnswerId=\"%lld\"", (long long)g->id + 1 + below(g, 10));
    add_date(g, "CreationDate", 0);
    tl_buf_printf(out, " Score=\"%d\" ViewCount=\"%u\" Body=\"", (int)below(g, 8) - 2, below(g, below(g, 50000) + 1));
    if (t)
        tl_buf_add_str(out, t->body);
    else
        add_body(g);
    tl_buf_printf(out, "\" OwnerUserId=\"%u\" LastEditorUserId=\"%u\"", below(g, 9000000), below(g, 9000000));
    add_date(g, "LastEditDate", 60);
    add_date(g, "LastActivityDate", 4000);
    tl_buf_add_cstr(out, " Title=\"");
    if (t)
        tl_buf_add_str(out, t->title);
    else
        add_text(g, 40);
    tl_buf_add_cstr(out, "\" Tags=\"");
    if (t)
        tl_buf_add_str(out, t->tags);
    else
        for (uint32_t n = 1 + below(g, 5), i = 0; i < n; i++)
            tl_buf_printf(out, "&lt;%s&gt;", tags[below(g, TAGS)]);
    tl_buf_printf(out, "\" AnswerCount=\"%u\" CommentCount=\"%u\" ContentLicense=\"CC BY-SA 4.0\" />\n", below(g, 4), below(g, 6));
    g->recent[g->questions++ % RECENT] = g->id;
}

static void add_answer(generator *g)
{
    int64_t parent = g->recent[below(g, (uint32_t)(g->questions < RECENT ? g->questions : RECENT))];
    tl_buf *out = &g->out;
    tl_buf_printf(out, "  <row Id=\"%lld\" PostTypeId=\"2\" ParentId=\"%lld\"", (long long)g->id, (long long)parent);
    add_date(g, "CreationDate", 0);
    tl_buf_printf(out, " Score=\"%d\" Body=\"", (int)below(g, 12) - 2);
    add_body(g);
    tl_buf_printf(out, "\" OwnerUserId=\"%u\"", below(g, 9000000));
    add_date(g, "LastActivityDate", 100);
    tl_buf_printf(out, " CommentCount=\"%u\" ContentLicense=\"CC BY-SA 4.0\" />\n", below(g, 4));
}

static void generate(generator *g, uint64_t bytes)
{
    tl_buf_add_cstr(&g->out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<posts>\n");
    while (g->written + g->out.len < bytes) {
        g->id += 1 + below(g, 3);
        if (g->questions == 0 || below(g, 5) < 2)
            add_question(g);
        else
            add_answer(g);
        if (g->out.len > OUT)
            flush(g);
    }
    tl_buf_add_cstr(&g->out, "</posts>\n");
    flush(g);
}

int main(int argc, char **argv)
{
    static generator g = {.share = 2};
    uint64_t bytes = 0, seed = 1;
    const char *sample = "corpus/sample/Posts.xml";
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--share") == 0 && i + 1 < argc)
            g.share = (uint32_t)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 10);
        else if (bytes == 0)
            bytes = strtoull(argv[i], NULL, 10);
        else
            sample = argv[i];
    }
    if (bytes == 0)
        die("usage: gen_dump BYTES [--share N] [--seed N] [SAMPLE.xml]");
    g.state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    read_sample(&g, sample);
    generate(&g, bytes);
    if (fflush(stdout) != 0)
        die("cannot write");
    return 0;
}
