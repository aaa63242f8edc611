#include "stats/normal.h"

#include <math.h>

double tl_normal_two_sided(double z)
{
    return erfc(fabs(z) * M_SQRT1_2);
}
