#include "tools/cli/help.h"

/* What a value may be, from what the help calls it. */
static bool is_path(const tl_option *o)
{
    return o->kind == TL_OPTION_TEXT &&
           (strchr(o->arg, '.') || strstr(o->arg, "FILE") || strstr(o->arg, "DIR") || strstr(o->arg, "OUT"));
}

static void add_choices(tl_buf *out, const tl_option *o)
{
    for (const char *const *c = o->choices; *c; c++)
        tl_buf_printf(out, "%s%s", c == o->choices ? "" : " ", *c);
}

static void add_command_names(tl_buf *out)
{
    for (const tl_command *const *c = tl_commands; *c; c++)
        tl_buf_printf(out, "%s ", (*c)->name);
}

/* The inside of a single-quoted word, in which a backslash goes before each of `marks`;
 * `quote` is how the shell writes a single quote there. */
static void add_quoted(tl_buf *out, const char *text, const char *marks, const char *quote)
{
    for (; *text; text++) {
        if (*text == '\'') {
            tl_buf_add_cstr(out, quote);
            continue;
        }
        if (strchr(marks, *text))
            tl_buf_add_char(out, '\\');
        tl_buf_add_char(out, *text);
    }
}

/* ---- bash ----------------------------------------------------------------- */

static void add_bash_values(tl_buf *out, const tl_command *c)
{
    for (const tl_option *o = c->options; o->name; o++) {
        if (o->kind == TL_OPTION_FLAG)
            continue;
        tl_buf_printf(out, "    %s:--%s", c->name, o->name);
        if (o->letter)
            tl_buf_printf(out, " | %s:-%c", c->name, o->letter);
        tl_buf_add_cstr(out, ") ");
        if (o->kind == TL_OPTION_CHOICE) {
            tl_buf_add_cstr(out, "words='");
            add_choices(out, o);
            tl_buf_add_char(out, '\'');
        } else
            tl_buf_add_cstr(out, is_path(o) ? "return" : "compopt +o default 2>/dev/null; return");
        tl_buf_add_cstr(out, " ;;\n");
    }
}

static void add_bash_options(tl_buf *out, const tl_command *c)
{
    tl_buf_printf(out, "        %s) words='", c->name);
    for (const tl_option *o = c->options; o->name; o++) {
        tl_buf_printf(out, "%s--%s", o == c->options ? "" : " ", o->name);
        if (o->letter)
            tl_buf_printf(out, " -%c", o->letter);
    }
    tl_buf_add_cstr(out, "' ;;\n");
}

void tl_help_bash(tl_buf *out)
{
    tl_buf_add_cstr(out, "# bash completion for tracelode\n"
                         "_tracelode() {\n"
                         "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=\n"
                         "    COMPREPLY=()\n"
                         "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                         "        words='");
    add_command_names(out);
    tl_buf_add_cstr(out, "--help --version'\n"
                         "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                         "        return\n"
                         "    fi\n"
                         "    # bash cuts --option=value into three words.\n"
                         "    if [ \"$cur\" = = ]; then\n"
                         "        cur=\n"
                         "    elif [ \"$prev\" = = ]; then\n"
                         "        prev=${COMP_WORDS[COMP_CWORD-2]}\n"
                         "    fi\n"
                         "    case ${COMP_WORDS[1]}:$prev in\n");
    for (const tl_command *const *c = tl_commands; *c; c++)
        add_bash_values(out, *c);
    tl_buf_add_cstr(out, "    esac\n"
                         "    if [ -z \"$words\" ] && [ \"${cur#-}\" != \"$cur\" ]; then\n"
                         "        case ${COMP_WORDS[1]} in\n");
    for (const tl_command *const *c = tl_commands; *c; c++)
        add_bash_options(out, *c);
    tl_buf_add_cstr(out, "        esac\n"
                         "    fi\n"
                         "    # Nothing to offer: bash completes file names.\n"
                         "    [ -z \"$words\" ] || COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                         "}\n"
                         "complete -o default -F _tracelode tracelode\n");
}

/* ---- zsh ------------------------------------------------------------------ */

static void add_zsh_option(tl_buf *out, const tl_option *o)
{
    bool flag = o->kind == TL_OPTION_FLAG;
    tl_buf_add_cstr(out, " \\\n            ");
    if (o->letter)
        tl_buf_printf(out, "'(-%c --%s)'{-%c%s,--%s%s}'[", o->letter, o->name, o->letter, flag ? "" : "+", o->name,
                      flag ? "" : "=");
    else
        tl_buf_printf(out, "'--%s%s[", o->name, flag ? "" : "=");
    add_quoted(out, o->help, "[]:\\", "'\\''");
    tl_buf_add_char(out, ']');
    if (!flag) {
        tl_buf_add_char(out, ':');
        add_quoted(out, o->arg, "[]:\\", "'\\''");
        tl_buf_add_char(out, ':');
    }
    if (o->kind == TL_OPTION_CHOICE) {
        tl_buf_add_char(out, '(');
        add_choices(out, o);
        tl_buf_add_char(out, ')');
    } else if (!flag)
        tl_buf_add_cstr(out, is_path(o) ? "_files" : " ");
    tl_buf_add_char(out, '\'');
}

void tl_help_zsh(tl_buf *out)
{
    tl_buf_add_cstr(out, "#compdef tracelode\n"
                         "_tracelode() {\n"
                         "    local curcontext=$curcontext state line\n"
                         "    local -a commands\n"
                         "    commands=(\n");
    for (const tl_command *const *c = tl_commands; *c; c++) {
        tl_buf_printf(out, "        '%s:", (*c)->name);
        add_quoted(out, (*c)->summary, ":\\", "'\\''");
        tl_buf_add_cstr(out, "'\n");
    }
    tl_buf_add_cstr(out, "    )\n"
                         "    _arguments -C '(- *)--help[list the commands]' '(- *)--version[print the version]' \\\n"
                         "        '1:command:->command' '*::argument:->argument'\n"
                         "    case $state in\n"
                         "    command) _describe -t commands command commands ;;\n"
                         "    argument)\n"
                         "        case $words[1] in\n");
    for (const tl_command *const *c = tl_commands; *c; c++) {
        tl_buf_printf(out, "        %s)\n            _arguments -s", (*c)->name);
        for (const tl_option *o = (*c)->options; o->name; o++)
            add_zsh_option(out, o);
        tl_buf_add_cstr(out, " \\\n            '*:file:_files'\n            ;;\n");
    }
    tl_buf_add_cstr(out, "        esac\n"
                         "        ;;\n"
                         "    esac\n"
                         "}\n"
                         "_tracelode \"$@\"\n");
}

/* ---- fish ----------------------------------------------------------------- */

static void add_fish_option(tl_buf *out, const tl_command *c, const tl_option *o)
{
    tl_buf_printf(out, "complete -c tracelode -n '__fish_seen_subcommand_from %s' -l %s", c->name, o->name);
    if (o->letter)
        tl_buf_printf(out, " -s %c", o->letter);
    if (o->kind == TL_OPTION_CHOICE) {
        tl_buf_add_cstr(out, " -x -a '");
        add_choices(out, o);
        tl_buf_add_char(out, '\'');
    } else if (o->kind != TL_OPTION_FLAG)
        tl_buf_add_cstr(out, is_path(o) ? " -r" : " -x");
    tl_buf_add_cstr(out, " -d '");
    add_quoted(out, o->help, "\\", "\\'");
    tl_buf_add_cstr(out, "'\n");
}

void tl_help_fish(tl_buf *out)
{
    tl_buf_add_cstr(out, "# fish completion for tracelode\n"
                         "complete -c tracelode -n __fish_use_subcommand -l help -d 'list the commands'\n"
                         "complete -c tracelode -n __fish_use_subcommand -l version -d 'print the version'\n");
    for (const tl_command *const *c = tl_commands; *c; c++) {
        tl_buf_printf(out, "complete -c tracelode -n __fish_use_subcommand -f -a %s -d '", (*c)->name);
        add_quoted(out, (*c)->summary, "\\", "\\'");
        tl_buf_add_cstr(out, "'\n");
    }
    for (const tl_command *const *c = tl_commands; *c; c++)
        for (const tl_option *o = (*c)->options; o->name; o++)
            add_fish_option(out, *c, o);
}
