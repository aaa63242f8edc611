#include "tools/cli/print.h"

#include <sys/ioctl.h>
#include <unistd.h>

const char *const tl_print_formats[] = {
    [TL_FORMAT_TABLE] = "table", [TL_FORMAT_CSV] = "csv", [TL_FORMAT_JSONL] = "jsonl", [TL_FORMAT_MD] = "md", NULL};

static size_t terminal_width(void)
{
    struct winsize w;
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 ? w.ws_col : 0;
}

int tl_print_grid(const tl_grid *grid, int format, bool guard_formulas, tl_error *err)
{
    tl_buf text = {0};
    tl_format_options how = {.guard_formulas = guard_formulas, .width = terminal_width()};
    int rc = tl_format_grid(grid, (tl_format)format, &how, &text, err);
    if (rc == TL_OK && text.data && isatty(STDOUT_FILENO)) /* csv and jsonl are raw */
        tl_cli_disarm(text.data, text.len);
    if (rc == TL_OK)
        rc = tl_cli_print(tl_buf_str(&text), err);
    tl_buf_free(&text);
    return rc;
}
