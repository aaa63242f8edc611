/* undress.h: takes from a line what is not the traceback's own.
 *
 * Terminal colours, entities and links that a renderer left, bytes that are not UTF-8,
 * and the prefix that a log, a quotation or a box puts before every line.
 *
 * A prefix is not looked up in a list of known loggers but learned: whatever
 * stands before "Traceback (most recent call last)" is expected before the
 * following lines too, where runs that hold a digit may hold other digits
 * (time stamps, process ids).  A line that does not bear it is left as it is.
 */
#ifndef TL_EXTRACT_GRAMMAR_UNDRESS_H
#define TL_EXTRACT_GRAMMAR_UNDRESS_H

#include "base/buf.h"
#include "base/str.h"

enum { TL_PREFIX_MAX = 240 };

typedef struct tl_prefix {
    char text[TL_PREFIX_MAX];
    size_t len;   /* 0: none */
    size_t ink;   /* length without the spaces at the end */
    bool box;     /* a box drawn around the text: its right border goes too */
} tl_prefix;

/* `line` without colours and control characters, with &lt; &gt; &quot; &amp; decoded,
 * links in a frame ("[x.py](https://...) in f") shown as their text, and bad UTF-8
 * replaced.  Gives `line` itself where there is nothing to do, else
 * the content of `scratch` (cleared first; check it with tl_buf_check). */
tl_str tl_undress_clean(tl_str line, tl_buf *scratch);

/* `line` without the time, ISO 8601 and UTC, that a collector of logs (a CI service,
 * docker, Kubernetes) puts before every line, and what it puts around that. */
tl_str tl_undress_stamp(tl_str line);

/* Learns the prefix `before` of a line; one that is too long is no prefix. */
void tl_prefix_learn(tl_prefix *p, tl_str before);

/* The line after its prefix; data NULL where the line does not bear it.  A prefix of
 * spaces is borne by lines that are indented as far, and by blank ones. */
tl_str tl_prefix_strip(const tl_prefix *p, tl_str line);

/* The line of a box within another that lies below the inner one: without the outer
 * borders, or as it is where it does not bear them. */
tl_str tl_prefix_strip_outer(const tl_prefix *p, tl_str line);

/* Drops the beginning of a prefix that `line` does not bear, so that it bears the
 * rest; false, and nothing changed, where it bears no part of it. */
bool tl_prefix_shorten(tl_prefix *p, tl_str line);

/* True when `before` can be what a log or a quotation puts before a frame whose
 * header is lost: prose before a frame is no prefix. */
bool tl_prefix_plausible(tl_str before);

#endif
