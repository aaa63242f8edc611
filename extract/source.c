#include "extract/source.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extract/stream.h"

enum { HEAD = 64, IN_BLOCK = 256 * 1024 };

struct tl_source {
    char *path;    /* as given, for messages */
    char *member;  /* name of the current member */
    int fd;
    const tl_cancel *cancel;
    tl_cancel stop; /* set by tl_source_stop */
    bool seekable;
    int64_t size, mtime, taken;
    struct archive *archive; /* of .7z and .zip, else NULL */
    tl_stream *stream;       /* of a compressed file, else NULL */
    bool in_member;          /* of those that have one, once */
    char head[HEAD];         /* first bytes, read to recognise the content */
    size_t head_len, head_used;
    char *block; /* libarchive's input */
    tl_str piece; /* decompressed and not yet read; libarchive's memory */
    tl_error io; /* a read error inside libarchive's callback */
};

/* read(2), but a pipe that stays silent does not keep us from being cancelled. */
static ssize_t read_patiently(tl_source *s, void *to, size_t cap, tl_error *err)
{
    for (;;) {
        if (!s->seekable) {
            struct pollfd wait = {.fd = s->fd, .events = POLLIN};
            if (tl_cancelled(s->cancel) || tl_cancelled(&s->stop))
                return tl_fail(err, TL_INTERRUPTED, "%s: interrupted", s->path);
            int ready = poll(&wait, 1, 100);
            if (ready == 0 || (ready < 0 && errno == EINTR))
                continue;
        }
        ssize_t n = read(s->fd, to, cap);
        if (n >= 0)
            return n;
        if (errno != EINTR && errno != EAGAIN)
            return tl_fail(err, TL_IO, "%s: cannot read: %s", s->path, strerror(errno));
    }
}

static ssize_t read_fd(tl_source *s, void *to, size_t cap, tl_error *err)
{
    if (s->head_used < s->head_len) {
        size_t n = s->head_len - s->head_used;
        if (n > cap)
            n = cap;
        memcpy(to, s->head + s->head_used, n);
        s->head_used += n;
        s->taken += (int64_t)n;
        return (ssize_t)n;
    }
    ssize_t n = read_patiently(s, to, cap, err);
    if (n > 0)
        s->taken += n;
    return n;
}

static la_ssize_t archive_in(struct archive *a, void *arg, const void **block)
{
    tl_source *s = arg;
    ssize_t n = read_fd(s, s->block, IN_BLOCK, &s->io);
    *block = s->block;
    if (n < 0)
        archive_set_error(a, EIO, "%s", s->io.message);
    return n < 0 ? -1 : n;
}

static la_int64_t archive_seek(struct archive *a, void *arg, la_int64_t offset, int whence)
{
    tl_source *s = arg;
    (void)a;
    if (whence == SEEK_CUR) /* the head was read ahead of libarchive */
        offset -= (la_int64_t)(s->head_len - s->head_used);
    off_t at = lseek(s->fd, offset, whence);
    if (at < 0)
        return ARCHIVE_FATAL;
    s->head_used = s->head_len;
    s->taken = at < s->size ? at : s->size; /* a damaged archive points past its end */
    return at;
}

/* libarchive sometimes fails without a message; say something all the same. */
static int archive_failed(tl_source *s, const char *doing, tl_error *err)
{
    if (s->io.status)
        return tl_fail(err, s->io.status, "%s", s->io.message);
    const char *why = archive_error_string(s->archive);
    int status = archive_errno(s->archive) == ENOMEM ? TL_NO_MEMORY : TL_BAD_INPUT;
    return tl_fail(err, status, "%s: byte %lld: cannot %s: %s", s->path, (long long)s->taken, doing,
                   why ? why : "the archive is damaged, truncated or encrypted");
}

static bool starts_with(const tl_source *s, const char *magic, size_t n)
{
    return s->head_len >= n && memcmp(s->head, magic, n) == 0;
}

static bool looks_archive(const tl_source *s)
{
    return starts_with(s, "7z\xBC\xAF\x27\x1C", 6) || starts_with(s, "PK\x03\x04", 4) ||
           starts_with(s, "PK\x05\x06", 4);
}

static int open_archive(tl_source *s, tl_error *err)
{
    if (!s->seekable && starts_with(s, "7z", 2))
        return tl_fail(err, TL_USAGE,
                       "%s: a .7z archive keeps its index at the end and cannot be read from a "
                       "pipe; give the file by name",
                       s->path);
    s->block = malloc(IN_BLOCK);
    s->archive = archive_read_new();
    if (!s->block || !s->archive)
        return tl_fail_memory(err, "reading an archive");
    struct archive *a = s->archive;
    if (archive_read_support_format_7zip(a) < ARCHIVE_WARN ||
        archive_read_support_format_zip(a) < ARCHIVE_WARN)
        return archive_failed(s, "set up libarchive", err);
    archive_read_set_callback_data(a, s);
    archive_read_set_read_callback(a, archive_in);
    if (s->seekable)
        archive_read_set_seek_callback(a, archive_seek);
    if (archive_read_open1(a) != ARCHIVE_OK)
        return archive_failed(s, "open the archive", err);
    return TL_OK;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int set_member(tl_source *s, const char *name, tl_error *err)
{
    char *copy = strdup(name ? name : "");
    if (!copy)
        return tl_fail_memory(err, "a file name");
    free(s->member);
    s->member = copy;
    return TL_OK;
}

static ssize_t stream_in(void *ctx, void *to, size_t cap, tl_error *err)
{
    return read_fd(ctx, to, cap, err);
}

static int open_file(tl_source *s, tl_error *err)
{
    struct stat st;
    s->fd = strcmp(s->path, "-") == 0 ? STDIN_FILENO : open(s->path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0 || fstat(s->fd, &st) != 0)
        return tl_fail(err, TL_IO, "%s: cannot open: %s", s->path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return tl_fail(err, TL_USAGE, "%s: is a folder; give the files in it, such as %s/Posts.xml",
                       s->path, s->path);
    /* A file on standard input may have been read before: it is read from its start. */
    s->seekable = S_ISREG(st.st_mode) && lseek(s->fd, 0, SEEK_SET) == 0;
    if (s->seekable)
        posix_fadvise(s->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    s->size = S_ISREG(st.st_mode) ? st.st_size : -1;
    if (S_ISREG(st.st_mode))
        s->mtime = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    while (s->head_len < HEAD) {
        ssize_t n = read_patiently(s, s->head + s->head_len, HEAD - s->head_len, err);
        if (n < 0)
            return (int)n;
        if (n == 0)
            break;
        s->head_len += (size_t)n;
    }
    if (s->head_len == 0)
        return tl_fail(err, TL_BAD_INPUT, "%s: is empty; expected a dump such as Posts.xml", s->path);
    if (looks_archive(s))
        return open_archive(s, err);
    return tl_stream_new(&s->stream, (tl_str){s->head, s->head_len}, stream_in, s, err);
}

int tl_source_open(tl_source **out, const char *path, const tl_cancel *cancel, tl_error *err)
{
    *out = NULL;
    tl_source *s = calloc(1, sizeof *s);
    if (!s)
        return tl_fail_memory(err, "an input");
    s->fd = -1;
    s->cancel = cancel;
    s->path = strdup(path);
    int rc = s->path ? open_file(s, err) : tl_fail_memory(err, "an input");
    if (rc) {
        tl_source_close(s);
        return rc;
    }
    *out = s;
    return TL_OK;
}

void tl_source_close(tl_source *s)
{
    if (!s)
        return;
    archive_read_free(s->archive);
    tl_stream_free(s->stream);
    if (s->fd > STDIN_FILENO)
        close(s->fd);
    free(s->block);
    free(s->member);
    free(s->path);
    free(s);
}

int tl_source_next(tl_source *s, tl_error *err)
{
    if (!s->archive) {
        if (s->in_member)
            return 0;
        s->in_member = true;
        int rc = set_member(s, base_name(s->path), err);
        return rc ? rc : 1;
    }
    struct archive_entry *entry;
    s->piece.len = 0;
    for (;;) {
        int rc = archive_read_next_header(s->archive, &entry);
        if (rc == ARCHIVE_EOF)
            return 0;
        if (rc < ARCHIVE_WARN)
            return archive_failed(s, "read the archive", err);
        if (archive_entry_is_encrypted(entry))
            return tl_fail(err, TL_BAD_INPUT, "%s: the archive is encrypted; decrypt it first", s->path);
        if (archive_entry_filetype(entry) == AE_IFDIR)
            continue;
        break;
    }
    int rc = set_member(s, archive_entry_pathname(entry), err);
    return rc ? rc : 1;
}

const char *tl_source_member(const tl_source *s)
{
    return base_name(s->member);
}

const char *tl_source_member_path(const tl_source *s)
{
    return s->member;
}

ssize_t tl_source_read(tl_source *s, void *to, size_t cap, tl_error *err)
{
    if (s->stream) {
        ssize_t n = tl_stream_read(s->stream, to, cap, err);
        return n == TL_BAD_INPUT ? tl_fail_prefix(err, "%s: byte %lld: ", s->path, (long long)s->taken) : n;
    }
    if (!s->archive)
        return read_fd(s, to, cap, err);
    /* Block by block: archive_read_data drops what it has when the archive breaks off. */
    while (s->piece.len == 0) {
        const void *data = NULL;
        size_t n = 0;
        la_int64_t offset;
        int rc = archive_read_data_block(s->archive, &data, &n, &offset);
        if (rc == ARCHIVE_EOF)
            return 0;
        if (rc < ARCHIVE_OK)
            return archive_failed(s, "decompress", err);
        s->piece = (tl_str){data, n};
    }
    size_t n = s->piece.len < cap ? s->piece.len : cap;
    memcpy(to, s->piece.data, n);
    s->piece = (tl_str){s->piece.data + n, s->piece.len - n};
    return (ssize_t)n;
}

void tl_source_stop(tl_source *s)
{
    atomic_store(&s->stop.requested, true);
}

bool tl_source_is_archive(const tl_source *s)
{
    return s->archive || s->stream;
}

bool tl_source_seek(tl_source *s, uint64_t n)
{
    if (tl_source_is_archive(s) || !s->seekable || n > INT64_MAX || lseek(s->fd, (off_t)n, SEEK_SET) < 0)
        return false;
    s->head_used = s->head_len;
    s->taken = (int64_t)n;
    return true;
}

int64_t tl_source_taken(const tl_source *s)
{
    return s->taken;
}

int64_t tl_source_size(const tl_source *s)
{
    return s->size;
}

int64_t tl_source_mtime(const tl_source *s)
{
    return s->mtime;
}
