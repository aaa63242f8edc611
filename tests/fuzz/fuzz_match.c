/* Any bytes as a paste for `match`, or as a line that `classify` reads: answers that keep
 * their promises.  The first byte says which. */
#include "tests/fuzz/fuzz.h"

#include "extract/grammar/grammar.h"
#include "reports/classifier_input.h"
#include "reports/match.h"
#include "sql/search_index.h"
#include "tests/fuzz/study.h"

static const char world_sql[] =
    "INSERT INTO site VALUES (1, 'stackoverflow.com');"
    "INSERT INTO input (input_id, site_id, name, kind, size, mtime, selection, pass, cursor, hash, hash_state,"
    " last_orphan, disorder) VALUES (1, 1, 'Posts.xml', 'posts', 0, 0, '', 1, 0, x'', x'', 0, 0);"
    "INSERT INTO library VALUES (1, 'pytorch', 'PyTorch');"
    "INSERT INTO question (question_key, input_id, site_id, id, title, accepted) VALUES"
    " (1, 1, 1, 11, 'mat1 and mat2 shapes cannot be multiplied', 5), (2, 1, 1, 12, 'recursion depth', NULL);"
    "INSERT INTO trace (trace_id, question_key, profile, position, frames, exception, message, template) VALUES"
    " (1, 1, 'full', 0, 2, 'RuntimeError', 'shapes cannot be multiplied', 'shapes cannot be multiplied'),"
    " (2, 2, 'full', 0, 1, 'RecursionError', 'maximum recursion depth exceeded', 'maximum recursion depth exceeded');"
    "INSERT INTO symbol VALUES (1, 'module', '__call__'), (2, 'linear', 'forward'), (3, 'a', 'f');"
    "INSERT INTO frame (trace_id, depth, symbol_id, own_code) VALUES (1, 0, 1, 0), (1, 1, 2, 0), (2, 0, 3, 0);"
    "INSERT INTO mining (mining_id, library_id, profile, support_kind, key, min_support, sequences, traces_seen)"
    " VALUES (1, 1, 'full', 'sequences', 'stem', 1, 2, 2);";

static tl_trace_matcher *new_matcher(void)
{
    tl_store *store = fuzz_study(world_sql);
    tl_trace_matcher *m;
    require(tl_store_begin(store, NULL) == TL_OK && tl_search_index(store, NULL, NULL) == TL_OK &&
            tl_store_commit(store, NULL) == TL_OK);
    require(tl_trace_matcher_new(&m, store, NULL) == TL_OK);
    return m;
}

static void check_match(tl_trace_matcher *m, const tl_trace *t, tl_arena *arena)
{
    tl_match_options o = {.unsolved = true, .patterns = 5, .questions = 5};
    tl_match match;
    tl_grid grid = {0};
    tl_buf text = {0};
    require(tl_match_trace(m, t, &o, arena, &match, NULL) == TL_OK);
    require(match.n_patterns <= 5 && match.n_questions <= 5);
    require(match.type.confidence > 0 && match.type.confidence <= 1);
    for (size_t i = 0; i < match.n_questions; i++) {
        require(match.questions[i].score > 0 && match.questions[i].score < 1 + 1e-9);
        require(i == 0 || match.questions[i].score <= match.questions[i - 1].score);
    }
    require(tl_match_rows(&grid, 1, t, &match, tl_trace_matcher_taxonomy(m), NULL) == TL_OK);
    require(grid.n_rows == 1 + match.n_patterns + match.n_questions);
    tl_match_text(&text, 1, t, &match, tl_trace_matcher_taxonomy(m), false);
    require(!text.failed && !memchr(text.data, '\033', text.len));
    tl_buf_free(&text);
    tl_grid_free(&grid);
}

static void match_paste(tl_str paste)
{
    static tl_trace_matcher *m;
    static tl_grammar *grammar;
    tl_arena arena = {0};
    tl_trace *traces;
    size_t n;
    if (!m) {
        m = new_matcher();
        require(tl_grammar_new(&grammar, NULL) == TL_OK);
    }
    if (tl_grammar_read(grammar, paste, &arena, &traces, &n, NULL) == TL_OK)
        for (size_t i = 0; i < n && i < 10; i++)
            check_match(m, &traces[i], &arena);
    tl_arena_free(&arena);
}

static void read_line(tl_str text)
{
    tl_pattern_line p;
    tl_arena arena = {0};
    tl_frame frames[4];
    int rc = tl_pattern_line_read(&p, text, &arena, NULL);
    require(rc == TL_OK || rc == TL_BAD_INPUT);
    tl_pattern_line_free(&p);
    tl_arena_free(&arena);
    require(tl_pattern_frames(text, frames, 4) <= 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    tl_str text = {(const char *)data + 1, size - 1};
    if (data[0] % 4 == 1)
        read_line(text);
    else
        match_paste(text);
    return 0;
}
