#include <errno.h>
#include <stdlib.h>

#include "reports/classifier_store.h"
#include "sql/import.h"
#include "sql/search_index.h"
#include "tools/cli/cli.h"

enum { MAX_KEY = 40 };

static const char *db, *library, *site = "stackoverflow.com";
static int profile = TL_PAPER, support = TL_OCCURRENCES;

static const tl_option options[] = {
    {.name = "db", .letter = 'd', .kind = TL_OPTION_TEXT, .arg = "STUDY.db", .value = &db,
     .help = "the store to write; made if it is not there"},
    {.name = "library", .kind = TL_OPTION_TEXT, .arg = "KEY", .value = &library,
     .help = "whose patterns they are (default: KEY of a file named patterns-KEY.jsonl)"},
    {.name = "profile", .kind = TL_OPTION_CHOICE, .arg = "P", .value = &profile,
     .choices = tl_profile_names, .help = "the profile to store them under, paper or full (default: paper)"},
    {.name = "support", .kind = TL_OPTION_CHOICE, .arg = "KIND", .value = &support,
     .choices = tl_support_names,
     .help = "what their support counts, sequences or occurrences (default: occurrences)"},
    {.name = "site", .kind = TL_OPTION_TEXT, .arg = "NAME", .value = &site,
     .help = "the site of their questions (default: stackoverflow.com)"},
    TL_COMMON_OPTIONS};

/* One file on its way into the store. */
typedef struct source {
    const char *name;
    char key[MAX_KEY + 1];
    tl_published patterns;
} source;

static int set_key(source *s, tl_str key, tl_error *err)
{
    snprintf(s->key, sizeof s->key, TL_STR_FMT, TL_STR_ARG(key));
    if (key.len == 0 || key.len > MAX_KEY || strcmp(s->key, "all") == 0 ||
        s->key[strspn(s->key, "abcdefghijklmnopqrstuvwxyz0123456789._+#-")])
        return tl_fail(err, TL_USAGE,
                       "'%s' is no key of a library: use up to %d of a-z, 0-9 and . _ + - #, but not 'all'",
                       s->key, MAX_KEY);
    return TL_OK;
}

/* From --library, or from the file's name. */
static int find_key(source *s, const char *path, tl_error *err)
{
    static const char head[] = "patterns-", tail[] = ".jsonl";
    if (library)
        return set_key(s, tl_str_from(library), err);
    const char *slash = strrchr(path, '/');
    tl_str name = tl_str_from(slash ? slash + 1 : path);
    size_t h = sizeof head - 1, t = sizeof tail - 1;
    if (name.len <= h + t || memcmp(name.data, head, h) != 0 || memcmp(name.data + name.len - t, tail, t) != 0)
        return tl_fail(err, TL_USAGE,
                       "%s: the name does not tell the library as patterns-KEY.jsonl would; give --library KEY",
                       path);
    return set_key(s, (tl_str){name.data + h, name.len - h - t}, err);
}

static int read_source(source *s, const char *path, tl_error *err)
{
    bool standard = strcmp(path, "-") == 0;
    s->name = standard ? "standard input" : path;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file)
        return tl_fail(err, TL_IO, "%s: cannot open: %s", path, strerror(errno));
    int rc = tl_published_read(&s->patterns, file, s->name, err);
    if (!standard)
        fclose(file);
    return rc;
}

/* Reads all files before the store is touched, so that a bad one leaves no trace. */
static int read_sources(source *sources, int n, char **paths, tl_error *err)
{
    int rc = TL_OK;
    for (int i = 0; rc == TL_OK && i < n; i++) {
        rc = find_key(&sources[i], paths[i], err);
        for (int k = 0; rc == TL_OK && k < i; k++)
            if (strcmp(sources[k].key, sources[i].key) == 0)
                rc = tl_fail(err, TL_USAGE, "%s and %s: both are for the library %s; the second would replace "
                             "the first", paths[k], paths[i], sources[i].key);
    }
    for (int i = 0; rc == TL_OK && i < n; i++)
        rc = read_source(&sources[i], paths[i], err);
    return rc;
}

/* The name of a library that we know, else its key. */
static const char *display_name(const tl_libraries *known, const char *key)
{
    for (size_t i = 0; i < tl_libraries_count(known); i++)
        if (strcmp(tl_libraries_key(known, i), key) == 0)
            return tl_libraries_name(known, i);
    return key;
}

static int store_sources(tl_store *store, const source *sources, int n, tl_error *err)
{
    tl_libraries *known;
    int rc = tl_cli_libraries(&known, NULL, NULL, err);
    if (rc)
        return rc;
    rc = tl_store_begin(store, err);
    for (int i = 0; rc == TL_OK && i < n; i++) {
        tl_import as = {.library = sources[i].key,
                        .library_name = display_name(known, sources[i].key),
                        .site = site,
                        .profile = (tl_profile)profile,
                        .support = (tl_support_kind)support};
        rc = tl_import_patterns(store, &sources[i].patterns, &as, err);
    }
    if (rc == TL_OK)
        rc = tl_classify_store(store, NULL, err);
    if (rc == TL_OK)
        rc = tl_search_index(store, &tl_cli_cancel, err);
    if (rc == TL_OK)
        rc = tl_store_commit(store, err);
    if (rc)
        tl_store_rollback(store);
    tl_libraries_free(known);
    return rc;
}

static int import_files(int n, char **paths, tl_error *err)
{
    tl_store *store = NULL;
    source *sources = calloc((size_t)n, sizeof *sources);
    int rc = sources ? read_sources(sources, n, paths, err) : tl_fail_memory(err, "the files");
    if (rc == TL_OK)
        rc = tl_store_open(&store, db, TL_STORE_CREATE, err);
    if (rc == TL_OK)
        rc = store_sources(store, sources, n, err);
    if (rc == TL_OK)
        rc = tl_store_finish(store, err);
    tl_store_close(store);
    for (int i = 0; sources && i < n; i++) {
        if (rc == TL_OK)
            tl_cli_note("%s: %zu patterns of %s with support >= %lld (profile %s, by %s)", sources[i].name,
                        sources[i].patterns.n, sources[i].key, (long long)sources[i].patterns.min_support,
                        tl_profile_names[profile], tl_support_names[support]);
        tl_published_free(&sources[i].patterns);
    }
    free(sources);
    return rc;
}

static int run(int n, char **operands, tl_error *err)
{
    int rc = tl_cli_operands(n, 1, -1, "one or more files of patterns such as patterns-keras.jsonl", err);
    if (rc == TL_OK && !db)
        rc = tl_fail(err, TL_USAGE, "missing option: -d STUDY.db, the store to write");
    if (rc == TL_OK && library && n > 1)
        rc = tl_fail(err, TL_USAGE, "--library goes with one file");
    if (rc == TL_OK && !*site)
        rc = tl_fail(err, TL_USAGE, "--site: expected the name of a site");
    if (rc)
        return rc;
    rc = import_files(n, operands, err);
    tl_cli_closing("import");
    return rc;
}

const tl_command tl_cmd_import = {
    .name = "import",
    .synopsis = "FILE.jsonl... -d STUDY.db [OPTION]...",
    .summary = "take in published patterns",
    .text = "Reads patterns that somebody published into a store, where tables and 'tracelode sample' "
            "find them like mined ones. A file holds a JSON object a line: {\"support\": 2, "
            "\"frames\": [[\"file\", \"function\"], ...], \"questions\": [ids]}. One bad line, and "
            "nothing is imported. Importing a library's patterns again replaces them.",
    .examples = "  tracelode import patterns-keras.jsonl patterns-nltk.jsonl -d published.db\n"
                "      the patterns of two libraries\n"
                "  tracelode import found.jsonl -d published.db --library keras --profile full\n"
                "      from a file of another name\n",
    .options = options,
    .run = run,
};
