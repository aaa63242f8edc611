#include "sql/published.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/map.h"
#include "sql/json.h"

typedef struct reading {
    tl_published *out;
    const char *name;
    int64_t line;
    tl_buf text;   /* the line at hand */
    tl_buf frames; /* of its pattern, as one text */
    tl_map seen;   /* such a text to its line */
    tl_error *err;
} reading;

static int bad(reading *r, const char *what)
{
    return tl_fail(r->err, TL_BAD_INPUT, "%s: line %lld: %s", r->name, (long long)r->line, what);
}

static int no_memory(reading *r)
{
    return tl_fail_memory(r->err, "the published patterns");
}

/* 1 and the next line in r->text, 0 at the end of the file, or a status.  A line that
 * never ends is not read to its end. */
static int next_line(reading *r, FILE *file)
{
    int c;
    tl_buf_clear(&r->text);
    while ((c = getc_unlocked(file)) != EOF && c != '\n') {
        if (r->text.len == TL_PUBLISHED_MAX_LINE) {
            r->line++;
            return bad(r, "over 10,000,000 bytes long");
        }
        tl_buf_add_char(&r->text, (char)c);
    }
    if (ferror(file))
        return tl_fail(r->err, TL_IO, "%s: cannot read: %s", r->name, strerror(errno));
    if (r->text.failed)
        return no_memory(r);
    if (c == EOF && r->text.len == 0)
        return 0;
    r->line++;
    return 1;
}

/* A file stem or function name: terminals and spreadsheets show it as it stands. */
static bool is_name(const json_t *value)
{
    const char *text = json_string_value(value);
    for (size_t i = 0; text && i < json_string_length(value); i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return text;
}

static int read_frame(reading *r, const json_t *value, tl_str *to)
{
    const json_t *file = json_array_get(value, 0), *function = json_array_get(value, 1);
    if (json_array_size(value) != 2 || !is_name(file) || !is_name(function) || json_string_length(file) == 0)
        return bad(r, "a frame is not [\"file\", \"function\"]");
    size_t start = r->frames.len;
    tl_buf_add(&r->frames, json_string_value(file), json_string_length(file));
    tl_buf_add_char(&r->frames, ':');
    tl_buf_add(&r->frames, json_string_value(function), json_string_length(function));
    if (r->frames.failed)
        return no_memory(r);
    *to = tl_arena_copy(&r->out->arena, (tl_str){r->frames.data + start, r->frames.len - start});
    tl_buf_add_cstr(&r->frames, " > "); /* as in the store, which tells no more patterns apart */
    return to->data ? TL_OK : no_memory(r);
}

static int read_frames(reading *r, const json_t *value, tl_published_pattern *p)
{
    p->n_frames = json_array_size(value);
    if (p->n_frames == 0)
        return bad(r, "\"frames\" is not a list of at least one frame");
    p->frames = tl_arena_calloc(&r->out->arena, p->n_frames, sizeof *p->frames);
    if (!p->frames)
        return no_memory(r);
    tl_buf_clear(&r->frames);
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < p->n_frames; i++)
        rc = read_frame(r, json_array_get(value, i), &p->frames[i]);
    return rc;
}

static int read_question(reading *r, const json_t *value, tl_post_id *to)
{
    if (json_is_integer(value)) {
        *to = (tl_post_id){.number = json_integer_value(value)};
        return TL_OK;
    }
    if (!is_name(value) || json_string_length(value) == 0)
        return bad(r, "a question is neither a whole number nor a text");
    to->text = tl_arena_copy(&r->out->arena, (tl_str){json_string_value(value), json_string_length(value)});
    return to->text.data ? TL_OK : no_memory(r);
}

static int read_questions(reading *r, const json_t *value, tl_published_pattern *p)
{
    if (!json_is_array(value))
        return bad(r, "\"questions\" is not a list of ids");
    p->n_questions = json_array_size(value);
    p->questions = tl_arena_calloc(&r->out->arena, p->n_questions + 1, sizeof *p->questions);
    if (!p->questions)
        return no_memory(r);
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < p->n_questions; i++)
        rc = read_question(r, json_array_get(value, i), &p->questions[i]);
    return rc;
}

static int read_pattern(reading *r, const json_t *object, tl_published_pattern *p)
{
    const json_t *support = json_object_get(object, "support"), *frames = json_object_get(object, "frames"),
                 *questions = json_object_get(object, "questions");
    if (!support || !frames || !questions || json_object_size(object) != 3)
        return bad(r, "expected an object with \"support\", \"frames\" and \"questions\", and no more");
    p->support = json_integer_value(support); /* 0 if it is none */
    if (p->support < 1 || p->support > UINT32_MAX)
        return bad(r, "\"support\" is not a whole number from 1 on");
    int rc = read_frames(r, frames, p);
    return rc ? rc : read_questions(r, questions, p);
}

static int add_pattern(reading *r, const tl_published_pattern *p)
{
    tl_published *out = r->out;
    tl_published_pattern *grown = tl_array_room(out->list, out->n, &out->cap, sizeof *grown);
    if (!grown)
        return no_memory(r);
    out->list = grown;
    int64_t *first = tl_map_put(&r->seen, tl_buf_str(&r->frames), r->line);
    if (!first)
        return no_memory(r);
    if (*first != r->line)
        return tl_fail(r->err, TL_BAD_INPUT, "%s: line %lld: the pattern of line %lld again", r->name,
                       (long long)r->line, (long long)*first);
    if (out->n == 0 || p->support < out->min_support)
        out->min_support = p->support;
    out->list[out->n++] = *p;
    return TL_OK;
}

/* jansson's reason without the piece of the file that it quotes. */
static int bad_json(reading *r, json_error_t *why)
{
    if (why->text[0] == '\0')
        return no_memory(r);
    char *quote = strstr(why->text, " near '");
    if (quote)
        *quote = '\0';
    return tl_fail(r->err, TL_BAD_INPUT, "%s: line %lld: not a JSON object: %s", r->name, (long long)r->line,
                   why->text);
}

static int read_line(reading *r)
{
    json_error_t why;
    json_t *object = tl_json_load(tl_buf_str(&r->text), JSON_REJECT_DUPLICATES, &why);
    if (!object)
        return bad_json(r, &why);
    tl_published_pattern p = {0};
    int rc = json_is_object(object) ? read_pattern(r, object, &p) : bad(r, "not a JSON object");
    json_decref(object);
    return rc ? rc : add_pattern(r, &p);
}

int tl_published_read(tl_published *out, FILE *file, const char *name, tl_error *err)
{
    reading r = {.out = out, .name = name, .err = err};
    int rc = TL_OK, more;
    while ((more = next_line(&r, file)) == 1 && (rc = read_line(&r)) == TL_OK)
        ;
    if (rc == TL_OK)
        rc = more;
    if (rc == TL_OK && out->n == 0)
        rc = tl_fail(err, TL_BAD_INPUT, "%s: holds no pattern", name);
    tl_buf_free(&r.text);
    tl_buf_free(&r.frames);
    tl_map_free(&r.seen);
    return rc;
}

void tl_published_free(tl_published *p)
{
    free(p->list);
    tl_arena_free(&p->arena);
    *p = (tl_published){0};
}
