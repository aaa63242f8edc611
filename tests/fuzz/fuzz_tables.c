/* Any bytes as a CSV table that somebody brings: measures for `stats`, labels for
 * `agree`, a coded sheet for `sample --read`.  Bad ones are refused with a line that says
 * why, a refused sheet leaves nothing behind, and the results are numbers that can be.
 * The first byte says which, the second how much of the rest is a --where. */
#include "tests/fuzz/fuzz.h"

#include <math.h>

#include "reports/agree.h"
#include "reports/coding.h"
#include "reports/compare.h"
#include "sql/csv.h"
#include "sql/guard.h"
#include "tests/fuzz/study.h"

static tl_store *load(tl_str csv, bool numbers)
{
    tl_store *s;
    tl_error err;
    FILE *file = tmpfile();
    require(file && fwrite(csv.data, 1, csv.len, file) == csv.len);
    rewind(file);
    require(tl_store_open_scratch(&s, "fuzz", NULL) == TL_OK);
    int rc = tl_csv_load(s, "data", file, "fuzz", numbers, &err);
    fclose(file);
    if (rc == TL_OK)
        return s;
    fuzz_check_error(rc, &err);
    require(rc == TL_BAD_INPUT && strncmp(err.message, "fuzz: ", 6) == 0);
    tl_store_close(s);
    return NULL;
}

static double number(const tl_grid *g, size_t row, const char *column)
{
    size_t c = tl_grid_find(g, column);
    require(c != SIZE_MAX && row < g->n_rows);
    const tl_cell *cell = tl_grid_row(g, row) + c;
    require(cell->type != TL_CELL_TEXT);
    return cell->type == TL_CELL_REAL ? cell->real : cell->type == TL_CELL_INT ? (double)cell->integer : NAN;
}

static void check_stats(tl_str csv, const char *where)
{
    tl_store *s = load(csv, true);
    tl_compare_options o = {.table = "data", .group = "g", .values = "a,b", .success = "a", .where = where};
    tl_guard guard = {.seconds = 1, .megabytes = 1 << 20};
    tl_grid g = {0};
    tl_error err;
    if (!s)
        return;
    int changes = sqlite3_total_changes(tl_store_db(s));
    tl_guard_store(s, &guard);
    sqlite3_limit(tl_store_db(s), SQLITE_LIMIT_LENGTH, 100000);
    int rc = tl_compare(s, &o, &g, &err);
    require(rc == TL_OK || rc == TL_USAGE || rc == TL_BAD_INPUT || rc == TL_INTERRUPTED || rc == TL_IO);
    for (size_t r = 0; rc == TL_OK && r < g.n_rows; r++) {
        double p = number(&g, r, "p"), holm = number(&g, r, "p_holm"), effect = number(&g, r, "effect");
        require(isnan(p) ? isnan(holm) : p >= 0 && p <= 1 && holm >= p && holm <= 1);
        require(isnan(effect) || fabs(effect) <= M_PI);
        require(number(&g, r, "n1") >= 0 && number(&g, r, "n0") >= 0);
    }
    tl_grid_free(&g);
    require(sqlite3_total_changes(tl_store_db(s)) == changes);
    tl_store_close(s);
}

static void check_agree(tl_str csv)
{
    tl_store *s = load(csv, false);
    tl_agree_options o = {.table = "data", .level = 0.95, .resamples = 20, .seed = 1};
    tl_grid g = {0};
    tl_error err;
    if (!s)
        return;
    int rc = tl_agree(s, &o, &g, &err);
    require(rc == TL_OK || rc == TL_USAGE || rc == TL_BAD_INPUT);
    if (rc)
        fuzz_check_error(rc, &err);
    else {
        double alpha = number(&g, 0, "alpha"), low = number(&g, 0, "low"), high = number(&g, 0, "high");
        require(isnan(alpha) || alpha <= 1);
        require(isnan(low) || (low <= high && high <= 1));
        require(number(&g, 0, "units") <= number(&g, 0, "labels"));
    }
    tl_grid_free(&g);
    tl_store_close(s);
}

/* Two patterns, and a label from before. */
static const char study_sql[] =
    "INSERT INTO library VALUES (1, 'keras', 'Keras');"
    "INSERT INTO mining (mining_id, library_id, profile, support_kind, key, min_support, sequences, traces_seen)"
    " VALUES (1, 1, 'full', 'sequences', 'stem', 1, 2, 2);"
    "INSERT INTO pattern (pattern_key, mining_id, pattern_id, support, length, frames)"
    " VALUES (1, 1, 'p1', 2, 1, 'a:f'), (2, 1, 'p2', 2, 1, 'b:g');"
    "INSERT INTO label VALUES ('p1', 1, 'ana', 'before');";

static void check_sheet(tl_str csv)
{
    static tl_store *study;
    tl_coding read;
    tl_error err;
    study = study ? study : fuzz_study(study_sql);
    tl_store *sheet = load(csv, false);
    if (!sheet)
        return;
    require(tl_store_begin(study, NULL) == TL_OK);
    int rc = tl_coding_read(study, sheet, "fuzz", "ana,bo", &read, &err);
    require(rc == TL_OK || rc == TL_BAD_INPUT || rc == TL_USAGE);
    if (rc)
        fuzz_check_error(rc, &err);
    else {
        require(read.coders <= 3 && read.labels <= 3 * read.patterns);
        require(fuzz_count(study, "SELECT count(*) FROM label") >= read.labels);
        require(fuzz_count(study, "SELECT count(*) FROM label WHERE label = '' OR round NOT IN (1, 2)"
                             " OR pattern_id NOT IN ('p1', 'p2')") == 0);
    }
    tl_store_rollback(study);
    require(fuzz_count(study, "SELECT count(*) FROM label WHERE label = 'before'") == 1);
    tl_store_close(sheet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    tl_str rest = {(const char *)data + 2, size - 2};
    if (data[0] % 3 == 1)
        check_agree(rest);
    else if (data[0] % 3 == 2)
        check_sheet(rest);
    else {
        size_t n = data[1] % 64 < rest.len ? data[1] % 64 : rest.len;
        char *where = strndup(rest.data, n);
        require(where);
        check_stats((tl_str){rest.data + n, rest.len - n}, n > 0 ? where : NULL);
        free(where);
    }
    return 0;
}
