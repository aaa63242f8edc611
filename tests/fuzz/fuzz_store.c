/* A store whose file is damaged, opened by what reads stores: query, match, tables,
 * coding sheets, the check for staleness.  The input is a list of patches: three bytes
 * of position, one of length, and the bytes.  They fail with a reason or answer; nothing
 * that they answer points astray. */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "extract/grammar/grammar.h"
#include "reports/match.h"
#include "reports/query.h"
#include "reports/sheet.h"
#include "reports/tables.h"
#include "sql/patterns.h"
#include "sql/search_index.h"
#include "tests/support/files.h"

static const char world_sql[] =
    "INSERT INTO site VALUES (1, 'stackoverflow.com'), (2, 'elsewhere');"
    "INSERT INTO input (input_id, site_id, name, kind, size, mtime, selection, pass, cursor, hash, hash_state,"
    " last_orphan, disorder) VALUES (1, 1, 'Posts.xml', 'posts', 0, 0, '', 1, 0, x'', x'', 0, 0);"
    "INSERT INTO library VALUES (1, 'keras', 'Keras'), (2, 'nltk', 'NLTK');"
    "INSERT INTO question (question_key, input_id, site_id, id, title, score, views, answers)"
    " VALUES (1, 1, 1, 11, 'shapes cannot be multiplied', 5, 10, 1), (2, 1, 1, 12, 'recursion depth', 1, 20, 0),"
    " (3, 1, 2, 'x/3', 'shapes again', NULL, 30, NULL);"
    "INSERT INTO question_library VALUES (1, 1), (2, 1), (3, 2);"
    "INSERT INTO reading SELECT question_key, 'full', 1, 1, 'unix', 10, 5 FROM question;"
    "INSERT INTO reading SELECT question_key, 'paper', 1, 0, NULL, 9, 4 FROM question;"
    "INSERT INTO trace (trace_id, question_key, profile, position, frames, exception, message, template)"
    " SELECT question_key, question_key, 'full', 0, 2, 'RuntimeError', title, title FROM question;"
    "INSERT INTO symbol VALUES (1, 'module', '__call__'), (2, 'linear', 'forward');"
    "INSERT INTO frame (trace_id, depth, symbol_id, own_code) SELECT trace_id, 0, 1, 0 FROM trace;"
    "INSERT INTO frame (trace_id, depth, symbol_id, own_code) SELECT trace_id, 1, 2, 0 FROM trace;"
    "INSERT INTO mining (mining_id, library_id, profile, support_kind, key, min_support, sequences, traces_seen)"
    " VALUES (1, 1, 'full', 'sequences', 'stem', 1, 2, 3), (2, 2, 'full', 'sequences', 'stem', 1, 2, 3);"
    "INSERT INTO pattern (pattern_key, mining_id, pattern_id, support, length, frames, category, type)"
    " VALUES (1, 1, '00000000000000a1', 3, 1, 'linear:forward', 'MOD', 'copy'),"
    " (2, 1, '00000000000000a2', 2, 2, 'module:__call__ > linear:forward', 'DAT', 'operation'),"
    " (3, 2, '00000000000000a3', 2, 1, 'linear:forward', 'MOD', 'copy');"
    "INSERT INTO pattern_trace SELECT pattern_key, trace_id FROM pattern, trace;";

static const char paste[] = "Traceback (most recent call last):\n"
                            "  File \"/site-packages/torch/module.py\", line 1, in __call__\n"
                            "  File \"/site-packages/torch/linear.py\", line 2, in forward\n"
                            "RuntimeError: shapes cannot be multiplied\n";

static char *folder;

static void remove_folder(void)
{
    test_folder_free(folder);
}

/* Makes the whole store and keeps it open: its bytes. */
static tl_buf make_store(const char *path)
{
    tl_store *s;
    require(tl_store_open(&s, path, TL_STORE_CREATE, NULL) == TL_OK);
    require(tl_store_exec(s, world_sql, NULL) == TL_OK && tl_store_begin(s, NULL) == TL_OK);
    require(tl_search_index(s, NULL, NULL) == TL_OK && tl_store_commit(s, NULL) == TL_OK);
    /* Small pages make a small file. */
    require(tl_store_exec(s, "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM", NULL) == TL_OK);
    tl_store_close(s);
    return test_file_read(path);
}

static void check(int rc, const tl_error *err)
{
    if (rc)
        fuzz_check_error(rc, err);
}

static void check_grid(tl_grid *g)
{
    for (size_t i = 0; i < g->n_rows * g->n_columns; i++)
        if (g->cells[i].type == TL_CELL_TEXT)
            fuzz_touch(g->cells[i].text);
    tl_grid_free(g);
}

static void ask_query(tl_store *s)
{
    const tl_query q = {.min_support = 2, .limit = 10, .profile = TL_FULL, .contains = "linear:f*"};
    tl_grid g = {0};
    tl_error err;
    check(tl_query_patterns(s, &q, &g, &err), &err);
    check_grid(&g);
}

static void ask_match(tl_store *s)
{
    static tl_grammar *grammar;
    const tl_match_options o = {.unsolved = true, .patterns = 5, .questions = 5};
    tl_trace_matcher *m;
    tl_trace *traces;
    tl_arena arena = {0};
    tl_match match;
    tl_error err;
    size_t n;
    if (!grammar)
        require(tl_grammar_new(&grammar, NULL) == TL_OK);
    require(tl_grammar_read(grammar, TL_STR(paste), &arena, &traces, &n, NULL) == TL_OK && n == 1);
    int rc = tl_trace_matcher_new(&m, s, &err);
    check(rc, &err);
    if (rc == TL_OK) {
        rc = tl_match_trace(m, &traces[0], &o, &arena, &match, &err);
        check(rc, &err);
        if (rc == TL_OK) {
            tl_grid g = {0};
            rc = tl_match_rows(&g, 1, &traces[0], &match, tl_trace_matcher_taxonomy(m), &err);
            check(rc, &err);
            check_grid(&g);
        }
        tl_trace_matcher_free(m);
    }
    tl_arena_free(&arena);
}

static void ask_tables(tl_store *s)
{
    for (const tl_table *t = tl_tables; t->name; t++) {
        tl_grid g = {0};
        tl_error err;
        check(tl_table_load(&g, t, s, TL_FULL, TL_KEY_STEM, &err), &err);
        check_grid(&g);
    }
}

static void ask_sheet(tl_store *s)
{
    const tl_sheet_options o = {.round = 2, .profile = TL_FULL, .posts = 2, .seed = 1};
    tl_grid g = {0};
    tl_error err;
    check(tl_sheet_make(s, &o, &g, &err), &err);
    check_grid(&g);
}

/* A damaged tree may be walked for long. */
static int give_up(void *ctx)
{
    return --*(int *)ctx < 0;
}

static void ask_all(const char *path, unsigned which)
{
    void (*const asks[])(tl_store *) = {ask_query, ask_match, ask_tables, ask_sheet};
    tl_store *s;
    tl_error err;
    int steps = 2000;
    int rc = tl_store_open(&s, path, TL_STORE_READ, &err);
    check(rc, &err);
    if (rc)
        return;
    sqlite3_progress_handler(tl_store_db(s), 1000, give_up, &steps);
    check(tl_store_check_mined(s, TL_KEY_STEM, &err), &err);
    asks[which % 4](s);
    tl_store_close(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *path;
    static tl_buf whole;
    static int fd;
    if (!path) {
        folder = test_folder_new();
        atexit(remove_folder);
        path = test_path(folder, "study.db");
        whole = make_store(path);
        fd = open(path, O_RDWR | O_CLOEXEC);
        require(fd >= 0);
    }
    for (size_t i = 1; i + 5 <= size;) {
        size_t at = ((size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2]) % whole.len;
        size_t n = 1 + data[i + 3] % 16;
        i += 4;
        n = n < size - i ? n : size - i;
        n = n < whole.len - at ? n : whole.len - at;
        require(pwrite(fd, data + i, n, (off_t)at) == (ssize_t)n);
        i += n;
    }
    ask_all(path, size > 0 ? data[0] : 0);
    require(pwrite(fd, whole.data, whole.len, 0) == (ssize_t)whole.len);
    require(ftruncate(fd, (off_t)whole.len) == 0);
    return 0;
}
