#include "reports/escape.h"
#include "reports/match_part.h"
#include "reports/number.h"
#include "reports/query.h"
#include "reports/wrap.h"

/* Where a text of strangers goes. */
typedef struct page {
    tl_buf *out;
    bool markdown;
} page;

/* A paragraph that was written into `text`, which is freed; Markdown breaks lines itself. */
static void add_lines(const page *p, tl_buf *text, int indent, int more)
{
    if (p->markdown)
        tl_buf_printf(p->out, "%*s" TL_STR_FMT "\n", indent, "", TL_STR_ARG(tl_buf_str(text)));
    else
        tl_wrap(p->out, tl_buf_str(text), indent, more);
    p->out->failed |= text->failed;
    tl_buf_free(text);
}

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
    tl_buf frames = {0}, facts = {0};
    page of_frames = {&frames, p->markdown}, of_facts = {&facts, p->markdown};
    tl_buf_add_cstr(&frames, p->markdown ? "- " : "");
    add_text(&of_frames, m->frames);
    add_lines(p, &frames, p->markdown ? 0 : 2, 2);
    tl_buf_printf(&facts, "%zu frame%s, support %lld, ", m->length, m->length == 1 ? "" : "s",
                  (long long)m->found.support);
    add_text(&of_facts, m->libraries);
    tl_buf_add_cstr(&facts, ", ");
    add_text(&of_facts, m->found.type);
    if (m->found.questions != TL_UNKNOWN)
        tl_buf_printf(&facts, "; %lld question%s", (long long)m->found.questions, m->found.questions == 1 ? "" : "s");
    if (m->found.unanswered != TL_UNKNOWN)
        tl_buf_printf(&facts, ", %lld unanswered", (long long)m->found.unanswered);
    tl_buf_printf(&facts, "; id " TL_STR_FMT, TL_STR_ARG(m->id));
    add_lines(p, &facts, 4, 0);
}

static void add_question(const page *p, size_t rank, const tl_match_question *q)
{
    tl_buf address = {0}, why = {0}, title = {0};
    page of_why = {&why, p->markdown}, of_title = {&title, p->markdown};
    tl_buf_printf(&title, "%zu. ", rank);
    add_text(&of_title, q->found.title.len ? q->found.title : TL_STR("(no title)"));
    add_lines(p, &title, p->markdown ? 0 : 2, 3);
    tl_buf_add_cstr(p->out, "     ");
    tl_question_address(&address, q->found.site, q->found.id);
    add_text(p, tl_buf_str(&address));
    if (tl_answer_address(&address, q->found.site, q->found.accepted)) {
        tl_buf_add_cstr(p->out, "\n     accepted answer ");
        add_text(p, tl_buf_str(&address));
    }
    tl_buf_add_char(p->out, '\n');
    tl_buf_add_cstr(&why, "score ");
    tl_number_fixed(&why, q->score, 2);
    if (q->found.score != TL_UNKNOWN)
        tl_buf_printf(&why, ", %lld vote%s", (long long)q->found.score, q->found.score == 1 ? "" : "s");
    tl_buf_add_cstr(&why, ": ");
    add_text(&of_why, q->why);
    add_lines(p, &why, 5, 0);
    p->out->failed |= address.failed;
    tl_buf_free(&address);
}

void tl_match_text(tl_buf *out, int64_t n, const tl_trace *trace, const tl_match *match,
                   const tl_taxonomy *taxonomy, bool markdown)
{
    page p = {out, markdown};
    tl_buf title = {0};
    page of_title = {&title, markdown};
    tl_buf_printf(&title, markdown ? "## Traceback %lld: " : "Traceback %lld: ", (long long)n);
    add_text(&of_title, trace->exception.data ? trace->exception : TL_STR("no exception shown"));
    if (trace->message.len) {
        tl_buf_add_cstr(&title, ": ");
        add_text(&of_title, trace->message);
    }
    add_lines(&p, &title, 0, 2);
    if (markdown)
        tl_buf_add_char(out, '\n');
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
