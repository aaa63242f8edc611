/* output.h: files that appear whole or not at all. */
#ifndef TL_REPORTS_OUTPUT_H
#define TL_REPORTS_OUTPUT_H

#include "base/error.h"
#include "base/str.h"

/* Makes the folder if it is not there; its parent must be.  Fails with TL_IO. */
int tl_output_folder(const char *path, tl_error *err) TL_MUST_CHECK;

/* Writes folder/name under a temporary name beside it and renames that.  On failure
 * (TL_IO, naming the path) the temporary file is gone and an older one is whole. */
int tl_output_write(const char *folder, const char *name, tl_str content, tl_error *err) TL_MUST_CHECK;

#endif
