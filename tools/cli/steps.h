/* steps.h: the steps of the main job, which `run` does one after the other and
 * `extract`, `mine` and `report` do alone.
 */
#ifndef TL_CLI_STEPS_H
#define TL_CLI_STEPS_H

#include "extract/format.h"
#include "miner/miner.h"
#include "tools/cli/cli.h"

typedef struct tl_extract_step {
    const char *site, *library, *libraries_file;
    bool all, no_prefilter, force;
    int container; /* a tl_container */
    int64_t threads;
} tl_extract_step;

typedef struct tl_mine_step {
    const char *library; /* NULL: every library of the store */
    int profile;         /* a tl_profile, or -1: both */
    int support;         /* a tl_support_kind, or -1: both */
    int key;             /* a tl_key */
    const char *min_support; /* "2" or "1%" */
    int64_t min_length, max_length;
    const tl_engine *engine; /* NULL: auto */
    int64_t threads;
} tl_mine_step;

typedef struct tl_report_step {
    const char *folder;
    int profile, support, key; /* a tl_profile, tl_support_kind, tl_key */
    bool no_figures;
} tl_report_step;

/* The options of each step, for the tables of its own command and of `run`; `step`
 * is the struct that they fill. */
#define TL_EXTRACT_OPTIONS(step)                                                                   \
    {.name = "site", .kind = TL_OPTION_TEXT, .arg = "NAME", .value = &(step).site,                 \
     .help = "the site the posts are from (default: the input's folder)"},                         \
    {.name = "library", .kind = TL_OPTION_TEXT, .arg = "A,B", .value = &(step).library,            \
     .help = "only questions of these libraries"},                                                 \
    {.name = "libraries", .kind = TL_OPTION_TEXT, .arg = "FILE.ini",                               \
     .value = &(step).libraries_file,                                                              \
     .help = "a list of libraries of your own in place of the seven that ship"},                   \
    {.name = "input-format", .kind = TL_OPTION_CHOICE, .arg = "F", .value = &(step).container,     \
     .choices = tl_container_names,                                                                \
     .help = "what the inputs are: xml, csv, jsonl or text (default: told by their content)"},     \
    {.name = "all", .kind = TL_OPTION_FLAG, .value = &(step).all,                                  \
     .help = "also keep every other question that has a code block or a trace, as library 'all'"}, \
    {.name = "force", .kind = TL_OPTION_FLAG, .value = &(step).force,                              \
     .help = "read again what the store has of these inputs"},                                     \
    {.name = "no-prefilter", .kind = TL_OPTION_FLAG, .value = &(step).no_prefilter,                \
     .help = "parse every row in full: slower, same result"},                                      \
    {.name = "threads", .kind = TL_OPTION_INT, .arg = "N", .value = &(step).threads, .low = 0,     \
     .high = 256, .help = "worker threads (default: one for each processor)"}

#define TL_REPORT_OPTIONS(step)                                                                    \
    {.name = "output", .letter = 'o', .kind = TL_OPTION_TEXT, .arg = "DIR",                        \
     .value = &(step).folder, .help = "the folder to write; made if it is not there"},             \
    {.name = "profile", .kind = TL_OPTION_CHOICE, .arg = "P", .value = &(step).profile,            \
     .choices = tl_profile_names,                                                                  \
     .help = "the profile that comes first, paper or full (default: full)"},                       \
    {.name = "support", .kind = TL_OPTION_CHOICE, .arg = "KIND", .value = &(step).support,         \
     .choices = tl_support_names,                                                                  \
     .help = "the support of the patterns shown, sequences or occurrences (default: sequences)"},  \
    {.name = "no-figures", .kind = TL_OPTION_FLAG, .value = &(step).no_figures,                    \
     .help = "leave the figures out, with their data and scripts"}

/* Reads the inputs into the store and says on stderr what became of each. */
int tl_step_extract(tl_store *store, char **paths, int n_paths, const tl_extract_step *o, tl_error *err)
    TL_MUST_CHECK;

/* Mines the store in one transaction. */
int tl_step_mine(tl_store *store, const tl_mine_step *o, tl_error *err) TL_MUST_CHECK;

/* Writes the report of a mined store. */
int tl_step_report(tl_store *store, const tl_report_step *o, tl_error *err) TL_MUST_CHECK;

/* Fills the mining options that steps and --spmf share. */
int tl_mine_step_options(const tl_mine_step *o, tl_mine_options *to, tl_error *err) TL_MUST_CHECK;

#endif
