/* Reading and writing sequence databases as text. */
#include "miner/spmf.h"
#include "tests/support/databases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* Reads text[0 .. n) through a file. */
static int read_bytes(tl_sequences *db, const char *text, size_t n, tl_error *err)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    rewind(f);
    int rc = tl_spmf_read(db, fileno(f), "in", NULL, err);
    fclose(f);
    return rc;
}

static int read_text(tl_sequences *db, const char *text, tl_error *err)
{
    return read_bytes(db, text, strlen(text), err);
}

/* The database as "1 2|3||" with a bar behind each sequence. */
static void check_content(const tl_sequences *db, const char *expected)
{
    char text[4096] = "";
    size_t n = 0;
    const uint32_t *offsets = tl_sequences_offsets(db);
    for (size_t s = 0; s < tl_sequences_count(db); s++) {
        for (uint32_t i = offsets[s]; i < offsets[s + 1]; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, i > offsets[s] ? " %u" : "%u",
                                  tl_sequences_symbols(db)[i]);
        n += (size_t)snprintf(text + n, sizeof text - n, "|");
    }
    assert_string_equal(text, expected);
}

static void good_input(void **state)
{
    (void)state;
    static const struct {
        const char *text, *content;
    } cases[] = {
        {"", ""},
        {"\n\n", ""},
        {"1 -1 2 -1 -2\n3 -1 -2\n", "1 2|3|"},
        {"1 -1 2 -1 -2 3 -1 -2", "1 2|3|"},
        {"1 -1\n2 -1\n-2\n", "1 2|"},
        {"-2\n1 -1 -2\n-2\n", "|1||"},
        {"1 2 3\n4\n", "1 2 3|4|"},
        {"1 2 3\r\n\r\n 4\t5 \r\n", "1 2 3|4 5|"},
        {"7", "7|"},
        {"7 -1 -2", "7|"},
        {"@CONVERTED_FROM_TEXT\n@ITEM=1=a\n# note\n% note\n1 -1 -2\n@ 5\n2 -1 -2\n", "1|2|"},
        {"#\n1 2\n", "1 2|"},
        {"0 9 10 99 123 4567 12345 999999 1234567 12345678 2147483647\n",
         "0 9 10 99 123 4567 12345 999999 1234567 12345678 2147483647|"},
        {"007 0000000000000000012\n", "7 12|"},
        {"2147483647 -1 -2\n", "2147483647|"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tl_error err;
        tl_sequences *db = tl_sequences_new(NULL);
        int rc = read_text(db, cases[i].text, &err);
        if (rc)
            fail_msg("\"%s\": %s", cases[i].text, err.message);
        check_content(db, cases[i].content);
        tl_sequences_free(db);
    }
}

static void bad_input(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message; /* a part of it */
    } cases[] = {
        {"1 -1 -2\n1 2 -1 -2\n", "line 2: itemset with more than one item (2 after 1)"},
        {"1 2 -1 -2\n", "line 1: itemset with more than one item"},
        {"1 2\n3 -1 -2\n", "line 2: -1 in a file of plain lines"},
        {"1 2\n-2\n", "line 2: -2 in a file of plain lines"},
        {"-1 -2\n", "line 1: -1 without an item"},
        {"1 -1 -1 -2\n", "line 1: -1 without an item"},
        {"1 -1 2 -2\n", "line 1: -2 right after an item"},
        {"1 -1 -2\n\n2 -1\n", "the input ends inside a sequence"},
        {"1 -1 2", "the input ends inside a sequence"},
        {"1 -3\n", "line 1: negative item -3"},
        {"\n\n-17 4\n", "line 3: negative item -17"},
        {"1 2147483648\n", "line 1: item 2147483648 is too large"},
        {"99999999999999999999999999\n", "is too large"},
        {"1 2\n3 four\n", "line 2: \"four\": expected integers"},
        {"1 2.5\n", "line 1: \"2.5\": expected integers"},
        {"1,2,3\n", "line 1: \"1,2,3\": expected integers"},
        {"1 +2\n", "\"+2\": expected integers"},
        {"1 - 2\n", "\"-\": expected integers"},
        {"1 2#3\n", "\"2#3\""},
        {"1 # 3\n", "\"#\""},
        {"\x1f\x8b\x08", "line 1: byte 0x1f: expected integers as text"},
        {"1 2\n3 \xc3\xa4\n", "line 2: byte 0xc3"},
        {"12345678\x80\n", "byte 0x80"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tl_error err;
        tl_sequences *db = tl_sequences_new(NULL);
        assert_int_equal(read_text(db, cases[i].text, &err), TL_BAD_INPUT);
        if (!strstr(err.message, cases[i].message) || strncmp(err.message, "in: line ", 9) != 0)
            fail_msg("\"%s\": message \"%s\"", cases[i].text, err.message);
        tl_sequences_free(db);
    }
    tl_sequences *db = tl_sequences_new(NULL);
    assert_int_equal(read_bytes(db, "1 \0 2\n", 6, NULL), TL_BAD_INPUT);
    tl_sequences_free(db);
}

/* A descriptor that cannot be read. */
static void read_error(void **state)
{
    (void)state;
    tl_error err;
    tl_sequences *db = tl_sequences_new(NULL);
    assert_int_equal(tl_spmf_read(db, -1, "in", NULL, &err), TL_IO);
    tl_cancel cancel = {true};
    assert_int_equal(tl_spmf_read(db, 0, "in", &cancel, &err), TL_INTERRUPTED);
    tl_sequences_free(db);
}

/* Tokens that straddle the ends of the reader's buffer, at every offset, and metadata
 * lines and numbers longer than it. */
static void buffer_ends(void **state)
{
    (void)state;
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE + 64);
    assert_non_null(text);
    for (size_t shift = 0; shift < 16; shift++) {
        size_t n = 0, numbers = 0;
        memset(text, ' ', shift);
        for (n = shift; n < SIZE; numbers++)
            n += (size_t)sprintf(text + n, "%zu ", 1234560 + numbers % 10);
        text[n++] = '\n';
        tl_sequences *db = tl_sequences_new(NULL);
        assert_int_equal(read_bytes(db, text, n, NULL), TL_OK);
        assert_int_equal(tl_sequences_total(db), numbers);
        for (size_t i = 0; i < numbers; i++)
            assert_int_equal(tl_sequences_symbols(db)[i], 1234560 + i % 10);
        tl_sequences_free(db);
    }
    memset(text, 'x', SIZE);
    text[0] = '@';
    memcpy(text + SIZE - 7, "\n5 6 7\n", 7);
    tl_sequences *db = tl_sequences_new(NULL);
    assert_int_equal(read_bytes(db, text, SIZE, NULL), TL_OK);
    check_content(db, "5 6 7|");
    memset(text, '1', SIZE);
    assert_int_equal(read_bytes(db, text, SIZE, NULL), TL_BAD_INPUT);
    tl_sequences_free(db);
    free(text);
}

/* What is written is read again as the same. */
static void round_trip(void **state)
{
    (void)state;
    test_random r = test_random_new("round_trip", 3);
    for (int i = 0; i < 500; i++) {
        tl_sequences *db = test_random_database(&r), *plain = tl_sequences_new(NULL);
        tl_sequences *spmf = tl_sequences_new(NULL);
        FILE *a = tmpfile(), *b = tmpfile();
        const uint32_t *offsets = tl_sequences_offsets(db), *symbols = tl_sequences_symbols(db);
        for (size_t s = 0; s < tl_sequences_count(db); s++) {
            for (uint32_t k = offsets[s]; k < offsets[s + 1]; k++) {
                fprintf(a, "%u ", symbols[k] & 0x7fffffff);
                fprintf(b, "%u -1%c", symbols[k] & 0x7fffffff, k % 5 ? ' ' : '\n');
            }
            fprintf(a, "\n");
            fprintf(b, "-2\n");
        }
        rewind(a);
        rewind(b);
        assert_int_equal(tl_spmf_read(plain, fileno(a), "plain", NULL, NULL), TL_OK);
        assert_int_equal(tl_spmf_read(spmf, fileno(b), "spmf", NULL, NULL), TL_OK);
        assert_int_equal(tl_sequences_count(spmf), tl_sequences_count(db));
        assert_int_equal(tl_sequences_count(plain), tl_sequences_non_empty(db));
        assert_int_equal(tl_sequences_total(plain), tl_sequences_total(db));
        assert_int_equal(tl_sequences_total(spmf), tl_sequences_total(db));
        for (size_t k = 0; k < tl_sequences_total(db); k++) {
            assert_int_equal(tl_sequences_symbols(spmf)[k], symbols[k] & 0x7fffffff);
            assert_int_equal(tl_sequences_symbols(plain)[k], symbols[k] & 0x7fffffff);
        }
        for (size_t s = 0; s <= tl_sequences_count(db); s++)
            assert_int_equal(tl_sequences_offsets(spmf)[s], offsets[s]);
        fclose(a);
        fclose(b);
        tl_sequences_free(db);
        tl_sequences_free(plain);
        tl_sequences_free(spmf);
    }
}

static void patterns_as_text(void **state)
{
    (void)state;
    tl_sequences *db = tl_sequences_new(NULL);
    assert_int_equal(read_text(db, "10 2 3 9\n10 2 3\n2 3\n9\n", NULL), TL_OK);
    tl_mine_options o = tl_mine_defaults();
    tl_patterns *found;
    assert_int_equal(tl_mine(&found, db, &o, NULL), TL_OK);
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);
    assert_non_null(out);
    assert_int_equal(tl_spmf_write(found, out, "out", NULL), TL_OK);
    fclose(out);
    assert_string_equal(text, "2 -1 3 -1 #SUP: 3\n"
                              "10 -1 2 -1 3 -1 #SUP: 2\n"
                              "9 -1 #SUP: 2\n");
    free(text);

    FILE *full = fopen("/dev/full", "w");
    if (full) {
        tl_error err;
        assert_int_equal(tl_spmf_write(found, full, "out", &err), TL_IO);
        assert_non_null(strstr(err.message, "out: cannot write"));
        fclose(full);
    }
    tl_patterns_free(found);
    tl_sequences_free(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_input),  cmocka_unit_test(bad_input),
        cmocka_unit_test(read_error),  cmocka_unit_test(buffer_ends),
        cmocka_unit_test(round_trip),  cmocka_unit_test(patterns_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
