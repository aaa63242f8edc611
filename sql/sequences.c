#include "sql/sequences.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/map.h"

typedef struct reading {
    tl_store_sequences *out;
    size_t n_symbols, cap_symbols, cap_ends, cap_ids;
    tl_map numbers; /* text to provisional symbol, in order of appearance */
    tl_buf text;
} reading;

static int no_memory(tl_error *err)
{
    return tl_fail_memory(err, "the sequences of a library");
}

void tl_store_sequences_free(tl_store_sequences *q)
{
    free(q->symbols);
    free(q->ends);
    free(q->trace_ids);
    free(q->texts);
    tl_arena_free(&q->arena);
    *q = (tl_store_sequences){0};
}

/* The length of "pythonX.Y/" at the start of `s`, or 0. */
static size_t version_folder(tl_str s)
{
    if (s.len < 7 || memcmp(s.data, "python", 6) != 0)
        return 0;
    for (size_t i = 6; i < s.len; i++) {
        if (s.data[i] == '/')
            return i > 6 ? i + 1 : 0;
        if (s.data[i] != '.' && (s.data[i] < '0' || s.data[i] > '9'))
            return 0;
    }
    return 0;
}

/* Where the module's path begins in `path` (with forward slashes), or SIZE_MAX. */
static size_t module_start(tl_str path)
{
    static const char *const folders[] = {"site-packages/", "dist-packages/", "lib/"};
    for (int f = 0; f < 3; f++) {
        tl_str folder = tl_str_from(folders[f]);
        size_t last = SIZE_MAX;
        for (size_t at = 0; (at = tl_str_find(path, folder, at)) != SIZE_MAX; at++)
            if (at == 0 || path.data[at - 1] == '/')
                last = at + folder.len;
        if (last == SIZE_MAX)
            continue;
        tl_str rest = {path.data + last, path.len - last};
        if (f < 2)
            return last;
        size_t version = version_folder(rest);
        if (version)
            return last + version;
    }
    return SIZE_MAX;
}

tl_str tl_dotted_module(tl_str path, tl_str stem, tl_arena *arena)
{
    tl_str copy = tl_arena_copy(arena, path);
    if (!copy.data)
        return copy;
    char *p = (char *)copy.data;
    for (size_t i = 0; i < copy.len; i++)
        if (p[i] == '\\')
            p[i] = '/';
    size_t start = module_start(copy);
    if (start == SIZE_MAX)
        return stem;
    tl_str module = {p + start, copy.len - start};
    size_t file = 0; /* where the file's name begins: a folder may be called .python */
    for (size_t i = 0; i < module.len; i++)
        if (p[start + i] == '/') {
            p[start + i] = '.';
            file = i + 1;
        }
    size_t suffix = tl_str_find(module, TL_STR(".py"), file);
    if (suffix != SIZE_MAX)
        module.len = suffix;
    return module;
}

static tl_str column_text(sqlite3_stmt *stmt, int i)
{
    const char *text = (const char *)sqlite3_column_text(stmt, i);
    return (tl_str){text, (size_t)sqlite3_column_bytes(stmt, i)};
}

/* A pattern's text has " > " between its symbols, and two patterns must not have the same:
 * a symbol that could be read as two, or as the beginning of an arrow, gets another sign. */
static void keep_arrows_apart(tl_buf *symbol)
{
    for (size_t i = 1; i < symbol->len; i++)
        if (symbol->data[i] == '>' && symbol->data[i - 1] == ' ' &&
            (i + 1 == symbol->len || symbol->data[i + 1] == ' '))
            symbol->data[i] = '?';
}

/* The symbol's text in r->text: columns 1 to 3 are file, function and path. */
static bool make_text(reading *r, sqlite3_stmt *stmt, tl_key key)
{
    tl_str file = column_text(stmt, 1), function = column_text(stmt, 2), path = column_text(stmt, 3);
    tl_buf_clear(&r->text);
    if (key == TL_KEY_MODULE && path.data) {
        file = tl_dotted_module(path, file, &r->out->arena);
        if (!file.data)
            return false;
    }
    if (key != TL_KEY_FUNCTION) {
        tl_buf_add_str(&r->text, file);
        tl_buf_add_char(&r->text, ':');
    }
    tl_buf_add_str(&r->text, function);
    if (!r->text.failed)
        keep_arrows_apart(&r->text);
    return !r->text.failed;
}

static bool begin_sequence(reading *r, int64_t trace_id)
{
    tl_store_sequences *q = r->out;
    size_t *ends = tl_array_room(q->ends, q->n, &r->cap_ends, sizeof *ends);
    if (ends)
        q->ends = ends;
    int64_t *ids = tl_array_room(q->trace_ids, q->n, &r->cap_ids, sizeof *ids);
    if (ids)
        q->trace_ids = ids;
    if (!ends || !ids)
        return false;
    q->trace_ids[q->n++] = trace_id;
    return true;
}

static bool add_symbol(reading *r)
{
    tl_store_sequences *q = r->out;
    uint32_t *symbols = tl_array_room(q->symbols, r->n_symbols, &r->cap_symbols, sizeof *symbols);
    if (!symbols)
        return false;
    q->symbols = symbols;
    const int64_t *number = tl_map_put(&r->numbers, tl_buf_str(&r->text), (int64_t)r->numbers.count);
    if (!number)
        return false;
    q->symbols[r->n_symbols++] = (uint32_t)*number;
    q->ends[q->n - 1] = r->n_symbols;
    return true;
}

typedef struct named {
    tl_str text;
    uint32_t provisional;
} named;

static int by_text(const void *a, const void *b)
{
    return tl_str_cmp(((const named *)a)->text, ((const named *)b)->text);
}

/* Renumbers the symbols in the order of their texts. */
static bool renumber(reading *r)
{
    tl_store_sequences *q = r->out;
    size_t n = r->numbers.count, k = 0;
    named *names = calloc(n + 1, sizeof *names);
    uint32_t *final = calloc(n + 1, sizeof *final);
    q->texts = calloc(n + 1, sizeof *q->texts);
    bool ok = names && final && q->texts;
    for (size_t i = 0; ok && i < r->numbers.cap; i++)
        if (r->numbers.slots[i].key.data)
            names[k++] = (named){r->numbers.slots[i].key, (uint32_t)r->numbers.slots[i].value};
    if (ok)
        qsort(names, n, sizeof *names, by_text);
    for (size_t i = 0; ok && i < n; i++) {
        final[names[i].provisional] = (uint32_t)i;
        q->texts[i] = tl_arena_copy(&q->arena, names[i].text);
        ok = q->texts[i].data;
    }
    for (size_t i = 0; ok && i < r->n_symbols; i++)
        q->symbols[i] = final[q->symbols[i]];
    q->n_texts = n;
    free(names);
    free(final);
    return ok;
}

static int read_frames(tl_store *s, reading *r, sqlite3_stmt *stmt, tl_key key, tl_error *err)
{
    int rc;
    int64_t last = -1;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        int64_t trace_id = sqlite3_column_int64(stmt, 0);
        if (trace_id != last && !begin_sequence(r, trace_id))
            return no_memory(err);
        last = trace_id;
        if (!make_text(r, stmt, key) || !add_symbol(r))
            return no_memory(err);
    }
    if (rc != SQLITE_DONE)
        return tl_store_fail(s, rc, "reading traces", err);
    return renumber(r) ? TL_OK : no_memory(err);
}

int tl_store_sequences_read(tl_store *s, int64_t library_id, tl_profile profile, tl_key key,
                            tl_store_sequences *out, tl_error *err)
{
    *out = (tl_store_sequences){0};
    sqlite3_stmt *stmt;
    int rc = tl_store_prepare(s,
                              "SELECT f.trace_id, y.file, y.function, p.text "
                              "FROM trace t JOIN frame f USING (trace_id) "
                              "JOIN symbol y USING (symbol_id) LEFT JOIN path p USING (path_id) "
                              "WHERE t.profile = ?2 AND t.question_key IN "
                              "(SELECT question_key FROM question_library WHERE library_id = ?1) "
                              "ORDER BY f.trace_id, f.depth",
                              &stmt, err);
    if (rc)
        return rc;
    sqlite3_bind_int64(stmt, 1, library_id);
    tl_bind_str(stmt, 2, tl_str_from(tl_profile_names[profile]));
    reading r = {.out = out};
    rc = read_frames(s, &r, stmt, key, err);
    sqlite3_finalize(stmt);
    tl_map_free(&r.numbers);
    tl_buf_free(&r.text);
    return rc;
}
