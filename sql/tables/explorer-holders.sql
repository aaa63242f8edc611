-- Which questions hold which of the patterns of explorer-patterns.sql.
SELECT v.pattern_key, h.question_key
FROM v_pattern v
JOIN pattern_holder h USING (pattern_key)
WHERE v.profile = :profile AND v.support_kind = :support AND v.key = coalesce(:key, 'stem')
  AND v.support >= 2;
