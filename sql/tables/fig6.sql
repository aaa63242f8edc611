-- Figure 6: patterns of support 2 or more by falling support; what part of the questions
-- that any of them covers is covered by the first x percent of them, for each library.
-- One row for each rank that covers a question not covered before, from 0 to 100.
WITH ranked AS MATERIALIZED (
    SELECT pattern_key, library,
           row_number() OVER (PARTITION BY library ORDER BY support DESC, length DESC, frames) AS place,
           count(*) OVER (PARTITION BY library) AS patterns
    FROM v_pattern
    WHERE profile = :profile AND support_kind = :support AND key = coalesce(:key, 'stem')
      AND support >= 2
),
first_cover AS (
    SELECT r.library, h.question_key, min(r.place) AS place, r.patterns
    FROM ranked r
    JOIN pattern_holder h USING (pattern_key)
    GROUP BY r.library, h.question_key
),
stepped AS (
    SELECT library, place, patterns, count(*) AS n
    FROM first_cover
    GROUP BY library, place
),
point(library, x, y) AS (
    SELECT library, 100.0 * place / patterns,
           100.0 * sum(n) OVER (PARTITION BY library ORDER BY place)
                 / sum(n) OVER (PARTITION BY library)
    FROM stepped
    UNION
    SELECT library, 0.0, 0.0 FROM stepped
    UNION
    SELECT library, 100.0, 100.0 FROM stepped
)
SELECT :profile AS profile,
       :support AS support_kind,
       library,
       x AS patterns_pct,
       y AS questions_pct
FROM point
JOIN library l ON l.key = library
ORDER BY l.library_id, x, y;
