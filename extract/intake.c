#include "extract/intake.h"

#include <stdlib.h>
#include <time.h>

#include "extract/log.h"

/* A run that is killed loses what was not committed, and a commit costs much the same
 * however little it holds: one every so many bytes, but for at most so great a part of
 * the time. */
enum { COMMIT_BYTES = 16 * TL_BLOCK_BYTES, COMMIT_SHARE = 16 };

static const char *const measure_names[TL_MEASURES] = {"score", "views", "comments", "answers"};

/* Rows of an input whose fault is described in the store; more are only counted, or a
 * small archive of nothing but bad rows would fill the disk. */
enum { MAX_QUARANTINE = 10000 };

struct tl_intake {
    tl_store *store;
    tl_writer *writer;
    tl_worker *worker; /* parses answers that were only scanned */
    tl_log *log; /* of a log */
    bool log_open;
    tl_input *in;
    const tl_selection *selection;
    const tl_task *task;
    int64_t library_ids[TL_MAX_LIBRARIES], all_id;
    tl_map questions; /* id to question_key, of this site */
    tl_histogram histograms[TL_MEASURES];
    bool outdated;           /* the inputs that speak of the site's questions, since one was added */
    int uncommitted;         /* batches since the last commit, ... */
    uint64_t bytes;          /* ... their bytes, ... */
    int64_t ended, duration; /* ... which ended then, after so long, in nanoseconds */
    bool failed;             /* a batch was taken in part: nothing may be saved */
};

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int no_memory(tl_error *err)
{
    return tl_fail_memory(err, "the list of questions");
}

static int remember_question(void *ctx, int64_t id, int64_t key)
{
    tl_intake *k = ctx;
    return tl_map_put(&k->questions, tl_map_int_key(&id), key) ? 0 : TL_NO_MEMORY;
}

static int load(tl_intake *k, tl_error *err)
{
    const tl_libraries *libs = k->selection->libraries;
    int rc = tl_store_begin(k->store, err);
    for (size_t i = 0; rc == TL_OK && i < tl_libraries_count(libs); i++)
        rc = tl_writer_library(k->writer, tl_libraries_key(libs, i), tl_libraries_name(libs, i),
                               &k->library_ids[i], err);
    if (rc == TL_OK && k->selection->all)
        rc = tl_writer_library(k->writer, "all", "All questions", &k->all_id, err);
    if (rc == TL_OK)
        rc = tl_store_commit(k->store, err);
    if (rc) {
        tl_store_rollback(k->store);
        return rc;
    }
    rc = tl_writer_each_question(k->writer, k->in->site_id, remember_question, k, err);
    return rc == TL_NO_MEMORY ? no_memory(err) : rc;
}

int tl_intake_new(tl_intake **out, tl_store *store, const tl_selection *selection, const tl_task *task,
                  tl_worker *worker, tl_input *in, tl_error *err)
{
    *out = NULL;
    tl_intake *k = calloc(1, sizeof *k);
    if (!k)
        return no_memory(err);
    k->store = store;
    k->selection = selection;
    k->task = task;
    k->worker = worker;
    k->in = in;
    int rc = tl_writer_new(&k->writer, store, err);
    if (rc == TL_OK && task->format->container == TL_CONTAINER_TEXT)
        rc = tl_log_new(&k->log, k->writer, task->name, err);
    if (rc == TL_OK)
        rc = load(k, err);
    if (rc) {
        tl_intake_free(k);
        return rc;
    }
    *out = k;
    return TL_OK;
}

void tl_intake_free(tl_intake *k)
{
    if (!k)
        return;
    tl_store_rollback(k->store);
    tl_log_free(k->log);
    tl_writer_free(k->writer);
    tl_map_free(&k->questions);
    for (int m = 0; m < TL_MEASURES; m++)
        tl_histogram_free(&k->histograms[m]);
    free(k);
}

const tl_map *tl_intake_questions(const tl_intake *k)
{
    return &k->questions;
}

/* The libraries of a record as ids; their number. */
static size_t library_ids(const tl_intake *k, const tl_record *r, int64_t ids[TL_MAX_LIBRARIES + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < tl_libraries_count(k->selection->libraries); i++)
        if (r->libraries >> i & 1)
            ids[n++] = k->library_ids[i];
    if (r->in_all)
        ids[n++] = k->all_id;
    return n;
}

/* What was read of comments and revisions was read without the question that was added. */
static int outdate_remarks(tl_intake *k, tl_error *err)
{
    int rc = k->outdated ? TL_OK : tl_input_outdate(k->store, k->in->site_id, err);
    k->outdated = rc == TL_OK;
    return rc;
}

static int take_question(tl_intake *k, const tl_record *r, tl_error *err)
{
    int64_t ids[TL_MAX_LIBRARIES + 1], key, id = r->post.id.number;
    size_t n = library_ids(k, r, ids);
    int rc = tl_writer_question(k->writer, k->in->site_id, k->in->input_id, &r->post, ids, n,
                                r->readings, &key, err);
    if (rc < 0)
        return rc;
    if (rc == 1) {
        k->in->counts.duplicates++;
        return TL_OK;
    }
    k->in->counts.questions++;
    if (r->post.id.text.data) /* has no answers */
        return TL_OK;
    if (id < k->in->last_orphan)
        k->in->disorder = true;
    if (!tl_map_put(&k->questions, tl_map_int_key(&id), key))
        return no_memory(err);
    int64_t moved = 0;
    rc = outdate_remarks(k, err);
    if (rc == TL_OK)
        rc = tl_writer_adopt(k->writer, k->in->site_id, id, key, &moved, err);
    k->in->counts.answers += moved;
    return rc;
}

static int take_answer(tl_intake *k, tl_batch *b, tl_record *r, tl_error *err)
{
    int64_t parent = r->post.parent, id = r->post.id.number;
    const int64_t *key = tl_map_get(&k->questions, tl_map_int_key(&parent));
    bool waits = !key && parent > id && k->in->pass == 1;
    if (!key && !waits) {
        k->in->counts.orphans += k->in->pass == 1;
        if (id > k->in->last_orphan)
            k->in->last_orphan = id;
        return TL_OK;
    }
    if (!r->parsed) {
        int rc = tl_worker_parse_answer(k->worker, k->task, b, r, err);
        if (rc)
            return rc < 0 ? rc : TL_OK;
    }
    if (waits)
        return tl_writer_pending(k->writer, k->in->site_id, k->in->input_id, &r->post, err);
    int rc = tl_writer_answer(k->writer, *key, k->in->input_id, &r->post, err);
    if (rc < 0)
        return rc;
    if (rc == 0) {
        k->in->counts.answers++;
        k->in->counts.orphans -= k->in->pass == 2;
    } else if (k->in->pass == 1)
        k->in->counts.duplicates++;
    return TL_OK;
}

/* A comment, revision or tag. */
static int take_remark(tl_intake *k, const tl_record *r, tl_error *err)
{
    const tl_content content = k->task->format->content;
    const int64_t *key = tl_map_get(&k->questions, tl_map_int_key(&r->post.parent));
    bool part = content == TL_CONTENT_BLOCKS;
    int rc;
    if (content == TL_CONTENT_TAGS)
        rc = tl_writer_tag(k->writer, k->in->site_id, k->in->input_id, r->post.title, r->post.score, err);
    else if (content == TL_CONTENT_COMMENTS)
        rc = tl_writer_comment(k->writer, *key, k->in->input_id, &r->post, err);
    else
        rc = tl_writer_revision(k->writer, *key, k->in->input_id, &r->post, r->revision, part,
                                &r->readings[TL_FULL], err);
    if (rc < 0)
        return rc;
    k->in->counts.kept += rc == 0;
    k->in->counts.duplicates += rc == 1 && !part;
    return TL_OK;
}

static int open_log(tl_intake *k, tl_error *err)
{
    if (!k->log || k->log_open)
        return TL_OK;
    k->log_open = true;
    return tl_log_open(k->log, k->in, k->all_id, err);
}

static int take_record(tl_intake *k, tl_batch *b, tl_record *r, tl_error *err)
{
    if (k->log)
        return tl_log_feed(k->log, r->post.body, b->replay, err);
    if (k->task->format->content != TL_CONTENT_POSTS)
        return take_remark(k, r, err);
    return r->post.kind == TL_QUESTION ? take_question(k, r, err) : take_answer(k, b, r, err);
}

/* Faults are noted after the records: reading an answer may have added one. */
static int take_faults(tl_intake *k, const tl_batch *b, tl_error *err)
{
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < b->n_faults; i++) {
        if (k->in->counts.quarantined >= MAX_QUARANTINE) {
            k->in->counts.quarantined += k->in->pass == 1;
            continue;
        }
        int64_t offset = (int64_t)(b->rows.offset + b->rows.rows[b->faults[i].row].begin);
        rc = tl_writer_quarantine(k->writer, k->in->input_id, offset, b->faults[i].reason, err);
        k->in->counts.quarantined += rc == 0;
        rc = rc < 0 ? rc : TL_OK;
    }
    if (k->in->pass == 1)
        k->in->counts.quarantined += b->more_faults;
    return rc;
}

typedef struct flush {
    tl_intake *intake;
    const char *measure;
    tl_error *err;
    tl_bar bars[TL_BARS]; /* not yet written */
    size_t n;
} flush;

static int flush_bars(flush *f)
{
    const size_t n = f->n;
    f->n = 0;
    return tl_writer_histogram(f->intake->writer, f->intake->in->input_id, f->measure, f->bars, n, f->err);
}

static int flush_value(void *ctx, int64_t value, int64_t n)
{
    flush *f = ctx;
    f->bars[f->n++] = (tl_bar){value, n};
    return f->n == TL_BARS ? flush_bars(f) : TL_OK;
}

static int flush_histogram(tl_intake *k, int measure, tl_error *err)
{
    flush f = {.intake = k, .measure = measure_names[measure], .err = err};
    int rc = tl_histogram_flush(&k->histograms[measure], flush_value, &f);
    return rc ? rc : flush_bars(&f);
}

static int take_measures(tl_intake *k, const tl_batch *b, tl_error *err)
{
    int rc = TL_OK;
    for (size_t i = 0; i < b->n_measures; i++)
        for (int m = 0; m < TL_MEASURES; m++)
            if (b->measures[i][m] != TL_UNKNOWN &&
                !tl_histogram_add(&k->histograms[m], b->measures[i][m]))
                return tl_fail_memory(err, "a histogram");
    for (int m = 0; rc == TL_OK && m < TL_MEASURES; m++)
        if (tl_histogram_full(&k->histograms[m]))
            rc = flush_histogram(k, m, err);
    return rc;
}

static int take_batch(tl_intake *k, tl_batch *b, tl_error *err)
{
    int rc = k->uncommitted == 0 ? tl_store_begin(k->store, err) : TL_OK;
    if (rc)
        return rc;
    k->uncommitted++;
    rc = open_log(k, err);
    for (size_t i = 0; rc == TL_OK && i < b->n_records; i++)
        rc = take_record(k, b, &b->records[i], err);
    if (rc == TL_OK)
        rc = take_faults(k, b, err);
    if (rc == TL_OK)
        rc = take_measures(k, b, err);
    return rc;
}

int tl_intake_batch(tl_intake *k, tl_batch *b, const tl_hash *hash, tl_error *err)
{
    int rc = take_batch(k, b, err);
    k->failed = rc != TL_OK;
    if (rc || b->replay)
        return rc;
    if (k->in->pass == 1) {
        k->in->counts.rows += k->log ? tl_log_lines(k->log) : (int64_t)b->rows.n_rows;
        k->in->counts.repaired += b->repaired;
        k->in->counts.unmatched += b->unmatched;
        k->in->counts.orphans += b->orphans;
    }
    k->in->cursor = (int64_t)b->rows.next;
    tl_hash_digest(hash, k->in->hash);
    k->in->hash_state_len = tl_hash_save(hash, k->in->hash_state, sizeof k->in->hash_state);
    k->bytes += b->rows.next - b->rows.offset;
    bool due = k->bytes >= COMMIT_BYTES && now() - k->ended >= COMMIT_SHARE * k->duration;
    return due ? tl_intake_commit(k, err) : TL_OK;
}

int tl_intake_finish(tl_intake *k, tl_error *err)
{
    int64_t waiting = 0;
    int rc = k->uncommitted == 0 ? tl_store_begin(k->store, err) : TL_OK;
    if (rc)
        return rc;
    k->uncommitted++;
    rc = open_log(k, err); /* if it is empty */
    if (rc == TL_OK && k->log)
        rc = tl_log_end(k->log, err);
    if (rc == TL_OK)
        rc = tl_writer_count_pending(k->writer, k->in->input_id, &waiting, err);
    k->in->counts.orphans += waiting;
    return rc;
}

int tl_intake_commit(tl_intake *k, tl_error *err)
{
    const int64_t begun = now();
    if (k->failed)
        return TL_OK;
    int rc = k->uncommitted == 0 ? tl_store_begin(k->store, err) : TL_OK;
    for (int m = 0; rc == TL_OK && m < TL_MEASURES; m++)
        rc = flush_histogram(k, m, err);
    if (rc == TL_OK)
        rc = tl_input_save(k->store, k->in, err);
    if (rc == TL_OK)
        rc = tl_store_commit(k->store, err);
    if (rc == TL_OK) {
        k->uncommitted = 0;
        k->bytes = 0;
        k->ended = now();
        k->duration = k->ended - begun;
    }
    return rc;
}
