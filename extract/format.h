/* format.h: what an input is: the container that holds its rows, and what a row is
 * about.  Recognised by content (reader.h).
 */
#ifndef TL_EXTRACT_FORMAT_H
#define TL_EXTRACT_FORMAT_H

#include "extract/csv.h"

typedef enum tl_container {
    TL_CONTAINER_AUTO, /* to be recognised */
    TL_CONTAINER_XML,  /* <row .../> */
    TL_CONTAINER_CSV,
    TL_CONTAINER_JSONL,
    TL_CONTAINER_TEXT /* a log: the whole file is one post */
} tl_container;

/* "auto", "xml", "csv", "jsonl", "text"; ends with NULL. */
extern const char *const tl_container_names[];

typedef enum tl_content {
    TL_CONTENT_POSTS,
    TL_CONTENT_REVISIONS, /* PostHistory: whole bodies in markdown */
    TL_CONTENT_BLOCKS,    /* SOTorrent's PostBlockVersion: revisions cut into blocks */
    TL_CONTENT_COMMENTS,
    TL_CONTENT_TAGS,
    TL_CONTENT_OTHER /* files of a dump that are only checked */
} tl_content;

typedef struct tl_format {
    tl_container container;
    tl_content content;
    tl_csv_layout csv; /* of CSV */
} tl_format;

#endif
