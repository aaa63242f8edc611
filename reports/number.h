/* number.h: numbers as text, the same in every locale. */
#ifndef TL_REPORTS_NUMBER_H
#define TL_REPORTS_NUMBER_H

#include "base/buf.h"

/* The shortest decimal number that reads back as `v`; "inf", "-inf" or "nan". */
void tl_number_exact(tl_buf *out, double v);

/* With `decimals` digits after the point. */
void tl_number_fixed(tl_buf *out, double v, int decimals);

/* A p-value: 0.042, 3.40e-05. */
void tl_number_p(tl_buf *out, double p);

/* With commas between thousands: 39,690. */
void tl_number_grouped(tl_buf *out, int64_t v);

#endif
