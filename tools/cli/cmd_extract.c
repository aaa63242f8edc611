#include "tools/cli/steps.h"

static tl_extract_step step;
static const char *db;

static const tl_option options[] = {
    {.name = "db", .letter = 'd', .kind = TL_OPTION_TEXT, .arg = "STUDY.db", .value = &db,
     .help = "the store to write; made if it is not there"},
    TL_EXTRACT_OPTIONS(step),
    TL_COMMON_OPTIONS};

static int run(int n, char **operands, tl_error *err)
{
    int rc = tl_cli_operands(n, 1, -1, "one or more dump files such as Posts.xml", err);
    if (rc == TL_OK && !db)
        rc = tl_fail(err, TL_USAGE, "missing option: -d STUDY.db, the store to write");
    if (rc)
        return rc;
    tl_store *store;
    rc = tl_store_open(&store, db, TL_STORE_CREATE, err);
    if (rc)
        return rc;
    rc = tl_step_extract(store, operands, n, &step, err);
    if (rc == TL_OK)
        rc = tl_store_finish(store, err);
    tl_store_close(store);
    tl_cli_closing("extract");
    return rc;
}

const tl_command tl_cmd_extract = {
    .name = "extract",
    .synopsis = "DUMP... -d STUDY.db [OPTION]...",
    .summary = "read dumps, issues and logs into a store",
    .text = "Reads posts into a store: the questions of the machine-learning libraries with "
            "their answers, and the stack traces in them, in both profiles. Inputs are "
            "recognised by content: Stack Exchange dumps (Posts.xml and the files beside it), "
            "SOTorrent's and Data Explorer's CSV, posts as JSON lines, and plain logs, each "
            "also in .7z .zip .gz .zst .xz .bz2 or as - for standard input. JSON lines and "
            "logs imply --all. A run that was interrupted goes on where it stopped when the "
            "same command is given again.",
    .examples = "  tracelode extract Posts.xml -d study.db\n"
                "      read a dump; the site is the folder's name\n"
                "  tracelode extract stackoverflow.com-Posts.7z -d study.db --library keras,nltk\n"
                "      straight from the archive, two libraries only\n",
    .options = options,
    .run = run,
};
