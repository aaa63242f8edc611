-- The answers in short, over all libraries, each question counted once: how many
-- questions, how many show a stack trace, how they are answered (those with a code
-- block, as in Table 4), and how many of them the recurrent patterns cover.
--
-- :support is 'sequences' or 'occurrences', :key as in Table 6.
WITH q AS MATERIALIZED (
    SELECT has_code, has_trace, first_answer_hours, answers,
           CASE :profile WHEN 'paper' THEN accepted_answer_id IS NOT NULL
                         ELSE accepted_in_dump END AS accepted
    FROM v_reading
    WHERE profile = :profile
),
recurrent AS MATERIALIZED (
    SELECT frames
    FROM v_pattern
    WHERE profile = :profile AND support_kind = :support AND key = coalesce(:key, 'stem')
      AND support >= 2
),
covered AS (
    SELECT count(DISTINCT question_key) AS questions
    FROM v_mining
    JOIN recurrent_trace USING (mining_id)
    WHERE profile = :profile AND support_kind = :support AND key = coalesce(:key, 'stem')
)
SELECT count(*) AS questions,
       (SELECT count(DISTINCT library_id) FROM question_library) AS libraries,
       count(*) FILTER (WHERE has_code) AS with_code,
       count(*) FILTER (WHERE has_trace) AS with_trace,
       median(first_answer_hours) FILTER (WHERE has_code AND has_trace) AS hours_with,
       median(first_answer_hours) FILTER (WHERE has_code AND NOT has_trace) AS hours_without,
       mann_whitney_p(first_answer_hours, has_trace) FILTER (WHERE has_code) AS hours_p,
       cliffs_delta(first_answer_hours, has_trace) FILTER (WHERE has_code) AS hours_delta,
       avg(accepted) FILTER (WHERE has_code AND has_trace AND answers > 0) AS accepted_with,
       avg(accepted) FILTER (WHERE has_code AND NOT has_trace AND answers > 0) AS accepted_without,
       ztest_p(accepted, has_trace) FILTER (WHERE has_code AND answers > 0) AS accepted_p,
       (SELECT count(*) FROM recurrent) AS patterns,
       (SELECT count(DISTINCT frames) FROM recurrent) AS distinct_patterns,
       (SELECT questions FROM covered) AS covered
FROM q;
