-- Table 7: how many patterns of support 2 or more are found in exactly so many
-- libraries, by both meanings of support.  Two patterns are the same when their frames
-- are.  The group `all` is no library of its own here.
WITH RECURSIVE shared AS MATERIALIZED (
    SELECT support_kind, count(DISTINCT library) AS libraries
    FROM v_pattern
    WHERE profile = :profile AND key = coalesce(:key, 'stem') AND support >= 2 AND library <> 'all'
    GROUP BY support_kind, frames
),
-- 2 to 7, and on where there are more libraries than the study's seven.
number(libraries) AS (
    SELECT 2
    UNION ALL
    SELECT libraries + 1
    FROM number
    WHERE libraries < max(7, (SELECT count(*) FROM library WHERE key <> 'all'))
)
SELECT :profile AS profile,
       n.libraries,
       count(*) FILTER (WHERE support_kind = 'sequences') AS patterns_sequences,
       count(*) FILTER (WHERE support_kind = 'occurrences') AS patterns_occurrences
FROM number n
LEFT JOIN shared s ON s.libraries = n.libraries
GROUP BY n.libraries
ORDER BY n.libraries;
