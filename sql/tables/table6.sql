-- Table 6: how much of the stack traces recurs.
--
-- A question is covered when one of its traces holds a pattern of its library with
-- support 2 or more.  Both meanings of support are given; they differ where a pattern
-- repeats within one trace only.  closed_ratio, by occurrences: the closed patterns
-- with support >= 2 of those with support >= 1.  `full` adds the share of the trace
-- instances that hold such a pattern.  Overall is the mean of the rows,
-- that of the group `all` left out.  `paper` cuts percentages to two decimals.  :key says which frames are equal; NULL is 'stem'.
WITH mined AS MATERIALIZED (
    SELECT library,
           max(min_support) FILTER (WHERE support_kind = 'sequences') AS sequences,
           max(min_support) FILTER (WHERE support_kind = 'occurrences') AS occurrences
    FROM v_mining
    WHERE profile = :profile AND key = coalesce(:key, 'stem')
    GROUP BY library
),
covered AS MATERIALIZED (
    SELECT library,
           count(DISTINCT question_key) FILTER (WHERE support_kind = 'sequences') AS sequences,
           count(DISTINCT question_key) FILTER (WHERE support_kind = 'occurrences') AS occurrences,
           count(*) FILTER (WHERE support_kind = 'sequences') AS traces_sequences,
           count(*) FILTER (WHERE support_kind = 'occurrences') AS traces_occurrences
    FROM v_mining
    JOIN recurrent_trace USING (mining_id)
    WHERE profile = :profile AND key = coalesce(:key, 'stem')
    GROUP BY library
),
ratio AS MATERIALIZED (
    SELECT p.library, count(*) FILTER (WHERE support >= 2) AS recurrent, count(*) AS patterns
    FROM v_pattern p
    JOIN mined m ON m.library = p.library AND m.occurrences = 1
    WHERE p.profile = :profile AND p.key = coalesce(:key, 'stem') AND p.support_kind = 'occurrences'
    GROUP BY p.library
),
question AS MATERIALIZED (
    SELECT library, count(*) FILTER (WHERE has_trace) AS questions, sum(traces) AS traces
    FROM v_question
    WHERE profile = :profile
    GROUP BY library
),
-- NULL where the library was not mined, 0 where it was and nothing recurs.
counted AS MATERIALIZED (
    SELECT library_id, q.library, q.questions, q.traces, r.recurrent, r.patterns,
           CASE WHEN m.sequences THEN coalesce(c.sequences, 0) END AS sequences,
           CASE WHEN m.occurrences THEN coalesce(c.occurrences, 0) END AS occurrences,
           CASE WHEN m.sequences THEN coalesce(c.traces_sequences, 0) END AS traces_sequences,
           CASE WHEN m.occurrences THEN coalesce(c.traces_occurrences, 0) END AS traces_occurrences
    FROM question q
    JOIN library l ON l.key = q.library
    LEFT JOIN mined m ON m.library = q.library
    LEFT JOIN covered c ON c.library = q.library
    LEFT JOIN ratio r ON r.library = q.library
),
percent(library, sequences, occurrences, closed_ratio, traces_sequences, traces_occurrences) AS (
    SELECT library,
           100.0 * sequences / questions,
           100.0 * occurrences / questions,
           100.0 * recurrent / patterns,
           100.0 * traces_sequences / traces,
           100.0 * traces_occurrences / traces
    FROM counted
    WHERE :profile = 'full'
    UNION ALL
    SELECT library,
           10000 * sequences / questions / 100.0,
           10000 * occurrences / questions / 100.0,
           10000 * recurrent / patterns / 100.0,
           NULL, NULL
    FROM counted
    WHERE :profile = 'paper'
),
-- Cutting a mean: rounded first, as a mean of 77.58 may be stored as 77.5799...
overall(sequences, occurrences, closed_ratio, traces_sequences, traces_occurrences) AS (
    SELECT avg(sequences), avg(occurrences), avg(closed_ratio), avg(traces_sequences),
           avg(traces_occurrences)
    FROM percent
    WHERE library <> 'all' AND :profile = 'full'
    HAVING count(*) > 0
    UNION ALL
    SELECT CAST(round(100 * avg(sequences), 6) AS INTEGER) / 100.0,
           CAST(round(100 * avg(occurrences), 6) AS INTEGER) / 100.0,
           CAST(round(100 * avg(closed_ratio), 6) AS INTEGER) / 100.0,
           NULL, NULL
    FROM percent
    WHERE library <> 'all' AND :profile = 'paper'
    HAVING count(*) > 0
)
SELECT :profile AS profile,
       c.library,
       c.questions AS questions_with_trace,
       c.sequences AS covered_sequences,
       p.sequences AS covered_sequences_pct,
       c.occurrences AS covered_occurrences,
       p.occurrences AS covered_occurrences_pct,
       c.recurrent AS closed_patterns_support_2,
       c.patterns AS closed_patterns_support_1,
       p.closed_ratio AS closed_ratio_pct,
       c.traces AS trace_instances,
       p.traces_sequences AS covered_traces_sequences_pct,
       p.traces_occurrences AS covered_traces_occurrences_pct
FROM (
    SELECT library_id, library, questions, traces, recurrent, patterns, sequences, occurrences
    FROM counted
    UNION ALL
    SELECT NULL, 'Overall', NULL, NULL, NULL, NULL, NULL, NULL FROM overall
) c
JOIN (
    SELECT * FROM percent
    UNION ALL
    SELECT 'Overall', * FROM overall
) p ON p.library = c.library
ORDER BY c.library_id NULLS LAST;
