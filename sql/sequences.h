/* sequences.h: traces of the store -> sequences of symbols.
 *
 * One sequence for each trace of a library's questions, in the order of trace_id,
 * its symbols in the order in which the frames are printed.  Symbols are numbered
 * in the order of their texts' bytes, so that sorting by number is sorting by text.
 */
#ifndef TL_SQL_SEQUENCES_H
#define TL_SQL_SEQUENCES_H

#include "base/arena.h"
#include "base/model.h"
#include "sql/store.h"

typedef struct tl_store_sequences {
    uint32_t *symbols;  /* all sequences, one after the other */
    size_t *ends;       /* sequence i ends before symbols[ends[i]] */
    int64_t *trace_ids; /* of each sequence */
    size_t n;           /* sequences */
    tl_str *texts;      /* of each symbol: "file:function", "function" with TL_KEY_FUNCTION; none holds " > " */
    size_t n_texts;
    tl_arena arena; /* holds the texts */
} tl_store_sequences;

/* Reads the traces of one library and profile that have at least one frame.  The
 * caller frees *out, also after a failure. */
int tl_store_sequences_read(tl_store *s, int64_t library_id, tl_profile profile, tl_key key,
                            tl_store_sequences *out, tl_error *err) TL_MUST_CHECK;
void tl_store_sequences_free(tl_store_sequences *q);

/* "keras.engine.training" of ".../site-packages/keras/engine/training.py": the path
 * below a package or library folder, dotted; else `stem`.  The text is the stem or
 * in `arena`; data NULL when out of memory. */
tl_str tl_dotted_module(tl_str path, tl_str stem, tl_arena *arena);

#endif
