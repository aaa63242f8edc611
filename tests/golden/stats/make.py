#!/usr/bin/env python3
"""Writes the golden values of stats/: what scipy, statsmodels, numpy and the
krippendorff package say.  None of our own code takes part.

    make.py [NAME...]      writes NAME.tsv for the names given, else all of them

A file is tab-separated; a first line that starts with # names the columns and the
versions.  Numbers are written so that they read back exactly.  A sample is
written as parts joined by ";", each of them

    1,2.5,-3                          these values
    range START STEP N                START + i * STEP for i = 0 .. N-1
    random SEED MODULUS SHIFT N       SHIFT + (bits of SplitMix64) mod MODULUS, or
                                      + a double in [0, 1) where MODULUS is 0

and "-" is the empty sample.  large_exact needs scipy >= 1.11, whose exact
distribution takes groups of thousands; mann_whitney is what scipy 1.10 gives.
"""
import math
import os
import sys
from importlib.metadata import version

import numpy as np
import scipy
from scipy import stats

FOLDER = os.path.dirname(os.path.abspath(__file__))
MASK = (1 << 64) - 1


def splitmix64(state):
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def part(text):
    words = text.split(" ")
    if words[0] == "range":
        start, step, n = float(words[1]), float(words[2]), int(words[3])
        return [start + i * step for i in range(n)]
    if words[0] == "random":
        seed, modulus, shift, n = int(words[1]), int(words[2]), float(words[3]), int(words[4])
        bits = splitmix64(seed)
        draw = (lambda x: x % modulus) if modulus else (lambda x: (x >> 11) * 2.0**-53)
        return [shift + draw(next(bits)) for _ in range(n)]
    return [float(w) for w in text.split(",")]


def sample(text):
    return np.array([] if text == "-" else sum((part(p) for p in text.split(";")), []))


def number(x):
    return "nan" if math.isnan(x) else repr(float(x))


def numbers(values):
    return ",".join(number(v) for v in values)


def write(name, columns, rows, *packages):
    versions = " ".join(f"{p.__name__}-{version(p.__name__)}" for p in packages)
    with open(os.path.join(FOLDER, name + ".tsv"), "w", encoding="ascii", newline="\n") as out:
        out.write("# " + " ".join(columns) + " from " + versions + "\n")
        for row in rows:
            out.write("\t".join(row) + "\n")


# ---- two samples ----

SMALL = [
    ("1", "-"), ("-", "-"),
    ("1", "2"), ("1", "1"),
    ("5,5,5", "5,5,5,5"), ("range 7 0 40", "range 7 0 60"),
    ("1,2,3", "4,5,6,7"), ("19,22,16,29,24", "20,11,17,12"),
    ("1.5,2.5,2.5,9", "2.5,3,4,4,4,10"),
    ("1,2,3,4,5,6,7,8", "0.5,1.5,2.5,3.5,4.5,5.5,6.5,7.5,8.5"),
    ("1,2,3,4,5,6,7,8", "1,2.5,3.5,4.5,5.5,6.5,7.5,8.5,9.5"),
    ("range 1 1 9", "range 0.5 1 9"), ("range 1 1 8", "range 0.5 1 8"),
    ("-1e308,1e308", "-1e-308,5e-324,0"), ("inf,1,2", "3,4,5"), ("-inf,1", "0,4,5"),
    ("inf,inf,1", "inf,2"), ("-0.0", "0.0"),
    ("range 0 1 1", "range 0.5 1 300"), ("range 400 1 1", "range 0 1 300"),
    ("range 17.25 30 8", "range 0 1 60"), ("range 100 1 8", "range 0 1 100"),
    ("range 3.5 9 5", "range 0 1 90"), ("random 1 0 0 8", "random 2 0 0.2 100"),
    ("random 3 0 0 3", "random 4 0 0 100"), ("random 5 0 0 9", "random 6 0 0 100"),
]
TIED = [(f"random {s} {m} {d} {n1}", f"random {s + 100} {m} 0 {n2}")
        for s, m, d, n1, n2 in [(1, 2, 0, 20, 30), (2, 5, 1, 9, 200), (3, 10, 0, 500, 500),
                                (4, 100, 5, 1000, 4000), (5, 3, 1, 7, 7), (6, 1000, 30, 2000, 900),
                                (7, 7, 2, 8, 1000), (8, 50, 0, 1, 1000)]]
# Complete separation: p falls to the end of the doubles as the samples grow.
EXTREME = [(f"range 0 1 {n}", f"range {n} 1 {n}")
           for n in (10, 50, 100, 200, 400, 600, 800, 900, 912, 913)]
EXTREME += [("range 0 1 460", "range 1000 1 100000"), ("random 9 40 20 600", "random 10 40 0 6000"),
            ("random 11 1000 600 2000", "random 12 1000 0 3000"),
            ("range 3 0 5000;1", "range 3 0 5000;4"), ("range 0 0 9999;1", "range 0 0 20000")]
HUGE = [("random 13 0 0 300000", "random 14 0 0.001 400000"),
        ("random 15 50 0 250000", "random 16 50 0 500000"),
        ("random 17 3 0 20", "random 18 3 0 700000"), ("range 0 0 500000", "range 0 0 300000"),
        ("range 0 0 500000;5", "range 0 0 300000;1,2")]


def somers(a, b):
    """Cliff's delta is Somers' D of the value given the group."""
    group = [1] * len(a) + [0] * len(b)
    return stats.somersd(group, np.concatenate([a, b])).statistic


def mann_whitney():
    rows = []
    for x, y in SMALL + TIED + EXTREME + HUGE:
        for first, second in ((x, y), (y, x)):
            a, b = sample(first), sample(second)
            u = p = delta = math.nan
            if len(a) and len(b):
                u, p = stats.mannwhitneyu(a, b, method="auto")
                pairs = len(a) * len(b)
                small = len(a) + len(b) <= 300 and len(set(a) | set(b)) > 1
                delta = somers(a, b) if small else 2 * u / pairs - 1
            rows.append((first, second, number(u), number(p), number(delta)))
    write("mann_whitney", ("a", "b", "u", "p", "cliffs_delta"), rows, scipy)


def large_exact():
    if tuple(map(int, scipy.__version__.split(".")[:2])) < (1, 11):
        print("large_exact: needs scipy >= 1.11, left as it is")
        return
    rows = []
    for x, y in [("range 100.25 600 8", "range 0 1 5000"), ("range 0.25 1 8", "range 0 1 5000"),
                 ("range 1500.25 200 8", "range 0 1 5000"), ("random 1 0 0 8", "random 2 0 0 3000"),
                 ("random 3 0 0 7", "random 4 0 0.1 4000"), ("range 9.25 1900 5", "range 0 1 9000"),
                 ("random 5 0 0 2", "random 6 0 0 20000"), ("range 0.25 1 1", "range 0 1 30000"),
                 ("range 19999.5 0 1", "range 0 1 40000"), ("random 7 0 0 8", "random 8 0 0 600")]:
        for first, second in ((x, y), (y, x)):
            u, p = stats.mannwhitneyu(sample(first), sample(second), method="auto")
            rows.append((first, second, number(u), number(p)))
    write("large_exact", ("a", "b", "u", "p"), rows, scipy)


def normal():
    rows = [(number(z), number(2 * stats.norm.sf(z)))
            for z in [0, 1e-12, 0.5, 1, 1.959963984540054, 3, 5, 8, *np.linspace(10, 37.04, 40)]]
    write("normal", ("z", "two_sided"), rows, scipy)


# ---- proportions ----

def proportions():
    import statsmodels
    from statsmodels.stats.proportion import proportion_effectsize, proportions_ztest
    rows = []
    for k1, n1, k2, n2 in [(251, 504, 2151, 3614), (251, 505, 2151, 3614), (0, 10, 0, 20),
                           (10, 10, 20, 20), (0, 10, 20, 20), (0, 0, 5, 10), (0, 0, 0, 0),
                           (1, 2, 1, 2), (1, 3, 1, 3), (3, 7, 300000, 700001), (1, 1, 0, 1),
                           (1, 1, 0, 1000000), (500, 1000, 400, 1000), (5, 1000000, 20, 1000000),
                           (10000, 20000, 13000, 20000), (900, 1000, 300, 1100),
                           (55000, 100000, 44300, 100000), (999999, 1000000, 999000, 1000000)]:
        for a, b, c, d in ((k1, n1, k2, n2), (k2, n2, k1, n1)):
            with np.errstate(all="ignore"):
                z, p = proportions_ztest([a, c], [b, d]) if b and d else (math.nan, math.nan)
                h = proportion_effectsize(a / b, c / d) if b and d else math.nan
            rows.append((str(a), str(b), str(c), str(d), number(z), number(p), number(h)))
    write("proportions", ("k1", "n1", "k2", "n2", "z", "p", "cohens_h"), rows, statsmodels, scipy)


# ---- quantiles ----

def quantile():
    rows = []
    for text in ["-", "4", "1,2", "2,1", "3,1,2", "4,1,3,2", "5,5,5,5", "1,1,1,9", "-1e308,1e308",
                 "-inf,1,inf", "inf,inf,inf,1", "0.1,0.2,0.3,0.7,0.15", "range 0 1 1000",
                 "range 1000 -1 1001", "random 1 0 0 9999", "random 2 3 0 10000",
                 "random 3 1000 -500 2001", "range 3 0 5000;1,2;range 9 0 4000",
                 "range 0 1 50000;range 50000 -1 50000", "random 4 0 0 300000"]:
        x = sample(text)
        for q in (0, 0.025, 0.25, 0.5, 1 / 3, 0.9, 0.999, 1):
            with np.errstate(all="ignore"):
                value = np.quantile(x, q, method="linear") if len(x) else math.nan
            if not math.isnan(value) or len(x) == 0:  # numpy's lerp meets inf - inf
                rows.append((text, number(q), number(value)))
    write("quantile", ("x", "q", "quantile"), rows, np)


# ---- corrections ----

def correction():
    import statsmodels
    from statsmodels.stats.multitest import multipletests
    rows = []
    for p in [[0.04], [0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.5], [1, 1, 0], [0.9, 0.6, 0.7],
              [2.316447289429593e-45, 3.3963145663793656e-05, 0.41748918676789903, 1e-300],
              [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251,
               0.269, 0.275, 0.34, 0.341, 0.384, 0.569, 0.594, 0.696, 0.762, 0.94, 0.942, 0.975,
               0.986], list(sample("random 1 0 0 100")), list(sample("random 2 0 0 60") ** 6)]:
        rows.append((numbers(p), numbers(multipletests(p, method="holm")[1]),
                     numbers(multipletests(p, method="fdr_bh")[1])))
    write("correction", ("p", "holm", "benjamini_hochberg"), rows, statsmodels)


# ---- agreement ----

# The published examples: Krippendorff, "Computing Krippendorff's Alpha-Reliability"
# (2011), sections A (0.095), B (0.692) and C (0.743).
PUBLISHED = [
    ("0100000010", "1110010000"),
    ("aabbdcccedda", "babbbccceddd"),
    ("123321412***", "1233224125*3", "*3332342251*", "12332441251*"),
]


def random_coders(seed, coders, units, labels, agree, missing):
    """Coders who give the unit's true label `agree` % of the time."""
    bits = splitmix64(seed)
    truth = [next(bits) % labels for _ in range(units)]
    rows = []
    for _ in range(coders):
        row = ""
        for t in truth:
            label = t if next(bits) % 100 < agree else next(bits) % labels
            row += "*" if next(bits) % 100 < missing else chr(ord("a") + label)
        rows.append(row)
    return tuple(rows)


def matrix(coders):
    return [[math.nan if c == "*" else ord(c) for c in row] for row in coders]


def alpha(coders):
    import krippendorff
    try:
        return krippendorff.alpha(reliability_data=matrix(coders), level_of_measurement="nominal")
    except ValueError:  # no variation, nothing to compare
        return math.nan


def agreement():
    import krippendorff
    cases = PUBLISHED + [("aaaa", "aaaa"), ("abab", "abab"), ("abab", "baba"), ("a*", "*a"),
                         ("ab*", "*b*"), ("abc",), ("a", "b"), ("ab", "aa", "a*")]
    cases += [random_coders(s, c, u, k, a, m)
              for s, c, u, k, a, m in [(1, 2, 100, 3, 80, 0), (2, 5, 200, 25, 60, 30),
                                       (3, 20, 50, 2, 0, 50), (4, 3, 660, 25, 75, 5),
                                       (5, 10, 30, 8, 95, 70)]]
    write("agreement", ("coders", "alpha"),
          [("/".join(c), number(alpha(c))) for c in cases], krippendorff)


def agreement_interval():
    """Percentile intervals over resampled units; they carry Monte Carlo error."""
    import krippendorff
    rows = []
    for coders in [random_coders(1, 2, 100, 3, 80, 0), random_coders(2, 4, 60, 4, 60, 30)]:
        data = [[r[u] for r in coders] for u in range(len(coders[0]))]
        units = [u for u in data if sum(c != "*" for c in u) > 1]
        one = lambda i: alpha(list(zip(*[units[int(k)] for k in i])))
        got = stats.bootstrap((np.arange(len(units)),), one, vectorized=False, n_resamples=4000,
                              confidence_level=0.95, method="percentile",
                              random_state=np.random.default_rng(1)).confidence_interval
        rows.append(("/".join(coders), number(got.low), number(got.high)))
    write("agreement_interval", ("coders", "low", "high"), rows, scipy, krippendorff)


MAKERS = [mann_whitney, large_exact, normal, proportions, quantile, correction, agreement,
          agreement_interval]

if __name__ == "__main__":
    for make in MAKERS:
        if len(sys.argv) == 1 or make.__name__ in sys.argv[1:]:
            make()
