#include <stdlib.h>

#include "base/array.h"
#include "reports/match_part.h"
#include "sql/patterns.h"

/* Runs of frames that are looked up, times the libraries: the time of a long trace. */
enum { MAX_LOOKUPS = 8000, MAX_FRAMES = 1000 };

typedef struct library {
    tl_str key;
    tl_buf identity; /* see tl_pattern_identity */
} library;

/* The frames at hand as texts, and where each begins in `text`. */
typedef struct finding {
    tl_search *search;
    tl_arena *arena;
    library *libraries;
    size_t n_libraries, cap_libraries;
    tl_buf text;       /* "a:b > c:d > ..." of one run of known frames */
    size_t *begin;     /* of frame i in text; begin[n] is its end plus the arrow */
    size_t n;
    tl_match_pattern *list;
    size_t n_list, cap_list;
    tl_map seen; /* frames -> position in list */
    tl_error *err;
} finding;

static int add_library(void *ctx, const char *key)
{
    finding *f = ctx;
    library *grown = tl_array_room(f->libraries, f->n_libraries, &f->cap_libraries, sizeof *grown);
    if (!grown)
        return tl_fail_memory(f->err, "libraries");
    f->libraries = grown;
    library *l = &f->libraries[f->n_libraries++];
    *l = (library){.key = tl_arena_copy(f->arena, tl_str_from(key))};
    if (!l->key.data)
        return tl_fail_memory(f->err, "libraries");
    return tl_pattern_identity(&l->identity, key, TL_FULL, TL_SEQUENCES, f->err);
}

/* Adds the library's name to a pattern that is known from another one. */
static int also_in(finding *f, tl_match_pattern *p, const library *l)
{
    tl_buf names = {0};
    tl_buf_printf(&names, TL_STR_FMT ", " TL_STR_FMT, TL_STR_ARG(p->libraries), TL_STR_ARG(l->key));
    p->libraries = names.failed ? (tl_str){0} : tl_arena_copy(f->arena, tl_buf_str(&names));
    tl_buf_free(&names);
    return p->libraries.data ? TL_OK : tl_fail_memory(f->err, "a pattern");
}

static int add_pattern(finding *f, const library *l, const char *id, tl_str frames, size_t length,
                       const tl_found_pattern *found)
{
    int64_t *at = tl_map_put(&f->seen, frames, (int64_t)f->n_list);
    if (!at)
        return tl_fail_memory(f->err, "a pattern");
    if ((size_t)*at < f->n_list)
        return also_in(f, &f->list[*at], l);
    tl_match_pattern *grown = tl_array_room(f->list, f->n_list, &f->cap_list, sizeof *grown);
    if (!grown)
        return tl_fail_memory(f->err, "a pattern");
    f->list = grown;
    tl_match_pattern *p = &f->list[f->n_list++];
    *p = (tl_match_pattern){.id = tl_arena_copy(f->arena, tl_str_from(id)),
                            .frames = tl_arena_copy(f->arena, frames),
                            .libraries = l->key,
                            .length = length,
                            .found = *found};
    return p->id.data && p->frames.data ? TL_OK : tl_fail_memory(f->err, "a pattern");
}

/* Looks up the run of frames [from, to) in every library. */
static int look_up(finding *f, size_t from, size_t to)
{
    static const size_t arrow = 3;
    tl_str frames = {f->text.data + f->begin[from], f->begin[to] - arrow - f->begin[from]};
    /* A place where the same frames stood before gives the same patterns. */
    if (tl_map_get(&f->seen, frames))
        return TL_OK;
    for (size_t i = 0; i < f->n_libraries; i++) {
        char id[17];
        tl_found_pattern found;
        int rc = tl_pattern_id(&f->libraries[i].identity, frames, id, f->err);
        if (rc == TL_OK)
            rc = tl_search_pattern(f->search, id, f->arena, &found, f->err);
        if (rc > 0)
            rc = add_pattern(f, &f->libraries[i], id, frames, to - from, &found);
        if (rc < 0)
            return rc;
    }
    return TL_OK;
}

/* All runs of the frames at hand that are short enough to stay within the bound. */
static int look_up_all(finding *f, size_t budget)
{
    size_t longest = budget / f->n;
    if (f->n * (f->n + 1) / 2 <= budget)
        longest = f->n;
    int rc = TL_OK;
    for (size_t from = 0; rc == TL_OK && from < f->n; from++)
        for (size_t to = from + 1; rc == TL_OK && to <= f->n && to - from <= longest; to++)
            rc = look_up(f, from, to);
    f->n = 0;
    tl_buf_clear(&f->text);
    return rc;
}

static int add_frame(finding *f, const tl_frame *frame)
{
    f->begin[f->n++] = f->text.len;
    tl_buf_printf(&f->text, TL_STR_FMT ":" TL_STR_FMT " > ", TL_STR_ARG(frame->file), TL_STR_ARG(frame->function));
    f->begin[f->n] = f->text.len;
    return tl_buf_check(&f->text, "frames", f->err);
}

/* Cuts the trace where a frame is unknown to the store: no pattern holds it. */
static int find(finding *f, const tl_trace *trace)
{
    size_t skip = trace->n_frames > MAX_FRAMES ? trace->n_frames - MAX_FRAMES : 0;
    size_t budget = MAX_LOOKUPS / f->n_libraries;
    int rc = TL_OK;
    for (size_t i = skip; rc == TL_OK && i < trace->n_frames; i++) {
        int64_t symbol, traces;
        int known = tl_search_symbol(f->search, trace->frames[i].file, trace->frames[i].function, &symbol, &traces,
                                     f->err);
        if (known < 0)
            rc = known;
        else if (known > 0)
            rc = add_frame(f, &trace->frames[i]);
        else if (f->n)
            rc = look_up_all(f, budget);
    }
    return rc == TL_OK && f->n ? look_up_all(f, budget) : rc;
}

static int by_length(const void *a, const void *b)
{
    const tl_match_pattern *x = a, *y = b;
    if (x->length != y->length)
        return x->length > y->length ? -1 : 1;
    if (x->found.support != y->found.support)
        return x->found.support < y->found.support ? -1 : 1;
    return tl_str_cmp(x->frames, y->frames);
}

int tl_match_patterns(tl_search *s, const tl_trace *trace, size_t most, tl_arena *arena, tl_match *out,
                      tl_error *err)
{
    finding f = {.search = s, .arena = arena, .err = err};
    f.begin = calloc(MAX_FRAMES + 1, sizeof *f.begin);
    int rc = f.begin ? tl_search_libraries(s, add_library, &f, err) : tl_fail_memory(err, "patterns");
    if (rc == TL_OK && f.n_libraries)
        rc = find(&f, trace);
    if (rc == TL_OK && f.n_list) {
        qsort(f.list, f.n_list, sizeof *f.list, by_length);
        out->n_patterns = f.n_list < most ? f.n_list : most;
        out->patterns = tl_arena_calloc(arena, out->n_patterns, sizeof *out->patterns);
        if (out->patterns)
            memcpy(out->patterns, f.list, out->n_patterns * sizeof *out->patterns);
        else
            rc = tl_fail_memory(err, "patterns");
    }
    for (size_t i = 0; i < f.n_libraries; i++)
        tl_buf_free(&f.libraries[i].identity);
    free(f.libraries);
    free(f.begin);
    free(f.list);
    tl_map_free(&f.seen);
    tl_buf_free(&f.text);
    return rc;
}
