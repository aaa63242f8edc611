-- The exception types of the questions that hold a pattern of support 2 or more (by
-- occurrences, the study's meaning), per library; the rows `Overall` count every
-- question once.
--
-- `paper` counts each error line of any code block; `full` each trace that ends in
-- an exception.  `lines` are those, `questions` the questions that have one,
-- the percentage is of the lines of the library.
WITH recurrent AS MATERIALIZED (
    SELECT DISTINCT m.library, r.question_key
    FROM v_mining m
    JOIN recurrent_trace r USING (mining_id)
    WHERE m.profile = :profile AND m.key = coalesce(:key, 'stem') AND m.support_kind = 'occurrences'
),
error AS MATERIALIZED (
    SELECT question_key, exception
    FROM error_line
    WHERE profile = :profile AND :profile = 'paper'
    UNION ALL
    SELECT question_key, exception
    FROM trace
    WHERE profile = :profile AND :profile = 'full' AND exception IS NOT NULL
),
counted AS (
    SELECT library, exception, count(*) AS lines, count(DISTINCT question_key) AS questions
    FROM recurrent
    JOIN error USING (question_key)
    GROUP BY library, exception
    UNION ALL
    SELECT 'Overall', exception, count(*), count(DISTINCT question_key)
    FROM error
    WHERE question_key IN (SELECT question_key FROM recurrent)
    GROUP BY exception
)
SELECT :profile AS profile,
       library,
       exception,
       lines,
       questions,
       100.0 * lines / sum(lines) OVER (PARTITION BY library) AS lines_pct
FROM counted
LEFT JOIN library l ON l.key = library
ORDER BY l.library_id NULLS LAST, lines DESC, exception;
