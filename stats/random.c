#include "stats/random.h"

uint64_t tl_random_next(tl_random *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t tl_random_below(tl_random *r, uint64_t n)
{
    /* 2^64 mod n numbers at the low end would make some remainders likelier. */
    uint64_t surplus = (0 - n) % n, x;
    do
        x = tl_random_next(r);
    while (x < surplus);
    return x % n;
}
