#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/threads.h"
#include "tools/cli/cli.h"

tl_cancel tl_cli_cancel;
bool tl_cli_quiet, tl_cli_help, tl_cli_pipe_closed;

int tl_cli_operands(int n, int low, int high, const char *what, tl_error *err)
{
    if (n >= low && (high < 0 || n <= high))
        return TL_OK;
    if (n < low)
        return tl_fail(err, TL_USAGE, "missing argument: expected %s", what);
    return tl_fail(err, TL_USAGE, "too many arguments: expected %s", what);
}

int tl_cli_read_file(const char *path, tl_buf *to, tl_error *err)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return tl_fail(err, TL_IO, "%s: cannot open: %s", path, strerror(errno));
    char block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        tl_buf_add(to, block, n);
    int rc = ferror(f) ? tl_fail(err, TL_IO, "%s: cannot read: %s", path, strerror(errno)) : TL_OK;
    fclose(f);
    return rc ? rc : tl_buf_check(to, path, err);
}

int tl_cli_libraries(tl_libraries **out, const char *file, const char *keys, tl_error *err)
{
    tl_buf text = {0};
    int rc = TL_OK;
    if (file)
        rc = tl_cli_read_file(file, &text, err);
    if (rc == TL_OK)
        rc = tl_libraries_new(out, file ? tl_buf_str(&text) : (tl_str){tl_libraries_ini, tl_libraries_ini_len},
                              file ? file : "libraries.ini", err);
    tl_buf_free(&text);
    if (rc == TL_OK && keys && (rc = tl_libraries_narrow(*out, keys, err)) != TL_OK) {
        tl_libraries_free(*out);
        *out = NULL;
    }
    return rc;
}

static int failed_write(tl_error *err)
{
    tl_cli_pipe_closed = errno == EPIPE;
    return tl_fail(err, TL_IO, "cannot write to standard output: %s", strerror(errno));
}

int tl_cli_print(tl_str text, tl_error *err)
{
    return fwrite(text.data, 1, text.len, stdout) == text.len ? TL_OK : failed_write(err);
}

int tl_cli_flush(tl_error *err)
{
    return fflush(stdout) == 0 && !ferror(stdout) ? TL_OK : failed_write(err);
}

void tl_cli_disarm(char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
            text[i] = '?';
        else if (c == 0xC2 && i + 1 < n && ((unsigned char)text[i + 1] & 0xE0) == 0x80)
            text[i] = text[i + 1] = '?';
    }
}

void tl_cli_note(const char *fmt, ...)
{
    char line[2048];
    if (tl_cli_quiet)
        return;
    tl_cli_progress_end();
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    tl_cli_disarm(line, strlen(line));
    fprintf(stderr, "%s\n", line);
}

void tl_cli_note_old_mining(void)
{
    tl_cli_note("the store has traces that were not mined yet; 'tracelode mine' brings them in");
}

/* ---- progress ----------------------------------------------------------- */

static struct {
    bool drawn;
    char what[64];
    double begun, drawn_at;
} line;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Progress is for people who watch. */
static bool is_watched(void)
{
    static int terminal = -1;
    if (terminal < 0)
        terminal = isatty(STDERR_FILENO);
    return terminal && !tl_cli_quiet;
}

void tl_cli_stage(const char *what, const char *stage, size_t done, size_t total)
{
    double t = now();
    if (!is_watched() || t - line.drawn_at < 0.1)
        return;
    line.drawn_at = t;
    line.drawn = true;
    char shown[sizeof line.what];
    snprintf(shown, sizeof shown, "%s", what); /* a library's key, which a store may have from anybody */
    tl_cli_disarm(shown, strlen(shown));
    fprintf(stderr, "\r\033[K%.40s  %s", shown, stage);
    if (total > 0)
        fprintf(stderr, "  %d%%", (int)(100.0 * (double)done / (double)total));
    fflush(stderr);
}

void tl_cli_progress(const char *what, int64_t done, int64_t total)
{
    if (!is_watched())
        return;
    double t = now();
    if (strncmp(line.what, what, sizeof line.what - 1) != 0) {
        tl_cli_progress_end();
        snprintf(line.what, sizeof line.what, "%s", what);
        line.begun = line.drawn_at = t;
    }
    if (t - line.drawn_at < 0.1)
        return;
    line.drawn_at = t;
    line.drawn = true;
    double rate = (double)done / (t - line.begun);
    char shown[sizeof line.what];
    snprintf(shown, sizeof shown, "%s", line.what);
    tl_cli_disarm(shown, strlen(shown));
    fprintf(stderr, "\r\033[K%.40s  %.1f MB", shown, (double)done / 1e6);
    if (total > 0)
        fprintf(stderr, " of %.1f (%d%%)", (double)total / 1e6, (int)(100.0 * (double)done / (double)total));
    fprintf(stderr, "  %.0f MB/s", rate / 1e6);
    if (total > done && rate > 0)
        fprintf(stderr, "  %.0f s left", (double)(total - done) / rate);
    fflush(stderr);
}

void tl_cli_progress_end(void)
{
    if (line.drawn)
        fputs("\r\033[K", stderr);
    line.drawn = false;
}

int tl_cli_threads(int64_t option)
{
    return option > 0 ? (int)option : tl_cpu_count();
}
