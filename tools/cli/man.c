#include "tools/cli/help.h"

/* Text as troff source.  A hyphen within a word stays one; any other is the minus that
 * a reader copies.  Quotes and the like are those of ASCII, for the same reason. */
static void add_text(tl_buf *out, const char *text)
{
    char before = ' ';
    if (*text == '.' || *text == '\'')
        tl_buf_add_cstr(out, "\\&"); /* else a request */
    for (; *text; before = *text++) {
        switch (*text) {
        case '\\': tl_buf_add_cstr(out, "\\e"); break;
        case '\'': tl_buf_add_cstr(out, "\\(aq"); break;
        case '`': tl_buf_add_cstr(out, "\\(ga"); break;
        case '^': tl_buf_add_cstr(out, "\\(ha"); break;
        case '~': tl_buf_add_cstr(out, "\\(ti"); break;
        case '-': tl_buf_add_cstr(out, strchr(" -(['\n", before) ? "\\-" : "-"); break;
        default: tl_buf_add_char(out, *text);
        }
    }
}

static void add_paragraph(tl_buf *out, const char *text)
{
    add_text(out, text);
    tl_buf_add_char(out, '\n');
}

/* Lines as they stand. */
static void add_example(tl_buf *out, const char *text)
{
    tl_buf_add_cstr(out, ".PP\n.EX\n");
    add_text(out, text);
    tl_buf_add_cstr(out, ".EE\n");
}

static void add_option(tl_buf *out, const tl_option *o)
{
    tl_buf_add_cstr(out, ".TP\n");
    if (o->letter)
        tl_buf_printf(out, "\\fB\\-%c\\fR, ", o->letter);
    tl_buf_add_cstr(out, "\\fB\\-\\-");
    for (const char *p = o->name; *p; p++) {
        tl_buf_add_cstr(out, *p == '-' ? "\\" : "");
        tl_buf_add_char(out, *p);
    }
    tl_buf_add_cstr(out, "\\fR");
    if (o->arg) {
        tl_buf_add_cstr(out, " \\fI");
        add_text(out, o->arg);
        tl_buf_add_cstr(out, "\\fR");
    }
    tl_buf_add_char(out, '\n');
    add_paragraph(out, o->help);
}

static void add_options(tl_buf *out, const tl_option *options, bool common)
{
    for (const tl_option *o = options; o->name; o++)
        if (tl_help_is_common(o) == common)
            add_option(out, o);
}

static void add_command(tl_buf *out, const tl_command *c)
{
    tl_buf_printf(out, ".SS %s\n\\fBtracelode %s\\fR ", c->name, c->name);
    add_paragraph(out, c->synopsis);
    tl_buf_add_cstr(out, ".PP\n");
    add_paragraph(out, c->text);
    add_options(out, c->options, false);
    add_example(out, c->examples);
}

static void add_entry(tl_buf *out, const char *term, const char *text)
{
    tl_buf_printf(out, ".TP\n\\fB%s\\fR\n", term);
    add_paragraph(out, text);
}

static void add_exit_status(tl_buf *out)
{
    tl_buf_add_cstr(out, ".SH EXIT STATUS\n");
    add_entry(out, "0", "Done.");
    add_entry(out, "1", "Nothing was found.");
    add_entry(out, "2", "Wrong usage; the message says what to give.");
    add_entry(out, "3", "Bad or cut-off input; what came before is kept.");
    add_entry(out, "4", "Reading, writing, disk or memory failed.");
    add_entry(out, "130", "Interrupted; the same command goes on from there.");
}

void tl_help_man(tl_buf *out)
{
    tl_buf_printf(out, ".TH TRACELODE 1 \"\" \"tracelode %s\" \"User Commands\"\n", TL_VERSION);
    tl_buf_add_cstr(out, ".SH NAME\ntracelode \\- mine stack traces for the call patterns that recur\n"
                         ".SH SYNOPSIS\n\\fBtracelode\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n"
                         ".SH DESCRIPTION\n");
    add_paragraph(out, "tracelode reads dumps of question-and-answer sites, pulls out the Python tracebacks, finds "
                       "the call patterns that recur in them, and writes the tables of an empirical study. Its "
                       "commands are:");
    for (const tl_command *const *c = tl_commands; *c; c++)
        add_entry(out, (*c)->name, (*c)->summary);
    tl_buf_add_cstr(out, ".SH OPTIONS\nEvery command has these; options and arguments may be mixed.\n");
    add_options(out, tl_commands[0]->options, true);
    add_entry(out, "\\-\\-version", "print the version, as 'tracelode info' does");
    tl_buf_add_cstr(out, ".SH COMMANDS\n");
    for (const tl_command *const *c = tl_commands; *c; c++)
        add_command(out, *c);
    add_exit_status(out);
    tl_buf_add_cstr(out, ".SH ENVIRONMENT\n");
    add_entry(out, "NO_COLOR", "If it is set and not empty, nothing is printed in colour.");
    add_entry(out, "TL_CUDA_FROM", "From how many frames on 'mine --spmf' with --engine auto takes the GPU.");
    add_entry(out, "TL_CUDA_LIBRARY", "The file of the GPU engine, where it is not beside the program.");
}
