#include <archive.h>
#include <libxml/xmlversion.h>
#include <sqlite3.h>
#include <xxhash.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <ini.h>
#include <jansson.h>
#include <pcre2.h>

#include "base/threads.h"
#include "cuda/loader.h"
#include "tools/cli/cli.h"

static const tl_option options[] = {TL_COMMON_OPTIONS};

/* A line for each GPU, or why there is none. */
static int describe_gpus(tl_buf *out, tl_error *err)
{
    enum { MAX_GPUS = 16 };
    tl_cuda_device gpus[MAX_GPUS];
    size_t found = 0;
    int rc = tl_cuda_devices(gpus, MAX_GPUS, &found, err);
    if (rc == TL_NO_MEMORY)
        return rc;
    if (rc)
        tl_buf_printf(out, "GPU          %s\n", err->message);
    for (size_t i = 0; i < found; i++)
        tl_buf_printf(out, "GPU          %s, compute capability %d.%d, %d multiprocessors, %.1f GB\n",
                      gpus[i].name, gpus[i].major, gpus[i].minor, gpus[i].multiprocessors,
                      (double)gpus[i].memory / 1e9);
    return TL_OK;
}

static const char *or_none(const char *version)
{
    return version ? version : "none";
}

static int run(int n, char **operands, tl_error *err)
{
    (void)operands;
    int rc = tl_cli_operands(n, 0, 0, "none", err);
    if (rc)
        return rc;
    char pcre[64] = "";
    pcre2_config(PCRE2_CONFIG_VERSION, pcre);
    tl_buf out = {0};
    tl_buf_printf(&out, "tracelode %s\n", TL_VERSION);
    tl_buf_printf(&out, "compiler     %s\n", __VERSION__);
    tl_buf_printf(&out, "processors   %d\n", tl_cpu_count());
    tl_buf_printf(&out, "engines      suffix, ccspan, cuda\n");
    rc = describe_gpus(&out, err);
    tl_buf_printf(&out, "libxml2      %s\n", LIBXML_DOTTED_VERSION);
    tl_buf_printf(&out, "PCRE2        %s\n", pcre);
    tl_buf_printf(&out, "SQLite       %s\n", sqlite3_libversion());
    tl_buf_printf(&out, "libarchive   %s; zlib %s, liblzma %s, bzip2 %s, zstd %s\n",
                  archive_version_string() + strlen("libarchive "), or_none(archive_zlib_version()),
                  or_none(archive_liblzma_version()), or_none(archive_bzlib_version()),
                  or_none(archive_libzstd_version())); /* archive_version_details exits without memory */
    tl_buf_printf(&out, "jansson      %s\n", jansson_version_str());
    tl_buf_printf(&out, "xxHash       %d.%d.%d\n", XXH_VERSION_MAJOR, XXH_VERSION_MINOR, XXH_VERSION_RELEASE);
    tl_libraries *libraries = NULL;
    if (rc == TL_OK)
        rc = tl_cli_libraries(&libraries, NULL, NULL, err);
    if (rc == TL_OK) {
        tl_buf_printf(&out, "libraries   ");
        for (size_t i = 0; i < tl_libraries_count(libraries); i++)
            tl_buf_printf(&out, " %s", tl_libraries_key(libraries, i));
        tl_buf_add_char(&out, '\n');
        tl_libraries_free(libraries);
    }
    if (rc == TL_OK)
        rc = tl_buf_check(&out, "the version text", err);
    if (rc == TL_OK)
        rc = tl_cli_print(tl_buf_str(&out), err);
    tl_buf_free(&out);
    return rc;
}

const tl_command tl_cmd_info = {
    .name = "info",
    .synopsis = "[OPTION]...",
    .summary = "print version, engines, GPU and the libraries it was built with",
    .text = "Prints the version, the mining engines, the GPU if there is one, the versions of "
            "the libraries in use and the machine-learning libraries that are looked for.",
    .examples = "  tracelode info\n"
                "      everything, for a bug report\n"
                "  tracelode info | head -n 1\n"
                "      the version alone\n",
    .options = options,
    .run = run,
};
