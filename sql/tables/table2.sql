-- Table 2: how long the questions are, with a stack trace and without.
--
-- Words: the second group is every question without a trace.  Code lines: the view
-- has them only for questions with a code block, and for a question with a trace only
-- the lines of the blocks that hold it.  The test is Mann-Whitney's U, the
-- effect Cliff's delta (positive: longer with a trace); Holm's correction is over all
-- tests of this table.
WITH tested AS MATERIALIZED (
    SELECT library,
           count(*) FILTER (WHERE has_trace) AS n_with,
           count(*) FILTER (WHERE NOT has_trace) AS n_without,
           median(words) FILTER (WHERE has_trace) AS words_with,
           median(words) FILTER (WHERE NOT has_trace) AS words_without,
           mann_whitney_p(words, has_trace) AS words_p,
           cliffs_delta(words, has_trace) AS words_delta,
           median(code_lines) FILTER (WHERE has_trace) AS code_lines_with,
           median(code_lines) FILTER (WHERE NOT has_trace) AS code_lines_without,
           mann_whitney_p(code_lines, has_trace) AS code_lines_p,
           cliffs_delta(code_lines, has_trace) AS code_lines_delta
    FROM v_question
    WHERE profile = :profile
    GROUP BY library
),
test(p) AS (
    SELECT words_p FROM tested
    UNION ALL
    SELECT code_lines_p FROM tested
),
corrected AS MATERIALIZED (
    SELECT library,
           (SELECT holm(words_p, p) FROM test) AS words_p_holm,
           (SELECT holm(code_lines_p, p) FROM test) AS code_lines_p_holm
    FROM tested
)
SELECT :profile AS profile,
       t.library,
       n_with,
       n_without,
       words_with,
       words_without,
       words_p,
       stars(words_p) AS words_stars,
       words_p_holm,
       stars(words_p_holm) AS words_stars_holm,
       words_delta AS words_cliffs_delta,
       code_lines_with,
       code_lines_without,
       code_lines_p,
       stars(code_lines_p) AS code_lines_stars,
       code_lines_p_holm,
       stars(code_lines_p_holm) AS code_lines_stars_holm,
       code_lines_delta AS code_lines_cliffs_delta
FROM tested t
JOIN library l ON l.key = t.library
JOIN corrected c ON c.library = t.library
ORDER BY l.library_id;
