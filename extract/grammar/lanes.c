#include "extract/grammar/lanes.h"

enum { MAX_SILENT = 2000 }; /* lines after which a lane's open trace is over */

int tl_lanes_init(tl_lanes *l, tl_error *err)
{
    *l = (tl_lanes){0};
    return tl_lines_new(&l->lines, err);
}

void tl_lanes_destroy(tl_lanes *l)
{
    for (size_t i = 0; i < TL_MAX_LANES; i++)
        tl_machine_destroy(&l->machines[i]);
    tl_lines_free(l->lines);
    tl_buf_free(&l->clean);
    tl_buf_free(&l->broken);
}

void tl_lanes_begin(tl_lanes *l, tl_trace_fn *deliver, void *ctx)
{
    l->delivered = l->last = 0;
    l->n = 1;
    l->stamped = false;
    tl_buf_clear(&l->broken);
    for (size_t i = 0; i < TL_MAX_LANES; i++) {
        tl_machine_begin(&l->machines[i], l->lines, &l->delivered, deliver, ctx);
        l->silent[i] = 0;
    }
}

/* --- who wrote a line ------------------------------------------------------ */

static bool digit(char c) { return c >= '0' && c <= '9'; }
static bool letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/* A bracket that says when, not who: [2020-01-02 12:30:01], [12345.678]. */
static bool is_time(tl_str s)
{
    bool letters = false, joint = false, clock = false;
    for (size_t i = 0; i < s.len; i++) {
        letters |= letter(s.data[i]) && s.data[i] != 'T' && s.data[i] != 'Z';
        joint |= strchr(":./-", s.data[i]) != NULL;
        clock |= i + 5 < s.len && digit(s.data[i]) && digit(s.data[i + 1]) &&
                 s.data[i + 2] == ':' && digit(s.data[i + 3]) && digit(s.data[i + 4]) &&
                 s.data[i + 5] == ':';
    }
    return clock || (joint && !letters);
}

static bool has_digit(tl_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (digit(s.data[i]))
            return true;
    return false;
}

tl_writer tl_writer_of(tl_str prefix)
{
    tl_writer w = {.len = 0};
    for (size_t i = 0; i < prefix.len; i++) {
        char close = prefix.data[i] == '[' ? ']' : prefix.data[i] == '(' ? ')' : 0;
        const char *end = close ? memchr(prefix.data + i, close, prefix.len - i) : NULL;
        if (!end)
            continue;
        tl_str inside = tl_str_range(prefix.data + i + 1, end);
        if (has_digit(inside) && !is_time(inside) && w.len + inside.len + 1 < sizeof w.name) {
            memcpy(w.name + w.len, inside.data, inside.len);
            w.len += inside.len;
            w.name[w.len++] = '\n';
        }
        i = (size_t)(end - prefix.data);
    }
    return w;
}

static bool same_writer(const tl_writer *a, const tl_writer *b)
{
    return a->len == b->len && memcmp(a->name, b->name, a->len) == 0;
}

/* --- which lane ------------------------------------------------------------ */

static bool is_open(const tl_machine *m) { return m->state != TL_IDLE; }

/* How a line stands to a lane with an open trace. */
typedef enum relation { STRANGER, SAME_WRITER, OTHER_WRITER } relation;

static relation relate(const tl_machine *m, tl_str line)
{
    if (!is_open(m) || m->prefix.ink == 0)
        return STRANGER;
    tl_writer own = tl_writer_of((tl_str){m->prefix.text, m->prefix.ink});
    tl_str rest = own.len > 0 ? tl_prefix_strip(&m->prefix, line) : (tl_str){NULL, 0};
    if (!rest.data)
        return STRANGER;
    tl_writer w = tl_writer_of(tl_str_range(line.data, rest.data));
    return same_writer(&own, &w) ? SAME_WRITER : OTHER_WRITER;
}

/* A lane whose trace is done, a new one, or the last one where all are taken. */
static size_t free_lane(tl_lanes *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (!is_open(&l->machines[i]))
            return i;
    return l->n < TL_MAX_LANES ? l->n++ : l->last;
}

/* The lane for a line; TL_MAX_LANES where a writer without a lane wrote it. */
static size_t lane_of(tl_lanes *l, tl_str line, bool header)
{
    bool other = false;
    for (size_t i = 0; i < l->n; i++) {
        relation r = relate(&l->machines[i], line);
        if (r == SAME_WRITER)
            return i;
        other |= r == OTHER_WRITER;
    }
    if (!other)
        return l->last;
    return header ? free_lane(l) : TL_MAX_LANES;
}

/* A lane that others have talked over for too long has ended. */
static int end_silent(tl_lanes *l, size_t lane, tl_error *err)
{
    int rc = TL_OK;
    for (size_t i = 0; i < l->n && rc == TL_OK; i++) {
        l->silent[i] = i == lane ? 0 : l->silent[i] + 1;
        if (l->silent[i] == MAX_SILENT)
            rc = tl_machine_end(&l->machines[i], err);
    }
    return rc;
}

static int take_line(tl_lanes *l, tl_str line, tl_error *err)
{
    size_t header = tl_find_header(line);
    size_t lane = lane_of(l, line, header != SIZE_MAX);
    int rc = end_silent(l, lane, err);
    if (rc != TL_OK || lane == TL_MAX_LANES)
        return rc;
    l->last = lane;
    l->machines[lane].stamped = l->stamped;
    return tl_machine_line(&l->machines[lane], line, header, err);
}

/* --- headers that were broken over two lines ------------------------------- */

/* What a line that ends within a header lacks of it; data NULL for any other. */
static tl_str missing(tl_str line)
{
    static const tl_str words = {"Traceback (most recent call last)", 33};
    enum { LEAST = 22 }; /* "Traceback (most recent" */
    while (line.len > 0 && line.data[line.len - 1] == ' ')
        line.len--;
    for (size_t n = LEAST; n < words.len && n <= line.len; n++)
        if (line.data[line.len - n] == 'T' &&
            memcmp(line.data + line.len - n, words.data, n) == 0)
            return (tl_str){words.data + n, words.len - n};
    return (tl_str){NULL, 0};
}

/* Ends what was kept as a line of its own. */
static int flush(tl_lanes *l, tl_error *err)
{
    int rc = l->broken.len > 0 ? take_line(l, tl_buf_str(&l->broken), err) : TL_OK;
    tl_buf_clear(&l->broken);
    return rc;
}

/* Joins `line` to the kept one where it begins with what that lacks. */
static bool join(tl_lanes *l, tl_str line)
{
    tl_str lack = missing(tl_buf_str(&l->broken));
    while (line.len > 0 && strchr(" \t>", line.data[0]))
        line.data++, line.len--;
    while (l->broken.len > 0 && l->broken.data[l->broken.len - 1] == ' ')
        l->broken.len--;
    if (lack.len > 0 && lack.data[0] == ' ') {
        tl_buf_add_char(&l->broken, ' ');
        lack.data++, lack.len--;
    }
    if (lack.len == 0 || line.len < lack.len || memcmp(line.data, lack.data, lack.len) != 0)
        return false;
    tl_buf_add_str(&l->broken, line);
    return true;
}

/* A time goes where the line above has one too: a collector's stands before every line, a
 * logger's before the first of a record, and so ends the message above. */
static tl_str undress(tl_lanes *l, tl_str raw)
{
    tl_str line = tl_undress_clean(raw, &l->clean), text = tl_undress_stamp(line);
    bool above = l->stamped;
    l->stamped = text.data != line.data;
    return above ? text : line;
}

int tl_lanes_line(tl_lanes *l, tl_str raw, tl_error *err)
{
    if (raw.len > TL_GRAMMAR_MAX_LINE)
        raw.len = TL_GRAMMAR_MAX_LINE;
    tl_str line = undress(l, raw);
    int rc = tl_buf_check(&l->clean, "a line", err);
    if (rc != TL_OK)
        return rc;
    bool joined = l->broken.len > 0 && join(l, line);
    rc = tl_buf_check(&l->broken, "a line", err);
    if (rc == TL_OK)
        rc = flush(l, err);
    if (rc != TL_OK || joined)
        return rc;
    if (!missing(line).data)
        return take_line(l, line, err);
    tl_buf_add_str(&l->broken, line);
    return tl_buf_check(&l->broken, "a line", err);
}

int tl_lanes_border(tl_lanes *l, const tl_part *next, tl_error *err)
{
    int rc = flush(l, err);
    for (size_t i = 0; i < TL_MAX_LANES && rc == TL_OK; i++)
        rc = tl_machine_border(&l->machines[i], next, err);
    return rc;
}

int tl_lanes_end(tl_lanes *l, tl_error *err)
{
    int rc = flush(l, err);
    for (size_t i = 0; i < l->n && rc == TL_OK; i++)
        rc = tl_machine_end(&l->machines[i], err);
    return rc;
}
