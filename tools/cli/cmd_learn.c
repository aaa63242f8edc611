#include <errno.h>
#include <stdlib.h>

#include "reports/classifier_input.h"
#include "reports/classifier_learn.h"
#include "tools/cli/taxonomy_input.h"

static const char *taxonomy_file;

static const tl_option options[] = {
    {.name = "taxonomy", .kind = TL_OPTION_TEXT, .arg = "FILE.ini", .value = &taxonomy_file,
     .help = "a taxonomy of your own in place of the 25 types that ship"},
    TL_COMMON_OPTIONS};

typedef struct job {
    const tl_taxonomy *taxonomy;
    tl_labelled *examples;
    tl_pattern_line *lines; /* what the examples borrow from */
    size_t n, cap, without_type;
} job;

static int grow(job *j, tl_error *err)
{
    size_t cap = j->cap ? j->cap * 2 : 1024;
    tl_labelled *examples = reallocarray(j->examples, cap, sizeof *examples);
    if (examples)
        j->examples = examples;
    tl_pattern_line *lines = examples ? reallocarray(j->lines, cap, sizeof *lines) : NULL;
    if (!lines)
        return tl_fail_memory(err, "labels");
    j->lines = lines;
    j->cap = cap;
    return TL_OK;
}

static int take_line(void *ctx, tl_pattern_line *p, tl_error *err)
{
    job *j = ctx;
    int type = p->label.data ? tl_taxonomy_label(j->taxonomy, p->label) : -1;
    if (type == TL_NO_MEMORY)
        return tl_fail_memory(err, "a label");
    if (type < 0) {
        j->without_type++;
        return TL_OK;
    }
    int rc = j->n == j->cap ? grow(j, err) : TL_OK;
    if (rc)
        return rc;
    j->lines[j->n] = *p;
    j->examples[j->n++] = (tl_labelled){p->frames, p->n_frames, type};
    *p = (tl_pattern_line){0};
    return TL_OK;
}

static int read_labels(job *j, const char *path, tl_arena *arena, tl_error *err)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    size_t n;
    if (!file)
        return tl_fail(err, TL_IO, "%s: cannot open: %s", path, strerror(errno));
    int rc = tl_pattern_lines_read(file, standard ? "standard input" : path, arena, true, take_line, j, &n, err);
    if (!standard)
        fclose(file);
    if (rc == TL_OK && j->n == 0)
        rc = tl_fail(err, TL_BAD_INPUT, "%s: no line has a \"label\" that the taxonomy knows", path);
    return rc;
}

static int run(int n, char **operands, tl_error *err)
{
    job j = {0};
    tl_arena arena = {0};
    tl_buf weights = {0};
    tl_taxonomy *taxonomy = NULL;
    int rc = tl_cli_operands(n, 1, 1, "a JSONL file of labelled patterns, or - for standard input", err);
    if (rc == TL_OK)
        rc = tl_taxonomy_input(&taxonomy, taxonomy_file, err);
    j.taxonomy = taxonomy;
    if (rc == TL_OK)
        rc = read_labels(&j, operands[0], &arena, err);
    if (rc == TL_OK)
        rc = tl_learn(taxonomy, j.examples, j.n, &tl_cli_cancel, &weights, err);
    if (rc == TL_OK)
        rc = tl_cli_print(tl_buf_str(&weights), err);
    if (rc == TL_OK)
        tl_cli_note("%zu labels, %zu more of no type of the taxonomy", j.n, j.without_type);
    for (size_t i = 0; i < j.n; i++)
        tl_pattern_line_free(&j.lines[i]);
    free(j.lines);
    free(j.examples);
    tl_buf_free(&weights);
    tl_taxonomy_free(taxonomy);
    tl_arena_free(&arena);
    return rc;
}

const tl_command tl_cmd_learn = {
    .name = "learn",
    .synopsis = "LABELS.jsonl [OPTION]...",
    .summary = "fit the weights of 'classify' to labelled patterns",
    .text = "Reads patterns with the type that coders gave them, one JSON object a line, "
            "{\"frames\": [[\"file\", \"function\"], ...], \"label\": \"model training/learning\"}, "
            "and prints the weights of a multinomial logistic model over the frames and over "
            "the taxonomy's rules. The same labels give the same weights. Labels that the "
            "taxonomy does not know are left out.",
    .examples = "  tracelode learn labels.jsonl > weights.ini\n"
                "      fit the weights\n"
                "  tracelode classify patterns.jsonl --weights weights.ini\n"
                "      and use them\n",
    .options = options,
    .run = run,
};
