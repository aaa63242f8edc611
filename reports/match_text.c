#include "reports/escape.h"
#include "reports/match_part.h"
#include "reports/number.h"
#include "reports/query.h"

/* Where a text of strangers goes. */
typedef struct page {
    tl_buf *out;
    bool markdown;
} page;

static void add_text(const page *p, tl_str text)
{
    const char *newline = text.len ? memchr(text.data, '\n', text.len) : NULL;
    if (newline)
        text = tl_str_range(text.data, newline);
    if (text.len > 400)
        text.len = 400;
    if (p->markdown)
        tl_escape_markdown(p->out, text);
    else
        tl_escape_terminal(p->out, text, 0);
}

static void add_heading(const page *p, const char *text)
{
    tl_buf_printf(p->out, p->markdown ? "\n### %s\n\n" : "\n%s\n", text);
}

static void add_type(const page *p, const tl_match *m, const tl_taxonomy *taxonomy)
{
    const tl_type *type = m->type.type < 0 ? NULL : tl_taxonomy_type(taxonomy, m->type.type);
    if (!type) {
        tl_buf_add_cstr(p->out, "type unknown\n");
        return;
    }
    tl_buf_printf(p->out, "type %s (%s, %s), confidence ", type->name, type->category, type->category_name);
    tl_number_fixed(p->out, m->type.confidence, 2);
    tl_buf_add_char(p->out, '\n');
}

static void add_pattern(const page *p, const tl_match_pattern *m)
{
    tl_buf_add_cstr(p->out, p->markdown ? "- " : "  ");
    add_text(p, m->frames);
    tl_buf_printf(p->out, "\n    %zu frame%s, support %lld, ", m->length, m->length == 1 ? "" : "s",
                  (long long)m->found.support);
    add_text(p, m->libraries);
    tl_buf_add_cstr(p->out, ", ");
    add_text(p, m->found.type);
    if (m->found.questions != TL_UNKNOWN)
        tl_buf_printf(p->out, "; %lld questions", (long long)m->found.questions);
    if (m->found.unanswered != TL_UNKNOWN)
        tl_buf_printf(p->out, ", %lld unanswered", (long long)m->found.unanswered);
    tl_buf_printf(p->out, "; id " TL_STR_FMT "\n", TL_STR_ARG(m->id));
}

static void add_question(const page *p, size_t rank, const tl_match_question *q)
{
    tl_buf address = {0};
    tl_buf_printf(p->out, p->markdown ? "%zu. " : "  %zu. ", rank);
    add_text(p, q->found.title.len ? q->found.title : TL_STR("(no title)"));
    tl_buf_add_cstr(p->out, "\n     ");
    tl_question_address(&address, q->found.site, q->found.id);
    add_text(p, tl_buf_str(&address));
    if (tl_answer_address(&address, q->found.site, q->found.accepted)) {
        tl_buf_add_cstr(p->out, "\n     accepted answer ");
        add_text(p, tl_buf_str(&address));
    }
    tl_buf_add_cstr(p->out, "\n     score ");
    tl_number_fixed(p->out, q->score, 2);
    if (q->found.score != TL_UNKNOWN)
        tl_buf_printf(p->out, ", %lld vote%s", (long long)q->found.score, q->found.score == 1 ? "" : "s");
    tl_buf_add_cstr(p->out, ": ");
    add_text(p, q->why);
    tl_buf_add_char(p->out, '\n');
    p->out->failed |= address.failed;
    tl_buf_free(&address);
}

void tl_match_text(tl_buf *out, int64_t n, const tl_trace *trace, const tl_match *match,
                   const tl_taxonomy *taxonomy, bool markdown)
{
    page p = {out, markdown};
    tl_buf_printf(out, markdown ? "## Traceback %lld: " : "Traceback %lld: ", (long long)n);
    add_text(&p, trace->exception.data ? trace->exception : TL_STR("no exception shown"));
    if (trace->message.len) {
        tl_buf_add_cstr(out, ": ");
        add_text(&p, trace->message);
    }
    tl_buf_add_cstr(out, markdown ? "\n\n" : "\n");
    add_type(&p, match, taxonomy);
    if (match->n_patterns)
        add_heading(&p, "Patterns it contains, longest first");
    for (size_t i = 0; i < match->n_patterns; i++)
        add_pattern(&p, &match->patterns[i]);
    if (match->n_questions)
        add_heading(&p, "Most similar questions");
    for (size_t i = 0; i < match->n_questions; i++)
        add_question(&p, i + 1, &match->questions[i]);
}
