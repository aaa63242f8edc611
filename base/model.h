/* model.h: the values that cross from room to room.
 *
 * These structs are plain and own nothing: every tl_str in them points into the
 * arena or buffer that the producer documents.  A number that the input does not
 * give is TL_UNKNOWN (NULL in the store); a text that it does not give has data
 * NULL.
 *
 * Data flows one way: bytes, posts, blocks, traces, store, sequences, patterns,
 * tables.
 */
#ifndef TL_BASE_MODEL_H
#define TL_BASE_MODEL_H

#include "base/str.h"

#define TL_UNKNOWN INT64_MIN

/* The two readings of every definition in the study (METHOD.md): `paper` repeats
 * the published method with its quirks, `full` reads as a careful engineer would. */
typedef enum tl_profile { TL_PAPER, TL_FULL, TL_PROFILES } tl_profile;

/* What support counts: sequences that contain the pattern, or its occurrences
 * (overlapping ones too). */
typedef enum tl_support_kind { TL_SEQUENCES, TL_OCCURRENCES, TL_SUPPORT_KINDS } tl_support_kind;

/* What makes two frames the same symbol: (file stem, function), (dotted module,
 * function), or the function alone. */
typedef enum tl_key { TL_KEY_STEM, TL_KEY_MODULE, TL_KEY_FUNCTION, TL_KEYS } tl_key;

/* Lower-case names as they stand in the store and on the command line; each list ends
 * with NULL. */
extern const char *const tl_profile_names[TL_PROFILES + 1];
extern const char *const tl_support_names[TL_SUPPORT_KINDS + 1];
extern const char *const tl_key_names[TL_KEYS + 1];

/* The identity of a post within its site: an integer on Stack Exchange, the given
 * text elsewhere.  `text.data` NULL says that `number` counts. */
typedef struct tl_post_id {
    int64_t number;
    tl_str text;
} tl_post_id;

typedef enum tl_post_kind { TL_QUESTION, TL_ANSWER, TL_OTHER_POST } tl_post_kind;
typedef enum tl_body_format { TL_HTML, TL_MARKDOWN, TL_TEXT } tl_body_format;

/* One post as the input gives it: entities of the file format (XML, CSV, JSON)
 * are resolved, those of the body's own HTML are not. */
typedef struct tl_post {
    tl_post_kind kind;
    tl_post_id id;
    int64_t parent;   /* answers: id of the question */
    int64_t accepted; /* questions: id of the accepted answer */
    int64_t created;  /* milliseconds since 1970-01-01 UTC */
    int64_t score, views, answers, comments;
    tl_str title;
    tl_str tags; /* "<a><b>" or "|a|b|" */
    tl_str body;
    tl_body_format format;
} tl_post;

/* One stack frame, outermost first in its trace as CPython prints it. */
typedef struct tl_frame {
    tl_str file;     /* file stem: "base" of ".../linear_model/base.py" */
    tl_str function; /* "fit", "<module>", "" if a renderer ate the name */
    tl_str path;     /* as printed; absent in `paper` */
    tl_str package;  /* top-level package or library; absent if unknown */
    tl_str source;   /* the source line printed with the frame; absent if none */
    int64_t line;    /* line number or TL_UNKNOWN */
    bool own_code;   /* the user's own code, as opposed to a library's */
} tl_frame;

/* How a trace hangs together with the trace before it in the same text. */
typedef enum tl_trace_link {
    TL_LINK_NONE,
    TL_LINK_CONTEXT, /* "During handling of the above exception, ..." */
    TL_LINK_CAUSE,   /* "The above exception was the direct cause ..." */
    TL_LINK_GROUP    /* a member of an exception group */
} tl_trace_link;

typedef struct tl_trace {
    tl_frame *frames;
    size_t n_frames;
    tl_str exception; /* dotted class as printed; absent if not shown */
    tl_str message;   /* may hold newlines; absent if not shown */
    tl_str template;  /* message with NUM, SHAPE, STR, HEX, PATH */
    tl_trace_link link;
    size_t linked_to; /* position in the question of the trace it links to */
} tl_trace;

/* One error line of a code block: "ValueError: Shapes do not match". */
typedef struct tl_error_line {
    tl_str exception; /* "ValueError" */
    tl_str message;   /* "Shapes do not match" */
    tl_str template;  /* of the message, as a trace's */
} tl_error_line;

typedef enum tl_os { TL_OS_UNKNOWN, TL_OS_UNIX, TL_OS_WINDOWS } tl_os;

/* What one profile reads in one question. */
typedef struct tl_reading {
    bool available; /* false: the profile does not exist for this body format */
    bool has_code;
    bool has_trace;
    tl_os os;           /* of the question's traces */
    int64_t words;      /* words of prose */
    int64_t code_lines; /* TL_UNKNOWN for a question without a code block */
    tl_trace *traces;   /* in order of position */
    size_t n_traces;
    tl_error_line *errors; /* error lines of all code blocks, in order */
    size_t n_errors;
} tl_reading;

#endif
