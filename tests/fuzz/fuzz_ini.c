/* Any bytes as the files that a researcher may bring: libraries, taxonomy and weights.
 * Refused with a line, or the lists hold together.  The first byte says which. */
#include "tests/fuzz/fuzz.h"

#include "base/buf.h"
#include "extract/libraries.h"
#include "reports/classifier.h"

static void check_libraries(tl_str text)
{
    tl_libraries *l;
    tl_error err;
    int rc = tl_libraries_new(&l, text, "fuzz", &err);
    if (rc) {
        fuzz_check_error(rc, &err);
        require(rc == TL_BAD_INPUT);
        return;
    }
    size_t n = tl_libraries_count(l);
    require(n > 0 && n <= TL_MAX_LIBRARIES);
    fuzz_touch(tl_libraries_language(l));
    for (size_t i = 0; i < n; i++) {
        tl_buf tags = {0};
        require(*tl_libraries_key(l, i) && *tl_libraries_name(l, i));
        tl_buf_printf(&tags, "<" TL_STR_FMT "><" TL_STR_FMT ">", TL_STR_ARG(tl_libraries_tag(l, i)),
                      TL_STR_ARG(tl_libraries_language(l)));
        require(tl_libraries_match(l, tl_buf_str(&tags)) >> i & 1);
        tl_buf_free(&tags);
    }
    uint64_t bits = tl_libraries_match(l, text);
    require(n == 64 || bits >> n == 0);
    char *key = strdup(tl_libraries_key(l, n - 1));
    require(key && tl_libraries_narrow(l, key, NULL) == TL_OK && tl_libraries_count(l) == 1);
    require(strcmp(tl_libraries_key(l, 0), key) == 0);
    free(key);
    tl_libraries_free(l);
}

/* Every label means a type, its own unless another has the same label. */
static int check_label(void *ctx, tl_str label, int type)
{
    int found = tl_taxonomy_label(ctx, label);
    require(found >= 0 && found < tl_taxonomy_n_types(ctx) && type < tl_taxonomy_n_types(ctx));
    return 0;
}

static void ignore_type(void *ctx, int type)
{
    require(type >= 0 && type < tl_taxonomy_n_types(ctx));
}

/* A taxonomy, and what it makes of a frame with a name from the text. */
static void check_taxonomy(tl_str text)
{
    static uint16_t rules[TL_MAX_RULES];
    tl_taxonomy *t;
    tl_error err;
    int rc = tl_taxonomy_new(&t, text, "fuzz", &err);
    if (rc) {
        fuzz_check_error(rc, &err);
        require(rc == TL_BAD_INPUT);
        return;
    }
    int types = tl_taxonomy_n_types(t), n_rules = tl_taxonomy_n_rules(t);
    require(types > 0 && types <= TL_MAX_TYPES && n_rules >= 0 && n_rules <= TL_MAX_RULES);
    for (int i = 0; i < n_rules; i++)
        require(tl_taxonomy_rule(t, i)->type >= 0 && tl_taxonomy_rule(t, i)->type < types);
    require(tl_taxonomy_each_label(t, check_label, t, NULL) == 0);
    const tl_frame frame = {.file = TL_STR("module"), .function = text, .package = TL_STR("torch")};
    int n = tl_taxonomy_match(t, &frame, rules);
    require(n >= 0 && n <= n_rules);
    for (int i = 0; i < n; i++)
        require(rules[i] < n_rules && (i == 0 || rules[i] > rules[i - 1]));
    tl_taxonomy_match_error(t, text, text, ignore_type, t);
    tl_taxonomy_free(t);
}

static void check_weights(tl_str text)
{
    static tl_taxonomy *shipped;
    const tl_frame frames[] = {{.file = TL_STR("training"), .function = TL_STR("fit")},
                               {.file = TL_STR("pickle"), .function = TL_STR("dump")}};
    tl_classifier *c;
    tl_classified found;
    tl_error err;
    if (!shipped)
        require(tl_taxonomy_new(&shipped, (tl_str){tl_taxonomy_ini, tl_taxonomy_ini_len}, "x", NULL) == TL_OK);
    int rc = tl_classifier_new(&c, shipped, text, "fuzz", &err);
    if (rc) {
        fuzz_check_error(rc, &err);
        require(rc == TL_BAD_INPUT);
        return;
    }
    require(tl_classify(c, frames, 2, (tl_str){NULL, 0}, (tl_str){NULL, 0}, &found, NULL) == TL_OK);
    require(found.type >= -1 && found.type < tl_taxonomy_n_types(shipped));
    require(found.confidence >= 0 && found.confidence <= 1);
    tl_classifier_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    void (*const checks[])(tl_str) = {check_libraries, check_taxonomy, check_weights};
    if (size > 0)
        checks[data[0] % 3]((tl_str){(const char *)data + 1, size - 1});
    return 0;
}
