#include "tools/cli/steps.h"

static const char *db;
static tl_report_step step = {.profile = TL_FULL, .support = TL_SEQUENCES, .key = TL_KEY_STEM};

static const tl_option options[] = {
    {.name = "db", .letter = 'd', .kind = TL_OPTION_TEXT, .arg = "STUDY.db", .value = &db,
     .help = "the store to read"},
    TL_REPORT_OPTIONS(step),
    TL_COMMON_OPTIONS};

static int run(int n, char **operands, tl_error *err)
{
    (void)operands;
    int rc = tl_cli_operands(n, 0, 0, "none; give -d STUDY.db -o DIR", err);
    if (rc == TL_OK && !db)
        rc = tl_fail(err, TL_USAGE, "missing option: -d STUDY.db, the store to read");
    if (rc == TL_OK && step.folder && !*step.folder)
        rc = tl_fail(err, TL_USAGE, "-o: expected the name of a folder");
    if (rc == TL_OK && !step.folder)
        rc = tl_fail(err, TL_USAGE, "missing option: -o DIR, the folder to write the report into");
    if (rc)
        return rc;
    tl_store *store;
    rc = tl_store_open(&store, db, TL_STORE_READ, err);
    if (rc)
        return rc;
    rc = tl_step_report(store, &step, err);
    tl_store_close(store);
    tl_cli_closing("report");
    return rc;
}

const tl_command tl_cmd_report = {
    .name = "report",
    .synopsis = "-d STUDY.db -o DIR [OPTION]...",
    .summary = "write the study's tables and figures as a folder",
    .text = "Writes a folder with index.html (a page that works offline), the tables as CSV, "
            "Markdown, LaTeX and JSON, the figures with their data, and manifest.json. The "
            "store must have been mined. The same store gives the same bytes.",
    .examples = "  tracelode report -d study.db -o report\n"
                "      then open report/index.html\n"
                "  tracelode report -d study.db -o report --profile paper\n"
                "      the published method first\n",
    .options = options,
    .run = run,
};
