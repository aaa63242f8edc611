-- The message templates of the questions that hold a pattern of support 2 or more (by
-- occurrences), per library; the rows `Overall` count every question once.
--
-- A template is the message with placeholders for numbers, shapes, strings, addresses
-- and paths.  `full` takes those of the traces, `paper` those of the error lines, whose
-- whole message stands where a store of version 1 has no template.  Columns as in the
-- table of exception types.
WITH recurrent AS MATERIALIZED (
    SELECT DISTINCT m.library, r.question_key
    FROM v_mining m
    JOIN recurrent_trace r USING (mining_id)
    WHERE m.profile = :profile AND m.key = coalesce(:key, 'stem') AND m.support_kind = 'occurrences'
),
error AS MATERIALIZED (
    SELECT question_key, exception, coalesce(template, message) AS template
    FROM error_line
    WHERE profile = :profile AND :profile = 'paper'
    UNION ALL
    SELECT question_key, exception, template
    FROM trace NOT INDEXED -- in the order in which they lie
    WHERE profile = :profile AND :profile = 'full' AND exception IS NOT NULL AND template IS NOT NULL
),
counted AS (
    SELECT library, exception, template, count(*) AS lines,
           count(DISTINCT question_key) AS questions
    FROM recurrent
    JOIN error USING (question_key)
    GROUP BY library, exception, template
    UNION ALL
    SELECT 'Overall', exception, template, count(*), count(DISTINCT question_key)
    FROM error
    WHERE question_key IN (SELECT question_key FROM recurrent)
    GROUP BY exception, template
)
SELECT :profile AS profile,
       library,
       exception,
       template,
       lines,
       questions,
       100.0 * lines / sum(lines) OVER (PARTITION BY library) AS lines_pct
FROM counted
LEFT JOIN library l ON l.key = library
ORDER BY l.library_id NULLS LAST, lines DESC, exception, template;
