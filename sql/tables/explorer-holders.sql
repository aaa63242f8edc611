-- Which questions hold which of the patterns of explorer-patterns.sql, by pattern_id.
-- CROSS JOIN keeps SQLite to the order from patterns to traces.
SELECT v.pattern_id, t.question_key
FROM v_pattern v
CROSS JOIN pattern p ON p.pattern_id = v.pattern_id
CROSS JOIN pattern_trace USING (pattern_key)
CROSS JOIN trace t USING (trace_id)
WHERE v.profile = :profile AND v.support_kind = :support AND v.key = coalesce(:key, 'stem')
  AND v.support >= 2;
