-- The patterns of support 2 or more, the most frequent first.
SELECT v.support,
       l.name AS library,
       coalesce(v.category, '') AS category,
       coalesce(v.type, '') AS type,
       v.frames,
       v.pattern_key
FROM v_pattern v
JOIN library l ON l.key = v.library
WHERE v.profile = :profile AND v.support_kind = :support AND v.key = coalesce(:key, 'stem')
  AND v.support >= 2
ORDER BY v.support DESC, v.length DESC, v.frames, l.library_id;
