#include "reports/classifier_store.h"

#include "sql/types.h"

/* Frames of a pattern that are looked at, the innermost ones. */
enum { MAX_FRAMES = 64 };

static int type_of(void *ctx, tl_str text, tl_pattern_type *out, tl_error *err)
{
    tl_classifier *c = ctx;
    tl_frame frames[MAX_FRAMES];
    tl_classified found;
    size_t n = tl_pattern_frames(text, frames, MAX_FRAMES);
    int rc = tl_classify(c, frames, n, (tl_str){0}, (tl_str){0}, &found, err);
    if (rc)
        return rc;
    *out = (tl_pattern_type){"unknown", "unknown", found.confidence};
    if (found.type >= 0) {
        const tl_type *type = tl_taxonomy_type(tl_classifier_taxonomy(c), found.type);
        out->category = type->category;
        out->type = type->name;
    }
    return TL_OK;
}

int tl_classify_store(tl_store *store, tl_classifier *classifier, tl_error *err)
{
    tl_classifier *shipped = NULL;
    int rc = classifier ? TL_OK : tl_classifier_shipped(&shipped, err);
    if (rc == TL_OK)
        rc = tl_types_write(store, type_of, classifier ? classifier : shipped, err);
    tl_classifier_free(shipped);
    return rc;
}
