#include <stdlib.h>

#include "extract/extract.h"
#include "tools/cli/steps.h"

typedef struct totals {
    int inputs, failed;
    tl_input_counts counts;
} totals;

static void on_progress(void *ctx, const char *name, int64_t taken, int64_t size)
{
    (void)ctx;
    tl_cli_progress(name, taken, size);
}

static void add_counts(tl_input_counts *to, const tl_input_counts *c)
{
    to->rows += c->rows;
    to->questions += c->questions;
    to->answers += c->answers;
    to->duplicates += c->duplicates;
    to->orphans += c->orphans;
    to->repaired += c->repaired;
    to->quarantined += c->quarantined;
    to->unmatched += c->unmatched;
    to->kept += c->kept;
}

/* Counts that are usually zero are told only when they are not. */
static void add_count(tl_buf *line, int64_t n, const char *what)
{
    if (n)
        tl_buf_printf(line, ", %lld %s", (long long)n, what);
}

static void describe_counts(tl_buf *line, const tl_input_counts *c, const char *kept)
{
    tl_buf_printf(line, "%lld rows read", (long long)c->rows);
    if (kept && *kept)
        tl_buf_printf(line, ", %lld %s kept", (long long)c->kept, kept);
    else if (!kept)
        tl_buf_printf(line, ", %lld questions and %lld answers kept", (long long)c->questions, (long long)c->answers);
    add_count(line, c->quarantined, "rows quarantined");
    add_count(line, c->duplicates, "duplicates skipped");
    add_count(line, c->repaired, "bad bytes repaired");
    add_count(line, c->unmatched, "bodies hit a match limit");
}

static void on_report(void *ctx, const tl_input_report *r)
{
    static const char *const outcomes[] = {[TL_READ] = "",
                                           [TL_RESUMED] = "resumed: ",
                                           [TL_ALREADY_COMPLETE] = "already complete: ",
                                           [TL_FAILED] = "incomplete: "};
    static const char *const kept[] = {[TL_CONTENT_POSTS] = NULL,
                                       [TL_CONTENT_REVISIONS] = "revisions",
                                       [TL_CONTENT_BLOCKS] = "revisions",
                                       [TL_CONTENT_COMMENTS] = "comments",
                                       [TL_CONTENT_TAGS] = "tags",
                                       [TL_CONTENT_OTHER] = ""};
    totals *t = ctx;
    t->inputs++;
    t->failed += r->outcome == TL_FAILED;
    if (r->outcome != TL_ALREADY_COMPLETE) /* its posts were counted when they were read */
        add_counts(&t->counts, &r->counts);
    tl_buf line = {0};
    tl_buf_printf(&line, "%s (%s): %s", r->name, r->site, outcomes[r->outcome]);
    describe_counts(&line, &r->counts, kept[r->content]);
    if (r->kind[0] && r->content == TL_CONTENT_OTHER)
        tl_buf_printf(&line, " (%s hold no posts: checked, nothing kept)", r->kind);
    if (kept[r->content] && r->content != TL_CONTENT_TAGS)
        add_count(&line, r->counts.orphans, "of questions that are not in the store");
    if (!line.failed)
        tl_cli_note("%s", line.data);
    tl_buf_free(&line);
    if (r->unordered_pipe)
        tl_cli_note("%s: warning: the posts are out of order and a pipe cannot be read twice; answers "
                    "that came before their question are missing",
                    r->name);
    /* The first failure is also the program's closing message. */
    if (r->outcome == TL_FAILED && t->failed > 1)
        tl_cli_note("tracelode: %s", r->error.message);
}

static void on_outdated(void *ctx, const char *name, const char *site)
{
    (void)ctx;
    tl_cli_note("%s (%s): the posts of its site were read or replaced after it; give it again to bring it up to date",
                name, site);
}

int tl_step_extract(tl_store *store, char **paths, int n_paths, const tl_extract_step *o, tl_error *err)
{
    tl_libraries *libraries;
    totals t = {0};
    if (o->site && !*o->site)
        return tl_fail(err, TL_USAGE, "--site: expected the name of a site");
    int rc = tl_cli_libraries(&libraries, o->libraries_file, o->library, err);
    if (rc)
        return rc;
    tl_extract_options options = {
        .paths = (const char *const *)paths,
        .n_paths = (size_t)n_paths,
        .site = o->site,
        .selection = {.libraries = libraries, .all = o->all, .no_prefilter = o->no_prefilter},
        .container = (tl_container)o->container,
        .force = o->force,
        .workers = tl_cli_threads(o->threads),
        .cancel = &tl_cli_cancel,
        .ctx = &t,
        .progress = on_progress,
        .report = on_report,
        .outdated = on_outdated,
    };
    rc = tl_extract(store, &options, err);
    tl_libraries_free(libraries);
    if (t.inputs > 1) {
        tl_buf line = {0};
        describe_counts(&line, &t.counts, NULL);
        if (!line.failed)
            tl_cli_note("all %d inputs: %s", t.inputs, line.data);
        tl_buf_free(&line);
    }
    if (rc == TL_INTERRUPTED)
        tl_cli_note("interrupted: what was read is in the store; the same command goes on from there");
    return rc;
}
