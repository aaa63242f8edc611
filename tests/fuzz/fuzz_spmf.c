/* Any bytes as SPMF text.  The reader says where bad input is bad; what it read is read
 * the same from what is written of it, and so are the patterns that are mined in it. */
#include "tests/fuzz/fuzz.h"

#include <unistd.h>

#include "miner/spmf.h"

/* Reads bytes through a file; the database, or NULL if it was refused. */
static tl_sequences *read_bytes(const void *bytes, size_t n)
{
    FILE *f = tmpfile();
    tl_error err = {0};
    tl_sequences *db = tl_sequences_new(&err);
    require(f && db && fwrite(bytes, 1, n, f) == n && fflush(f) == 0);
    rewind(f);
    int rc = tl_spmf_read(db, fileno(f), "fuzz", NULL, &err);
    fclose(f);
    if (rc == TL_OK)
        return db;
    fuzz_check_error(rc, &err);
    require(rc == TL_BAD_INPUT && strncmp(err.message, "fuzz: line ", 11) == 0);
    tl_sequences_free(db);
    return NULL;
}

static void check_sequence(const tl_sequences *db, size_t s, const uint32_t *symbols, size_t n)
{
    const uint32_t *offsets = tl_sequences_offsets(db);
    require(offsets[s + 1] - offsets[s] == n);
    require(n == 0 || memcmp(tl_sequences_symbols(db) + offsets[s], symbols, n * sizeof *symbols) == 0);
}

/* Sequences as they are written by hand. */
static void check_sequences(const tl_sequences *db)
{
    char *text;
    size_t n;
    FILE *out = open_memstream(&text, &n);
    const uint32_t *offsets = tl_sequences_offsets(db), *symbols = tl_sequences_symbols(db);
    require(out);
    for (size_t s = 0; s < tl_sequences_count(db); s++) {
        for (uint32_t i = offsets[s]; i < offsets[s + 1]; i++)
            fprintf(out, "%u -1 ", symbols[i]);
        fprintf(out, "-2\n");
    }
    fclose(out);
    tl_sequences *again = read_bytes(text, n);
    require(again && tl_sequences_count(again) == tl_sequences_count(db));
    for (size_t s = 0; s < tl_sequences_count(db); s++)
        check_sequence(again, s, symbols + offsets[s], offsets[s + 1] - offsets[s]);
    tl_sequences_free(again);
    free(text);
}

/* Patterns as the writer writes them; "#SUP: n" has to go before they are sequences. */
static void check_patterns(const tl_sequences *db)
{
    tl_mine_options o = tl_mine_defaults();
    tl_patterns *found;
    char *text;
    size_t n;
    FILE *out = open_memstream(&text, &n);
    o.min_support = 1;
    require(out && tl_mine(&found, db, &o, NULL) == TL_OK);
    require(tl_spmf_write(found, out, "fuzz", NULL) == TL_OK);
    fclose(out);
    size_t line = 0;
    for (char *at = text, *end; at < text + n; at = end + 1, line++) {
        char *support = strstr(at, "#SUP: ");
        end = strchr(at, '\n');
        require(end && support && support < end && line < tl_patterns_count(found));
        require(strtoull(support + 6, NULL, 10) == tl_patterns_get(found, line).support);
        memset(support, ' ', (size_t)(end - support));
        memcpy(support, "-2", 2);
    }
    require(line == tl_patterns_count(found));
    tl_sequences *again = read_bytes(text, n);
    require(again && tl_sequences_count(again) == line);
    for (size_t i = 0; i < line; i++)
        check_sequence(again, i, tl_patterns_symbols(found, i), tl_patterns_get(found, i).length);
    tl_sequences_free(again);
    tl_patterns_free(found);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tl_sequences *db = read_bytes(data, size);
    if (!db)
        return 0;
    check_sequences(db);
    if (tl_sequences_total(db) < 1000)
        check_patterns(db);
    tl_sequences_free(db);
    return 0;
}
