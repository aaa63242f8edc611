/* tracelode: finds the command, runs it, and turns its status into the exit code. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "tools/cli/help.h"

const tl_command *const tl_commands[] = {&tl_cmd_run,   &tl_cmd_extract, &tl_cmd_mine,  &tl_cmd_report,
                                         &tl_cmd_query, &tl_cmd_match, &tl_cmd_classify, &tl_cmd_learn,
                                         &tl_cmd_sql,   &tl_cmd_stats,   &tl_cmd_agree, &tl_cmd_sample,
                                         &tl_cmd_import, &tl_cmd_info,   &tl_cmd_help,  NULL};

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

static int print_help(const tl_command *c, tl_error *err)
{
    tl_buf out = {0};
    tl_help_command(&out, c);
    int rc = tl_buf_check(&out, "the help text", err);
    if (rc == TL_OK)
        rc = tl_cli_print(tl_buf_str(&out), err);
    tl_buf_free(&out);
    return rc;
}

static const tl_command *find_command(const char *name)
{
    if (strcmp(name, "--version") == 0)
        return &tl_cmd_info;
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return &tl_cmd_help;
    for (const tl_command *const *c = tl_commands; *c; c++)
        if (strcmp(name, (*c)->name) == 0)
            return *c;
    return NULL;
}

static int no_command(void)
{
    tl_buf usage = {0};
    tl_help_usage(&usage);
    fputs(usage.data ? usage.data : "", stderr);
    tl_buf_free(&usage);
    return exit_code(TL_USAGE);
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
    if (rc != TL_OK && rc != TL_NOTHING)
        fflush(stdout); /* before the message; a reader that has gone away does not unmake the failure */
    else if (!tl_cli_pipe_closed && tl_cli_flush(err) != TL_OK)
        rc = err->status;
    return rc;
}

/* Fills the places of standard streams that are closed: the store would get one of them,
 * and then every message.  The wrong mode keeps their use an error. */
static bool hold_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

int main(int argc, char **argv)
{
    if (!hold_streams())
        return exit_code(TL_IO);
    if (argc < 2)
        return no_command();
    const tl_command *command = find_command(argv[1]);
    if (!command) {
        tl_cli_disarm(argv[1], strlen(argv[1]));
        fprintf(stderr, "tracelode: there is no command '%s'; 'tracelode --help' lists them\n", argv[1]);
        return exit_code(TL_USAGE);
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
        tl_cli_disarm(err.message, strlen(err.message));
        fprintf(stderr, "tracelode: %s\n", err.message);
        if (rc == TL_USAGE)
            fprintf(stderr, "'tracelode %s --help' tells how to use it\n", command->name);
    }
    return exit_code(rc);
}
