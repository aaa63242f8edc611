#include "reports/figures.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "reports/tables.h"

extern const char tl_fig4_sql[], tl_fig5_sql[], tl_fig6_sql[], tl_fig7_sql[];
extern const char tl_fig4_gp[], tl_fig5_gp[], tl_fig6_gp[], tl_fig7_gp[];

const tl_figure tl_figures[TL_FIGURES] = {
    {"fig4", "Figure 4",
     "How many of the closed patterns are found at least so often: the share of each library's patterns "
     "whose support is x or more.",
     tl_fig4_sql, tl_fig4_gp,
     {.title = "Share of patterns with support of at least x", .x_label = "support", .log_x = true,
      .step = TL_STEP_DOWN}},
    {"fig5", "Figure 5", "How long they are: the share of each library's patterns of at most x frames.",
     tl_fig5_sql, tl_fig5_gp,
     {.title = "Share of patterns with at most x frames", .x_label = "frames", .log_x = true,
      .step = TL_STEP_UP}},
    {"fig6", "Figure 6",
     "How few patterns cover most questions: patterns of support 2 or more, the most frequent first, "
     "against the covered share of the questions that any of them covers.",
     tl_fig6_sql, tl_fig6_gp,
     {.title = "Share of questions covered by the first x percent of patterns",
      .x_label = "% of patterns, most frequent first", .step = TL_STEP_UP}},
    {"fig7", "Figure 7", "Patterns of support 2 or more that are found in exactly these two libraries.",
     tl_fig7_sql, tl_fig7_gp, {0}},
};

/* Waits for a child that runs gnuplot. */
static int wait_for(pid_t child, const tl_figure *f, tl_error *err)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return tl_fail(err, TL_IO, "waiting for gnuplot: %s", strerror(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return TL_OK;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return tl_fail(err, TL_UNAVAILABLE, "gnuplot is not installed");
    return tl_fail(err, TL_IO, "gnuplot could not draw %s", f->name);
}

/* Runs `gnuplot -d -e SETTINGS SCRIPT` in `folder`, with no shell between; -d keeps the
 * user's own start-up file away. */
static int run_gnuplot(const tl_figure *f, const char *folder, char *settings, char *script, tl_error *err)
{
    char *const argv[] = {"gnuplot", "-d", "-e", settings, script, NULL};
    extern char **environ;
    posix_spawn_file_actions_t actions;
    pid_t child;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return tl_fail_memory(err, "starting gnuplot");
    int failed = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    for (int fd = 1; !failed && fd <= 2; fd++)
        failed = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_WRONLY, 0);
    if (!failed)
        failed = posix_spawn_file_actions_addchdir_np(&actions, folder);
    if (!failed)
        failed = posix_spawnp(&child, "gnuplot", &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed == ENOENT)
        return tl_fail(err, TL_UNAVAILABLE, "gnuplot is not installed");
    return failed ? tl_fail(err, TL_IO, "cannot start gnuplot: %s", strerror(failed)) : wait_for(child, f, err);
}

int tl_figure_load(tl_grid *g, const tl_figure *f, tl_store *s, tl_profile profile, tl_support_kind support,
                   tl_key key, size_t *first, tl_error *err)
{
    int rc = TL_OK;
    for (int i = 0; rc == TL_OK && i < TL_PROFILES * TL_SUPPORT_KINDS; i++) {
        tl_profile p = (tl_profile)((profile + i / TL_SUPPORT_KINDS) % TL_PROFILES);
        tl_support_kind k = (tl_support_kind)((support + i) % TL_SUPPORT_KINDS);
        rc = tl_table_query(g, f->sql, s, p, k, key, err);
        if (i == 0)
            *first = g->n_rows;
    }
    return rc ? tl_fail_prefix(err, "%s: ", f->number) : TL_OK;
}

/* Whether the drawing was written to its end: gnuplot does not tell of a full disk. */
static bool is_whole(const char *path)
{
    static const char end[] = "</svg>";
    char tail[64] = "";
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t n = 0;
    if (fseek(file, -(long)(sizeof tail - 1), SEEK_END) == 0)
        n = fread(tail, 1, sizeof tail - 1, file);
    fclose(file);
    return tl_str_find((tl_str){tail, n}, tl_str_from(end), 0) != SIZE_MAX;
}

int tl_figure_draw(const tl_figure *f, const char *folder, tl_profile profile, tl_support_kind support,
                   tl_error *err)
{
    char settings[128], script[64];
    tl_buf part = {0}, svg = {0};
    snprintf(settings, sizeof settings, "out = '%s.svg.part'; profile = '%s'; support = '%s'", f->name,
             tl_profile_names[profile], tl_support_names[support]);
    snprintf(script, sizeof script, "%s.gp", f->name);
    tl_buf_printf(&part, "%s/%s.svg.part", folder, f->name);
    tl_buf_printf(&svg, "%s/%s.svg", folder, f->name);
    int rc = part.failed || svg.failed ? tl_fail_memory(err, "a path") : TL_OK;
    if (rc == TL_OK)
        rc = run_gnuplot(f, folder, settings, script, err);
    if (rc == TL_OK && !is_whole(part.data))
        rc = tl_fail(err, TL_IO, "%s: gnuplot could not write it", svg.data);
    if (rc == TL_OK && rename(part.data, svg.data) != 0)
        rc = tl_fail(err, TL_IO, "%s: cannot write: %s", svg.data, strerror(errno));
    if (rc && part.data)
        unlink(part.data);
    tl_buf_free(&part);
    tl_buf_free(&svg);
    return rc;
}

void tl_figure_remove(const tl_figure *f, const char *folder)
{
    tl_buf svg = {0};
    tl_buf_printf(&svg, "%s/%s.svg", folder, f->name);
    if (!svg.failed)
        unlink(svg.data);
    tl_buf_free(&svg);
}
