#include <errno.h>
#include <sys/stat.h>

#include "tools/cli/steps.h"

static tl_extract_step extract_step;
static tl_report_step report_step = {.profile = TL_FULL, .support = TL_SEQUENCES, .key = TL_KEY_STEM};

static const tl_option options[] = {TL_REPORT_OPTIONS(report_step), TL_EXTRACT_OPTIONS(extract_step),
                                    TL_COMMON_OPTIONS};

static int make_folder(const char *path, tl_error *err)
{
    struct stat st;
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
        return TL_OK;
    return tl_fail(err, TL_IO, "%s: cannot make the folder: %s", path, strerror(errno));
}

/* Here, where nothing was made yet: later a bad file of libraries would look like bad posts. */
static int check_libraries(tl_error *err)
{
    tl_libraries *libraries;
    int rc = tl_cli_libraries(&libraries, extract_step.libraries_file, extract_step.library, err);
    if (rc == TL_OK)
        tl_libraries_free(libraries);
    return rc;
}

static int run_steps(tl_store *store, int n, char **operands, tl_error *err)
{
    tl_error damaged;
    int extracted = tl_step_extract(store, operands, n, &extract_step, &damaged);
    /* A cut file still has a report: on what came before. */
    if (extracted != TL_OK && extracted != TL_BAD_INPUT) {
        *err = damaged;
        return extracted;
    }
    tl_mine_step mine = {.profile = -1, .support = -1, .key = TL_KEY_STEM, .min_support = "1",
                         .threads = extract_step.threads};
    int rc = tl_step_mine(store, &mine, err);
    if (rc == TL_OK)
        rc = tl_step_report(store, &report_step, err);
    if (rc == TL_OK && extracted != TL_OK) {
        *err = damaged;
        rc = extracted;
    }
    return rc;
}

static int run(int n, char **operands, tl_error *err)
{
    int rc = tl_cli_operands(n, 1, -1, "one or more dump files such as Posts.xml", err);
    if (rc == TL_OK && !report_step.folder)
        rc = tl_fail(err, TL_USAGE, "missing option: -o DIR, the folder for the store and the report");
    if (rc == TL_OK && !*report_step.folder)
        rc = tl_fail(err, TL_USAGE, "-o: expected the name of a folder");
    if (rc == TL_OK)
        rc = check_libraries(err);
    if (rc == TL_OK)
        rc = make_folder(report_step.folder, err);
    tl_buf path = {0};
    tl_store *store = NULL;
    if (rc == TL_OK) {
        tl_buf_printf(&path, "%s/study.db", report_step.folder);
        rc = tl_buf_check(&path, "a file name", err);
    }
    if (rc == TL_OK)
        rc = tl_store_open(&store, path.data, TL_STORE_CREATE, err);
    if (rc == TL_OK)
        rc = run_steps(store, n, operands, err);
    if (rc == TL_OK)
        rc = tl_store_finish(store, err);
    tl_store_close(store);
    tl_buf_free(&path);
    if (rc != TL_USAGE)
        tl_cli_closing("run");
    return rc;
}

const tl_command tl_cmd_run = {
    .name = "run",
    .synopsis = "DUMP... -o DIR [OPTION]...",
    .summary = "the whole study: extract, mine and report",
    .text = "Reads dumps into the store DIR/study.db, mines the traces of every library and "
            "writes the report into DIR: extract, mine and report in one go. Interrupted, the "
            "same command goes on where it stopped.",
    .examples = "  tracelode run Posts.xml -o study\n"
                "      then open study/index.html\n"
                "  tracelode run stackoverflow.com-Posts.7z -o study --library keras,pytorch\n"
                "      two libraries, straight from the archive\n",
    .options = options,
    .run = run,
};
