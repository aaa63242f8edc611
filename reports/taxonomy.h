/* taxonomy.h: the types of exceptions, their categories, and the rules that point to
 * them.
 *
 * The 25 types in 5 categories are those of the study (METHOD.md, section 6).  They
 * come from an INI text: corpus/taxonomy.ini, which ships inside the program and
 * describes the form in its comments, or a file of a researcher's own.  A taxonomy
 * never changes after tl_taxonomy_new, so threads may share it.  Types and rules are
 * numbered from 0 in the order of the text.
 */
#ifndef TL_REPORTS_TAXONOMY_H
#define TL_REPORTS_TAXONOMY_H

#include "base/error.h"
#include "base/model.h"

typedef struct tl_taxonomy tl_taxonomy;

/* corpus/taxonomy.ini, embedded at build time. */
extern const char tl_taxonomy_ini[];
extern const size_t tl_taxonomy_ini_len;

enum { TL_MAX_TYPES = 64, TL_MAX_RULES = 1000 };

typedef struct tl_type {
    const char *section;       /* "MOD training/learning": unique */
    const char *name;          /* "training/learning" */
    const char *category;      /* "MOD" */
    const char *category_name; /* "model" */
    const char *description;   /* "" if none is given */
} tl_type;

/* A rule stands for a group of frames that do the same thing. */
typedef struct tl_rule {
    const char *name; /* unique within its type */
    int type;
} tl_rule;

/* Reads a taxonomy from `text`, which need not outlive the call; `name` says in
 * messages where it came from.  TL_BAD_INPUT with the line, TL_NO_MEMORY. */
int tl_taxonomy_new(tl_taxonomy **out, tl_str text, const char *name, tl_error *err) TL_MUST_CHECK;
void tl_taxonomy_free(tl_taxonomy *t);

int tl_taxonomy_n_types(const tl_taxonomy *t);
int tl_taxonomy_n_rules(const tl_taxonomy *t);
const tl_type *tl_taxonomy_type(const tl_taxonomy *t, int type);
const tl_rule *tl_taxonomy_rule(const tl_taxonomy *t, int rule);

/* The type that a coder's label means: its section, "CATEGORY name" with the category's
 * name ("model training/learning"), one of its `labels`, or its name where no other
 * type has the same, in any case of ASCII letters.  -1 for a label that means none,
 * TL_NO_MEMORY. */
int tl_taxonomy_label(const tl_taxonomy *t, tl_str label);

/* Calls back with every label that means a type, in lists' order, the names of types
 * last; stops at the first nonzero return, which is returned.  `label` is valid during
 * the call.  TL_NO_MEMORY. */
int tl_taxonomy_each_label(const tl_taxonomy *t, int (*each)(void *ctx, tl_str label, int type), void *ctx,
                           tl_error *err) TL_MUST_CHECK;

/* A name as rules and weights know it: without the angle brackets of <module>, without
 * "frozen ", and up to the first dot. */
tl_str tl_taxonomy_name(tl_str name);

/* Writes the rules that match the frame in the most special form (names in full before
 * parts of names before *), ascending, into rules[0 ..), which has room for
 * TL_MAX_RULES; returns their number. */
int tl_taxonomy_match(const tl_taxonomy *t, const tl_frame *f, uint16_t *rules);

/* Calls back with each type that the exception's class and message point to; either
 * may be absent (data NULL). */
void tl_taxonomy_match_error(const tl_taxonomy *t, tl_str exception, tl_str message,
                             void (*found)(void *ctx, int type), void *ctx);

#endif
