/* Lines that begin a trace: headers, boxes, the rules of exception groups. */
#include "extract/grammar/machine.h"

/* The prefix of the lines in a box: the border in place of the corner. */
static void learn_box(tl_machine *m, tl_str before)
{
    static const tl_str corner = {"\xE2\x95\xAD", 3};
    size_t at = tl_str_find(before, corner, 0);
    char text[TL_PREFIX_MAX];
    bool drawn = at != SIZE_MAX;
    if (!drawn)
        at = tl_str_find(before, TL_STR("+-"), 0);
    if (at > sizeof text - 8)
        return;
    memcpy(text, before.data, at);
    memcpy(text + at, drawn ? "\xE2\x94\x82 " : "| ", drawn ? 4 : 2);
    tl_prefix_learn(&m->prefix, (tl_str){text, at + (drawn ? 4 : 2)});
    m->prefix.box = true;
}

/* One of the lines that a line without newlines was made of. */
static int exploded(tl_machine *m, tl_str line, tl_error *err)
{
    size_t at = tl_find_header(line);
    m->inside = false;
    if (at != SIZE_MAX)
        return tl_on_header(m, line, at, err);
    return tl_machine_dispatch(m, m->state == TL_IDLE ? line : tl_machine_strip(m, line), err);
}

/* A line that once was several; the first ends at `at`. */
int tl_on_merged(tl_machine *m, tl_str line, size_t at, tl_error *err)
{
    if (m->state == TL_FRAMES) {
        m->merged = true;
        int rc = tl_machine_dispatch(m, (tl_str){line.data, at}, err);
        if (rc != TL_OK)
            return rc;
    }
    int rc = tl_explode(m, line, exploded, err);
    m->merged = m->state == TL_FRAMES;
    return rc;
}

/* What stands on the same line before a header and belongs to the open trace: its
 * exception ("RuntimeError: Caught ... Original Traceback (most recent call last):")
 * or a line of its message. */
static int before_header(tl_machine *m, tl_str before, tl_error *err)
{
    tl_line l;
    if (m->state == TL_IDLE || m->draft.n_frames == 0 || tl_is_blank(before))
        return TL_OK;
    before = tl_machine_strip(m, before);
    int rc = tl_machine_read(m, before, TL_SCOPE_OPEN, &l, err);
    if (rc != TL_OK || l.text.len == 0)
        return rc;
    if (m->state == TL_FRAMES && tl_is_exception(m, &l)) {
        tl_take_exception(m, l.name, l.rest);
    } else if (m->state == TL_MESSAGE && strchr(":'\"", l.text.data[l.text.len - 1]) &&
               !tl_is_log_record(l.text)) {
        /* ": org.apache.spark.SparkException: ...PythonException: Traceback" */
        tl_draft_message(&m->draft, tl_str_range(before.data, l.text.data + l.text.len));
        tl_machine_keep_message(m);
    }
    return TL_OK;
}

int tl_on_header(tl_machine *m, tl_str line, size_t at, tl_error *err)
{
    /* The first line below a rule of an exception group opened its member. */
    if (m->member && m->state == TL_FRAMES && m->draft.n_frames == 0) {
        m->link = m->draft.link;
        m->link_target = m->draft.linked_to;
    }
    tl_str before = {line.data, at}, rest = {line.data + at, line.len - at};
    int rc = before_header(m, before, err);
    if (rc != TL_OK)
        return rc;
    /* A message may carry the traceback of its cause: "Original Traceback", "Traceback
     * of TorchScript", "-- Process 0 terminated with the following error:". */
    bool quoted = m->state == TL_MESSAGE && (rest.data[0] == 'O' || rest.data[10] == 'o' ||
                                             tl_message_announces(m));
    size_t delivered = *m->delivered;
    rc = tl_machine_finish(m, err);
    if (rc != TL_OK)
        return rc;
    if (quoted && *m->delivered > delivered) {
        m->link = TL_LINK_CAUSE;
        m->link_target = m->last_trace;
    }
    bool box = before.len > 0 && (tl_str_find(before, TL_STR("\xE2\x95\xAD"), 0) != SIZE_MAX ||
                                  tl_str_find(before, TL_STR("+---"), 0) != SIZE_MAX);
    tl_line l;
    rc = tl_machine_read(m, rest, TL_SCOPE_ANY, &l, err);
    if (rc != TL_OK)
        return rc;
    tl_machine_open(m, box ? TL_RICH : l.kind == TL_LINE_IPYTHON_HEADER ? TL_IPYTHON : TL_CPYTHON);
    if (l.kind == TL_LINE_IPYTHON_HEADER)
        tl_draft_announce(&m->draft, l.name);
    m->header = true;
    m->evidence = 1;
    if (box)
        learn_box(m, before);
    else
        tl_prefix_learn(&m->prefix, before);
    if (box || l.rest.len == 0)
        return TL_OK;
    tl_str more = tl_str_range(l.rest.data, line.data + line.len);
    return l.kind == TL_LINE_HEADER ? tl_explode(m, more, exploded, err)
                                    : tl_machine_dispatch(m, more, err);
}

/* A rule of an exception group: members follow, or the group ends. */
int tl_on_group_rule(tl_machine *m, tl_str line, size_t at, tl_error *err)
{
    tl_machine_keep_message(m);
    int rc = tl_machine_finish(m, err);
    if (rc != TL_OK)
        return rc;
    tl_str rule = {line.data + at, line.len - at};
    bool opens = rule.len > 2 && rule.data[1] == '-' && rule.data[2] == '+';
    bool numbered = memchr(rule.data, ' ', rule.len) != NULL;
    size_t column = opens ? at + 2 : at;
    while (m->n_groups > 0 && (m->groups[m->n_groups - 1].column > column ||
                               (!numbered && m->groups[m->n_groups - 1].column >= column)))
        m->n_groups--;
    if (opens && m->any && m->since <= TL_CHAIN_REACH && m->n_groups < TL_MAX_GROUP_DEPTH)
        m->groups[m->n_groups++] = (tl_group){column, m->last_trace};
    if (!numbered || m->n_groups == 0)
        return TL_OK;
    m->link = TL_LINK_GROUP;
    m->link_target = m->groups[m->n_groups - 1].trace;
    tl_machine_open(m, TL_CPYTHON);
    m->member = true;
    char text[TL_PREFIX_MAX];
    if (column + 2 <= sizeof text) {
        memcpy(text, line.data, column);
        memcpy(text + column, "| ", 2);
        if (opens) /* "  +-" stands before the member's column */
            memset(text + at, ' ', 2);
        tl_prefix_learn(&m->prefix, (tl_str){text, column + 2});
    }
    return TL_OK;
}

/* Where a rule of an exception group begins in `line`, or SIZE_MAX. */
size_t tl_find_group_rule(const tl_machine *m, tl_str line)
{
    const char *plus = m->any || m->state != TL_IDLE ? memchr(line.data, '+', line.len) : NULL;
    if (!plus || !memmem(line.data, line.len, "----------", 10))
        return SIZE_MAX;
    size_t at = (size_t)(plus - line.data);
    tl_line l;
    int rc = tl_lines_read(m->lines, (tl_str){plus, line.len - at}, TL_SCOPE_ANY, &l);
    return rc == TL_OK && l.kind == TL_LINE_GROUP_RULE ? at : SIZE_MAX;
}
