-- Table 8: the types of exceptions, with how many distinct patterns have each.
--
-- Rows of source `coded` are from the labels that the coders agreed on (coder 'label' in
-- v_label): a pattern counts once however many libraries and rounds it was coded in, in
-- `patterns` with its label of the later round; round1 and round2 count the labels of
-- each.  Rows of source `classified` are from the classifier: the distinct patterns of
-- support 2 or more.  Percentages are of the typed patterns of the source.  The example is
-- the most viewed question that holds a pattern of the type.
WITH found AS MATERIALIZED (
    SELECT pattern_key, frames, category, type
    FROM v_pattern
    WHERE profile = :profile AND support_kind = coalesce(:support, 'sequences')
      AND key = coalesce(:key, 'stem') AND support >= 2
),
-- A label may be of a pattern by the other meaning of support: frames decide.
coded AS MATERIALIZED (
    SELECT DISTINCT p.frames, v.round, t.type_id
    FROM v_label v
    JOIN pattern p USING (pattern_id)
    JOIN mining m USING (mining_id)
    JOIN type_label t ON t.label = trim(v.label)
    WHERE v.coder = 'label' AND m.profile = :profile AND m.key = coalesce(:key, 'stem')
),
typed AS MATERIALIZED (
    SELECT 'coded' AS source, frames, min(type_id) AS type_id
    FROM coded c
    WHERE round = (SELECT max(o.round) FROM coded o WHERE o.frames = c.frames)
    GROUP BY frames
    UNION ALL
    SELECT DISTINCT 'classified', f.frames, t.type_id
    FROM found f
    JOIN type t ON t.category = f.category AND t.name = f.type
),
counted AS (
    SELECT source, type_id, count(*) AS patterns, sum(count(*)) OVER (PARTITION BY source) AS total
    FROM typed
    GROUP BY source, type_id
),
rounds AS (
    SELECT type_id, count(DISTINCT frames) FILTER (WHERE round = 1) AS round1,
           count(DISTINCT frames) FILTER (WHERE round = 2) AS round2
    FROM coded
    GROUP BY type_id
),
held AS MATERIALIZED (
    SELECT DISTINCT y.source, y.type_id, e.question_key
    FROM typed y
    CROSS JOIN found f ON f.frames = y.frames
    CROSS JOIN pattern_example e USING (pattern_key)
),
example AS (
    SELECT source, type_id, s.name AS site, q.id,
           row_number() OVER (PARTITION BY source, type_id ORDER BY q.views DESC NULLS LAST, s.name, q.id) AS place
    FROM held
    JOIN question q USING (question_key)
    JOIN site s USING (site_id)
)
SELECT :profile AS profile,
       c.source,
       t.category,
       t.name AS type,
       t.description,
       e.site AS example_site,
       CAST(e.id AS TEXT) AS example_question,
       c.patterns,
       CASE c.source WHEN 'coded' THEN r.round1 END AS round1,
       CASE c.source WHEN 'coded' THEN r.round2 END AS round2,
       100.0 * c.patterns / c.total AS patterns_pct
FROM counted c
JOIN type t USING (type_id)
LEFT JOIN rounds r USING (type_id)
LEFT JOIN example e ON e.source = c.source AND e.type_id = c.type_id AND e.place = 1
ORDER BY c.source DESC, t.type_id;
