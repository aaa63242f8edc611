#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cuda/loader.h"
#include "miner/spmf.h"
#include "tools/cli/steps.h"

static const char *const engine_names[] = {"auto", "suffix", "ccspan", "cuda", NULL};
enum { AUTO, CUDA = 3 };

static tl_mine_step step = {.profile = -1, .support = -1, .key = TL_KEY_STEM};
static const char *db, *spmf, *out;
static int engine;

static const tl_option options[] = {
    {.name = "db", .letter = 'd', .kind = TL_OPTION_TEXT, .arg = "STUDY.db", .value = &db,
     .help = "mine the traces of this store, and put the patterns into it"},
    {.name = "spmf", .kind = TL_OPTION_TEXT, .arg = "FILE", .value = &spmf,
     .help = "mine sequences in SPMF's format, or one sequence of integers a line; - is standard input"},
    {.name = "output", .letter = 'o', .kind = TL_OPTION_TEXT, .arg = "OUT", .value = &out,
     .help = "with --spmf: where to write the patterns (default: - for standard output)"},
    {.name = "support", .kind = TL_OPTION_CHOICE, .arg = "KIND", .value = &step.support,
     .choices = tl_support_names,
     .help = "what is counted: sequences that hold the pattern, or its occurrences (default: "
             "sequences; of a store: both)"},
    {.name = "min-support", .kind = TL_OPTION_TEXT, .arg = "N|P%", .value = &step.min_support,
     .help = "smallest support, a number or a percentage of the sequences (default: 2; of a store: 1)"},
    {.name = "min-length", .kind = TL_OPTION_INT, .arg = "N", .value = &step.min_length, .low = 0,
     .high = UINT32_MAX, .help = "only patterns of at least N frames"},
    {.name = "max-length", .kind = TL_OPTION_INT, .arg = "N", .value = &step.max_length, .low = 0,
     .high = UINT32_MAX, .help = "only patterns of at most N frames (default: 0, any length)"},
    {.name = "library", .kind = TL_OPTION_TEXT, .arg = "KEY", .value = &step.library,
     .help = "only this library of the store"},
    {.name = "profile", .kind = TL_OPTION_CHOICE, .arg = "P", .value = &step.profile,
     .choices = tl_profile_names, .help = "only this profile, paper or full (default: both)"},
    {.name = "key", .kind = TL_OPTION_CHOICE, .arg = "KEY", .value = &step.key, .choices = tl_key_names,
     .help = "what makes two frames the same: stem (file and function), module (dotted module and "
             "function) or function (default: stem)"},
    {.name = "engine", .kind = TL_OPTION_CHOICE, .arg = "NAME", .value = &engine, .choices = engine_names,
     .help = "auto, suffix, ccspan or cuda (a GPU): same result, other speed (default: auto)"},
    {.name = "threads", .kind = TL_OPTION_INT, .arg = "N", .value = &step.threads, .low = 0, .high = 256,
     .help = "threads (default: one for each processor)"},
    TL_COMMON_OPTIONS};

/* Writes the patterns beside `path` and renames, so that no half file is left. */
static int write_file(const tl_patterns *found, const char *path, tl_error *err)
{
    tl_buf temporary = {0};
    tl_buf_printf(&temporary, "%s.part", path);
    int rc = tl_buf_check(&temporary, "a file name", err);
    FILE *f = rc ? NULL : fopen(temporary.data, "wb");
    if (f) {
        rc = tl_spmf_write(found, f, path, err);
        if (fclose(f) != 0 && rc == TL_OK)
            rc = tl_fail(err, TL_IO, "%s: cannot write: %s", path, strerror(errno));
        if (rc == TL_OK && rename(temporary.data, path) != 0)
            rc = tl_fail(err, TL_IO, "%s: cannot write: %s", path, strerror(errno));
        if (rc)
            unlink(temporary.data);
    } else if (rc == TL_OK)
        rc = tl_fail(err, TL_IO, "%s: cannot write: %s", path, strerror(errno));
    tl_buf_free(&temporary);
    return rc;
}

/* A device such as /dev/full, a FIFO or a link, as /dev/stdout is one, is written as it
 * is, not replaced. */
static int write_patterns(const tl_patterns *found, const char *path, tl_error *err)
{
    if (!path || strcmp(path, "-") == 0) {
        int rc = tl_spmf_write(found, stdout, "standard output", err);
        return rc ? tl_cli_flush(err) : TL_OK;
    }
    struct stat st;
    if (lstat(path, &st) != 0 || S_ISREG(st.st_mode))
        return write_file(found, path, err);
    FILE *f = fopen(path, "wb");
    if (!f)
        return tl_fail(err, TL_IO, "%s: cannot write: %s", path, strerror(errno));
    int rc = tl_spmf_write(found, f, path, err);
    if (fclose(f) != 0 && rc == TL_OK)
        rc = tl_fail(err, TL_IO, "%s: cannot write: %s", path, strerror(errno));
    return rc;
}

static int read_spmf(tl_sequences *to, tl_error *err)
{
    if (strcmp(spmf, "-") == 0)
        return tl_spmf_read(to, STDIN_FILENO, "standard input", &tl_cli_cancel, err);
    int fd = open(spmf, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return tl_fail(err, TL_IO, "%s: cannot open: %s", spmf, strerror(errno));
    int rc = tl_spmf_read(to, fd, spmf, &tl_cli_cancel, err);
    close(fd);
    return rc;
}

static int mine_spmf(tl_error *err)
{
    tl_mine_options o;
    tl_patterns *found = NULL;
    if (!step.min_support)
        step.min_support = "2";
    int rc = tl_mine_step_options(&step, &o, err);
    if (rc)
        return rc;
    o.support = step.support < 0 ? TL_SEQUENCES : (tl_support_kind)step.support;
    tl_sequences *sequences = tl_sequences_new(err);
    if (!sequences)
        return TL_NO_MEMORY;
    rc = read_spmf(sequences, err);
    if (rc == TL_OK)
        rc = tl_mine(&found, sequences, &o, err);
    if (rc == TL_OK)
        rc = write_patterns(found, out, err);
    if (rc == TL_OK)
        tl_cli_note("%zu sequences, %zu closed patterns with support >= %u",
                    tl_sequences_count(sequences), tl_patterns_count(found),
                    (unsigned)tl_patterns_min_support(found));
    tl_patterns_free(found);
    tl_sequences_free(sequences);
    return rc;
}

static int mine_store(tl_error *err)
{
    tl_store *store;
    if (!step.min_support)
        step.min_support = "1";
    int rc = tl_store_open(&store, db, TL_STORE_WRITE, err);
    if (rc)
        return rc;
    rc = tl_step_mine(store, &step, err);
    if (rc == TL_OK)
        rc = tl_store_finish(store, err);
    tl_store_close(store);
    return rc;
}

/* `cuda` never falls back to another engine; `auto` does, and says so (cuda/auto.h). */
static int choose_engine(tl_error *err)
{
    if (engine == CUDA)
        return tl_cuda_engine(&step.engine, err);
    if (engine != AUTO)
        step.engine = tl_engine_by_name(engine_names[engine]);
    return TL_OK;
}

static int run(int n, char **operands, tl_error *err)
{
    (void)operands;
    int rc = tl_cli_operands(n, 0, 0, "none; give -d STUDY.db or --spmf FILE", err);
    if (rc == TL_OK && !db == !spmf)
        rc = tl_fail(err, TL_USAGE, "give either -d STUDY.db or --spmf FILE");
    if (rc == TL_OK && db && out)
        rc = tl_fail(err, TL_USAGE, "--output goes with --spmf; patterns of a store stay in the store");
    if (rc == TL_OK && out && !*out)
        rc = tl_fail(err, TL_USAGE, "-o: expected the name of a file");
    if (rc == TL_OK && spmf && (step.library || step.profile >= 0))
        rc = tl_fail(err, TL_USAGE, "--library and --profile go with -d STUDY.db");
    if (rc)
        return rc;
    rc = choose_engine(err);
    if (rc)
        return rc;
    rc = spmf ? mine_spmf(err) : mine_store(err);
    tl_cli_closing("mine");
    return rc;
}

const tl_command tl_cmd_mine = {
    .name = "mine",
    .synopsis = "-d STUDY.db | --spmf FILE [-o OUT] [OPTION]...",
    .summary = "find the closed contiguous patterns that recur",
    .text = "Finds the closed contiguous sequential patterns (CC-Span) of the traces in a "
            "store, or of sequences of integers in a file. A pattern is a run of frames; its "
            "support is the number of sequences that hold it, or of its occurrences; it is "
            "closed if no longer run that contains it has the same support. Results are "
            "ordered by falling support, falling length, then symbol by symbol.",
    .examples = "  tracelode mine -d study.db\n"
                "      mine every library in the store, as the report needs it\n"
                "  tracelode mine --spmf traces.txt --min-support 5% -o patterns.txt\n"
                "      mine sequences of integers\n",
    .options = options,
    .run = run,
};
