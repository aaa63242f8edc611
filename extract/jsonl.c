#include "extract/jsonl.h"

#include "extract/repair.h"
#include "extract/timestamp.h"
#include "sql/json.h"

enum { MAX_VALUES = 200 * 1000 };

/* One object on its way into a post. */
typedef struct reading {
    tl_jsonl *scratch;
    const json_t *object;
    tl_arena *arena;
    tl_post *post;
    tl_error *err;
} reading;

void tl_jsonl_free(tl_jsonl *j)
{
    tl_buf_free(&j->repaired);
    tl_buf_free(&j->text);
}

/* The value of the first of `keys` (which end with NULL) that is there and not null. */
static const json_t *get(const json_t *object, const char *const *keys)
{
    for (; *keys; keys++) {
        const json_t *value = json_object_get(object, *keys);
        if (value && !json_is_null(value))
            return value;
    }
    return NULL;
}

static int wrong_type(reading *r, const char *key, const char *expected)
{
    return tl_fail(r->err, TL_BAD_INPUT, "\"%s\" is no %s", key, expected);
}

static tl_str text_of(const json_t *string)
{
    return (tl_str){json_string_value(string), json_string_length(string)};
}

static int no_memory(reading *r)
{
    return tl_fail_memory(r->err, "a JSON post");
}

/* A copy in the arena without control characters, which JSON may spell out. */
static int copy_text(reading *r, tl_str s, tl_str *to)
{
    if (tl_repair(s, false, &r->scratch->repaired) > 0)
        s = tl_buf_str(&r->scratch->repaired);
    int rc = tl_buf_check(&r->scratch->repaired, "a JSON post", r->err);
    if (rc)
        return rc;
    *to = tl_arena_copy(r->arena, s);
    return to->data ? TL_OK : no_memory(r);
}

static int read_text(reading *r, const char *const *keys, tl_str *to)
{
    const json_t *value = get(r->object, keys);
    if (!value)
        return TL_OK;
    return json_is_string(value) ? copy_text(r, text_of(value), to) : wrong_type(r, keys[0], "text");
}

static int read_number(reading *r, const char *key, int64_t *to)
{
    const json_t *value = json_object_get(r->object, key);
    *to = json_is_integer(value) ? json_integer_value(value) : TL_UNKNOWN;
    return !value || json_is_null(value) || json_is_integer(value) ? TL_OK : wrong_type(r, key, "whole number");
}

/* What was put together in scratch->text. */
static int take_scratch(reading *r, tl_str *to)
{
    int rc = tl_buf_check(&r->scratch->text, "a JSON post", r->err);
    return rc ? rc : copy_text(r, tl_buf_str(&r->scratch->text), to);
}

static int read_id(reading *r, const char *name, uint64_t line)
{
    const json_t *id = get(r->object, (const char *const[]){"id", "eid", NULL});
    const json_t *project = json_object_get(r->object, "project"), *bug = json_object_get(r->object, "bug");
    tl_buf *text = &r->scratch->text;
    if (json_is_integer(id)) {
        r->post->id.number = json_integer_value(id);
        return TL_OK;
    }
    if (json_is_string(id) && json_string_length(id) > 0)
        return copy_text(r, text_of(id), &r->post->id.text);
    if (id && !json_is_string(id))
        return wrong_type(r, "id", "whole number or text");
    tl_buf_clear(text);
    if (json_is_string(project) && json_is_string(bug)) {
        tl_buf_add_str(text, text_of(project));
        tl_buf_add_char(text, '#');
        tl_buf_add_str(text, text_of(bug));
    } else
        tl_buf_printf(text, "%s:%llu", name, (unsigned long long)line);
    return take_scratch(r, &r->post->id.text);
}

static int read_created(reading *r)
{
    static const char *const keys[] = {"created", "created_at", "creation_date", NULL};
    const json_t *value = get(r->object, keys);
    r->post->created = TL_UNKNOWN;
    if (json_is_string(value))
        r->post->created = tl_timestamp_parse(text_of(value));
    else if (json_is_integer(value) && json_integer_value(value) >= 0 &&
             json_integer_value(value) < INT64_MAX / 1000)
        r->post->created = json_integer_value(value) * 1000;
    return TL_OK;
}

/* As the dumps write them: <a><b>. */
static int read_tags(reading *r)
{
    const json_t *tags = get(r->object, (const char *const[]){"tags", "labels", NULL});
    if (!tags)
        return TL_OK;
    if (json_is_string(tags))
        return copy_text(r, text_of(tags), &r->post->tags);
    if (!json_is_array(tags))
        return wrong_type(r, "tags", "text or list");
    tl_buf *text = &r->scratch->text;
    tl_buf_clear(text);
    for (size_t i = 0; i < json_array_size(tags); i++) {
        const json_t *tag = json_array_get(tags, i);
        if (json_is_object(tag))
            tag = json_object_get(tag, "name");
        if (!json_is_string(tag))
            return wrong_type(r, "tags", "list of texts");
        tl_buf_add_char(text, '<');
        tl_buf_add_str(text, text_of(tag));
        tl_buf_add_char(text, '>');
    }
    return take_scratch(r, &r->post->tags);
}

/* Prints [path, line, function] triples as Python does. */
static int read_frames(reading *r, const json_t *frames)
{
    tl_buf *text = &r->scratch->text;
    tl_buf_clear(text);
    tl_buf_add_cstr(text, "Traceback (most recent call last):\n");
    for (size_t i = 0; i < json_array_size(frames); i++) {
        const json_t *frame = json_array_get(frames, i);
        const json_t *path = json_array_get(frame, 0), *line = json_array_get(frame, 1);
        const json_t *function = json_array_get(frame, 2);
        if (!json_is_string(path) || !json_is_string(function) || !(json_is_string(line) || json_is_integer(line)))
            return wrong_type(r, "frames", "list of [path, line, function]");
        tl_buf_add_cstr(text, "  File \"");
        tl_buf_add_str(text, text_of(path));
        tl_buf_add_cstr(text, "\", line ");
        if (json_is_integer(line))
            tl_buf_printf(text, "%lld", (long long)json_integer_value(line));
        else
            tl_buf_add_str(text, text_of(line));
        tl_buf_add_cstr(text, ", in ");
        tl_buf_add_str(text, text_of(function));
        tl_buf_add_char(text, '\n');
    }
    r->post->format = TL_TEXT;
    return take_scratch(r, &r->post->body);
}

static int read_format(reading *r)
{
    static const char *const names[] = {[TL_HTML] = "html", [TL_MARKDOWN] = "markdown", [TL_TEXT] = "text"};
    const json_t *format = json_object_get(r->object, "format");
    r->post->format = TL_MARKDOWN;
    if (!format || json_is_null(format))
        return TL_OK;
    for (int f = TL_HTML; f <= TL_TEXT; f++)
        if (json_is_string(format) && tl_str_eq_nocase(text_of(format), names[f])) {
            r->post->format = (tl_body_format)f;
            return TL_OK;
        }
    return tl_fail(r->err, TL_BAD_INPUT, "\"format\" is none of html, markdown, text");
}

static int read_body(reading *r)
{
    int rc = read_format(r);
    const json_t *frames = json_object_get(r->object, "frames");
    if (rc == TL_OK)
        rc = read_text(r, (const char *const[]){"body", "text", NULL}, &r->post->body);
    if (rc || r->post->body.data)
        return rc;
    rc = read_text(r, (const char *const[]){"traceback", NULL}, &r->post->body);
    if (r->post->body.data)
        r->post->format = TL_TEXT;
    else if (rc == TL_OK && json_is_array(frames))
        rc = read_frames(r, frames);
    return rc;
}

static int read_object(reading *r, const char *name, uint64_t line)
{
    tl_post *p = r->post;
    int rc = read_id(r, name, line);
    if (rc == TL_OK)
        rc = read_text(r, (const char *const[]){"title", NULL}, &p->title);
    if (rc == TL_OK)
        rc = read_body(r);
    if (rc == TL_OK)
        rc = read_tags(r);
    if (rc == TL_OK)
        rc = read_created(r);
    const struct {
        const char *key;
        int64_t *to;
    } numbers[] = {{"score", &p->score}, {"views", &p->views}, {"answers", &p->answers}, {"comments", &p->comments}};
    for (size_t i = 0; rc == TL_OK && i < sizeof numbers / sizeof *numbers; i++)
        rc = read_number(r, numbers[i].key, numbers[i].to);
    return rc;
}

/* How many values the line may hold: each costs a hundred bytes once it is parsed. */
static size_t count_values(tl_str line)
{
    size_t n = 0;
    bool quoted = false;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.data[i];
        if (c == '"')
            quoted = !quoted;
        else if (quoted)
            i += c == '\\';
        else
            n += c == ',' || c == '[' || c == '{';
    }
    return n;
}

int tl_jsonl_parse(tl_jsonl *j, tl_str line, const char *name, uint64_t number, tl_arena *arena,
                   tl_post *post, size_t *repairs, tl_error *err)
{
    *post = (tl_post){.kind = TL_QUESTION, .parent = TL_UNKNOWN, .accepted = TL_UNKNOWN};
    *repairs = tl_repair(line, false, &j->repaired);
    if (*repairs) {
        int rc = tl_buf_check(&j->repaired, "a repaired line", err);
        if (rc)
            return rc;
        line = tl_buf_str(&j->repaired);
    }
    if (count_values(line) > MAX_VALUES)
        return tl_fail(err, TL_BAD_INPUT, "holds more than %d values", MAX_VALUES);
    json_error_t why;
    json_t *object = tl_json_load(line, JSON_ALLOW_NUL, &why);
    if (!object && !why.text[0])
        return tl_fail_memory(err, "a JSON line");
    if (!object)
        return tl_fail(err, TL_BAD_INPUT, "column %d: %s", why.column, why.text);
    reading r = {j, object, arena, post, err};
    int rc = json_is_object(object) ? read_object(&r, name, number)
                                    : tl_fail(err, TL_BAD_INPUT, "is no JSON object");
    json_decref(object);
    return rc;
}
