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

typedef struct labelling {
    tl_store *store;
    tl_error *err;
} labelling;

static int write_label(void *ctx, tl_str label, int type)
{
    labelling *l = ctx;
    return tl_types_label(l->store, label, type, l->err);
}

static int write_taxonomy(tl_store *store, const tl_taxonomy *t, tl_error *err)
{
    tl_stored_type types[TL_MAX_TYPES];
    int n = tl_taxonomy_n_types(t);
    for (int i = 0; i < n; i++) {
        const tl_type *type = tl_taxonomy_type(t, i);
        types[i] = (tl_stored_type){type->category, type->category_name, type->name, type->description};
    }
    labelling l = {store, err};
    int rc = tl_types_define(store, types, (size_t)n, err);
    return rc ? rc : tl_taxonomy_each_label(t, write_label, &l, err);
}

int tl_classify_store(tl_store *store, tl_classifier *classifier, tl_error *err)
{
    tl_classifier *shipped = NULL;
    int rc = classifier ? TL_OK : tl_classifier_shipped(&shipped, err);
    tl_classifier *c = classifier ? classifier : shipped;
    if (rc == TL_OK)
        rc = write_taxonomy(store, tl_classifier_taxonomy(c), err);
    if (rc == TL_OK)
        rc = tl_types_write(store, type_of, c, err);
    tl_classifier_free(shipped);
    return rc;
}
