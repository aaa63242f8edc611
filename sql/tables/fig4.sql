-- Figure 4: how many of the closed patterns (minimum support 1) have support x or more,
-- in percent, for each library; falls from 100.
WITH counted AS (
    SELECT library, support, count(*) AS n
    FROM v_pattern
    WHERE profile = :profile AND support_kind = :support AND key = coalesce(:key, 'stem')
    GROUP BY library, support
)
SELECT :profile AS profile,
       :support AS support_kind,
       library,
       support,
       100.0 * sum(n) OVER (PARTITION BY library ORDER BY support DESC)
             / sum(n) OVER (PARTITION BY library) AS patterns_pct
FROM counted
JOIN library l ON l.key = library
ORDER BY l.library_id, support;
