-- Table 3: how popular the questions are that have a code block, with a stack trace
-- and without: medians of score, comments, views and answers.
--
-- `*_all` is the median over both groups.  The last row, Baseline, has only that: the
-- median over all the questions of the dump, whatever their library, from the value
-- counts that reading it left.  Test, effect and correction are those of Table 2.
WITH tested AS MATERIALIZED (
    SELECT library,
           count(*) FILTER (WHERE has_code AND has_trace) AS n_with,
           count(*) FILTER (WHERE has_code AND NOT has_trace) AS n_without,
           median(score) FILTER (WHERE has_code AND has_trace) AS score_with,
           median(score) FILTER (WHERE has_code AND NOT has_trace) AS score_without,
           median(score) FILTER (WHERE has_code) AS score_all,
           mann_whitney_p(score, has_trace) FILTER (WHERE has_code) AS score_p,
           cliffs_delta(score, has_trace) FILTER (WHERE has_code) AS score_delta,
           median(comments) FILTER (WHERE has_code AND has_trace) AS comments_with,
           median(comments) FILTER (WHERE has_code AND NOT has_trace) AS comments_without,
           median(comments) FILTER (WHERE has_code) AS comments_all,
           mann_whitney_p(comments, has_trace) FILTER (WHERE has_code) AS comments_p,
           cliffs_delta(comments, has_trace) FILTER (WHERE has_code) AS comments_delta,
           median(views) FILTER (WHERE has_code AND has_trace) AS views_with,
           median(views) FILTER (WHERE has_code AND NOT has_trace) AS views_without,
           median(views) FILTER (WHERE has_code) AS views_all,
           mann_whitney_p(views, has_trace) FILTER (WHERE has_code) AS views_p,
           cliffs_delta(views, has_trace) FILTER (WHERE has_code) AS views_delta,
           median(answers) FILTER (WHERE has_code AND has_trace) AS answers_with,
           median(answers) FILTER (WHERE has_code AND NOT has_trace) AS answers_without,
           median(answers) FILTER (WHERE has_code) AS answers_all,
           mann_whitney_p(answers, has_trace) FILTER (WHERE has_code) AS answers_p,
           cliffs_delta(answers, has_trace) FILTER (WHERE has_code) AS answers_delta
    FROM v_question
    WHERE profile = :profile
    GROUP BY library
),
test(p) AS (
    SELECT score_p FROM tested
    UNION ALL
    SELECT comments_p FROM tested
    UNION ALL
    SELECT views_p FROM tested
    UNION ALL
    SELECT answers_p FROM tested
),
corrected AS MATERIALIZED (
    SELECT library,
           (SELECT holm(score_p, p) FROM test) AS score_p_holm,
           (SELECT holm(comments_p, p) FROM test) AS comments_p_holm,
           (SELECT holm(views_p, p) FROM test) AS views_p_holm,
           (SELECT holm(answers_p, p) FROM test) AS answers_p_holm
    FROM tested
),
-- The value counts, each with the ranks (from 1) that its equals take up.
counted AS (
    SELECT measure, value, sum(n) AS n FROM histogram GROUP BY measure, value
),
placed AS (
    SELECT measure, value,
           sum(n) OVER (PARTITION BY measure ORDER BY value) AS last,
           sum(n) OVER (PARTITION BY measure ORDER BY value) - n + 1 AS first,
           sum(n) OVER (PARTITION BY measure) AS total
    FROM counted
),
baseline AS MATERIALIZED (
    SELECT measure, avg(value) AS median
    FROM placed
    WHERE (total + 1) / 2 BETWEEN first AND last OR (total + 2) / 2 BETWEEN first AND last
    GROUP BY measure
)
SELECT :profile AS profile,
       t.library,
       n_with,
       n_without,
       score_with, score_without, score_all,
       score_p, stars(score_p) AS score_stars,
       score_p_holm, stars(score_p_holm) AS score_stars_holm,
       score_delta AS score_cliffs_delta,
       comments_with, comments_without, comments_all,
       comments_p, stars(comments_p) AS comments_stars,
       comments_p_holm, stars(comments_p_holm) AS comments_stars_holm,
       comments_delta AS comments_cliffs_delta,
       views_with, views_without, views_all,
       views_p, stars(views_p) AS views_stars,
       views_p_holm, stars(views_p_holm) AS views_stars_holm,
       views_delta AS views_cliffs_delta,
       answers_with, answers_without, answers_all,
       answers_p, stars(answers_p) AS answers_stars,
       answers_p_holm, stars(answers_p_holm) AS answers_stars_holm,
       answers_delta AS answers_cliffs_delta
FROM (
    SELECT library_id, tested.* FROM tested JOIN library ON key = library
    UNION ALL
    SELECT NULL, 'Baseline', NULL, NULL,
           NULL, NULL, (SELECT median FROM baseline WHERE measure = 'score'), NULL, NULL,
           NULL, NULL, (SELECT median FROM baseline WHERE measure = 'comments'), NULL, NULL,
           NULL, NULL, (SELECT median FROM baseline WHERE measure = 'views'), NULL, NULL,
           NULL, NULL, (SELECT median FROM baseline WHERE measure = 'answers'), NULL, NULL
) t
LEFT JOIN corrected c ON c.library = t.library
ORDER BY t.library_id NULLS LAST;
