#include "extract/grammar/draft.h"

#include <stdlib.h>

#include "extract/grammar/grammar.h"
#include "extract/grammar/lines.h"
#include "extract/grammar/location.h"
#include "extract/grammar/template.h"
#include "extract/grammar/utf8.h"

void tl_draft_clear(tl_draft *d)
{
    tl_arena_reset(&d->arena);
    tl_buf_clear(&d->message);
    tl_buf_clear(&d->template);
    d->n_frames = 0;
    d->exception = d->announced = (tl_str){NULL, 0};
    d->reverse = d->failed = false;
    d->link = TL_LINK_NONE;
    d->linked_to = 0;
}

void tl_draft_free(tl_draft *d)
{
    free(d->frames);
    tl_arena_free(&d->arena);
    tl_buf_free(&d->message);
    tl_buf_free(&d->template);
    *d = (tl_draft){0};
}

static tl_str keep(tl_draft *d, tl_str s)
{
    if (!s.data)
        return s;
    tl_str copy = tl_arena_copy(&d->arena, s);
    if (!copy.data)
        d->failed = true;
    return copy;
}

static bool make_room(tl_draft *d)
{
    if (d->n_frames < d->cap_frames)
        return true;
    size_t cap = d->cap_frames ? 2 * d->cap_frames : 64;
    tl_frame *more = realloc(d->frames, cap * sizeof *more);
    if (!more) {
        d->failed = true;
        return false;
    }
    d->frames = more;
    d->cap_frames = cap;
    return true;
}

static tl_str last_name(tl_str function)
{
    if (function.len >= 10 && memcmp(function.data, "<cell line", 10) == 0)
        return TL_STR("<module>");
    if (tl_str_eq(function, TL_STR("?"))) /* IPython did not know it */
        return TL_STR("");
    for (size_t i = function.len; i-- > 0;)
        if (function.data[i] == '.')
            return (tl_str){function.data + i + 1, function.len - i - 1};
    return function;
}

void tl_draft_frame(tl_draft *d, tl_str path, int64_t line, tl_str function)
{
    if (d->n_frames == TL_GRAMMAR_MAX_FRAMES || !make_room(d))
        return;
    tl_frame *f = &d->frames[d->n_frames++];
    *f = (tl_frame){.path = keep(d, path), .line = line, .source = {NULL, 0}};
    tl_str whole = keep(d, function);
    f->function = last_name(whole);
    if (!f->path.data)
        f->path = TL_STR("");
    if (!f->function.data)
        f->function = TL_STR("");
    /* The stem and the package are parts of what is kept, or literals. */
    tl_location at = tl_locate(f->path, whole);
    f->file = at.stem;
    f->package = at.package;
    f->own_code = at.own_code;
}

bool tl_draft_wants_source(const tl_draft *d)
{
    return d->n_frames > 0 && !d->frames[d->n_frames - 1].source.data;
}

void tl_draft_source(tl_draft *d, tl_str source)
{
    while (source.len > 0 && (source.data[0] == ' ' || source.data[0] == '\t'))
        source.data++, source.len--;
    while (source.len > 0 && source.data[source.len - 1] == ' ')
        source.len--;
    if (tl_draft_wants_source(d) && source.len > 0)
        d->frames[d->n_frames - 1].source = keep(d, source);
}

bool tl_draft_function(tl_draft *d, tl_str function)
{
    if (d->n_frames == 0 || d->frames[d->n_frames - 1].function.len > 0)
        return false;
    d->frames[d->n_frames - 1].function = keep(d, last_name(function));
    return true;
}

void tl_draft_line(tl_draft *d, int64_t line)
{
    if (d->n_frames > 0 && d->frames[d->n_frames - 1].line == TL_UNKNOWN)
        d->frames[d->n_frames - 1].line = line;
}

static void add_bounded(tl_draft *d, tl_str s)
{
    tl_buf_add_str(&d->message, tl_utf8_cut(s, TL_GRAMMAR_MAX_MESSAGE - d->message.len));
    d->failed |= d->message.failed;
}

void tl_draft_announce(tl_draft *d, tl_str exception)
{
    d->announced = keep(d, exception);
}

void tl_draft_exception(tl_draft *d, tl_str exception, tl_str message)
{
    d->exception = keep(d, exception);
    tl_buf_clear(&d->message);
    add_bounded(d, message);
}

void tl_draft_message(tl_draft *d, tl_str line)
{
    if (d->message.len + 1 >= TL_GRAMMAR_MAX_MESSAGE)
        return;
    add_bounded(d, TL_STR("\n"));
    add_bounded(d, line);
}

static void reverse(tl_frame *frames, size_t n)
{
    for (size_t i = 0; i + 1 < n - i; i++) {
        tl_frame swap = frames[i];
        frames[i] = frames[n - 1 - i];
        frames[n - 1 - i] = swap;
    }
}

int tl_draft_trace(tl_draft *d, tl_trace *out, tl_error *err)
{
    *out = (tl_trace){.frames = d->frames, .n_frames = d->n_frames, .exception = d->exception,
                      .link = d->link, .linked_to = d->linked_to};
    if (!out->exception.data)
        out->exception = d->announced;
    if (d->reverse && d->n_frames > 0)
        reverse(d->frames, d->n_frames);
    tl_locate_frozen(d->frames, d->n_frames);
    tl_str message = tl_without_fence(tl_buf_str(&d->message));
    if (message.len > 0) {
        out->message = message;
        tl_template(out->message, &d->template);
        out->template = tl_buf_str(&d->template);
    }
    if (d->failed || d->template.failed)
        return tl_fail_memory(err, "a traceback");
    return TL_OK;
}
