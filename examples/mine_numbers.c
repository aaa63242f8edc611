/* Mines the sequences given as arguments and prints their closed contiguous patterns.
 *
 *     $ mine_numbers "1 2 3 4" "2 3 4" "9 2 3"
 *     3: 2 3  in 0 1 2
 *     2: 2 3 4  in 0 1
 *
 * Each line gives the support, the pattern, and the sequences that contain it. */
#include "miner/miner.h"

#include <stdio.h>
#include <stdlib.h>

static int append(tl_sequences *db, const char *text, tl_error *err)
{
    uint32_t symbols[1000];
    size_t n = 0;
    for (char *end; n < 1000; text = end) {
        unsigned long symbol = strtoul(text, &end, 10);
        if (end == text)
            break;
        symbols[n++] = (uint32_t)symbol;
    }
    return tl_sequences_append(db, symbols, n, err);
}

static int print_patterns(const tl_patterns *found, tl_error *err)
{
    tl_postings *postings;
    int rc = tl_postings_new(&postings, found, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < tl_patterns_count(found); i++) {
        tl_pattern p = tl_patterns_get(found, i);
        const uint32_t *symbols = tl_patterns_symbols(found, i), *sequences;
        size_t n;
        tl_postings_get(postings, i, &sequences, &n);
        printf("%u:", p.support);
        for (uint32_t k = 0; k < p.length; k++)
            printf(" %u", symbols[k]);
        printf("  in");
        for (size_t k = 0; k < n; k++)
            printf(" %u", sequences[k]);
        printf("\n");
    }
    tl_postings_free(postings);
    return TL_OK;
}

int main(int argc, char **argv)
{
    tl_error err;
    tl_patterns *found = NULL;
    tl_mine_options options = tl_mine_defaults();
    options.want_postings = true;

    tl_sequences *db = tl_sequences_new(&err);
    int rc = db ? TL_OK : err.status;
    for (int i = 1; i < argc && !rc; i++)
        rc = append(db, argv[i], &err);
    if (!rc)
        rc = tl_mine(&found, db, &options, &err);
    if (!rc)
        rc = print_patterns(found, &err);
    if (rc)
        fprintf(stderr, "mine_numbers: %s\n", err.message);
    tl_patterns_free(found);
    tl_sequences_free(db);
    return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}
