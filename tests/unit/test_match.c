/* A new traceback against a store: patterns it contains, similar questions, and why. */
#include "tests/unit/test_report_store.h"

#include "reports/match.h"
#include "sql/patterns.h"
#include "sql/search_index.h"

/* A store of questions, each with one trace of profile `full`.  Frames are written
 * "file:function", those of the user's own code with a ! in front. */
typedef struct world {
    scratch s;
    int64_t questions;
    tl_trace_matcher *matcher;
    tl_arena arena;
} world;

static void world_open(world *w)
{
    *w = (world){0};
    scratch_open(&w->s);
    add_frame_of_store(&w->s, "stackoverflow.com", "keras nltk");
}

static void world_close(world *w)
{
    tl_trace_matcher_free(w->matcher);
    tl_arena_free(&w->arena);
    scratch_close(&w->s);
}

static void run_format(world *w, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    char *sql = sqlite3_vmprintf(format, ap);
    va_end(ap);
    run_sql(&w->s, sql);
    sqlite3_free(sql);
}

/* Adds question number `id` with a trace; returns its key. */
static int64_t add_question(world *w, const char *title, const char *frames, const char *exception,
                            const char *message, bool accepted)
{
    int64_t key = ++w->questions;
    run_format(w, "INSERT INTO question (question_key, input_id, site_id, id, title, score, views, answers, accepted)"
                  " VALUES (%lld, 1, 1, %lld, %Q, 3, 50, 1, %s)", (long long)key, 100 + (long long)key, title,
               accepted ? "7000" : "NULL");
    run_format(w, "INSERT INTO question_library VALUES (%lld, %d)", (long long)key, key % 2 ? 1 : 2);
    run_format(w, "INSERT INTO trace (trace_id, question_key, profile, position, frames, exception, message, template)"
                  " VALUES (%lld, %lld, 'full', 0, 9, %Q, %Q, %Q)", (long long)key, (long long)key, exception, message,
               message);
    char copy[4000], *rest = copy, *word;
    snprintf(copy, sizeof copy, "%s", frames);
    for (int depth = 0; (word = strsep(&rest, " ")); depth++) {
        bool own = *word == '!';
        char *file = word + own, *function = strchr(file, ':');
        *function++ = '\0';
        run_format(w, "INSERT INTO symbol (file, function) VALUES (%Q, %Q) ON CONFLICT DO NOTHING", file, function);
        run_format(w, "INSERT INTO frame SELECT %lld, %d, symbol_id, NULL, NULL, NULL, %d FROM symbol"
                      " WHERE file = %Q AND function = %Q", (long long)key, depth, own, file, function);
    }
    return key;
}

/* Adds a pattern to keras (library 1) or nltk (2). */
static void add_pattern(world *w, int library, int64_t support, const char *frames)
{
    tl_error err;
    char id[17];
    tl_buf identity = {0};
    const char *key = library == 1 ? "keras" : "nltk";
    assert_int_equal(tl_pattern_identity(&identity, key, TL_FULL, TL_SEQUENCES, &err), TL_OK);
    assert_int_equal(tl_pattern_id(&identity, tl_str_from(frames), id, &err), TL_OK);
    tl_buf_free(&identity);
    run_format(w, "INSERT OR IGNORE INTO mining (mining_id, library_id, profile, support_kind, key, min_support,"
                  " sequences, traces_seen) VALUES (%d, %d, 'full', 'sequences', 'stem', 1, 9, 9)", library, library);
    run_format(w, "INSERT INTO pattern (mining_id, pattern_id, support, length, frames, category, type)"
                  " VALUES (%d, %Q, %lld, 1, %Q, 'MOD', 'copy')", library, id, (long long)support, frames);
}

static void index_world(world *w)
{
    tl_error err;
    run_sql(&w->s, "BEGIN");
    assert_int_equal(tl_search_index(w->s.store, NULL, &err), TL_OK);
    run_sql(&w->s, "COMMIT");
    if (tl_trace_matcher_new(&w->matcher, w->s.store, &err) != TL_OK)
        fail_msg("%s", err.message);
}

static tl_trace trace_of(world *w, const char *frames, const char *exception, const char *message)
{
    tl_trace t = {.exception = tl_str_from(exception), .message = tl_str_from(message), .template = tl_str_from(message)};
    char *copy = (char *)tl_arena_copy(&w->arena, tl_str_from(frames)).data, *word;
    t.frames = tl_arena_calloc(&w->arena, strlen(frames) + 1, sizeof *t.frames);
    while ((word = strsep(&copy, " "))) {
        bool own = *word == '!';
        char *colon = strchr(word, ':');
        t.frames[t.n_frames++] = (tl_frame){.file = tl_str_range(word + own, colon),
                                            .function = tl_str_from(colon + 1), .own_code = own, .line = TL_UNKNOWN};
    }
    return t;
}

static const tl_match_options usual = {.patterns = 10, .questions = 10};

static tl_match match(world *w, const tl_trace *t, tl_match_options o)
{
    tl_match m;
    tl_error err;
    if (tl_match_trace(w->matcher, t, &o, &w->arena, &m, &err) != TL_OK)
        fail_msg("%s", err.message);
    return m;
}

/* The keys of the questions found, with blanks between. */
static const char *keys(const tl_match *m)
{
    static char text[200];
    text[0] = '\0';
    for (size_t i = 0; i < m->n_questions; i++)
        sprintf(text + strlen(text), "%s%lld", i ? " " : "", (long long)m->questions[i].key);
    return text;
}

static const char chain[] = "!main:<module> keras_training:fit keras_engine:run session:call";

static void fill(world *w)
{
    add_question(w, "same trace", chain, "ValueError", "shapes differ", true);                              /* 1 */
    add_question(w, "same inner", "!x:y other:thing keras_engine:run session:call", "ValueError", "no", true); /* 2 */
    add_question(w, "same outer", "!x:y keras_training:fit nowhere:else", "TypeError", "never", true);        /* 3 */
    add_question(w, "same error", "!x:y far:away", "ValueError", "shapes differ", true);                      /* 4 */
    add_question(w, "same trace", chain, "ValueError", "shapes differ", false);                                /* 5 */
    add_question(w, "own code only", "!main:<module> !main:go", "KeyError", "nothing in common", true);      /* 6 */
    for (int i = 0; i < 20; i++)
        add_question(w, "noise", "session:open session:close", "OSError", "noise", true);
}

static void test_order(void **state)
{
    (void)state;
    world w;
    world_open(&w);
    fill(&w);
    index_world(&w);
    expect_rows(&w.s, "SELECT file, traces FROM search_symbol JOIN symbol USING (symbol_id) WHERE traces < 4 ORDER BY 1",
                "far,1;keras_engine,3;keras_training,3;nowhere,1;other,1;session,3"); /* nobody's own code */
    tl_trace t = trace_of(&w, chain, "ValueError", "shapes differ");
    tl_match m = match(&w, &t, usual);
    assert_string_equal(keys(&m), "1 4 2"); /* 3: one outer frame is too little */
    assert_true(m.questions[0].score > 0.9 && m.questions[0].score <= 1);
    assert_true(m.questions[1].frames == 0 && m.questions[2].frames > 0.3);
    assert_non_null(strstr(m.questions[0].why.data, "same innermost library frame session:call"));
    assert_non_null(strstr(m.questions[0].why.data, "3 of 3 library frames"));
    assert_non_null(strstr(m.questions[0].why.data, "same ValueError with the same message"));
    assert_string_equal(m.questions[1].why.data, "same ValueError with the same message");
    assert_string_equal(m.questions[2].why.data,
                        "same innermost library frame session:call; 2 of 3 library frames; same ValueError");
    assert_true(tl_str_eq(m.questions[0].found.title, TL_STR("same trace")));
    assert_int_equal(m.questions[0].found.accepted, 7000);
    tl_match_options o = usual;
    o.unsolved = true;
    m = match(&w, &t, o);
    assert_string_equal(keys(&m), "1 5 4 2");
    o.hide = 1;
    m = match(&w, &t, o);
    assert_string_equal(keys(&m), "5 4 2");
    o.questions = 2;
    m = match(&w, &t, o);
    assert_string_equal(keys(&m), "5 4");
    o = usual;
    o.library = "nltk";
    m = match(&w, &t, o);
    assert_string_equal(keys(&m), "4 2");
    t = trace_of(&w, chain, "TypeError", "unlike any"); /* now the frames decide */
    m = match(&w, &t, usual);
    assert_string_equal(keys(&m), "1 2 3");
    world_close(&w);
}

/* A title holds the words, though the question has no such trace. */
static void test_words(void **state)
{
    (void)state;
    world w;
    world_open(&w);
    fill(&w);
    add_question(&w, "Why is there no zygomorphic tensor?", "!a:b", NULL, NULL, true); /* 27 */
    add_question(&w, "A granular one", "!a:b", NULL, NULL, true);
    add_question(&w, "Another granular one", "!a:b", NULL, NULL, true);
    index_world(&w);
    tl_trace t = trace_of(&w, "!q:r unheard:of", "WeirdError", "expected a Zygomorphic tensor, \"got\" AND (7)");
    tl_match m = match(&w, &t, usual);
    assert_string_equal(keys(&m), "27");
    assert_non_null(strstr(m.questions[0].why.data, "words of the message"));
    /* A word counts once, however often the message has it. */
    t = trace_of(&w, "!q:r unheard:of", "WeirdError", "tensor tensor tensor tensor tensor tensor tensor tensor granular");
    assert_int_equal(match(&w, &t, usual).n_questions, 3);
    t = trace_of(&w, "!q:r unheard:of", "WeirdError", "* \" ' ) -- ; NEAR( title : \xff\xfe");
    m = match(&w, &t, usual);
    assert_int_equal(m.n_questions, 0);
    t = trace_of(&w, "!q:r unheard:of", NULL, NULL);
    m = match(&w, &t, usual);
    assert_int_equal(m.n_questions, 0);
    world_close(&w);
}

static void test_patterns(void **state)
{
    (void)state;
    world w;
    world_open(&w);
    fill(&w);
    add_pattern(&w, 1, 9, "keras_engine:run");
    add_pattern(&w, 1, 4, "keras_training:fit > keras_engine:run");
    add_pattern(&w, 2, 5, "keras_training:fit > keras_engine:run");
    add_pattern(&w, 2, 3, "keras_engine:run > session:call");
    add_pattern(&w, 1, 1, "keras_training:fit > keras_engine:run > session:call"); /* support 1 */
    add_pattern(&w, 1, 8, "keras_training:fit > session:call");                     /* not in a row */
    index_world(&w);
    tl_trace t = trace_of(&w, chain, "ValueError", "shapes differ");
    tl_match m = match(&w, &t, usual);
    assert_int_equal(m.n_patterns, 3);
    assert_true(tl_str_eq(m.patterns[0].frames, TL_STR("keras_engine:run > session:call")));
    assert_true(tl_str_eq(m.patterns[1].frames, TL_STR("keras_training:fit > keras_engine:run")));
    assert_true(tl_str_eq(m.patterns[1].libraries, TL_STR("keras, nltk")));
    assert_int_equal(m.patterns[1].found.support, 4);
    assert_int_equal(m.patterns[1].length, 2);
    assert_true(tl_str_eq(m.patterns[2].frames, TL_STR("keras_engine:run")));
    tl_match_options o = usual;
    o.patterns = 1;
    assert_int_equal(match(&w, &t, o).n_patterns, 1);
    /* An unknown frame between cuts the trace. */
    t = trace_of(&w, "keras_training:fit no:such keras_engine:run", "ValueError", "x");
    m = match(&w, &t, usual);
    assert_int_equal(m.n_patterns, 1);
    world_close(&w);
}

/* Long recursions and huge names are looked through in bounded time. */
static void test_hostile(void **state)
{
    (void)state;
    enum { FRAMES = 20000, NAME = 60000 };
    world w;
    world_open(&w);
    fill(&w);
    add_pattern(&w, 1, 9, "keras_engine:run > session:call");
    index_world(&w);
    char *name = malloc(NAME);
    memset(name, 'x', NAME);
    tl_trace t = {.exception = TL_STR("RecursionError"), .message = {name, NAME}, .template = {name, NAME}};
    t.frames = tl_arena_calloc(&w.arena, FRAMES, sizeof *t.frames);
    for (; t.n_frames < FRAMES; t.n_frames++) {
        t.frames[t.n_frames] = t.n_frames % 2
                                   ? (tl_frame){.file = TL_STR("session"), .function = TL_STR("call")}
                                   : (tl_frame){.file = TL_STR("keras_engine"), .function = TL_STR("run")};
        if (t.n_frames % 100 == 50)
            t.frames[t.n_frames].function = (tl_str){name, NAME};
    }
    tl_match m = match(&w, &t, usual);
    assert_int_equal(m.n_patterns, 1);
    assert_true(m.n_questions >= 1 && m.questions[0].key <= 2);
    t = (tl_trace){0};
    m = match(&w, &t, usual);
    assert_int_equal(m.n_patterns + m.n_questions, 0);
    free(name);
    world_close(&w);
}

static void test_output(void **state)
{
    (void)state;
    world w;
    world_open(&w);
    fill(&w);
    run_sql(&w.s, "UPDATE question SET title = '=cmd|x <b>\x1b[31m' WHERE question_key = 1");
    add_pattern(&w, 1, 9, "keras_engine:run");
    index_world(&w);
    tl_trace t = trace_of(&w, chain, "ValueError", "shapes\ndiffer \x1b[2J");
    tl_match_options o = usual;
    o.questions = 1;
    tl_match m = match(&w, &t, o);
    tl_grid g = {0};
    tl_error err;
    assert_int_equal(tl_match_rows(&g, 1, &t, &m, tl_trace_matcher_taxonomy(w.matcher), &err), TL_OK);
    assert_int_equal(g.n_rows, 3);
    assert_true(tl_str_eq(tl_grid_row(&g, 2)[tl_grid_find(&g, "kind")].text, TL_STR("question")));
    assert_true(tl_str_eq(tl_grid_row(&g, 2)[tl_grid_find(&g, "link")].text, TL_STR("https://stackoverflow.com/q/101")));
    assert_true(tl_str_eq(tl_grid_row(&g, 2)[tl_grid_find(&g, "accepted_link")].text,
                          TL_STR("https://stackoverflow.com/a/7000")));
    tl_grid_free(&g);
    for (int markdown = 0; markdown < 2; markdown++) {
        tl_buf text = {0};
        tl_match_text(&text, 1, &t, &m, tl_trace_matcher_taxonomy(w.matcher), markdown);
        assert_false(text.failed);
        assert_null(strchr(text.data, '\x1b'));
        assert_non_null(strstr(text.data, "Traceback 1: ValueError: shapes"));
        assert_non_null(strstr(text.data, "accepted answer https://stackoverflow.com/a/7000"));
        tl_buf_free(&text);
    }
    world_close(&w);
}

static void test_not_mined(void **state)
{
    (void)state;
    world w;
    tl_error err;
    world_open(&w);
    assert_int_equal(tl_trace_matcher_new(&w.matcher, w.s.store, &err), TL_USAGE);
    assert_non_null(strstr(err.message, "tracelode mine"));
    index_world(&w);
    assert_false(tl_search_stale(tl_trace_matcher_search(w.matcher)));
    tl_trace_matcher_free(w.matcher);
    fill(&w);
    assert_int_equal(tl_trace_matcher_new(&w.matcher, w.s.store, &err), TL_OK);
    assert_true(tl_search_stale(tl_trace_matcher_search(w.matcher)));
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_order),   cmocka_unit_test(test_words),
                                       cmocka_unit_test(test_patterns), cmocka_unit_test(test_hostile),
                                       cmocka_unit_test(test_output),  cmocka_unit_test(test_not_mined)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
