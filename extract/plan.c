#include "extract/plan.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "extract/reader.h"
#include "extract/repair.h"
#include "extract/source.h"

typedef struct planner {
    tl_plan *plan;
    size_t cap;
    const char *site;
    tl_container container;
    const tl_cancel *cancel;
    tl_arena *arena;
} planner;

static int no_memory(tl_error *err)
{
    return tl_fail_memory(err, "the list of inputs");
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char *const known_suffixes[] = {".xml", ".csv", ".jsonl", ".ndjson", ".json",
                                             ".txt", ".log", ".out",   ".err"};

static bool has_known_suffix(tl_str name)
{
    for (size_t i = 0; i < sizeof known_suffixes / sizeof *known_suffixes; i++) {
        size_t n = strlen(known_suffixes[i]);
        if (name.len > n && strncasecmp(name.data + name.len - n, known_suffixes[i], n) == 0)
            return true;
    }
    return false;
}

/* "stackoverflow.com" of "stackoverflow.com-Posts.7z": a host name has a dot. */
static tl_str host_of_archive(const char *path)
{
    tl_str name = tl_str_from(base_name(path));
    const char *suffix = strrchr(name.data, '.');
    if (suffix)
        name.len = (size_t)(suffix - name.data);
    const char *dash = memrchr(name.data, '-', name.len);
    if (dash && memchr(name.data, '.', (size_t)(dash - name.data)))
        name.len = (size_t)(dash - name.data);
    const char *dot = memchr(name.data, '.', name.len);
    if (!dot || dot == name.data || dot + 1 == name.data + name.len || has_known_suffix(name))
        return (tl_str){NULL, 0};
    return name;
}

/* `real` is PATH_MAX bytes to work in. */
static tl_str folder_of(const char *path, char *real)
{
    const char *full = realpath(path, real) ? real : path;
    const char *end = strrchr(full, '/');
    if (!end || end == full)
        return TL_STR("root");
    const char *begin = end;
    while (begin > full && begin[-1] != '/')
        begin--;
    return tl_str_range(begin, end);
}

static const char *site_of(planner *p, const char *path, bool archive)
{
    if (p->site)
        return p->site;
    if (strcmp(path, "-") == 0)
        return "stdin";
    char real[PATH_MAX];
    tl_str host = archive ? host_of_archive(path) : (tl_str){NULL, 0};
    tl_str site = host.data ? host : folder_of(path, real);
    return tl_arena_copy(p->arena, site).data;
}

/* "site.7z/Posts.xml"; a member's name may hold anything. */
static const char *member_name(planner *p, const char *path, const char *member)
{
    tl_buf name = {0}, repaired = {0};
    tl_buf_printf(&name, "%s/%s", base_name(path), member);
    tl_str text = tl_buf_str(&name);
    if (!name.failed && tl_repair(text, false, &repaired) > 0)
        text = tl_buf_str(&repaired);
    const char *copy = name.failed || repaired.failed ? NULL : tl_arena_copy(p->arena, text).data;
    tl_buf_free(&name);
    tl_buf_free(&repaired);
    return copy;
}

/* `member` NULL: the only one. */
static int add_item(planner *p, const char *path, size_t number, const char *member, bool archive, int rank,
                    tl_error *err)
{
    if (p->plan->n == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 16;
        tl_plan_item *items = tl_arena_calloc(p->arena, cap, sizeof *items);
        if (!items)
            return no_memory(err);
        if (p->plan->n)
            memcpy(items, p->plan->items, p->plan->n * sizeof *items);
        p->plan->items = items;
        p->cap = cap;
    }
    tl_plan_item item = {.path = path,
                         .member = number,
                         .name = member ? member_name(p, path, member) : base_name(path),
                         .site = site_of(p, path, archive),
                         .rank = rank};
    if (!item.site || !item.name)
        return no_memory(err);
    p->plan->items[p->plan->n++] = item;
    return TL_OK;
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n >= m && strcasecmp(name + n - m, suffix) == 0;
}

/* 0: posts; 1: not told by the name; 2: files that speak of posts. */
static int rank_of_name(const char *name)
{
    static const char *const others[] = {"posthistory", "postblock", "postversion", "postlinks", "comments",
                                         "tags",        "votes",     "users",       "badges"};
    name = base_name(name);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strncasecmp(name, others[i], strlen(others[i])) == 0)
            return 2;
    return strncasecmp(name, "posts", 5) == 0 ? 0 : 1;
}

static ssize_t read_source(void *ctx, void *to, size_t cap, tl_error *err)
{
    return tl_source_read(ctx, to, cap, err);
}

/* The rank of what `s` stands at, by its content; what is wrong with it is told when it is
 * its turn. */
static int rank_of_content(const planner *p, tl_source *s)
{
    tl_reader *r;
    tl_error ignored;
    int rank = rank_of_name(tl_source_member(s));
    if (tl_reader_new(&r, tl_source_member(s), p->container, read_source, s, &ignored))
        return rank;
    if (tl_reader_start(r, &ignored) == TL_OK)
        rank = tl_reader_format(r)->content == TL_CONTENT_POSTS ? 0 : 2;
    tl_reader_free(r);
    return rank;
}

/* Is the member worth reading? */
static bool is_wanted(const planner *p, const char *name, bool dump)
{
    if (dump)
        return ends_with(name, ".xml");
    return p->container != TL_CONTAINER_AUTO || !strchr(base_name(name), '.') ||
           has_known_suffix(tl_str_from(name));
}

/* Leaves out, of the items from `first` on, those that are not wanted. */
static void choose(planner *p, size_t first)
{
    tl_plan *plan = p->plan;
    bool dump = false;
    for (size_t i = first; i < plan->n; i++)
        dump |= ends_with(plan->items[i].name, ".xml") && rank_of_name(plan->items[i].name) != 1;
    size_t kept = first;
    for (size_t i = first; i < plan->n; i++)
        if (is_wanted(p, plan->items[i].name, dump))
            plan->items[kept++] = plan->items[i];
    plan->n = kept;
}

static int add_archive(planner *p, tl_source *s, const char *path, tl_error *err)
{
    const size_t first = p->plan->n;
    size_t members = 0;
    int rc;
    while ((rc = tl_source_next(s, err)) == 1) {
        const char *name = tl_source_member_path(s);
        rc = add_item(p, path, members++, name, true, rank_of_name(name), err);
        if (rc < 0)
            return rc;
    }
    if (rc < 0)
        return rc;
    if (members == 0)
        return tl_fail(err, TL_BAD_INPUT, "%s: the archive is empty", path);
    if (members == 1) /* counts whatever its name */
        p->plan->items[first].name = base_name(path);
    else
        choose(p, first);
    if (p->plan->n == first)
        return tl_fail(err, TL_BAD_INPUT, "%s: no .xml, .csv, .jsonl, .txt or .log file in the archive", path);
    return TL_OK;
}

static int add_path(planner *p, const char *path, tl_error *err)
{
    struct stat st;
    bool pipe = strcmp(path, "-") == 0 || (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode));
    if (pipe) /* what it holds is seen when it is read, which can be done once */
        return add_item(p, path, 0, NULL, false, rank_of_name(path), err);
    tl_source *s;
    int rc = tl_source_open(&s, path, p->cancel, err);
    if (rc)
        return rc;
    if (tl_source_is_archive(s))
        rc = add_archive(p, s, path, err);
    else {
        rc = tl_source_next(s, err);
        if (rc == 1)
            rc = add_item(p, path, 0, NULL, false, rank_of_content(p, s), err);
    }
    tl_source_close(s);
    return rc;
}

/* Posts first; otherwise as given. */
static void posts_first(tl_plan *plan)
{
    for (size_t i = 1; i < plan->n; i++) { /* insertion keeps equal ones in order */
        tl_plan_item item = plan->items[i];
        size_t at = i;
        for (; at > 0 && plan->items[at - 1].rank > item.rank; at--)
            plan->items[at] = plan->items[at - 1];
        plan->items[at] = item;
    }
}

int tl_plan_make(tl_plan *plan, const char *const *paths, size_t n, const char *site, tl_container container,
                 tl_arena *arena, const tl_cancel *cancel, tl_error *err)
{
    planner p = {.plan = plan, .site = site, .container = container, .cancel = cancel, .arena = arena};
    *plan = (tl_plan){0};
    for (size_t i = 0; i < n; i++) {
        int rc = add_path(&p, paths[i], err);
        if (rc)
            return rc;
    }
    posts_first(plan);
    return TL_OK;
}
