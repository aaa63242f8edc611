/* Any bytes as a file that may be an archive: whatever libarchive makes of it comes out
 * in pieces of bounded size, with names, or as a failure that says why; read again it
 * comes out the same, but for damaged bzip2: libbz2 forgets what it made in the call that
 * finds the damage, and so the size of the pieces counts. */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "extract/source.h"
#include "tests/support/files.h"

enum { MOST_BYTES = 4 * 1000 * 1000, MOST_MEMBERS = 200 };

static char *folder;

static void remove_folder(void)
{
    test_folder_free(folder);
}

static uint64_t mix(uint64_t hash, tl_str s)
{
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.data[i]) * UINT64_C(1099511628211);
    return (hash ^ s.len) * UINT64_C(1099511628211);
}

/* Reads all members, or the beginning of very much; a hash of what came, and whether it ended
 * with a failure. */
static uint64_t read_all(const char *path, size_t size, size_t cap, bool *failed)
{
    static char part[65536];
    tl_source *s;
    tl_error err;
    uint64_t hash = 0, bytes = 0;
    int members = 0, rc = tl_source_open(&s, path, NULL, &err);
    if (rc) {
        fuzz_check_error(rc, &err);
        require(rc == TL_BAD_INPUT);
        *failed = true;
        return 1;
    }
    require(tl_source_size(s) == (int64_t)size);
    while (bytes < MOST_BYTES && members < MOST_MEMBERS && (rc = tl_source_next(s, &err)) == 1) {
        tl_str name = tl_str_from(tl_source_member(s));
        ssize_t n = 0;
        members++;
        require(name.data && !strchr(name.data, '/') && tl_source_member_path(s));
        hash = mix(hash, name);
        uint64_t member = 0;
        while (bytes < MOST_BYTES && (n = tl_source_read(s, part, cap, &err)) > 0) {
            require((size_t)n <= cap);
            for (ssize_t i = 0; i < n; i++)
                member = (member ^ (unsigned char)part[i]) * UINT64_C(1099511628211);
            bytes += (uint64_t)n;
        }
        hash ^= bytes < MOST_BYTES ? member : 0;
        if (n < 0) {
            rc = (int)n;
            break;
        }
    }
    if (rc < 0)
        fuzz_check_error(rc, &err);
    require(rc >= 0 || rc == TL_BAD_INPUT || rc == TL_NO_MEMORY);
    require(tl_source_taken(s) >= 0 && tl_source_taken(s) <= (int64_t)size);
    require(tl_source_is_archive(s) || (bytes == size && members == 1) || bytes >= MOST_BYTES);
    tl_source_close(s);
    *failed = bytes < MOST_BYTES && rc < 0;
    return bytes < MOST_BYTES ? hash : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *path;
    static int fd;
    if (!path) {
        folder = test_folder_new();
        atexit(remove_folder);
        path = test_path(folder, "Posts.xml");
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        require(fd >= 0);
    }
    require(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
    bool failed, again, bzip2 = memmem(data, size, "BZh", 3);
    uint64_t hash = read_all(path, size, 65536, &failed), other = read_all(path, size, 1 + size % 1000, &again);
    require(failed == again && (hash == other || (bzip2 && failed)));
    return 0;
}
