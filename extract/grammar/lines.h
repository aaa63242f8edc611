/* lines.h: what one line of text can be, in one table.
 *
 * A new form of traceback begins here: one entry in lines.c (which line it is, a
 * literal that every such line holds, an anchored pattern) and a fixture in
 * tests/fixtures/grammar/.  Patterns see one line without its prefix; they name
 * its parts by group number, the same in every entry:
 *     1 path   2 line number   3 function or exception class   4 the rest
 */
#ifndef TL_EXTRACT_GRAMMAR_LINES_H
#define TL_EXTRACT_GRAMMAR_LINES_H

#include "base/error.h"
#include "base/str.h"

typedef enum tl_line_kind {
    TL_LINE_TEXT, /* none of the others */
    TL_LINE_BLANK,
    TL_LINE_HEADER,         /* Traceback (most recent call last): */
    TL_LINE_IPYTHON_HEADER, /* ValueError      Traceback (most recent call last) */
    TL_LINE_STACK_HEADER,   /* frames follow, but no exception: Call stack: */
    TL_LINE_REVERSE_HEADER, /* frames follow innermost first: faulthandler */
    TL_LINE_FRAME,          /* CPython: File "x.py", line 3, in f */
    TL_LINE_SYNTAX_FRAME,   /* CPython: File "x.py", line 3 */
    TL_LINE_CELL_FRAME,     /* IPython: Cell In[5], line 3 */
    TL_LINE_IPYTHON_FRAME,  /* IPython: x.py in f(a), File x.py:3, in f(a) */
    TL_LINE_RICH_FRAME,     /* rich: x.py:3 in f */
    TL_LINE_AUTOGRAPH_FRAME,/* TensorFlow's "in user code": x.py:3 f  * */
    TL_LINE_PYTEST_FRAME,   /* pytest, short: x.py:3: in f */
    TL_LINE_PYTEST_PLACE,   /* pytest, long, after the code: x.py:3: ValueError */
    TL_LINE_PYTEST_ERROR,   /* E   ValueError: ... */
    TL_LINE_PYTEST_SOURCE,  /* >   raise ValueError(...) */
    TL_LINE_PYTEST_RULE,    /* ____ test_x ____ and _ _ _ _ */
    TL_LINE_DOCTEST,        /* Failed example: */
    TL_LINE_DEF,            /* def f(a): as pytest shows it above the code */
    TL_LINE_ARROW,          /* ---> 3 source */
    TL_LINE_LISTING,        /* a numbered line of context, or (...) */
    TL_LINE_FUNCTION, /* f(a), below a frame that was broken before it */
    TL_LINE_CARETS,
    TL_LINE_STAMP,    /* a time, or an icon, that a viewer of logs puts between lines */
    TL_LINE_REPEATED, /* [Previous line repeated 9 more times] */
    TL_LINE_CUT,      /* ... where somebody cut frames out */
    TL_LINE_CONTEXT,  /* During handling of the above exception, ... */
    TL_LINE_CAUSE,    /* The above exception was the direct cause ... */
    TL_LINE_GROUP_RULE,     /* +-+---------------- 1 ---------------- */
    TL_LINE_RULE,           /* a line of dashes, or the bottom of a box */
    TL_LINE_EXCEPTION,      /* Class: message, Class */
    TL_LINE_KINDS
} tl_line_kind;

/* Where an entry is tried. */
typedef enum tl_line_scope {
    TL_SCOPE_ANY = 1,    /* everywhere: it can begin a trace */
    TL_SCOPE_OPEN = 2,   /* inside a trace only */
    TL_SCOPE_PYTEST = 4, /* near pytest's output */
    TL_SCOPE_IPYTHON = 8,
    TL_SCOPE_RICH = 16,
    TL_SCOPE_AUTOGRAPH = 32, /* below "in user code:" */
    TL_SCOPE_NAMELESS = 64   /* below "x.py in" */
} tl_line_scope;

typedef struct tl_line {
    tl_line_kind kind;
    size_t indent;  /* columns of white space before the text; a tab is one */
    tl_str text;    /* without that white space and the one at the end */
    tl_str path, number, name, rest; /* data NULL where the form has none */
} tl_line;

typedef struct tl_lines tl_lines;

int tl_lines_new(tl_lines **out, tl_error *err) TL_MUST_CHECK;
void tl_lines_free(tl_lines *l);

/* Names `text` (valid UTF-8, no newline), trying the entries whose scope shares a
 * bit with `scopes`.  Returns TL_OK, or TL_BAD_INPUT, TL_NO_MEMORY. */
int tl_lines_read(tl_lines *l, tl_str text, unsigned scopes, tl_line *out);

/* True for a class name that says by itself that it is an exception. */
bool tl_error_like(tl_str class_name);

/* `message` without a closing fence of Markdown that stands at its end; as it is where
 * a fence opens in it. */
tl_str tl_without_fence(tl_str message);

#endif
