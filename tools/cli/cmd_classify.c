#include <errno.h>
#include <stdlib.h>

#include "reports/classifier_input.h"
#include "tools/cli/print.h"
#include "tools/cli/taxonomy_input.h"

static const char *taxonomy_file, *weights_file;
static int format = TL_FORMAT_JSONL;

static const tl_option options[] = {
    {.name = "taxonomy", .kind = TL_OPTION_TEXT, .arg = "FILE.ini", .value = &taxonomy_file,
     .help = "a taxonomy of your own in place of the 25 types that ship"},
    {.name = "weights", .kind = TL_OPTION_TEXT, .arg = "FILE.ini", .value = &weights_file,
     .help = "weights that 'tracelode learn' wrote, in place of those that ship"},
    {.name = "format", .kind = TL_OPTION_CHOICE, .arg = "F", .value = &format, .choices = tl_print_formats,
     .help = "table, csv, jsonl or md (default: jsonl, the line as it was with three keys more)"},
    TL_COMMON_OPTIONS};

typedef struct job {
    tl_classifier *classifier;
    tl_grid grid; /* what is printed at the end, unless it is JSON */
    size_t known;
} job;

/* The line's object, with three keys at its end; only the confidence is rounded. */
static int print_line(const tl_pattern_line *p, const char *category, const char *type, double confidence,
                      tl_error *err)
{
    static const char *const keys[] = {"type", "category", "confidence"};
    for (int i = 0; i < 3; i++)
        json_object_del(p->object, keys[i]);
    json_t *added = json_pack("{ss, ss, sf}", keys[0], type, keys[1], category, keys[2], confidence);
    char *line = json_dumps(p->object, JSON_COMPACT);
    char *end = added ? json_dumps(added, JSON_COMPACT | JSON_REAL_PRECISION(4)) : NULL;
    json_decref(added);
    tl_buf text = {0};
    if (line && end) /* {...} and {...}, neither empty */
        tl_buf_printf(&text, "%.*s,%s\n", (int)strlen(line) - 1, line, end + 1);
    int rc = line && end ? tl_buf_check(&text, "a pattern", err) : tl_fail_memory(err, "a pattern");
    if (rc == TL_OK)
        rc = tl_cli_print(tl_buf_str(&text), err);
    tl_buf_free(&text);
    free(line);
    free(end);
    return rc;
}

static int add_row(tl_grid *g, const tl_pattern_line *p, const char *category, const char *type,
                   double confidence, tl_error *err)
{
    tl_buf frames = {0};
    for (size_t i = 0; i < p->n_frames; i++)
        tl_buf_printf(&frames, "%s" TL_STR_FMT ":" TL_STR_FMT, i ? " > " : "", TL_STR_ARG(p->frames[i].file),
                      TL_STR_ARG(p->frames[i].function));
    tl_cell *row = tl_grid_add_row(g);
    bool added = row && !frames.failed && tl_grid_set_text(g, &row[0], tl_str_from(type)) &&
                 tl_grid_set_text(g, &row[1], tl_str_from(category)) &&
                 tl_grid_set_text(g, &row[3], tl_buf_str(&frames));
    if (added)
        row[2] = (tl_cell){.type = TL_CELL_REAL, .real = confidence};
    tl_buf_free(&frames);
    return added ? TL_OK : tl_fail_memory(err, "a table");
}

static int classify_line(void *ctx, tl_pattern_line *p, tl_error *err)
{
    job *j = ctx;
    tl_classified found;
    if (tl_cancelled(&tl_cli_cancel))
        return tl_fail(err, TL_INTERRUPTED, "interrupted");
    int rc = tl_classify(j->classifier, p->frames, p->n_frames, p->exception, p->message, &found, err);
    if (rc)
        return rc;
    const tl_type *type =
        found.type < 0 ? NULL : tl_taxonomy_type(tl_classifier_taxonomy(j->classifier), found.type);
    const char *name = type ? type->name : "unknown", *category = type ? type->category : "unknown";
    j->known += type != NULL;
    return format == TL_FORMAT_JSONL ? print_line(p, category, name, found.confidence, err)
                                     : add_row(&j->grid, p, category, name, found.confidence, err);
}

static int classify_file(job *j, const char *path, tl_error *err)
{
    static const char *const columns[] = {"type", "category", "confidence", "frames"};
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    tl_arena arena = {0};
    size_t n;
    if (!file)
        return tl_fail(err, TL_IO, "%s: cannot open: %s", path, strerror(errno));
    int rc = tl_grid_columns(&j->grid, columns, 4, err);
    if (rc == TL_OK)
        rc = tl_pattern_lines_read(file, standard ? "standard input" : path, &arena, false, classify_line, j, &n,
                                   err);
    if (rc == TL_OK && format != TL_FORMAT_JSONL)
        rc = tl_print_grid(&j->grid, format, true, err);
    if (rc == TL_OK)
        tl_cli_note("%zu patterns, %zu of a known type", n, j->known);
    if (!standard)
        fclose(file);
    tl_arena_free(&arena);
    return rc;
}

static int run(int n, char **operands, tl_error *err)
{
    job j = {0};
    tl_taxonomy *taxonomy = NULL;
    int rc = tl_cli_operands(n, 1, 1, "a JSONL file of patterns, or - for standard input", err);
    if (rc == TL_OK)
        rc = tl_taxonomy_input(&taxonomy, taxonomy_file, err);
    if (rc == TL_OK)
        rc = tl_classifier_input(&j.classifier, taxonomy, weights_file, err);
    if (rc == TL_OK)
        rc = classify_file(&j, operands[0], err);
    tl_grid_free(&j.grid);
    tl_classifier_free(j.classifier);
    tl_taxonomy_free(taxonomy);
    return rc;
}

const tl_command tl_cmd_classify = {
    .name = "classify",
    .synopsis = "FILE.jsonl [OPTION]...",
    .summary = "type and category of patterns, by the study's taxonomy",
    .text = "Reads patterns, one JSON object a line, {\"frames\": [[\"file\", \"function\"], ...]}, "
            "outermost frame first, and adds type, category and confidence, the probability of "
            "the type. Where neither rules nor learned weights know the frames, the type is "
            "'unknown'. The keys \"exception\" and \"message\" are looked at if they are there.",
    .examples = "  tracelode classify patterns.jsonl > typed.jsonl\n"
                "      the same lines with three keys more\n"
                "  echo '{\"frames\": [[\"pickle\", \"dump\"]]}' | tracelode classify - --format table\n"
                "      one pattern, to read\n",
    .options = options,
    .run = run,
};
