#include "reports/compare.h"
#include "sql/guard.h"
#include "tools/cli/csv_input.h"
#include "tools/cli/print.h"

static tl_compare_options how = {.table = "data", .group = "has_trace"};
static int format;

static const tl_option options[] = {
    {.name = "group", .letter = 'g', .kind = TL_OPTION_TEXT, .arg = "COL", .value = &how.group,
     .help = "the column that tells the two groups apart: not 0 for group 1, 0 for group 0 "
             "(default: has_trace)"},
    {.name = "value", .kind = TL_OPTION_TEXT, .arg = "COL[,COL]", .value = &how.values,
     .help = "compare these measures by the Mann-Whitney test"},
    {.name = "success", .kind = TL_OPTION_TEXT, .arg = "COL", .value = &how.success,
     .help = "compare the share of rows in which this column is neither empty nor 0, by the "
             "two-proportion Z test"},
    {.name = "where", .kind = TL_OPTION_TEXT, .arg = "EXPR", .value = &how.where,
     .help = "only the rows for which this SQL condition holds"},
    TL_FORMAT_OPTION(format),
    TL_COMMON_OPTIONS};

static int run_file(const char *path, tl_error *err)
{
    tl_store *store;
    tl_grid grid = {0};
    tl_guard guard = {.seconds = 60, .megabytes = 8192, .cancel = &tl_cli_cancel};
    int rc = tl_csv_input(&store, path, true, err);
    if (rc)
        return rc;
    tl_guard_store(store, &guard);
    rc = tl_compare(store, &how, &grid, err);
    if (rc)
        rc = tl_guard_explain(&guard, rc, err);
    if (rc == TL_OK)
        rc = tl_print_grid(&grid, format, false, err);
    tl_grid_free(&grid);
    tl_store_close(store);
    return rc;
}

static int run(int n, char **operands, tl_error *err)
{
    int rc = tl_cli_operands(n, 1, 1, "a CSV file with a header row, or - for standard input", err);
    if (rc == TL_OK && (!how.values || !*how.values) && !how.success)
        rc = tl_fail(err, TL_USAGE, "nothing to compare: give --value COL or --success COL");
    return rc ? rc : run_file(operands[0], err);
}

const tl_command tl_cmd_stats = {
    .name = "stats",
    .synopsis = "FILE.csv --value COL[,COL] | --success COL [OPTION]...",
    .summary = "compare two groups, on anyone's measures",
    .text = "Compares two groups of rows of a CSV file as the study does: Mann-Whitney's U for "
            "measures, the two-proportion Z test for a success. Prints for each the sizes and "
            "medians of both groups (of a success: the two shares), the statistic (U of group 1, "
            "or Z), p, p corrected by Holm over the rows printed, and the effect size (Cliff's "
            "delta, Cohen's h). Empty cells are left out of a measure.",
    .examples = "  tracelode stats questions.csv --value views,score,first_answer_hours\n"
                "      questions with a trace against those without\n"
                "  tracelode stats questions.csv --success accepted --where 'answers > 0'\n"
                "      the share of answered questions with an accepted answer\n",
    .options = options,
    .run = run,
};
