-- Figure 5: how many of the closed patterns (minimum support 1) have at most x frames,
-- in percent, for each library; rises to 100.
WITH counted AS (
    SELECT library, length, count(*) AS n
    FROM v_pattern
    WHERE profile = :profile AND support_kind = :support AND key = coalesce(:key, 'stem')
    GROUP BY library, length
)
SELECT :profile AS profile,
       :support AS support_kind,
       library,
       length,
       100.0 * sum(n) OVER (PARTITION BY library ORDER BY length)
             / sum(n) OVER (PARTITION BY library) AS patterns_pct
FROM counted
JOIN library l ON l.key = library
ORDER BY l.library_id, length;
