/* help.h: what the command and option tables say, as text for people and for shells.
 *
 * Nothing here knows a command by name: a new command or option appears in the help,
 * the man page and the completion by standing in its table.  Each function appends to
 * `out`, which keeps failed allocations.
 */
#ifndef TL_CLI_HELP_H
#define TL_CLI_HELP_H

#include "tools/cli/cli.h"

/* The list of commands. */
void tl_help_usage(tl_buf *out);

/* All about one command, in 80 columns. */
void tl_help_command(tl_buf *out, const tl_command *c);

/* tracelode(1), in troff's man macros. */
void tl_help_man(tl_buf *out);

/* Completion scripts. */
void tl_help_bash(tl_buf *out);
void tl_help_zsh(tl_buf *out);
void tl_help_fish(tl_buf *out);

/* --quiet and --help, which every command has. */
bool tl_help_is_common(const tl_option *o);

#endif
