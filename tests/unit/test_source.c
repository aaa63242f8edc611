/* Where bytes come from: plain files, archives made with the usual tools, pipes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extract/source.h"
#include "tests/support/files.h"

static char *folder;
static tl_buf text; /* what the files hold, about 1 MB that does not compress to nothing */

static int set_up(void **state)
{
    (void)state;
    folder = test_folder_new();
    tl_buf_add_cstr(&text, "<posts>\n");
    for (unsigned i = 0; text.len < 1000000; i++)
        tl_buf_printf(&text, "<row Id=\"%u\" Body=\"%x %x\" />\n", i, i * 2654435761u, i * 40503u);
    tl_buf_add_cstr(&text, "</posts>\n");
    test_file_write(test_path(folder, "Posts.xml"), tl_buf_str(&text));
    return text.failed;
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_free(folder);
    tl_buf_free(&text);
    return 0;
}

/* ---- reading ------------------------------------------------------------ */

static tl_source *open_good(const char *path)
{
    tl_source *s;
    tl_error err;
    if (tl_source_open(&s, path, NULL, &err) != TL_OK)
        fail_msg("%s", err.message);
    return s;
}

/* Reads the current member in pieces of `piece` bytes; the status at its end. */
static int read_member(tl_source *s, size_t piece, tl_buf *out, tl_error *err)
{
    char *part = malloc(piece);
    ssize_t n;
    while ((n = tl_source_read(s, part, piece, err)) > 0)
        tl_buf_add(out, part, (size_t)n);
    free(part);
    return (int)n;
}

/* Opens and reads everything; the first status that is not good, and all bytes. */
static int read_all(const char *path, tl_buf *out, tl_error *err)
{
    tl_source *s;
    int rc = tl_source_open(&s, path, NULL, err);
    if (rc)
        return rc;
    while ((rc = tl_source_next(s, err)) == 1)
        if ((rc = read_member(s, 5000, out, err)) != 0)
            break;
    tl_source_close(s);
    return rc;
}

static void expect_failure(const char *path, int status, const char *words)
{
    tl_buf out = {0};
    tl_error err = {0};
    int rc = read_all(path, &out, &err);
    tl_buf_free(&out);
    if (rc != status || !strstr(err.message, words) || !strstr(err.message, path))
        fail_msg("%s: status %d, \"%s\"; expected %d and \"%s\"", path, rc, err.message, status, words);
}

static void expect_text(tl_source *s, const char *member, size_t piece)
{
    tl_buf out = {0};
    tl_error err;
    assert_int_equal(tl_source_next(s, &err), 1);
    assert_string_equal(tl_source_member(s), member);
    assert_int_equal(read_member(s, piece, &out, &err), 0);
    assert_true(tl_str_eq(tl_buf_str(&out), tl_buf_str(&text)));
    tl_buf_free(&out);
}

static void test_plain_file(void **state)
{
    (void)state;
    const size_t pieces[] = {7, 64, 65, 100000, 10000000};
    struct stat st;
    stat(test_path(folder, "Posts.xml"), &st);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        tl_source *s = open_good(test_path(folder, "Posts.xml"));
        assert_false(tl_source_is_archive(s));
        assert_int_equal(tl_source_size(s), text.len);
        assert_int_equal(tl_source_mtime(s), (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec);
        assert_int_equal(tl_source_taken(s), 0);
        expect_text(s, "Posts.xml", pieces[i]);
        assert_int_equal(tl_source_taken(s), text.len);
        assert_int_equal(tl_source_next(s, NULL), 0);
        tl_source_close(s);
    }
}

static void test_seek(void **state)
{
    (void)state;
    const uint64_t places[] = {0, 1, 63, 64, 65, 500000, text.len};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        tl_source *s = open_good(test_path(folder, "Posts.xml"));
        tl_buf out = {0};
        assert_int_equal(tl_source_next(s, NULL), 1);
        assert_true(tl_source_seek(s, places[i]));
        assert_int_equal(tl_source_taken(s), places[i]);
        assert_int_equal(read_member(s, 4096, &out, NULL), 0);
        assert_int_equal(out.len, text.len - places[i]);
        assert_true(out.len == 0 || memcmp(out.data, text.data + places[i], out.len) == 0);
        tl_buf_free(&out);
        tl_source_close(s);
    }
}

static void test_what_cannot_be_opened(void **state)
{
    (void)state;
    expect_failure(test_path(folder, "missing.xml"), TL_IO, "No such file");
    expect_failure(folder, TL_USAGE, "is a folder");
    test_file_write(test_path(folder, "empty.xml"), TL_STR(""));
    expect_failure(test_path(folder, "empty.xml"), TL_BAD_INPUT, "is empty");
    test_file_write(test_path(folder, "closed.xml"), TL_STR("<posts/>"));
    chmod(test_path(folder, "closed.xml"), 0);
    if (geteuid() != 0)
        expect_failure(test_path(folder, "closed.xml"), TL_IO, "Permission denied");
}

static void test_short_file(void **state)
{
    (void)state;
    test_file_write(test_path(folder, "short"), TL_STR("x"));
    tl_buf out = {0};
    assert_int_equal(read_all(test_path(folder, "short"), &out, NULL), 0);
    assert_string_equal(out.data, "x");
    tl_buf_free(&out);
}

/* ---- archives ----------------------------------------------------------- */

typedef struct packer {
    const char *tool, *name, *command; /* run in the folder */
    const char *member;
} packer;

static const packer packers[] = {
    {"7z", "a.7z", "7z a -bd a.7z Posts.xml >/dev/null", "Posts.xml"},
    {"bsdtar", "b.7z", "bsdtar --format=7zip -cf b.7z Posts.xml", "Posts.xml"},
    {"7z", "bzip2.7z", "7z a -bd -m0=BZip2 bzip2.7z Posts.xml >/dev/null", "Posts.xml"},
    {"7z", "ppmd.7z", "7z a -bd -m0=PPMd ppmd.7z Posts.xml >/dev/null", "Posts.xml"},
    {"zip", "a.zip", "zip -q a.zip Posts.xml", "Posts.xml"},
    {"zip", "stored.zip", "zip -q -0 stored.zip Posts.xml", "Posts.xml"},
    {"bsdtar", "b.zip", "bsdtar --format=zip -cf b.zip Posts.xml", "Posts.xml"},
    {"gzip", "Posts.xml.gz", "gzip -k Posts.xml", "Posts.xml.gz"},
    {"zstd", "Posts.xml.zst", "zstd -q -k Posts.xml", "Posts.xml.zst"},
    {"xz", "Posts.xml.xz", "xz -k -1 Posts.xml", "Posts.xml.xz"},
    {"bzip2", "Posts.xml.bz2", "bzip2 -k Posts.xml", "Posts.xml.bz2"},
    /* Recognised by content, whatever the name. */
    {"gzip", "dump", "gzip -c Posts.xml >dump", "dump"},
};
enum { PACKERS = sizeof packers / sizeof *packers };

static bool pack(const packer *p)
{
    if (!test_have(p->tool)) {
        print_message("%s is missing: %s is not tested\n", p->tool, p->name);
        return false;
    }
    assert_int_equal(test_shell("cd '%s' && rm -f '%s' && %s", folder, p->name, p->command), 0);
    return true;
}

static void test_archives(void **state)
{
    (void)state;
    for (size_t i = 0; i < PACKERS; i++) {
        if (!pack(&packers[i]))
            continue;
        const char *path = test_path(folder, packers[i].name);
        struct stat st;
        stat(path, &st);
        tl_source *s = open_good(path);
        assert_true(tl_source_is_archive(s));
        assert_int_equal(tl_source_size(s), st.st_size);
        expect_text(s, packers[i].member, 100000);
        assert_true(tl_source_taken(s) > 0 && tl_source_taken(s) <= st.st_size);
        assert_false(tl_source_seek(s, 0));
        assert_int_equal(tl_source_next(s, NULL), 0);
        tl_source_close(s);
    }
}

/* Cut at many places: never success, never a crash, and the bytes that come are the
 * beginning of the real ones. */
static void test_truncated_archives(void **state)
{
    (void)state;
    for (size_t i = 0; i < PACKERS; i++) {
        if (!pack(&packers[i]))
            continue;
        tl_buf whole = test_file_read(test_path(folder, packers[i].name));
        const char *cut_path = test_path(folder, "cut");
        for (size_t cut = 1; cut < 12; cut++) {
            tl_buf out = {0};
            tl_error err = {0};
            test_file_write(cut_path, (tl_str){whole.data, whole.len * cut / 12});
            int rc = read_all(cut_path, &out, &err);
            if (rc != TL_BAD_INPUT || strlen(err.message) < strlen(cut_path) + 10)
                fail_msg("%s cut at %zu/12: status %d, \"%s\"", packers[i].name, cut, rc, err.message);
            assert_true(out.len <= text.len);
            assert_true(out.len == 0 || memcmp(out.data, text.data, out.len) == 0);
            if (strstr(packers[i].name, ".7z"))
                assert_int_equal(out.len, 0);
            tl_buf_free(&out);
        }
        tl_buf_free(&whole);
    }
}

/* What the plain decompressor can give of a cut stream comes, to the last byte. */
static void test_cut_streams(void **state)
{
    (void)state;
    static const char *const tools[] = {"gzip", "zstd", "xz", "bzip2"};
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        if (!test_have(tools[i]))
            continue;
        assert_int_equal(test_shell("cd '%s' && head -c 200000 Posts.xml | %s -c >whole", folder, tools[i]), 0);
        tl_buf whole = test_file_read(test_path(folder, "whole"));
        size_t longest = 0;
        for (size_t n = 12; n < whole.len; n += whole.len / 40) {
            tl_buf out = {0};
            tl_error err = {0};
            test_file_write(test_path(folder, "cut"), (tl_str){whole.data, n});
            test_shell("cd '%s' && %s -dc <cut >plain 2>/dev/null", folder, tools[i]);
            assert_int_equal(read_all(test_path(folder, "cut"), &out, &err), TL_BAD_INPUT);
            assert_non_null(strstr(err.message, "cut off here"));
            tl_buf plain = test_file_read(test_path(folder, "plain"));
            if (out.len < plain.len)
                fail_msg("%s cut at %zu: %zu bytes, not %zu", tools[i], n, out.len, plain.len);
            assert_true(out.len == 0 || memcmp(out.data, text.data, out.len) == 0);
            longest = out.len;
            tl_buf_free(&plain);
            tl_buf_free(&out);
        }
        print_message("%s: %zu of 200000 bytes at the last cut\n", tools[i], longest);
        assert_true(longest > 0 || tools[i][0] == 'b'); /* bzip2 has one block here */
        tl_buf_free(&whole);
    }
}

/* One byte changed: an error or other bytes, never a crash. */
static void test_damaged_archives(void **state)
{
    (void)state;
    for (size_t i = 0; i < PACKERS; i++) {
        if (!pack(&packers[i]))
            continue;
        tl_buf whole = test_file_read(test_path(folder, packers[i].name));
        size_t refused = 0;
        for (size_t k = 0; k < 40; k++) {
            tl_buf out = {0};
            tl_error err = {0};
            size_t at = k < 20 ? k : whole.len * (k - 20) / 20;
            whole.data[at] = (char)(whole.data[at] ^ 0x55);
            test_file_write(test_path(folder, "damaged"), tl_buf_str(&whole));
            refused += read_all(test_path(folder, "damaged"), &out, &err) == TL_BAD_INPUT;
            whole.data[at] = (char)(whole.data[at] ^ 0x55);
            tl_buf_free(&out);
        }
        if (refused == 0)
            fail_msg("%s: no damage was ever noticed", packers[i].name);
        tl_buf_free(&whole);
    }
}

static void test_encrypted_archives(void **state)
{
    (void)state;
    static const packer locked[] = {
        {"7z", "locked.7z", "7z a -bd -psecret locked.7z Posts.xml >/dev/null", NULL},
        {"7z", "hidden.7z", "7z a -bd -psecret -mhe=on hidden.7z Posts.xml >/dev/null", NULL},
        {"zip", "locked.zip", "zip -q -P secret locked.zip Posts.xml", NULL},
        {"7z", "aes.zip", "7z a -bd -tzip -mem=AES256 -psecret aes.zip Posts.xml >/dev/null", NULL},
    };
    for (size_t i = 0; i < sizeof locked / sizeof *locked; i++)
        if (pack(&locked[i]))
            expect_failure(test_path(folder, locked[i].name), TL_BAD_INPUT, "encrypted");
}

static void test_archive_of_several(void **state)
{
    (void)state;
    static const packer several[] = {
        {"7z", "s.7z", "7z a -bd s.7z Comments.xml sub >/dev/null", NULL},
        {"zip", "s.zip", "zip -q -r s.zip Comments.xml sub", NULL},
    };
    assert_int_equal(test_shell("cd '%s' && mkdir -p sub/empty && cp Posts.xml sub && echo '<comments/>' >Comments.xml", folder), 0);
    for (size_t i = 0; i < sizeof several / sizeof *several; i++) {
        if (!pack(&several[i]))
            continue;
        tl_source *s = open_good(test_path(folder, several[i].name));
        int members = 0, rc;
        while ((rc = tl_source_next(s, NULL)) == 1) { /* folders are no members */
            tl_buf out = {0};
            bool posts = strcmp(tl_source_member(s), "Posts.xml") == 0;
            if (!posts)
                assert_string_equal(tl_source_member(s), "Comments.xml");
            if (posts) { /* the other is skipped unread */
                assert_int_equal(read_member(s, 4096, &out, NULL), 0);
                assert_true(tl_str_eq(tl_buf_str(&out), tl_buf_str(&text)));
            }
            tl_buf_free(&out);
            members++;
        }
        assert_int_equal(rc, 0);
        assert_int_equal(members, 2);
        tl_source_close(s);
    }
}

/* Several gzip members and zstd frames are one file. */
static void test_concatenated_streams(void **state)
{
    (void)state;
    static const packer joined[] = {
        {"gzip", "j.gz", "head -c 300000 Posts.xml | gzip >j.gz && tail -c +300001 Posts.xml | gzip >>j.gz", "j.gz"},
        {"zstd", "j.zst", "head -c 300000 Posts.xml | zstd -q >j.zst && tail -c +300001 Posts.xml | zstd -q >>j.zst", "j.zst"},
        {"xz", "j.xz", "head -c 300000 Posts.xml | xz >j.xz && tail -c +300001 Posts.xml | xz >>j.xz", "j.xz"},
        {"bzip2", "j.bz2", "head -c 300000 Posts.xml | bzip2 >j.bz2 && tail -c +300001 Posts.xml | bzip2 >>j.bz2", "j.bz2"},
    };
    for (size_t i = 0; i < sizeof joined / sizeof *joined; i++)
        if (pack(&joined[i])) {
            tl_source *s = open_good(test_path(folder, joined[i].name));
            expect_text(s, joined[i].member, 10000);
            tl_source_close(s);
        }
}

/* ---- pipes -------------------------------------------------------------- */

/* Runs `command` with its output on a FIFO and opens that. */
static tl_source *open_fifo(const char *command)
{
    const char *fifo = test_path(folder, "fifo");
    unlink(fifo);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(test_shell("(cd '%s' && exec %s) >'%s' 2>/dev/null &", folder, command, fifo), 0);
    return open_good(fifo);
}

static void test_fifo(void **state)
{
    (void)state;
    tl_source *s = open_fifo("cat Posts.xml");
    assert_int_equal(tl_source_size(s), -1);
    assert_int_equal(tl_source_mtime(s), 0);
    assert_false(tl_source_seek(s, 0));
    expect_text(s, "fifo", 4096);
    tl_source_close(s);
}

static void test_compressed_pipes(void **state)
{
    (void)state;
    static const char *const tools[] = {"gzip", "zstd", "xz", "bzip2"};
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        char command[64];
        if (!test_have(tools[i]))
            continue;
        snprintf(command, sizeof command, "%s -c Posts.xml", tools[i]);
        tl_source *s = open_fifo(command);
        assert_true(tl_source_is_archive(s));
        expect_text(s, "fifo", 4096);
        tl_source_close(s);
    }
}

static void test_7z_needs_a_file(void **state)
{
    (void)state;
    if (!pack(&packers[0]))
        skip();
    const char *fifo = test_path(folder, "fifo");
    unlink(fifo);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(test_shell("cat '%s/a.7z' >'%s' 2>/dev/null &", folder, fifo), 0);
    tl_source *s;
    tl_error err;
    assert_int_equal(tl_source_open(&s, fifo, NULL, &err), TL_USAGE);
    assert_null(s);
    assert_non_null(strstr(err.message, "pipe"));
}

/* Standard input may be a file: it is read from its beginning, each time. */
static void test_standard_input(void **state)
{
    (void)state;
    int saved = dup(STDIN_FILENO), fd = open(test_path(folder, "Posts.xml"), O_RDONLY);
    assert_true(saved >= 0 && fd >= 0);
    dup2(fd, STDIN_FILENO);
    for (int twice = 0; twice < 2; twice++) {
        tl_source *s = open_good("-");
        assert_int_equal(tl_source_size(s), text.len);
        expect_text(s, "-", 10000);
        tl_source_close(s);
    }
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(fd);
}

/* ---- cancelling --------------------------------------------------------- */

typedef struct waiting {
    tl_source *source;
    ssize_t result;
    atomic_bool done;
} waiting;

static void *wait_for_bytes(void *arg)
{
    waiting *w = arg;
    char c;
    tl_error err;
    w->result = tl_source_read(w->source, &c, 1, &err);
    atomic_store(&w->done, true);
    return NULL;
}

static void on_signal(int sig)
{
    (void)sig;
}

/* A reader that waits for a silent pipe sees the cancel, also when the signal that
 * asked for it interrupts its very wait. */
static void test_silent_pipe_can_be_cancelled(void **state)
{
    (void)state;
    int ends[2], saved = dup(STDIN_FILENO);
    tl_cancel cancel = {false};
    struct sigaction action = {.sa_handler = on_signal}, old;
    sigaction(SIGUSR1, &action, &old);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "<posts>", 7), 7);
    dup2(ends[0], STDIN_FILENO);

    waiting w = {0};
    tl_error err;
    char head[100];
    pthread_t thread;
    /* The first bytes are read at once; a writer that is slow must end its first
     * block, or the opening would wait for it. */
    memset(head, ' ', sizeof head);
    assert_int_equal(write(ends[1], head, sizeof head), sizeof head);
    assert_int_equal(tl_source_open(&w.source, "-", &cancel, &err), TL_OK);
    assert_int_equal(tl_source_next(w.source, &err), 1);
    while (tl_source_taken(w.source) < 107)
        assert_true(tl_source_read(w.source, head, sizeof head, &err) > 0);
    assert_int_equal(pthread_create(&thread, NULL, wait_for_bytes, &w), 0);
    usleep(50000);
    atomic_store(&cancel.requested, true);
    pthread_kill(thread, SIGUSR1);
    for (int i = 0; i < 500 && !atomic_load(&w.done); i++)
        usleep(10000);
    bool done = atomic_load(&w.done);
    close(ends[1]); /* ends the wait of a reader that did not see it */
    dup2(saved, STDIN_FILENO);
    close(ends[0]);
    pthread_join(thread, NULL);
    close(saved);
    sigaction(SIGUSR1, &old, NULL);
    tl_source_close(w.source);
    assert_true(done);
    assert_int_equal(w.result, TL_INTERRUPTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_file),
        cmocka_unit_test(test_seek),
        cmocka_unit_test(test_what_cannot_be_opened),
        cmocka_unit_test(test_short_file),
        cmocka_unit_test(test_archives),
        cmocka_unit_test(test_truncated_archives),
        cmocka_unit_test(test_cut_streams),
        cmocka_unit_test(test_damaged_archives),
        cmocka_unit_test(test_encrypted_archives),
        cmocka_unit_test(test_archive_of_several),
        cmocka_unit_test(test_concatenated_streams),
        cmocka_unit_test(test_fifo),
        cmocka_unit_test(test_compressed_pipes),
        cmocka_unit_test(test_7z_needs_a_file),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_silent_pipe_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
