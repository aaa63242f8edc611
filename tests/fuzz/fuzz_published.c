/* Any bytes as a file of published patterns.  A bad one is refused with its line; a good
 * one is imported, and the store then holds just its patterns and questions. */
#include "tests/fuzz/fuzz.h"

#include "sql/import.h"
#include "tests/fuzz/study.h"

static void check_pattern(const tl_published *all, const tl_published_pattern *p)
{
    require(p->n_frames > 0 && p->support >= all->min_support && p->support <= UINT32_MAX);
    for (size_t i = 0; i < p->n_frames; i++) {
        fuzz_touch(p->frames[i]);
        require(tl_str_find(p->frames[i], TL_STR(":"), 1) != SIZE_MAX);
    }
    for (size_t i = 0; i < p->n_questions; i++)
        fuzz_touch(p->questions[i].text);
}

static void import(const tl_published *p)
{
    static tl_store *s;
    const tl_import as = {"keras", "Keras", "stackoverflow.com", TL_PAPER, TL_OCCURRENCES};
    tl_error err;
    s = s ? s : fuzz_study("");
    require(tl_store_begin(s, NULL) == TL_OK);
    int rc = tl_import_patterns(s, p, &as, &err);
    if (rc == TL_OK) {
        require(fuzz_count(s, "SELECT count(*) FROM v_pattern") == (int64_t)p->n);
        require(fuzz_count(s, "SELECT min(support) FROM v_pattern") == p->min_support);
        int64_t questions = fuzz_count(s, "SELECT count(*) FROM v_pattern_question"), named = 0;
        for (size_t i = 0; i < p->n; i++)
            named += (int64_t)p->list[i].n_questions;
        require(questions <= named && (questions > 0) == (named > 0));
    } else
        fuzz_check_error(rc, &err);
    tl_store_rollback(s);
    require(rc == TL_OK || rc == TL_BAD_INPUT);
    require(fuzz_count(s, "SELECT count(*) FROM v_pattern") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tl_published p = {0};
    tl_error err;
    FILE *file = tmpfile();
    require(file && fwrite(data, 1, size, file) == size);
    rewind(file);
    int rc = tl_published_read(&p, file, "fuzz", &err);
    fclose(file);
    if (rc == TL_OK) {
        for (size_t i = 0; i < p.n; i++)
            check_pattern(&p, &p.list[i]);
        import(&p);
    } else {
        fuzz_check_error(rc, &err);
        require(rc == TL_BAD_INPUT && strncmp(err.message, "fuzz: ", 6) == 0);
    }
    tl_published_free(&p);
    return 0;
}
