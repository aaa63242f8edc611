/* sha256.h: SHA-256 (FIPS 180-4), for the page's content security policy only. */
#ifndef TL_REPORTS_SHA256_H
#define TL_REPORTS_SHA256_H

#include "base/buf.h"

/* Appends "sha256-BASE64", as a policy's style-src or script-src names a source. */
void tl_sha256_source(tl_buf *out, tl_str content);

#endif
