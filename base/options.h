/* options.h: one table of options per command.
 *
 * The same table feeds the parser, --help, the man page and shell completion, so
 * they cannot disagree.  A table ends with an entry whose `name` is NULL.  Values
 * are written through the entry's pointers; texts are borrowed from argv.
 */
#ifndef TL_BASE_OPTIONS_H
#define TL_BASE_OPTIONS_H

#include "base/buf.h"
#include "base/error.h"

typedef enum tl_option_kind {
    TL_OPTION_FLAG,   /* bool */
    TL_OPTION_TEXT,   /* const char * */
    TL_OPTION_INT,    /* int64_t, in [low, high] */
    TL_OPTION_CHOICE  /* int: index into `choices`, which ends with NULL */
} tl_option_kind;

typedef struct tl_option {
    const char *name; /* long name without dashes */
    char letter;      /* short name, or 0 */
    tl_option_kind kind;
    const char *arg;  /* what the help calls the value; NULL for a flag */
    const char *help; /* one sentence, without the default */
    void *value;
    int64_t low, high;          /* TL_OPTION_INT */
    const char *const *choices; /* TL_OPTION_CHOICE */
} tl_option;

/* Parses argv[1..argc-1].  Options and operands may be mixed; "--" ends the options;
 * "-" is an operand.  Operands are moved to the front of argv + 1 in their order and
 * *n_operands is their number.  TL_USAGE with a message that names the option. */
int tl_options_parse(const tl_option *options, int argc, char **argv, int *n_operands, tl_error *err)
    TL_MUST_CHECK;

/* Appends the options as aligned lines of at most 80 columns. */
void tl_options_help(const tl_option *options, tl_buf *out);

/* Appends the words of `text`, broken into lines of at most 80 columns and ended by a
 * newline; every line but the first is indented by `indent` columns, the first
 * begins where the caller stands, which is that column too. */
void tl_options_wrap(tl_buf *out, const char *text, int indent);

#endif
