#include "extract/plan.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "extract/source.h"

typedef struct planner {
    tl_plan *plan;
    size_t cap;
    const char *site;
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
    if (!dot || dot == name.data || dot + 1 == name.data + name.len || strcasecmp(dot, ".xml") == 0 ||
        (name.len > 4 && strncasecmp(name.data + name.len - 4, ".xml", 4) == 0))
        return (tl_str){NULL, 0};
    return name;
}

static tl_str folder_of(const char *path, char **real)
{
    *real = realpath(path, NULL);
    const char *full = *real ? *real : path;
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
    char *real = NULL;
    tl_str host = archive ? host_of_archive(path) : (tl_str){NULL, 0};
    tl_str site = host.data ? host : folder_of(path, &real);
    site = tl_arena_copy(p->arena, site);
    free(real);
    return site.data;
}

static int add_item(planner *p, const char *path, const char *member, bool archive, tl_error *err)
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
    tl_plan_item item = {.path = path, .site = site_of(p, path, archive), .name = base_name(path)};
    if (member) {
        item.member = tl_arena_copy(p->arena, tl_str_from(member)).data;
        size_t n = strlen(item.name), m = strlen(member);
        char *name = tl_arena_alloc(p->arena, n + m + 2);
        if (name) {
            memcpy(name, item.name, n);
            name[n] = '/';
            memcpy(name + n + 1, member, m + 1);
        }
        item.name = name;
    }
    if (!item.site || !item.name || (member && !item.member))
        return no_memory(err);
    p->plan->items[p->plan->n++] = item;
    return TL_OK;
}

static bool is_xml(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && strcasecmp(name + n - 4, ".xml") == 0;
}

/* The members of an archive that are XML; a single member counts whatever its name. */
static int add_archive(planner *p, tl_source *s, const char *path, tl_error *err)
{
    size_t first = p->plan->n, members = 0;
    int rc;
    while ((rc = tl_source_next(s, err)) == 1) {
        const char *name = tl_source_member(s);
        members++;
        if (is_xml(name) || members == 1)
            rc = add_item(p, path, name, true, err);
        if (rc < 0)
            return rc;
    }
    if (rc < 0)
        return rc;
    if (members == 0)
        return tl_fail(err, TL_BAD_INPUT, "%s: the archive is empty", path);
    if (members == 1) {
        tl_plan_item *only = &p->plan->items[first];
        only->member = NULL;
        only->name = base_name(path);
    } else if (!is_xml(p->plan->items[first].member)) {
        memmove(&p->plan->items[first], &p->plan->items[first + 1],
                (p->plan->n - first - 1) * sizeof *p->plan->items);
        if (--p->plan->n == first)
            return tl_fail(err, TL_BAD_INPUT, "%s: no .xml file in the archive", path);
    }
    return TL_OK;
}

static int add_path(planner *p, const char *path, const tl_cancel *cancel, tl_error *err)
{
    struct stat st;
    bool pipe = strcmp(path, "-") == 0 || (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode));
    if (pipe) /* what it holds is seen when it is read, which can be done once */
        return add_item(p, path, NULL, false, err);
    tl_source *s;
    int rc = tl_source_open(&s, path, cancel, err);
    if (rc)
        return rc;
    if (tl_source_is_archive(s))
        rc = add_archive(p, s, path, err);
    else
        rc = add_item(p, path, NULL, false, err);
    tl_source_close(s);
    return rc;
}

/* Posts first; otherwise as given. */
static int rank(const tl_plan_item *item)
{
    return strncasecmp(item->member ? item->member : item->name, "posts", 5) == 0 ? 0 : 1;
}

static void posts_first(tl_plan *plan)
{
    for (size_t i = 1; i < plan->n; i++) { /* insertion keeps equal ones in order */
        tl_plan_item item = plan->items[i];
        size_t at = i;
        for (; at > 0 && rank(&plan->items[at - 1]) > rank(&item); at--)
            plan->items[at] = plan->items[at - 1];
        plan->items[at] = item;
    }
}

int tl_plan_make(tl_plan *plan, const char *const *paths, size_t n, const char *site, tl_arena *arena,
                 const tl_cancel *cancel, tl_error *err)
{
    planner p = {.plan = plan, .site = site, .arena = arena};
    *plan = (tl_plan){0};
    for (size_t i = 0; i < n; i++) {
        int rc = add_path(&p, paths[i], cancel, err);
        if (rc)
            return rc;
    }
    posts_first(plan);
    return TL_OK;
}
