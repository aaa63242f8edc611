#include "tools/cli/help.h"

bool tl_help_is_common(const tl_option *o)
{
    return o->value == &tl_cli_quiet || o->value == &tl_cli_help;
}

void tl_help_usage(tl_buf *out)
{
    tl_buf_add_cstr(out, "tracelode mines stack traces: dumps in, patterns and the tables of a study out.\n\n"
                         "usage: tracelode COMMAND [OPTION]... [ARGUMENT]...\n\n");
    for (const tl_command *const *c = tl_commands; *c; c++)
        tl_buf_printf(out, "  %-9s %s\n", (*c)->name, (*c)->summary);
    tl_buf_add_cstr(out, "\n'tracelode COMMAND --help' tells all about a command.\n");
}

void tl_help_command(tl_buf *out, const tl_command *c)
{
    tl_buf_printf(out, "usage: tracelode %s %s\n\n", c->name, c->synopsis);
    tl_options_wrap(out, c->text, 0);
    tl_buf_add_cstr(out, "\noptions:\n");
    tl_options_help(c->options, out);
    tl_buf_printf(out, "\nexamples:\n%s", c->examples);
}
