-- The questions with a trace; answered is 0 for no answer, 1 for answers none of which
-- is accepted, 2 for an accepted one (as Table 4 understands it).
SELECT q.question_key,
       s.name AS site,
       q.id,
       coalesce(q.title, '') AS title,
       CASE WHEN CASE :profile
                     WHEN 'paper' THEN q.accepted IS NOT NULL
                     ELSE EXISTS (SELECT 1 FROM answer a
                                  WHERE a.question_key = q.question_key AND a.id = q.accepted) END THEN 2
            WHEN q.answers > 0
                 OR EXISTS (SELECT 1 FROM answer a WHERE a.question_key = q.question_key) THEN 1
            ELSE 0 END AS answered,
       q.views
FROM question q
JOIN site s USING (site_id)
JOIN reading r USING (question_key)
WHERE r.profile = :profile AND r.has_trace
ORDER BY q.question_key;
