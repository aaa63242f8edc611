#include "stats/stars.h"

const char *tl_stars(double p)
{
    if (p < 0.001)
        return "***";
    if (p < 0.01)
        return "**";
    if (p < 0.05)
        return "*";
    return p >= 0.05 ? "o" : ""; /* NaN fails every comparison */
}
