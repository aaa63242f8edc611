#include <math.h>

#include "reports/match_part.h"

/* The weights of match.h, chosen on tools/bench/bench_match.c. */
static const double of_frames = 0.45, of_error = 0.35, of_text = 0.20;
static const double decay = 0.8;

enum { MAX_WORDS = 64 };

double tl_match_weight(int64_t all_traces, int64_t traces, size_t depth)
{
    double rarity = log(((double)all_traces + 1) / (double)(traces > 0 ? traces : 1));
    return (rarity > 0.01 ? rarity : 0.01) * pow(decay, (double)depth);
}

tl_str tl_match_class(tl_str exception)
{
    const char *dot = exception.len ? memrchr(exception.data, '.', exception.len) : NULL;
    return dot ? tl_str_range(dot + 1, exception.data + exception.len) : exception;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

bool tl_match_word(tl_str *rest, tl_str *word)
{
    size_t begin = 0, end;
    while (begin < rest->len && !is_word(rest->data[begin]))
        begin++;
    for (end = begin; end < rest->len && is_word(rest->data[end]);)
        end++;
    *word = (tl_str){rest->data + begin, end - begin};
    *rest = (tl_str){rest->data + end, rest->len - end};
    return word->len > 0;
}

static size_t words_of(tl_str text, tl_str words[MAX_WORDS])
{
    size_t n = 0;
    tl_str word;
    while (n < MAX_WORDS && tl_match_word(&text, &word)) {
        size_t i = 0;
        while (i < n && !tl_str_eq(words[i], word))
            i++;
        if (i == n)
            words[n++] = word;
    }
    return n;
}

/* Words of both by words of either. */
static double words_in_common(tl_str a, tl_str b)
{
    tl_str of_a[MAX_WORDS], of_b[MAX_WORDS];
    size_t n = words_of(a, of_a), m = words_of(b, of_b), both = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++)
            both += tl_str_eq(of_a[i], of_b[k]);
    return n + m > both ? (double)both / (double)(n + m - both) : 0;
}

static double score_error(const tl_probe *p, const tl_found_trace *found, tl_candidate *c)
{
    c->same_exception = p->exception.data && found->exception.data &&
                        tl_str_eq(tl_match_class(p->exception), tl_match_class(found->exception));
    c->same_template = p->template.len && found->template.data && tl_str_eq(p->template, found->template);
    if (c->same_template)
        return c->same_exception ? 1 : 0.85;
    double common = found->template.data && p->template.data ? words_in_common(p->template, found->template) : 0;
    return c->same_exception ? 0.15 + 0.65 * common : 0.5 * common;
}

/* Weighted Jaccard similarity; each symbol counts where it is innermost. */
static double score_frames(const tl_probe *p, int64_t all_traces, const tl_found_trace *found, tl_candidate *c)
{
    double both = 0, other = 0;
    for (size_t i = 0; i < found->n_frames; i++) {
        const tl_found_frame *f = &found->frames[i];
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = found->frames[k].symbol == f->symbol;
        if (seen)
            continue;
        double weight = tl_match_weight(all_traces, f->traces, i);
        other += weight;
        for (size_t k = 0; k < p->n_frames; k++)
            if (p->frames[k].symbol == f->symbol) {
                both += weight < p->frames[k].weight ? weight : p->frames[k].weight;
                c->shared++;
                c->same_innermost |= i == 0 && k == 0;
            }
    }
    double either = p->weight + other - both;
    return either > 0 ? both / either : 0;
}

void tl_match_score(const tl_probe *p, int64_t all_traces, const tl_found_trace *found, tl_candidate *c)
{
    c->shared = 0;
    c->frames = score_frames(p, all_traces, found, c);
    c->error = score_error(p, found, c);
    c->score = of_frames * c->frames + of_error * c->error + of_text * c->text;
}
