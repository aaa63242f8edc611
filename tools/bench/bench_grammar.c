/* bench_grammar: what the traceback grammar finds in real data, and how fast.
 *
 *     bench_grammar [DATA]        DATA is ../shared/data
 *
 * Prints, for every data set that is there, the posts, those that quote CPython's
 * header, how many of those give a trace with frames, the traces, and the speed; the
 * posts that give none by their id; and the time for 10 MB of each of a list of lines,
 * repeated, of which none may cost a second.
 */
#include <jansson.h>
#include <libxml/xmlreader.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "extract/full.h"
#include "extract/grammar/grammar.h"

enum { MAX_PATH = 1024, MAX_MISSED = 64, REPEAT_BYTES = 10 * 1000 * 1000 };

static const tl_str header = {"Traceback (most recent call last)", 33};

typedef struct tally {
    const char *name;
    size_t posts, bytes, with_header, found, traces, frames, without_exception, wrong;
    double seconds;
    char missed[MAX_MISSED][64];
    size_t n_missed;
} tally;

/* Seconds of processor time: other work on the machine does not count. */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what, const tl_error *err)
{
    fprintf(stderr, "bench_grammar: %s: %s\n", what, err->message);
    exit(1);
}

/* Reads one post and counts; `expect` is the class it must give, or NULL. */
static void take(tl_full *f, tl_arena *arena, tally *t, const char *id, const char *body,
                 tl_body_format format, const char *expect)
{
    tl_error err = {0};
    tl_reading r;
    tl_post post = {.body = tl_str_from(body), .format = format};
    double start = now();
    if (tl_full_read(f, &post, arena, &r, &err) != TL_OK)
        die(id, &err);
    t->seconds += now() - start;
    t->posts++;
    t->bytes += post.body.len;
    t->traces += r.n_traces;
    bool frames = false, right = expect == NULL;
    for (size_t i = 0; i < r.n_traces; i++) {
        tl_str e = r.traces[i].exception;
        frames |= r.traces[i].n_frames > 0;
        t->frames += r.traces[i].n_frames;
        t->without_exception += !e.data;
        for (size_t k = 0; expect && k < e.len; k++) /* the class, dotted or not */
            right |= (k == 0 || e.data[k - 1] == '.') && e.len - k == strlen(expect) &&
                     tl_str_eq_nocase((tl_str){e.data + k, e.len - k}, expect);
    }
    bool quotes = expect || tl_str_find(post.body, header, 0) != SIZE_MAX;
    t->with_header += quotes;
    t->found += quotes && frames;
    t->wrong += expect && !(frames && right);
    if (quotes && !(frames && right) && t->n_missed < MAX_MISSED)
        snprintf(t->missed[t->n_missed++], sizeof t->missed[0], "%s", id);
    tl_arena_reset(arena);
}

static void print_head(void)
{
    printf("%-18s %8s %8s %8s %7s %8s %8s %8s %8s %9s\n", "data", "posts", "header", "found", "%",
           "traces", "frames", "no exc.", "MB/s", "traces/s");
}

static void print(const tally *t)
{
    printf("%-18s %8zu %8zu %8zu %7.2f %8zu %8zu %8zu %8.1f %9.0f\n", t->name, t->posts,
           t->with_header, t->found,
           t->with_header ? 100.0 * (double)t->found / (double)t->with_header : 100, t->traces,
           t->frames, t->without_exception, (double)t->bytes / 1e6 / t->seconds,
           (double)t->traces / t->seconds);
    for (size_t i = 0; i < t->n_missed; i++)
        printf("    %s %s\n", t->wrong ? "wrong or none:" : "no frames:", t->missed[i]);
}

/* Opens DATA/name, through gzip where it ends with .gz; NULL if it is not there. */
static FILE *open_data(const char *data, const char *name)
{
    char path[MAX_PATH], command[MAX_PATH + 32];
    snprintf(path, sizeof path, "%s/%s", data, name);
    FILE *f = fopen(path, "rb");
    size_t n = strlen(path);
    if (!f || n < 3 || strcmp(path + n - 3, ".gz") != 0)
        return f;
    fclose(f);
    if (strchr(path, '\''))
        return NULL;
    snprintf(command, sizeof command, "gzip -dc '%s'", path);
    return popen(command, "r");
}

static const char *string_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

/* A line of JSON a post: its text under `body`, the class it gives under `ename`. */
static void bench_jsonl(tl_full *f, const char *data, const char *file, const char *body,
                        bool crashes)
{
    FILE *in = open_data(data, file);
    if (!in)
        return;
    tally t = {.name = crashes ? "junobench" : "github-dl-issues"};
    tl_arena arena = {0};
    char *line = NULL;
    size_t cap = 0;
    for (ssize_t n; (n = getline(&line, &cap, in)) > 0;) {
        json_t *o = json_loadb(line, (size_t)n, 0, NULL);
        if (!o)
            continue;
        char number[32];
        snprintf(number, sizeof number, "%zu", t.posts);
        take(f, &arena, &t, crashes ? number : string_of(o, "id"), string_of(o, body),
             crashes ? TL_TEXT : TL_MARKDOWN, crashes ? string_of(o, "ename") : NULL);
        json_decref(o);
    }
    free(line);
    pclose(in);
    tl_arena_free(&arena);
    print(&t);
}

static void bench_posts(tl_full *f, const char *data, const char *file)
{
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/%s", data, file);
    xmlTextReaderPtr in = xmlReaderForFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
    if (!in)
        return;
    tally t = {.name = "so-pytorch"};
    tl_arena arena = {0};
    while (xmlTextReaderRead(in) == 1) {
        xmlChar *type = xmlTextReaderGetAttribute(in, (const xmlChar *)"PostTypeId");
        xmlChar *body = xmlTextReaderGetAttribute(in, (const xmlChar *)"Body");
        xmlChar *id = xmlTextReaderGetAttribute(in, (const xmlChar *)"Id");
        if (type && body && id && xmlStrEqual(type, (const xmlChar *)"1"))
            take(f, &arena, &t, (char *)id, (char *)body, TL_HTML, NULL);
        xmlFree(type);
        xmlFree(body);
        xmlFree(id);
    }
    xmlFreeTextReader(in);
    tl_arena_free(&arena);
    print(&t);
}

static int count(void *ctx, const tl_trace *trace, tl_error *err)
{
    tally *t = ctx;
    (void)err;
    t->traces++;
    t->frames += trace->n_frames;
    t->without_exception += !trace->exception.data;
    return TL_OK;
}

static void feed(tl_grammar *g, tally *t, tl_str part)
{
    tl_error err = {0};
    double start = now();
    if (tl_grammar_feed(g, part, &err) != TL_OK)
        die(t->name, &err);
    t->seconds += now() - start;
    t->bytes += part.len;
}

static void bench_logs(tl_grammar *g, const char *data, const char *file)
{
    FILE *in = open_data(data, file);
    if (!in)
        return;
    tally t = {.name = "ml-ci-logs", .posts = 1};
    tl_error err = {0};
    static char part[1 << 16];
    tl_grammar_begin(g, count, &t);
    for (size_t n; (n = fread(part, 1, sizeof part, in)) > 0;)
        feed(g, &t, (tl_str){part, n});
    if (tl_grammar_end(g, &err) != TL_OK)
        die(file, &err);
    pclose(in);
    print(&t);
}

/* --- one line, many times ------------------------------------------------- */

static const char *const repeated[] = {
    "\n",
    "a\n",
    " a\n",
    "x: y\n",
    "E   x\n",
    ">   x\n",
    "a.py:1: \n",
    "a.py:1: E\n",
    "a.py in f\n",
    "in ()\n",
    "Traceback (most recent call last):\n",
    "ValueError Traceback (most recent call last)\n",
    "  File \"x.py\", line 3, in f\n",
    "File \"x.py\", line 3\n",
    "File \"x.p\n",
    "ValueError: x\n",
    "(pid=1) Traceback (most recent call last):\n",
    "During handling of the above exception, another exception occurred:\n",
    "  + Exception Group Traceback (most recent call last):\n",
    "+-+---------------- 1 ----------------\n",
    "Traceback (most recent call last): File \"a.py\", line 1, in f x() ValueError: it's 'a' in "
    "(1, 2\n",
    "Cell In[5], line 3\n",
    "File x.py:3, in f(a)\n",
    "----> 3 x\n",
    "\xE2\x95\xAD\xE2\x94\x80 Traceback (most recent call last) \xE2\x94\x80\xE2\x95\xAE\n",
    "\xE2\x94\x82 x.py:3 in f \xE2\x94\x82\n",
    "[0m\x1b[0;31m&lt;&gt;\xFF\n",
    "> > > > > > > > > > > > > >\n",
    "((((((((((((((((((((((((((((((((((((((((((((((((((((((\n",
};

/* Units that are repeated without a newline: one line of 10 MB. */
static const char *const unbroken[] = {
    "a",
    " ",
    "File \"",
    "File \"x.py\", line 3, in f ",
    "Traceback (most recent call last) ",
    "'a ",
    "\\n",
    "\\\\n",
    "(",
    "a.a/",
    "\x1b[",
    ": ",
    "x.Error: ",
};

static void repeat(tl_grammar *g, const char *unit, const char *before, double *worst)
{
    size_t n = strlen(unit);
    tally t = {.name = unit};
    tl_error err = {0};
    tl_buf text = {0};
    while (text.len + n <= 100 * 1000)
        tl_buf_add(&text, unit, n);
    tl_grammar_begin(g, count, &t);
    feed(g, &t, tl_str_from(before));
    while (t.bytes < REPEAT_BYTES)
        feed(g, &t, tl_buf_str(&text));
    if (tl_grammar_end(g, &err) != TL_OK)
        die(unit, &err);
    tl_buf_free(&text);
    if (t.seconds > 0.5)
        printf("    %.2f s after \"%.20s\" for \"%.60s\"\n", t.seconds, before, unit);
    if (t.seconds > *worst)
        *worst = t.seconds;
}

static void bench_repeated(tl_grammar *g)
{
    static const char *const before[] = {
        "",
        "Traceback (most recent call last):\n  File \"x.py\", line 3, in f\n",
        "Traceback (most recent call last):\n  File \"x.py\", line 3, in f\nValueError: in user "
        "code:\n",
        "ValueError                  Traceback (most recent call last)\nx.py in f(a)\n----> 3 "
        "g()\n",
        "\xE2\x95\xAD Traceback (most recent call last) \xE2\x95\xAE\n\xE2\x94\x82 x.py:3 in f "
        "\xE2\x94\x82\n",
        "(pid=1) Traceback (most recent call last):\n(pid=1)   File \"x.py\", line 3, in f\n",
        ">   f()\nE   x\nx.py:3: \n"};
    double worst = 0;
    for (size_t b = 0; b < sizeof before / sizeof *before; b++) {
        for (size_t i = 0; i < sizeof repeated / sizeof *repeated; i++)
            repeat(g, repeated[i], before[b], &worst);
        for (size_t i = 0; i < sizeof unbroken / sizeof *unbroken; i++)
            repeat(g, unbroken[i], before[b], &worst);
    }
    printf("10 MB of one repeated line: at most %.2f s\n", worst);
}

int main(int argc, char **argv)
{
    const char *data = argc > 1 ? argv[1] : "../shared/data";
    tl_error err = {0};
    tl_full *f = NULL;
    tl_grammar *g = NULL;
    if (tl_full_new(&f, &err) != TL_OK || tl_grammar_new(&g, &err) != TL_OK)
        die("start", &err);
    print_head();
    bench_jsonl(f, data, "github-dl-issues/issues.jsonl.gz", "body", false);
    bench_jsonl(f, data, "junobench/notebook-crashes.jsonl", "traceback", true);
    bench_posts(f, data, "so-pytorch/Posts.xml");
    bench_logs(g, data, "ml-ci-logs/logs.txt.gz");
    bench_repeated(g);
    tl_full_free(f);
    tl_grammar_free(g);
    return 0;
}
