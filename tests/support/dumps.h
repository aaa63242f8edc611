/* dumps.h: small dumps, and what a store holds of them, for the tests. */
#ifndef TL_TESTS_SUPPORT_DUMPS_H
#define TL_TESTS_SUPPORT_DUMPS_H

#include "extract/extract.h"
#include "tests/support/databases.h"
#include "tests/support/files.h"

/* Begin and end of Posts.xml, and rows to go between. */
void test_dump_begin(tl_buf *out);
void test_dump_end(tl_buf *out);
void test_dump_question(tl_buf *out, int64_t id, const char *tags, const char *body);
void test_dump_answer(tl_buf *out, int64_t id, int64_t parent);

/* A body (as it stands in the XML) with a code block that holds a traceback. */
extern const char *const test_traceback_body;

/* `n` posts with ids from 1: questions with and without traces, of the libraries and
 * not, answers, other types, and now and then a broken or odd row; reproducible by the
 * generator's state.  `order`: 'o' ids rise, 's' shuffled. */
void test_dump_random(tl_buf *out, test_random *random, int64_t n, char order);

/* The libraries that ship, or those named; aborts on failure.  The caller frees. */
tl_libraries *test_libraries(const char *narrow);

/* Extracts `paths` into the store `db`; the report of the last input in *last (may be
 * NULL).  Returns tl_extract's status. */
typedef struct test_run {
    const char *db;
    const char *paths[8];
    const char *site, *library;
    bool all, no_prefilter, force;
    tl_container container;
    int workers; /* 0: 2 */
    const tl_cancel *cancel;
    void (*progress)(void *ctx, const char *name, int64_t taken, int64_t size);
    void *ctx;
} test_run;
int test_extract(const test_run *run, tl_input_report *last, tl_error *err);

/* All that the store says, as text, table by table in the order of the primary keys.
 * TEST_POSTS_ONLY leaves out quarantine and the counters of inputs. */
typedef enum test_dump_kind { TEST_EVERYTHING, TEST_POSTS_ONLY } test_dump_kind;
tl_buf test_store_dump(const char *db, test_dump_kind kind);

/* The first integer that a query gives; aborts if there is none. */
int64_t test_store_int(const char *db, const char *sql);

/* Fails with the first line that differs. */
void test_assert_same_dump(const tl_buf *a, const tl_buf *b, const char *what);

#endif
