/* cli.h: what the commands share.
 *
 * A command parses its options, calls the library and prints.  It returns a
 * tl_status; main turns that into the exit code and prints the message.
 */
#ifndef TL_CLI_H
#define TL_CLI_H

#include <stdio.h>

#include "base/cancel.h"
#include "base/model.h"
#include "base/options.h"
#include "extract/libraries.h"
#include "sql/store.h"

typedef struct tl_command {
    const char *name;
    const char *synopsis; /* after "tracelode NAME" */
    const char *summary;  /* one line */
    const char *text;     /* what it does, in full */
    const char *examples; /* two or more, a command a line and what it is for */
    const tl_option *options;
    int (*run)(int n_operands, char **operands, tl_error *err);
} tl_command;

extern const tl_command tl_cmd_run, tl_cmd_extract, tl_cmd_mine, tl_cmd_report, tl_cmd_sql, tl_cmd_stats,
    tl_cmd_agree, tl_cmd_query, tl_cmd_match, tl_cmd_classify, tl_cmd_learn, tl_cmd_sample, tl_cmd_import, tl_cmd_info, tl_cmd_help;

/* All of them, in the order of the help; ends with NULL. */
extern const tl_command *const tl_commands[];

/* Set by SIGINT and SIGTERM. */
extern tl_cancel tl_cli_cancel;

/* --quiet: no progress, no summary. */
extern bool tl_cli_quiet;

/* Options that every command has; they stand at the end of each table. */
#define TL_COMMON_OPTIONS                                                                             \
    {.name = "quiet", .letter = 'q', .kind = TL_OPTION_FLAG, .value = &tl_cli_quiet,                  \
     .help = "print no progress and no summary"},                                                      \
    {.name = "help", .letter = 'h', .kind = TL_OPTION_FLAG, .value = &tl_cli_help,                     \
     .help = "print this help and exit"},                                                              \
    {.name = NULL}

extern bool tl_cli_help;

/* TL_USAGE unless there are from `low` to `high` operands (high < 0: any number). */
int tl_cli_operands(int n, int low, int high, const char *what, tl_error *err) TL_MUST_CHECK;

/* The list of libraries: the one that ships or that in `file`, narrowed to `keys`
 * (each may be NULL).  The caller frees it. */
int tl_cli_libraries(tl_libraries **out, const char *file, const char *keys, tl_error *err) TL_MUST_CHECK;

/* Appends the whole file to *to. */
int tl_cli_read_file(const char *path, tl_buf *to, tl_error *err) TL_MUST_CHECK;

/* Writes all of `text` to stdout, or flushes what was written; TL_IO if that fails.
 * A reader that has gone away (EPIPE) is told apart by tl_cli_pipe_closed. */
int tl_cli_print(tl_str text, tl_error *err) TL_MUST_CHECK;
int tl_cli_flush(tl_error *err) TL_MUST_CHECK;
extern bool tl_cli_pipe_closed;

/* Makes control characters (C0 but newline and tab, DEL, and C1 in UTF-8) harmless in
 * `n` bytes that go to a terminal: file names and cells are anybody's text. */
void tl_cli_disarm(char *text, size_t n);

/* A line on stderr, unless --quiet. */
void tl_cli_note(const char *fmt, ...) TL_PRINTF(1, 2);

/* The note of commands that show a result older than the newest trace. */
void tl_cli_note_old_mining(void);

/* Draws a line of progress on stderr if that is a terminal: called as often as one
 * likes, draws ten times a second.  total < 0: unknown. */
void tl_cli_progress(const char *what, int64_t done, int64_t total);
void tl_cli_progress_end(void);

/* The same for work that is not bytes: a stage, and how much of it is done (total 0:
 * unknown). */
void tl_cli_stage(const char *what, const char *stage, size_t done, size_t total);

/* The closing line on stderr: version, command, wall time since tl_cli_begin, CPU
 * time and peak memory. */
void tl_cli_begin(void);
void tl_cli_closing(const char *command);

/* The number of worker threads for `--threads N` (0: one for each processor). */
int tl_cli_threads(int64_t option);

#endif
