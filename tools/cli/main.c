/* tracelode: finds the command, runs it, and turns its status into the exit code. */
#include <signal.h>

#include "tools/cli/cli.h"

static const tl_command *const commands[] = {&tl_cmd_run, &tl_cmd_extract, &tl_cmd_mine,
                                             &tl_cmd_report, &tl_cmd_sql, &tl_cmd_stats,
                                             &tl_cmd_agree, &tl_cmd_info};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static int exit_code(int status)
{
    switch (status) {
    case TL_OK:
        return 0;
    case TL_NOTHING:
        return 1;
    case TL_USAGE:
    case TL_UNAVAILABLE:
        return 2;
    case TL_BAD_INPUT:
        return 3;
    case TL_INTERRUPTED:
        return 130;
    default:
        return 4;
    }
}

static void on_signal(int sig)
{
    atomic_store_explicit(&tl_cli_cancel.requested, true, memory_order_relaxed);
    signal(sig, SIG_DFL); /* a second one ends the program at once */
}

static void print_usage(FILE *to)
{
    fputs("tracelode mines stack traces: dumps in, patterns and the tables of a study out.\n\n"
          "usage: tracelode COMMAND [OPTION]... [ARGUMENT]...\n\n",
          to);
    for (int i = 0; i < N_COMMANDS; i++)
        fprintf(to, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n'tracelode COMMAND --help' tells all about a command.\n", to);
}

static int print_help(const tl_command *c, tl_error *err)
{
    tl_buf out = {0};
    tl_buf_printf(&out, "usage: tracelode %s %s\n\n", c->name, c->synopsis);
    tl_options_wrap(&out, c->text, 0);
    tl_buf_add_cstr(&out, "\noptions:\n");
    tl_options_help(c->options, &out);
    tl_buf_printf(&out, "\nexamples:\n%s", c->examples);
    int rc = tl_buf_check(&out, "the help text", err);
    if (rc == TL_OK)
        rc = tl_cli_print(tl_buf_str(&out), err);
    tl_buf_free(&out);
    return rc;
}

/* Runs the command; stdout is flushed, since a write that fails late fails too. */
static int run_command(const tl_command *c, int argc, char **argv, tl_error *err)
{
    int n = 0;
    int rc = tl_options_parse(c->options, argc, argv, &n, err);
    if (tl_cli_help)
        rc = print_help(c, err);
    else if (rc == TL_OK)
        rc = c->run(n, argv + 1, err);
    tl_cli_progress_end();
    if (rc == TL_USAGE)
        tl_fail_prefix(err, "%s: ", c->name);
    tl_error late;
    if (!tl_cli_pipe_closed && tl_cli_flush(&late) != TL_OK && (rc == TL_OK || rc == TL_NOTHING)) {
        *err = late;
        rc = late.status;
    }
    return rc;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return fflush(stdout) == 0 ? 0 : 4;
    }
    const tl_command *command = NULL;
    if (strcmp(argv[1], "--version") == 0)
        command = &tl_cmd_info;
    for (int i = 0; i < N_COMMANDS; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            command = commands[i];
    if (!command) {
        fprintf(stderr, "tracelode: there is no command '%s'; 'tracelode --help' lists them\n", argv[1]);
        return 2;
    }
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write */
    tl_cli_begin();

    tl_error err = {0};
    int rc = run_command(command, argc - 1, argv + 1, &err);
    if (tl_cli_pipe_closed)
        return 0; /* the reader has seen enough */
    if (rc != TL_OK && rc != TL_NOTHING) {
        fprintf(stderr, "tracelode: %s\n", err.message);
        if (rc == TL_USAGE)
            fprintf(stderr, "'tracelode %s --help' tells how to use it\n", command->name);
    }
    return exit_code(rc);
}
