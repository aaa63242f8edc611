#include "tests/support/dumps.h"

#include <stdio.h>
#include <stdlib.h>

#include "sql/store.h"

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

/* ---- dumps -------------------------------------------------------------- */

const char *const test_traceback_body =
    "&lt;p&gt;It fails:&lt;/p&gt;&#xA;&lt;pre&gt;&lt;code&gt;Traceback (most recent call last):&#xA;"
    "  File &quot;/home/me/train.py&quot;, line 12, in &amp;lt;module&amp;gt;&#xA;"
    "    model.fit(x, y)&#xA;"
    "  File &quot;/usr/lib/python3/dist-packages/keras/engine/training.py&quot;, line 100, in fit&#xA;"
    "    raise ValueError(message)&#xA;"
    "ValueError: shapes (3, 4) and (5, 6) differ&#xA;&lt;/code&gt;&lt;/pre&gt;&#xA;";

void test_dump_begin(tl_buf *out)
{
    tl_buf_add_cstr(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<posts>\n");
}

void test_dump_end(tl_buf *out)
{
    tl_buf_add_cstr(out, "</posts>\n");
}

void test_dump_question(tl_buf *out, int64_t id, const char *tags, const char *body)
{
    tl_buf_printf(out,
                  "  <row Id=\"%lld\" PostTypeId=\"1\" AcceptedAnswerId=\"%lld\" "
                  "CreationDate=\"2019-05-%02dT%02d:00:00.%03d\" Score=\"%d\" ViewCount=\"%d\" Body=\"%s\" "
                  "Title=\"Question %lld &amp;quot;\" Tags=\"%s\" AnswerCount=\"%d\" CommentCount=\"%d\" />\n",
                  (long long)id, (long long)id + 1, (int)(id % 28) + 1, (int)(id % 24), (int)(id % 1000),
                  (int)(id % 7) - 2, (int)(id * 7919 % 100000), body, (long long)id, tags, (int)(id % 3),
                  (int)(id % 5));
}

void test_dump_answer(tl_buf *out, int64_t id, int64_t parent)
{
    tl_buf_printf(out,
                  "  <row Id=\"%lld\" PostTypeId=\"2\" ParentId=\"%lld\" "
                  "CreationDate=\"2019-06-%02dT%02d:30:00.000\" Score=\"%d\" Body=\"",
                  (long long)id, (long long)parent, (int)(id % 28) + 1, (int)(id % 24), (int)(id % 9));
    for (int64_t i = id % 200; i >= 0; i--)
        tl_buf_add_cstr(out, "&lt;p&gt;Some answer.&lt;/p&gt;&#xA;");
    tl_buf_add_cstr(out, "\" CommentCount=\"0\" />\n");
}

/* Rows that are broken, or that only the full parse can read. */
static void add_odd_row(tl_buf *out, test_random *random, long long id)
{
    static const char *const odd[] = {
        "<row Id=\"%lld\" PostTypeId=\"1\" Tags=\"&lt;python&gt;&lt;keras&gt;\" Body=\"unclosed />\n",
        "<row Id=\"%lld\" PostTypeId=\"1\" Tags=\"&lt;python&gt;&lt;keras&gt;\" Body=\"raw < here\" />\n",
        "<row Id='%lld' PostTypeId='1' Tags='&lt;python&gt;&lt;keras&gt;' Body='single quotes' />\n",
        "<row Tags=\"&#60;python&#x3e;&#60;nltk&#62;\" Body=\"code\" PostTypeId=\"&#49;\" Id=\"%lld\" />\n",
        "<row Id=\"%lld\" PostTypeId=\"1\" Tags=\"|python|pytorch|\" Body=\"&#x0E; and \x02 and \xFF\" />\n",
        "<row Id=\"%lld\" PostTypeId=\"1\" Tags=\"&lt;python&gt;&lt;keras&gt;\" Body=\"&bad;\" />\n",
        "<row Id=\"%lld\" PostTypeId=\"01\" Tags=\"&lt;python&gt;&lt;keras&gt;\" Body=\"\" />\n",
        "<row Id=\"%lld\" PostTypeId=\"1\" Tags=\"&lt;python&gt;\xFE&lt;keras&gt;\" Body=\"\" />\n",
        "<row Id=\"x%lld\" PostTypeId=\"1\" Tags=\"&lt;python&gt;&lt;keras&gt;\" Body=\"\" />\n",
        "<row Id=\"%lld\" PostTypeId=\"5\" Body=\"a wiki\" />\n",
        "<row Id=\"%lld\" PostTypeId=\"2\" Body=\"no parent\" />\n",
        "<row Id=\"%lld\" Id=\"7\" PostTypeId=\"1\" Tags=\"&lt;python&gt;&lt;keras&gt;\" Body=\"\" />\n",
        "stray text %lld\n",
        "<!-- <row Id=\"%lld\" /> -->\n",
    };
    const char *form = odd[test_random_below(random, sizeof odd / sizeof *odd)];
    char text[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, form, id);
#pragma GCC diagnostic pop
    tl_buf_add_cstr(out, text);
}

static void add_random_post(tl_buf *out, test_random *random, int64_t id, int64_t n)
{
    static const char *const tags[] = {
        "&lt;python&gt;&lt;keras&gt;", "&lt;python-3.x&gt;&lt;tensorflow2.0&gt;&lt;keras&gt;", "|python|nltk|",
        "&lt;java&gt;",                "&lt;python&gt;&lt;pandas&gt;",                         "&lt;keras&gt;",
    };
    static const char *const bodies[] = {
        "", "&lt;p&gt;Nothing here.&lt;/p&gt;", "&lt;pre&gt;&lt;code&gt;x = 1&#xA;&lt;/code&gt;&lt;/pre&gt;"};
    uint32_t kind = test_random_below(random, 16);
    uint32_t body = test_random_below(random, 5);
    if (kind == 0)
        add_odd_row(out, random, (long long)id);
    else if (kind < 7)
        test_dump_question(out, id, tags[test_random_below(random, 6)],
                           body < 3 ? bodies[body] : test_traceback_body);
    else /* some parents come later, some never */
        test_dump_answer(out, id, 1 + test_random_below(random, (uint32_t)n + n / 10));
}

void test_dump_random(tl_buf *out, test_random *random, int64_t n, char order)
{
    int64_t *ids = malloc((size_t)n * sizeof *ids);
    must(ids != NULL, "no memory");
    for (int64_t i = 0; i < n; i++) {
        int64_t k = order == 's' ? test_random_below(random, (uint32_t)i + 1) : i;
        ids[i] = ids[k];
        ids[k] = i + 1;
    }
    test_dump_begin(out);
    for (int64_t i = 0; i < n; i++)
        add_random_post(out, random, ids[i], n);
    test_dump_end(out);
    must(!out->failed, "no memory");
    free(ids);
}

/* ---- extracting --------------------------------------------------------- */

tl_libraries *test_libraries(const char *narrow)
{
    tl_libraries *libraries;
    tl_error err;
    int rc = tl_libraries_new(&libraries, (tl_str){tl_libraries_ini, tl_libraries_ini_len}, "libraries.ini", &err);
    if (rc == TL_OK && narrow)
        rc = tl_libraries_narrow(libraries, narrow, &err);
    must(rc == TL_OK, err.message);
    return libraries;
}

typedef struct listener {
    const test_run *run;
    tl_input_report *last;
} listener;

static void on_report(void *ctx, const tl_input_report *r)
{
    listener *l = ctx;
    if (l->last) {
        *l->last = *r;
        l->last->name = l->last->site = NULL; /* borrowed */
    }
}

static void on_progress(void *ctx, const char *name, int64_t taken, int64_t size)
{
    const listener *l = ctx;
    if (l->run->progress)
        l->run->progress(l->run->ctx, name, taken, size);
}

int test_extract(const test_run *run, tl_input_report *last, tl_error *err)
{
    tl_store *store;
    int rc = tl_store_open(&store, run->db, TL_STORE_CREATE, err);
    if (rc)
        return rc;
    listener l = {run, last};
    tl_libraries *libraries = test_libraries(run->library);
    tl_extract_options o = {
        .paths = run->paths,
        .site = run->site,
        .selection = {.libraries = libraries, .all = run->all, .no_prefilter = run->no_prefilter},
        .container = run->container,
        .force = run->force,
        .workers = run->workers ? run->workers : 2,
        .cancel = run->cancel,
        .ctx = &l,
        .report = on_report,
        .progress = on_progress,
    };
    while (o.n_paths < 8 && run->paths[o.n_paths])
        o.n_paths++;
    rc = tl_extract(store, &o, err);
    tl_libraries_free(libraries);
    tl_store_close(store);
    return rc;
}

/* ---- the store ---------------------------------------------------------- */

static sqlite3 *open_db(const char *path)
{
    sqlite3 *db;
    must(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK, path);
    return db;
}

static sqlite3_stmt *query(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        must(false, sqlite3_errmsg(db));
    return stmt;
}

static void dump_rows(sqlite3 *db, const char *title, const char *sql, tl_buf *out)
{
    sqlite3_stmt *stmt = query(db, sql);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        tl_buf_add_cstr(out, title);
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const char *text = (const char *)sqlite3_column_text(stmt, i);
            int n = sqlite3_column_bytes(stmt, i);
            tl_buf_add_char(out, '|');
            for (int k = 0; text && k < n; k++)
                if (text[k] == '\n')
                    tl_buf_add_cstr(out, "\\n");
                else
                    tl_buf_add_char(out, text[k]);
            if (!text)
                tl_buf_add_cstr(out, "NULL");
        }
        tl_buf_add_char(out, '\n');
    }
    must(rc == SQLITE_DONE, sqlite3_errmsg(db));
    sqlite3_finalize(stmt);
}

/* SELECT of a table's columns, ordered by all of them. */
static void dump_table(sqlite3 *db, const char *table, tl_buf *out)
{
    char text[512];
    tl_buf sql = {0}, columns = {0};
    snprintf(text, sizeof text, "SELECT name FROM pragma_table_info('%s')", table);
    sqlite3_stmt *stmt = query(db, text);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        tl_buf_printf(&columns, "%s\"%s\"", columns.len ? ", " : "", sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    tl_buf_printf(&sql, "SELECT %s FROM \"%s\" ORDER BY %s", columns.data, table, columns.data);
    dump_rows(db, table, sql.data, out);
    tl_buf_free(&sql);
    tl_buf_free(&columns);
}

tl_buf test_store_dump(const char *path, test_dump_kind kind)
{
    tl_buf out = {0};
    sqlite3 *db = open_db(path);
    sqlite3_stmt *tables =
        query(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name");
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(tables, 0);
        if (strcmp(table, "input") == 0) { /* hash_state ends in bytes of no meaning */
            dump_rows(db, "input",
                      kind == TEST_POSTS_ONLY
                          ? "SELECT name, kind, size, selection, hex(hash), complete FROM input ORDER BY 1"
                          : "SELECT name, kind, size, selection, hex(hash), complete, cursor, pass, disorder, "
                            "last_orphan, rows, questions, answers, duplicates, orphans, repaired, quarantined, "
                            "unmatched, kept FROM input ORDER BY 1",
                      &out);
        } else if (kind == TEST_EVERYTHING || strcmp(table, "quarantine") != 0)
            dump_table(db, table, &out);
    }
    sqlite3_finalize(tables);
    sqlite3_close(db);
    must(!out.failed && out.len > 0, "an empty dump");
    return out;
}

int64_t test_store_int(const char *path, const char *sql)
{
    sqlite3 *db = open_db(path);
    sqlite3_stmt *stmt = query(db, sql);
    must(sqlite3_step(stmt) == SQLITE_ROW, sql);
    int64_t value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return value;
}

void test_assert_same_dump(const tl_buf *a, const tl_buf *b, const char *what)
{
    if (a->len == b->len && memcmp(a->data, b->data, a->len) == 0)
        return;
    size_t i = 0, line = 0;
    for (; i < a->len && i < b->len && a->data[i] == b->data[i]; i++)
        if (a->data[i] == '\n')
            line = i + 1;
    fprintf(stderr, "%s: the stores differ:\n- %.*s\n+ %.*s\n", what, (int)strcspn(a->data + line, "\n"),
            a->data + line, (int)strcspn(b->data + line, "\n"), b->data + line);
    abort();
}
