#include "tools/cli/help.h"

typedef enum shell { BASH, ZSH, FISH } shell;

static const char *const shell_names[] = {[BASH] = "bash", [ZSH] = "zsh", [FISH] = "fish", NULL};

static bool man;
static int completion = -1;

static const tl_option options[] = {
    {.name = "man", .kind = TL_OPTION_FLAG, .value = &man, .help = "print the man page tracelode(1), for troff"},
    {.name = "completion", .kind = TL_OPTION_CHOICE, .arg = "SHELL", .value = &completion,
     .choices = shell_names, .help = "print the completion script for bash, zsh or fish"},
    TL_COMMON_OPTIONS};

static int add_command(tl_buf *out, const char *name, tl_error *err)
{
    for (const tl_command *const *c = tl_commands; *c; c++)
        if (strcmp((*c)->name, name) == 0) {
            tl_help_command(out, *c);
            return TL_OK;
        }
    return tl_fail(err, TL_USAGE, "there is no command '%s'; 'tracelode help' lists them", name);
}

static int run(int n, char **operands, tl_error *err)
{
    static void (*const scripts[])(tl_buf *) = {[BASH] = tl_help_bash, [ZSH] = tl_help_zsh, [FISH] = tl_help_fish};
    tl_buf out = {0};
    int rc = tl_cli_operands(n, 0, 1, "the name of a command, or none", err);
    if (rc == TL_OK && n + man + (completion >= 0) > 1)
        rc = tl_fail(err, TL_USAGE, "give one of a command, --man and --completion");
    else if (rc == TL_OK && man)
        tl_help_man(&out);
    else if (rc == TL_OK && completion >= 0)
        scripts[completion](&out);
    else if (rc == TL_OK && n == 1)
        rc = add_command(&out, operands[0], err);
    else if (rc == TL_OK)
        tl_help_usage(&out);
    if (rc == TL_OK)
        rc = tl_buf_check(&out, "the help text", err);
    if (rc == TL_OK)
        rc = tl_cli_print(tl_buf_str(&out), err);
    tl_buf_free(&out);
    return rc;
}

const tl_command tl_cmd_help = {
    .name = "help",
    .synopsis = "[COMMAND | --man | --completion SHELL]",
    .summary = "list the commands; the man page and shell completion",
    .text = "Lists the commands, or tells all about one. The man page and the completion scripts "
            "are made from the same tables; 'make install' puts them where man and the shells "
            "look.",
    .examples = "  tracelode help mine\n"
                "      the same as tracelode mine --help\n"
                "  tracelode help --man > tracelode.1\n"
                "      the man page, for 'man -l tracelode.1'\n"
                "  eval \"$(tracelode help --completion bash)\"\n"
                "      completion in this shell\n",
    .options = options,
    .run = run,
};
