#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "reports/coding.h"
#include "reports/format.h"
#include "reports/output.h"
#include "reports/sheet.h"
#include "tools/cli/cli.h"
#include "tools/cli/csv_input.h"

static const char *db, *output, *coded, *coders;
static int64_t round_number, seed = 1, posts = 5;
static int profile = TL_FULL, support = TL_SEQUENCES;

static const tl_option options[] = {
    {.name = "db", .letter = 'd', .kind = TL_OPTION_TEXT, .arg = "STUDY.db", .value = &db,
     .help = "the store; --read writes into it"},
    {.name = "round", .kind = TL_OPTION_INT, .arg = "1|2", .value = &round_number, .low = 1, .high = 2,
     .help = "1: the patterns that at least three libraries share; 2: a sample of each library"},
    {.name = "output", .letter = 'o', .kind = TL_OPTION_TEXT, .arg = "SHEET.csv", .value = &output,
     .help = "the sheet to write; - for standard output"},
    {.name = "coders", .kind = TL_OPTION_TEXT, .arg = "NAME,NAME", .value = &coders,
     .help = "a column for each, beside 'label' for what they agree on"},
    {.name = "posts", .kind = TL_OPTION_INT, .arg = "N", .value = &posts, .low = 0, .high = TL_SHEET_MAX_POSTS,
     .help = "random posts that hold the pattern (default: 5)"},
    {.name = "seed", .kind = TL_OPTION_INT, .arg = "N", .value = &seed, .low = 0, .high = INT64_MAX,
     .help = "of all that is drawn by chance (default: 1)"},
    {.name = "profile", .kind = TL_OPTION_CHOICE, .arg = "P", .value = &profile,
     .choices = tl_profile_names, .help = "whose patterns, paper or full (default: full)"},
    {.name = "support", .kind = TL_OPTION_CHOICE, .arg = "KIND", .value = &support,
     .choices = tl_support_names, .help = "by sequences or occurrences (default: sequences)"},
    {.name = "read", .kind = TL_OPTION_TEXT, .arg = "CODED.csv", .value = &coded,
     .help = "read this coded sheet into the store; - for standard input"},
    TL_COMMON_OPTIONS};

/* ---- writing a sheet ------------------------------------------------------ */

/* Whether `path`, which is there, may be written: not if it holds another sheet, which may
 * have cost people days. */
static int check_free(const char *path, tl_str sheet, tl_error *err)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return tl_fail(err, TL_IO, "%s: is there, but cannot be read: %s", path, strerror(errno));
    bool same = true;
    for (size_t i = 0; same && i <= sheet.len; i++)
        same = getc_unlocked(f) == (i < sheet.len ? (unsigned char)sheet.data[i] : EOF);
    fclose(f);
    return same ? TL_OK
                : tl_fail(err, TL_USAGE,
                          "%s: is there and holds something else, labels perhaps; give another name, or "
                          "remove it",
                          path);
}

/* A device, a FIFO or a link is written as it is, not replaced. */
static int write_device(const char *path, tl_str sheet, tl_error *err)
{
    FILE *f = fopen(path, "wb");
    bool ok = f && fwrite(sheet.data, 1, sheet.len, f) == sheet.len;
    ok = f && fclose(f) == 0 && ok;
    return ok ? TL_OK : tl_fail(err, TL_IO, "%s: cannot write: %s", path, strerror(errno));
}

static int write_sheet(tl_str sheet, tl_error *err)
{
    struct stat st;
    if (strcmp(output, "-") == 0)
        return tl_cli_print(sheet, err);
    bool there = stat(output, &st) == 0;
    if (there && !S_ISREG(st.st_mode))
        return write_device(output, sheet, err);
    int rc = there && st.st_size > 0 ? check_free(output, sheet, err) : TL_OK;
    if (rc)
        return rc;
    if (lstat(output, &st) == 0 && S_ISLNK(st.st_mode))
        return write_device(output, sheet, err);
    const char *slash = strrchr(output, '/');
    char *folder = slash ? strndup(output, (size_t)(slash - output)) : strdup(".");
    rc = folder ? tl_output_write(folder, slash ? slash + 1 : output, sheet, err)
                : tl_fail_memory(err, "a file name");
    free(folder);
    return rc;
}

static int make_sheet(tl_error *err)
{
    tl_sheet_options o = {.round = (int)round_number,
                          .profile = (tl_profile)profile,
                          .support = (tl_support_kind)support,
                          .seed = (uint64_t)seed,
                          .posts = (size_t)posts,
                          .coders = coders};
    tl_format_options how = {.guard_formulas = true};
    tl_store *store;
    tl_grid grid = {0};
    tl_buf text = {0};
    int rc = tl_store_open(&store, db, TL_STORE_READ, err);
    if (rc)
        return rc;
    rc = tl_sheet_make(store, &o, &grid, err);
    if (rc == TL_NOTHING)
        tl_cli_note("%s", err->message);
    if (rc == TL_OK)
        rc = tl_format_grid(&grid, TL_FORMAT_CSV, &how, &text, err);
    if (rc == TL_OK)
        rc = write_sheet(tl_buf_str(&text), err);
    if (rc == TL_OK)
        tl_cli_note("%s: round %d, %zu patterns (profile %s, by %s, seed %lld)", output, o.round, grid.n_rows,
                    tl_profile_names[profile], tl_support_names[support], (long long)seed);
    tl_buf_free(&text);
    tl_grid_free(&grid);
    tl_store_close(store);
    return rc;
}

/* ---- reading it back ------------------------------------------------------ */

static int read_sheet(tl_error *err)
{
    tl_store *study, *sheet = NULL;
    tl_coding read;
    int rc = tl_store_open(&study, db, TL_STORE_WRITE, err);
    if (rc == TL_OK)
        rc = tl_csv_input(&sheet, coded, false, err);
    if (rc == TL_OK)
        rc = tl_store_begin(study, err);
    if (rc == TL_OK)
        rc = tl_coding_read(study, sheet, strcmp(coded, "-") == 0 ? "standard input" : coded, coders, &read, err);
    if (rc == TL_OK)
        rc = tl_store_commit(study, err);
    if (rc == TL_OK)
        rc = tl_store_finish(study, err);
    if (rc == TL_OK)
        tl_cli_note("%s: %lld labels in %lld columns for %lld patterns", coded, (long long)read.labels,
                    (long long)read.coders, (long long)read.patterns);
    else
        tl_store_rollback(study);
    tl_store_close(sheet);
    tl_store_close(study);
    return rc;
}

static int run(int n, char **operands, tl_error *err)
{
    (void)operands;
    int rc = tl_cli_operands(n, 0, 0, "none; give -d STUDY.db with --round and -o, or with --read", err);
    if (rc == TL_OK && !db)
        rc = tl_fail(err, TL_USAGE, "missing option: -d STUDY.db, the store");
    if (rc == TL_OK && coded && (round_number || output))
        rc = tl_fail(err, TL_USAGE, "--read goes without --round and -o: the sheet tells its round");
    if (rc == TL_OK && !coded && !round_number)
        rc = tl_fail(err, TL_USAGE, "missing option: --round 1 or 2, or --read CODED.csv");
    if (rc == TL_OK && !coded && !output)
        rc = tl_fail(err, TL_USAGE, "missing option: -o SHEET.csv, the sheet to write");
    if (rc == TL_OK && output && !*output)
        rc = tl_fail(err, TL_USAGE, "-o: expected the name of a file");
    if (rc)
        return rc;
    return coded ? read_sheet(err) : make_sheet(err);
}

const tl_command tl_cmd_sample = {
    .name = "sample",
    .synopsis = "-d STUDY.db --round N -o SHEET.csv | --read CODED.csv",
    .summary = "write sheets for coding patterns by hand, and read them back",
    .text = "Writes a CSV sheet with a row for each pattern to be coded by hand: its frames, links to "
            "random posts that hold it, and empty columns for labels. Round 1 has the patterns of "
            "support 2 or more that at least three libraries share. Round 2 samples each library in "
            "proportion to its patterns so that the smallest gives exactly one, and within a library by "
            "support. The same seed gives the same sheet. --read puts the labels into the store, where "
            "the view v_label shows them; a column that holds any replaces that coder's labels for the "
            "sheet's patterns.",
    .examples = "  tracelode sample -d study.db --round 2 --coders ana,bo -o round2.csv\n"
                "      a sheet for two coders\n"
                "  tracelode sample -d study.db --read round2-coded.csv --coders ana,bo\n"
                "      their labels, into the store\n",
    .options = options,
    .run = run,
};
