-- Table 4: how well the questions are answered that have a code block, with a stack
-- trace and without: median hours to the first and to the accepted answer, where
-- that answer exists, and the share of questions with an accepted answer.
--
-- A question without a code block is in neither group: there has_trace is NULL, which
-- the aggregates pass over.
-- The share stands over two denominators.  `accepted_of_all`: all the questions of the
-- group, cut to two decimals, which is what the study printed.  `accepted_of_answered`:
-- those with at least one answer, which is what its Z test used; there the study
-- counted one empty row into the group with a trace by mistake, and `paper` repeats
-- it.  `full` has the second share only, and an answer counts as accepted only if the
-- dump holds it; `paper` believes any AcceptedAnswerId.
-- Effects: Cliff's delta for hours, Cohen's h for shares.
WITH q AS MATERIALIZED (
    SELECT library, CASE WHEN has_code THEN has_trace END AS has_trace, answers > 0 AS answered,
           first_answer_hours, accepted_answer_hours,
           CASE :profile WHEN 'paper' THEN accepted_answer_id IS NOT NULL
                         ELSE accepted_in_dump END AS accepted
    FROM v_question
    WHERE profile = :profile
),
hours AS MATERIALIZED (
    SELECT library,
           count(*) FILTER (WHERE has_trace) AS n_with,
           count(*) FILTER (WHERE NOT has_trace) AS n_without,
           count(*) FILTER (WHERE has_trace AND accepted) AS accepted_with,
           count(*) FILTER (WHERE NOT has_trace AND accepted) AS accepted_without,
           median(first_answer_hours) FILTER (WHERE has_trace) AS first_with,
           median(first_answer_hours) FILTER (WHERE NOT has_trace) AS first_without,
           mann_whitney_p(first_answer_hours, has_trace) AS first_p,
           cliffs_delta(first_answer_hours, has_trace) AS first_delta,
           median(accepted_answer_hours) FILTER (WHERE has_trace) AS accepted_hours_with,
           median(accepted_answer_hours) FILTER (WHERE NOT has_trace) AS accepted_hours_without,
           mann_whitney_p(accepted_answer_hours, has_trace) AS accepted_hours_p,
           cliffs_delta(accepted_answer_hours, has_trace) AS accepted_hours_delta
    FROM q
    GROUP BY library
),
answered AS (
    SELECT library, has_trace, accepted FROM q WHERE answered
    UNION ALL
    SELECT DISTINCT library, 1, 0 FROM q WHERE answered AND has_trace AND :profile = 'paper'
),
shares AS MATERIALIZED (
    SELECT library,
           count(*) FILTER (WHERE has_trace) AS answered_with,
           count(*) FILTER (WHERE NOT has_trace) AS answered_without,
           avg(accepted) FILTER (WHERE has_trace) AS share_with,
           avg(accepted) FILTER (WHERE NOT has_trace) AS share_without,
           ztest_z(accepted, has_trace) AS z,
           ztest_p(accepted, has_trace) AS p,
           cohens_h(accepted, has_trace) AS h
    FROM answered
    GROUP BY library
),
test(p) AS (
    SELECT first_p FROM hours
    UNION ALL
    SELECT accepted_hours_p FROM hours
    UNION ALL
    SELECT p FROM shares
),
corrected AS MATERIALIZED (
    SELECT t.library,
           (SELECT holm(t.first_p, p) FROM test) AS first_p_holm,
           (SELECT holm(t.accepted_hours_p, p) FROM test) AS accepted_hours_p_holm,
           (SELECT holm(s.p, test.p) FROM test) AS accepted_p_holm
    FROM hours t
    LEFT JOIN shares s ON s.library = t.library
)
SELECT :profile AS profile,
       t.library,
       n_with,
       n_without,
       first_with AS first_answer_hours_with,
       first_without AS first_answer_hours_without,
       first_p AS first_answer_hours_p,
       stars(first_p) AS first_answer_hours_stars,
       first_p_holm AS first_answer_hours_p_holm,
       stars(first_p_holm) AS first_answer_hours_stars_holm,
       first_delta AS first_answer_hours_cliffs_delta,
       accepted_hours_with AS accepted_answer_hours_with,
       accepted_hours_without AS accepted_answer_hours_without,
       accepted_hours_p AS accepted_answer_hours_p,
       stars(accepted_hours_p) AS accepted_answer_hours_stars,
       accepted_hours_p_holm AS accepted_answer_hours_p_holm,
       stars(accepted_hours_p_holm) AS accepted_answer_hours_stars_holm,
       accepted_hours_delta AS accepted_answer_hours_cliffs_delta,
       CASE :profile WHEN 'paper' THEN 100 * accepted_with / n_with / 100.0 END
           AS accepted_of_all_with,
       CASE :profile WHEN 'paper' THEN 100 * accepted_without / n_without / 100.0 END
           AS accepted_of_all_without,
       answered_with,
       answered_without,
       share_with AS accepted_of_answered_with,
       share_without AS accepted_of_answered_without,
       z AS accepted_z,
       s.p AS accepted_p,
       stars(s.p) AS accepted_stars,
       accepted_p_holm,
       stars(accepted_p_holm) AS accepted_stars_holm,
       s.h AS accepted_cohens_h
FROM hours t
JOIN library l ON l.key = t.library
LEFT JOIN shares s ON s.library = t.library
JOIN corrected c ON c.library = t.library
ORDER BY l.library_id;
