/* error.h: how a library function says that it failed.
 *
 * Every function of tracelode that can fail returns 0 (TL_OK) or one of the
 * negative tl_status values, and describes the failure in the caller's
 * tl_error.  A tl_error is a plain value that owns nothing; NULL may be passed
 * where the text is not wanted.  Only the command line prints or exits, and it
 * derives the exit code from the status (see tools/cli/main.c).
 */
#ifndef TL_BASE_ERROR_H
#define TL_BASE_ERROR_H

#if defined(__GNUC__)
#define TL_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define TL_MUST_CHECK __attribute__((warn_unused_result))
#else
#define TL_PRINTF(fmt, first)
#define TL_MUST_CHECK
#endif

typedef enum tl_status {
    TL_OK = 0,
    TL_NOTHING = -1,     /* the question was understood, the answer is empty */
    TL_USAGE = -2,       /* the caller asked for something that cannot be */
    TL_BAD_INPUT = -3,   /* malformed or truncated input */
    TL_IO = -4,          /* reading, writing, disk or database failed */
    TL_NO_MEMORY = -5,   /* an allocation failed */
    TL_INTERRUPTED = -6, /* cancelled through a tl_cancel; resumable */
    TL_UNAVAILABLE = -7  /* this build or machine lacks what was asked for */
} tl_status;

typedef struct tl_error {
    int status;         /* the tl_status returned with this error */
    char message[1024]; /* one line, no newline, always NUL-terminated */
} tl_error;

/* Stores `status` and the formatted message in *err (if err is not NULL) and
 * returns `status`, so that a failure is one statement:
 *     return tl_fail(err, TL_IO, "%s: cannot open: %s", path, strerror(e));
 */
int tl_fail(tl_error *err, int status, const char *fmt, ...) TL_PRINTF(3, 4);

/* tl_fail for a failed allocation: status TL_NO_MEMORY; `what` names the thing. */
int tl_fail_memory(tl_error *err, const char *what);

/* Puts "text: " before the message already in *err; returns err->status. */
int tl_fail_prefix(tl_error *err, const char *fmt, ...) TL_PRINTF(2, 3);

#endif
