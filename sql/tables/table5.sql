-- Table 5: how many traces a question with a stack trace carries.
--
-- An instance is a trace with at least one frame.  In `paper` a question can have a
-- trace and no instance (its frames vanish on decoding).
WITH instance AS MATERIALIZED (
    SELECT site, question_id, count(*) AS n
    FROM v_trace
    WHERE profile = :profile AND frames > 0
    GROUP BY site, question_id
),
counted AS (
    SELECT q.library, sum(coalesce(i.n, 0)) AS traces, count(*) FILTER (WHERE has_trace) AS questions
    FROM v_question q
    LEFT JOIN instance i ON i.site = q.site AND i.question_id = q.question_id
    WHERE q.profile = :profile
    GROUP BY q.library
)
SELECT :profile AS profile,
       library,
       traces AS trace_instances,
       questions AS questions_with_trace,
       1.0 * traces / questions AS traces_per_question
FROM counted
JOIN library l ON l.key = library
ORDER BY l.library_id;
