#include "reports/classifier_input.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "sql/json.h"

static tl_str text_of(const json_t *value)
{
    return json_is_string(value) ? (tl_str){json_string_value(value), json_string_length(value)} : (tl_str){0};
}

static bool read_frame(const json_t *value, tl_frame *f)
{
    size_t n = json_array_size(value);
    if (n < 2 || n > 3)
        return false;
    *f = (tl_frame){.file = text_of(json_array_get(value, 0)),
                    .function = text_of(json_array_get(value, 1)),
                    .package = text_of(json_array_get(value, 2)),
                    .line = TL_UNKNOWN};
    return f->file.data && f->function.data;
}

static int read_frames(tl_pattern_line *out, tl_arena *arena, tl_error *err)
{
    const json_t *frames = json_object_get(out->object, "frames");
    if (!json_is_array(frames))
        return tl_fail(err, TL_BAD_INPUT, "expected an object with \"frames\": [[\"file\", \"function\"], ...]");
    size_t n = json_array_size(frames);
    out->frames = tl_arena_calloc(arena, n + 1, sizeof *out->frames);
    if (!out->frames)
        return tl_fail_memory(err, "a pattern");
    for (; out->n_frames < n; out->n_frames++)
        if (!read_frame(json_array_get(frames, out->n_frames), &out->frames[out->n_frames]))
            return tl_fail(err, TL_BAD_INPUT, "frame %zu is no [\"file\", \"function\"]", out->n_frames + 1);
    return TL_OK;
}

int tl_pattern_line_read(tl_pattern_line *out, tl_str line, tl_arena *arena, tl_error *err)
{
    json_error_t why;
    *out = (tl_pattern_line){0};
    if (line.len > TL_PATTERN_LINE_MAX)
        return tl_fail(err, TL_BAD_INPUT, "longer than %d bytes", TL_PATTERN_LINE_MAX);
    out->object = tl_json_load(line, JSON_REJECT_DUPLICATES, &why);
    if (!out->object)
        return why.text[0] ? tl_fail(err, TL_BAD_INPUT, "no JSON: %s", why.text) : tl_fail_memory(err, "a pattern");
    int rc = read_frames(out, arena, err);
    out->exception = text_of(json_object_get(out->object, "exception"));
    out->message = text_of(json_object_get(out->object, "message"));
    out->label = text_of(json_object_get(out->object, "label"));
    return rc;
}

void tl_pattern_line_free(tl_pattern_line *p)
{
    json_decref(p->object);
    *p = (tl_pattern_line){0};
}

/* Reads a line without its end into *to; 0 at the end of the file, and where it cannot
 * be read.  What a line holds beyond the limit is dropped but for one byte, which tells
 * that it is too long. */
static int next_line(FILE *file, tl_buf *to)
{
    int c;
    tl_buf_clear(to);
    while ((c = getc_unlocked(file)) != EOF && c != '\n')
        if (to->len <= TL_PATTERN_LINE_MAX)
            tl_buf_add_char(to, (char)c);
    return !ferror(file) && (c != EOF || to->len > 0);
}

static bool is_blank(tl_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!strchr(" \t\r", s.data[i]) || !s.data[i])
            return false;
    return true;
}

int tl_pattern_lines_read(FILE *file, const char *name, tl_arena *arena, bool keep, tl_pattern_line_fn *take,
                          void *ctx, size_t *n, tl_error *err)
{
    tl_buf line = {0};
    int rc = TL_OK;
    *n = 0;
    for (size_t number = 1; rc == TL_OK && next_line(file, &line); number++) {
        tl_pattern_line p = {0};
        rc = tl_buf_check(&line, "a line", err);
        if (rc || is_blank(tl_buf_str(&line)))
            continue;
        if (!keep)
            tl_arena_reset(arena);
        rc = tl_pattern_line_read(&p, tl_buf_str(&line), arena, err);
        if (rc)
            rc = tl_fail_prefix(err, "%s: line %zu: ", name, number);
        else
            rc = take(ctx, &p, err);
        tl_pattern_line_free(&p);
        *n += rc == TL_OK;
    }
    if (rc == TL_OK && ferror(file))
        rc = tl_fail(err, TL_IO, "%s: cannot read: %s", name, strerror(errno));
    tl_buf_free(&line);
    return rc;
}
