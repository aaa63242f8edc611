-- Table 9: how well the questions of each type of exception are answered.
--
-- A question counts once for each type of which it holds a pattern, and once over all
-- libraries; those without an answer stay in the count and in the denominator.  Rows of
-- source `coded` go by the labels that the coders agreed on (`paper`: of Round 2 only,
-- as the study did), of source `classified` by the classifier, over patterns of support
-- 2 or more.  An accepted answer that the dump lacks counts in `paper` only.  The last
-- row of each source is the median of each column.
WITH recurrent AS MATERIALIZED (
    SELECT pattern_key, frames, category, type
    FROM v_pattern
    WHERE profile = :profile AND support_kind = coalesce(:support, 'sequences')
      AND key = coalesce(:key, 'stem') AND support >= 2
),
coded AS MATERIALIZED (
    SELECT DISTINCT p.frames, t.type_id
    FROM v_label v
    JOIN pattern p USING (pattern_id)
    JOIN mining m USING (mining_id)
    JOIN type_label t ON t.label = trim(v.label)
    WHERE v.coder = 'label' AND m.profile = :profile AND m.key = coalesce(:key, 'stem')
      AND (v.round = 2 OR :profile = 'full')
),
typed AS (
    SELECT 'coded' AS source, c.type_id, r.pattern_key
    FROM coded c
    JOIN recurrent r USING (frames)
    UNION ALL
    SELECT 'classified', t.type_id, r.pattern_key
    FROM recurrent r
    JOIN type t ON t.category = r.category AND t.name = r.type
),
held AS MATERIALIZED (
    SELECT DISTINCT y.source, y.type_id, h.question_key
    FROM typed y
    JOIN pattern_holder h USING (pattern_key)
),
answered AS MATERIALIZED (
    SELECT q.question_key, q.views,
           ((SELECT min(a.created) FROM answer a WHERE a.question_key = q.question_key) - q.created)
               / 3600000.0 AS first_hours,
           (a.created - q.created) / 3600000.0 AS accepted_hours,
           CASE :profile WHEN 'paper' THEN q.accepted IS NOT NULL ELSE a.id IS NOT NULL END AS accepted
    FROM question q
    LEFT JOIN answer a ON a.question_key = q.question_key AND a.id = q.accepted
    WHERE q.question_key IN (SELECT question_key FROM held)
),
row_of AS MATERIALIZED (
    SELECT source, type_id, count(*) AS questions, median(views) AS views,
           median(first_hours) AS first_hours, 100.0 * avg(accepted) AS accepted_pct,
           median(accepted_hours) AS accepted_hours
    FROM held
    JOIN answered USING (question_key)
    GROUP BY source, type_id
)
SELECT :profile AS profile,
       source,
       category,
       name AS type,
       questions,
       views AS views_median,
       first_hours AS first_answer_hours_median,
       accepted_pct,
       accepted_hours AS accepted_answer_hours_median
FROM (
    SELECT r.*, t.category, t.name FROM row_of r JOIN type t USING (type_id)
    UNION ALL
    SELECT source, NULL, median(questions), median(views), median(first_hours), median(accepted_pct),
           median(accepted_hours), NULL, 'Median'
    FROM row_of
    GROUP BY source
)
ORDER BY source DESC, type_id NULLS LAST;
