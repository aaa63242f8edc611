#include <errno.h>
#include <stdlib.h>

#include "extract/grammar/grammar.h"
#include "reports/match.h"
#include "reports/names.h"
#include "tools/cli/print.h"

/* What is looked at of a paste, its end: more than any traceback needs. */
enum { MAX_INPUT = 2 * 1000 * 1000, MAX_TRACES = 10 };

static const char *db;
static int format;
static int64_t patterns = 5, questions = 5;
static tl_match_options how;

static const tl_option options[] = {
    {.name = "db", .letter = 'd', .kind = TL_OPTION_TEXT, .arg = "STUDY.db", .value = &db,
     .help = "the store to search; it must have been mined"},
    {.name = "library", .kind = TL_OPTION_TEXT, .arg = "KEY", .value = &how.library,
     .help = "only questions of this library"},
    {.name = "unsolved", .kind = TL_OPTION_FLAG, .value = &how.unsolved,
     .help = "also questions without an accepted answer"},
    {.name = "patterns", .kind = TL_OPTION_INT, .arg = "N", .value = &patterns, .low = 0, .high = 1000,
     .help = "print at most N patterns of each traceback (default: 5)"},
    {.name = "questions", .kind = TL_OPTION_INT, .arg = "N", .value = &questions, .low = 0, .high = 300,
     .help = "print at most N questions for each traceback (default: 5)"},
    TL_FORMAT_OPTION(format),
    TL_COMMON_OPTIONS};

/* Reads the end of a file into *text; *cut: there was something before it. */
static int read_end(FILE *file, const char *name, tl_buf *text, bool *cut, tl_error *err)
{
    char block[16384];
    size_t n;
    *cut = fseek(file, 0, SEEK_END) == 0 && ftell(file) > MAX_INPUT;
    if (fseek(file, *cut ? -MAX_INPUT : 0, *cut ? SEEK_END : SEEK_SET) != 0)
        clearerr(file); /* a pipe: read all of it */
    while ((n = fread(block, 1, sizeof block, file)) > 0 && !text->failed) {
        if (text->len + n > 2 * MAX_INPUT) {
            memmove(text->data, text->data + text->len - MAX_INPUT, MAX_INPUT);
            text->len = MAX_INPUT;
            *cut = true;
        }
        tl_buf_add(text, block, n);
    }
    if (ferror(file))
        return tl_fail(err, TL_IO, "%s: cannot read: %s", name, strerror(errno));
    return tl_buf_check(text, name, err);
}

static int read_paste(const char *path, tl_buf *text, bool *cut, tl_error *err)
{
    bool standard = !path || strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file)
        return tl_fail(err, TL_IO, "%s: cannot open: %s", path, strerror(errno));
    int rc = read_end(file, standard ? "standard input" : path, text, cut, err);
    if (!standard)
        fclose(file);
    return rc;
}

static tl_str end_of(const tl_buf *text)
{
    tl_str s = tl_buf_str(text);
    return s.len > MAX_INPUT ? (tl_str){s.data + s.len - MAX_INPUT, MAX_INPUT} : s;
}

static bool same_text(tl_str a, tl_str b)
{
    return !a.data == !b.data && tl_str_eq(a, b);
}

static bool same_trace(const tl_trace *a, const tl_trace *b)
{
    if (a->n_frames != b->n_frames || !same_text(a->exception, b->exception) || !same_text(a->message, b->message))
        return false;
    for (size_t i = 0; i < a->n_frames; i++)
        if (!tl_str_eq(a->frames[i].file, b->frames[i].file) ||
            !tl_str_eq(a->frames[i].function, b->frames[i].function))
            return false;
    return true;
}

/* Drops repeated traces and all but the last few; returns how many stay. */
static size_t choose(tl_trace *traces, size_t n, size_t *left_out)
{
    size_t first = n, kept = 0;
    tl_trace chosen[MAX_TRACES];
    *left_out = 0;
    for (; first > 0; first--) {
        bool seen = false;
        for (size_t k = 0; k < kept && !seen; k++)
            seen = same_trace(&chosen[k], &traces[first - 1]);
        if (seen)
            continue;
        if (kept == MAX_TRACES) {
            *left_out = first;
            break;
        }
        chosen[kept++] = traces[first - 1];
    }
    for (size_t k = 0; k < kept; k++)
        traces[k] = chosen[kept - 1 - k];
    return kept;
}

static int print_text(const tl_trace *traces, const tl_match *matches, size_t n, const tl_taxonomy *taxonomy,
                      tl_error *err)
{
    tl_buf text = {0};
    for (size_t i = 0; i < n; i++) {
        if (i)
            tl_buf_add_char(&text, '\n');
        tl_match_text(&text, (int64_t)i + 1, &traces[i], &matches[i], taxonomy, format == TL_FORMAT_MD);
    }
    int rc = tl_buf_check(&text, "the answer", err);
    if (rc == TL_OK)
        rc = tl_cli_print(tl_buf_str(&text), err);
    tl_buf_free(&text);
    return rc;
}

static int print_rows(const tl_trace *traces, const tl_match *matches, size_t n, const tl_taxonomy *taxonomy,
                      tl_error *err)
{
    tl_grid grid = {0};
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < n; i++)
        rc = tl_match_rows(&grid, (int64_t)i + 1, &traces[i], &matches[i], taxonomy, err);
    if (rc == TL_OK)
        rc = tl_print_grid(&grid, format, true, err);
    tl_grid_free(&grid);
    return rc;
}

static int match_traces(tl_trace_matcher *m, const tl_trace *traces, size_t n, tl_arena *arena, tl_error *err)
{
    tl_match matches[MAX_TRACES];
    size_t found = 0;
    int rc = TL_OK;
    for (size_t i = 0; rc == TL_OK && i < n; i++) {
        rc = tl_match_trace(m, &traces[i], &how, arena, &matches[i], err);
        found += rc == TL_OK ? matches[i].n_patterns + matches[i].n_questions : 0;
    }
    if (rc)
        return rc;
    bool text = format == TL_FORMAT_TABLE || format == TL_FORMAT_MD;
    rc = (text ? print_text : print_rows)(traces, matches, n, tl_trace_matcher_taxonomy(m), err);
    if (rc || found)
        return rc;
    tl_cli_note("tracelode: match: the store has no pattern of this traceback and no question like it%s",
                how.unsolved ? "" : "; --unsolved also looks at questions without an accepted answer");
    return TL_NOTHING;
}

static int no_traceback(bool empty)
{
    tl_cli_note("tracelode: match: %s\n"
                "looked for: 'Traceback (most recent call last):' and lines such as\n"
                "  File \"train.py\", line 12, in main         (CPython)\n"
                "  train.py:12: in main                       (pytest)\n"
                "  ~/lib/x.py in f(a) above '---> 12 ...'      (IPython, Jupyter)\n"
                "Paste the whole traceback, from the first frame to the line with the exception.",
                empty ? "the input is empty" : "there is no Python traceback in the input");
    return TL_NOTHING;
}

static int match_paste(tl_str paste, bool cut, tl_arena *arena, tl_error *err)
{
    tl_grammar *grammar = NULL;
    tl_store *store = NULL;
    tl_trace_matcher *matcher = NULL;
    tl_trace *traces = NULL;
    size_t n = 0, left_out = 0;
    int rc = tl_store_open(&store, db, TL_STORE_READ, err);
    if (rc == TL_OK)
        rc = tl_name_check(store, TL_NAME_LIBRARY, how.library, err);
    if (rc == TL_OK)
        rc = tl_trace_matcher_new(&matcher, store, err);
    if (rc == TL_OK)
        rc = tl_grammar_new(&grammar, err);
    if (rc == TL_OK)
        rc = tl_grammar_read(grammar, paste, arena, &traces, &n, err);
    if (rc == TL_OK && n == 0)
        rc = no_traceback(paste.len == 0);
    if (rc == TL_OK) {
        n = choose(traces, n, &left_out);
        rc = match_traces(matcher, traces, n, arena, err);
    }
    if (cut)
        tl_cli_note("only the last %d MB of the input were looked at", MAX_INPUT / 1000000);
    if (left_out)
        tl_cli_note("only the last %d tracebacks were looked at, %zu before them were not", MAX_TRACES, left_out);
    if (matcher && tl_search_stale(tl_trace_matcher_search(matcher)))
        tl_cli_note_old_mining();
    tl_grammar_free(grammar);
    tl_trace_matcher_free(matcher);
    tl_store_close(store);
    return rc;
}

static int run(int n, char **operands, tl_error *err)
{
    tl_buf paste = {0};
    tl_arena arena = {0};
    bool cut = false;
    int rc = tl_cli_operands(n, 0, 1, "one file with a traceback, or none for standard input", err);
    if (rc == TL_OK && !db)
        rc = tl_fail(err, TL_USAGE, "missing option: -d STUDY.db, the store to search");
    how.patterns = (size_t)patterns;
    how.questions = (size_t)questions;
    if (rc == TL_OK)
        rc = read_paste(n ? operands[0] : NULL, &paste, &cut, err);
    if (rc == TL_OK)
        rc = match_paste(end_of(&paste), cut, &arena, err);
    tl_buf_free(&paste);
    tl_arena_free(&arena);
    return rc;
}

const tl_command tl_cmd_match = {
    .name = "match",
    .synopsis = "-d STUDY.db [TRACE.txt] [OPTION]...",
    .summary = "a new traceback: its type, its patterns, similar solved questions",
    .text = "Reads one or more Python tracebacks, in any form that CPython, IPython, Jupyter, "
            "pytest or a log prints, from a file or standard input. Prints for each its type, "
            "the patterns of the store that it contains, longest and rarest first, and the most "
            "similar questions with an accepted answer: by library frames, rare and inner ones "
            "first, by exception and message, and by the message's words. Each says why it was "
            "found. Exit status 1 if there is no traceback in the input, or nothing like it in "
            "the store.",
    .examples = "  python train.py 2>&1 | tracelode match -d study.db\n"
                "      what others did about this error\n"
                "  tracelode match -d study.db trace.txt --questions 10 --format jsonl\n"
                "      a traceback in a file, the answer for a program\n",
    .options = options,
    .run = run,
};
