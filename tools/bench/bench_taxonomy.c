/* bench_taxonomy: how well types are found, by cross-validation on labelled patterns.
 *
 *     bench_taxonomy [LABELS.jsonl [SEED]]      ../shared/data/ghadesi2022/labels-train.jsonl
 *
 * Five folds; patterns that are nearly the same (the sets of their frames overlap by half
 * or more) are put into one fold, so that no pattern is judged by its twin.  Then the same
 * with the patterns of one library left out in turn (patterns-LIBRARY.jsonl beside the
 * labels tell whose they are; those of no such file are one more library).  The rules were
 * written by people who had seen the labels: both flatter them.  Prints the
 * share of right types and categories of our classifier, of its rules alone, of naive
 * Bayes on frames and of the most frequent label; for each tenth of the file (coding may have
 * slipped somewhere); and which types are taken for which.  Labels that mean no type
 * are left out.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/classifier.h"
#include "reports/classifier_input.h"
#include "reports/classifier_learn.h"
#include "stats/random.h"

enum { FOLDS = 5, TENTHS = 10 };

typedef struct example {
    tl_pattern_line line;
    int type, fold, cluster;
} example;

typedef struct bench {
    const tl_taxonomy *taxonomy;
    int n_types;
    example *examples;
    size_t n;
    tl_arena arena;
} bench;

typedef struct tally {
    size_t types, categories, unknown;
    size_t by_tenth[TENTHS];
    size_t confused[TL_MAX_TYPES][TL_MAX_TYPES + 1]; /* [is][found] */
} tally;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "bench_taxonomy: %s: %s\n", what, why);
    exit(1);
}

static void read_labels(bench *b, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0;
    ssize_t got;
    tl_error err;
    if (!file)
        die(path, "cannot open");
    while ((got = getline(&text, &room, file)) > 0) {
        example e = {0};
        if (tl_pattern_line_read(&e.line, (tl_str){text, (size_t)got}, &b->arena, &err))
            die(path, err.message);
        e.type = tl_taxonomy_label(b->taxonomy, e.line.label);
        if (e.type < 0) {
            tl_pattern_line_free(&e.line);
            continue;
        }
        b->examples = reallocarray(b->examples, b->n + 1, sizeof *b->examples);
        if (!b->examples)
            die(path, "out of memory");
        b->examples[b->n++] = e;
    }
    free(text);
    fclose(file);
}

/* ---- folds ---------------------------------------------------------------------- */

static bool same_frame(const tl_frame *a, const tl_frame *b)
{
    return tl_str_eq(a->file, b->file) && tl_str_eq(a->function, b->function);
}

static bool holds(const tl_pattern_line *p, size_t n, const tl_frame *f)
{
    for (size_t i = 0; i < n; i++)
        if (same_frame(&p->frames[i], f))
            return true;
    return false;
}

/* Frames of both, by frames of either, each counted once. */
static double overlap(const tl_pattern_line *a, const tl_pattern_line *b)
{
    size_t of_a = 0, of_b = 0, both = 0;
    for (size_t i = 0; i < a->n_frames; i++)
        if (!holds(a, i, &a->frames[i])) {
            of_a++;
            both += holds(b, b->n_frames, &a->frames[i]);
        }
    for (size_t i = 0; i < b->n_frames; i++)
        of_b += !holds(b, i, &b->frames[i]);
    return (double)both / (double)(of_a + of_b - both);
}

static int root(const bench *b, int i)
{
    while (b->examples[i].cluster != i)
        i = b->examples[i].cluster;
    return i;
}

static void make_folds(bench *b, uint64_t seed)
{
    size_t sizes[FOLDS] = {0};
    int *order = calloc(b->n + 1, sizeof *order), *size = calloc(b->n + 1, sizeof *size);
    if (!order || !size)
        die("folds", "out of memory");
    for (size_t i = 0; i < b->n; i++)
        b->examples[i].cluster = (int)i;
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < i; k++)
            if (overlap(&b->examples[i].line, &b->examples[k].line) >= 0.5)
                b->examples[root(b, (int)i)].cluster = root(b, (int)k);
    for (size_t i = 0; i < b->n; i++)
        size[root(b, (int)i)]++;
    tl_random random = {seed};
    for (size_t i = 0; i < b->n; i++)
        order[i] = (int)i;
    for (size_t i = b->n; i > 1; i--) {
        size_t k = (size_t)tl_random_below(&random, i);
        int swap = order[i - 1];
        order[i - 1] = order[k];
        order[k] = swap;
    }
    /* Each cluster into the fold that is smallest so far. */
    size_t clusters = 0;
    for (size_t i = 0; i < b->n; i++) {
        int c = order[i], least = 0;
        if (!size[c])
            continue;
        clusters++;
        for (int f = 1; f < FOLDS; f++)
            if (sizes[f] < sizes[least])
                least = f;
        sizes[least] += (size_t)size[c];
        for (size_t k = 0; k < b->n; k++)
            if (root(b, (int)k) == c)
                b->examples[k].fold = least;
    }
    printf("%zu labels in %zu groups of near-duplicates; folds of %zu %zu %zu %zu %zu\n", b->n, clusters,
           sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
    free(order);
    free(size);
}

static bool same_frames(const tl_pattern_line *a, const tl_pattern_line *b)
{
    bool same = a->n_frames == b->n_frames;
    for (size_t i = 0; same && i < a->n_frames; i++)
        same = same_frame(&a->frames[i], &b->frames[i]);
    return same;
}

/* Puts the patterns of that file into `fold`. */
static void hold_out(bench *b, const char *path, int fold)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0;
    ssize_t got;
    tl_error err;
    tl_arena arena = {0};
    while (file && (got = getline(&text, &room, file)) > 0) {
        tl_pattern_line line = {0};
        tl_arena_reset(&arena);
        if (tl_pattern_line_read(&line, (tl_str){text, (size_t)got}, &arena, &err))
            die(path, err.message);
        for (size_t i = 0; i < b->n; i++)
            if (same_frames(&line, &b->examples[i].line))
                b->examples[i].fold = fold;
        tl_pattern_line_free(&line);
    }
    if (file)
        fclose(file);
    free(text);
    tl_arena_free(&arena);
}

/* A fold for each library; a pattern of two belongs to the smaller one. */
static void fold_by_library(bench *b, const char *labels)
{
    static const char *const libraries[FOLDS - 1] = {"keras", "nltk", "huggingface", "spark-ml"};
    const char *slash = strrchr(labels, '/');
    tl_buf path = {0};
    for (size_t i = 0; i < b->n; i++)
        b->examples[i].fold = FOLDS - 1;
    for (int k = 0; k < FOLDS - 1; k++) {
        tl_buf_clear(&path);
        tl_buf_printf(&path, "%.*spatterns-%s.jsonl", slash ? (int)(slash + 1 - labels) : 0, labels, libraries[k]);
        if (path.failed)
            die("folds", "out of memory");
        hold_out(b, path.data, k);
    }
    tl_buf_free(&path);
}

/* ---- models ----------------------------------------------------------------------- */

static void count(const bench *b, tally *t, size_t i, int found)
{
    int is = b->examples[i].type;
    t->confused[is][found < 0 ? TL_MAX_TYPES : found]++;
    if (found < 0) {
        t->unknown++;
        return;
    }
    t->types += found == is;
    t->by_tenth[i * TENTHS / b->n] += found == is;
    t->categories += strcmp(tl_taxonomy_type(b->taxonomy, found)->category,
                            tl_taxonomy_type(b->taxonomy, is)->category) == 0;
}

/* Classifies fold `fold` (-1: all) with `weights`. */
static void judge(const bench *b, tally *t, int fold, tl_str weights)
{
    tl_classifier *c;
    tl_error err;
    if (tl_classifier_new(&c, b->taxonomy, weights, "weights", &err))
        die("classifier", err.message);
    for (size_t i = 0; i < b->n; i++) {
        const example *e = &b->examples[i];
        tl_classified found;
        if (fold >= 0 && e->fold != fold)
            continue;
        if (tl_classify(c, e->line.frames, e->line.n_frames, (tl_str){0}, (tl_str){0}, &found, &err))
            die("classify", err.message);
        count(b, t, i, found.type);
    }
    tl_classifier_free(c);
}

/* Whether a near-duplicate of the example, or itself, is judged in that fold. */
static bool is_held_out(const bench *b, size_t i, int fold)
{
    for (size_t k = 0; k < b->n; k++)
        if (b->examples[k].fold == fold && root(b, (int)k) == root(b, (int)i))
            return true;
    return false;
}

static void judge_learned(const bench *b, tally *t)
{
    tl_labelled *others = calloc(b->n, sizeof *others);
    tl_error err;
    if (!others)
        die("folds", "out of memory");
    for (int fold = 0; fold < FOLDS; fold++) {
        size_t n = 0;
        tl_buf weights = {0};
        for (size_t i = 0; i < b->n; i++)
            if (!is_held_out(b, i, fold))
                others[n++] = (tl_labelled){b->examples[i].line.frames, b->examples[i].line.n_frames,
                                            b->examples[i].type};
        if (tl_learn(b->taxonomy, others, n, NULL, &weights, &err))
            die("learn", err.message);
        judge(b, t, fold, tl_buf_str(&weights));
        tl_buf_free(&weights);
    }
    free(others);
}

/* Multinomial naive Bayes over frames as tokens, smoothed by one. */
static int naive_bayes(const bench *b, const example *e, bool frames)
{
    double best_score = -INFINITY;
    int best = 0;
    size_t tokens[TL_MAX_TYPES] = {0}, labels[TL_MAX_TYPES] = {0}, train = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->examples[i].fold != e->fold) {
            tokens[b->examples[i].type] += b->examples[i].line.n_frames;
            labels[b->examples[i].type]++;
            train++;
        }
    for (int t = 0; t < b->n_types; t++) {
        double score = log(((double)labels[t] + 1) / (double)(train + (size_t)b->n_types));
        for (size_t k = 0; frames && k < e->line.n_frames; k++) {
            size_t seen = 0;
            for (size_t i = 0; i < b->n; i++)
                if (b->examples[i].fold != e->fold && b->examples[i].type == t)
                    for (size_t m = 0; m < b->examples[i].line.n_frames; m++)
                        seen += same_frame(&b->examples[i].line.frames[m], &e->line.frames[k]);
            score += log(((double)seen + 1) / ((double)tokens[t] + 500));
        }
        if (score > best_score) {
            best_score = score;
            best = t;
        }
    }
    return best;
}

static void judge_bayes(const bench *b, tally *t, bool frames)
{
    for (size_t i = 0; i < b->n; i++)
        count(b, t, i, naive_bayes(b, &b->examples[i], frames));
}

/* ---- printing ----------------------------------------------------------------------- */

static void print_tally(const bench *b, const char *name, const tally *t)
{
    printf("%-22s types %5.1f %%   categories %5.1f %%   unknown %4.1f %%   by tenth of the file:", name,
           100.0 * (double)t->types / (double)b->n, 100.0 * (double)t->categories / (double)b->n,
           100.0 * (double)t->unknown / (double)b->n);
    for (int k = 0; k < TENTHS; k++) {
        size_t from = ((size_t)k * b->n + TENTHS - 1) / TENTHS, to = ((size_t)(k + 1) * b->n + TENTHS - 1) / TENTHS;
        printf(" %.0f", 100.0 * (double)t->by_tenth[k] / (double)(to - from));
    }
    printf("\n");
}

static void print_confusions(const bench *b, const tally *t)
{
    printf("\n%-28s %6s %6s  taken for\n", "type", "labels", "right");
    for (int is = 0; is < b->n_types; is++) {
        size_t n = 0;
        for (int k = 0; k <= TL_MAX_TYPES; k++)
            n += t->confused[is][k];
        if (!n)
            continue;
        printf("%-28s %6zu %6zu ", tl_taxonomy_type(b->taxonomy, is)->section, n, t->confused[is][is]);
        for (int k = 0; k <= TL_MAX_TYPES; k++)
            if (k != is && t->confused[is][k] * 10 >= n && t->confused[is][k] > 1)
                printf(" %s %zu,", k == TL_MAX_TYPES ? "unknown" : tl_taxonomy_type(b->taxonomy, k)->section,
                       t->confused[is][k]);
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    bench b = {0};
    tl_taxonomy *taxonomy;
    tl_error err;
    static tally ours, rules, bayes, most, apart;
    const char *labels = argc > 1 ? argv[1] : "../shared/data/ghadesi2022/labels-train.jsonl";
    if (argc > 3)
        die("usage", "bench_taxonomy [LABELS.jsonl [SEED]]");
    if (tl_taxonomy_new(&taxonomy, (tl_str){tl_taxonomy_ini, tl_taxonomy_ini_len}, "taxonomy.ini", &err))
        die("taxonomy", err.message);
    b.taxonomy = taxonomy;
    b.n_types = tl_taxonomy_n_types(taxonomy);
    read_labels(&b, labels);
    make_folds(&b, argc == 3 ? strtoull(argv[2], NULL, 10) : 1);
    judge_learned(&b, &ours);
    judge(&b, &rules, -1, TL_STR(""));
    judge_bayes(&b, &bayes, true);
    judge_bayes(&b, &most, false);
    fold_by_library(&b, labels);
    judge_learned(&b, &apart);
    print_tally(&b, "rules and weights", &ours);
    print_tally(&b, "a library left out", &apart);
    print_tally(&b, "rules alone", &rules);
    print_tally(&b, "naive Bayes on frames", &bayes);
    print_tally(&b, "most frequent label", &most);
    print_confusions(&b, &ours);
    for (size_t i = 0; i < b.n; i++)
        tl_pattern_line_free(&b.examples[i].line);
    free(b.examples);
    tl_arena_free(&b.arena);
    tl_taxonomy_free(taxonomy);
    return 0;
}
