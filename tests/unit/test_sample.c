/* The coding sheets: how many patterns of each library, which, the sheet, and the way
 * back.  TL_SEED repeats a run of the random tests. */
#include "test_report_store.h"

#include <math.h>

#include "reports/coding.h"
#include "reports/format.h"
#include "reports/sample.h"
#include "reports/sheet.h"
#include "sql/csv.h"

static uint64_t test_seed(void)
{
    const char *text = getenv("TL_SEED");
    uint64_t seed = text ? strtoull(text, NULL, 10) : 20201231;
    print_message("TL_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

/* --------------------------------------------------------------------------- sizes ---- */

/* round(a * n / all), halves to even, found by trying: |a * n - k * all| is least. */
static int64_t rounded(int64_t a, int64_t n, int64_t all)
{
    int64_t best = 0;
    for (int64_t k = 0; k <= a * n / all + 1; k++) {
        int64_t distance = llabs(a * n - k * all), least = llabs(a * n - best * all);
        if (distance < least || (distance == least && k % 2 == 0))
            best = k;
    }
    return best;
}

static void check_sizes(const int64_t *patterns, size_t libraries)
{
    int64_t all = 0, smallest = INT64_MAX, n = 0, sizes[16];
    for (size_t i = 0; i < libraries; i++) {
        all += patterns[i];
        if (patterns[i] > 0 && patterns[i] < smallest)
            smallest = patterns[i];
    }
    for (int64_t k = 0; k <= 3 * all; k++)
        if (rounded(smallest, k, all) == 1)
            n = k;
    tl_sample_sizes(patterns, libraries, sizes);
    for (size_t i = 0; i < libraries; i++) {
        int64_t want = rounded(patterns[i], n, all);
        if (want > patterns[i])
            want = patterns[i];
        if (sizes[i] != want)
            fail_msg("library %zu of %zu with %lld patterns of %lld gives %lld, not %lld", i, libraries,
                     (long long)patterns[i], (long long)all, (long long)sizes[i], (long long)want);
        if (patterns[i] == smallest)
            assert_int_equal(sizes[i], 1);
    }
}

static void sizes(void **state)
{
    (void)state;
    /* The four published libraries. */
    const int64_t published[] = {4043, 426, 460, 22};
    int64_t got[4];
    tl_sample_sizes(published, 4, got);
    assert_int_equal(got[0], 275);
    assert_int_equal(got[1], 29);
    assert_int_equal(got[2], 31);
    assert_int_equal(got[3], 1);
    check_sizes((const int64_t[]){7}, 1);
    check_sizes((const int64_t[]){1, 10}, 2); /* n = 16: would give 15 of 10 */
    check_sizes((const int64_t[]){4, 2, 2}, 3); /* n = 5: 2.5 is 2 */
    check_sizes((const int64_t[]){0, 5, 0, 3}, 4);
    tl_random random = {test_seed()};
    for (int i = 0; i < 300; i++) {
        int64_t patterns[16];
        size_t libraries = 1 + tl_random_below(&random, 8);
        for (size_t k = 0; k < libraries; k++)
            patterns[k] = 1 + (int64_t)tl_random_below(&random, 60);
        check_sizes(patterns, libraries);
    }
}

static void no_sizes(void **state)
{
    (void)state;
    const int64_t none[] = {0, 0};
    int64_t got[] = {7, 7};
    tl_sample_sizes(none, 2, got);
    assert_int_equal(got[0] + got[1], 0);
    tl_sample_sizes(NULL, 0, NULL);
    /* As many as fit: two libraries of 2^29. */
    const int64_t large[] = {1 << 29, 1 << 29};
    tl_sample_sizes(large, 2, got);
    assert_int_equal(got[0], 1);
    assert_int_equal(got[1], 1);
}

/* ---------------------------------------------------------------------------- draws ---- */

enum { ITEMS = 4, DRAWS = 40000 };

/* Fails unless `hits` of DRAWS is within six standard deviations of probability p. */
static void check_share(const char *what, size_t hits, double p)
{
    double expected = p * DRAWS, slack = 6 * sqrt(DRAWS * p * (1 - p));
    if (fabs((double)hits - expected) > slack)
        fail_msg("%s: %zu times in %d, expected %.0f +- %.0f", what, hits, DRAWS, expected, slack);
}

/* One and two drawn items have the probabilities of drawing in turn. */
static void weighted_draws(void **state)
{
    (void)state;
    static const int64_t weights[ITEMS] = {1, 2, 3, 10};
    const double all = 16;
    tl_random random = {test_seed()};
    tl_error err;
    bool taken[ITEMS];
    size_t ones[ITEMS] = {0}, pairs[ITEMS][ITEMS] = {{0}};
    for (int i = 0; i < DRAWS; i++) {
        assert_int_equal(tl_sample_weighted(weights, ITEMS, 1, &random, taken, &err), TL_OK);
        for (size_t a = 0; a < ITEMS; a++)
            ones[a] += taken[a];
        assert_int_equal(tl_sample_weighted(weights, ITEMS, 2, &random, taken, &err), TL_OK);
        for (size_t a = 0; a < ITEMS; a++)
            for (size_t b = a + 1; b < ITEMS; b++)
                pairs[a][b] += taken[a] && taken[b];
    }
    for (size_t a = 0; a < ITEMS; a++) {
        double wa = (double)weights[a];
        check_share("one", ones[a], wa / all);
        for (size_t b = a + 1; b < ITEMS; b++) {
            double wb = (double)weights[b];
            check_share("a pair", pairs[a][b], wa / all * wb / (all - wa) + wb / all * wa / (all - wb));
        }
    }
}

/* Any number of items and of draws: exactly so many are taken, and an oracle that
 * walks over the weights takes the same ones. */
static void draws_like_a_walk(void **state)
{
    (void)state;
    tl_random random = {test_seed()};
    tl_error err;
    for (int round = 0; round < 500; round++) {
        enum { MOST = 40 };
        size_t n = tl_random_below(&random, MOST), take = tl_random_below(&random, MOST);
        int64_t weights[MOST], total = 0;
        bool taken[MOST], walked[MOST] = {false};
        for (size_t i = 0; i < n; i++)
            total += weights[i] = 1 + (int64_t)tl_random_below(&random, round % 2 ? 1000000 : 3);
        tl_random walk = random;
        assert_int_equal(tl_sample_weighted(weights, n, take, &random, taken, &err), TL_OK);
        for (size_t d = 0; d < take && d < n; d++) {
            int64_t at = (int64_t)tl_random_below(&walk, (uint64_t)total);
            size_t i = 0;
            for (; walked[i] || at >= weights[i]; i++)
                at -= walked[i] ? 0 : weights[i];
            walked[i] = true;
            total -= weights[i];
        }
        for (size_t i = 0; i < n; i++)
            if (taken[i] != walked[i])
                fail_msg("round %d: item %zu of %zu, %zu drawn", round, i, n, take);
        assert_int_equal(random.state, walk.state);
    }
}

/* The same on every machine and in every release (a second implementation gave these). */
static void draws_of_a_seed(void **state)
{
    (void)state;
    int64_t weights[20];
    bool taken[20];
    size_t order[20];
    char text[64] = "";
    tl_error err;
    for (size_t i = 0; i < 20; i++) {
        weights[i] = (int64_t)(i + 1);
        order[i] = i;
    }
    tl_random random = {42};
    assert_int_equal(tl_sample_weighted(weights, 20, 6, &random, taken, &err), TL_OK);
    tl_sample_shuffle(order, 20, 4, &random);
    for (size_t i = 0; i < 20; i++)
        if (taken[i])
            sprintf(text + strlen(text), "%zu ", i);
    for (size_t i = 0; i < 4; i++)
        sprintf(text + strlen(text), "%s%zu", i ? "," : "", order[i]);
    assert_string_equal(text, "5 9 10 13 14 16 5,17,3,8");
}

static void shuffles(void **state)
{
    (void)state;
    tl_random random = {test_seed()};
    size_t first[ITEMS] = {0}, both[ITEMS] = {0};
    for (int i = 0; i < DRAWS; i++) {
        size_t items[ITEMS] = {0, 1, 2, 3}, seen = 0;
        tl_sample_shuffle(items, ITEMS, 2, &random);
        for (size_t k = 0; k < ITEMS; k++)
            seen |= (size_t)1 << items[k];
        assert_int_equal(seen, 15);
        first[items[0]]++;
        both[items[0]]++;
        both[items[1]]++;
    }
    for (size_t i = 0; i < ITEMS; i++) {
        check_share("first", first[i], 0.25);
        check_share("first or second", both[i], 0.5);
    }
    size_t items[] = {5, 6};
    tl_sample_shuffle(items, 2, 9, &random);
    assert_int_equal(items[0] + items[1], 11);
    tl_sample_shuffle(items, 0, 9, &random);
}

/* --------------------------------------------------------------------------- sheets ---- */

/* Three libraries; "x:y" is in all, "p:q" in two; support 1 does not count. */
static void fill(scratch *s)
{
    add_frame_of_store(s, "stackoverflow.com", "keras nltk spark-ml all");
    run_sql(s,
            "INSERT INTO site VALUES (2, 'my logs'), (3, 'datascience.stackexchange.com');"
            "INSERT INTO mining (mining_id, library_id, profile, support_kind, key, min_support, sequences, traces_seen) "
            "SELECT library_id, library_id, 'full', 'sequences', 'stem', 1, 0, -1 FROM library;"
            "INSERT INTO pattern (pattern_key, mining_id, pattern_id, support, length, frames) VALUES"
            " (1, 1, 'a000000000000001', 9, 1, 'x:y'), (2, 2, 'a000000000000002', 12, 1, 'x:y'),"
            " (3, 3, '1234567890123456', 12, 1, 'x:y'), (4, 1, '12345678e9012345', 5, 1, 'p:q'),"
            " (5, 2, '12e45e7890123456', 5, 1, 'p:q'), (6, 3, 'a000000000000006', 1, 1, 'p:q'),"
            " (7, 1, 'a000000000000007', 2, 2, '=x:y > p:q'), (8, 4, 'a000000000000008', 99, 1, 'p:q');"
            "INSERT INTO pattern_question VALUES (1, 1, 10), (1, 1, 11), (2, 1, 11), (2, 2, 'e-1'), (3, 3, 4);");
}

static int sheet_of(scratch *s, int round, size_t posts, uint64_t seed, const char *coders, tl_buf *csv,
                    tl_error *err)
{
    tl_sheet_options o = {.round = round, .profile = TL_FULL, .seed = seed, .posts = posts, .coders = coders};
    tl_format_options how = {.guard_formulas = true};
    tl_grid g = {0};
    tl_buf_clear(csv);
    int rc = tl_sheet_make(s->store, &o, &g, err);
    if (rc == TL_OK)
        rc = tl_format_grid(&g, TL_FORMAT_CSV, &how, csv, err);
    tl_grid_free(&g);
    return rc;
}

static void good_sheet(scratch *s, int round, size_t posts, uint64_t seed, const char *coders, tl_buf *csv)
{
    tl_error err;
    if (sheet_of(s, round, posts, seed, coders, csv, &err) != TL_OK)
        fail_msg("%s", err.message);
}

static void round1(void **state)
{
    (void)state;
    scratch s;
    tl_buf csv = {0};
    scratch_open(&s);
    fill(&s);
    good_sheet(&s, 1, 0, 1, "ana,bo", &csv);
    /* nltk before spark-ml, which has the same support. */
    assert_string_equal(csv.data, "pattern_id,round,library,support,length,frames,ana,bo,label\n"
                                  "a000000000000002,1,keras nltk spark-ml,12,1,x:y,,,\n");
    /* Its questions are those of all three, each once. */
    good_sheet(&s, 1, 5, 1, NULL, &csv);
    static const char *const posts[] = {"https://stackoverflow.com/q/10", "https://stackoverflow.com/q/11",
                                        "my logs/e-1", "https://datascience.stackexchange.com/q/4"};
    for (int i = 0; i < 4; i++) {
        const char *at = strstr(csv.data, posts[i]);
        assert_non_null(at);
        assert_null(strstr(at + 1, posts[i]));
    }
    assert_int_equal(strncmp(csv.data + csv.len - 3, ",,\n", 3), 0); /* there is no fifth */
    tl_buf_free(&csv);
    scratch_close(&s);
}

static void round2(void **state)
{
    (void)state;
    scratch s;
    tl_buf csv = {0}, again = {0};
    scratch_open(&s);
    fill(&s);
    /* 3, 2 and 1 patterns: n = 8, so 4 of 3, 2.67 of 2 and 1: all of them. */
    good_sheet(&s, 2, 0, 1, NULL, &csv);
    assert_string_equal(csv.data, "pattern_id,round,library,support,length,frames,label\n"
                                  "a000000000000001,2,keras,9,1,x:y,\n"
                                  "'12345678e9012345,2,keras,5,1,p:q,\n"
                                  "a000000000000007,2,keras,2,2,'=x:y > p:q,\n"
                                  "a000000000000002,2,nltk,12,1,x:y,\n"
                                  "12e45e7890123456,2,nltk,5,1,p:q,\n" /* no number has two e */
                                  "'1234567890123456,2,spark-ml,12,1,x:y,\n");
    run_sql(&s, "DELETE FROM mining WHERE mining_id = 3;"
                "INSERT INTO pattern (mining_id, pattern_id, support, length, frames)"
                " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
                " SELECT 1, 'b' || i, 2 + i, 1, 'f' || i || ':g' FROM n");
    good_sheet(&s, 2, 3, 7, NULL, &csv);
    good_sheet(&s, 2, 3, 7, NULL, &again);
    assert_string_equal(csv.data, again.data);
    good_sheet(&s, 2, 3, 8, NULL, &again);
    assert_string_not_equal(csv.data, again.data);
    size_t lines = 0;
    for (const char *at = csv.data; (at = strchr(at, '\n')); at++)
        lines++;
    /* 203 and 2 patterns: n = floor((3 * 205 - 1) / 4) = 153; 203 * 153 / 205 = 151.5 and 1.49. */
    assert_int_equal(lines, 1 + 152 + 1);
    tl_buf_free(&csv);
    tl_buf_free(&again);
    scratch_close(&s);
}

/* More posts or coders do not change which patterns are drawn. */
static void posts_leave_patterns(void **state)
{
    (void)state;
    scratch s;
    tl_buf a = {0}, b = {0};
    scratch_open(&s);
    fill(&s);
    run_sql(&s, "INSERT INTO pattern (mining_id, pattern_id, support, length, frames)"
                " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
                " SELECT 1, 'b' || i, 2 + i, 1, 'f' || i || ':g' FROM n");
    good_sheet(&s, 2, 0, 3, NULL, &a);
    good_sheet(&s, 2, 2, 3, "ana", &b);
    const char *pa = a.data, *pb = b.data;
    int rows = 0;
    while ((pa = strchr(pa, '\n')) && (pb = strchr(pb, '\n')) && *++pa) {
        pb++;
        assert_int_equal(strncmp(pa, pb, strcspn(pa, ",")), 0);
        rows++;
    }
    assert_true(rows > 10);
    tl_buf_free(&a);
    tl_buf_free(&b);
    scratch_close(&s);
}

static void expect_no_sheet(scratch *s, int round, const char *coders, int status, const char *words)
{
    tl_error err;
    tl_buf csv = {0};
    int rc = sheet_of(s, round, 1, 1, coders, &csv, &err);
    tl_buf_free(&csv);
    if (rc != status || !strstr(err.message, words))
        fail_msg("status %d, \"%s\"; expected %d, \"%s\"", rc, err.message, status, words);
}

static void no_sheet(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    expect_no_sheet(&s, 2, NULL, TL_USAGE, "the store has no patterns of profile full by sequences");
    fill(&s);
    expect_no_sheet(&s, 1, "ana,Ana", TL_USAGE, "coder 'Ana' is named twice");
    static const char *const names[] = {"", "ana,", ",ana", "=ana", "-ana", " ana", "ana ", "label", "Label", "FRAMES",
                                        "post1", "a\"b", "a\nb", "a;b"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        expect_no_sheet(&s, 1, names[i], TL_USAGE, "will not do as a coder's name");
    char name[80];
    memset(name, 'n', sizeof name);
    name[61] = '\0';
    expect_no_sheet(&s, 1, name, TL_USAGE, "will not do as a coder's name");
    run_sql(&s, "DELETE FROM pattern WHERE pattern_key = 3");
    expect_no_sheet(&s, 1, NULL, TL_NOTHING, "shared by three libraries");
    scratch_close(&s);
}

/* -------------------------------------------------------------------------- the way back ---- */

static int code(scratch *s, const char *csv, const char *coders, tl_coding *out, tl_error *err)
{
    tl_store *sheet;
    FILE *f = fmemopen((void *)csv, strlen(csv), "rb");
    assert_non_null(f);
    assert_int_equal(tl_store_open_scratch(&sheet, "s.csv", err), TL_OK);
    int rc = tl_csv_load(sheet, "data", f, "s.csv", false, err);
    if (rc == TL_OK)
        rc = tl_store_begin(s->store, err);
    if (rc == TL_OK)
        rc = tl_coding_read(s->store, sheet, "s.csv", coders, out, err);
    if (rc == TL_OK)
        rc = tl_store_commit(s->store, err);
    tl_store_rollback(s->store);
    tl_store_close(sheet);
    fclose(f);
    return rc;
}

static void code_good(scratch *s, const char *csv, const char *coders, int64_t labels)
{
    tl_error err;
    tl_coding read;
    if (code(s, csv, coders, &read, &err) != TL_OK)
        fail_msg("%s", err.message);
    assert_int_equal(read.labels, labels);
}

static void expect_labels(scratch *s, const char *want)
{
    tl_error err;
    sqlite3_stmt *stmt;
    tl_buf got = {0};
    assert_int_equal(tl_store_prepare(s->store, "SELECT pattern_id || ' ' || round || ' ' || coder || ' ' || label"
                                                " FROM v_label ORDER BY 1", &stmt, &err), TL_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        tl_buf_printf(&got, "%s\n", (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    assert_string_equal(got.data ? got.data : "", want);
    tl_buf_free(&got);
}

#define A1 "a000000000000001"
#define A2 "a000000000000002"

static void coded(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    fill(&s);
    code_good(&s,
              "pattern_id,round,frames,post1,ana,bo,label\n" A1 ",1,=whatever,u,\"  data loading \t\",,\n" A2
              ",2,,,\"a, \"\"b\"\"\",,conversion\n'1234567890123456,2,,,,,copy\n",
              "ana,bo", 4);
    expect_labels(&s, "1234567890123456 2 label copy\n" A1 " 1 ana data loading\n" A2 " 2 ana a, \"b\"\n" A2
                      " 2 label conversion\n");
    /* bo's copy, in which ana's column is empty, leaves her labels alone. */
    code_good(&s, "pattern_id,round,ana,bo\n" A1 ",1,,copy\n", "bo,ana", 1);
    code_good(&s, "pattern_id,round,label\n" A2 ",2, \n", NULL, 0);
    /* Read again, a column replaces: a cell that was emptied is gone, rows that are not
     * in the sheet stay. */
    code_good(&s, "round,pattern_id,ana\n1," A1 ",saving\n2," A2 ",\n", "ana", 1);
    expect_labels(&s, "1234567890123456 2 label copy\n" A1 " 1 ana saving\n" A1 " 1 bo copy\n" A2
                      " 2 label conversion\n");
    scratch_close(&s);
}

static const struct {
    const char *csv, *coders;
    int status;
    const char *words;
} bad_sheets[] = {
    {"round,label\n1,x\n", NULL, TL_BAD_INPUT, "has no column 'pattern_id'"},
    {"pattern_id,label\n" A1 ",x\n", NULL, TL_BAD_INPUT, "has no column 'round'"},
    {"pattern_id,round\n" A1 ",1\n", NULL, TL_BAD_INPUT, "has no column for labels"},
    {"pattern_id,round,ana,label\n" A1 ",1,x,x\n", NULL, TL_BAD_INPUT, "unknown column 'ana'"},
    {"pattern_id,round,ana,label\n" A1 ",1,x,x\n", "bo", TL_BAD_INPUT, "unknown column 'ana'"},
    {"pattern_id,round,label\n" A1 ",1,x\n", "bo", TL_USAGE, "has no column 'bo'"},
    {"pattern_id,round,label\n" A1 ",1,x\n", "a,a", TL_USAGE, "named twice"},
    {"pattern_id,round,label\n" A1 ",1,x\nnone,1,x\n", NULL, TL_BAD_INPUT, "row 3: the store has no pattern 'none'"},
    {"pattern_id,round,label\n,1,x\n", NULL, TL_BAD_INPUT, "row 2: there is no pattern_id"},
    {"pattern_id,round,label\n" A1 ",3,x\n", NULL, TL_BAD_INPUT, "row 2: expected round 1 or 2, found '3'"},
    {"pattern_id,round,label\n" A1 ",,x\n", NULL, TL_BAD_INPUT, "row 2: expected round 1 or 2"},
    {"pattern_id,round,label\n" A1 ",1,x\n" A1 ",2,x\n" A1 ",1,y\n", NULL, TL_BAD_INPUT,
     "row 4: a pattern that has a label from an earlier row, of 'label'"},
    {"pattern_id,round,label\n" A1 ",1,caf\xe9\n", NULL, TL_BAD_INPUT, "row 2: save the sheet as UTF-8"},
    {"pattern_id,round,label\n\x1b[31m,1,x\n", NULL, TL_BAD_INPUT, "row 2: the store has no pattern"},
};

static void bad_coding(void **state)
{
    (void)state;
    scratch s;
    scratch_open(&s);
    fill(&s);
    code_good(&s, "pattern_id,round,label\n" A1 ",1,before\n", NULL, 1);
    for (size_t i = 0; i < sizeof bad_sheets / sizeof *bad_sheets; i++) {
        tl_error err;
        tl_coding read;
        int rc = code(&s, bad_sheets[i].csv, bad_sheets[i].coders, &read, &err);
        if (rc != bad_sheets[i].status || !strstr(err.message, bad_sheets[i].words) || strchr(err.message, 27))
            fail_msg("status %d, \"%s\"; expected %d, \"%s\"", rc, err.message, bad_sheets[i].status,
                     bad_sheets[i].words);
    }
    expect_labels(&s, A1 " 1 label before\n");
    scratch_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),          cmocka_unit_test(no_sizes),
        cmocka_unit_test(weighted_draws), cmocka_unit_test(draws_like_a_walk),
        cmocka_unit_test(draws_of_a_seed), cmocka_unit_test(shuffles),
        cmocka_unit_test(round1),         cmocka_unit_test(round2),
        cmocka_unit_test(posts_leave_patterns), cmocka_unit_test(no_sheet),
        cmocka_unit_test(coded),          cmocka_unit_test(bad_coding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
