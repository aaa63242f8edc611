#include "reports/query.h"
#include "sql/patterns.h"
#include "tools/cli/print.h"

static const char *const sort_names[] = {
    [TL_SORT_SUPPORT] = "support", [TL_SORT_UNANSWERED] = "unanswered", [TL_SORT_VIEWS] = "views", NULL};

static const char *db;
static int format, profile = TL_FULL, support = TL_SEQUENCES, key = TL_KEY_STEM, sort = TL_SORT_SUPPORT;
static tl_query query = {.min_support = 2, .limit = 20};

static const tl_option options[] = {
    {.name = "db", .letter = 'd', .kind = TL_OPTION_TEXT, .arg = "STUDY.db", .value = &db,
     .help = "the store to read; it must have been mined"},
    {.name = "library", .kind = TL_OPTION_TEXT, .arg = "KEY", .value = &query.library,
     .help = "only patterns of this library"},
    {.name = "contains", .kind = TL_OPTION_TEXT, .arg = "FILE:FUNC", .value = &query.contains,
     .help = "only patterns that hold this frame (with --key function: FUNC alone); * stands for any text"},
    {.name = "min-support", .kind = TL_OPTION_INT, .arg = "N", .value = &query.min_support, .low = 2,
     .high = INT64_MAX, .help = "only patterns with at least this support (default: 2)"},
    {.name = "category", .kind = TL_OPTION_TEXT, .arg = "C", .value = &query.category,
     .help = "only patterns of this category: MOD, DAT, SYN, EXT, MLT or unknown"},
    {.name = "type", .kind = TL_OPTION_TEXT, .arg = "T", .value = &query.type,
     .help = "only patterns of this type, such as 'training/learning'"},
    {.name = "shared", .kind = TL_OPTION_INT, .arg = "N", .value = &query.shared, .low = 0, .high = 1000,
     .help = "only patterns that at least N libraries have"},
    {.name = "profile", .kind = TL_OPTION_CHOICE, .arg = "P", .value = &profile, .choices = tl_profile_names,
     .help = "paper or full (default: full)"},
    {.name = "support", .kind = TL_OPTION_CHOICE, .arg = "KIND", .value = &support,
     .choices = tl_support_names, .help = "what support counts, sequences or occurrences (default: sequences)"},
    {.name = "key", .kind = TL_OPTION_CHOICE, .arg = "KEY", .value = &key, .choices = tl_key_names,
     .help = "what makes frames the same, as it was mined: stem, module or function (default: stem)"},
    {.name = "sort", .kind = TL_OPTION_CHOICE, .arg = "BY", .value = &sort, .choices = sort_names,
     .help = "support, unanswered (questions) or views (their median), the largest first (default: support)"},
    {.name = "limit", .kind = TL_OPTION_INT, .arg = "N", .value = &query.limit, .low = -1, .high = INT64_MAX,
     .help = "print at most N patterns; -1 for all (default: 20)"},
    TL_FORMAT_OPTION(format),
    TL_COMMON_OPTIONS};

static int print(const tl_grid *grid, tl_error *err)
{
    tl_buf text = {0};
    if (format != TL_FORMAT_TABLE)
        return tl_print_grid(grid, format, true, err);
    tl_query_text(&text, grid);
    int rc = tl_buf_check(&text, "the patterns", err);
    if (rc == TL_OK)
        rc = tl_cli_print(tl_buf_str(&text), err);
    tl_buf_free(&text);
    return rc;
}

static int run(int n, char **operands, tl_error *err)
{
    (void)operands;
    tl_store *store = NULL;
    tl_grid grid = {0};
    int rc = tl_cli_operands(n, 0, 0, "none; filters are options", err);
    if (rc == TL_OK && !db)
        rc = tl_fail(err, TL_USAGE, "missing option: -d STUDY.db, the store to read");
    query.profile = (tl_profile)profile;
    query.support = (tl_support_kind)support;
    query.key = (tl_key)key;
    query.sort = (tl_query_sort)sort;
    if (rc == TL_OK)
        rc = tl_store_open(&store, db, TL_STORE_READ, err);
    if (rc == TL_OK)
        rc = tl_query_patterns(store, &query, &grid, err);
    if (rc == TL_NOTHING)
        tl_cli_note("tracelode: query: %s", err->message);
    if (rc == TL_OK)
        rc = print(&grid, err);
    if (rc == TL_OK && (rc = tl_store_mining_is_old(store, query.profile, query.support, query.key, err)) == 1) {
        tl_cli_note_old_mining();
        rc = TL_OK;
    }
    tl_grid_free(&grid);
    tl_store_close(store);
    return rc;
}

const tl_command tl_cmd_query = {
    .name = "query",
    .synopsis = "-d STUDY.db [OPTION]...",
    .summary = "find patterns of a store, with the questions they come from",
    .text = "Prints the patterns that match all the filters given: their stable id, support, "
            "type, how many questions hold them, how many of these have no answer, the median "
            "of their views, how many libraries have the pattern, and links to the most viewed "
            "questions. Exit status 1 if nothing matches.",
    .examples = "  tracelode query -d study.db --library keras --sort unanswered\n"
                "      the call chains of Keras that people get no answer to\n"
                "  tracelode query -d study.db --contains 'pickle:*' --shared 2 --format csv\n"
                "      what goes through pickle in two libraries or more, for a spreadsheet\n",
    .options = options,
    .run = run,
};
