/* csv.h: the columns of a CSV file, and one of its lines -> attributes.
 *
 * RFC 4180 as libcsv reads it in strict mode: a quote inside an unquoted field, or
 * anything but a delimiter after a closing quote, is an error.  The header line
 * decides what the columns mean; names are compared without regard to case and
 * underscores, so that exports of the Data Explorer (PostTypeId) and of BigQuery
 * (post_type_id) are the same.
 */
#ifndef TL_EXTRACT_CSV_H
#define TL_EXTRACT_CSV_H

#include "base/arena.h"
#include "extract/row.h"

enum { TL_CSV_COLUMNS = 256 }; /* most columns that are accepted */

/* Tables that we know. */
typedef enum tl_csv_table { TL_CSV_POSTS, TL_CSV_HISTORY, TL_CSV_BLOCKS, TL_CSV_TABLES } tl_csv_table;

typedef struct tl_csv_layout {
    tl_csv_table table;
    char delimiter; /* , ; or tab */
    size_t columns;
    bool typed;     /* has a PostTypeId: else every row is a question */
    unsigned char attr[TL_CSV_COLUMNS]; /* a tl_attr for each column, TL_ATTRS: unused */
} tl_csv_layout;

typedef struct tl_csv tl_csv;

int tl_csv_new(tl_csv **out, tl_error *err) TL_MUST_CHECK;
void tl_csv_free(tl_csv *c);

/* Reads the header line (without a byte-order mark).  1; 0 if it is not that of a table
 * that we know; TL_NO_MEMORY. */
int tl_csv_header(tl_csv *c, tl_str line, tl_csv_layout *layout);

/* Reads one whole row.  The values are copies in `arena`; an empty field is absent.
 * *repairs as for tl_row_parse.  TL_BAD_INPUT, with the reason, for a row that is not
 * well-formed or has another number of fields than the header; TL_NO_MEMORY. */
int tl_csv_parse(tl_csv *c, const tl_csv_layout *layout, tl_str raw, tl_arena *arena, tl_row *row,
                 size_t *repairs, tl_error *err) TL_MUST_CHECK;

#endif
