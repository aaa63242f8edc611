-- Table 1: the questions of each library; how many have a code block, how many a
-- stack trace, and on which system those traces arose.
--
-- Percentages are of the questions, those of the systems of the questions with a
-- trace.  `paper` cuts them to two decimals, as the study printed them.
WITH counted AS (
    SELECT library,
           count(*) AS questions,
           count(*) FILTER (WHERE has_code) AS with_code,
           count(*) FILTER (WHERE has_trace) AS with_trace,
           count(*) FILTER (WHERE has_trace AND os = 'unix') AS unix,
           count(*) FILTER (WHERE has_trace AND os = 'windows') AS windows
    FROM v_question
    WHERE profile = :profile
    GROUP BY library
),
share(library, with_code, with_trace, unix, windows) AS (
    SELECT library,
           100.0 * with_code / questions,
           100.0 * with_trace / questions,
           100.0 * unix / with_trace,
           100.0 * windows / with_trace
    FROM counted
    WHERE :profile = 'full'
    UNION ALL
    SELECT library,
           10000 * with_code / questions / 100.0,
           10000 * with_trace / questions / 100.0,
           10000 * unix / with_trace / 100.0,
           10000 * windows / with_trace / 100.0
    FROM counted
    WHERE :profile = 'paper'
)
SELECT :profile AS profile,
       c.library,
       c.questions,
       c.with_code,
       s.with_code AS with_code_pct,
       c.with_trace,
       s.with_trace AS with_trace_pct,
       s.unix AS unix_pct,
       s.windows AS windows_pct
FROM counted c
JOIN share s ON s.library = c.library
JOIN library l ON l.key = c.library
ORDER BY l.library_id;
