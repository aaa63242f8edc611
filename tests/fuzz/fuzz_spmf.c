/* The SPMF reader never crashes, says where bad input is bad, and reads back what is
 * written of what it read. */
#include "miner/spmf.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads bytes through a file; the database, or NULL if it was refused. */
static tl_sequences *read_bytes(const void *bytes, size_t n)
{
    FILE *f = tmpfile();
    tl_error err = {0};
    tl_sequences *db = tl_sequences_new(&err);
    if (!f || !db || fwrite(bytes, 1, n, f) != n || fflush(f) != 0)
        abort();
    rewind(f);
    int rc = tl_spmf_read(db, fileno(f), "fuzz", NULL, &err);
    fclose(f);
    if (rc == TL_OK)
        return db;
    if (rc != TL_BAD_INPUT || err.status != rc || strncmp(err.message, "fuzz: line ", 11) != 0)
        abort();
    tl_sequences_free(db);
    return NULL;
}

static char *write_sequences(const tl_sequences *db, size_t *n)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, n);
    if (!out)
        abort();
    const uint32_t *offsets = tl_sequences_offsets(db);
    for (size_t s = 0; s < tl_sequences_count(db); s++) {
        for (uint32_t i = offsets[s]; i < offsets[s + 1]; i++)
            fprintf(out, "%u -1 ", tl_sequences_symbols(db)[i]);
        fprintf(out, "-2\n");
    }
    fclose(out);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tl_sequences *db = read_bytes(data, size);
    if (!db)
        return 0;
    size_t n;
    char *text = write_sequences(db, &n);
    tl_sequences *again = read_bytes(text, n);
    if (!again || tl_sequences_count(again) != tl_sequences_count(db) ||
        tl_sequences_total(again) != tl_sequences_total(db) ||
        memcmp(tl_sequences_offsets(again), tl_sequences_offsets(db),
               (tl_sequences_count(db) + 1) * sizeof(uint32_t)) != 0 ||
        (tl_sequences_total(db) > 0 &&
         memcmp(tl_sequences_symbols(again), tl_sequences_symbols(db),
                tl_sequences_total(db) * sizeof(uint32_t)) != 0))
        abort();
    free(text);
    tl_sequences_free(db);
    tl_sequences_free(again);
    return 0;
}
