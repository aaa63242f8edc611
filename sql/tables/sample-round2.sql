-- The patterns that Round 2 samples from: those of support 2 or more, library by
-- library, in an order that depends on nothing but the patterns.
SELECT pattern_id, library, support, length, frames, pattern_id AS pattern_ids
FROM v_pattern
WHERE profile = :profile AND support_kind = :support AND key = coalesce(:key, 'stem')
  AND support >= 2 AND library <> 'all'
ORDER BY library, support DESC, length DESC, frames;
