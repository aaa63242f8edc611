#include "extract/extract.h"

#include <stdio.h>
#include <stdlib.h>

#include "extract/hash.h"
#include "extract/intake.h"
#include "extract/pipeline.h"
#include "extract/plan.h"
#include "extract/reader.h"
#include "extract/source.h"

/* One input on its way through the pipeline. */
typedef struct job {
    const tl_extract_options *options;
    const tl_plan_item *item;
    tl_store *store;
    tl_source *source; /* stays open from one member of an archive to a later one */
    const char *path;  /* ... its path in the plan, ... */
    size_t members;    /* ... and how many of its members were begun */
    tl_reader *reader;
    tl_hash *hash;
    tl_selection selection; /* as it applies to this input; the workers' too */
    tl_worker **workers;    /* one a thread of the pipeline, ... */
    tl_worker *intake_worker; /* ... and the intake's */
    tl_task task;
    tl_intake *intake;
    tl_input in;
    /* Bytes before `verify` are in the store: they are read again only to see that
     * they hash to in.hash.  0: nothing to verify (any more). */
    uint64_t verify;
    bool sealed; /* the store has all of it: nothing may come after the cursor */
    bool known;  /* ... and this is the very file: no need to look */
    unsigned char expected[TL_HASH_DIGEST];
} job;

/* ---- reading ------------------------------------------------------------ */

static ssize_t read_source(void *ctx, void *to, size_t cap, tl_error *err)
{
    return tl_source_read(((job *)ctx)->source, to, cap, err);
}

/* Moves to the item's member.  An archive is opened anew only to go back in it: what
 * lies before a member has to be read, or even decompressed, each time. */
static int open_source(job *j, tl_error *err)
{
    int rc = TL_OK;
    if (!j->source || j->path != j->item->path || j->members > j->item->member) {
        tl_source_close(j->source);
        j->source = NULL;
        rc = tl_source_open(&j->source, j->item->path, j->options->cancel, err);
        j->path = j->item->path;
        j->members = 0;
    }
    for (; rc == TL_OK && j->members <= j->item->member; j->members++) {
        rc = tl_source_next(j->source, err);
        if (rc == 0)
            return tl_fail(err, TL_BAD_INPUT, "%s: is gone from the archive", j->item->name);
        rc = rc == 1 ? TL_OK : rc;
    }
    return rc;
}

/* Opens the input, recognises it and reads up to its first row. */
static int start_reading(job *j, tl_error *err)
{
    int rc = open_source(j, err);
    if (rc)
        return rc;
    tl_reader_free(j->reader);
    j->reader = NULL;
    tl_hash_reset(j->hash);
    rc = tl_reader_new(&j->reader, j->item->name, j->options->container, read_source, j, err);
    if (rc == TL_OK)
        rc = tl_reader_start(j->reader, err);
    if (rc)
        return rc;
    const tl_format *format = tl_reader_format(j->reader);
    j->task = (tl_task){.name = j->item->name, .format = format, .answers_only = j->in.pass == 2};
    j->selection = j->options->selection;
    /* Nobody tags what is in issues and logs after the study's libraries. */
    if (format->container == TL_CONTAINER_JSONL || format->container == TL_CONTAINER_TEXT)
        j->selection.all = true;
    return TL_OK;
}

/* Goes on at the cursor of a plain file without reading what is before it. */
static bool jump_to_cursor(job *j)
{
    bool jumped = tl_reader_can_jump(j->reader) &&
                  tl_hash_restore(j->hash, j->in.hash_state, j->in.hash_state_len) &&
                  tl_source_seek(j->source, (uint64_t)j->in.cursor) &&
                  tl_reader_jump(j->reader, (uint64_t)j->in.cursor);
    if (!jumped)
        tl_hash_reset(j->hash);
    return jumped;
}

static int changed_input(const job *j, tl_error *err)
{
    return tl_fail(err, TL_BAD_INPUT,
                   "%s: has changed since it was read into this store (site %s); use --force to read "
                   "it again from the start",
                   j->item->name, j->item->site);
}

/* Passes over the rows that are in the store, and at the cursor compares the hash.  A log's
 * chunks stay, to be replayed. */
static int verify_rows(job *j, tl_batch *b, tl_error *err)
{
    tl_row_batch *rows = &b->rows;
    const size_t all = rows->n_rows;
    size_t n = 0;
    b->known = rows->bytes.len;
    if (j->verify - rows->offset < b->known)
        b->known = (size_t)(j->verify - rows->offset);
    while (n < all && rows->rows[n].begin < b->known)
        n++;
    b->replay = n > 0 && j->task.format->container == TL_CONTAINER_TEXT && !j->sealed;
    if (!b->replay) {
        memmove(rows->rows, rows->rows + n, (all - n) * sizeof *rows->rows);
        rows->n_rows = all - n;
    }
    tl_hash_add(j->hash, rows->bytes.data, b->known);
    if (rows->next < j->verify)
        return TL_OK;
    unsigned char digest[TL_HASH_DIGEST];
    tl_hash_digest(j->hash, digest);
    j->verify = 0;
    return memcmp(digest, j->expected, sizeof digest) == 0 ? TL_OK : changed_input(j, err);
}

static int fill_batch(void *ctx, tl_batch *b, tl_error *err)
{
    job *j = ctx;
    do {
        b->known = 0;
        int rc = tl_reader_fill(j->reader, &b->rows, err);
        if (rc == 0 && j->verify > 0) /* shorter than what was read before */
            return changed_input(j, err);
        if (rc != 1)
            return rc;
        if (j->verify > 0 && (rc = verify_rows(j, b, err)) != TL_OK)
            return rc;
    } while (b->rows.n_rows == 0);
    b->taken = tl_source_taken(j->source);
    return j->sealed ? changed_input(j, err) : 1;
}

/* When something fails, nobody need wait for what a pipe will bring.  Returns `rc`. */
static int stop_reading(job *j, int rc)
{
    if (rc)
        tl_source_stop(j->source);
    return rc;
}

static int work_batch(void *ctx, int worker, tl_batch *b, tl_error *err)
{
    job *j = ctx;
    return stop_reading(j, tl_worker_read(j->workers[worker], &j->task, b, err));
}

static int write_batch(void *ctx, tl_batch *b, tl_error *err)
{
    job *j = ctx;
    if (j->options->progress)
        j->options->progress(j->options->ctx, j->item->name, b->taken, tl_source_size(j->source));
    if (!b->replay) /* here and not in the reader, which has more to do */
        tl_hash_add(j->hash, b->rows.bytes.data + b->known, b->rows.bytes.len - b->known);
    return stop_reading(j, tl_intake_batch(j->intake, b, j->hash, err));
}

/* ---- one input ---------------------------------------------------------- */

/* What decides which rows are kept and how they are read, as text. */
static void describe_selection(const tl_selection *sel, tl_hash *hash, char *text, size_t cap)
{
    unsigned char digest[TL_HASH_DIGEST];
    tl_str part = tl_libraries_language(sel->libraries);
    tl_hash_reset(hash);
    tl_hash_add(hash, part.data, part.len);
    for (size_t i = 0; i < tl_libraries_count(sel->libraries); i++) {
        const char *key = tl_libraries_key(sel->libraries, i);
        part = tl_libraries_tag(sel->libraries, i);
        tl_hash_add(hash, key, strlen(key) + 1);
        tl_hash_add(hash, part.data, part.len + 1); /* NUL-terminated */
    }
    tl_hash_digest(hash, digest);
    int n = snprintf(text, cap, "version %d, %s%zu libraries (%02x%02x%02x%02x):", TL_EXTRACT_VERSION,
                     sel->all ? "all questions, " : "", tl_libraries_count(sel->libraries), digest[0],
                     digest[1], digest[2], digest[3]);
    for (size_t i = 0; i < tl_libraries_count(sel->libraries) && (size_t)n < cap; i++)
        n += snprintf(text + n, cap - (size_t)n, " %s", tl_libraries_key(sel->libraries, i));
}

/* Compares what the store knows of the input with what is here.  Sets *outcome and
 * prepares to resume. */
static int prepare_known(job *j, const tl_input *now, tl_outcome *outcome, tl_error *err)
{
    if (strcmp(j->in.selection, now->selection) != 0)
        return tl_fail(err, TL_BAD_INPUT,
                       "%s: was read with another selection (\"%s\", now \"%s\"); use --force to read "
                       "it again",
                       j->item->name, j->in.selection, now->selection);
    if (strcmp(j->in.kind, now->kind) != 0 || j->in.size != now->size)
        return changed_input(j, err);
    bool same_file = j->in.mtime == now->mtime && now->size >= 0;
    *outcome = j->in.complete ? TL_ALREADY_COMPLETE : TL_RESUMED;
    j->sealed = j->in.complete;
    j->known = j->in.complete && same_file;
    if (j->known)
        return TL_OK;
    /* A copy, or a pipe: only its bytes can tell whether it is the same. */
    if (j->in.cursor > 0 && !(same_file && jump_to_cursor(j))) {
        j->verify = (uint64_t)j->in.cursor;
        memcpy(j->expected, j->in.hash, sizeof j->expected);
    }
    return TL_OK;
}

/* Finds or adds the input in the store, in a transaction of its own. */
static int prepare(job *j, tl_outcome *outcome, tl_error *err)
{
    tl_input now = {.size = tl_source_size(j->source),
                    .mtime = tl_source_mtime(j->source),
                    .pass = 1,
                    .last_orphan = INT64_MIN};
    snprintf(now.kind, sizeof now.kind, "%s", tl_reader_kind(j->reader));
    describe_selection(&j->selection, j->hash, now.selection, sizeof now.selection);
    tl_hash_reset(j->hash);
    int rc = tl_input_site(j->store, j->item->site, &now.site_id, err);
    if (rc == TL_OK)
        rc = tl_input_find(j->store, now.site_id, j->item->name, &j->in, err);
    const bool outdated = rc == 1 && j->in.pass == 0;
    if (rc == 1 && (j->options->force || outdated))
        rc = tl_input_delete(j->store, j->in.input_id, err);
    else if (rc == 1)
        return prepare_known(j, &now, outcome, err);
    if (rc)
        return rc;
    *outcome = TL_READ;
    j->in = now;
    return tl_input_add(j->store, j->item->name, &j->in, err);
}

static int run_pass(job *j, tl_error *err)
{
    tl_pipeline plan = {.workers = j->options->workers,
                        .cancel = j->options->cancel,
                        .ctx = j,
                        .fill = fill_batch,
                        .work = work_batch,
                        .write = write_batch};
    int rc = tl_pipeline_run(&plan, err);
    /* What came before a bad byte or an interruption is good: keep it. */
    if (rc == TL_OK || rc == TL_BAD_INPUT || rc == TL_INTERRUPTED) {
        tl_error second;
        int saved = tl_intake_commit(j->intake, &second);
        if (saved) {
            *err = second;
            return saved;
        }
    }
    return rc;
}

/* Fails if there are rows but none that can be read: this is not what the name promised. */
static int check_rows(const job *j, tl_error *err)
{
    static const char *const rows[] = {[TL_CONTAINER_XML] = "<row Id=\"1\" PostTypeId=\"1\" Body=\"...\" />",
                                       [TL_CONTAINER_CSV] = "as many fields in each as in the header",
                                       [TL_CONTAINER_JSONL] = "{\"id\": ..., \"body\": ...}, one object a line"};
    const tl_input_counts *c = &j->in.counts;
    if (c->rows == 0 || c->quarantined < c->rows)
        return TL_OK;
    int64_t offset;
    char reason[256];
    int rc = tl_input_first_fault(j->store, j->in.input_id, &offset, reason, sizeof reason, err);
    if (rc)
        return rc;
    return tl_fail(err, TL_BAD_INPUT, "%s: none of its %lld rows can be read; expected %s; the first, at byte %lld: %s",
                   j->item->name, (long long)c->rows, rows[j->task.format->container], (long long)offset, reason);
}

static int read_input(job *j, tl_input_report *report, tl_error *err)
{
    j->task.answers_only = j->in.pass == 2;
    int rc = tl_intake_new(&j->intake, j->store, &j->selection, &j->task, j->intake_worker, &j->in, err);
    if (rc)
        return rc;
    j->task.questions = tl_intake_questions(j->intake);
    rc = run_pass(j, err);
    if (rc)
        return rc;
    if (j->in.pass == 1 && j->in.disorder) {
        if (tl_source_size(j->source) < 0)
            report->unordered_pipe = true;
        else {
            j->in.pass = 2;
            j->in.cursor = 0;
            rc = start_reading(j, err);
            j->task.questions = tl_intake_questions(j->intake);
            if (rc == TL_OK)
                rc = run_pass(j, err);
            if (rc)
                return rc;
        }
    }
    if ((rc = check_rows(j, err)) != TL_OK)
        return rc;
    if (!j->sealed && (rc = tl_intake_finish(j->intake, err)) != TL_OK)
        return rc;
    j->in.complete = true;
    j->in.hash_state_len = 0;
    return tl_intake_commit(j->intake, err);
}

static int new_workers(job *j, tl_error *err)
{
    j->workers = calloc((size_t)j->options->workers, sizeof *j->workers);
    j->hash = tl_hash_new();
    if (!j->workers || !j->hash)
        return tl_fail_memory(err, "the workers");
    int rc = tl_worker_new(&j->intake_worker, &j->selection, err);
    for (int i = 0; rc == TL_OK && i < j->options->workers; i++)
        rc = tl_worker_new(&j->workers[i], &j->selection, err);
    return rc;
}

static int run_item(job *j, tl_input_report *report, tl_error *err)
{
    int rc = start_reading(j, err);
    if (rc)
        return rc;
    snprintf(report->kind, sizeof report->kind, "%s", tl_reader_kind(j->reader));
    report->content = tl_reader_format(j->reader)->content;
    rc = tl_store_begin(j->store, err);
    if (rc == TL_OK)
        rc = prepare(j, &report->outcome, err);
    if (rc == TL_OK)
        rc = tl_store_commit(j->store, err);
    if (rc) {
        tl_store_rollback(j->store);
        return rc;
    }
    if (!j->known)
        rc = read_input(j, report, err);
    report->counts = j->in.counts;
    return rc;
}

/* Ready for the next item; the workers stay, and the source if nothing is wrong with it. */
static void finish_item(job *j, int rc)
{
    tl_intake_free(j->intake);
    tl_reader_free(j->reader);
    j->intake = NULL;
    j->reader = NULL;
    if (rc) {
        tl_source_close(j->source);
        j->source = NULL;
    }
    j->in = (tl_input){0};
    j->verify = 0;
    j->sealed = j->known = false;
}

static int run_items(job *j, const tl_plan *plan, tl_error *err)
{
    int first = TL_OK;
    for (size_t i = 0; i < plan->n; i++) {
        j->item = &plan->items[i];
        tl_input_report report = {.name = j->item->name, .site = j->item->site};
        int rc = run_item(j, &report, &report.error);
        finish_item(j, rc);
        if (rc)
            report.outcome = TL_FAILED;
        if (j->options->report)
            j->options->report(j->options->ctx, &report);
        if (rc && first == TL_OK) {
            first = rc;
            *err = report.error;
        }
        if (rc && rc != TL_BAD_INPUT)
            return rc;
    }
    return first;
}

int tl_extract(tl_store *store, const tl_extract_options *o, tl_error *err)
{
    tl_arena arena = {0};
    tl_plan plan;
    job j = {.options = o, .store = store, .selection = o->selection};
    int rc = tl_plan_make(&plan, o->paths, o->n_paths, o->site, o->container, &arena, o->cancel, err);
    if (rc == TL_OK)
        rc = new_workers(&j, err);
    if (rc == TL_OK)
        rc = run_items(&j, &plan, err);
    if ((rc == TL_OK || rc == TL_BAD_INPUT) && o->outdated) {
        int told = tl_input_each_outdated(store, o->outdated, o->ctx, rc ? NULL : err);
        rc = rc ? rc : told;
    }
    for (int i = 0; j.workers && i < o->workers; i++)
        tl_worker_free(j.workers[i]);
    free(j.workers);
    tl_worker_free(j.intake_worker);
    tl_source_close(j.source);
    tl_hash_free(j.hash);
    tl_arena_free(&arena);
    return rc;
}
