#include "reports/explorer.h"

#include <stdlib.h>

#include "base/map.h"
#include "reports/escape.h"
#include "reports/tables.h"

extern const char tl_explorer_patterns_sql[], tl_explorer_posts_sql[], tl_explorer_holders_sql[];

enum { EXAMPLES = 5 };

/* Columns of the statements. */
enum { SUPPORT, LIBRARY, CATEGORY, TYPE, FRAMES, PATTERN_KEY };
enum { QUESTION_KEY, SITE, ID, TITLE, ANSWERED, VIEWS };

/* What is known of one pattern's questions. */
typedef struct holders {
    int64_t questions, accepted;
    uint32_t examples[EXAMPLES]; /* rows of `posts`, the most viewed first */
    uint32_t n_examples;
} holders;

/* Texts that stand once in the data and are named by position. */
typedef struct names {
    tl_map at;
    tl_buf json;
} names;

typedef struct explorer {
    tl_grid patterns, posts;
    holders *held;    /* one for each pattern */
    tl_map pattern_at; /* pattern_key -> row of `patterns` */
    names symbols, libraries, types, sites, examples;
} explorer;

static void free_names(names *n)
{
    tl_map_free(&n->at);
    tl_buf_free(&n->json);
}

static void free_explorer(explorer *e)
{
    tl_grid_free(&e->patterns);
    tl_grid_free(&e->posts);
    free(e->held);
    tl_map_free(&e->pattern_at);
    free_names(&e->symbols);
    free_names(&e->libraries);
    free_names(&e->types);
    free_names(&e->sites);
    free_names(&e->examples);
}

static void add_string(tl_buf *out, tl_str s)
{
    tl_buf_add_char(out, '"');
    tl_escape_json(out, s);
    tl_buf_add_char(out, '"');
}

/* The position of `key`; *fresh says that its JSON is to be appended now. */
static int64_t place_in(names *n, tl_str key, bool *fresh)
{
    int64_t *at = tl_map_put(&n->at, key, -1);
    if (!at) {
        n->json.failed = true;
        *fresh = false;
        return 0;
    }
    *fresh = *at < 0;
    if (*fresh) {
        *at = (int64_t)n->at.count - 1;
        tl_buf_add_cstr(&n->json, *at ? ",\n" : "");
    }
    return *at;
}

static int64_t name_place(names *n, tl_str name)
{
    bool fresh;
    int64_t at = place_in(n, name, &fresh);
    if (fresh)
        add_string(&n->json, name);
    return at;
}

bool tl_site_address(tl_buf *out, tl_str site)
{
    static const char *const hosts[] = {"stackoverflow.com", "superuser.com", "serverfault.com",
                                        "askubuntu.com",     "stackapps.com", "mathoverflow.net"};
    static const char network[] = ".stackexchange.com";
    bool known = tl_str_eq_nocase(site, "stackoverflow");
    if (known)
        site = tl_str_from(hosts[0]);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        known = known || tl_str_eq_nocase(site, hosts[i]);
    if (!known) {
        size_t tail = sizeof network - 1;
        if (site.len <= tail || site.len > 100 ||
            !tl_str_eq_nocase((tl_str){site.data + site.len - tail, tail}, network))
            return false;
        for (size_t i = 0; i < site.len; i++) /* a host name and nothing else */
            if (!site.data[i] || !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.",
                                         site.data[i]))
                return false;
    }
    tl_buf_add_cstr(out, "https://");
    tl_buf_add_str(out, site);
    tl_buf_add_cstr(out, "/q/");
    return true;
}

static int64_t site_place(explorer *e, tl_str site)
{
    bool fresh;
    int64_t at = place_in(&e->sites, site, &fresh);
    if (!fresh)
        return at;
    tl_buf address = {0};
    tl_buf_add_char(&e->sites.json, '[');
    add_string(&e->sites.json, site);
    if (tl_site_address(&address, site)) {
        tl_buf_add_char(&e->sites.json, ',');
        add_string(&e->sites.json, tl_buf_str(&address));
    } else {
        tl_buf_add_cstr(&e->sites.json, ",null");
    }
    tl_buf_add_char(&e->sites.json, ']');
    e->sites.json.failed = e->sites.json.failed || address.failed;
    tl_buf_free(&address);
    return at;
}

/* The position of the post in row `r` of `posts`. */
static int64_t post_place(explorer *e, size_t r)
{
    bool fresh;
    const tl_cell *post = tl_grid_row(&e->posts, r);
    int64_t at = place_in(&e->examples, tl_map_int_key(&post[QUESTION_KEY].integer), &fresh);
    if (!fresh)
        return at;
    tl_buf *out = &e->examples.json;
    tl_buf_printf(out, "[%lld,", (long long)site_place(e, post[SITE].text));
    if (post[ID].type == TL_CELL_TEXT)
        add_string(out, post[ID].text);
    else
        tl_buf_printf(out, "%lld", (long long)post[ID].integer);
    tl_buf_add_char(out, ',');
    add_string(out, post[TITLE].text);
    tl_buf_printf(out, ",%lld,", (long long)post[ANSWERED].integer);
    if (post[VIEWS].type == TL_CELL_INT)
        tl_buf_printf(out, "%lld]", (long long)post[VIEWS].integer);
    else
        tl_buf_add_cstr(out, "null]");
    return at;
}

/* ------------------------------------------------------------ who holds a pattern ---- */

static size_t find_post(const tl_grid *posts, int64_t key)
{
    size_t low = 0, high = posts->n_rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tl_grid_row(posts, middle)[QUESTION_KEY].integer < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < posts->n_rows && tl_grid_row(posts, low)[QUESTION_KEY].integer == key ? low : SIZE_MAX;
}

static int64_t views_of(const tl_grid *posts, size_t r)
{
    const tl_cell *views = &tl_grid_row(posts, r)[VIEWS];
    return views->type == TL_CELL_INT ? views->integer : -1;
}

/* The more viewed comes first, of equals the one that stands first. */
static bool is_before(const tl_grid *posts, uint32_t a, uint32_t b)
{
    int64_t views_a = views_of(posts, a), views_b = views_of(posts, b);
    return views_a != views_b ? views_a > views_b : a < b;
}

/* Counts a question and keeps it if it is among the most viewed. */
static void add_holder(holders *h, const tl_grid *posts, uint32_t r)
{
    h->questions++;
    h->accepted += tl_grid_row(posts, r)[ANSWERED].integer == 2;
    uint32_t at = h->n_examples;
    while (at > 0 && is_before(posts, r, h->examples[at - 1]))
        at--;
    if (at == EXAMPLES)
        return;
    uint32_t n = h->n_examples < EXAMPLES ? h->n_examples++ : EXAMPLES - 1;
    memmove(h->examples + at + 1, h->examples + at, (n - at) * sizeof *h->examples);
    h->examples[at] = r;
}

/* Reads the rows of explorer-holders.sql one by one: there are many. */
static int read_pairs(explorer *e, const tl_store *s, sqlite3_stmt *pairs, tl_error *err)
{
    int step;
    while ((step = sqlite3_step(pairs)) == SQLITE_ROW) {
        int64_t key = sqlite3_column_int64(pairs, 0);
        const int64_t *pattern = tl_map_get(&e->pattern_at, tl_map_int_key(&key));
        size_t post = find_post(&e->posts, sqlite3_column_int64(pairs, 1));
        if (pattern && post != SIZE_MAX)
            add_holder(&e->held[*pattern], &e->posts, (uint32_t)post);
    }
    return step == SQLITE_DONE ? TL_OK : tl_store_fail(s, step, "reading who holds a pattern", err);
}

static int read_holders(explorer *e, tl_store *s, const tl_report_options *o, tl_error *err)
{
    for (size_t r = 0; r < e->patterns.n_rows; r++) {
        const int64_t *key = &tl_grid_row(&e->patterns, r)[PATTERN_KEY].integer;
        if (!tl_map_put(&e->pattern_at, tl_map_int_key(key), (int64_t)r))
            return tl_fail_memory(err, "the patterns of the page");
    }
    e->held = calloc(e->patterns.n_rows ? e->patterns.n_rows : 1, sizeof *e->held);
    if (!e->held)
        return tl_fail_memory(err, "the patterns of the page");
    sqlite3_stmt *pairs;
    int rc = tl_table_prepare(&pairs, tl_explorer_holders_sql, s, o->profile, o->support, o->key, err);
    if (rc)
        return rc;
    rc = read_pairs(e, s, pairs, err);
    sqlite3_finalize(pairs);
    return rc;
}

/* ------------------------------------------------------------------------- writing ---- */

static int64_t type_place(explorer *e, const tl_cell *pattern)
{
    tl_buf key = {0};
    bool fresh;
    add_string(&key, pattern[CATEGORY].text);
    tl_buf_add_char(&key, ',');
    add_string(&key, pattern[TYPE].text);
    int64_t at = place_in(&e->types, tl_buf_str(&key), &fresh);
    if (fresh) {
        tl_buf_add_char(&e->types.json, '[');
        tl_buf_add_str(&e->types.json, tl_buf_str(&key));
        tl_buf_add_char(&e->types.json, ']');
    }
    e->types.json.failed = e->types.json.failed || key.failed;
    tl_buf_free(&key);
    return at;
}

static void add_frames(explorer *e, tl_str frames, tl_buf *out)
{
    for (size_t from = 0; from <= frames.len;) {
        size_t end = tl_str_find(frames, TL_STR(" > "), from);
        if (end == SIZE_MAX)
            end = frames.len;
        tl_str symbol = {frames.data + from, end - from};
        tl_buf_printf(out, "%s%lld", from ? "," : "", (long long)name_place(&e->symbols, symbol));
        from = end + 3;
    }
}

static void add_pattern(explorer *e, size_t r, tl_buf *out)
{
    const tl_cell *pattern = tl_grid_row(&e->patterns, r);
    const holders *h = &e->held[r];
    tl_buf_printf(out, "%s[%lld,%lld,%lld,%lld,%lld,[", r ? ",\n" : "", (long long)pattern[SUPPORT].integer,
                  (long long)name_place(&e->libraries, pattern[LIBRARY].text),
                  (long long)type_place(e, pattern), (long long)h->questions, (long long)h->accepted);
    add_frames(e, pattern[FRAMES].text, out);
    tl_buf_add_cstr(out, "],[");
    for (uint32_t i = 0; i < h->n_examples; i++)
        tl_buf_printf(out, "%s%lld", i ? "," : "", (long long)post_place(e, h->examples[i]));
    tl_buf_add_cstr(out, "]]");
}

static void add_names(tl_buf *out, const char *name, const names *n)
{
    tl_buf_printf(out, ",\n\"%s\": [", name);
    tl_buf_add_str(out, tl_buf_str(&n->json));
    tl_buf_add_char(out, ']');
    out->failed = out->failed || n->json.failed;
}

static int load(explorer *e, tl_store *s, const tl_report_options *o, tl_error *err)
{
    int rc = tl_table_query(&e->patterns, tl_explorer_patterns_sql, s, o->profile, o->support, o->key, err);
    if (e->patterns.n_rows > TL_EXPLORER_MOST)
        e->patterns.n_rows = TL_EXPLORER_MOST;
    if (rc == TL_OK)
        rc = tl_table_query(&e->posts, tl_explorer_posts_sql, s, o->profile, o->support, o->key, err);
    return rc ? rc : read_holders(e, s, o, err);
}

int tl_explorer_write(tl_store *s, const tl_report_options *o, tl_buf *out, tl_error *err)
{
    explorer e = {0};
    int rc = load(&e, s, o, err);
    if (rc == TL_OK) {
        tl_buf_add_cstr(out, "{\"patterns\": [");
        for (size_t r = 0; r < e.patterns.n_rows; r++)
            add_pattern(&e, r, out);
        tl_buf_add_char(out, ']');
        add_names(out, "symbols", &e.symbols);
        add_names(out, "libraries", &e.libraries);
        add_names(out, "types", &e.types);
        add_names(out, "sites", &e.sites);
        add_names(out, "posts", &e.examples);
        tl_buf_add_cstr(out, "}");
        rc = tl_buf_check(out, "the patterns of the page", err);
    }
    free_explorer(&e);
    return rc;
}
