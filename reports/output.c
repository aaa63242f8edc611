#include "reports/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

int tl_output_folder(const char *path, tl_error *err)
{
    struct stat st;
    if (mkdir(path, 0777) == 0)
        return TL_OK;
    int why = errno;
    if (why == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return TL_OK;
    if (why == EEXIST)
        why = ENOTDIR;
    return tl_fail(err, TL_IO, "%s: cannot make the folder: %s", path, strerror(why));
}

static int write_all(int fd, tl_str content)
{
    while (content.len) {
        ssize_t n = write(fd, content.data, content.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        content = (tl_str){content.data + n, content.len - (size_t)n};
    }
    return 0;
}

/* Writes `temporary` and renames it to `path`; false with errno set. */
static bool replace_file(const char *temporary, const char *path, tl_str content)
{
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return false;
    int failed = write_all(fd, content) ? errno : 0;
    if (close(fd) != 0 && !failed)
        failed = errno; /* a full disk may show only here */
    if (!failed && rename(temporary, path) == 0)
        return true;
    if (!failed)
        failed = errno;
    unlink(temporary);
    errno = failed;
    return false;
}

int tl_output_write(const char *folder, const char *name, tl_str content, tl_error *err)
{
    tl_buf path = {0}, temporary = {0};
    tl_buf_printf(&path, "%s/%s", folder, name);
    tl_buf_printf(&temporary, "%s/%s.part", folder, name);
    int rc = path.failed || temporary.failed ? tl_fail_memory(err, "a path") : TL_OK;
    if (rc == TL_OK && !replace_file(temporary.data, path.data, content))
        rc = tl_fail(err, TL_IO, "%s: cannot write: %s", path.data, strerror(errno));
    tl_buf_free(&path);
    tl_buf_free(&temporary);
    return rc;
}
