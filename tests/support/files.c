#include "tests/support/files.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(bool holds, const char *what)
{
    if (!holds) {
        perror(what);
        abort();
    }
}

char *test_folder_new(void)
{
    const char *tmp = getenv("TMPDIR");
    char *folder;
    must(asprintf(&folder, "%s/tracelode-test-XXXXXX", tmp && *tmp ? tmp : "/tmp") > 0, "asprintf");
    must(mkdtemp(folder) != NULL, folder);
    return folder;
}

void test_folder_free(char *folder)
{
    must(test_shell("chmod -R u+w '%s' && rm -r '%s'", folder, folder) == 0, folder);
    free(folder);
}

const char *test_path(const char *folder, const char *name)
{
    static char *known[4096];
    static size_t n;
    char *path;
    must(asprintf(&path, "%s/%s", folder, name) > 0, "asprintf");
    for (size_t i = 0; i < n; i++)
        if (strcmp(known[i], path) == 0) {
            free(path);
            return known[i];
        }
    must(n < sizeof known / sizeof *known, "too many paths");
    return known[n++] = path;
}

void test_file_write(const char *path, tl_str bytes)
{
    FILE *f = fopen(path, "w");
    must(f != NULL, path);
    must(fwrite(bytes.data, 1, bytes.len, f) == bytes.len, path);
    must(fclose(f) == 0, path);
}

tl_buf test_file_read(const char *path)
{
    tl_buf out = {0};
    FILE *f = fopen(path, "r");
    must(f != NULL, path);
    char part[65536];
    size_t n;
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        tl_buf_add(&out, part, n);
    must(!ferror(f) && !out.failed, path);
    fclose(f);
    return out;
}

bool test_have(const char *program)
{
    return test_shell("command -v %s >/dev/null 2>&1", program) == 0;
}

int test_shell(const char *fmt, ...)
{
    char command[8192];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(command, sizeof command, fmt, ap);
    va_end(ap);
    must(n > 0 && n < (int)sizeof command, "command");
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
