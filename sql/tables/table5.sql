-- Table 5: how many traces a question with a stack trace carries.
--
-- An instance is a trace with at least one frame.  In `paper` a question can have a
-- trace and no instance (its frames vanish on decoding).
WITH counted AS (
    SELECT library, sum(traces) AS traces, count(*) FILTER (WHERE has_trace) AS questions
    FROM v_question
    WHERE profile = :profile
    GROUP BY library
)
SELECT :profile AS profile,
       library,
       traces AS trace_instances,
       questions AS questions_with_trace,
       1.0 * traces / questions AS traces_per_question
FROM counted
JOIN library l ON l.key = library
ORDER BY l.library_id;
