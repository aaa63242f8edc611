-- Figure 7: how many patterns of support 2 or more are found in exactly these two
-- libraries and no other, and (`full` only) in at least these two.
WITH found AS MATERIALIZED (
    SELECT DISTINCT frames, library
    FROM v_pattern
    WHERE profile = :profile AND support_kind = :support AND key = coalesce(:key, 'stem')
      AND support >= 2 AND library <> 'all'
),
spread AS MATERIALIZED (
    SELECT frames, library, count(*) OVER (PARTITION BY frames) AS libraries
    FROM found
),
pair AS (
    SELECT a.library AS a, b.library AS b, a.libraries
    FROM spread a
    JOIN spread b ON b.frames = a.frames AND b.library <> a.library
    WHERE a.libraries > 1 AND b.libraries > 1
),
present AS (
    SELECT l.library_id, l.key
    FROM library l
    WHERE l.key IN (SELECT library FROM found)
)
SELECT :profile AS profile,
       :support AS support_kind,
       x.key AS library,
       y.key AS other_library,
       count(*) FILTER (WHERE p.libraries = 2) AS patterns_exactly,
       CASE :profile WHEN 'full' THEN count(p.a) END AS patterns_at_least
FROM present x
JOIN present y ON y.library_id <> x.library_id
LEFT JOIN pair p ON p.a = x.key AND p.b = y.key
GROUP BY x.library_id, y.library_id
ORDER BY x.library_id, y.library_id;
