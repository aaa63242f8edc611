#include "extract/libraries.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ini.h"

enum { MAX_KEY = 40 }; /* shorter than what inih cuts a section's name to */

typedef struct library {
    const char *key, *name;
    tl_str tag; /* lower case */
} library;

struct tl_libraries {
    tl_arena texts;
    tl_str language; /* tag of the language, lower case; data NULL: any */
    library list[TL_MAX_LIBRARIES];
    size_t n;
};

/* ---- reading ----------------------------------------------------------- */

typedef struct reader {
    tl_libraries *libs;
    tl_ini in;
} reader;

static bool is_word(char c)
{
    /* A letter of another script is a word character too; no tag has a character
     * beyond ASCII that is not a letter. */
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || (unsigned char)c >= 0x80;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* A NUL-terminated copy; NULL, and the reader's status set, when out of memory. */
static char *keep(reader *r, const char *text)
{
    tl_str copy = tl_arena_copy(&r->libs->texts, tl_str_from(text));
    if (!copy.data)
        tl_ini_no_memory(&r->in);
    return (char *)copy.data;
}

static int set_tag(reader *r, const char *what, const char *value, tl_str *tag)
{
    if (tag->data)
        return tl_ini_refuse(&r->in, "%s is given twice", what);
    size_t n = strlen(value);
    if (n == 0 || !is_word(value[0]) || !is_word(value[n - 1]) || strpbrk(value, " \t,<>|"))
        return tl_ini_refuse(&r->in, "%s '%s' is no tag that begins and ends with a letter or digit", what,
                      value);
    char *copy = keep(r, value);
    if (!copy)
        return 0;
    for (char *p = copy; *p; p++)
        *p = lower(*p);
    *tag = (tl_str){copy, n};
    return 1;
}

static library *find_key(tl_libraries *libs, tl_str key)
{
    for (size_t i = 0; i < libs->n; i++)
        if (tl_str_eq(tl_str_from(libs->list[i].key), key))
            return &libs->list[i];
    return NULL;
}

/* The library of a section, added to the list where the section begins. */
static library *enter_section(reader *r, const char *key)
{
    tl_libraries *libs = r->libs;
    library *found = find_key(libs, tl_str_from(key));
    if (found) {
        if (found == &libs->list[libs->n - 1])
            return found;
        tl_ini_refuse(&r->in, "section [%s] is there twice", key);
        return NULL;
    }
    if (strlen(key) > MAX_KEY || key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789._+#-")]) {
        tl_ini_refuse(&r->in, "'%s' is no key: use up to %d of a-z, 0-9 and . _ + - #", key, MAX_KEY);
        return NULL;
    }
    if (strcmp(key, "all") == 0) {
        tl_ini_refuse(&r->in, "'all' cannot be a key: it stands for questions of any library");
        return NULL;
    }
    if (libs->n == TL_MAX_LIBRARIES) {
        tl_ini_refuse(&r->in, "more than %d libraries", TL_MAX_LIBRARIES);
        return NULL;
    }
    char *copy = keep(r, key);
    if (!copy)
        return NULL;
    libs->list[libs->n] = (library){.key = copy};
    return &libs->list[libs->n++];
}

static int set_name(reader *r, library *lib, const char *value)
{
    if (lib->name)
        return tl_ini_refuse(&r->in, "name is given twice");
    if (!*value)
        return tl_ini_refuse(&r->in, "name is empty");
    for (const char *p = value; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return tl_ini_refuse(&r->in, "name holds a control character");
    lib->name = keep(r, value);
    return lib->name != NULL;
}

static int on_setting(void *ctx, const char *section, const char *name, const char *value)
{
    reader *r = ctx;
    if (!*section) {
        if (strcmp(name, "language") == 0)
            return set_tag(r, "language", value, &r->libs->language);
        return tl_ini_refuse(&r->in, "'%s' stands before the first section", name);
    }
    library *lib = enter_section(r, section);
    if (!lib)
        return 0;
    if (strcmp(name, "name") == 0)
        return set_name(r, lib, value);
    if (strcmp(name, "tag") == 0)
        return set_tag(r, "tag", value, &lib->tag);
    return tl_ini_refuse(&r->in, "unknown setting '%s'", name);
}

static int check_complete(const tl_libraries *libs, const char *name, tl_error *err)
{
    if (libs->n == 0)
        return tl_fail(err, TL_BAD_INPUT, "%s: names no library", name);
    for (size_t i = 0; i < libs->n; i++) {
        const library *lib = &libs->list[i];
        if (!lib->name || !lib->tag.data)
            return tl_fail(err, TL_BAD_INPUT, "%s: section [%s] has no %s", name, lib->key,
                           lib->name ? "tag" : "name");
    }
    return TL_OK;
}

static int read_list(tl_libraries *libs, tl_str text, const char *name, tl_error *err)
{
    reader r = {.libs = libs, .in = {.text = text}};
    int line = ini_parse_stream(tl_ini_line, &r.in, on_setting, &r);
    int rc = tl_ini_end(&r.in, line, name, "the list of libraries", err);
    return rc ? rc : check_complete(libs, name, err);
}

int tl_libraries_new(tl_libraries **out, tl_str text, const char *name, tl_error *err)
{
    *out = NULL;
    tl_libraries *libs = calloc(1, sizeof *libs);
    if (!libs)
        return tl_fail_memory(err, "the list of libraries");
    int rc = read_list(libs, text, name, err);
    if (rc != TL_OK) {
        tl_libraries_free(libs);
        return rc;
    }
    *out = libs;
    return TL_OK;
}

void tl_libraries_free(tl_libraries *libs)
{
    if (!libs)
        return;
    tl_arena_free(&libs->texts);
    free(libs);
}

/* ---- asking ------------------------------------------------------------ */

size_t tl_libraries_count(const tl_libraries *libs)
{
    return libs->n;
}

const char *tl_libraries_key(const tl_libraries *libs, size_t i)
{
    return libs->list[i].key;
}

const char *tl_libraries_name(const tl_libraries *libs, size_t i)
{
    return libs->list[i].name;
}

tl_str tl_libraries_tag(const tl_libraries *libs, size_t i)
{
    return libs->list[i].tag;
}

tl_str tl_libraries_language(const tl_libraries *libs)
{
    return libs->language;
}

static int unknown_key(const tl_libraries *libs, tl_str key, tl_error *err)
{
    tl_buf known = {0};
    for (size_t i = 0; i < libs->n; i++)
        tl_buf_printf(&known, "%s%s", i ? ", " : "", libs->list[i].key);
    int rc = tl_buf_check(&known, "a message", err);
    if (rc == TL_OK)
        rc = tl_fail(err, TL_USAGE, "unknown library '" TL_STR_FMT "'; known are %s",
                     TL_STR_ARG(key), tl_buf_str(&known).data);
    tl_buf_free(&known);
    return rc;
}

int tl_libraries_narrow(tl_libraries *libs, const char *keys, tl_error *err)
{
    bool wanted[TL_MAX_LIBRARIES] = {false};
    for (const char *key = keys, *end;; key = end + 1) {
        end = strchrnul(key, ',');
        library *lib = find_key(libs, tl_str_range(key, end));
        if (!lib)
            return unknown_key(libs, tl_str_range(key, end), err);
        wanted[lib - libs->list] = true;
        if (!*end)
            break;
    }
    size_t n = 0;
    for (size_t i = 0; i < libs->n; i++)
        if (wanted[i])
            libs->list[n++] = libs->list[i];
    libs->n = n;
    return TL_OK;
}

/* Is there a word boundary in `s` before byte `at` > 0, the end included? */
static bool is_boundary(tl_str s, size_t at)
{
    return is_word(s.data[at - 1]) != (at < s.len && is_word(s.data[at]));
}

static bool is_version(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-';
}

/* Does `tag` stand at byte `at`, up to a word boundary behind it or behind some of
 * the version characters that follow it?  So <python-3.x>, <python3> and <python3.x>
 * match python, and <python3x> does not. */
static bool tag_at(tl_str tags, size_t at, tl_str tag)
{
    if (tags.len - at < tag.len)
        return false;
    if (at > 0 && is_word(tags.data[at - 1]))
        return false;
    if (!tl_str_eq_nocase((tl_str){tags.data + at, tag.len}, tag.data))
        return false;
    for (at += tag.len; !is_boundary(tags, at); at++)
        if (at == tags.len || !is_version(tags.data[at]))
            return false;
    return true;
}

/* Does `tag` stand where `tags` has the byte `first`, that is its first one? */
static bool has_tag_from(tl_str tags, tl_str tag, char first)
{
    if (tags.len == 0)
        return false;
    const char *p = tags.data, *end = tags.data + tags.len;
    for (; (p = memchr(p, first, (size_t)(end - p))) != NULL; p++)
        if (tag_at(tags, (size_t)(p - tags.data), tag))
            return true;
    return false;
}

static bool has_tag(tl_str tags, tl_str tag)
{
    const char first = tag.data[0];
    bool letter = first >= 'a' && first <= 'z'; /* tags of libraries are lower case */
    return has_tag_from(tags, tag, first) || (letter && has_tag_from(tags, tag, first - 'a' + 'A'));
}

uint64_t tl_libraries_match(const tl_libraries *libs, tl_str tags)
{
    if (libs->language.data && !has_tag(tags, libs->language))
        return 0;
    uint64_t set = 0;
    for (size_t i = 0; i < libs->n; i++)
        if (has_tag(tags, libs->list[i].tag))
            set |= UINT64_C(1) << i;
    return set;
}
