/* The running hash that tells inputs apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "extract/hash.h"
#include "tests/support/databases.h"

enum { BYTES = 20000, STATE = 4096 };

static tl_hash *fresh(void)
{
    tl_hash *h = tl_hash_new();
    assert_non_null(h);
    return h;
}

static void test_known_values(void **state)
{
    (void)state;
    static const unsigned char of_nothing[TL_HASH_DIGEST] = {0x99, 0xaa, 0x06, 0xd3, 0x01, 0x47, 0x98, 0xd8,
                                                             0x60, 0x01, 0xc3, 0x24, 0x46, 0x8d, 0x49, 0x7f};
    unsigned char digest[TL_HASH_DIGEST];
    tl_hash *h = fresh();
    tl_hash_digest(h, digest);
    assert_memory_equal(digest, of_nothing, sizeof digest);
    tl_hash_add(h, "x", 1);
    tl_hash_add(h, NULL, 0);
    tl_hash_digest(h, digest);
    assert_memory_not_equal(digest, of_nothing, sizeof digest);
    tl_hash_reset(h);
    tl_hash_digest(h, digest);
    assert_memory_equal(digest, of_nothing, sizeof digest);
    tl_hash_free(h);
}

/* The same in pieces of any size, and over a state that was saved and restored. */
static void test_pieces(void **state)
{
    (void)state;
    test_random random = test_random_new("test_pieces", 1);
    static char bytes[BYTES];
    static unsigned char saved[STATE];
    unsigned char whole[TL_HASH_DIGEST], digest[TL_HASH_DIGEST];
    for (size_t i = 0; i < BYTES; i++)
        bytes[i] = (char)test_random_below(&random, 256);
    tl_hash *h = fresh();
    tl_hash_add(h, bytes, BYTES);
    tl_hash_digest(h, whole);
    tl_hash_reset(h);
    for (size_t at = 0, n; at < BYTES; at += n) {
        n = 1 + test_random_below(&random, 600);
        n = n < BYTES - at ? n : BYTES - at;
        tl_hash_add(h, bytes + at, n);
        size_t len = tl_hash_save(h, saved, sizeof saved);
        assert_true(len > 0);
        tl_hash_free(h);
        h = fresh();
        tl_hash_add(h, "what was there before", 21);
        assert_true(tl_hash_restore(h, saved, len));
    }
    tl_hash_digest(h, digest);
    assert_memory_equal(digest, whole, sizeof digest);
    tl_hash_free(h);
}

/* A state of another length or of another version of the library is none. */
static void test_foreign_states(void **state)
{
    (void)state;
    static unsigned char saved[STATE];
    tl_hash *h = fresh();
    size_t len = tl_hash_save(h, saved, sizeof saved);
    assert_int_equal(tl_hash_save(h, saved, len - 1), 0);
    assert_false(tl_hash_restore(h, saved, len - 1));
    assert_false(tl_hash_restore(h, saved, 0));
    saved[0] ^= 1; /* of the version, which stands first */
    assert_false(tl_hash_restore(h, saved, len));
    saved[0] ^= 1;
    assert_true(tl_hash_restore(h, saved, len));
    tl_hash_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_foreign_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
