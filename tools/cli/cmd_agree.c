#include "reports/agree.h"
#include "tools/cli/csv_input.h"
#include "tools/cli/print.h"

static const char *columns;
static int64_t resamples = 1000, seed = 1;
static int format;

static const tl_option options[] = {
    {.name = "columns", .kind = TL_OPTION_TEXT, .arg = "COL,COL", .value = &columns,
     .help = "the coders' columns (default: all)"},
    {.name = "resamples", .kind = TL_OPTION_INT, .arg = "N", .value = &resamples, .low = 1,
     .high = 1000000, .help = "draws of the bootstrap that gives the interval (default: 1000)"},
    {.name = "seed", .kind = TL_OPTION_INT, .arg = "N", .value = &seed, .low = 0, .high = INT64_MAX,
     .help = "of the bootstrap (default: 1)"},
    TL_FORMAT_OPTION(format),
    TL_COMMON_OPTIONS};

static int run(int n, char **operands, tl_error *err)
{
    tl_store *store = NULL;
    tl_grid grid = {0};
    int rc = tl_cli_operands(n, 1, 1, "a CSV file with a column for each coder, or - for standard input", err);
    if (rc == TL_OK)
        rc = tl_csv_input(&store, operands[0], false, err);
    if (rc)
        return rc;
    tl_agree_options how = {.table = "data",
                            .columns = columns,
                            .level = 0.95,
                            .resamples = (size_t)resamples,
                            .seed = (uint64_t)seed};
    rc = tl_agree(store, &how, &grid, err);
    if (rc == TL_OK)
        rc = tl_print_grid(&grid, format, false, err);
    tl_grid_free(&grid);
    tl_store_close(store);
    return rc;
}

const tl_command tl_cmd_agree = {
    .name = "agree",
    .synopsis = "FILE.csv [OPTION]...",
    .summary = "Krippendorff's alpha of coders' labels",
    .text = "Reads a CSV file with a row for each unit that was labelled and a column for each "
            "coder, and prints Krippendorff's alpha for nominal labels with its 95% bootstrap "
            "interval. An empty cell is a missing label; any number of coders will do.",
    .examples = "  tracelode agree labels.csv\n"
                "      all columns are coders\n"
                "  tracelode agree labels.csv --columns ana,bo --format csv\n"
                "      two of them\n",
    .options = options,
    .run = run,
};
