#include "reports/classifier_input.h"

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
    out->object = json_loadb(line.data, line.len, JSON_REJECT_DUPLICATES, &why);
    if (!out->object)
        return json_error_code(&why) == json_error_out_of_memory
                   ? tl_fail_memory(err, "a pattern")
                   : tl_fail(err, TL_BAD_INPUT, "no JSON: %s", why.text);
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
