#include "base/options.h"

static const tl_option *find_long(const tl_option *options, tl_str name)
{
    for (; options->name; options++)
        if (tl_str_eq(name, tl_str_from(options->name)))
            return options;
    return NULL;
}

static const tl_option *find_letter(const tl_option *options, char letter)
{
    for (; options->name; options++)
        if (options->letter && options->letter == letter)
            return options;
    return NULL;
}

static int bad_choice(const tl_option *o, const char *text, tl_error *err)
{
    tl_buf list = {0};
    for (const char *const *c = o->choices; *c; c++)
        tl_buf_printf(&list, "%s%s", c == o->choices ? "" : ", ", *c);
    int rc = tl_fail(err, TL_USAGE, "--%s %s: expected one of %s", o->name, text,
                     list.failed ? "the listed values" : list.data);
    tl_buf_free(&list);
    return rc;
}

static int set_value(const tl_option *o, const char *text, tl_error *err)
{
    switch (o->kind) {
    case TL_OPTION_FLAG:
        *(bool *)o->value = true;
        return TL_OK;
    case TL_OPTION_TEXT:
        *(const char **)o->value = text;
        return TL_OK;
    case TL_OPTION_INT: {
        int64_t v;
        if (!tl_str_to_int64(tl_str_from(text), &v) || v < o->low || v > o->high)
            return tl_fail(err, TL_USAGE, "--%s %s: expected a whole number from %lld to %lld", o->name,
                           text, (long long)o->low, (long long)o->high);
        *(int64_t *)o->value = v;
        return TL_OK;
    }
    case TL_OPTION_CHOICE:
        for (int i = 0; o->choices[i]; i++)
            if (strcmp(o->choices[i], text) == 0) {
                *(int *)o->value = i;
                return TL_OK;
            }
        return bad_choice(o, text, err);
    }
    return TL_OK;
}

/* "--name", "--name=value", "--name value": how many arguments it took, or a status. */
static int parse_long(const tl_option *options, int left, char **argv, tl_error *err)
{
    const char *text = argv[0] + 2, *equals = strchr(text, '=');
    tl_str name = equals ? tl_str_range(text, equals) : tl_str_from(text);
    const tl_option *o = find_long(options, name);
    if (!o)
        return tl_fail(err, TL_USAGE, "unknown option --" TL_STR_FMT, TL_STR_ARG(name));
    if (o->kind == TL_OPTION_FLAG && equals)
        return tl_fail(err, TL_USAGE, "option --%s takes no value", o->name);
    if (o->kind == TL_OPTION_FLAG || equals) {
        int rc = set_value(o, equals ? equals + 1 : NULL, err);
        return rc ? rc : 1;
    }
    if (left < 2)
        return tl_fail(err, TL_USAGE, "option --%s needs a value (%s)", o->name, o->arg);
    int rc = set_value(o, argv[1], err);
    return rc ? rc : 2;
}

/* "-d value", "-dvalue", or flags together as in "-qh". */
static int parse_letters(const tl_option *options, int left, char **argv, tl_error *err)
{
    for (const char *p = argv[0] + 1; *p; p++) {
        const tl_option *o = find_letter(options, *p);
        if (!o)
            return tl_fail(err, TL_USAGE, "unknown option -%c", *p);
        if (o->kind == TL_OPTION_FLAG) {
            int rc = set_value(o, NULL, err);
            if (rc)
                return rc;
            continue;
        }
        if (p[1]) {
            int rc = set_value(o, p + 1, err);
            return rc ? rc : 1;
        }
        if (left < 2)
            return tl_fail(err, TL_USAGE, "option -%c needs a value (%s)", *p, o->arg);
        int rc = set_value(o, argv[1], err);
        return rc ? rc : 2;
    }
    return 1;
}

int tl_options_parse(const tl_option *options, int argc, char **argv, int *n_operands, tl_error *err)
{
    int n = 0;
    bool ended = false;
    for (int i = 1; i < argc;) {
        char *arg = argv[i];
        if (ended || arg[0] != '-' || arg[1] == '\0') {
            argv[1 + n++] = arg; /* never overtakes i */
            i++;
        } else if (strcmp(arg, "--") == 0) {
            ended = true;
            i++;
        } else {
            int used = arg[1] == '-' ? parse_long(options, argc - i, argv + i, err)
                                     : parse_letters(options, argc - i, argv + i, err);
            if (used < 0)
                return used;
            i += used;
        }
    }
    *n_operands = n;
    return TL_OK;
}

/* ---- help --------------------------------------------------------------- */

enum { HELP_COLUMN = 28, HELP_WIDTH = 80 };

void tl_options_wrap(tl_buf *out, const char *text, int indent)
{
    size_t start = (size_t)indent, column = start;
    text += strspn(text, " ");
    while (*text) {
        size_t n = strcspn(text, " ");
        if (column > start && column + 1 + n > HELP_WIDTH) {
            tl_buf_printf(out, "\n%*s", indent, "");
            column = start;
        } else if (column > start) {
            tl_buf_add_char(out, ' ');
            column++;
        }
        tl_buf_add(out, text, n);
        column += n;
        text += n + strspn(text + n, " ");
    }
    tl_buf_add_char(out, '\n');
}

void tl_options_help(const tl_option *options, tl_buf *out)
{
    for (const tl_option *o = options; o->name; o++) {
        size_t start = out->len;
        if (o->letter)
            tl_buf_printf(out, "  -%c, --%s", o->letter, o->name);
        else
            tl_buf_printf(out, "      --%s", o->name);
        if (o->arg)
            tl_buf_printf(out, " %s", o->arg);
        size_t used = out->len - start;
        if (used + 2 > HELP_COLUMN) {
            tl_buf_add_char(out, '\n');
            used = 0;
        }
        tl_buf_printf(out, "%*s", (int)(HELP_COLUMN - used), "");
        tl_options_wrap(out, o->help, HELP_COLUMN);
    }
}
