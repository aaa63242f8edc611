-- The patterns of Round 1: those of support 2 or more in at least three libraries, the
-- most shared first.  One row for equal frames: that of the library in which they have
-- the largest support (of these the first by key), with all libraries and pattern ids.
WITH found AS MATERIALIZED (
    SELECT pattern_id, library, support, length, frames
    FROM v_pattern
    WHERE profile = :profile AND support_kind = :support AND key = coalesce(:key, 'stem')
      AND support >= 2 AND library <> 'all'
),
shared AS (
    SELECT pattern_id, support, length, frames,
           count(*) OVER same AS libraries,
           row_number() OVER (PARTITION BY frames ORDER BY support DESC, library) AS place,
           group_concat(library, ' ') OVER same AS library,
           group_concat(pattern_id, ' ') OVER same AS pattern_ids
    FROM found
    WINDOW same AS (PARTITION BY frames ORDER BY library
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
SELECT pattern_id, library, support, length, frames, pattern_ids
FROM shared
WHERE libraries >= 3 AND place = 1
ORDER BY libraries DESC, support DESC, length DESC, frames;
